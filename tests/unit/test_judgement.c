// What is held against a device, and what is not: small runs, explored, and the violations that are told of them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/explore/crash_address.h"
#include "sim/language/diagnostic_render.h"
#include "sim/language/reader.h"
#include "sim/verdict/exploration.h"
#include "sim/verdict/recorded_run.h"

#define TABLE                                                                                                \
    "name: t\n"                                                                                              \
    "board:\n"                                                                                               \
    "  size: 1M\n"                                                                                           \
    "  partitions: |\n"                                                                                      \
    "    otadata, data, ota,   0xd000,  0x2000\n"                                                            \
    "    ota_0,   app,  ota_0, 0x10000, 64K\n"                                                               \
    "    ota_1,   app,  ota_1, ,        64K\n"
#define PLAIN    TABLE
#define ROLLBACK TABLE "  config: {rollback: true}\n"
#define SECURE   TABLE "  config: {rollback: true, anti_rollback: true}\n  efuse: {secure_version: 1}\n"

#define CLEAN "explore: {faults: [clean]}\n"
#define TORN  "explore: {faults: [clean, prefix, partial-erase]}\n"

// "boots 1, efuse-not-ahead 1": each invariant that is broken, with the fewest cuts that it takes.
static void list_violations(const struct result_scenario *result, struct buffer *out) {
    for (size_t i = 0; i < result->violation_count; i++) {
        const struct result_violation *violation = &result->violations[i];
        bool told = false, fewer = false;
        for (size_t k = 0; k < result->violation_count; k++) {
            bool same = strcmp(result->violations[k].invariant, violation->invariant) == 0;
            told |= same && k < i;
            fewer |= same && result->violations[k].cuts < violation->cuts;
        }
        uint32_t cuts = violation->cuts;
        for (size_t k = 0; fewer && k < result->violation_count; k++)
            if (strcmp(result->violations[k].invariant, violation->invariant) == 0 &&
                result->violations[k].cuts < cuts)
                cuts = result->violations[k].cuts;
        if (!told)
            buffer_printf(out, "%s%s %u", out->length == 0 ? "" : ", ", violation->invariant, cuts);
    }
}

static void unite(void *context, const struct judged_start *start) {
    *(uint32_t *)context |= start->broken;
}

// A replay shows what the report says: the address of each violation breaks its invariant.
static void assert_replays(const struct recorded_run *run, const struct result_scenario *result) {
    struct explorer_options options;
    exploration_asks(run, &options);
    for (size_t i = 0; i < result->violation_count; i++) {
        const struct result_violation *violation = &result->violations[i];
        struct crash_path path;
        struct error error = {0};
        uint32_t broken = 0;
        bool named = false;
        assert_true(crash_address_parse(&run->recording, violation->address, &path, &error));
        assert_true(explore_judge(&run->workload, &run->recording, &options, &path, unite, &broken));
        if (path.count == 0)
            broken |= explore_judge_step(&run->workload, &run->recording, &options, path.cuts[0].checkpoint);
        for (uint32_t k = 0; k < INVARIANT_COUNT; k++)
            named |= (broken >> k & 1) != 0 && strcmp(invariant_name(k), violation->invariant) == 0;
        if (!named)
            fail_msg("%s: no %s there", violation->address, violation->invariant);
    }
}

static void assert_violations(const char *text, const char *release, bool cut, const char *expected) {
    struct scenario scenario;
    struct diagnostics diagnostics = {0};
    struct result_scenario result = {.release = memory_text(release)};
    struct recorded_run run;
    struct error error = {0};
    struct buffer found = {0};
    if (!scenario_read_text("t.yaml", text, strlen(text), &diagnostics, &scenario)) {
        diagnostics_render(&diagnostics, false, &found);
        fail_msg("%s", buffer_string(&found));
    }
    assert_true(recorded_run_make(&scenario, release_profile_find(release), true, &run, &error));
    (cut ? exploration_run : exploration_judge_run)(&run, NULL, &result);
    assert_null(result.error);
    assert_replays(&run, &result);
    list_violations(&result, &found);
    if (strcmp(found.length == 0 ? "" : buffer_string(&found), expected) != 0)
        fail_msg("%s: \"%s\" instead of \"%s\"", release, found.length == 0 ? "" : buffer_string(&found),
                 expected);
    buffer_free(&found);
    recorded_run_free(&run);
    result_scenario_free(&result);
    diagnostics_free(&diagnostics);
    scenario_free(&scenario);
}

