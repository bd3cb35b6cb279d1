// otadata sectors that are taken for one another: those whose records mean the same now and after every torn erase, and
// no others.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ota/otadata.h"
#include "sim/explore/canonical_otadata.h"

#define FLASH_SIZE (1u << 20)
#define SECTOR     0xD000u
#define SEED       7u

static struct tear_choice coarse(void) {
    return (struct tear_choice){fault_models_default(), DETAIL_COARSE, 16, SEED};
}

static struct canonical_otadata *canonical_new(void) {
    const struct otadata_places places = {1, {SECTOR}};
    const struct tear_choice tears = coarse();
    struct canonical_otadata *canonical = canonical_otadata_new(&places, FLASH_SIZE, &tears);
    assert_non_null(canonical);
    return canonical;
}

static struct nv_state state_with(const struct otadata_entry *entry) {
    struct nv_state state = {0};
    uint8_t record[OTADATA_ENTRY_SIZE];
    flash_init(&state.flash, FLASH_SIZE);
    otadata_encode(entry, record);
    flash_set(&state.flash, SECTOR, record, sizeof record);
    return state;
}

static struct otadata_entry record(uint32_t seq, uint32_t state) {
    struct otadata_entry entry = {.seq = seq, .state = state, .crc = otadata_crc(seq)};
    memset(entry.label, 0xFF, sizeof entry.label);
    return entry;
}

// True when two records are replaced by the same sector.
static bool stand_for_one_another(const struct otadata_entry *a, const struct otadata_entry *b) {
    struct canonical_otadata *canonical = canonical_new();
    struct nv_state one = state_with(a), other = state_with(b);
    (void)canonical_otadata_replace(canonical, &one);
    (void)canonical_otadata_replace(canonical, &other);
    bool same = content_hash_equal(nv_state_hash(&one), nv_state_hash(&other));
    nv_state_free(&one);
    nv_state_free(&other);
    canonical_otadata_free(canonical);
    return same;
}

static void labels_and_tails_say_nothing(void **state) {
    (void)state;
    struct canonical_otadata *canonical = canonical_new();
    struct otadata_entry plain = record(2, OTADATA_VALID), labelled = plain;
    memset(labelled.label, 0x5A, sizeof labelled.label);
    struct nv_state one = state_with(&plain), other = state_with(&labelled);
    flash_set(&other.flash, SECTOR + 100, "\0\0\0", 3);
    assert_false(content_hash_equal(nv_state_hash(&one), nv_state_hash(&other)));
    (void)canonical_otadata_replace(canonical, &one);
    assert_true(canonical_otadata_replace(canonical, &other));
    assert_false(canonical_otadata_replace(canonical, &other)); // it is the canonical one
    assert_true(content_hash_equal(nv_state_hash(&one), nv_state_hash(&other)));
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    struct otadata_entry kept;
    flash_read(&one.flash, SECTOR, bytes, sizeof bytes);
    otadata_decode(bytes, &kept);
    assert_memory_equal(&kept, &plain, sizeof kept);
    nv_state_free(&one);
    nv_state_free(&other);
    canonical_otadata_free(canonical);
}

static void whole_records_stay_apart(void **state) {
    (void)state;
    const uint32_t states[] = {OTADATA_NEW,     OTADATA_PENDING_VERIFY, OTADATA_VALID, OTADATA_INVALID,
                               OTADATA_ABORTED, OTADATA_UNDEFINED,      0x12345678};
    for (size_t i = 0; i < 7; i++)
        for (size_t k = 0; k < 7; k++) {
            struct otadata_entry a = record(2, states[i]), b = record(2, states[k]), c = record(3, states[k]);
            assert_int_equal(stand_for_one_another(&a, &b), i == k);
            assert_false(stand_for_one_another(&a, &c));
        }
}

