// SLIP framing, both ways.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/serial/slip.h"

static struct slip_decoder decoder;

static int set_up(void **state) {
    (void)state;
    decoder = (struct slip_decoder){0};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    slip_decoder_free(&decoder);
    return 0;
}

// Decodes what is left and checks what comes of it.
static void expect(const char **rest, size_t *left, enum slip_result result, const char *payload,
                   size_t length) {
    size_t used = 0;
    assert_int_equal(slip_decode(&decoder, (const uint8_t *)*rest, *left, &used), result);
    *rest += used;
    *left -= used;
    if (result == SLIP_MORE)
        return;
    assert_int_equal(decoder.payload.length, length);
    if (length > 0)
        assert_memory_equal(decoder.payload.bytes, payload, length);
}

static void frames_come_out_one_by_one(void **state) {
    (void)state;
    const char *rest = "\xC0"
                       "one\xC0\xC0two\xC0";
    size_t left = 10;
    expect(&rest, &left, SLIP_FRAME, "one", 3);
    expect(&rest, &left, SLIP_FRAME, "two", 3);
    expect(&rest, &left, SLIP_MORE, NULL, 0);
}

static void noise_before_the_first_frame_and_empty_frames_are_skipped(void **state) {
    (void)state;
    const char *rest = "boot log\r\n\xC0\xC0\xC0x\xC0";
    size_t left = 15;
    expect(&rest, &left, SLIP_FRAME, "x", 1);
}

static void escapes_are_undone(void **state) {
    (void)state;
    const char *rest = "\xC0\xDB\xDC"
                       "a\xDB\xDD\xC0";
    size_t left = 7;
    expect(&rest, &left, SLIP_FRAME,
           "\xC0"
           "a\xDB",
           3);
}

static void a_frame_may_come_byte_by_byte(void **state) {
    (void)state;
    const char *bytes = "\xC0"
                        "a\xDB\xDC"
                        "b\xC0";
    for (size_t i = 0; i < 5; i++) {
        const char *rest = bytes + i;
        size_t left = 1;
        expect(&rest, &left, SLIP_MORE, NULL, 0);
    }
    const char *rest = bytes + 5;
    size_t left = 1;
    expect(&rest, &left, SLIP_FRAME,
           "a\xC0"
           "b",
           3);
}

static void wrong_escapes_make_a_frame_malformed_and_the_next_is_fine(void **state) {
    (void)state;
    const char *rest = "\xC0"
                       "a\xDBz\xC0\xC0\xDB\xC0\xC0ok\xC0";
    size_t left = 13;
    expect(&rest, &left, SLIP_MALFORMED, "a", 1);
    expect(&rest, &left, SLIP_MALFORMED, "", 0);
    expect(&rest, &left, SLIP_FRAME, "ok", 2);
}

static void endless_frames_take_no_more_memory_than_the_longest_good_one(void **state) {
    (void)state;
    static uint8_t flood[SLIP_PAYLOAD_MAX + 100000];
    memset(flood, 'x', sizeof flood);
    flood[0] = flood[sizeof flood - 1] = 0xC0;
    size_t used = 0;
    assert_int_equal(slip_decode(&decoder, flood, sizeof flood, &used), SLIP_MALFORMED);
    assert_int_equal(used, sizeof flood);
    assert_int_equal(decoder.payload.length, SLIP_PAYLOAD_MAX);
}

static void the_longest_payload_is_still_whole(void **state) {
    (void)state;
    static uint8_t frame[SLIP_PAYLOAD_MAX + 2];
    memset(frame, 'x', sizeof frame);
    frame[0] = frame[sizeof frame - 1] = 0xC0;
    size_t used = 0;
    assert_int_equal(slip_decode(&decoder, frame, sizeof frame, &used), SLIP_FRAME);
    assert_int_equal(decoder.payload.length, SLIP_PAYLOAD_MAX);
}

static void what_is_encoded_decodes_to_itself(void **state) {
    (void)state;
    uint8_t payload[512];
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 7);
    struct buffer out = {0};
    slip_encode(&out, payload, sizeof payload);
    size_t ends = 0;
    for (size_t i = 0; i < out.length; i++)
        ends += out.bytes[i] == 0xC0;
    assert_int_equal(ends, 2); // one before and one after, and none within
    size_t used = 0;
    assert_int_equal(slip_decode(&decoder, out.bytes, out.length, &used), SLIP_FRAME);
    assert_int_equal(decoder.payload.length, sizeof payload);
    assert_memory_equal(decoder.payload.bytes, payload, sizeof payload);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(frames_come_out_one_by_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(noise_before_the_first_frame_and_empty_frames_are_skipped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(escapes_are_undone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frame_may_come_byte_by_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_escapes_make_a_frame_malformed_and_the_next_is_fine, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(endless_frames_take_no_more_memory_than_the_longest_good_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_longest_payload_is_still_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_encoded_decodes_to_itself, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
