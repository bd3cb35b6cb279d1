// The catalogue of platform hazards: what it promises for a release is found there, and what it lets through is
// no wider than that.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/language/diagnostic_render.h"
#include "sim/language/reader.h"
#include "sim/verdict/exploration.h"
#include "sim/verdict/platform_hazards.h"
#include "sim/verdict/runner.h"

#define CONFIG         "{rollback: true}"
#define WITH_PIN       "{rollback: true, factory_reset: true, factory_reset_erases_otadata: true, pin_hold: 5s}"
#define WITH_EFUSE     "{rollback: true, anti_rollback: true, secure_version_bits: 4}"
#define BOARD(factory) BOARD_OF(factory, CONFIG)
#define BOARD_OF(factory, config)                                                                            \
    "name: t\n"                                                                                              \
    "board:\n"                                                                                               \
    "  size: 1M\n"                                                                                           \
    "  partitions: |\n"                                                                                      \
    "    otadata, data, ota,     0x9000, 8K\n" factory "    ota_0,   app,  ota_0,   0x20000, 64K\n"          \
    "    ota_1,   app,  ota_1,   0x30000, 64K\n"                                                             \
    "  config: " config "\n"                                                                                 \
    "images:\n"                                                                                              \
    "  first: {version: 0.1.0, size: 1K, at_boot: confirm}\n"                                                \
    "  old: {version: 1.0.0, size: 1K, at_boot: confirm}\n"                                                  \
    "  new: {version: 2.0.0, size: 1K, at_boot: confirm}\n"                                                  \
    "  quiet: {version: 2.0.0, size: 1K, at_boot: nothing}\n"                                                \
    "  unfit: {version: 2.1.0, size: 1K, at_boot: self_test_fails}\n"                                        \
    "  raised: {version: 2.2.0, size: 1K, secure_version: 1, at_boot: nothing}\n"                            \
    "flash:\n"
#define FACTORY_ROW "    factory, app,  factory, 0x10000, 64K\n"
#define OLD         "  ota_0: old\n  otadata: [{seq: 1, state: VALID}, blank]\n"
#define CUTS        "explore: {retry: false, faults: clean, depth: 2}\n"
#define ZEROES      "explore: {retry: false, faults: [prefix, partial-erase], depth: 2}\n"
#define EARLY       "explore: {retry: false, faults: early-bits, depth: 2}\n"
#define LATE        "explore: {retry: false, faults: late-bits, depth: 2}\n"

// The customer holds the pin, and the bootloader erases both records.
#define HELD                                                                                                 \
    BOARD_OF(FACTORY_ROW, WITH_PIN)                                                                          \
    "  factory: first\n  ota_0: old\n  ota_1: new\n"                                                         \
    "  otadata: [{seq: 3, state: VALID}, {seq: 2, state: VALID}]\n"                                          \
    "steps: [boot, hold_pin: {factory_reset: 6s}, restart]\n" CUTS

// Back into the slot that holds the version before.
#define SECOND_UPDATE(size)                                                                                  \
    BOARD("")                                                                                                \
    "  ota_0: old\n  ota_1: new\n  otadata: [{seq: 1, state: VALID}, {seq: 2, state: VALID}]\n"              \
    "steps: [boot, {update: {image: first, size: " size "}}]\n" CUTS

// A board with NVS. Two pages of it are filled, and the second one is compacted.
#define NVS_BOARD(entries)                                                                                   \
    "name: t\n"                                                                                              \
    "board:\n"                                                                                               \
    "  size: 1M\n"                                                                                           \
    "  partitions: |\n"                                                                                      \
    "    nvs,     data, nvs,     0x9000, 12K\n"                                                              \
    "    otadata, data, ota,     0xd000, 8K\n"                                                               \
    "    ota_0,   app,  ota_0,   0x20000, 64K\n"                                                             \
    "    ota_1,   app,  ota_1,   0x30000, 64K\n"                                                             \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 1K}\n"                                                                    \
    "  sure: {version: 1.0.0, size: 1K, at_boot: [nvs_set: {namespace: ota, key: channel, string: a}]}\n"    \
    "flash:\n" entries
#define COUNT_TO_2                                                                                           \
    "[{nvs_set: {namespace: n, key: count, u32: 1}}, {nvs_set: {namespace: n, key: count, u32: 2}}]"
