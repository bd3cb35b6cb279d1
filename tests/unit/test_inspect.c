// What a flash dump tells: tables with every kind of problem, otadata, images, forecasts, diffs, the next
// update, and a host tool's switch cut short.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/inspect/next_update.h"
#include "sim/inspect/switch_cuts.h"
#include "sim/provision/otadata_image.h"
#include "sim/provision/partition_binary.h"
#include "sim/provision/partition_csv.h"
#include "sim/verdict/runner.h"

#define DUMP_SIZE  0x400000u
#define OTADATA_AT 0xD000u
#define SLOT_0_AT  0x10000u
#define SLOT_1_AT  0x110000u

static const char two_slots[] = "nvs,data,nvs,0x9000,16K\n"
                                "otadata,data,ota,0xd000,8K\n"
                                "ota_0,app,ota_0,0x10000,1M\n"
                                "ota_1,app,ota_1,0x110000,1M\n";

// ---- dumps --------------------------------------------------------------------------------------

static void put_table(uint8_t *dump, uint32_t offset, const char *csv, bool md5) {
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_table_layout layout;
    struct partition_csv_notes notes = {0};
    struct buffer table = {0};
    options.table_offset = offset;
    options.disable_md5 = !md5;
    assert_true(partition_csv_parse(csv, strlen(csv), &options, &layout, &notes));
    assert_true(partition_table_layout_encode(&layout, &options, &table, &notes));
    memcpy(dump + offset, table.bytes, table.length);
    partition_table_layout_free(&layout);
    partition_csv_notes_free(&notes);
    buffer_free(&table);
}

static void put_image(uint8_t *dump, uint32_t address, const char *version) {
    struct app_image_options options = app_image_options_default();
    struct buffer image = {0};
    strcpy(options.version, version);
    options.body_size = 5000;
    assert_true(app_image_build(&options, &image, NULL));
    memcpy(dump + address, image.bytes, image.length);
    buffer_free(&image);
}

static void put_otadata(uint8_t *dump, uint32_t seq0, uint32_t state0, uint32_t seq1, uint32_t state1) {
    struct otadata_entry first = otadata_entry_make(seq0, state0), second = otadata_entry_make(seq1, state1);
    otadata_image_build(seq0 ? &first : NULL, seq1 ? &second : NULL, dump + OTADATA_AT);
}

static uint8_t *erased_dump(void) {
    uint8_t *dump = memory_new(DUMP_SIZE);
    memset(dump, 0xFF, DUMP_SIZE);
    return dump;
}

// Version 1 in ota_0, selected and VALID; version 2 in ota_1.
static uint8_t *healthy_dump(void) {
    uint8_t *dump = erased_dump();
    put_table(dump, 0x8000, two_slots, true);
    put_image(dump, SLOT_0_AT, "1.0.0");
    put_image(dump, SLOT_1_AT, "2.0.0");
    put_otadata(dump, 1, OTADATA_VALID, 0, 0);
    return dump;
}

static void inspect_and_free(uint8_t *dump, uint32_t length, struct inspection *out) {
    struct dump_options options = {0};
    struct error error = {0};
    assert_true(inspect(dump, length, &options, out, &error));
    free(dump);
}

static bool has_problem(const struct inspection *inspection, const char *code) {
    for (size_t i = 0; i < inspection->problems.count; i++)
        if (strcmp(inspection->problems.items[i].code, code) == 0)
            return true;
    return false;
}

// ---- tables -------------------------------------------------------------------------------------

