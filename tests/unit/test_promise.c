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

// ---- every event, every field -------------------------------------------------------------------

// One letter a field, as in `struct promise`.
static const struct {
    char letter;
    size_t at, size;
} fields[] = {
#define FIELD(letter, name)                                                                                  \
    { letter, offsetof(struct promise, name), sizeof((struct promise *)0)->name }
    FIELD('r', running),       FIELD('b', before),        FIELD('g', selecting),  FIELD('s', selected),
    FIELD('c', confirmed),     FIELD('p', by_pin),        FIELD('u', update),     FIELD('n', unproven),
    FIELD('e', proven_secure), FIELD('t', selected_slot), FIELD('S', nvs_stands), FIELD('C', nvs_coming),
    FIELD('K', nvs_known),     FIELD('P', nvs_pending),   FIELD('R', nvs_rest),   FIELD('N', nvs_rest_count),
    FIELD('G', given_up),      FIELD('T', tried),         FIELD('I', confirming), FIELD('J', rejected),
    FIELD('W', resigned),      FIELD('B', probation),     FIELD('F', pinned),     FIELD('D', declared),
    FIELD('O', no_trial)};
#undef FIELD

static void changed_fields(const struct promise *a, const struct promise *b, char *out) {
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (memcmp((const uint8_t *)a + fields[i].at, (const uint8_t *)b + fields[i].at, fields[i].size) != 0)
            *out++ = fields[i].letter;
    *out = 0;
}

enum { RAN = 21, BEFORE, CHOOSING, CHOICE, APPROVED, PINNED, OTHER = 31 };

// Everything is promised; `flags`: all of them.
static struct promise full(bool flags) {
    struct promise promise = {.running = RAN,
                              .before = BEFORE,
                              .selecting = CHOOSING,
                              .selected = CHOICE,
                              .confirmed = APPROVED,
                              .by_pin = PINNED,
                              .update = 7,
                              .unproven = 0xA,
                              .proven_secure = 4,
                              .selected_slot = IN_2,
                              .nvs_known = 0xF,
                              .nvs_pending = 5,
                              .nvs_rest = 9,
                              .nvs_rest_count = 3};
    for (uint32_t i = 0; i < NVS_WATCHED_MAX; i++) {
        promise.nvs_stands[i] = 100 + i;
        promise.nvs_coming[i] = 200 + i;
    }
    promise.given_up = promise.tried = promise.confirming = promise.rejected = promise.resigned =
        promise.probation = promise.pinned = promise.declared = promise.no_trial = flags;
    return promise;
}

static struct promise nothing_selected(void) {
    struct promise promise = full(false);
    promise.selected = promise.selecting = NO_CONTENT;
    return promise;
}

static struct event secured(struct event event) {
    event.secure_version = 9;
    return event;
}

static struct event nvs(enum event_kind kind, uint32_t keys, bool seen) {
    return (struct event){
        .kind = kind, .nvs_keys = keys, .nvs_value = 77, .nvs_count = 4, .nvs_seen = seen, .nvs_was = 66};
}

static struct event runs_on(uint32_t state) {
    return (struct event){.kind = EVENT_STAYS, .image = OTHER, .slot = IN_0, .state = state};
}

