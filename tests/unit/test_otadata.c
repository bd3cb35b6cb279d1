// otadata: CRC, predicates, the active entry, the next sequence number. Tables are those of the OD rules.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ota/otadata.h"

static struct otadata_entry entry_of(uint32_t seq, uint32_t state) {
    struct otadata_entry entry = {.seq = seq, .state = state, .crc = otadata_crc(seq)};
    memset(entry.label, 0xFF, sizeof entry.label);
    return entry;
}

static const struct otadata_entry blank = {OTADATA_SEQ_BLANK, {0}, OTADATA_UNDEFINED, 0xFFFFFFFF};

static void crc_covers_the_sequence_number(void **state) {
    (void)state;
    static const struct {
        uint32_t seq, crc;
    } table[] = {// OD-2
                 {0, 0xFFFFFFFF},          {1, 0x4743989A},          {2, 0x55F63774},
                 {3, 0xED4A5011},          {4, 0x709D68A8},          {5, 0xC8210FCD},
                 {6, 0xDA94A023},          {7, 0x6228C746},          {8, 0x3A4BD710},
                 {16, 0xAFE6A860},         {17, 0x175ACF05},         {255, 0x21FAF90E},
                 {256, 0xFE3D95C8},        {1000, 0xEE722871},       {0x7FFFFFFF, 0xCCFC5C3C},
                 {0x80000000, 0x12477CDF}, {0xFFFFFFFC, 0x33F170F2}, {0xFFFFFFFD, 0x8B4D1797},
                 {0xFFFFFFFE, 0x99F8B879}, {0xFFFFFFFF, 0x2144DF1C}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(otadata_crc(table[i].seq), table[i].crc);
}

static void predicates_differ(void **state) {
    (void)state;
    static const struct {
        uint32_t seq, state;
        bool right_crc, blocked, good, empty;
    } table[] = {
        {1, OTADATA_VALID, true, false, true, false},
        {1, OTADATA_NEW, true, false, true, false},
        {1, OTADATA_PENDING_VERIFY, true, false, true, false},
        {1, OTADATA_UNDEFINED, true, false, true, false},
        {1, 0xFFFFFF02, true, false, true, false}, // an unknown state bars nothing
        {1, OTADATA_INVALID, true, true, false, false},
        {1, OTADATA_ABORTED, true, true, false, false},
        {1, OTADATA_NEW, false, false, false, true}, // neither good nor blocked (OD-13)
        {1, OTADATA_ABORTED, false, true, false, true},
        {0, OTADATA_UNDEFINED, true, false, true, false}, // OD-14
        {OTADATA_SEQ_BLANK, OTADATA_VALID, true, true, false, true},
        {OTADATA_SEQ_BLANK, OTADATA_UNDEFINED, false, true, false, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct otadata_entry entry = entry_of(table[i].seq, table[i].state);
        entry.crc ^= table[i].right_crc ? 0 : 1;
        assert_int_equal(otadata_is_blocked(&entry), table[i].blocked);
        assert_int_equal(otadata_is_good(&entry), table[i].good);
        assert_int_equal(otadata_is_empty(&entry), table[i].empty);
    }
}

static void larger_sequence_number_is_active(void **state) {
    (void)state;
    struct otadata_entry one = entry_of(1, OTADATA_VALID), two = entry_of(2, OTADATA_NEW);
    struct otadata_entry aborted = entry_of(9, OTADATA_ABORTED), huge = entry_of(0x80000000, OTADATA_VALID);
    assert_int_equal(otadata_active((struct otadata_entry[]){one, two}), 1);
    assert_int_equal(otadata_active((struct otadata_entry[]){two, one}), 0);
    assert_int_equal(otadata_active((struct otadata_entry[]){one, one}), 0); // a tie
    assert_int_equal(otadata_active((struct otadata_entry[]){one, aborted}), 0);
    assert_int_equal(otadata_active((struct otadata_entry[]){blank, one}), 1);
    assert_int_equal(otadata_active((struct otadata_entry[]){one, huge}), 1); // unsigned
    assert_int_equal(otadata_active((struct otadata_entry[]){blank, aborted}), -1);
}

static void slots_follow_from_sequence_numbers(void **state) {
    (void)state;
    assert_int_equal(otadata_slot(1, 2), 0);
    assert_int_equal(otadata_slot(2, 2), 1);
    assert_int_equal(otadata_slot(17, 16), 0);
    assert_int_equal(otadata_slot(0, 2), 1); // OD-14: 2^32 - 1 modulo n
    assert_int_equal(otadata_slot(0, 3), 0);
}

#define NEVER 0, true

static void next_number_follows_the_tables(void **state) {
    (void)state;
    static const struct {
        uint32_t active, slots, target, next;
        bool never_ends;
    } table[] = {
        // OD-22
        {1, 2, 1, 2, false},
        {2, 2, 0, 3, false},
        {5, 8, 6, 7, false},
        {16, 16, 0, 17, false},
        {1, 16, 15, 16, false},
        {16, 16, 3, 20, false},
        {7, 3, 2, 9, false},
        {0, 2, 0, 1, false},
        // OD-24
        {0xFFFFFFFD, 2, 1, 0xFFFFFFFE, false},
        {0xFFFFFFFE, 2, 0, 0xFFFFFFFF, false},
        {0xFFFFFFFD, 3, 2, 0xFFFFFFFF, false},
        {0xFFFFFFFE, 3, 0, 0xFFFFFFFF, false},
        {0xFFFFFFFD, 4, 3, NEVER},
        {0xFFFFFFFE, 4, 2, 0xFFFFFFFF, false},
        {0xFFFFFFFE, 4, 0, NEVER},
        {0xFFFFFFFE, 4, 3, NEVER},
        {0xFFFFFFFC, 16, 0, NEVER},
        {0xFFFFFFFC, 16, 10, NEVER},
        {0xFFFFFFFC, 16, 15, NEVER},
        {0xFFFFFFFC, 16, 12, 0xFFFFFFFD, false},
        {0xFFFFFFFC, 16, 13, 0xFFFFFFFE, false},
        {0xFFFFFFFC, 16, 14, 0xFFFFFFFF, false},
        {0, 3, 2, 0, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct otadata_entry entries[2] = {blank, entry_of(table[i].active, OTADATA_VALID)};
        int index = -1;
        uint32_t seq = 0;
        enum otadata_next result =
            otadata_next_entry(entries, table[i].target, table[i].slots, true, &index, &seq);
        assert_int_equal(result, table[i].never_ends ? OTADATA_NEXT_NEVER_ENDS : OTADATA_NEXT_OK);
        if (!table[i].never_ends) {
            assert_int_equal(index, 0);
            assert_int_equal(seq, table[i].next);
        }
    }
}

// The search as OD-22 states it, for numbers small enough to count.
static uint32_t counted(uint32_t active, uint32_t target, uint32_t slots) {
    uint32_t candidate = (target + 1) % slots;
    while (candidate < active)
        candidate += slots;
    return candidate;
}

static void next_number_is_the_one_found_by_counting(void **state) {
    (void)state;
    for (uint32_t slots = 2; slots <= 16; slots++) {
        for (uint32_t active = 0; active < 100; active++) {
            for (uint32_t target = 0; target < slots; target++) {
                struct otadata_entry entries[2] = {entry_of(active, OTADATA_VALID), blank};
                if (otadata_slot(active, slots) == target)
                    continue;
                int index;
                uint32_t seq;
                assert_int_equal(otadata_next_entry(entries, target, slots, true, &index, &seq),
                                 OTADATA_NEXT_OK);
                assert_int_equal(index, 1);
                assert_int_equal(seq, counted(active, target, slots));
            }
        }
    }
}

static void first_selection_goes_to_entry_0(void **state) {
    (void)state;
    struct otadata_entry entries[2] = {blank, entry_of(7, OTADATA_ABORTED)};
    int index;
    uint32_t seq;
    assert_int_equal(otadata_next_entry(entries, 2, 4, true, &index, &seq), OTADATA_NEXT_OK); // OD-20
    assert_int_equal(index, 0);
    assert_int_equal(seq, 3);
}

static void active_slot_again_depends_on_the_release(void **state) {
    (void)state;
    struct otadata_entry entries[2] = {entry_of(3, OTADATA_VALID), entry_of(2, OTADATA_VALID)};
    int index;
    uint32_t seq;
    assert_int_equal(otadata_next_entry(entries, 0, 2, true, &index, &seq), OTADATA_NEXT_OK);
    assert_int_equal(index, 0);
    assert_int_equal(seq, 3);
    assert_int_equal(otadata_next_entry(entries, 0, 2, false, &index, &seq), OTADATA_NEXT_OK); // D5
    assert_int_equal(index, 1);
    assert_int_equal(seq, 3);
}

static void entries_keep_every_byte(void **state) {
    (void)state;
    uint8_t bytes[OTADATA_ENTRY_SIZE], again[OTADATA_ENTRY_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 1);
    struct otadata_entry entry;
    otadata_decode(bytes, &entry);
    assert_int_equal(entry.seq, 0x704B2601); // bytes 1, 38, 75, 112
    otadata_encode(&entry, again);
    assert_memory_equal(bytes, again, sizeof bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_covers_the_sequence_number),
        cmocka_unit_test(predicates_differ),
        cmocka_unit_test(larger_sequence_number_is_active),
        cmocka_unit_test(slots_follow_from_sequence_numbers),
        cmocka_unit_test(next_number_follows_the_tables),
        cmocka_unit_test(next_number_is_the_one_found_by_counting),
        cmocka_unit_test(first_selection_goes_to_entry_0),
        cmocka_unit_test(active_slot_again_depends_on_the_release),
        cmocka_unit_test(entries_keep_every_byte),
    };
    return cmocka_run_group_tests_name("otadata", tests, NULL, NULL);
}