static void torn_records_are_told_apart_by_what_still_counts(void **state) {
    (void)state;
    struct otadata_entry torn = record(5, OTADATA_NEW), other = record(9, OTADATA_VALID);
    torn.crc ^= 4;
    other.crc ^= 0x100;
    assert_true(stand_for_one_another(&torn, &other));
    other.state = OTADATA_PENDING_VERIFY; // it is given up and put back (BL-20), whatever its CRC
    assert_false(stand_for_one_another(&torn, &other));
    torn.state = OTADATA_PENDING_VERIFY;
    assert_true(stand_for_one_another(&torn, &other));
    other.state = OTADATA_INVALID; // blocked, whatever its CRC (OD-10)
    assert_false(stand_for_one_another(&torn, &other));
    torn.state = OTADATA_ABORTED;
    assert_false(stand_for_one_another(&torn, &other));
    torn = record(OTADATA_SEQ_BLANK, OTADATA_NEW); // blank is empty, not only broken
    torn.crc = other.crc = 0x5A5A5A5A;
    other.state = OTADATA_NEW;
    assert_false(stand_for_one_another(&torn, &other));
}

// Both mean the same now; but an erase that zeroes the sequence number makes one of them whole.
static void what_a_torn_erase_makes_of_them_counts(void **state) {
    (void)state;
    struct otadata_entry torn = record(5, OTADATA_NEW), sleeper = torn;
    torn.crc = 0x5A5A5A5A;
    sleeper.crc = otadata_crc(0);
    struct otadata_gist gist = otadata_gist(&torn), other = otadata_gist(&sleeper);
    assert_memory_equal(&gist.state, &other.state, sizeof gist.state);
    assert_false(gist.whole || other.whole);
    assert_false(stand_for_one_another(&torn, &sleeper));
}

static void sectors_with_unstable_cells_stay(void **state) {
    (void)state;
    struct canonical_otadata *canonical = canonical_new();
    struct otadata_entry entry = record(2, OTADATA_VALID);
    memset(entry.label, 0, sizeof entry.label);
    struct nv_state there = state_with(&entry), elsewhere = state_with(&entry);
    unstable_add_erased(&there.unstable, SECTOR, NOR_SECTOR_SIZE, SEED, 4);
    unstable_add_erased(&elsewhere.unstable, SECTOR + NOR_SECTOR_SIZE, NOR_SECTOR_SIZE, SEED, 4);
    assert_false(canonical_otadata_replace(canonical, &there));
    assert_true(canonical_otadata_replace(canonical, &elsewhere));
    nv_state_free(&there);
    nv_state_free(&elsewhere);
    canonical_otadata_free(canonical);
}

// ---- congruence: what stands for one another does so after every coarse tear --------------------

struct pair {
    struct canonical_otadata *canonical;
    const struct nv_state *one, *other;
    const struct journal_operation *operation;
    uint32_t compared;
};

static void compare_torn(void *context, const struct tear *tear) {
    struct pair *pair = context;
    struct nv_state one, other;
    nv_state_copy(&one, pair->one);
    nv_state_copy(&other, pair->other);
    nv_state_apply_torn(&one, pair->operation, tear);
    nv_state_apply_torn(&other, pair->operation, tear);
    (void)canonical_otadata_replace(pair->canonical, &one);
    (void)canonical_otadata_replace(pair->canonical, &other);
    assert_true(content_hash_equal(nv_state_hash(&one), nv_state_hash(&other)));
    pair->compared++;
    nv_state_free(&one);
    nv_state_free(&other);
}

// A record as chance and torn operations leave them: whole, with a field that is wrong, in part ones or zeros.
static struct otadata_entry random_record(void) {
    static const uint32_t words[] = {0, 1, 2, 3, 4, 0xFF, 0x100, 0xFFFFFF02, UINT32_MAX, 0x5A5A5A5A};
    struct otadata_entry entry = record((uint32_t)(rand() % 5), (uint32_t)(rand() % 5));
    uint32_t *const fields[] = {&entry.seq, &entry.state, &entry.crc};
    for (int i = 0; i < rand() % 3; i++)
        *fields[rand() % 3] = words[(size_t)rand() % (sizeof words / sizeof words[0])];
    memset(entry.label, rand() % 256, sizeof entry.label);
    return entry;
}