static void every_event_changes_its_fields_and_no_other(void **state) {
    (void)state;
    const struct {
        const char *what;
        struct promise from;
        struct event event;
        const char *changed;
    } table[] = {
        {"an update begins", full(true), {.kind = EVENT_UPDATING, .update = 8}, "u"},
        {"the board is found", full(true), found(1, 2), "rbgscpnetGTIJWBFDO"},
        {"no rest, as declared", full(true), about(EVENT_DECLARED, NO_CONTENT, SLOT_NONE), "rbgscptGTIJWBFO"},
        {"no rest, as declared, for the first time", full(false),
         about(EVENT_DECLARED, NO_CONTENT, SLOT_NONE), "rbgscptD"},
        {"a pin is held", full(true), about(EVENT_PIN, OTHER, SLOT_NONE), "p"},
        {"the power comes", full(true), about(EVENT_POWERED, NO_CONTENT, SLOT_NONE), ""},
        {"it rests", full(true), about(EVENT_RESTED, NO_CONTENT, SLOT_NONE), ""},
        {"an operation is left open", full(true), about(EVENT_LEFT_OPEN, NO_CONTENT, SLOT_NONE), ""},
        {"two are open", full(true), about(EVENT_TWO_OPEN, NO_CONTENT, SLOT_NONE), ""},
        {"another image starts, unproven", full(true), secured(runs(OTHER, IN_1, OTADATA_VALID)), "rIBF"},
        {"another image starts on probation", full(true), runs(OTHER, IN_1, OTADATA_NEW), "rIF"},
        {"what the pin asks for starts", full(true), runs(PINNED, SLOT_NONE, STATE_NOT_RECORDED), "I"},
        {"what is being selected starts", full(true), runs(CHOOSING, IN_1, OTADATA_PENDING_VERIFY), "rbIF"},
        {"what is being selected starts, untold", full(false), runs(CHOOSING, IN_1, OTADATA_PENDING_VERIFY),
         "rbGB"},
        {"what was selected starts", full(false), runs(CHOICE, IN_2, OTADATA_PENDING_VERIFY), "rT"},
        {"what was selected starts, VALID", full(true), secured(runs(CHOICE, IN_2, OTADATA_VALID)), "reIBF"},
        {"a VALID app starts, nothing selected", nothing_selected(),
         secured(runs(OTHER, IN_0, OTADATA_VALID)), "rce"},
        {"a free slot is overwritten", full(true), about(EVENT_OVERWRITTEN, NO_CONTENT, IN_0), "n"},
        {"an unproven slot is overwritten", full(true), about(EVENT_OVERWRITTEN, NO_CONTENT, IN_1), ""},
        {"what was selected is overwritten, tried", full(true), about(EVENT_OVERWRITTEN, NO_CONTENT, IN_2),
         "n"},
        {"what was selected is overwritten, untried", full(false), about(EVENT_OVERWRITTEN, NO_CONTENT, IN_2),
         "nG"},
        {"selecting", full(true), about(EVENT_SELECTING, OTHER, IN_1), "g"},
        {"selected by what the pin started", full(true), about(EVENT_SELECTED, OTHER, IN_1),
         "rbgscptGTIJWBFDO"},
        {"selected", full(false), about(EVENT_SELECTED, OTHER, IN_1), "bgscpt"},
        {"selected without a trial", full(false), no_trial(about(EVENT_SELECTED, OTHER, IN_1)), "bgscptO"},
        {"refused", full(true), about(EVENT_REFUSED, OTHER, IN_1), "g"},
        {"something else confirms", full(true), about(EVENT_CONFIRMING, OTHER, IN_1), "I"},
        {"confirmed", full(true), secured(about(EVENT_CONFIRMED, OTHER, IN_1)), "cneIB"},
        {"confirmed, untried", full(false), about(EVENT_CONFIRMED, OTHER, IN_0), "cT"},
        {"it crashes", full(false), about(EVENT_CRASHED, OTHER, IN_1), "cJ"},
        {"it gives itself up", full(false), about(EVENT_REJECTED, OTHER, IN_1), "cJW"},
        {"its rejection is refused", full(true), runs_on(OTADATA_PENDING_VERIFY), "JW"},
        {"its rejection is refused, confirmed", full(true), runs_on(OTADATA_VALID), "cJW"},
        {"it crashes after it gave itself up", full(true), about(EVENT_CRASHED, OTHER, IN_1), "c"},
        {"keys stand", full(true), nvs(EVENT_NVS_STANDS, 0x22, false), "SCK"},
        {"all others stand", full(true), nvs(EVENT_NVS_STANDS, NVS_REST, false), "KRN"},
        {"a key is set", full(true), nvs(EVENT_NVS_SETTING, 2, false), "CP"},
        {"a key is set that was read before", full(true), nvs(EVENT_NVS_SETTING, 2, true), "SCP"},
        {"what was set is committed", full(true), nvs(EVENT_NVS_COMMITTED, 1, false), "SCP"},
        {"what was not set is committed", full(true), nvs(EVENT_NVS_COMMITTED, 2, false), "C"},
    };
    uint32_t told = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct promise now = table[i].from;
        char changed[sizeof fields / sizeof fields[0] + 1];
        promise_fold(&now, &table[i].event);
        changed_fields(&table[i].from, &now, changed);
        if (strcmp(changed, table[i].changed) != 0)
            fail_msg("%s: changes %s, not %s", table[i].what, changed, table[i].changed);
        told |= 1u << table[i].event.kind;
    }
    assert_int_equal(told, (2u << EVENT_NVS_COMMITTED) - 1); // each kind
}

static void nvs_goes_through_its_stages(void **state) {
    (void)state;
    struct promise promise = full(true);
    promise_fold(&promise, &(struct event){.kind = EVENT_NVS_SETTING, .nvs_keys = 2, .nvs_value = 77});
    assert_int_equal(promise.nvs_stands[1], 101);
    assert_int_equal(promise.nvs_coming[1], 77);
    promise_fold(&promise, &(struct event){.kind = EVENT_NVS_COMMITTED, .nvs_keys = 2});
    assert_int_equal(promise.nvs_stands[1], 77);
    assert_int_equal(promise.nvs_coming[1], NVS_ABSENT);
    assert_int_equal(promise.nvs_pending, 5);
    struct event seen = nvs(EVENT_NVS_SETTING, 4, true);
    promise_fold(&promise, &seen);
    assert_int_equal(promise.nvs_stands[2], 66);
}

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
        {"a try, selected by what nobody knows",
         FOLD(found(0, 0), about(EVENT_SELECTED, NEW, IN_1), runs(NEW, IN_1, OTADATA_PENDING_VERIFY)), true,
         true, true, true},
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
        {"a confirmation that got as far as its record",
         FOLD(TRIED, about(EVENT_CONFIRMING, NEW, IN_1), runs(NEW, IN_1, OTADATA_VALID)), NO_CONTENT, OLD,
         NEW, 4},
        {"a VALID record that nobody asked for", FOLD(TRIED, runs(NEW, IN_1, OTADATA_VALID)), NO_CONTENT, OLD,
         NEW, 6},
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
        cmocka_unit_test(every_event_changes_its_fields_and_no_other),
        cmocka_unit_test(nvs_goes_through_its_stages),
        cmocka_unit_test(what_may_run),
        cmocka_unit_test(what_is_held),
        cmocka_unit_test(secure_versions_are_proven),
        cmocka_unit_test(who_had_its_try),
        cmocka_unit_test(what_is_overwritten_is_given_up),
    };
    return cmocka_run_group_tests_name("promise", tests, NULL, NULL);
}