#define NVS_SMALL NVS_BOARD("  ota_0: old\n  nvs: {entries: {n: {token: {blob: '01 02'}, key: {u32: 5}}}}\n")
#define NVS_FULL(steps, explore)                                                                             \
    NVS_BOARD("  ota_0: old\n  nvs: {entries: {n: {channel: {string: stable}, count: {u32: 0}}}}\n")         \
    "steps:\n  - repeat: {count: 120, steps: " COUNT_TO_2 "}\n"                                              \
    "  - nvs_set: {namespace: n, key: serial, u32: 1}\n"                                                     \
    "  - repeat: {count: 5, steps: " COUNT_TO_2 "}\n" steps "explore: {retry: false, depth: 1, " explore     \
    "}\n"
#define NVS_OF_TWO                                                                                           \
    NVS_BOARD("  ota_0: sure\n  nvs: {entries: {log: {level: {u8: 0}}}}\n")                                  \
    "steps:\n  - repeat: {count: 62, steps: [{nvs_set: {namespace: log, key: level, u8: 1}}, "               \
    "{nvs_set: {namespace: log, key: level, u8: 2}}]}\n"                                                     \
    "  - nvs_set: {namespace: log, key: offset, u32: 4096}\n"                                                \
    "  - {nvs_erase: {namespace: ota, key: offset}, returns: ESP_ERR_NVS_NOT_FOUND}\n"                       \
    "  - {nvs_flash_erase: {}, name: reset}\n"                                                               \
    "explore: {retry: false, faults: clean, depth: 1, between: [reset, reset]}\n"

