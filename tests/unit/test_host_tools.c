// parttool and otatool on a flash dump in memory, and the assembly of one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/provision/otadata_image.h"
#include "sim/provision/otatool.h"
#include "sim/provision/partition_convert.h"
#include "sim/provision/partition_notes.h"
#include "sim/provision/parttool.h"

#define CSV                                                                                                  \
    "nvs,data,nvs,0x9000,16K\notadata,data,ota,0xd000,8K\nlocked,data,fat,0xf000,4K,readonly\n"              \
    "ota_0,app,ota_0,0x10000,64K\nota_1,app,ota_1,0x20000,64K\n"

struct device {
    struct buffer dump;
    struct partition_table_layout layout;
};

static int make_device(void **state) {
    struct device *device = memory_zeroed(1, sizeof *device);
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_csv_notes notes = {0};
    struct buffer table = {0};
    assert_true(partition_table_convert(CSV, strlen(CSV), &options, &table, &notes));
    buffer_reserve(&device->dump, 0x30000);
    device->dump.length = 0x30000;
    memset(device->dump.bytes, 0xFF, device->dump.length);
    memcpy(device->dump.bytes + 0x8000, table.bytes, table.length);
    assert_true(parttool_table_of_dump(&device->dump, &options, &device->layout, NULL));
    buffer_free(&table);
    partition_csv_notes_free(&notes);
    *state = device;
    return 0;
}

static int free_device(void **state) {
    struct device *device = *state;
    partition_table_layout_free(&device->layout);
    buffer_free(&device->dump);
    free(device);
    return 0;
}

static const struct partition_entry *named(const struct device *device, const char *name) {
    struct parttool_choice choice = {.by = PARTTOOL_BY_NAME, .name = name};
    return parttool_find(&device->layout, &choice, NULL);
}

static void finds_partitions(void **state) {
    const struct device *device = *state;
    struct parttool_choice choice = {.by = PARTTOOL_BOOT_DEFAULT};
    assert_string_equal(parttool_find(&device->layout, &choice, NULL)->name, "ota_0");
    choice = (struct parttool_choice){.by = PARTTOOL_BY_TYPE, .type = 1, .subtype = 2};
    const struct partition_entry *nvs = parttool_find(&device->layout, &choice, NULL);
    assert_string_equal(nvs->name, "nvs");
    assert_null(parttool_find(&device->layout, &choice, nvs));
    assert_null(named(device, "none"));
}

static void tells_what_is_asked(void **state) {
    const char *wanted[] = {"name", "type", "subtype", "offset", "size", "encrypted", "readonly"};
    struct buffer line = {0};
    struct error error = {0};
    assert_true(parttool_info(named(*state, "locked"), wanted, 7, &line, &error));
    assert_string_equal(buffer_string(&line), "locked 1 129 0xf000 0x1000 False True");
    const char *unknown[] = {"colour"};
    assert_false(parttool_info(named(*state, "locked"), unknown, 1, &line, &error));
    buffer_free(&line);
}

static void writes_reads_and_erases(void **state) {
    struct device *device = *state;
    struct buffer bytes = {0}, read = {0};
    struct error error = {0};
    buffer_text(&bytes, "hello");
    assert_true(parttool_write(&device->dump, named(device, "nvs"), &bytes, false, &error));
    assert_true(parttool_read(&device->dump, named(device, "nvs"), &read, &error));
    assert_int_equal(read.length, 16384);
    assert_memory_equal(read.bytes, "hello\xFF", 6);
    assert_true(parttool_erase(&device->dump, named(device, "nvs"), &error));
    assert_int_equal(device->dump.bytes[0x9000], 0xFF);
    buffer_free(&bytes);
    buffer_free(&read);
}

static void refuses_without_a_change(void **state) {
    struct device *device = *state;
    struct buffer bytes = {0}, before = {0};
    struct error error = {0};
    buffer_reserve(&bytes, 0x5000);
    bytes.length = 0x5000;
    memset(bytes.bytes, 0, bytes.length);
    buffer_append(&before, device->dump.bytes, device->dump.length);
    assert_false(parttool_write(&device->dump, named(device, "nvs"), &bytes, false, &error));
    assert_non_null(strstr(error.message, "exceeds partition size"));
    bytes.length = 16;
    assert_false(parttool_write(&device->dump, named(device, "locked"), &bytes, false, &error));
    assert_memory_equal(before.bytes, device->dump.bytes, before.length);
    assert_true(parttool_write(&device->dump, named(device, "locked"), &bytes, true, &error));
    device->dump.length = 0x28000; // a truncated file: ota_1 does not end inside
    assert_false(parttool_erase(&device->dump, named(device, "ota_1"), &error));
    assert_non_null(strstr(error.message, "beyond the end"));
    buffer_free(&bytes);
    buffer_free(&before);
}