static void records_stand_for_others_after_every_tear_too(void **state) {
    (void)state;
    const struct tear_choice tears = coarse();
    const struct journal_operation erase = {
        .kind = JOURNAL_ERASE, .address = SECTOR, .length = NOR_SECTOR_SIZE};
    struct canonical_otadata *canonical = canonical_new();
    srand(SEED);
    for (int i = 0; i < 400; i++) {
        struct otadata_entry entry = random_record();
        struct nv_state one = state_with(&entry), other;
        nv_state_copy(&other, &one);
        (void)canonical_otadata_replace(canonical, &other);
        struct pair pair = {canonical, &one, &other, &erase, 0};
        for_each_tear(&tears, &erase, &one.flash, compare_torn, &pair);
        assert_true(pair.compared > 10);
        nv_state_free(&one);
        nv_state_free(&other);
    }
    canonical_otadata_free(canonical);
}

// ---- what it takes for granted ------------------------------------------------------------------

static bool fits(struct journal *journal) {
    struct canonical_otadata *canonical = canonical_new();
    bool good = canonical_otadata_fits(canonical, journal);
    canonical_otadata_free(canonical);
    journal_free(journal);
    return good;
}

static void other_ways_to_write_do_not_fit(void **state) {
    (void)state;
    static const uint8_t bytes[64];
    const struct nor_chip chip = {.size = FLASH_SIZE};
    struct journal good = {.chip = &chip}, no_erase = good, longer = good, block = good, elsewhere = good;
    (void)journal_append(&good, JOURNAL_ERASE, SECTOR, NOR_SECTOR_SIZE, NULL);
    (void)journal_append(&good, JOURNAL_PROGRAM, SECTOR, OTADATA_ENTRY_SIZE, bytes);
    assert_true(fits(&good));
    (void)journal_append(&no_erase, JOURNAL_PROGRAM, SECTOR, OTADATA_ENTRY_SIZE, bytes);
    assert_false(fits(&no_erase));
    (void)journal_append(&longer, JOURNAL_ERASE, SECTOR, NOR_SECTOR_SIZE, NULL);
    (void)journal_append(&longer, JOURNAL_PROGRAM, SECTOR, 64, bytes);
    assert_false(fits(&longer));
    (void)journal_append(&block, JOURNAL_ERASE, 0, NOR_BLOCK_SIZE, NULL);
    assert_false(fits(&block));
    (void)journal_append(&elsewhere, JOURNAL_PROGRAM, SECTOR - 64, 64, bytes);
    assert_true(fits(&elsewhere));
}

static void places_are_found_by_what_they_touch(void **state) {
    (void)state;
    const struct otadata_places places = {2, {SECTOR, SECTOR + NOR_SECTOR_SIZE}};
    assert_int_equal(otadata_places_touched(&places, 0, SECTOR), -1);
    assert_int_equal(otadata_places_touched(&places, 0, SECTOR + 1), 0);
    assert_int_equal(otadata_places_touched(&places, SECTOR + NOR_SECTOR_SIZE, SECTOR + 0x1001), 1);
    assert_int_equal(otadata_places_touched(&places, SECTOR + 0x2000, FLASH_SIZE), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_and_tails_say_nothing),
        cmocka_unit_test(whole_records_stay_apart),
        cmocka_unit_test(torn_records_are_told_apart_by_what_still_counts),
        cmocka_unit_test(what_a_torn_erase_makes_of_them_counts),
        cmocka_unit_test(sectors_with_unstable_cells_stay),
        cmocka_unit_test(records_stand_for_others_after_every_tear_too),
        cmocka_unit_test(other_ways_to_write_do_not_fit),
        cmocka_unit_test(places_are_found_by_what_they_touch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
