// Arbitrary bytes on the control socket of `ota-sim serve`: each command is one whole line, in the order in which they came, and
// each has one line for an answer.
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../tools/cli/serve_control.h"
#include "fuzz.h"

#define INPUT_SIZE_MAX 1024u

struct commands {
    size_t count;
    size_t put_off; // the first of so many calls are "not now"
};

static bool carry_out(void *context, const char *line, struct buffer *answer) {
    struct commands *commands = context;
    if (commands->put_off > 0) {
        commands->put_off--;
        return false;
    }
    FUZZ_CHECK(strlen(line) < SERVE_CONTROL_LINE_MAX && strchr(line, '\n') == NULL);
    buffer_printf(answer, "%zu", commands->count++);
    return true;
}

static size_t count_lines(const uint8_t *bytes, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += bytes[i] == '\n';
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int ends[2];
    if (size == 0 || size > INPUT_SIZE_MAX)
        return 0;
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    struct serve_control control;
    struct commands commands = {.put_off = data[0] % 3u};
    serve_control_none(&control);
    control.clients[0].fd = ends[0];
    size_t lines = 0, step = 16u + data[0] * 2u, work = 0;
    for (size_t at = 0; at < size && control.clients[0].fd >= 0; at += step) {
        size_t length = size - at < step ? size - at : step;
        FUZZ_CHECK(send(ends[1], data + at, length, MSG_NOSIGNAL) == (ssize_t)length);
        lines += count_lines(data + at, length);
        for (work = 0; work < 4; work++) // until nothing is put off any more
            serve_control_work(&control, carry_out, &commands);
        FUZZ_CHECK(commands.count <= lines);
        FUZZ_CHECK(control.clients[0].fd < 0 || commands.count == lines);
    }
    char answers[1u << 16];
    ssize_t got = recv(ends[1], answers, sizeof answers, 0);
    // One that was dropped with bytes unread may have lost the answers that it had not fetched.
    FUZZ_CHECK(control.clients[0].fd < 0 ||
               count_lines((const uint8_t *)answers, got > 0 ? (size_t)got : 0) == commands.count);
    (void)close(ends[1]);
    for (work = 0; work < 4 && control.clients[0].fd >= 0; work++)
        serve_control_work(&control, carry_out, &commands);
    FUZZ_CHECK(control.clients[0].fd < 0); // a client that has gone is forgotten
    return 0;
}
