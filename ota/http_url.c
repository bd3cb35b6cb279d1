#include "http_url.h"

#include <string.h>
#include <strings.h>

static bool copy(char *out, const char *from, size_t length, size_t room) {
    if (length > room)
        return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

static bool read_port(const char *text, size_t length, uint32_t *out) {
    uint32_t port = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || i > 4)
            return false;
        port = port * 10 + (uint32_t)(text[i] - '0');
    }
    *out = port;
    return port != 0 && port <= 65535;
}

// "user:password@host:port", or "[::1]:port".
static bool read_authority(const char *text, size_t length, struct http_url *out, char *user) {
    const char *end = text + length, *host = text;
    for (const char *at = text; at < end; at++)
        if (*at == '@')
            host = at + 1;
    size_t user_length = host > text ? (size_t)(host - text) - 1 : 0;
    if (user != NULL && !copy(user, text, user_length, HTTP_USER_MAX))
        return false;
    bool literal = host < end && *host == '[';
    const char *host_end =
        literal ? memchr(host, ']', (size_t)(end - host)) : memchr(host, ':', (size_t)(end - host));
    if (literal && host_end == NULL)
        return false;
    if (host_end == NULL)
        host_end = end;
    const char *rest = literal ? host_end + 1 : host_end;
    host += literal;
    if (host_end == host || !copy(out->host, host, (size_t)(host_end - host), HTTP_HOST_MAX))
        return false;
    if (rest < end && (*rest != ':' || !read_port(rest + 1, (size_t)(end - rest) - 1, &out->port)))
        return false;
    return true;
}

static bool read_path(const char *text, struct http_url *out) {
    size_t length = strcspn(text, "#"), lead = *text != '/';
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7F)
            return false;
    out->path[0] = '/';
    return length + lead <= HTTP_PATH_MAX && copy(out->path + lead, text, length, HTTP_PATH_MAX - lead);
}

bool http_url_parse(const char *text, const struct http_url *base, struct http_url *out, char *user) {
    struct http_url url = {.port = 80};
    if (user != NULL)
        user[0] = '\0';
    if (strncasecmp(text, "https://", 8) == 0) {
        url.tls = true;
        url.port = 443;
        text += 8;
    } else if (strncasecmp(text, "http://", 7) == 0) {
        text += 7;
    } else {
        if (base == NULL || *text != '/')
            return false;
        url = *base;
        if (!read_path(text, &url))
            return false;
        *out = url;
        return true;
    }
    size_t authority = strcspn(text, "/?#");
    if (!read_authority(text, authority, &url, user) || !read_path(text + authority, &url))
        return false;
    *out = url;
    return true;
}

bool http_url_same_origin(const struct http_url *a, const struct http_url *b) {
    return a->tls == b->tls && a->port == b->port && strcasecmp(a->host, b->host) == 0;
}
