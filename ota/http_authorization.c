// Authorization by Basic (RFC 7617) and Digest (RFC 2617, RFC 7616 with MD5).
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http_client.h"
#include "md5.h"

// ---- Basic --------------------------------------------------------------------------------------

static bool encode_base64(const char *in, char *out, size_t room) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = strlen(in);
    if (room < (length + 2) / 3 * 4 + 1)
        return false;
    for (size_t i = 0; i < length; i += 3) {
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (i + j < length ? (uint8_t)in[i + j] : 0u);
        for (size_t j = 0; j < 4; j++)
            *out++ = i + j <= length ? letters[bits >> (18 - 6 * j) & 63] : '=';
    }
    *out = '\0';
    return true;
}

static bool add_basic(const struct esp_http_client *client, char *out, size_t room) {
    char both[2 * HTTP_USER_MAX + 2], coded[(sizeof both + 2) / 3 * 4 + 1];
    (void)snprintf(both, sizeof both, "%s:%s", client->user, client->password);
    if (!encode_base64(both, coded, sizeof coded))
        return false;
    return (size_t)snprintf(out, room, "Authorization: Basic %s\r\n", coded) < room;
}

// ---- Digest -------------------------------------------------------------------------------------

#define HEX_SIZE (2 * MD5_SIZE + 1)
#define FIELD    192u

// name="value" or name=value, out of a challenge; "": it is not there.
static void field_of(const char *challenge, const char *name, char out[FIELD]) {
    size_t length = strlen(name), kept = 0;
    out[0] = '\0';
    for (const char *at = challenge; (at = strcasestr(at, name)) != NULL; at += length) {
        bool begins = at > challenge && (at[-1] == ' ' || at[-1] == ',');
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

// MD5 in hexadecimal.
__attribute__((format(printf, 2, 3))) static void digest(char out[HEX_SIZE], const char *format, ...) {
    char text[HTTP_PATH_MAX + 4 * FIELD];
    uint8_t sum[MD5_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    md5((const uint8_t *)text, length < 0 ? 0 : (uint32_t)strlen(text), sum);
    for (uint32_t i = 0; i < MD5_SIZE; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

static bool add_digest(struct esp_http_client *client, const char *method, char *out, size_t room) {
    char realm[FIELD], nonce[FIELD], qop[FIELD], opaque[FIELD];
    char who[HEX_SIZE], what[HEX_SIZE], response[HEX_SIZE], own[HEX_SIZE];
    const char *path = client->url.path;
    field_of(client->challenge, "realm", realm);
    field_of(client->challenge, "nonce", nonce);
    field_of(client->challenge, "qop", qop);
    field_of(client->challenge, "opaque", opaque);
    unsigned count = (unsigned)++client->nonce_count;
    digest(own, "%s:%u", nonce, count); // a device takes a random number; a simulation must not
    digest(who, "%s:%s:%s", client->user, realm, client->password);
    digest(what, "%s:%s", method, path);
    if (qop[0] == '\0')
        digest(response, "%s:%s:%s", who, nonce, what);
    else
        digest(response, "%s:%s:%08x:%.16s:auth:%s", who, nonce, count, own, what);
    int length = snprintf(out, room,
                          "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", "
                          "algorithm=MD5, response=\"%s\"",
                          client->user, realm, nonce, path, response);
    if (length > 0 && (size_t)length < room && qop[0] != '\0')
        length += snprintf(out + length, room - (size_t)length, ", qop=auth, nc=%08x, cnonce=\"%.16s\"",
                           count, own);
    if (length > 0 && (size_t)length < room && opaque[0] != '\0')
        length += snprintf(out + length, room - (size_t)length, ", opaque=\"%s\"", opaque);
    if (length > 0 && (size_t)length < room)
        length += snprintf(out + length, room - (size_t)length, "\r\n");
    return length > 0 && (size_t)length < room;
}

bool http_client_authorize(struct esp_http_client *client, const char *method, char *out, size_t room) {
    if (room == 0)
        return false;
    out[0] = '\0';
    if (!client->has_user)
        return true;
    switch (client->auth) {
    case HTTP_AUTH_TYPE_BASIC:
        return add_basic(client, out, room);
    case HTTP_AUTH_TYPE_DIGEST:
        return client->challenge[0] == '\0' || add_digest(client, method, out, room);
    case HTTP_AUTH_TYPE_NONE:
        break;
    }
    return true;
}
