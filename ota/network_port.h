// The firmware's door to a network: a TCP connection, with or without TLS, and simulated time that passes meanwhile.
//
// As port.h: a simulator implements these functions (sim/hw/port_network.c hands them to a scripted network or to a
// real one), and so could a chip. Connections live in RAM: every reset drops them.
#ifndef OTA_NETWORK_PORT_H
#define OTA_NETWORK_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_ram;

// Why there is no connection, or nothing came.
enum network_result {
    NETWORK_CLOSED = 0,      // the other side has closed it, in order
    NETWORK_TIMEOUT = -1,    // nothing within the time that was given
    NETWORK_RESET = -2,      // the connection is gone
    NETWORK_NO_NAME = -3,    // DNS knows no such host
    NETWORK_REFUSED = -4,    // nobody listens there
    NETWORK_TLS_FAILED = -5, // handshake or certificate
    NETWORK_NONE = -6        // this board has no network, or no connection is left
};

enum network_tls_version { NETWORK_TLS_ANY, NETWORK_TLS_1_2, NETWORK_TLS_1_3 };

// Whom to connect to, and what TLS holds the other side's certificate against. Borrowed for the call.
struct network_peer {
    const char *host;
    uint32_t port;
    bool tls;
    const char *ca_pem;         // the only authority, or the certificate itself; NULL: see below
    size_t ca_length;           // bytes of it, its final NUL included
    bool ca_global;             // the global store
    bool ca_bundle;             // the bundle of public authorities
    const char *common_name;    // that the certificate has to bear instead of `host`; NULL: `host`
    bool common_name_unchecked; // any name will do
    enum network_tls_version tls_version;
};

// A connection from 0 on, or a negative enum network_result.
int32_t port_network_connect(const struct network_peer *peer, uint32_t timeout_ms);

// Bytes sent, all of them; or a negative result.
int32_t port_network_send(int32_t connection, const void *data, uint32_t length, uint32_t timeout_ms);

// 1 to `length` bytes as they come; or a result.
int32_t port_network_receive(int32_t connection, void *buffer, uint32_t length, uint32_t timeout_ms);

void port_network_close(int32_t connection);

// The heap of clients and downloads (http_ram.h): zeros after every reset.
struct http_ram *port_http_ram(void);

// An event is posted to the default loop. `data`: `size` bytes, borrowed; NULL, 0: none.
void port_event_post(const char *base, int32_t id, const void *data, uint32_t size);

#endif
