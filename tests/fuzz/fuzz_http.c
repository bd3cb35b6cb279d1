// An answer of a server as a client reads it, fed in pieces; then the same bytes as a request.
#include <string.h>

#include "ota/http_response.h"
#include "ota/http_url.h"
#include "sim/network/server_request.h"

#include "fuzz.h"

static void read_answer(const uint8_t *data, size_t size, size_t piece, bool head_only) {
    static struct http_response response;
    static char body[256];
    size_t at = 0;
    http_response_start(&response, head_only);
    while (at < size && response.state < HTTP_COMPLETE) {
        size_t part = size - at < piece ? size - at : piece, room = sizeof body;
        at += http_response_has_head(&response)
                  ? http_response_take_body(&response, (const char *)data + at, part, body, &room)
                  : http_response_take_head(&response, (const char *)data + at, part, NULL, NULL);
    }
    http_response_end(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct server_request request;
    struct http_url url;
    char text[512], user[HTTP_USER_MAX + 1];
    size_t taken, length = size < sizeof text - 1 ? size : sizeof text - 1;
    read_answer(data, size, 1, false);
    read_answer(data, size, 7, true);
    read_answer(data, size, size + 1, false);
    (void)server_request_read((const char *)data, size, &request, &taken);
    memcpy(text, data, length);
    text[length] = '\0';
    (void)http_url_parse(text, NULL, &url, user);
    return 0;
}
