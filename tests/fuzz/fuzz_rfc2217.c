// Arbitrary bytes as what a telnet host sends: however they are cut into pieces, the same data, the same lines and the same
// answers come out; and whatever is sent to a host comes back unchanged from its side of the stream.
#include <string.h>

#include "../../sim/serial/rfc2217.h"
#include "fuzz.h"

struct heard {
    struct rfc2217 telnet;
    struct buffer data, lines, answers;
};

static void take_data(void *context, const uint8_t *bytes, size_t length) {
    struct heard *heard = context;
    buffer_append(&heard->data, bytes, length);
}

static void take_lines(void *context, bool dtr, bool rts) {
    struct heard *heard = context;
    buffer_printf(&heard->lines, "%zu:%d%d ", heard->data.length, dtr, rts);
}

static void receive(struct heard *heard, const uint8_t *bytes, size_t length) {
    const struct rfc2217_sink sink = {heard, take_data, take_lines};
    rfc2217_receive(&heard->telnet, bytes, length, &sink, &heard->answers);
}

static void free_heard(struct heard *heard) {
    buffer_free(&heard->data);
    buffer_free(&heard->lines);
    buffer_free(&heard->answers);
}

static bool same(const struct buffer *a, const struct buffer *b) {
    return a->length == b->length && (a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

// An answer of at most a few bytes to a command of at least two: no host can make the server write without end.
#define ANSWER_MAX 64u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heard whole = {.telnet.baud = 115200}, pieces = {.telnet.baud = 115200}, back = {0};
    size_t step = size > 0 ? 1 + data[0] % 7u : 1;
    receive(&whole, data, size);
    for (size_t at = 0; at < size; at += step)
        receive(&pieces, data + at, size - at < step ? size - at : step);
    FUZZ_CHECK(same(&whole.data, &pieces.data) && same(&whole.lines, &pieces.lines));
    FUZZ_CHECK(same(&whole.answers, &pieces.answers));
    FUZZ_CHECK(whole.data.length <= size && whole.answers.length <= ANSWER_MAX * (size + 1));
    struct buffer sent = {0};
    rfc2217_encode(&sent, data, size);
    receive(&back, sent.bytes, sent.length);
    FUZZ_CHECK(back.data.length == size && (size == 0 || memcmp(back.data.bytes, data, size) == 0));
    FUZZ_CHECK(back.lines.length == 0);
    buffer_free(&sent);
    free_heard(&whole);
    free_heard(&pieces);
    free_heard(&back);
    return 0;
}
