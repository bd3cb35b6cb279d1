// What DTR, RTS and telnet's way of carrying them do to the chip.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/serial/reset_lines.h"
#include "sim/serial/rfc2217.h"

// ---- reset lines --------------------------------------------------------------------------------

static void the_classic_sequence_ends_in_download_mode(void **state) {
    (void)state;
    struct reset_lines lines = {0};
    assert_int_equal(reset_lines_set(&lines, false, true), RESET_HELD);
    assert_int_equal(reset_lines_set(&lines, true, true),
                     RESET_NOTHING); // one line at a time: EN still rises
    assert_int_equal(reset_lines_set(&lines, true, false), RESET_DOWNLOAD);
    assert_int_equal(reset_lines_set(&lines, false, false), RESET_NOTHING);
}

static void both_lines_at_once_end_in_download_mode_too(void **state) {
    (void)state;
    struct reset_lines lines = {0};
    (void)reset_lines_set(&lines, true, true); // as a port is opened
    assert_int_equal(reset_lines_set(&lines, false, true), RESET_HELD);
    assert_int_equal(reset_lines_set(&lines, true, false), RESET_DOWNLOAD);
}

static void a_pulse_on_rts_starts_what_is_in_flash(void **state) {
    (void)state;
    struct reset_lines lines = {0};
    assert_int_equal(reset_lines_set(&lines, false, true), RESET_HELD);
    assert_int_equal(reset_lines_set(&lines, false, true), RESET_NOTHING);
    assert_int_equal(reset_lines_set(&lines, false, false), RESET_FLASH);
}

static void opening_a_port_resets_nothing(void **state) {
    (void)state;
    struct reset_lines lines = {0};
    assert_int_equal(reset_lines_set(&lines, true, false), RESET_NOTHING);
    assert_int_equal(reset_lines_set(&lines, true, true), RESET_NOTHING);
    assert_int_equal(reset_lines_set(&lines, true, false), RESET_NOTHING);
    assert_int_equal(reset_lines_set(&lines, false, false), RESET_NOTHING);
}

static void a_release_that_is_taken_back_holds_the_chip(void **state) {
    (void)state;
    struct reset_lines lines = {0};
    (void)reset_lines_set(&lines, false, true);
    (void)reset_lines_set(&lines, true, true);
    assert_int_equal(reset_lines_set(&lines, false, true), RESET_NOTHING);
    assert_true(lines.held);
}

// ---- telnet -------------------------------------------------------------------------------------

struct heard {
    struct buffer data;
    unsigned line_changes;
    bool dtr, rts;
};

static void hear_data(void *context, const uint8_t *bytes, size_t length) {
    buffer_append(&((struct heard *)context)->data, bytes, length);
}

static void hear_lines(void *context, bool dtr, bool rts) {
    struct heard *heard = context;
    heard->line_changes++;
    heard->dtr = dtr;
    heard->rts = rts;
}

// Feeds bytes, whole or one by one, and checks what telnet answers.
static void expect_answer(bool one_by_one, const char *in, size_t length, const char *answer,
                          size_t answer_length, struct heard *heard) {
    struct rfc2217 telnet = {.baud = 115200};
    struct rfc2217_sink sink = {heard, hear_data, hear_lines};
    struct buffer out = {0};
    for (size_t i = 0; i < length; i += one_by_one ? 1 : length)
        rfc2217_receive(&telnet, (const uint8_t *)in + i, one_by_one ? 1 : length, &sink, &out);
    assert_int_equal(out.length, answer_length);
    if (answer_length > 0)
        assert_memory_equal(out.bytes, answer, answer_length);
    buffer_free(&out);
}

static void check_both_ways(const char *in, size_t length, const char *answer, size_t answer_length,
                            struct heard *heard) {
    expect_answer(true, in, length, answer, answer_length, heard);
    buffer_free(&heard->data);
    *heard = (struct heard){0};
    expect_answer(false, in, length, answer, answer_length, heard);
}

static void the_port_option_is_agreed_on_once_and_others_are_refused(void **state) {
    (void)state;
    struct heard heard = {0};
    check_both_ways("\xFF\xFB\x2C\xFF\xFB\x2C\xFF\xFD\x01", 9, "\xFF\xFD\x2C\xFF\xFC\x01", 6, &heard);
    assert_int_equal(heard.data.length, 0);
}

static void control_lines_reach_the_chip_and_are_acknowledged(void **state) {
    (void)state;
    struct heard heard = {0};
    check_both_ways("\xFF\xFA\x2C\x05\x08\xFF\xF0\xFF\xFA\x2C\x05\x0B\xFF\xF0", 14,
                    "\xFF\xFA\x2C\x69\x08\xFF\xF0\xFF\xFA\x2C\x69\x0B\xFF\xF0", 14, &heard);
    assert_int_equal(heard.line_changes, 2);
    assert_true(heard.dtr);
    assert_true(heard.rts);
}

static void the_baud_rate_is_acknowledged_with_its_bytes_doubled_where_needed(void **state) {
    (void)state;
    struct heard heard = {0};
    check_both_ways("\xFF\xFA\x2C\x01\x00\x00\xFF\xFF\x00\xFF\xF0", 11,
                    "\xFF\xFA\x2C\x65\x00\x00\xFF\xFF\x00\xFF\xF0", 11, &heard);
}

static void data_keep_their_order_and_their_doubled_bytes_become_one(void **state) {
    (void)state;
    struct heard heard = {0};
    check_both_ways("ab\xFF\xFF"
                    "c\xFF\xF1"
                    "d",
                    8, NULL, 0, &heard);
    assert_int_equal(heard.data.length, 5);
    assert_memory_equal(heard.data.bytes,
                        "ab\xFF"
                        "cd",
                        5);
    buffer_free(&heard.data);
    struct buffer out = {0};
    rfc2217_encode(&out,
                   (const uint8_t *)"\xFF"
                                    "a\xFF",
                   3);
    assert_int_equal(out.length, 5);
    assert_memory_equal(out.bytes,
                        "\xFF\xFF"
                        "a\xFF\xFF",
                        5);
    buffer_free(&out);
}

static void endless_suboptions_are_cut(void **state) {
    (void)state;
    static char in[5000];
    memset(in, 'x', sizeof in);
    memcpy(in, "\xFF\xFA\x2C\x05\x08", 5);
    memcpy(in + sizeof in - 2, "\xFF\xF0", 2);
    struct heard heard = {0};
    expect_answer(false, in, sizeof in, "\xFF\xFA\x2C\x69\x08\xFF\xF0", 7, &heard);
    assert_int_equal(heard.line_changes, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_classic_sequence_ends_in_download_mode),
        cmocka_unit_test(both_lines_at_once_end_in_download_mode_too),
        cmocka_unit_test(a_pulse_on_rts_starts_what_is_in_flash),
        cmocka_unit_test(opening_a_port_resets_nothing),
        cmocka_unit_test(a_release_that_is_taken_back_holds_the_chip),
        cmocka_unit_test(the_port_option_is_agreed_on_once_and_others_are_refused),
        cmocka_unit_test(control_lines_reach_the_chip_and_are_acknowledged),
        cmocka_unit_test(the_baud_rate_is_acknowledged_with_its_bytes_doubled_where_needed),
        cmocka_unit_test(data_keep_their_order_and_their_doubled_bytes_become_one),
        cmocka_unit_test(endless_suboptions_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
