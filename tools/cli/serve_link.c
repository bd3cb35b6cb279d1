#include "serve_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "../../sim/base/buffer.h"

// ---- pseudo-terminal ----------------------------------------------------------------------------

// Opening and closing the other end does three things: hosts find a raw terminal whatever the last one left,
// what was not read is thrown away, and from now on the master reports a hang-up until a host opens it.
static bool refresh_slave(struct serve_link *link) {
    int slave = open(link->slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        return false;
    struct termios settings;
    bool done = tcgetattr(slave, &settings) == 0;
    cfmakeraw(&settings);
    done = done && tcsetattr(slave, TCSANOW, &settings) == 0;
    (void)tcflush(slave, TCIOFLUSH);
    (void)close(slave);
    return done;
}

static bool is_stale_link(const char *path) {
    char target[64];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = 0;
    return strncmp(target, "/dev/pts/", strlen("/dev/pts/")) == 0;
}

static bool make_link(struct serve_link *link, const char *path, struct error *error) {
    if (is_stale_link(path))
        (void)unlink(path);
    if (symlink(link->slave, path) != 0)
        return error_set(error, "%s: cannot create the link: %s", path, strerror(errno));
    link->link = memory_text(path);
    return true;
}

// Where that is not to be had, hosts are looked for now and then.
static int watch_openers(const char *path) {
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch >= 0 && inotify_add_watch(watch, path, IN_OPEN | IN_CLOSE) < 0) {
        (void)close(watch);
        watch = -1;
    }
    return watch;
}

bool serve_link_open_pty(struct serve_link *link, const char *link_path, struct error *error) {
    *link = (struct serve_link){.listener = -1, .watch = -1};
    link->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    char slave[64];
    if (link->fd < 0 || grantpt(link->fd) != 0 || unlockpt(link->fd) != 0 ||
        ptsname_r(link->fd, slave, sizeof slave) != 0) {
        (void)error_set(error, "cannot open a pseudo-terminal: %s", strerror(errno));
        serve_link_close(link);
        return false;
    }
    link->slave = memory_text(slave);
    if (!refresh_slave(link)) {
        (void)error_set(error, "%s: cannot set it up: %s", slave, strerror(errno));
        serve_link_close(link);
        return false;
    }
    link->watch = watch_openers(slave);
    if (link_path != NULL && !make_link(link, link_path, error)) {
        serve_link_close(link);
        return false;
    }
    (void)snprintf(link->address, sizeof link->address, "%s", link_path == NULL ? slave : link_path);
    return true;
}

// ---- TCP ----------------------------------------------------------------------------------------

struct loopback {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } as;
    socklen_t length;
};

static bool parse_port(const char *text, uint16_t *port) {
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != 0 || value > 65535)
        return false;
    *port = (uint16_t)value;
    return true;
}