// ---- an image is its content --------------------------------------------------------------------

#define LINE_AND_NOW                                                                                         \
    "images:\n"                                                                                              \
    "  line: {size: 1K, seed: 1, at_boot: confirm}\n"                                                        \
    "  now: {size: 1K, seed: 2, at_boot: confirm}\n"                                                         \
    "flash: {ota_0: line, ota_1: now, otadata: [blank, {seq: 2, state: VALID}]}\n"

static void same_versions_are_two_images(void **state) {
    (void)state;
    assert_violations(ROLLBACK LINE_AND_NOW "steps: [boot, {set_boot_partition: ota_1}, restart]\n" CLEAN,
                      "v6.0", true, "old-or-new 1, confirmed-survives 1, update-not-lost 1");
    assert_violations(ROLLBACK LINE_AND_NOW "steps: [boot, {set_boot_partition: ota_1}, restart]\n" CLEAN,
                      "v5.4", true, "");
}

// ---- what was only downloaded -------------------------------------------------------------------

#define OLD_AND_NOW                                                                                          \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 1K}\n"                                                                    \
    "  now: {version: 2.0.0, size: 1K}\n"                                                                    \
    "  new: {version: 3.0.0, size: 1K}\n"                                                                    \
    "flash: {ota_0: old, ota_1: now, otadata: [blank, {seq: 2}]}\n"

static void downloads_may_not_boot(void **state) {
    (void)state;
    assert_violations(
        PLAIN OLD_AND_NOW
        "steps:\n  - boot:\n  - begin: {partition: ota_0, image: new}\n  - write: new\n  - end:\n"
        "  - mark_app_valid_cancel_rollback:\n  - restart:\n" TORN,
        "v6.0", true, "old-or-new 1, record-is-true 1");
    // The same with nothing but an open download, or one that was called off.
    assert_violations(PLAIN OLD_AND_NOW
                      "steps: [boot, {begin: ota_0}, mark_app_valid_cancel_rollback, restart]\n" TORN,
                      "v6.0", true, "old-or-new 1, record-is-true 1");
    assert_violations(PLAIN OLD_AND_NOW
                      "steps: [boot, {begin: ota_0}, abort, mark_app_valid_cancel_rollback, restart]\n" TORN,
                      "v6.0", true, "old-or-new 1, record-is-true 1");
    assert_violations(PLAIN OLD_AND_NOW "steps: [boot, mark_app_valid_cancel_rollback, restart]\n" TORN,
                      "v6.0", true, "old-or-new 1, record-is-true 1");
}

static void what_is_refused_promises_nothing(void **state) {
    (void)state;
    assert_violations(ROLLBACK "images:\n"
                               "  one: {version: 1.0.0, size: 1K, at_boot: confirm}\n"
                               "  two: {version: 2.0.0, size: 1K}\n"
                               "  three: {version: 3.0.0, size: 1K, at_boot: confirm}\n"
                               "flash: {ota_0: one, otadata: [{seq: 1, state: VALID}, blank]}\n"
                               "steps: [boot, {update: two}, restart, {update: three, returns: "
                               "ESP_ERR_OTA_ROLLBACK_INVALID_STATE},\n"
                               "        restart]\n" CLEAN,
                      "v6.0", true, "update-not-lost 1"); // of the first update: Z1
}

// ---- boards that start anywhere -----------------------------------------------------------------

