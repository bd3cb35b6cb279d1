// Every invariant, held and broken: truth tables.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ota/otadata.h"
#include "sim/explore/invariant.h"
#include "sim/explore/outcome.h"
#include "sim/explore/recovery.h"

enum { OLD = 11, NEW, THIRD, FACTORY }; // contents

static const struct invariant_limits limits = {.checked = INVARIANTS_ALL | 1u << INVARIANT_CUSTOM,
                                               .boots_max = 16,
                                               .erases_max = 8,
                                               .rollback = true,
                                               .anti_rollback = true};

// ---- promises -----------------------------------------------------------------------------------

static const struct promise nothing;
static const struct promise declared = {.declared = true, .unproven = ~1u};
static const struct promise started = {.running = OLD, .confirmed = OLD, .unproven = ~1u};
static const struct promise selecting = {.running = OLD, .selecting = NEW, .confirmed = OLD, .unproven = ~1u};
static const struct promise selected = {
    .running = OLD, .before = OLD, .selected = NEW, .selected_slot = 1, .unproven = ~1u};
static const struct promise given_up = {
    .running = OLD, .before = OLD, .selected = NEW, .selected_slot = 1, .unproven = ~1u, .given_up = true};
static const struct promise tried = {
    .running = NEW, .before = OLD, .selected = NEW, .selected_slot = 1, .unproven = ~1u, .tried = true};
static const struct promise confirming = {.running = NEW,
                                          .before = OLD,
                                          .selected = NEW,
                                          .selected_slot = 1,
                                          .unproven = ~1u,
                                          .tried = true,
                                          .confirming = true};
static const struct promise confirmed = {.running = NEW,
                                         .before = OLD,
                                         .selected = NEW,
                                         .selected_slot = 1,
                                         .confirmed = NEW,
                                         .unproven = ~3u,
                                         .tried = true};
static const struct promise rejected = {.running = NEW,
                                        .before = OLD,
                                        .selected = NEW,
                                        .selected_slot = 1,
                                        .unproven = ~1u,
                                        .tried = true,
                                        .rejected = true};
static const struct promise on_probation = {.running = NEW, .unproven = ~1u, .probation = true};
static const struct promise pinned = {.running = OLD, .confirmed = OLD, .by_pin = FACTORY, .unproven = ~1u};

// ---- recoveries ---------------------------------------------------------------------------------

#define VALID_IN(place)                                                                                      \
    { place, OTADATA_VALID }
#define NO_RECORD                                                                                            \
    { SLOT_NONE, 0 }

static const struct recovery nothing_boots = {
    .end = RECOVERY_NOTHING_BOOTABLE, .boots = 2, .records = {NO_RECORD, NO_RECORD}};
static const struct recovery loops_on_new = {.end = RECOVERY_BOOT_LOOP,
                                             .boots = 2,
                                             .content = NEW,
                                             .slot = 1,
                                             .records = {NO_RECORD, NO_RECORD},
                                             .event_count = 2,
                                             .events = {{.kind = EVENT_RUNNING, .image = NEW, .slot = 1},
                                                        {.kind = EVENT_CRASHED, .image = NEW, .slot = 1}}};
static const struct recovery old_runs = {
    .boots = 1,
    .content = OLD,
    .slot = 0,
    .state = OTADATA_VALID,
    .records = {VALID_IN(0), NO_RECORD},
    .event_count = 1,
    .events = {{.kind = EVENT_RUNNING, .image = OLD, .slot = 0, .state = OTADATA_VALID}}};
static const struct recovery new_runs = {
    .boots = 1,
    .content = NEW,
    .slot = 1,
    .state = OTADATA_PENDING_VERIFY,
    .records = {VALID_IN(0), {1, OTADATA_PENDING_VERIFY}},
    .event_count = 1,
    .events = {{.kind = EVENT_RUNNING, .image = NEW, .slot = 1, .state = OTADATA_PENDING_VERIFY}}};
static const struct recovery new_crashes_old_runs = {
    .boots = 2,
    .content = OLD,
    .slot = 0,
    .state = OTADATA_VALID,
    .records = {VALID_IN(0), {1, OTADATA_ABORTED}},
    .event_count = 3,
    .events = {{.kind = EVENT_RUNNING, .image = NEW, .slot = 1, .state = OTADATA_PENDING_VERIFY},
               {.kind = EVENT_CRASHED, .image = NEW, .slot = 1},
               {.kind = EVENT_RUNNING, .image = OLD, .slot = 0, .state = OTADATA_VALID}}};
