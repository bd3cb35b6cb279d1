// What a board's network is: one of several (sim/network), behind ota/network_port.h.
//
// Functions of a driver are called while the board runs a program. They may read and burn eFuse as firmware does, and
// say how long they took: that is how much later it is on the board afterwards. A network whose answers depend on
// nothing but the requests since the last reset and what lies on the board is a function of the board, and
// recoveries that use it can be remembered.
#ifndef SIM_HW_NETWORK_H
#define SIM_HW_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/network_port.h"

struct network_driver {
    void *(*open)(const void *setting); // a board's own state
    void (*close)(void *network);
    void (*reset)(void *network); // all connections are gone
    int32_t (*connect)(void *network, const struct network_peer *peer, uint32_t timeout_ms, uint64_t *ns);
    int32_t (*send)(void *network, int32_t connection, const void *data, uint32_t length, uint32_t timeout_ms,
                    uint64_t *ns);
    int32_t (*receive)(void *network, int32_t connection, void *buffer, uint32_t length, uint32_t timeout_ms,
                       uint64_t *ns);
    void (*drop)(void *network, int32_t connection);
    // Why the last call failed, for people; "": it did not, or there is nothing to say. May be NULL.
    const char *(*why)(void *network);
};

struct board_network {
    const struct network_driver *driver; // NULL: the board has no network
    const void *setting;                 // borrowed
};

// What goes over the network, as it happens. Texts and bytes live for the call.
struct network_event {
    enum network_event_kind { NETWORK_CONNECTS, NETWORK_SENDS, NETWORK_RECEIVES, NETWORK_DROPS } kind;
    int32_t connection, result; // as the port gave it
    const struct network_peer *peer;
    const uint8_t *bytes;
    uint32_t length;
    const char *why; // it failed; "" when nothing is known
};

// What a program on the board does that no journal has: both may be NULL.
struct board_ear {
    void *context;
    void (*network)(void *context, const struct network_event *event);
    void (*posted)(void *context, const char *base, int32_t id, const void *data, uint32_t size);
};

struct board;

// Told the name of each function of the firmware (port_call_begin) that the running program calls, until it ends;
// NULL: nobody.
void board_program_watch_calls(void (*called)(void *context, const char *name), void *context);

// From now on; borrowed. NULL: nobody.
void board_overhear(struct board *board, const struct board_ear *ear);

// Does the program on the board hold a connection, or an HTTP client? It lives in no copy of the board.
bool board_is_online(const struct board *board);

#endif