static void boards_start_anywhere(void **state) {
    (void)state;
    static const char *const fine[] = {
        // on probation
        ROLLBACK
        "images: {old: {version: 1.0.0, size: 1K, at_boot: confirm}, new: {version: 2.0.0, size: 1K}}\n"
        "flash: {ota_0: new, ota_1: old, otadata: [{seq: 3, state: NEW}, {seq: 2, state: VALID}]}\n"
        "steps: [boot]\n" CLEAN,
        // with a damaged slot of which the record says VALID
        ROLLBACK
        "images:\n"
        "  old: {version: 1.0.0, size: 1K, at_boot: confirm}\n"
        "  bad: {version: 2.0.0, size: 1K, damage: {at: 0x40, flip: \"01\"}}\n"
        "flash: {ota_0: old, ota_1: bad, otadata: [{seq: 1, state: VALID}, {seq: 2, state: VALID}]}\n"
        "steps: [boot, restart]\n" CLEAN,
        // with nothing at all
        ROLLBACK "images: {old: {version: 1.0.0, size: 1K, at_boot: confirm}}\n"
                 "flash: {ota_0: old}\n"
                 "steps: [boot, restart]\n" CLEAN,
        // damaged while it runs
        ROLLBACK
        "images: {old: {version: 1.0.0, size: 1K, at_boot: confirm}, new: {version: 2.0.0, size: 1K}}\n"
        "flash: {ota_0: old, ota_1: new, otadata: [{seq: 1, state: VALID}, {seq: 2, state: VALID}]}\n"
        "steps: [boot, {corrupt: {at: ota_1, fill: 0, length: 16}}, restart]\n" CLEAN,
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_violations(fine[i], "v6.0", true, "");
}

static void pins_ask_for_the_factory_app(void **state) {
    (void)state;
    assert_violations("name: t\n"
                      "board:\n"
                      "  size: 1M\n"
                      "  partitions: |\n"
                      "    otadata, data, ota,     0xd000,  0x2000\n"
                      "    factory, app,  factory, 0x10000, 64K\n"
                      "    ota_0,   app,  ota_0,   ,        64K\n"
                      "    ota_1,   app,  ota_1,   ,        64K\n"
                      "  config: {rollback: true, factory_reset: true, factory_reset_erases_otadata: true}\n"
                      "images:\n"
                      "  line: {version: 1.0.0, size: 1K, at_boot: confirm}\n"
                      "  now: {version: 2.0.0, size: 1K, at_boot: confirm}\n"
                      "flash: {factory: line, ota_0: now, otadata: [{seq: 1, state: VALID}, blank]}\n"
                      "steps: [boot, {hold_pin: {factory_reset: 6s}}, restart]\n" CLEAN,
                      "v6.0", true, "");
}

// ---- without any cut ----------------------------------------------------------------------------

#define CRASHES                                                                                              \
    "images: {old: {version: 1.0.0, size: 1K}, new: {version: 2.0.0, size: 1K, at_boot: crash}}\n"           \
    "flash: {ota_0: old, otadata: [{seq: 1}, blank]}\n"

static void the_run_itself_is_judged(void **state) {
    (void)state;
    for (int cut = 0; cut < 2; cut++) {
        assert_violations(PLAIN CRASHES "steps: [boot, {update: new}, restart]\n"
                                        "explore: {faults: [clean], retry: false}\n",
                          "v6.0", cut, "settles 0");
        assert_violations(PLAIN CRASHES
                          "steps: [boot, {update: new}, {restart: , expect: {end: boot loop}}]\n"
                          "explore: {faults: [clean], retry: false}\n",
                          "v6.0", cut, "");
    }
}

#define CONFIRMED_BY_A_STEP                                                                                  \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 1K, secure_version: 1, at_boot: confirm}\n"                               \
    "  new: {version: 2.0.0, size: 1K, secure_version: 2}\n"                                                 \
    "flash: {ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}\n"

static void confirmations_count_from_their_first_operation(void **state) {
    (void)state;
    // The step's own power loss comes before anything of the confirmation has happened: the new app goes, by design.
    assert_violations(SECURE CONFIRMED_BY_A_STEP
                      "steps: [boot, update: new, restart, {power_loss: {operation: 0}}, "
                      "mark_app_valid_cancel_rollback, restart]\n",
                      "v6.0", false, "");
    // Its record is lost.
    assert_violations(SECURE CONFIRMED_BY_A_STEP
                      "steps: [boot, update: new, restart, {power_loss: {operation: 1}}, "
                      "mark_app_valid_cancel_rollback, restart]\n",
                      "v6.0", false, "update-not-lost 0");
    // Between the record and the eFuse nothing is untrue: the app itself has said so.
    assert_violations(SECURE CONFIRMED_BY_A_STEP "steps: [boot, update: new, restart, "
                                                 "{mark_app_valid_cancel_rollback: null, name: it}]\n"
                                                 "explore: {faults: [clean], between: [it, it], depth: 1}\n",
                      "v6.0", true, "update-not-lost 1");
}

static void operations_are_closed(void **state) {
    (void)state;
    static const char two[] =
        PLAIN OLD_AND_NOW "steps: [boot, {begin: {partition: ota_0, handle: a}}, {begin: {partition: ota_0, "
                          "handle: b}, returns: any}]\n" CLEAN;
    assert_violations(two, "v6.0", false, "operations-closed 0");
    assert_violations(two, "v6.1", false, "");
    static const char failed[] =
        PLAIN OLD_AND_NOW "steps: [boot, {io_fault: erase_error}, {begin: {partition: ota_0, size: image, "
                          "image: new}, returns: any}]\n" CLEAN;
    assert_violations(failed, "v6.0", false, "operations-closed 0");
    assert_violations(failed, "v4.4", false, "");
    assert_violations(PLAIN OLD_AND_NOW
                      "steps: [boot, {begin: {partition: ota_0, size: image, image: new}}]\n"
                      "explore: {faults: [io-error]}\n",
                      "v6.0", true, "operations-closed 1");
}

// ---- erases towards 1 ---------------------------------------------------------------------------

static void rejected_records_must_not_come_back(void **state) {
    (void)state;
    static const char text[] = ROLLBACK
        "images:\n"
        "  good: {version: 1.0.0, size: 1K, at_boot: confirm}\n"
        "  bad: {version: 2.0.0, size: 1K, at_boot: crash}\n"
        "flash: {ota_0: good, ota_1: bad, otadata: [{seq: 1, state: VALID}, {seq: 2, state: ABORTED}]}\n"
        "steps: [boot, invalidate_inactive_ota_data_slot]\n"
        "explore: {depth: 1, faults: [%s]}\n";
    char with[sizeof text + 40];
    (void)snprintf(with, sizeof with, text, "early-bits");
    assert_violations(with, "v6.0", true, "old-or-new 1, settles 1");
    (void)snprintf(with, sizeof with, text, "clean, partial-erase");
    assert_violations(with, "v6.0", true, "");
}

// ---- row H7: the brick --------------------------------------------------------------------------

#define RAISED                                                                                               \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 1K, secure_version: 1, at_boot: confirm}\n"                               \
    "  two: {version: 2.0.0, size: 1K, secure_version: 2, at_boot: confirm}\n"                               \
    "  three: {version: 3.0.0, size: 1K, secure_version: 2, at_boot: confirm}\n"

static void bricks_take_one_cut_or_none(void **state) {
    (void)state;
    static const char *const releases[] = {"v4.4", "v5.1", "v5.5", "v6.0", "master"};
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
        const char *only = "explore: {faults: [clean], invariants: [boots, efuse-not-ahead], retry: false}\n";
        struct buffer text = {0};
        // (a) Two updates without a restart, the second one cut: the app that runs confirms the damaged slot.
        buffer_printf(&text, "%s%s",
                      SECURE RAISED "flash: {ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}\n"
                                    "steps: [boot, {update: two}, {update: three}]\n",
                      only);
        assert_violations(buffer_string(&text), releases[i], true, "boots 1, efuse-not-ahead 1");
        buffer_free(&text);
        // (b) The record of the slot that is overwritten was VALID.
        buffer_printf(&text, "%s%s",
                      SECURE RAISED "flash: {ota_0: old, ota_1: {fill: 0x55},\n"
                                    "        otadata: [{seq: 1, state: VALID}, {seq: 2, state: VALID}]}\n"
                                    "steps: [boot, {update: three}]\n",
                      only);
        assert_violations(buffer_string(&text), releases[i], true, "boots 1, efuse-not-ahead 1");
        buffer_free(&text);
        // (c) No cut: esp_ota_end takes what the bootloader refuses, a segment over its own code.
        buffer_printf(&text, "%s%s",
                      SECURE "images:\n"
                             "  old: {version: 1.0.0, size: 1K, secure_version: 1, at_boot: confirm}\n"
                             "  two: {version: 2.0.0, size: 1K, secure_version: 2,\n"
                             "        damage: {at: 24, bytes: \"00 80 07 40\", reseal: true}}\n"
                             "flash: {ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}\n"
                             "steps: [boot, {update: two}, restart]\n",
                      only);
        for (int cut = 0; cut < 2; cut++)
            assert_violations(buffer_string(&text), releases[i], cut, "boots 0, efuse-not-ahead 0");
        buffer_free(&text);
    }
}

