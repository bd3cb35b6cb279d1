#include "serve_control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void serve_control_none(struct serve_control *control) {
    *control = (struct serve_control){.listener = -1};
    for (size_t i = 0; i < SERVE_CONTROL_CLIENTS_MAX; i++)
        control->clients[i].fd = -1;
}

// ---- opening ------------------------------------------------------------------------------------

static bool fill_address(const char *path, struct sockaddr_un *address, struct error *error) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path)
        return error_set(error, "--control %s: too long for a socket (at most %zu bytes)", path,
                         sizeof address->sun_path - 1);
    memcpy(address->sun_path, path, strlen(path) + 1);
    return true;
}

// A socket that nobody answers on was left behind by a server that was killed.
static void remove_stale(const char *path, const struct sockaddr_un *address) {
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED)
        (void)unlink(path);
    (void)close(fd);
}

bool serve_control_open(struct serve_control *control, const char *path, struct error *error) {
    serve_control_none(control);
    struct sockaddr_un address;
    if (!fill_address(path, &address, error))
        return false;
    remove_stale(path, &address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0077);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    (void)umask(mask);
    if (!bound || listen(fd, 8) != 0) {
        (void)error_set(error, "--control %s: %s", path, strerror(errno));
        if (bound)
            (void)unlink(path);
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    control->listener = fd;
    control->path = memory_text(path);
    return true;
}

static void drop(struct serve_control_client *client) {
    (void)close(client->fd);
    client->fd = -1;
    buffer_free(&client->in);
}

void serve_control_close(struct serve_control *control) {
    if (control->listener < 0)
        return;
    for (size_t i = 0; i < SERVE_CONTROL_CLIENTS_MAX; i++)
        if (control->clients[i].fd >= 0)
            drop(&control->clients[i]);
    (void)close(control->listener);
    (void)unlink(control->path);
    free(control->path);
    serve_control_none(control);
}

// ---- working ------------------------------------------------------------------------------------

size_t serve_control_descriptors(const struct serve_control *control, int *fds) {
    size_t count = 0;
    if (control->listener >= 0)
        fds[count++] = control->listener;
    for (size_t i = 0; i < SERVE_CONTROL_CLIENTS_MAX; i++)
        if (control->clients[i].fd >= 0)
            fds[count++] = control->clients[i].fd;
    return count;
}

static void accept_clients(struct serve_control *control) {
    int fd;
    while (control->listener >= 0 &&
           (fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        size_t i = 0;
        while (i < SERVE_CONTROL_CLIENTS_MAX && control->clients[i].fd >= 0)
            i++;
        if (i < SERVE_CONTROL_CLIENTS_MAX)
            control->clients[i].fd = fd;
        else
            (void)close(fd);
    }
}

// False: the client is gone, or sends lines without end.
static bool take_input(struct serve_control_client *client) {
    char bytes[SERVE_CONTROL_LINE_MAX];
    ssize_t got = recv(client->fd, bytes, sizeof bytes, 0);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    buffer_append(&client->in, bytes, (size_t)got);
    return got != 0 && client->in.length <= 4 * SERVE_CONTROL_LINE_MAX;
}

// Answers are short and their readers wait for them: one that does not fit into the socket's buffer is
// dropped with its client.
static bool send_answer(int fd, struct buffer *answer) {
    buffer_text(answer, "\n");
    ssize_t put = send(fd, answer->bytes, answer->length, MSG_NOSIGNAL);
    return put == (ssize_t)answer->length;
}

static bool has_line(const struct serve_control_client *client) {
    return client->in.length != 0 && memchr(client->in.bytes, '\n', client->in.length) != NULL;
}

static bool carry_out_lines(struct serve_control_client *client, serve_command *command, void *context) {
    char *end;
    while (client->in.length != 0 && (end = memchr(client->in.bytes, '\n', client->in.length)) != NULL) {
        size_t length = (size_t)(end - (char *)client->in.bytes);
        char line[SERVE_CONTROL_LINE_MAX];
        (void)snprintf(line, sizeof line, "%.*s", (int)length, (char *)client->in.bytes);
        line[strcspn(line, "\r")] = 0;
        struct buffer answer = {0};
        bool done = command(context, line, &answer);
        bool sent = !done || send_answer(client->fd, &answer);
        buffer_free(&answer);
        if (!done)
            return true;
        if (!sent)
            return false;
        client->in.length -= length + 1;
        memmove(client->in.bytes, end + 1, client->in.length);
    }
    return true;
}

void serve_control_work(struct serve_control *control, serve_command *command, void *context) {
    accept_clients(control);
    for (size_t i = 0; i < SERVE_CONTROL_CLIENTS_MAX; i++) {
        struct serve_control_client *client = &control->clients[i];
        if (client->fd < 0)
            continue;
        bool alive = take_input(client);
        if (!carry_out_lines(client, command, context))
            drop(client);
        else if (!alive && !has_line(client)) // one that only waits for its turn is heard first
            drop(client);
    }
}
