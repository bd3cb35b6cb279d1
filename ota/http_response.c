#include "http_response.h"

#include <string.h>
#include <strings.h>

void http_response_start(struct http_response *response, bool no_body) {
    memset(response, 0, offsetof(struct http_response, line));
    response->no_body = no_body;
    response->content_length = -1;
}

bool http_response_has_head(const struct http_response *response) {
    return response->state > HTTP_HEADERS && response->state != HTTP_BROKEN;
}

static bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

static int hex_digit(char letter) {
    if (is_digit(letter))
        return letter - '0';
    char lower = (char)(letter | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// ---- lines --------------------------------------------------------------------------------------

// Adds a byte. True: the line is whole, its end not in it.
static bool line_takes(struct http_response *response, char byte) {
    if (byte == '\n') {
        while (response->line_length > 0 && response->line[response->line_length - 1] == '\r')
            response->line_length--;
        response->line[response->line_length] = '\0';
        return true;
    }
    if (response->line_length == HTTP_LINE_MAX || byte == '\0') {
        response->too_long = byte != '\0';
        response->state = HTTP_BROKEN;
        return false;
    }
    response->line[response->line_length++] = byte;
    return false;
}

// "HTTP/1.1 206 Partial Content". Empty lines before it are skipped.
static void read_status_line(struct http_response *response) {
    const char *line = response->line;
    if (response->line_length == 0)
        return;
    bool good = response->line_length >= 12 && memcmp(line, "HTTP/1.", 7) == 0 && is_digit(line[7]) &&
                line[8] == ' ' && is_digit(line[9]) && is_digit(line[10]) && is_digit(line[11]) &&
                (line[12] == '\0' || line[12] == ' ');
    response->state = good ? HTTP_HEADERS : HTTP_BROKEN;
    response->status = good ? (uint16_t)((line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0') : 0;
    response->keeps_alive = good && line[7] != '0';
}

// ---- the head -----------------------------------------------------------------------------------

static bool read_length(const char *text, int64_t *out) {
    int64_t length = 0;
    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++) {
        if (length > INT64_MAX / 10 - 1)
            return false;
        length = length * 10 + (*text - '0');
    }
    *out = length;
    return *text == '\0';
}

static bool has_word(const char *value, const char *word) {
    size_t length = strlen(word);
    for (; *value != '\0'; value++)
        if (strncasecmp(value, word, length) == 0)
            return true;
    return false;
}

// What decides where the body ends.
static void mind_header(struct http_response *response, const char *name, const char *value) {
    int64_t length;
    if (strcasecmp(name, "Content-Length") == 0) {
        if (!read_length(value, &length) ||
            (response->content_length >= 0 && response->content_length != length))
            response->state = HTTP_BROKEN;
        else
            response->content_length = length;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        response->chunked = response->chunked || has_word(value, "chunked");
    } else if (strcasecmp(name, "Connection") == 0) {
        if (has_word(value, "close"))
            response->keeps_alive = false;
        else if (has_word(value, "keep-alive"))
            response->keeps_alive = true;
    }
}

static void head_is_whole(struct http_response *response) {
    bool none = response->no_body || response->status / 100 == 1 || response->status == 204 ||
                response->status == 304;
    if (response->chunked)
        response->content_length = -1;
    if (none || (!response->chunked && response->content_length == 0)) {
        response->state = HTTP_COMPLETE;
    } else if (response->chunked) {
        response->state = HTTP_CHUNK_SIZE;
    } else if (response->content_length > 0) {
        response->state = HTTP_BODY_BY_LENGTH;
        response->left = (uint64_t)response->content_length;
    } else {
        response->state = HTTP_BODY_TO_END;
        response->keeps_alive = false;
    }
}

static void read_header(struct http_response *response, http_header_seen *seen, void *context) {
    if (response->line_length == 0) {
        head_is_whole(response);
        return;
    }
    char *colon = strchr(response->line, ':');
    if (colon == NULL || colon == response->line) {
        response->state = HTTP_BROKEN;
        return;
    }
    char *value = colon + 1, *end = response->line + response->line_length;
    *colon = '\0';
    while (*value == ' ' || *value == '\t')
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    mind_header(response, response->line, value);
    if (seen != NULL)
        seen(context, response->line, value);
}

size_t http_response_take_head(struct http_response *response, const char *bytes, size_t length,
                               http_header_seen *seen, void *context) {
    size_t taken = 0;
    while (taken < length && response->state <= HTTP_HEADERS) {
        if (!line_takes(response, bytes[taken++]))
            continue;
        if (response->state == HTTP_STATUS_LINE)
            read_status_line(response);
        else
            read_header(response, seen, context);
        response->line_length = 0;
    }
    return taken;
}

// ---- the body -----------------------------------------------------------------------------------

// "1f;name=value".
static void read_chunk_size(struct http_response *response) {
    const char *at = response->line;
    uint64_t size = 0;
    if (hex_digit(*at) < 0) {
        response->state = HTTP_BROKEN;
        return;
    }
    for (; hex_digit(*at) >= 0; at++) {
        if (size >> 59 != 0) {
            response->state = HTTP_BROKEN;
            return;
        }
        size = size << 4 | (uint64_t)hex_digit(*at);
    }
    if (*at != '\0' && *at != ';' && *at != ' ') {
        response->state = HTTP_BROKEN;
        return;
    }
    response->left = size;
    response->state = size == 0 ? HTTP_TRAILER : HTTP_CHUNK_DATA;
}

static void read_coding_line(struct http_response *response) {
    if (response->state == HTTP_CHUNK_SIZE)
        read_chunk_size(response);
    else if (response->state == HTTP_CHUNK_END)
        response->state = response->line_length == 0 ? HTTP_CHUNK_SIZE : HTTP_BROKEN;
    else if (response->line_length == 0)
        response->state = HTTP_COMPLETE;
    response->line_length = 0;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// Bytes of the body as they are.
static size_t hand_over(struct http_response *response, const char *bytes, size_t length, char *out) {
    bool counted = response->state != HTTP_BODY_TO_END;
    if (counted && response->left < length)
        length = (size_t)response->left;
    memcpy(out, bytes, length);
    if (counted)
        response->left -= length;
    if (counted && response->left == 0)
        response->state = response->state == HTTP_CHUNK_DATA ? HTTP_CHUNK_END : HTTP_COMPLETE;
    return length;
}

size_t http_response_take_body(struct http_response *response, const char *bytes, size_t length, char *out,
                               size_t *room) {
    size_t taken = 0, given = 0;
    while (taken < length && response->state < HTTP_COMPLETE) {
        bool plain = response->state == HTTP_BODY_BY_LENGTH || response->state == HTTP_BODY_TO_END ||
                     response->state == HTTP_CHUNK_DATA;
        if (!plain) {
            if (line_takes(response, bytes[taken++]))
                read_coding_line(response);
            continue;
        }
        if (given == *room)
            break;
        size_t part = hand_over(response, bytes + taken, least(length - taken, *room - given), out + given);
        taken += part;
        given += part;
    }
    *room = given;
    return taken;
}

void http_response_end(struct http_response *response) {
    if (response->state == HTTP_BODY_TO_END)
        response->state = HTTP_COMPLETE;
}
