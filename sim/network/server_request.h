// A request as a server reads it: RFC 9112, its head only. What belongs to a body is skipped by whoever reads on.
#ifndef SIM_NETWORK_SERVER_REQUEST_H
#define SIM_NETWORK_SERVER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVER_REQUEST_MAX 16384u // bytes of a head

struct server_request {
    char method[16];
    char target[2048];
    char host[300]; // as the header Host says
    char authorization[1024], if_none_match[256];
    bool tls;      // how it came; set by whoever received it
    bool ranged;   // it has a range in bytes
    bool suffix;   // ... the last `first` bytes
    bool open_end; // ... from `first` on
    uint64_t first, last;
    uint64_t body;   // bytes that follow the head
    bool closes;     // the connection, after the answer
    char range[128]; // as it was written; "": none
};

enum server_request_end {
    REQUEST_UNFINISHED, // more has to come
    REQUEST_WHOLE,
    REQUEST_BROKEN
};

// Reads a head from the start of `bytes`. WHOLE: *taken bytes were it.
enum server_request_end server_request_read(const char *bytes, size_t length, struct server_request *out,
                                            size_t *taken);

#endif