// One scenario for each cause of the catalogue.
static const struct witness {
    const char *hazard;
    const char *invariant, *during, *operation;
    const char *text;
} witnesses[] = {
    {"Z1", "update-not-lost", "boot", "erase", BOARD("") OLD "steps: [boot, update: new, restart]\n" CUTS},
    {"Z1", "update-not-lost", "esp_ota_mark_app_valid_cancel_rollback", "erase",
     BOARD("") OLD "steps: [boot, update: new, restart]\n" CUTS},
    {"Z2", "pending-boots-once", "boot", "program",
     BOARD("") OLD "steps: [boot, update: new, restart]\n" LATE},
    {"Z2", "pending-boots-once", "esp_ota_mark_app_valid_cancel_rollback", "program",
     BOARD("") OLD "steps: [boot, update: new, restart]\n" LATE},
    {"Z2", "pending-boots-once", "esp_ota_mark_app_invalid_rollback_and_reboot", "program",
     BOARD("") OLD "steps: [boot, update: unfit, restart]\n" LATE},
    {"Z2", "pending-boots-once", "boot", "erase",
     BOARD("") OLD "steps: [boot, update: new, restart]\n" EARLY},
    {"Z2", "pending-boots-once", "esp_ota_mark_app_valid_cancel_rollback", "erase",
     BOARD("") OLD "steps: [boot, update: new, restart]\n" EARLY},
    {"Z2", "pending-boots-once", "esp_ota_mark_app_invalid_rollback_and_reboot", "erase",
     BOARD("") OLD "steps: [boot, update: unfit, restart]\n" EARLY},
    {"Z2", "record-is-true", "boot", "erase", BOARD("") OLD "steps: [boot, update: quiet, restart]\n" EARLY},
    {"Z2", "record-is-true", "esp_ota_set_boot_partition", "program",
     BOARD("") OLD "steps: [boot, update: quiet]\n" LATE},
    {"Z3", "efuse-not-ahead", "esp_ota_set_boot_partition", "program",
     BOARD_OF("", WITH_EFUSE) OLD "steps: [boot, update: raised]\n" LATE},
    {"Z3", "efuse-not-ahead", "boot", "erase",
     BOARD_OF("", WITH_EFUSE) OLD "steps: [boot, update: raised, restart]\n" EARLY},
    {"Z4", "old-or-new", "esp_ota_set_boot_partition", "erase",
     BOARD("") "  ota_0: first\n  ota_1: old\n  otadata: [blank, {seq: 2, state: VALID}]\n"
               "steps: [boot, set_boot_partition: ota_1]\n" CUTS},
    {"Z4", "confirmed-survives", "esp_ota_set_boot_partition", "erase",
     BOARD("") "  ota_0: first\n  ota_1: old\n  otadata: [blank, {seq: 2, state: VALID}]\n"
               "steps: [boot, set_boot_partition: ota_1]\n" CUTS},
    {"Z5", "old-or-new", "esp_ota_set_boot_partition", "erase",
     BOARD(FACTORY_ROW) "  factory: first\n  ota_0: old\n  ota_1: new\n"
                        "  otadata: [{seq: 3, state: VALID}, {seq: 2, state: VALID}]\n"
                        "steps: [boot, set_boot_partition: factory]\n" CUTS},
    {"Z5", "confirmed-survives", "esp_ota_set_boot_partition", "erase",
     BOARD(FACTORY_ROW) "  factory: first\n  ota_0: old\n  ota_1: new\n"
                        "  otadata: [{seq: 3, state: VALID}, {seq: 2, state: VALID}]\n"
                        "steps: [boot, set_boot_partition: factory]\n" CUTS},
    {"Z5", "old-or-new", "boot", "erase", HELD},
    {"Z5", "confirmed-survives", "boot", "erase", HELD},
    {"Z7", "confirmed-survives", "boot", "program",
     BOARD("") OLD "steps: [boot, update: new, restart]\n"
                   "explore: {retry: false, faults: io-error, depth: 1}\n"},
    {"Z11", "record-is-true", "esp_ota_begin", "erase", SECOND_UPDATE("unknown")},
    {"Z11", "record-is-true", "esp_ota_erase_last_boot_app_partition", "erase",
     BOARD("") "  ota_0: old\n  ota_1: new\n  otadata: [{seq: 1, state: VALID}, {seq: 2, state: VALID}]\n"
               "steps: [boot, erase_last_boot_app_partition]\n" CUTS},
    {"Z11", "record-is-true", "esp_ota_write", "erase", SECOND_UPDATE("sequential")},
    {"Z16", "confirmed-survives", "esp_ota_begin", "erase",
     BOARD("") "  ota_0: old\n  ota_1: new\n  otadata: [{seq: 1, state: VALID}, {seq: 2, state: ABORTED}]\n"
               "steps: [boot, {update: first}]\n" EARLY},
    {"Z12", "running-has-record", "esp_ota_set_boot_partition", "erase",
     BOARD(FACTORY_ROW) "  factory: first\nsteps: [boot, update: new, restart]\n" ZEROES},
    {"Z12", "running-has-record", "boot", "erase",
     BOARD(FACTORY_ROW) "  factory: first\nsteps: [boot, update: new, restart]\n" ZEROES},
    {"Z12", "running-has-record", "boot", "program",
     BOARD(FACTORY_ROW) "  factory: first\nsteps: [boot, update: new, restart]\n" ZEROES},
    {"Z13", "nvs-old-or-new", "nvs_set_blob", "program",
     NVS_SMALL "steps: [nvs_set: {namespace: n, key: token, blob: '03 04'}]\n"
               "explore: {retry: false, faults: [clean, prefix], depth: 1}\n"},
    {"Z14", "nvs-starts", "nvs_flash_erase_partition", "erase",
     NVS_BOARD("  ota_0: old\n") "steps: [boot, nvs_flash_erase]\n"
                                 "explore: {retry: false, faults: partial-erase, depth: 1}\n"},
    {"Z26", "nvs-stays-erased", "nvs_flash_erase_partition", "erase", NVS_OF_TWO},
    {"Z27", "nvs-old-or-new", "nvs_set_u32", "erase", NVS_FULL("", "faults: [clean, partial-erase]")},
    {"Z29", "nvs-old-or-new", "nvs_set_u32", "erase", NVS_FULL("", "faults: io-dropped")},
};
#define WITNESSES (sizeof witnesses / sizeof witnesses[0])

static void run_text(const char *text, const struct release_profile *release, bool strict,
                     struct result_scenario *result) {
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    bool fine = scenario_read_text("t.yaml", text, strlen(text), &diagnostics, &scenario);
    if (!fine) {
        struct buffer out = {0};
        diagnostics_render(&diagnostics, false, &out);
        print_error("%s", buffer_string(&out));
        buffer_free(&out);
    }
    diagnostics_free(&diagnostics);
    assert_true(fine);
    struct explore_options exploration = {.strict = strict};
    struct run_options options = {.release = release, .explore = true, .exploration = &exploration};
    scenario_run(&scenario, &options, result);
    scenario_free(&scenario);
}

