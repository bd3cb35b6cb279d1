// The control socket of a served device: a Unix socket that takes one command a line and answers with one
// line.
#ifndef TOOLS_CLI_SERVE_CONTROL_H
#define TOOLS_CLI_SERVE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/error.h"

#define SERVE_CONTROL_CLIENTS_MAX 8u
#define SERVE_CONTROL_LINE_MAX    256u

// Carries out a command and appends its answer, without a newline. False: not now; the line stays where it is
// and is offered again.
typedef bool serve_command(void *context, const char *line, struct buffer *answer);

struct serve_control {
    int listener; // -1: there is none
    char *path;   // owned
    struct serve_control_client {
        int fd; // -1: free
        struct buffer in;
    } clients[SERVE_CONTROL_CLIENTS_MAX];
};

// Creates the socket, for this user only. One that a killed server left behind is replaced; a live one, or
// another file, is an error.
bool serve_control_open(struct serve_control *control, const char *path, struct error *error);

// No socket: the functions below do nothing.
void serve_control_none(struct serve_control *control);
void serve_control_close(struct serve_control *control);

// Descriptors to wait for input on; returns how many. `fds` has room for SERVE_CONTROL_CLIENTS_MAX + 1.
size_t serve_control_descriptors(const struct serve_control *control, int *fds);

// Takes what has come in and carries out whole lines. Never waits.
void serve_control_work(struct serve_control *control, serve_command *command, void *context);

#endif
