// What is known of images by their SHA-256: never more than is true.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/buffer.h"
#include "sim/hw/seals.h"
#include "sim/provision/app_image_builder.h"

#define PLACE 0x20000u

static struct buffer example(uint32_t size) {
    struct app_image_options options = app_image_options_default();
    struct buffer image = {0};
    struct error error = {0};
    options.size = size;
    assert_true(app_image_build(&options, &image, &error));
    return image;
}

struct bench {
    struct buffer image;
    uint32_t covered; // by the digest
    struct seals *seals;
    struct flash flash;
};

static struct bench bench_with(uint32_t size) {
    struct bench bench = {.image = example(size), .seals = seals_new()};
    bench.covered = (uint32_t)bench.image.length - SEAL_SIZE;
    seals_add(bench.seals, bench.image.bytes, (uint32_t)bench.image.length);
    flash_init(&bench.flash, 1u << 20);
    flash_set(&bench.flash, PLACE, bench.image.bytes, (uint32_t)bench.image.length);
    return bench;
}

static void put_away(struct bench *bench) {
    flash_free(&bench->flash);
    seals_free(bench->seals);
    buffer_free(&bench->image);
}

static void change(struct bench *bench, uint32_t at) {
    uint8_t byte;
    flash_read(&bench->flash, PLACE + at, &byte, 1);
    byte ^= 0x10;
    flash_set(&bench->flash, PLACE + at, &byte, 1);
}

static enum seal say(const struct bench *bench) {
    return seals_say(bench->seals, &bench->flash, PLACE, bench->covered);
}

static void the_image_itself_has_to_be_computed_once(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    assert_int_equal(say(&bench), SEAL_UNKNOWN);
    seals_learn_whole(bench.seals, &bench.flash, PLACE, bench.covered);
    assert_int_equal(say(&bench), SEAL_WHOLE);
    put_away(&bench);
}

static void any_other_byte_breaks_it(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    seals_learn_whole(bench.seals, &bench.flash, PLACE, bench.covered);
    const uint32_t places[] = {0, 1, 4095, 4096, 12000, bench.covered - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        change(&bench, places[i]);
        assert_int_equal(say(&bench), SEAL_BROKEN);
        change(&bench, places[i]);
        assert_int_equal(say(&bench), SEAL_WHOLE);
    }
    put_away(&bench);
}

static void a_digest_that_nobody_knows_says_nothing(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    change(&bench, bench.covered + 3);
    assert_int_equal(say(&bench), SEAL_UNKNOWN);
    assert_int_not_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, PLACE, PLACE + 64),
                         SEAL_BROKEN);
    put_away(&bench);
}

static void an_erased_or_overwritten_digest_is_nobodys(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    uint8_t bytes[SEAL_SIZE];
    for (unsigned value = 0; value <= 0xFF; value += 0xFF) {
        memset(bytes, (int)value, sizeof bytes);
        flash_set(&bench.flash, PLACE + bench.covered, bytes, sizeof bytes);
        assert_int_equal(say(&bench), SEAL_BROKEN);
        assert_int_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, PLACE, PLACE + 64),
                         SEAL_BROKEN);
    }
    put_away(&bench);
}

// A change within a range that is left out must not count, whether it lies in whole sectors or beside them.
static void only_what_lies_outside_counts(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    const struct {
        uint32_t changed, first, end;
        bool broken;
    } cases[] = {
        {100, 64, 128, false},        {100, 0, 4096, false},     {100, 101, 164, true},
        {100, 36, 100, true},         {8192, 8192, 8256, false}, {8192, 8193, 8257, true},
        {5000, 0, 20000 - 32, false}, {19000, 0, 8192, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        change(&bench, cases[i].changed);
        assert_int_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, PLACE + cases[i].first,
                                      PLACE + cases[i].end) == SEAL_BROKEN,
                         cases[i].broken);
        change(&bench, cases[i].changed);
    }
    assert_int_not_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, PLACE, PLACE + 64),
                         SEAL_BROKEN);
    // The digest itself may change: nothing is sure.
    change(&bench, 100);
    assert_int_not_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered,
                                      PLACE + bench.covered - 8, PLACE + bench.covered + 8),
                         SEAL_BROKEN);
    put_away(&bench);
}

// An image that somebody has found whole, but for a range: it is whole exactly with its own bytes there.
static void the_rest_decides_when_all_beside_it_is_whole(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    const uint32_t first = PLACE + 4096, end = PLACE + 8192;
    assert_int_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, first, end), SEAL_UNKNOWN);
    seals_learn_whole(bench.seals, &bench.flash, PLACE, bench.covered);
    assert_int_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, first, end), SEAL_WHOLE);
    assert_true(seals_match_within(bench.seals, &bench.flash, PLACE, bench.covered, first, end));
    const uint32_t inside[] = {4096, 6000, 8191};
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        change(&bench, inside[i]);
        assert_int_equal(seals_beside(bench.seals, &bench.flash, PLACE, bench.covered, first, end),
                         SEAL_WHOLE);
        assert_false(seals_match_within(bench.seals, &bench.flash, PLACE, bench.covered, first, end));
        change(&bench, inside[i]);
    }
    // What lies before the image or behind it is not its concern.
    change(&bench, bench.covered + SEAL_SIZE);
    assert_true(seals_match_within(bench.seals, &bench.flash, PLACE, bench.covered, 0, first));
    assert_true(
        seals_match_within(bench.seals, &bench.flash, PLACE, bench.covered, PLACE + 16384, PLACE + 24576));
    put_away(&bench);
}

static void what_does_not_have_its_digest_is_not_taken(void **state) {
    (void)state;
    struct bench bench = bench_with(20000);
    struct buffer other = example(24000);
    other.bytes[50] ^= 1;
    seals_add(bench.seals, other.bytes, (uint32_t)other.length);
    flash_set(&bench.flash, PLACE, other.bytes, (uint32_t)other.length);
    assert_int_equal(seals_say(bench.seals, &bench.flash, PLACE, (uint32_t)other.length - SEAL_SIZE),
                     SEAL_UNKNOWN);
    seals_add(bench.seals, other.bytes, SEAL_SIZE);
    buffer_free(&other);
    put_away(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_image_itself_has_to_be_computed_once),
        cmocka_unit_test(any_other_byte_breaks_it),
        cmocka_unit_test(a_digest_that_nobody_knows_says_nothing),
        cmocka_unit_test(an_erased_or_overwritten_digest_is_nobodys),
        cmocka_unit_test(only_what_lies_outside_counts),
        cmocka_unit_test(the_rest_decides_when_all_beside_it_is_whole),
        cmocka_unit_test(what_does_not_have_its_digest_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