static const struct result_violation *find(const struct result_scenario *result,
                                           const struct witness *wanted) {
    for (size_t i = 0; i < result->violation_count; i++) {
        const struct result_violation *violation = &result->violations[i];
        if (strcmp(violation->invariant, wanted->invariant) == 0 && violation->operation != NULL &&
            strcmp(violation->during, wanted->during) == 0 &&
            strcmp(violation->operation, wanted->operation) == 0)
            return violation;
    }
    return NULL;
}

static const char *call_of(const struct witness *witness) {
    return strcmp(witness->during, "boot") == 0 ? "bootloader" : witness->during;
}

// Of calls, or of how their names begin.
static bool is_named(const char *call, const char *pattern) {
    size_t length = strlen(pattern);
    return pattern[length - 1] == '*' ? strncmp(call, pattern, length - 1) == 0 : strcmp(call, pattern) == 0;
}

static bool is_cause_of(const struct hazard_cause *cause, const struct witness *witness) {
    return strcmp(witness->invariant, invariant_name(cause->invariant)) == 0 &&
           is_named(call_of(witness), cause->call) &&
           (strcmp(witness->operation, "erase") == 0) == (cause->kind == JOURNAL_ERASE);
}

static bool promised(const struct platform_hazard *hazard, const struct witness *witness,
                     const struct release_profile *release) {
    bool by_cause = false;
    for (size_t k = 0; k < HAZARD_CAUSES_MAX && hazard->causes[k].call != NULL; k++)
        by_cause |=
            is_cause_of(&hazard->causes[k], witness) && hazard_cause_in(&hazard->causes[k], release->name);
    return by_cause && platform_hazard_in(hazard, release->name);
}

// The pairs of bits take a while: under the oldest, the newest and the default release.
static bool is_looked_at(const struct witness *witness, const struct release_profile *release) {
    return strstr(witness->text, "-bits") == NULL || release == release_profiles || release[1].name == NULL ||
           release == release_profile_default();
}

static void compare(const struct witness *witness, const struct release_profile *release,
                    const struct result_scenario *result) {
    const struct platform_hazard *hazard = platform_hazard_find(witness->hazard);
    const struct result_violation *violation = find(result, witness);
    bool shown =
        violation != NULL && violation->hazard != NULL && strcmp(violation->hazard, witness->hazard) == 0;
    if (shown != promised(hazard, witness, release))
        fail_msg("%s by %s %s during %s under %s", witness->hazard, witness->invariant, witness->operation,
                 witness->during, release->name);
    if (shown)
        assert_true(violation->known);
}

// Gone from a release for which the catalogue promises it: the catalogue is wrong, or the firmware is.
static void every_cause_is_there_in_its_releases(void **state) {
    (void)state;
    for (const struct release_profile *release = release_profiles; release->name != NULL; release++) {
        for (size_t i = 0; i < WITNESSES; i++) {
            bool first = true;
            for (size_t k = 0; k < i; k++)
                first &= strcmp(witnesses[k].text, witnesses[i].text) != 0;
            if (!first || !is_looked_at(&witnesses[i], release))
                continue;
            struct result_scenario result;
            run_text(witnesses[i].text, release, false, &result);
            for (size_t k = i; k < WITNESSES; k++)
                if (strcmp(witnesses[k].text, witnesses[i].text) == 0)
                    compare(&witnesses[k], release, &result);
            result_scenario_free(&result);
        }
    }
}

// So that the test above forgets none.
static void every_cause_has_a_witness(void **state) {
    (void)state;
    for (size_t i = 0; i < platform_hazard_count; i++) {
        for (size_t k = 0; k < HAZARD_CAUSES_MAX && platform_hazards[i].causes[k].call != NULL; k++) {
            const struct hazard_cause *cause = &platform_hazards[i].causes[k];
            bool found = false;
            for (size_t w = 0; w < WITNESSES; w++)
                found |= strcmp(witnesses[w].hazard, platform_hazards[i].id) == 0 &&
                         is_cause_of(cause, &witnesses[w]);
            if (!found)
                fail_msg("%s, cause %zu", platform_hazards[i].id, k);
        }
    }
}