static struct buffer otadata_with(uint32_t seq0, uint32_t state0, uint32_t seq1, uint32_t state1) {
    struct otadata_entry first = otadata_entry_make(seq0, state0), second = otadata_entry_make(seq1, state1);
    struct buffer contents = {0};
    uint8_t image[OTADATA_SIZE];
    otadata_image_build(seq0 ? &first : NULL, seq1 ? &second : NULL, image);
    buffer_append(&contents, image, sizeof image);
    return contents;
}

static void prints_as_the_original(void **state) {
    (void)state;
    struct buffer contents = otadata_with(1, OTADATA_VALID, 0, 0), text = {0};
    assert_true(otatool_print(&contents, OTATOOL_SECTORS_SIZE_DEFAULT, &text, NULL));
    assert_non_null(
        strstr(buffer_string(&text), "\nFirmware:  0x000001 \t0x4743989a | \t0xffffffff \t 0xffffffff\n"));
    contents.length = 0x1000;
    assert_false(otatool_print(&contents, OTATOOL_SECTORS_SIZE_DEFAULT, &text, NULL));
    buffer_free(&contents);
    buffer_free(&text);
}

static int active_slot(const struct buffer *contents) {
    struct otadata_entry entries[2];
    otadata_decode(contents->bytes, &entries[0]);
    otadata_decode(contents->bytes + 0x1000, &entries[1]);
    int active = otadata_active(entries);
    return active < 0 ? -1 : (int)otadata_slot(entries[active].seq, 2);
}

// Whatever the records were: the safe switch selects the slot, and leaves the record in force as it was.
static void the_safe_switch_always_selects(void **state) {
    (void)state;
    static const uint32_t states[] = {OTADATA_NEW,     OTADATA_PENDING_VERIFY, OTADATA_VALID,
                                      OTADATA_INVALID, OTADATA_ABORTED,        OTADATA_UNDEFINED};
    for (uint32_t seq0 = 0; seq0 < 5; seq0++)
        for (uint32_t seq1 = 0; seq1 < 5; seq1++)
            for (size_t i = 0; i < 36; i++)
                for (uint32_t slot = 0; slot < 2; slot++) {
                    struct buffer contents = otadata_with(seq0, states[i / 6], seq1, states[i % 6]);
                    struct otatool_switched switched;
                    assert_true(
                        otatool_switch_contents(&contents, 0x2000, slot, 2, OTATOOL_SAFE, &switched, NULL));
                    assert_int_equal(active_slot(&contents), slot);
                    buffer_free(&contents);
                }
}

// HT-29 (a): the original keeps an old INVALID, and the bootloader ignores the new record.
static void the_original_switch_can_have_no_effect(void **state) {
    (void)state;
    struct buffer contents = otadata_with(3, OTADATA_VALID, 2, OTADATA_INVALID);
    struct otatool_switched switched;
    assert_true(otatool_switch_contents(&contents, 0x2000, 1, 2, OTATOOL_AS_ORIGINAL, &switched, NULL));
    assert_int_equal(switched.seq, 4);
    assert_int_equal(active_slot(&contents), 0);
    buffer_free(&contents);
}

static void refuses_impossible_switches(void **state) {
    (void)state;
    struct buffer contents = otadata_with(0xFFFFFFFE, OTADATA_VALID, 0, 0);
    struct otatool_switched switched;
    struct error error = {0};
    assert_false(otatool_switch_contents(&contents, 0x2000, 2, 2, OTATOOL_SAFE, &switched, &error));
    assert_string_equal(error.message, "Partition to switch to not found");
    assert_false(otatool_switch_contents(&contents, 0x2000, 0, 0, OTATOOL_SAFE, &switched, &error));
    assert_false(otatool_switch_contents(&contents, 0x2000, 0, 2, OTATOOL_SAFE, &switched, &error));
    buffer_free(&contents);
}

static void parses_extra_subtypes(void **state) {
    (void)state;
    struct partition_extra_subtype extra;
    char *text = NULL;
    struct error error = {0};
    assert_true(partition_extra_subtype_parse("data, mine, 0x41", &extra, &text, &error));
    assert_int_equal(extra.type, 1);
    assert_string_equal(extra.name, "mine");
    assert_int_equal(extra.value, 0x41);
    free(text);
    assert_false(partition_extra_subtype_parse("data, mine", &extra, &text, &error));
    assert_false(partition_extra_subtype_parse("data, mine, 0x141", &extra, &text, &error));
    assert_false(partition_extra_subtype_parse("", &extra, &text, &error));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_partitions, make_device, free_device),
        cmocka_unit_test_setup_teardown(tells_what_is_asked, make_device, free_device),
        cmocka_unit_test_setup_teardown(writes_reads_and_erases, make_device, free_device),
        cmocka_unit_test_setup_teardown(refuses_without_a_change, make_device, free_device),
        cmocka_unit_test(prints_as_the_original),
        cmocka_unit_test(the_safe_switch_always_selects),
        cmocka_unit_test(the_original_switch_can_have_no_effect),
        cmocka_unit_test(refuses_impossible_switches),
        cmocka_unit_test(parses_extra_subtypes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
