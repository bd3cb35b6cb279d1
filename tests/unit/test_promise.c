// What each event does to a promise, and what a promise allows: truth tables.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ota/otadata.h"
#include "sim/explore/promise.h"
#include "sim/explore/recovery.h"

enum { OLD = 11, NEW, THIRD, FACTORY }; // contents
enum { IN_0, IN_1, IN_2 };              // slots

static struct event found(uint32_t unproven, uint32_t secure) {
    return (struct event){.kind = EVENT_FOUND, .unproven = unproven, .secure_version = secure};
}

static struct event runs(uint64_t image, int32_t slot, uint32_t state) {
    return (struct event){.kind = EVENT_RUNNING, .image = image, .slot = slot, .state = state};
}

static struct event about(enum event_kind kind, uint64_t image, int32_t slot) {
    return (struct event){.kind = kind, .image = image, .slot = slot};
}

static struct event no_trial(struct event selected) { // by an app without rollback
    selected.no_trial = true;
    return selected;
}

static struct promise fold(size_t count, const struct event *events) {
    struct promise promise = {0};
    for (size_t i = 0; i < count; i++)
        promise_fold(&promise, &events[i]);
    return promise;
}
#define FOLD(...)                                                                                            \
    fold(sizeof((struct event[]){__VA_ARGS__}) / sizeof(struct event), (struct event[]){__VA_ARGS__})

// Old runs confirmed in slot 0; slot 1 has been filled with new.
#define STARTED    found(~1u, 0), runs(OLD, IN_0, OTADATA_VALID)
#define DOWNLOADED STARTED, about(EVENT_OVERWRITTEN, NO_CONTENT, IN_1)
#define CHOSEN     DOWNLOADED, about(EVENT_SELECTING, NEW, IN_1), about(EVENT_SELECTED, NEW, IN_1)
#define TRIED      CHOSEN, runs(NEW, IN_1, OTADATA_PENDING_VERIFY)

// ---- what may run -------------------------------------------------------------------------------

struct allowed {
    const char *after;
    struct promise promise;
    bool old, new, third, factory;
};

