#include "server_request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool copy(char *out, size_t room, const char *from, size_t length) {
    if (length >= room)
        return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

static bool read_number(const char **at, uint64_t *out) {
    uint64_t number = 0;
    const char *start = *at;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        if (number > UINT64_MAX / 10 - 1)
            return false;
        number = number * 10 + (uint64_t)(**at - '0');
    }
    *out = number;
    return *at != start;
}

// "bytes=0-99", "bytes=100-", "bytes=-5". Others, and lists of ranges, count as none: RFC 9110 allows that.
static void read_range(struct server_request *request) {
    const char *at = request->range;
    if (strncasecmp(at, "bytes=", 6) != 0)
        return;
    at += 6;
    if (*at == '-') {
        at++;
        request->suffix = true;
        request->ranged = read_number(&at, &request->first) && *at == '\0';
        return;
    }
    if (!read_number(&at, &request->first) || *at++ != '-')
        return;
    request->open_end = *at == '\0';
    bool closed = !request->open_end && read_number(&at, &request->last) && *at == '\0' &&
                  request->last >= request->first;
    request->ranged = request->open_end || closed;
}

static bool read_request_line(const char *line, size_t length, struct server_request *request) {
    const char *space = memchr(line, ' ', length);
    if (space == NULL || space == line)
        return false;
    const char *target = space + 1, *end = line + length;
    const char *version = memchr(target, ' ', (size_t)(end - target));
    if (version == NULL || version == target || end - version != 9 || memcmp(version, " HTTP/1.", 8) != 0)
        return false;
    request->closes = version[8] == '0';
    return copy(request->method, sizeof request->method, line, (size_t)(space - line)) &&
           copy(request->target, sizeof request->target, target, (size_t)(version - target));
}

static bool read_header(const char *line, size_t length, struct server_request *request) {
    const char *colon = memchr(line, ':', length);
    if (colon == NULL || colon == line)
        return false;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    size_t size = (size_t)(end - value);
    char number[24];
    const struct {
        const char *name;
        char *out;
        size_t room;
    } kept[] = {{"Host", request->host, sizeof request->host},
                {"Range", request->range, sizeof request->range},
                {"Authorization", request->authorization, sizeof request->authorization},
                {"If-None-Match", request->if_none_match, sizeof request->if_none_match}};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (strlen(kept[i].name) == name && strncasecmp(kept[i].name, line, name) == 0)
            return copy(kept[i].out, kept[i].room, value, size);
    if (name == 14 && strncasecmp(line, "Content-Length", name) == 0) {
        const char *at = number;
        return copy(number, sizeof number, value, size) && read_number(&at, &request->body) && *at == '\0';
    }
    if (name == 10 && strncasecmp(line, "Connection", name) == 0)
        request->closes = size == 5 && strncasecmp(value, "close", size) == 0;
    return true;
}

enum server_request_end server_request_read(const char *bytes, size_t length, struct server_request *out,
                                            size_t *taken) {
    size_t at = 0;
    bool first = true;
    memset(out, 0, sizeof *out);
    while (at < length) {
        const char *line = bytes + at, *end = memchr(line, '\n', length - at);
        if (end == NULL)
            break;
        size_t size = (size_t)(end - line);
        at += size + 1;
        while (size > 0 && line[size - 1] == '\r')
            size--;
        if (memchr(line, '\0', size) != NULL)
            return REQUEST_BROKEN;
        if (size == 0 && !first) {
            read_range(out);
            *taken = at;
            return REQUEST_WHOLE;
        }
        if (size != 0 && !(first ? read_request_line(line, size, out) : read_header(line, size, out)))
            return REQUEST_BROKEN;
        first = first && size == 0;
    }
    return length >= SERVER_REQUEST_MAX ? REQUEST_BROKEN : REQUEST_UNFINISHED;
}