static const struct recovery new_confirms = {
    .boots = 1,
    .content = NEW,
    .slot = 1,
    .state = OTADATA_VALID,
    .records = {VALID_IN(0), VALID_IN(1)},
    .event_count = 3,
    .events = {{.kind = EVENT_RUNNING, .image = NEW, .slot = 1, .state = OTADATA_PENDING_VERIFY},
               {.kind = EVENT_CONFIRMING, .image = NEW, .slot = 1},
               {.kind = EVENT_CONFIRMED, .image = NEW, .slot = 1}}};
static const struct recovery third_runs = {
    .boots = 1,
    .content = THIRD,
    .slot = 2,
    .state = OTADATA_UNDEFINED,
    .records = {VALID_IN(0), {2, OTADATA_UNDEFINED}},
    .event_count = 1,
    .events = {{.kind = EVENT_RUNNING, .image = THIRD, .slot = 2, .state = OTADATA_UNDEFINED}}};
static const struct recovery factory_runs = {
    .boots = 1,
    .content = FACTORY,
    .slot = SLOT_NONE,
    .state = STATE_NOT_RECORDED,
    .records = {NO_RECORD, NO_RECORD},
    .event_count = 1,
    .events = {{.kind = EVENT_RUNNING, .image = FACTORY, .slot = SLOT_NONE, .state = STATE_NOT_RECORDED}}};

// ---- the table ----------------------------------------------------------------------------------

#define B(invariant) (1u << INVARIANT_##invariant)

static const struct row {
    const char *name;
    const struct promise *promise;
    const struct recovery *recovery;
    uint32_t broken;
} rows[] = {
    {"a board may start as it likes", &nothing, &nothing_boots, 0},
    {"even with what loops: but it does not settle", &nothing, &loops_on_new, B(SETTLES)},
    {"a loop that was declared", &declared, &loops_on_new, 0},
    {"a brick that was declared", &declared, &nothing_boots, 0},
    {"any image first", &nothing, &third_runs, 0},
    {"the old one boots", &started, &old_runs, 0},
    {"a brick", &started, &nothing_boots, B(BOOTS)},
    {"what was only downloaded boots", &started, &new_runs, B(OLD_OR_NEW) | B(CONFIRMED_SURVIVES)},
    {"while it is selected, it may", &selecting, &new_runs, 0},
    {"and so may the old one", &selecting, &old_runs, 0},
    {"but no third", &selecting, &third_runs, B(OLD_OR_NEW) | B(CONFIRMED_SURVIVES)},
    {"the selected one boots", &selected, &new_runs, 0},
    {"it is lost", &selected, &old_runs, B(UPDATE_NOT_LOST)},
    {"it was overwritten: not lost", &given_up, &old_runs, 0},
    {"it crashes and gives way", &selected, &new_crashes_old_runs, 0},
    {"it crashes for ever", &selected, &loops_on_new, B(ROLLBACK_LANDS)},
    {"it confirms", &selected, &new_confirms, 0},
    {"it had its try: the old one boots", &tried, &old_runs, 0},
    {"it had its try, and gets another", &tried, &new_runs, B(PENDING_BOOTS_ONCE)},
    {"it had its try, and boots as the third", &tried, &third_runs, B(OLD_OR_NEW)},
    {"its record is lost while it confirms", &confirming, &old_runs, B(UPDATE_NOT_LOST)},
    {"it boots again while it confirms", &confirming, &new_runs, 0},
    {"it was confirmed", &confirmed, &new_confirms, 0},
    {"it was confirmed, and is lost", &confirmed, &old_runs, B(CONFIRMED_SURVIVES)},
    {"it gave itself up", &rejected, &old_runs, 0},
    {"it gave itself up, and runs", &rejected, &new_runs, B(ROLLBACK_LANDS) | B(PENDING_BOOTS_ONCE)},
    {"on probation: what was before", &on_probation, &old_runs, 0},
    {"on probation: itself", &on_probation, &new_runs, B(PENDING_BOOTS_ONCE)},
    {"on probation: it loops", &on_probation, &loops_on_new, B(ROLLBACK_LANDS) | B(PENDING_BOOTS_ONCE)},
    {"a pin asks for the factory app", &pinned, &factory_runs, 0},
    {"a pin, and a third", &pinned, &third_runs, B(OLD_OR_NEW) | B(CONFIRMED_SURVIVES)},
};

