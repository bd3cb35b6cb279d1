// How a server behaves: what each request gets, and how each connection goes. The same for the scripted network of
// scenarios and for the real server of `ota-sim serve --https`.
#ifndef SIM_NETWORK_SERVER_SCRIPT_H
#define SIM_NETWORK_SERVER_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"

#define SERVER_TURNS_MAX                                                                                     \
    32u // told apart, of all routes and hosts together: bits of PORT_EFUSE_REQUESTS, and one

enum server_length {
    LENGTH_EXACT,   // Content-Length
    LENGTH_NONE,    // neither: the end of the connection is the end of the body
    LENGTH_CHUNKED, // by chunks
    LENGTH_STATED   // Content-Length, and not the right one
};

enum server_ranges {
    RANGES_HONOURED, // 206; 416 beyond the end
    RANGES_IGNORED,  // 200 and all of it
    RANGES_REFUSED   // 416
};

enum server_auth { AUTH_NONE, AUTH_BASIC, AUTH_DIGEST };

enum server_end {
    ENDS_WELL,
    ENDS_CLOSED, // in order: FIN, with TLS after close_notify
    ENDS_RESET,  // RST
    ENDS_STALLED // nothing more comes, for `stall_us`
};

#define STALL_FOR_EVER UINT64_MAX

struct server_answer {
    uint32_t image;     // whose file it is, a number of whoever made the script; no server looks at it
    uint16_t status;    // 0: 200, or what redirect, ranges and authorization make of it
    char *redirect;     // Location; NULL
    struct buffer body; // what stands before the file included
    struct server_header {
        char *name, *value;
    } * headers;
    size_t header_count;
    enum server_length length;
    uint64_t stated; // LENGTH_STATED
    uint32_t chunk;  // LENGTH_CHUNKED: bytes of one
    enum server_ranges ranges;
    enum server_auth auth;
    char *user, *password;
    bool closes;         // the connection, after the answer
    uint64_t delay_us;   // before its first byte
    uint64_t rate;       // bytes a second; 0: as the link does
    enum server_end end; // after `end_after` bytes
    bool end_in_head;    // counted from the head's first byte; else from the body's
    uint64_t end_after;
    uint64_t stall_us;
};

// Who asks the n-th time gets the n-th; the last goes for all that follow.
struct server_route {
    char *url; // "/path" for any host, or "https://host:port/path"
    struct server_answer *answers;
    size_t count;
    uint32_t first_bit; // of count - 1 bits in which requests are counted
};

enum server_connecting {
    CONNECTS,
    CONNECTS_NO_NAME,    // DNS
    CONNECTS_REFUSED,    // nobody listens
    CONNECTS_TIMEOUT,    // nobody answers
    CONNECTS_TLS_FAILS,  // the handshake ends
    CONNECTS_EXPIRED,    // certificates: out of date,
    CONNECTS_WRONG_NAME, // of another name,
    CONNECTS_UNTRUSTED   // of an authority that nobody trusts
};

struct server_host {
    char *host;
    enum server_connecting *turns;
    size_t count;
    uint32_t first_bit;
};

struct server_script {
    struct server_route *routes;
    size_t route_count;
    struct server_host *hosts; // others connect
    size_t host_count;
    uint64_t latency_us; // there and back
    uint64_t rate;       // bytes a second; 0: at once
};

void server_script_free(struct server_script *script);
void server_answer_free(struct server_answer *answer);

// Words of scenarios, ended by NULL, in the order of the enums.
extern const char *const server_length_words[],
    *const server_ranges_words[], *const server_end_words[], *const server_connecting_words[];

#endif