static void names_every_problem_of_a_table(void **state) {
    (void)state;
    static const struct {
        const char *csv, *code;
    } cases[] = {
        {"ota_0,app,ota_0,0x11000,64K\n", "misaligned"},
        {"a,data,nvs,0x9000,16K\nb,data,fat,0xd000,6000\n", "odd-size"},
        {"a,data,fat,0x9000,0\n", "empty-partition"},
        {"ota_0,app,ota_0,0x10000,1M\nota_1,app,ota_1,0x110000,5M\n", "past-end"},
        {"o,data,ota,0xd000,8K\np,data,ota,0xf000,8K\n", "two-otadata"},
        {"o,data,ota,0xd000,4K\n", "otadata-size"},
        {"ota_0,app,ota_0,0x10000,1M\n", "no-otadata"},
        {"ota_0,app,ota_0,0x10000,1M\n", "one-slot"},
        {"ota_0,app,ota_0,0x10000,1M\nota_2,app,ota_2,0x110000,1M\n", "slot-gap"},
        {"ota_0,app,ota_0,0x10000,1M\nota_0b,app,ota_0,0x110000,1M\n", "slot-twice"},
        {"ota_0,app,ota_0,0x10000,1M\nota_1,app,ota_1,0x110000,2M\n", "unequal-slots"},
        {"ota_0,app,ota_0,0x10000,1M\nota_1,app,ota_1,0x120000,1M\n", "gap-between-slots"},
        {"a,data,nvs,0x9000,16K\nb,data,fat,0x10000,64K\n", "gap"},
        {"a,data,nvs,0x9000,8K\n", "small-nvs"},
        {"a,data,ota,0x9000,8K,readonly\n", "readonly"},
        {"a,data,nvs,0x9000,16K\na,data,fat,0xd000,16K\n", "same-name"},
        {"a,0x20,0,0x9000,16K\n", "reserved-type"},
        {"a,data,nvs,0x9000,16K\n", "no-app"},
        {"ota_0,app,ota_0,0x10000,1M\n", "no-factory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t *dump = erased_dump();
        struct inspection inspection;
        put_table(dump, 0x8000, cases[i].csv, true);
        inspect_and_free(dump, DUMP_SIZE, &inspection);
        if (!has_problem(&inspection, cases[i].code))
            fail_msg("%s is not told of: %s", cases[i].code, cases[i].csv);
        inspection_free(&inspection);
    }
}

static void sees_what_a_csv_cannot_say(void **state) {
    (void)state;
    struct inspection inspection;
    uint8_t *dump = healthy_dump();
    dump[0x8000 + 4 + 32] = 0x00; // otadata moves to 0xC000... and onto nvs
    dump[0x8000 + 5 + 32] = 0xC0;
    inspect_and_free(dump, DUMP_SIZE, &inspection);
    assert_true(has_problem(&inspection, "overlap"));
    assert_true(has_problem(&inspection, "md5-wrong"));
    inspection_free(&inspection);

    dump = healthy_dump();
    put_table(dump, 0x8000, two_slots, false);
    inspect_and_free(dump, DUMP_SIZE, &inspection);
    assert_true(has_problem(&inspection, "no-md5"));
    inspection_free(&inspection);
}

static void has_nothing_to_say_of_a_good_table(void **state) {
    (void)state;
    struct inspection inspection;
    uint8_t *dump = erased_dump();
    put_table(dump, 0x8000,
              "nvs,data,nvs,0x9000,16K\notadata,data,ota,0xd000,8K\nphy,data,phy,0xf000,4K\n"
              "factory,app,factory,0x10000,1M\nota_0,app,ota_0,0x110000,1M\nota_1,app,ota_1,0x210000,1M\n",
              true);
    inspect_and_free(dump, DUMP_SIZE, &inspection);
    assert_int_equal(inspection.problems.count, 0);
    inspection_free(&inspection);
}

static void finds_a_table_elsewhere(void **state) {
    (void)state;
    struct inspection inspection;
    uint8_t *dump = erased_dump();
    put_table(dump, 0xC000, "ota_0,app,ota_0,0x10000,1M\n", true);
    inspect_and_free(dump, DUMP_SIZE, &inspection);
    assert_true(inspection.table.found);
    assert_int_equal(inspection.table.offset, 0xC000);
    assert_true(has_problem(&inspection, "table-moved"));
    inspection_free(&inspection);
}

// ---- any bytes ----------------------------------------------------------------------------------

static void survives_any_dump(void **state) {
    (void)state;
    static const uint32_t lengths[] = {1, 31, 4096, 0x8001, 0x8C00, 0xD010, 0x10020, 0x100000, 0x3FFFFF};
    struct inspection inspection;
    struct dump_options options = {0};
    struct error error = {0};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct buffer text = {0};
        inspect_and_free(healthy_dump(), lengths[i], &inspection);
        inspection_text(&inspection, &text);
        assert_true(text.length > 0);
        buffer_free(&text);
        inspection_free(&inspection);
    }
    assert_false(inspect("", 0, &options, &inspection, &error));
    assert_non_null(strstr(error.message, "empty"));
    uint8_t *dump = memory_zeroed(1, NOR_SIZE_MAX + 1);
    assert_false(inspect(dump, NOR_SIZE_MAX + 1, &options, &inspection, &error));
    memset(dump, 0xFF, NOR_SIZE_MAX);
    inspect_and_free(dump, NOR_SIZE_MAX, &inspection);
    assert_true(has_problem(&inspection, "no-table"));
    inspection_free(&inspection);
}