static void each_row_breaks_what_it_says(void **state) {
    (void)state;
    struct invariant_limits all = limits;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t broken = invariants_broken(rows[i].recovery, rows[i].promise, &all);
        // A state that is started twice in one loop is one more finding of the same kind.
        if (rows[i].recovery == &loops_on_new)
            broken &= ~B(PENDING_BOOTS_ONCE);
        uint32_t wanted = rows[i].broken;
        if (rows[i].recovery == &loops_on_new)
            wanted &= ~B(PENDING_BOOTS_ONCE);
        if (broken != wanted)
            fail_msg("%s: 0x%x instead of 0x%x", rows[i].name, broken, wanted);
    }
}

static uint32_t with(const struct recovery *recovery, const struct promise *promise) {
    return invariants_broken(recovery, promise, &limits);
}

static void only_what_is_checked_counts(void **state) {
    (void)state;
    struct invariant_limits none = limits;
    none.checked = 0;
    assert_int_equal(invariants_broken(&nothing_boots, &started, &none), 0);
    struct invariant_limits plain = limits;
    plain.rollback = plain.anti_rollback = false;
    assert_int_equal(invariants_broken(&new_runs, &tried, &plain), 0);
    assert_int_equal(invariants_broken(&loops_on_new, &selected, &plain), B(SETTLES));
}

static void numbers_have_their_bounds(void **state) {
    (void)state;
    struct recovery recovery = old_runs;
    recovery.boots = 16;
    recovery.erases_max = 8;
    assert_int_equal(with(&recovery, &started), 0);
    recovery.boots = 17;
    assert_int_equal(with(&recovery, &started), B(SETTLES));
    recovery.boots = 1;
    recovery.erases_max = 9;
    assert_int_equal(with(&recovery, &started), B(WEAR_BOUNDED));
}

static void retries_and_own_invariants_count(void **state) {
    (void)state;
    struct recovery recovery = old_runs;
    recovery.retried = true;
    assert_int_equal(with(&recovery, &started), B(RETRY_SUCCEEDS));
    recovery.retry_succeeded = true;
    assert_int_equal(with(&recovery, &started), 0);
    recovery.custom_broken = 1;
    assert_int_equal(with(&recovery, &started), 1u << INVARIANT_CUSTOM);
    recovery = old_runs;
    recovery.left_open = true;
    assert_int_equal(with(&recovery, &started), B(OPERATIONS_CLOSED));
}

static void nothing_below_the_efuse_runs(void **state) {
    (void)state;
    struct recovery recovery = old_runs;
    struct promise promise = started;
    promise.proven_secure = 3;
    recovery.events[0].secure_version = recovery.events[0].efuse_version = 3;
    assert_int_equal(with(&recovery, &promise), 0);
    recovery.events[0].secure_version = 2;
    assert_int_equal(with(&recovery, &promise), B(NO_DOWNGRADE));
}

static void the_efuse_follows_confirmations(void **state) {
    (void)state;
    struct recovery recovery = new_confirms;
    recovery.efuse_version = 2;
    assert_int_equal(with(&recovery, &selected), B(EFUSE_NOT_AHEAD));
    recovery.events[2].secure_version = 2; // what it confirmed
    assert_int_equal(with(&recovery, &selected), 0);
    recovery = nothing_boots;
    recovery.efuse_version = 2;
    assert_int_equal(with(&recovery, &started), B(BOOTS) | B(EFUSE_NOT_AHEAD));
}

struct record_row {
    const char *name;
    const struct promise *promise;
    struct slot_record records[2];
    uint32_t broken;
};

