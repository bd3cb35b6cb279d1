// What the explorer keeps by itself: places that were read, states that were met.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/explore/read_set.h"
#include "sim/explore/state_map.h"

#define SPACE 512u

static bool has(const bool *bytes, uint32_t start, uint32_t end) {
    for (uint32_t i = start; i < end; i++)
        if (bytes[i])
            return true;
    return false;
}

static bool has_all(const bool *bytes, uint32_t start, uint32_t end) {
    for (uint32_t i = start; i < end; i++)
        if (!bytes[i])
            return false;
    return true;
}

// Against one flag a byte.
static void a_read_set_is_the_bytes_that_were_added(void **state) {
    (void)state;
    srand(1);
    for (int round = 0; round < 200; round++) {
        struct read_set set = {0};
        bool bytes[SPACE] = {false};
        for (int i = 0; i < 40; i++) {
            uint32_t start = (uint32_t)rand() % SPACE, end = start + (uint32_t)rand() % 20;
            end = end < SPACE ? end : SPACE;
            assert_int_equal(read_set_intersects(&set, start, end), has(bytes, start, end));
            assert_int_equal(read_set_add(&set, start, end), !has_all(bytes, start, end));
            for (uint32_t at = start; at < end; at++)
                bytes[at] = true;
        }
        for (size_t i = 0; i < set.count; i++) {
            assert_true(has_all(bytes, set.ranges[i].start, set.ranges[i].end));
            assert_true(i == 0 || set.ranges[i - 1].end < set.ranges[i].start);
        }
        for (uint32_t at = 0; at < SPACE; at++)
            assert_int_equal(read_set_intersects(&set, at, at + 1), bytes[at]);
        read_set_free(&set);
    }
}

static void united_sets_have_what_each_of_them_has(void **state) {
    (void)state;
    struct read_set one = {.efuse = 1, .retained = true}, other = {.efuse = 4, .reset_reason = true};
    (void)read_set_add(&one, 0, 10);
    (void)read_set_add(&other, 10, 20);
    (void)read_set_add(&other, 40, 50);
    read_set_unite(&one, &other);
    assert_int_equal(one.count, 2);
    assert_int_equal(one.ranges[0].end, 20);
    assert_int_equal(one.efuse, 5);
    assert_true(one.retained && one.reset_reason);
    read_set_clear(&one);
    assert_false(read_set_intersects(&one, 0, 100));
    assert_true(one.efuse == 0 && !one.retained && !one.reset_reason);
    read_set_free(&one);
    read_set_free(&other);
}

static struct content_hash key(uint64_t number) {
    return (struct content_hash){number | 1, number % 7}; // many share a place
}

static void a_state_map_finds_what_was_added_and_nothing_else(void **state) {
    (void)state;
    struct state_map map = {0};
    assert_null(state_map_find(&map, key(1)));
    for (uint64_t i = 1; i < 4000; i += 2)
        state_map_add(&map, key(i))->weight = i;
    assert_int_equal(map.count, 2000);
    for (uint64_t i = 1; i < 4000; i += 2) {
        assert_non_null(state_map_find(&map, key(i)));
        assert_int_equal(state_map_find(&map, key(i))->weight, i);
    }
    assert_null(state_map_find(&map, (struct content_hash){1, 3}));
    assert_null(state_map_find(&map, key(4001)));
    state_map_free(&map);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_set_is_the_bytes_that_were_added),
        cmocka_unit_test(united_sets_have_what_each_of_them_has),
        cmocka_unit_test(a_state_map_finds_what_was_added_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