// ---- which update is tried again ----------------------------------------------------------------

#define RAISES                                                                                               \
    SECURE                                                                                                   \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 1K, secure_version: 1, at_boot: confirm}\n"                               \
    "  new: {version: 2.0.0, size: 1K, secure_version: 2, at_boot: confirm}\n"                               \
    "flash: {ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}\n"                                        \
    "steps:\n  - boot:\n  - update: new\n    name: install\n  - restart:\n    name: first boot\n"

#define DOWNGRADE "  - update: old\n    name: downgrade\n    returns: ESP_ERR_OTA_SMALL_SEC_VER\n"
#define RETRIES   "explore: {faults: [clean], invariants: [retry-succeeds]"

static void what_is_refused_is_not_tried_again(void **state) {
    (void)state;
    assert_violations(RAISES DOWNGRADE RETRIES ", between: [install, first boot]}\n", "v6.0", true, "");
    assert_violations(RAISES DOWNGRADE RETRIES "}\n", "v6.0", true, "");
    // The same by calls, by a step that takes any answer, and where the device runs an image that cannot give way.
    assert_violations(RAISES "  - update: old\n    returns: any\n" RETRIES "}\n", "v6.0", true, "");
    assert_violations(RAISES "  - begin:\n  - write: old\n  - end:\n    returns: any\n"
                             "  - set_boot_partition:\n    returns: ESP_ERR_OTA_SMALL_SEC_VER\n" RETRIES
                             "}\n",
                      "v6.0", true, "");
}

