// A URL taken apart.
#ifndef OTA_HTTP_URL_H
#define OTA_HTTP_URL_H

#include <stdbool.h>
#include <stdint.h>

#define HTTP_HOST_MAX 253u  // of a name in DNS
#define HTTP_PATH_MAX 1535u // bytes of path and query, by this firmware
#define HTTP_URL_MAX  (HTTP_HOST_MAX + HTTP_PATH_MAX + 16u)
#define HTTP_USER_MAX 127u

struct http_url {
    bool tls;      // https
    uint32_t port; // 80 and 443 when the URL says none
    char host[HTTP_HOST_MAX + 1];
    char path[HTTP_PATH_MAX + 1]; // with the query: "/a?b"
};

// Parses "https://host:8443/path?query", or what stands in a Location without scheme and host, which are then those
// of `base` (NULL: such a one is wrong). False: it is wrong or too long, and `out` is untouched. `user`: room for
// HTTP_USER_MAX + 1 bytes of what stands before an @, "" for none; NULL: it is not wanted.
bool http_url_parse(const char *text, const struct http_url *base, struct http_url *out, char *user);

bool http_url_same_origin(const struct http_url *a, const struct http_url *b);

#endif