static bool parse_address(const char *text, struct loopback *out, struct error *error) {
    const char *colon = strrchr(text, ':');
    uint16_t port;
    if (colon == NULL || !parse_port(colon + 1, &port))
        return error_set(error, "--tcp %s: an address and a port are wanted, such as 127.0.0.1:4321", text);
    size_t host = (size_t)(colon - text);
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", host < sizeof name ? (int)host : 0, text);
    *out = (struct loopback){0};
    if (strcmp(name, "[::1]") == 0) {
        out->as.v6 = (struct sockaddr_in6){
            .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
        out->length = sizeof out->as.v6;
        return true;
    }
    out->as.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    out->length = sizeof out->as.v4;
    bool parsed =
        inet_pton(AF_INET, strcmp(name, "localhost") == 0 ? "127.0.0.1" : name, &out->as.v4.sin_addr) == 1;
    if (!parsed || ntohl(out->as.v4.sin_addr.s_addr) >> 24 != 127)
        return error_set(error, "--tcp %s: only this machine's own addresses are served (127.0.0.1, [::1])",
                         text);
    return true;
}

static void tell_address(struct serve_link *link, const char *text) {
    struct loopback bound = {.length = sizeof bound.as};
    (void)getsockname(link->listener, &bound.as.any, &bound.length);
    uint16_t port = ntohs(bound.as.any.sa_family == AF_INET6 ? bound.as.v6.sin6_port : bound.as.v4.sin_port);
    (void)snprintf(link->address, sizeof link->address, "socket://%.*s:%u", (int)(strrchr(text, ':') - text),
                   text, port);
}

bool serve_link_open_tcp(struct serve_link *link, const char *address, struct error *error) {
    *link = (struct serve_link){.listener = -1, .fd = -1, .watch = -1};
    struct loopback loopback;
    if (!parse_address(address, &loopback, error))
        return false;
    link->listener = socket(loopback.as.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int yes = 1;
    if (link->listener < 0 || setsockopt(link->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(link->listener, &loopback.as.any, loopback.length) != 0 ||
        listen(link->listener, SOMAXCONN) != 0) {
        (void)error_set(error, "--tcp %s: %s", address, strerror(errno));
        serve_link_close(link);
        return false;
    }
    tell_address(link, address);
    return true;
}

// True when the other side has closed, even while what it sent has not been read.
static bool has_gone(int fd) {
    struct pollfd state = {.fd = fd, .events = POLLRDHUP};
    return poll(&state, 1, 0) == 1 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

bool serve_link_is_waited_for(const struct serve_link *link) {
    struct pollfd state = {.fd = link->listener, .events = POLLIN}; // poll() passes over -1
    return link->listener >= 0 && link->connected && has_gone(link->fd) && poll(&state, 1, 0) == 1;
}

// ---- both ---------------------------------------------------------------------------------------

static bool accept_tcp(struct serve_link *link) {
    if (link->connected && has_gone(link->fd))
        return false; // its last bytes are worked off first; the new one waits in the queue
    int fd = accept4(link->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return false;
    if (link->connected) { // the line is taken: the other host hears so by being closed
        (void)close(fd);
        return false;
    }
    int yes = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    link->fd = fd;
    link->connected = true;
    return true;
}

static bool is_hung_up(const struct serve_link *link) {
    struct pollfd state = {.fd = link->fd, .events = POLLIN};
    return poll(&state, 1, 0) < 0 || (state.revents & POLLHUP) != 0;
}

// Keeps count of who has the pseudo-terminal open, the server's own visits included. True: it came to nobody in between.
static bool count_openers(struct serve_link *link) {
    _Alignas(struct inotify_event) char events[4096];
    bool left = false;
    ssize_t got;
    while (link->watch >= 0 && (got = read(link->watch, events, sizeof events)) > 0) {
        for (const char *place = events; place < events + got;) {
            const struct inotify_event *event = (const void *)place;
            if ((event->mask & IN_OPEN) != 0)
                link->openers++;
            else if ((event->mask & IN_CLOSE) != 0 && link->openers > 0)
                left = --link->openers == 0 || left;
            else if ((event->mask & IN_Q_OVERFLOW) != 0) { // the count is lost, what is there now is not
                link->openers = is_hung_up(link) ? 0 : 1;
                left = true;
            }
            place += sizeof *event + event->len;
        }
    }
    return left;
}

static bool accept_pty(struct serve_link *link) {
    if (link->connected || is_hung_up(link))
        return false;
    (void)count_openers(link); // those before this host are no longer of interest
    link->connected = true;
    return true;
}

bool serve_link_accept(struct serve_link *link) {
    return link->listener >= 0 ? accept_tcp(link) : accept_pty(link);
}

int serve_link_descriptor(const struct serve_link *link) {
    return link->listener >= 0 ? link->listener : link->watch;
}

bool serve_link_was_left(struct serve_link *link) {
    return count_openers(link) && link->connected;
}

ssize_t serve_link_read(struct serve_link *link, void *bytes, size_t length) {
    ssize_t got = read(link->fd, bytes, length);
    return got < 0 && errno == EINTR ? serve_link_read(link, bytes, length) : got;
}

ssize_t serve_link_write(struct serve_link *link, const void *bytes, size_t length) {
    ssize_t put =
        link->listener >= 0 ? send(link->fd, bytes, length, MSG_NOSIGNAL) : write(link->fd, bytes, length);
    return put < 0 && errno == EINTR ? serve_link_write(link, bytes, length) : put;
}

void serve_link_hang_up(struct serve_link *link) {
    link->connected = false;
    if (link->listener < 0) {
        if (is_hung_up(link)) // else the next host is there already
            (void)refresh_slave(link);
        (void)count_openers(link); // of which this visit is none that could leave
        return;
    }
    (void)close(link->fd);
    link->fd = -1;
}

void serve_link_close(struct serve_link *link) {
    if (link->link != NULL) {
        char target[64];
        ssize_t length = readlink(link->link, target, sizeof target - 1);
        target[length < 0 ? 0 : length] = 0;
        if (strcmp(target, link->slave) == 0)
            (void)unlink(link->link);
    }
    if (link->fd >= 0)
        (void)close(link->fd);
    if (link->listener >= 0)
        (void)close(link->listener);
    if (link->watch >= 0)
        (void)close(link->watch);
    free(link->slave);
    free(link->link);
    *link = (struct serve_link){.listener = -1, .fd = -1, .watch = -1};
}