static void records_tell_the_truth(void **state) {
    (void)state;
    static const struct record_row table[] = {
        {"old in slot 0 is VALID", &started, {VALID_IN(0), NO_RECORD}, 0},
        {"its record in the other entry", &started, {NO_RECORD, VALID_IN(0)}, 0},
        {"a VALID record of a slot that was overwritten",
         &started,
         {VALID_IN(0), VALID_IN(1)},
         B(RECORD_IS_TRUE)},
        {"another state of it", &started, {VALID_IN(0), {1, OTADATA_NEW}}, 0},
        {"after its confirmation", &confirmed, {VALID_IN(0), VALID_IN(1)}, B(CONFIRMED_SURVIVES)},
        {"old has none", &started, {NO_RECORD, NO_RECORD}, B(RUNNING_HAS_RECORD)},
        {"old has one of a state that nobody knows", &started, {{0, 5}, NO_RECORD}, B(RUNNING_HAS_RECORD)},
        {"old has one such and a good one", &started, {{0, 5}, VALID_IN(0)}, 0},
        {"only the other slot has one", &started, {NO_RECORD, {1, OTADATA_NEW}}, B(RUNNING_HAS_RECORD)},
        {"nobody confirmed it", &selecting, {VALID_IN(0), NO_RECORD}, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct recovery recovery = old_runs;
        memcpy(recovery.records, table[i].records, sizeof recovery.records);
        uint32_t broken = with(&recovery, table[i].promise);
        if (broken != table[i].broken)
            fail_msg("%s: 0x%x instead of 0x%x", table[i].name, broken, table[i].broken);
    }
}

// ---- NVS ----------------------------------------------------------------------------------------

enum { KEY = 3, FIRST = 77, SECOND = 78 }; // a key that is watched, hashes of its values

static uint32_t broken_by(uint32_t stands, bool pending, uint32_t coming, uint32_t found) {
    struct promise promise = started;
    struct recovery recovery = old_runs;
    promise.nvs_known = 1u << KEY;
    promise.nvs_pending = pending ? 1u << KEY : 0;
    promise.nvs_stands[KEY] = stands;
    promise.nvs_coming[KEY] = coming;
    recovery.nvs_first.read = recovery.nvs_last.read = true;
    recovery.nvs_first.values[KEY] = recovery.nvs_last.values[KEY] = found;
    return invariants_broken(&recovery, &promise, &limits) &
           (1u << INVARIANT_NVS_OLD_OR_NEW | 1u << INVARIANT_NVS_STAYS_ERASED | 1u << INVARIANT_NVS_STARTS);
}

static void values_are_the_old_or_the_new_one(void **state) {
    (void)state;
    const uint32_t lost = 1u << INVARIANT_NVS_OLD_OR_NEW, back = 1u << INVARIANT_NVS_STAYS_ERASED;
    assert_int_equal(broken_by(FIRST, false, NVS_ABSENT, FIRST), 0);
    assert_int_equal(broken_by(FIRST, false, NVS_ABSENT, NVS_ABSENT), lost);
    assert_int_equal(broken_by(FIRST, false, NVS_ABSENT, SECOND), lost);
    assert_int_equal(broken_by(FIRST, true, SECOND, FIRST), 0);
    assert_int_equal(broken_by(FIRST, true, SECOND, SECOND), 0);
    assert_int_equal(broken_by(FIRST, true, SECOND, NVS_ABSENT), lost);
    assert_int_equal(broken_by(FIRST, true, NVS_ABSENT, NVS_ABSENT), 0); // being erased
    assert_int_equal(broken_by(NVS_ABSENT, false, NVS_ABSENT, FIRST), back);
    assert_int_equal(broken_by(NVS_ABSENT, true, FIRST, FIRST), 0);
    assert_int_equal(broken_by(NVS_ABSENT, true, FIRST, SECOND), back);
}

static uint32_t broken_by_rest(uint32_t rest, uint32_t count) {
    struct promise promise = started;
    struct recovery recovery = old_runs;
    promise.nvs_known = NVS_REST;
    promise.nvs_rest = FIRST;
    promise.nvs_rest_count = 2;
    recovery.nvs_first.read = recovery.nvs_last.read = true;
    recovery.nvs_first.rest = recovery.nvs_last.rest = rest;
    recovery.nvs_first.rest_count = recovery.nvs_last.rest_count = count;
    return invariants_broken(&recovery, &promise, &limits);
}

static void values_that_nobody_names_stay_as_they_were(void **state) {
    (void)state;
    assert_int_equal(broken_by_rest(FIRST, 2), 0);
    assert_int_equal(broken_by_rest(SECOND, 2), 1u << INVARIANT_NVS_OLD_OR_NEW);
    assert_int_equal(broken_by_rest(SECOND, 1), 1u << INVARIANT_NVS_OLD_OR_NEW);
    assert_int_equal(broken_by_rest(SECOND, 3), 1u << INVARIANT_NVS_STAYS_ERASED);
}

// What an app sets after it has read is no reason to complain of what it has read.
static void a_reading_is_held_against_what_was_promised_then(void **state) {
    (void)state;
    struct promise promise = started;
    struct recovery recovery = old_runs;
    promise.nvs_known = 1u << KEY;
    promise.nvs_stands[KEY] = FIRST;
    recovery.nvs_first.read = recovery.nvs_last.read = true;
    recovery.nvs_first.values[KEY] = recovery.nvs_last.values[KEY] = FIRST;
    struct event setting = {.kind = EVENT_NVS_SETTING, .nvs_keys = 1u << KEY, .nvs_value = SECOND};
    struct event committed = {.kind = EVENT_NVS_COMMITTED, .nvs_keys = 1u << KEY};
    recovery_event(&recovery, &setting);
    recovery_event(&recovery, &committed);
    assert_int_equal(invariants_broken(&recovery, &promise, &limits), 0);
    recovery.nvs_last.events = recovery.event_count; // a boot later the old value is wrong
    assert_int_equal(invariants_broken(&recovery, &promise, &limits), 1u << INVARIANT_NVS_OLD_OR_NEW);
}

static void nothing_is_said_of_nvs_that_is_not_used(void **state) {
    (void)state;
    struct promise promise = started;
    struct recovery recovery = old_runs;
    promise.nvs_known = 1u << KEY;
    promise.nvs_stands[KEY] = FIRST;
    assert_int_equal(invariants_broken(&recovery, &promise, &limits), 0);
    recovery.nvs_first.read = true;
    recovery.nvs_first.start = 0x1110; // ESP_ERR_NVS_NEW_VERSION_FOUND
    assert_int_equal(invariants_broken(&recovery, &promise, &limits), 1u << INVARIANT_NVS_STARTS);
    recovery.nvs_first.start = 0x110d; // ESP_ERR_NVS_NO_FREE_PAGES
    assert_int_equal(invariants_broken(&recovery, &promise, &limits), 1u << INVARIANT_NVS_STARTS);
}

static void what_was_set_stands_once_it_is_committed(void **state) {
    (void)state;
    struct promise promise = started;
    struct event event = {.kind = EVENT_NVS_STANDS, .nvs_keys = 1u << KEY, .nvs_value = FIRST};
    promise_fold(&promise, &event);
    event.kind = EVENT_NVS_SETTING;
    event.nvs_value = SECOND;
    promise_fold(&promise, &event);
    assert_int_equal(promise.nvs_stands[KEY], FIRST);
    assert_int_equal(promise.nvs_pending, 1u << KEY);
    event.kind = EVENT_NVS_COMMITTED;
    promise_fold(&promise, &event);
    assert_int_equal(promise.nvs_stands[KEY], SECOND);
    assert_int_equal(promise.nvs_pending, 0);
    event = (struct event){.kind = EVENT_FOUND};
    promise_fold(&promise, &event); // of NVS it says nothing
    assert_int_equal(promise.nvs_stands[KEY], SECOND);
}

// ---- outcomes -----------------------------------------------------------------------------------

static void outcomes(void **state) {
    (void)state;
    static const struct {
        const struct promise *promise;
        const struct recovery *recovery;
        enum outcome outcome;
    } table[] = {
        {&nothing, &old_runs, OUTCOME_OLD},       {&started, &old_runs, OUTCOME_OLD},
        {&started, &new_runs, OUTCOME_THIRD},     {&selecting, &new_runs, OUTCOME_NEW},
        {&selected, &new_runs, OUTCOME_NEW},      {&selected, &old_runs, OUTCOME_OLD},
        {&confirmed, &new_runs, OUTCOME_NEW},     {&confirmed, &old_runs, OUTCOME_OLD},
        {&confirmed, &third_runs, OUTCOME_THIRD}, {&started, &nothing_boots, OUTCOME_BRICK},
        {&started, &loops_on_new, OUTCOME_LOOP},  {&pinned, &factory_runs, OUTCOME_OLD},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(outcome_of_recovery(table[i].recovery, table[i].promise), table[i].outcome);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_breaks_what_it_says),
        cmocka_unit_test(only_what_is_checked_counts),
        cmocka_unit_test(numbers_have_their_bounds),
        cmocka_unit_test(retries_and_own_invariants_count),
        cmocka_unit_test(nothing_below_the_efuse_runs),
        cmocka_unit_test(the_efuse_follows_confirmations),
        cmocka_unit_test(records_tell_the_truth),
        cmocka_unit_test(outcomes),
        cmocka_unit_test(values_are_the_old_or_the_new_one),
        cmocka_unit_test(values_that_nobody_names_stay_as_they_were),
        cmocka_unit_test(a_reading_is_held_against_what_was_promised_then),
        cmocka_unit_test(nothing_is_said_of_nvs_that_is_not_used),
        cmocka_unit_test(what_was_set_stands_once_it_is_committed),
    };
    return cmocka_run_group_tests_name("invariant", tests, NULL, NULL);
}
