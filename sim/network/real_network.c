#include "real_network.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../base/buffer.h"

#define CONNECTIONS_MAX 8u

struct link {
    bool open;
    int socket;
    SSL *tls; // NULL: plain
};

struct network {
    const struct real_network *setting;
    struct link links[CONNECTIONS_MAX];
    char why[200];
};

// ---- time ---------------------------------------------------------------------------------------

static uint64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

// Waits for a socket until then. False: time is over.
static bool wait_for(int socket, short events, uint64_t until_ns) {
    uint64_t now = now_ns();
    struct pollfd poll_one = {.fd = socket, .events = events};
    int ms = now >= until_ns ? 0 : (int)((until_ns - now) / 1000000 + 1);
    int ready;
    do
        ready = poll(&poll_one, 1, ms);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

// ---- life ---------------------------------------------------------------------------------------

static void *open_network(const void *setting) {
    struct network *network = memory_zeroed(1, sizeof *network);
    network->setting = setting;
    return network;
}

static void hang_up(struct link *link) {
    if (!link->open)
        return;
    if (link->tls != NULL)
        (void)SSL_shutdown(link->tls);
    SSL_free(link->tls);
    (void)close(link->socket);
    *link = (struct link){0};
}

static void reset(void *context) {
    struct network *network = context;
    for (uint32_t i = 0; i < CONNECTIONS_MAX; i++)
        hang_up(&network->links[i]);
}

static void close_network(void *context) {
    reset(context);
    free(context);
}

static const char *why(void *context) {
    const struct network *network = context;
    return network->why;
}

__attribute__((format(printf, 3, 4))) static int32_t fail(struct network *network, int32_t result,
                                                          const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(network->why, sizeof network->why, format, arguments);
    va_end(arguments);
    return result;
}

// ---- TCP ----------------------------------------------------------------------------------------

// A socket that is connected, or a result.
static int connect_one(struct network *network, const struct addrinfo *address, uint64_t until_ns) {
    int error = 0, made = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof error;
    if (made < 0)
        return fail(network, NETWORK_NONE, "%s", strerror(errno));
    if (connect(made, address->ai_addr, address->ai_addrlen) == 0)
        return made;
    if (errno == EINPROGRESS && !wait_for(made, POLLOUT, until_ns)) {
        (void)close(made);
        return fail(network, NETWORK_TIMEOUT, "nobody answers");
    }
    (void)getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0)
        return made;
    (void)close(made);
    return fail(network, NETWORK_REFUSED, "%s", strerror(error));
}

static int connect_tcp(struct network *network, const struct network_peer *peer, uint64_t until_ns) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    char port[8];
    int result = NETWORK_NO_NAME;
    (void)snprintf(port, sizeof port, "%u", (unsigned)peer->port);
    int error = getaddrinfo(peer->host, port, &hints, &list);
    if (error != 0)
        return fail(network, NETWORK_NO_NAME, "%s", gai_strerror(error));
    for (const struct addrinfo *each = list; each != NULL && result < 0; each = each->ai_next)
        result = connect_one(network, each, until_ns);
    freeaddrinfo(list);
    return result;
}

// ---- TLS ----------------------------------------------------------------------------------------

// A certificate of the client's own is the only one that it trusts: an authority, or the server's itself.
static bool trust_pem(SSL_CTX *context, const char *pem, size_t length) {
    BIO *bio = BIO_new_mem_buf(pem, (int)length);
    X509 *certificate;
    bool any = false;
    while (bio != NULL && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        any = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1 || any;
        X509_free(certificate);
    }
    ERR_clear_error();
    BIO_free(bio);
    return any;
}

