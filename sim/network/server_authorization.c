#include "server_authorization.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define REALM    "ota-sim"
#define NONCE    "5f1c3a9e7b2d4860" // fixed: answers are the same each time
#define HEX_SIZE 33u
#define FIELD    2100u // of a path

// ---- Basic --------------------------------------------------------------------------------------

static bool basic(const struct server_answer *answer, const char *value) {
    struct buffer both = {0};
    unsigned char coded[800];
    buffer_printf(&both, "%s:%s", answer->user, answer->password);
    bool fits = both.length < 500;
    if (fits)
        (void)EVP_EncodeBlock(coded, both.bytes, (int)both.length);
    buffer_free(&both);
    return fits && strcmp((const char *)coded, value) == 0;
}

// ---- Digest -------------------------------------------------------------------------------------

__attribute__((format(printf, 2, 3))) static void digest(char out[HEX_SIZE], const char *format, ...) {
    char text[4 * FIELD];
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)EVP_Digest(text, strlen(text), sum, &length, EVP_md5(), NULL);
    for (unsigned i = 0; i < length && i < 16; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

// name="value" or name=value; "": it is not there.
static void field_of(const char *text, const char *name, char out[FIELD]) {
    size_t length = strlen(name), kept = 0;
    out[0] = '\0';
    for (const char *at = text; (at = strcasestr(at, name)) != NULL; at += length) {
        bool begins = at == text || at[-1] == ' ' || at[-1] == ',';
        if (!begins || at[length] != '=')
            continue;
        at += length + 1;
        bool quoted = *at == '"';
        for (at += quoted; *at != '\0' && *at != (quoted ? '"' : ',') && kept + 1 < FIELD; at++)
            out[kept++] = *at;
        out[kept] = '\0';
        return;
    }
}

static bool digested(const struct server_answer *answer, const struct server_request *request,
                     const char *value) {
    char response[FIELD], nonce[FIELD], uri[FIELD], count[FIELD], own[FIELD], user[FIELD];
    char who[HEX_SIZE] = "", what[HEX_SIZE] = "", right[HEX_SIZE] = "";
    field_of(value, "response", response);
    field_of(value, "nonce", nonce);
    field_of(value, "uri", uri);
    field_of(value, "nc", count);
    field_of(value, "cnonce", own);
    field_of(value, "username", user);
    digest(who, "%s:%s:%s", answer->user, REALM, answer->password);
    digest(what, "%s:%s", request->method, request->target);
    digest(right, "%s:%s:%s:%s:auth:%s", who, NONCE, count, own, what);
    return strcmp(user, answer->user) == 0 && strcmp(nonce, NONCE) == 0 &&
           strcmp(uri, request->target) == 0 && strcmp(response, right) == 0;
}

// ---- both ---------------------------------------------------------------------------------------

bool server_authorized(const struct server_answer *answer, const struct server_request *request) {
    const char *value = request->authorization;
    switch (answer->auth) {
    case AUTH_BASIC:
        return strncasecmp(value, "Basic ", 6) == 0 && basic(answer, value + 6);
    case AUTH_DIGEST:
        return strncasecmp(value, "Digest ", 7) == 0 && digested(answer, request, value + 7);
    case AUTH_NONE:
        break;
    }
    return true;
}

void server_challenge(const struct server_answer *answer, struct buffer *head) {
    if (answer->auth == AUTH_BASIC)
        buffer_text(head, "WWW-Authenticate: Basic realm=\"" REALM "\"\r\n");
    else
        buffer_text(head, "WWW-Authenticate: Digest realm=\"" REALM "\", nonce=\"" NONCE
                          "\", qop=\"auth\", algorithm=MD5\r\n");
}
