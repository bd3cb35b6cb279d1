// The line between host and served device: a pseudo-terminal, or a TCP port of this machine. One host at a
// time.
#ifndef TOOLS_CLI_SERVE_LINK_H
#define TOOLS_CLI_SERVE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../../sim/base/error.h"

struct serve_link {
    int listener;     // TCP; -1: a pseudo-terminal
    int fd;           // pseudo-terminal: its master, always open; TCP: the host's connection, or -1
    bool connected;   // a host has it open
    int watch;        // pseudo-terminal: tells who opens and closes it; -1: nobody does
    int openers;      // as far as the watch has told
    char *slave;      // pseudo-terminal: the other end's path; owned
    char *link;       // symbolic link to it; NULL: none; owned
    char address[80]; // what hosts are told: "socket://127.0.0.1:4321", "/dev/pts/4" or the link
};

// `link_path` NULL: no symbolic link. A link left behind by a server that was killed is replaced; anything
// else there is an error.
bool serve_link_open_pty(struct serve_link *link, const char *link_path, struct error *error);

// "127.0.0.1:PORT", "localhost:PORT" or "[::1]:PORT"; port 0: any free one. Other addresses are refused: a
// served device has no password.
bool serve_link_open_tcp(struct serve_link *link, const char *address, struct error *error);

void serve_link_close(struct serve_link *link);

// Looks whether a host has come. Never waits.
bool serve_link_accept(struct serve_link *link);

// What to wait for input on until a host comes: a descriptor, or -1 when it has to be looked for now and
// then.
int serve_link_descriptor(const struct serve_link *link);

// True when the host has gone, even when another one has taken its place at once (a pseudo-terminal does not
// report that to its readers).
bool serve_link_was_left(struct serve_link *link);

// TCP: true when the host has hung up, even while it is still owed answers, and another one waits in the queue.
bool serve_link_is_waited_for(const struct serve_link *link);

// As read() and write(), without waiting. 0 from read, or any error but EAGAIN: the host has gone, call
// serve_link_hang_up.
ssize_t serve_link_read(struct serve_link *link, void *bytes, size_t length);
ssize_t serve_link_write(struct serve_link *link, const void *bytes, size_t length);

// Ends the connection: nothing that was sent before reaches the next host.
void serve_link_hang_up(struct serve_link *link);

#endif