static void survives_flipped_bits(void **state) {
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 60; i++) {
        uint8_t *dump = healthy_dump();
        struct inspection inspection;
        for (int j = 0; j < 40; j++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            dump[0x8000 + random % 0x9000] ^= (uint8_t)(1u << (random >> 40) % 8);
        }
        inspect_and_free(dump, 0x120000, &inspection);
        assert_true(inspection.forecast.boot_count > 0);
        inspection_free(&inspection);
    }
}

// ---- contents and forecasts ---------------------------------------------------------------------

static void says_what_boots_and_why(void **state) {
    (void)state;
    struct inspection inspection;
    const struct release_profile *release = release_profile_default();
    inspect_and_free(healthy_dump(), DUMP_SIZE, &inspection);
    const struct boot_answer *boot = forecast_boot_of(&inspection.forecast, release, DUMP_PLAIN);
    assert_true(boot->starts);
    assert_string_equal(boot->label, "ota_0");
    assert_non_null(strstr(boot->reasons, "entry 0 is active"));
    assert_int_equal(inspection.images.items[2].condition, IMAGE_WHOLE);
    assert_string_equal(inspection.images.items[2].summary.version, "2.0.0");
    assert_true(inspection.otadata.entries[0].active);
    inspection_free(&inspection);
}

// An image on probation: a bootloader with rollback takes it back, one without goes on with it.
static void tells_builds_apart(void **state) {
    (void)state;
    struct inspection inspection;
    const struct release_profile *release = release_profile_default();
    uint8_t *dump = healthy_dump();
    put_otadata(dump, 1, OTADATA_VALID, 2, OTADATA_PENDING_VERIFY);
    inspect_and_free(dump, DUMP_SIZE, &inspection);
    const struct boot_answer *plain = forecast_boot_of(&inspection.forecast, release, DUMP_PLAIN);
    const struct boot_answer *rollback = forecast_boot_of(&inspection.forecast, release, DUMP_ROLLBACK);
    assert_string_equal(plain->label, "ota_1");
    assert_string_equal(rollback->label, "ota_0");
    assert_true(rollback->otadata_changed);
    assert_int_equal(rollback->after[1].state, OTADATA_ABORTED);
    assert_true((plain->members & rollback->members) == 0);
    inspection_free(&inspection);
}

static void asks_the_update_api(void **state) {
    (void)state;
    struct inspection inspection;
    inspect_and_free(healthy_dump(), DUMP_SIZE, &inspection);
    assert_true(inspection.forecast.call_count >= 1);
    const struct call_answer *answer = &inspection.forecast.calls[0];
    bool found = false;
    for (size_t i = 0; forecast_question(i); i++)
        if (strstr(forecast_question(i), "get_next_update_partition")) {
            assert_string_equal(answer->answers[i], "ota_1 at 0x110000");
            found = true;
        }
    assert_true(found);
    inspection_free(&inspection);
}

static void obeys_the_secure_version_that_is_given(void **state) {
    (void)state;
    struct dump_options options = {.secure_version = 3};
    struct inspection inspection;
    struct error error = {0};
    uint8_t *dump = healthy_dump();
    assert_true(inspect(dump, DUMP_SIZE, &options, &inspection, &error));
    free(dump);
    const struct release_profile *release = release_profile_default();
    assert_true(forecast_boot_of(&inspection.forecast, release, DUMP_PLAIN)->starts);
    assert_false(forecast_boot_of(&inspection.forecast, release, DUMP_ANTI_ROLLBACK)->starts);
    inspection_free(&inspection);
}

static void tells_dumps_apart(void **state) {
    (void)state;
    struct inspection a, b;
    struct buffer text = {0};
    uint8_t *dump = healthy_dump();
    put_otadata(dump, 1, OTADATA_VALID, 2, OTADATA_NEW);
    put_image(dump, SLOT_1_AT, "3.0.0");
    inspect_and_free(healthy_dump(), DUMP_SIZE, &a);
    inspect_and_free(dump, DUMP_SIZE, &b);
    assert_true(inspection_diff(&a, &a, &text));
    assert_int_equal(text.length, 0);
    assert_false(inspection_diff(&a, &b, &text));
    assert_non_null(
        strstr(buffer_string(&text), "otadata entry 1: blank -> seq 2, NEW, CRC right -> ota_1\n"));
    assert_non_null(strstr(buffer_string(&text), "image in ota_1: app 2.0.0"));
    assert_non_null(strstr(buffer_string(&text), "ota_0 boots -> ota_1 boots"));
    buffer_free(&text);
    inspection_free(&a);
    inspection_free(&b);
}

