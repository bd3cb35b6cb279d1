// The network of this machine: TCP, and TLS by OpenSSL, for a simulated device that is to meet a real server.
//
// What a device does differently: its mbedTLS knows fewer ciphers and curves, takes records of at most
// CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN bytes, and does not look at the time unless CONFIG_MBEDTLS_HAVE_TIME_DATE is set: it
// then takes a certificate that has expired.
#ifndef SIM_NETWORK_REAL_NETWORK_H
#define SIM_NETWORK_REAL_NETWORK_H

#include "../hw/network.h"

// What was seen of the servers, for warnings.
struct real_network_findings {
    bool certificate_seen;
    int certificate_days; // that the one which expires first is still good for
    char tls_version[16]; // "TLSv1.3"
};

struct real_network {
    const char *bundle; // PEM file of the authorities that are trusted; NULL: the system's
    struct real_network_findings *findings; // borrowed; NULL: nobody asks
};

extern const struct network_driver real_network_driver; // its setting: a struct real_network

#endif