static SSL_CTX *make_context(struct network *network, const struct network_peer *peer) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    bool fine = context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
    if (fine && peer->tls_version == NETWORK_TLS_1_3)
        fine = SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1;
    if (fine && peer->tls_version == NETWORK_TLS_1_2)
        fine = SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1;
    if (fine && peer->ca_pem != NULL)
        fine = trust_pem(context, peer->ca_pem, peer->ca_length > 0 ? peer->ca_length - 1 : 0);
    else if (fine && network->setting->bundle != NULL)
        fine = SSL_CTX_load_verify_file(context, network->setting->bundle) == 1;
    else if (fine)
        fine = SSL_CTX_set_default_verify_paths(context) == 1;
    if (fine)
        return context;
    SSL_CTX_free(context);
    (void)fail(network, NETWORK_TLS_FAILED, "the certificates that are to be trusted cannot be read");
    return NULL;
}

static bool set_names(SSL *tls, const struct network_peer *peer) {
    X509_VERIFY_PARAM *rules = SSL_get0_param(tls);
    const char *name = peer->common_name != NULL ? peer->common_name : peer->host;
    (void)X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    (void)SSL_set_tlsext_host_name(tls, peer->host); // SNI
    SSL_set_verify(tls, SSL_VERIFY_PEER, NULL);
    if (peer->common_name_unchecked)
        return true;
    return X509_VERIFY_PARAM_set1_ip_asc(rules, name) == 1 ||
           X509_VERIFY_PARAM_set1_host(rules, name, 0) == 1;
}

static void note_certificate(struct network *network, SSL *tls) {
    struct real_network_findings *findings = network->setting->findings;
    X509 *certificate = SSL_get1_peer_certificate(tls);
    int days = 0, seconds = 0;
    if (findings != NULL && certificate != NULL &&
        ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) == 1) {
        if (!findings->certificate_seen || days < findings->certificate_days)
            findings->certificate_days = days;
        findings->certificate_seen = true;
        (void)snprintf(findings->tls_version, sizeof findings->tls_version, "%s", SSL_get_version(tls));
    }
    X509_free(certificate);
}

// Goes on with what OpenSSL waits for. False: it is no waiting, or time is over.
static bool waits(const struct link *link, int result, uint64_t until_ns) {
    int error = SSL_get_error(link->tls, result);
    if (error == SSL_ERROR_WANT_READ)
        return wait_for(link->socket, POLLIN, until_ns);
    return error == SSL_ERROR_WANT_WRITE && wait_for(link->socket, POLLOUT, until_ns);
}

static int32_t shake_hands(struct network *network, struct link *link, const struct network_peer *peer,
                           uint64_t until_ns) {
    SSL_CTX *context = make_context(network, peer);
    if (context == NULL)
        return NETWORK_TLS_FAILED;
    link->tls = SSL_new(context);
    SSL_CTX_free(context);
    if (link->tls == NULL || !set_names(link->tls, peer) || SSL_set_fd(link->tls, link->socket) != 1)
        return fail(network, NETWORK_TLS_FAILED, "TLS cannot be set up");
    int result;
    do {
        ERR_clear_error();
        result = SSL_connect(link->tls);
    } while (result != 1 && waits(link, result, until_ns));
    if (result == 1) {
        note_certificate(network, link->tls);
        return 0;
    }
    long verdict = SSL_get_verify_result(link->tls);
    unsigned long code = ERR_peek_error();
    const char *reason = verdict != X509_V_OK ? X509_verify_cert_error_string(verdict)
                         : code != 0          ? ERR_reason_error_string(code)
                                              : "the handshake does not come to an end";
    return fail(network, NETWORK_TLS_FAILED, "TLS: %s", reason != NULL ? reason : "?");
}

// ---- the driver ---------------------------------------------------------------------------------

static int32_t connect_network(void *context, const struct network_peer *peer, uint32_t timeout_ms,
                               uint64_t *ns) {
    struct network *network = context;
    uint64_t start = now_ns(), until = start + timeout_ms * 1000000ull;
    uint32_t number = 0;
    network->why[0] = '\0';
    while (number < CONNECTIONS_MAX && network->links[number].open)
        number++;
    if (number == CONNECTIONS_MAX)
        return fail(network, NETWORK_NONE, "too many connections");
    struct link *link = &network->links[number];
    int made = connect_tcp(network, peer, until);
    *ns = now_ns() - start;
    if (made < 0)
        return made;
    *link = (struct link){.open = true, .socket = made};
    int32_t result = peer->tls ? shake_hands(network, link, peer, until) : 0;
    *ns = now_ns() - start;
    if (result < 0) {
        hang_up(link);
        return result;
    }
    return (int32_t)number;
}