// ---- explorations -------------------------------------------------------------------------------

static void explores_the_next_update(void **state) {
    (void)state;
    struct inspection inspection;
    struct scenario scenario;
    struct error error = {0};
    inspect_and_free(healthy_dump(), DUMP_SIZE, &inspection);
    assert_true(next_update_scenario(&inspection, "dump.bin", release_profile_default(), DUMP_ROLLBACK,
                                     &scenario, &error));
    struct result result = {0};
    struct run_options options = {.explore = true};
    scenario_run(&scenario, &options, result_add(&result));
    assert_null(result.scenarios[0].error);
    assert_int_equal(result.scenarios[0].failure_count, 0);
    assert_true(result.scenarios[0].exploration.ran && result.scenarios[0].exploration.closed);
    assert_true(result.scenarios[0].exploration.crash_states > 1000);
    result_free(&result);
    scenario_free(&scenario);
    inspection_free(&inspection);
}

static void needs_an_app_to_update(void **state) {
    (void)state;
    struct inspection inspection;
    struct scenario scenario;
    struct error error = {0};
    inspect_and_free(erased_dump(), DUMP_SIZE, &inspection);
    assert_false(next_update_scenario(&inspection, "dump.bin", release_profile_default(), DUMP_PLAIN,
                                      &scenario, &error));
    assert_non_null(strstr(error.message, "nothing boots"));
    inspection_free(&inspection);
}

// ota_1 is selected; a switch to ota_0 that erases both sectors can lose the choice, the safe one cannot.
static void a_switch_that_erases_both_records_loses_them(void **state) {
    (void)state;
    struct dump_options options = {0};
    struct dump dump;
    struct error error = {0};
    uint8_t *bytes = healthy_dump(), after[OTADATA_SIZE];
    put_otadata(bytes, 1, OTADATA_VALID, 2, OTADATA_VALID);
    assert_true(dump_read(bytes, DUMP_SIZE, &options, &dump, &error));
    memcpy(after, bytes + OTADATA_AT, sizeof after);
    assert_true(otatool_switch(after, 0, 2, &error));
    free(bytes);
    struct switch_write both = {.address = OTADATA_AT, .bytes = {.bytes = after, .length = sizeof after}};
    struct switch_write one = {.address = OTADATA_AT,
                               .bytes = {.bytes = after, .length = OTADATA_SECTOR_SIZE}};
    struct switch_cuts cuts;
    switch_cuts_explore(&dump, OTADATA_AT, &both, release_profile_default(), DUMP_PLAIN, &cuts);
    assert_string_equal(cuts.before.label, "ota_1");
    assert_string_equal(cuts.after.label, "ota_0");
    assert_true(cuts.both_lost_states > 0);
    switch_cuts_explore(&dump, OTADATA_AT, &one, release_profile_default(), DUMP_PLAIN, &cuts);
    assert_string_equal(cuts.after.label, "ota_0");
    assert_true(cuts.states > 0);
    assert_int_equal(cuts.both_lost_states, 0);
    dump_free(&dump);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_problem_of_a_table),
        cmocka_unit_test(sees_what_a_csv_cannot_say),
        cmocka_unit_test(has_nothing_to_say_of_a_good_table),
        cmocka_unit_test(finds_a_table_elsewhere),
        cmocka_unit_test(survives_any_dump),
        cmocka_unit_test(survives_flipped_bits),
        cmocka_unit_test(says_what_boots_and_why),
        cmocka_unit_test(tells_builds_apart),
        cmocka_unit_test(asks_the_update_api),
        cmocka_unit_test(obeys_the_secure_version_that_is_given),
        cmocka_unit_test(tells_dumps_apart),
        cmocka_unit_test(explores_the_next_update),
        cmocka_unit_test(needs_an_app_to_update),
        cmocka_unit_test(a_switch_that_erases_both_records_loses_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