static void what_may_run(void **state) {
    (void)state;
    const struct allowed table[] = {
        {"nothing yet", FOLD(found(0, 0)), true, true, true, true},
        {"the first start", FOLD(STARTED), true, false, false, false},
        {"a download", FOLD(DOWNLOADED), true, false, false, false},
        {"while it is selected", FOLD(DOWNLOADED, about(EVENT_SELECTING, NEW, IN_1)), true, true, false,
         false},
        {"a selection that was refused",
         FOLD(DOWNLOADED, about(EVENT_SELECTING, NEW, IN_1), about(EVENT_REFUSED, NEW, IN_1)), true, false,
         false, false},
        {"a selection", FOLD(CHOSEN), true, true, false, false},
        {"its try", FOLD(TRIED), true, true, false, false},
        {"its confirmation", FOLD(TRIED, about(EVENT_CONFIRMED, NEW, IN_1)), true, true, false, false},
        {"while the next one is selected", FOLD(CHOSEN, about(EVENT_SELECTING, THIRD, IN_1)), true, true,
         true, false},
        {"a start on probation, nothing selected",
         FOLD(found(~2u, 0), runs(NEW, IN_0, OTADATA_PENDING_VERIFY)), true, true, true, true},
        {"a start on probation, and what it went back to",
         FOLD(found(~2u, 0), runs(NEW, IN_0, OTADATA_PENDING_VERIFY), runs(OLD, IN_1, OTADATA_VALID)), true,
         false, false, false},
        {"an app that gave itself up", FOLD(STARTED, about(EVENT_REJECTED, OLD, IN_0)), true, true, true,
         true},
        {"an app that crashed", FOLD(STARTED, about(EVENT_CRASHED, OLD, IN_0)), true, false, false, false},
        {"a pin for the factory app", FOLD(STARTED, about(EVENT_PIN, FACTORY, SLOT_NONE)), true, false, false,
         true},
        {"that app, by the pin",
         FOLD(STARTED, about(EVENT_PIN, FACTORY, SLOT_NONE), runs(FACTORY, SLOT_NONE, STATE_NOT_RECORDED)),
         true, false, false, true},
        {"somebody at the bench", FOLD(TRIED, found(0, 0)), true, true, true, true},
        {"a selection that took effect untold",
         FOLD(DOWNLOADED, about(EVENT_SELECTING, NEW, IN_1), runs(NEW, IN_1, OTADATA_PENDING_VERIFY)), true,
         true, false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct allowed *row = &table[i];
        bool fits = promise_allows(&row->promise, OLD) == row->old &&
                    promise_allows(&row->promise, NEW) == row->new &&promise_allows(&row->promise, THIRD) ==
                        row->third &&promise_allows(&row->promise, FACTORY) == row->factory;
        if (!fits)
            fail_msg("after %s", row->after);
    }
}

// ---- what must boot, what a record may say, what the eFuse may say ------------------------------

struct held {
    const char *after;
    struct promise promise;
    uint64_t confirmed, before, on_trial;
    uint32_t unproven; // of the first three slots
};

static void what_is_held(void **state) {
    (void)state;
    const struct held table[] = {
        {"nothing yet", FOLD(found(0, 0)), NO_CONTENT, NO_CONTENT, NO_CONTENT, 0},
        {"a start with a VALID record", FOLD(STARTED), OLD, NO_CONTENT, NO_CONTENT, 6},
        {"a start without a record", FOLD(found(0, 0), runs(OLD, IN_0, STATE_NOT_RECORDED)), NO_CONTENT,
         NO_CONTENT, NO_CONTENT, 0},
        {"VALID read where it is unproven", FOLD(found(3, 0), runs(OLD, IN_0, OTADATA_VALID)), NO_CONTENT,
         NO_CONTENT, NO_CONTENT, 3},
        {"a start on probation", FOLD(found(~2u, 0), runs(NEW, IN_0, OTADATA_PENDING_VERIFY)), NO_CONTENT,
         NO_CONTENT, NEW, 5},
        {"a download", FOLD(DOWNLOADED), OLD, NO_CONTENT, NO_CONTENT, 6},
        {"a download over a slot with a VALID record",
         FOLD(found(~3u, 0), runs(OLD, IN_0, OTADATA_VALID), about(EVENT_OVERWRITTEN, NO_CONTENT, IN_1)), OLD,
         NO_CONTENT, NO_CONTENT, 6},
        {"while it is selected", FOLD(DOWNLOADED, about(EVENT_SELECTING, NEW, IN_1)), OLD, NO_CONTENT,
         NO_CONTENT, 6},
        {"a selection", FOLD(CHOSEN), NO_CONTENT, OLD, NEW, 6},
        {"its try", FOLD(TRIED), NO_CONTENT, OLD, NEW, 6},
        {"a selection by an app without rollback",
         FOLD(DOWNLOADED, no_trial(about(EVENT_SELECTED, NEW, IN_1)), runs(NEW, IN_1, OTADATA_UNDEFINED)),
         NO_CONTENT, OLD, NO_CONTENT, 6},
        {"its confirmation", FOLD(TRIED, about(EVENT_CONFIRMED, NEW, IN_1)), NEW, OLD, NO_CONTENT, 4},
        {"a confirmation by what fell back",
         FOLD(CHOSEN, runs(OLD, IN_0, OTADATA_VALID), about(EVENT_CONFIRMED, OLD, IN_0)), OLD, OLD,
         NO_CONTENT, 6},
        {"its rejection", FOLD(TRIED, about(EVENT_REJECTED, NEW, IN_1)), NO_CONTENT, OLD, NEW, 6},
        {"somebody at the bench", FOLD(TRIED, found(1, 0)), NO_CONTENT, NO_CONTENT, NO_CONTENT, 1},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct held *row = &table[i];
        const struct promise *promise = &row->promise;
        if (promise->confirmed != row->confirmed || promise->before != row->before ||
            promise_on_trial(promise) != row->on_trial || (promise->unproven & 7) != row->unproven)
            fail_msg("after %s: confirmed %d, before %d, on trial %d, unproven %u", row->after,
                     (int)promise->confirmed, (int)promise->before, (int)promise_on_trial(promise),
                     promise->unproven & 7);
    }
}

static void secure_versions_are_proven(void **state) {
    (void)state;
    struct event valid = runs(OLD, IN_0, OTADATA_VALID), pending = runs(NEW, IN_1, OTADATA_PENDING_VERIFY);
    struct event confirmed = about(EVENT_CONFIRMED, NEW, IN_1);
    valid.secure_version = 2;
    pending.secure_version = confirmed.secure_version = 5;
    assert_int_equal(FOLD(found(~1u, 1)).proven_secure, 1);
    assert_int_equal(FOLD(found(~1u, 1), valid).proven_secure, 2);
    assert_int_equal(FOLD(found(1, 1), valid).proven_secure, 1); // VALID, but who said so?
    assert_int_equal(FOLD(found(~1u, 3), valid).proven_secure, 3);
    assert_int_equal(FOLD(found(~1u, 1), valid, pending).proven_secure, 2);
    assert_int_equal(FOLD(found(~1u, 1), valid, pending, confirmed).proven_secure, 5);
}

// ---- tries --------------------------------------------------------------------------------------

struct second_start {
    const char *after;
    struct promise promise;
    struct event start;
    bool had_its_try;
};

static struct event wakes(struct event running) {
    running.wake = true;
    return running;
}

static void who_had_its_try(void **state) {
    (void)state;
    const struct event pending = runs(NEW, IN_1, OTADATA_PENDING_VERIFY);
    const struct second_start table[] = {
        {"a selection", FOLD(CHOSEN), pending, false},
        {"its try", FOLD(TRIED), pending, true},
        {"its try, in a state that nobody knows", FOLD(TRIED), runs(NEW, IN_1, 5), true},
        {"its try, found VALID", FOLD(TRIED), runs(NEW, IN_1, OTADATA_VALID), false},
        {"its try, waking", FOLD(TRIED), wakes(pending), false},
        {"its try, another image", FOLD(TRIED), runs(OLD, IN_0, OTADATA_UNDEFINED), false},
        {"while it confirms", FOLD(TRIED, about(EVENT_CONFIRMING, NEW, IN_1)), pending, false},
        {"while another one confirms",
         FOLD(TRIED, runs(OLD, IN_0, OTADATA_VALID), about(EVENT_CONFIRMING, OLD, IN_0)), pending, true},
        {"its confirmation", FOLD(TRIED, about(EVENT_CONFIRMED, NEW, IN_1)), pending, false},
        {"a start on probation", FOLD(found(~1u, 0), pending), pending, true},
        {"a selection by an app without rollback, and a start",
         FOLD(DOWNLOADED, no_trial(about(EVENT_SELECTED, NEW, IN_1)), runs(NEW, IN_1, OTADATA_UNDEFINED)),
         runs(NEW, IN_1, OTADATA_UNDEFINED), false},
        {"the selection of what runs",
         FOLD(STARTED, about(EVENT_SELECTED, OLD, IN_0), runs(OLD, IN_0, OTADATA_PENDING_VERIFY)),
         runs(OLD, IN_0, OTADATA_NEW), false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (promise_had_its_try(&table[i].promise, &table[i].start) != table[i].had_its_try)
            fail_msg("after %s", table[i].after);
}

static void what_is_overwritten_is_given_up(void **state) {
    (void)state;
    assert_false(FOLD(CHOSEN).given_up);
    assert_true(FOLD(CHOSEN, about(EVENT_OVERWRITTEN, NO_CONTENT, IN_1)).given_up);
    assert_false(FOLD(CHOSEN, about(EVENT_OVERWRITTEN, NO_CONTENT, IN_2)).given_up);
    assert_false(FOLD(TRIED, about(EVENT_OVERWRITTEN, NO_CONTENT, IN_1)).given_up);
    assert_false(FOLD(CHOSEN, about(EVENT_OVERWRITTEN, NO_CONTENT, IN_1), about(EVENT_SELECTED, THIRD, IN_1))
                     .given_up);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_run),
        cmocka_unit_test(what_is_held),
        cmocka_unit_test(secure_versions_are_proven),
        cmocka_unit_test(who_had_its_try),
        cmocka_unit_test(what_is_overwritten_is_given_up),
    };
    return cmocka_run_group_tests_name("promise", tests, NULL, NULL);
}