static struct link *link_of(struct network *network, int32_t number) {
    bool good = number >= 0 && (uint32_t)number < CONNECTIONS_MAX && network->links[number].open;
    network->why[0] = '\0';
    return good ? &network->links[number] : NULL;
}

static void drop(void *context, int32_t number) {
    struct link *link = link_of(context, number);
    if (link != NULL)
        hang_up(link);
}

static int32_t send_some(struct link *link, const char *bytes, uint32_t length, uint64_t until) {
    for (;;) {
        if (link->tls == NULL) {
            ssize_t sent = send(link->socket, bytes, length, MSG_NOSIGNAL);
            if (sent > 0)
                return (int32_t)sent;
            if ((errno != EAGAIN && errno != EINTR) || !wait_for(link->socket, POLLOUT, until))
                return -1;
            continue;
        }
        ERR_clear_error();
        int sent = SSL_write(link->tls, bytes, (int)length);
        if (sent > 0)
            return sent;
        if (!waits(link, sent, until))
            return -1;
    }
}

static int32_t send_bytes(void *context, int32_t number, const void *data, uint32_t length,
                          uint32_t timeout_ms, uint64_t *ns) {
    struct network *network = context;
    struct link *link = link_of(network, number);
    uint64_t start = now_ns(), until = start + timeout_ms * 1000000ull;
    uint32_t done = 0;
    while (link != NULL && done < length) {
        int32_t sent = send_some(link, (const char *)data + done, length - done, until);
        if (sent < 0)
            break;
        done += (uint32_t)sent;
    }
    *ns = now_ns() - start;
    return done == length ? (int32_t)length : fail(network, NETWORK_RESET, "the connection is gone");
}

static int32_t receive_plain(struct network *network, struct link *link, void *buffer, uint32_t length,
                             uint64_t until) {
    for (;;) {
        ssize_t got = recv(link->socket, buffer, length, 0);
        if (got >= 0)
            return (int32_t)got;
        if (errno != EAGAIN && errno != EINTR)
            return fail(network, NETWORK_RESET, "%s", strerror(errno));
        if (!wait_for(link->socket, POLLIN, until))
            return fail(network, NETWORK_TIMEOUT, "nothing comes within the time-out");
    }
}

static int32_t receive_tls(struct network *network, struct link *link, void *buffer, uint32_t length,
                           uint64_t until) {
    for (;;) {
        ERR_clear_error();
        int got = SSL_read(link->tls, buffer, (int)length);
        if (got > 0)
            return got;
        int error = SSL_get_error(link->tls, got);
        if (error == SSL_ERROR_ZERO_RETURN)
            return NETWORK_CLOSED;
        bool waiting = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
        if (!waiting)
            return fail(network, NETWORK_RESET, "the connection ends without TLS's good-bye");
        if (!wait_for(link->socket, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until))
            return fail(network, NETWORK_TIMEOUT, "nothing comes within the time-out");
    }
}

static int32_t receive(void *context, int32_t number, void *buffer, uint32_t length, uint32_t timeout_ms,
                       uint64_t *ns) {
    struct network *network = context;
    struct link *link = link_of(network, number);
    uint64_t start = now_ns(), until = start + timeout_ms * 1000000ull;
    if (link == NULL)
        return fail(network, NETWORK_RESET, "the connection is gone");
    int32_t got = link->tls != NULL ? receive_tls(network, link, buffer, length, until)
                                    : receive_plain(network, link, buffer, length, until);
    *ns = now_ns() - start;
    return got;
}

const struct network_driver real_network_driver = {
    .open = open_network,
    .close = close_network,
    .reset = reset,
    .connect = connect_network,
    .send = send_bytes,
    .receive = receive,
    .drop = drop,
    .why = why,
};