// The scenario's last update fits one slot only: nobody tries it in the other one, where it is not what was
// interrupted.
static void what_was_interrupted_is_tried_again(void **state) {
    (void)state;
    static const char text[] =
        "name: t\nboard:\n  size: 1M\n  partitions: |\n    otadata, data, ota,   0xd000,  0x2000\n"
        "    ota_0,   app,  ota_0, 0x10000, 64K\n    ota_1,   app,  ota_1, ,        128K\n"
        "images:\n  old: {version: 1.0.0, size: 1K}\n  big: {version: 2.0.0, size: 100K}\n"
        "  small: {version: 3.0.0, size: 1K}\n"
        "flash: {ota_0: old, otadata: [{seq: 1}, blank]}\n"
        "steps:\n  - boot:\n  - update: small\n    name: install\n  - restart:\n    name: first boot\n"
        "  - set_boot_partition: ota_0\n  - restart:\n  - update: big\n";
    struct buffer all = {0}, some = {0};
    buffer_printf(&some, "%s%s", text, RETRIES ", between: [install, first boot]}\n");
    assert_violations(buffer_string(&some), "v6.0", true, "");
    buffer_printf(&all, "%s%s", text, RETRIES "}\n");
    assert_violations(buffer_string(&all), "v6.0", true, "");
    buffer_free(&all);
    buffer_free(&some);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_versions_are_two_images),
        cmocka_unit_test(downloads_may_not_boot),
        cmocka_unit_test(what_is_refused_promises_nothing),
        cmocka_unit_test(boards_start_anywhere),
        cmocka_unit_test(pins_ask_for_the_factory_app),
        cmocka_unit_test(the_run_itself_is_judged),
        cmocka_unit_test(confirmations_count_from_their_first_operation),
        cmocka_unit_test(operations_are_closed),
        cmocka_unit_test(rejected_records_must_not_come_back),
        cmocka_unit_test(what_is_refused_is_not_tried_again),
        cmocka_unit_test(what_was_interrupted_is_tried_again),
        cmocka_unit_test(bricks_take_one_cut_or_none),
    };
    return cmocka_run_group_tests_name("judgement", tests, NULL, NULL);
}
