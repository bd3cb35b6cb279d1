// The network of scenarios: a server by its script, on simulated time.
//
// Nothing is kept but connections, which every reset drops, and which request it is, which lies on the board
// (PORT_EFUSE_REQUESTS): so what a program gets is a function of its requests and of the board, a recovery that
// downloads can be remembered, and one that is cut after a request finds the server as that request left it.
#ifndef SIM_NETWORK_SCRIPTED_NETWORK_H
#define SIM_NETWORK_SCRIPTED_NETWORK_H

#include "../hw/network.h"
#include "server_script.h"

// A connection that ends early: the fault model of connections.
struct network_fault {
    bool set;
    uint32_t answer;     // number `answer` from power-on of the board's first step on, from 0
    uint64_t at;         // bytes of that answer, from its head on, that still come
    enum server_end how; // ENDS_CLOSED, ENDS_RESET
};

// Told of each answer before it is sent.
struct network_answer_seen {
    uint32_t number;
    uint64_t head, body; // bytes on the wire
};

struct scripted_network {
    struct server_script script; // owned by whoever made it
    struct network_fault fault;
    void (*seen)(void *context, const struct network_answer_seen *answer); // NULL: nobody
    void *context;
};

extern const struct network_driver scripted_network_driver; // its setting: a struct scripted_network

#endif