static void strict_waves_nothing_through(void **state) {
    (void)state;
    struct result_scenario result;
    run_text(witnesses[0].text, release_profile_default(), false, &result);
    assert_int_equal(result.verdict, VERDICT_PASS);
    result_scenario_free(&result);
    run_text(witnesses[0].text, release_profile_default(), true, &result);
    assert_int_equal(result.verdict, VERDICT_FAIL);
    assert_string_equal(result.violations[0].hazard, "Z1"); // it is still told
    assert_false(result.violations[0].known);
    result_scenario_free(&result);
}

// ---- narrow -------------------------------------------------------------------------------------

struct specimen {
    struct found_violation violation;
    struct hazard_evidence evidence;
};

// What matches Z1 at the first boot.
static struct specimen specimen(void) {
    return (struct specimen){
        .violation = {.path = {.count = 1},
                      .cause = {.invariant = INVARIANT_UPDATE_NOT_LOST,
                                .culprit = {.operated = true, .kind = JOURNAL_ERASE, .call = "bootloader"}},
                      .tears = FAULT_CLEAN | FAULT_PARTIAL_ERASE},
        .evidence = {.release = "v6.0", .shape = HAZARD_REWRITES}};
}

static const struct platform_hazard *hazard_of(const struct specimen *specimen) {
    return platform_hazard_of(&specimen->violation, &specimen->evidence);
}

static void whatever_differs_is_the_users(void **state) {
    (void)state;
    struct specimen it = specimen();
    assert_non_null(hazard_of(&it));
    it = specimen(), it.violation.cause.invariant = INVARIANT_RETRY_SUCCEEDS;
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.cause.invariant = INVARIANT_CUSTOM;
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.cause.culprit.kind = JOURNAL_PROGRAM;
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.cause.culprit.call = "esp_ota_set_boot_partition";
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.cause.culprit.operated = false;
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.tears |= FAULT_BIT_ROT;
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.tears |= FAULT_IO_ERROR;
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.path.count = 0; // no cut
    assert_null(hazard_of(&it));
    it = specimen(), it.violation.spreads = true;
    assert_null(hazard_of(&it));
    it = specimen(), it.evidence.release = "v5.4.2"; // a patch level is its line
    assert_non_null(hazard_of(&it));
    it = specimen(), it.evidence.shape = HAZARD_ELSEWHERE;
    assert_null(hazard_of(&it));
    it = specimen(), it.evidence.shape = HAZARD_ERASES;
    assert_null(hazard_of(&it));
}

static void nothing_grave_is_waved_through(void **state) {
    (void)state;
    for (enum gravity gravity = GRAVITY_DOWNGRADE; gravity <= GRAVITY_BRICK; gravity++) {
        struct specimen it = specimen();
        it.violation.cause.gravity = gravity;
        assert_null(hazard_of(&it));
    }
}

// A bug that is planted beside the hazards fails the run.
static void planted_bugs_are_not_hidden(void **state) {
    (void)state;
    static const char *const texts[] = {
        // the way back is erased before the confirmation
        BOARD("") OLD "steps: [boot, update: quiet, restart, erase_last_boot_app_partition, "
                      "mark_app_valid_cancel_rollback]\n" CUTS,
        // the record of the running app is withdrawn right after the choice of the new one
        BOARD("") OLD "steps: [boot, update: new, invalidate_inactive_ota_data_slot, restart]\n" CUTS,
        // two updates without a restart, the second one bad: up to v5.5 the good app's record is gone
        BOARD("") OLD "steps: [boot, update: new, update: unfit, restart]\n" CUTS,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct result_scenario result;
        struct buffer text = {0};
        buffer_text(&text, texts[i]);
        run_text(buffer_string(&text), release_profile_find("v5.5"), false, &result);
        if (result.verdict != VERDICT_FAIL)
            fail_msg("planted bug %zu passes", i);
        result_scenario_free(&result);
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_is_there_in_its_releases),
        cmocka_unit_test(every_cause_has_a_witness),
        cmocka_unit_test(strict_waves_nothing_through),
        cmocka_unit_test(whatever_differs_is_the_users),
        cmocka_unit_test(nothing_grave_is_waved_through),
        cmocka_unit_test(planted_bugs_are_not_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
