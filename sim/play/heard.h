// What goes over a board's network in a step, and which events esp_https_ota posts: for expectations and for people.
#ifndef SIM_PLAY_HEARD_H
#define SIM_PLAY_HEARD_H

#include "../../ota/http_response.h"
#include <stdbool.h>

#include "../base/buffer.h"
#include "../hw/network.h"
#include "../network/server_request.h"

struct narrator;

#define HEARD_CONNECTIONS_MAX 8u

struct heard {
    struct board_ear ear;
    struct narrator *narrator;              // borrowed; NULL: nobody is told
    struct buffer requests, ranges, events; // separated by ", "
    char last_event[40];
    uint32_t request_count;
    uint16_t status;      // of the last answer; 0: none
    int64_t length;       // its Content-Length; -1
    bool left_tls;        // a connection without TLS followed one with it
    bool range_ignored;   // 200 came for a range
    bool was_tls, ranged; // of the last connection, the last request
    struct heard_connection {
        struct buffer request; // that is not whole yet
        struct http_response response;
        uint64_t body; // bytes of the answer behind its head, as they came
    } connections[HEARD_CONNECTIONS_MAX];
};

// Listens to the board from now on. Events are numbered as by ESP-IDF of this release.
struct board;
void heard_listen(struct heard *heard, struct board *board, struct narrator *narrator);

void heard_clear(struct heard *heard); // of the step; NULL is allowed
void heard_free(struct heard *heard);

#endif
