// otadata images, and the slot switch of otatool. The table of cases is that of HT-29.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/provision/otadata_image.h"
#include "sim/provision/partition_csv.h"
#include "sim/provision/partition_notes.h"
#include "sim/provision/partition_rules.h"

static struct otadata_entry entry_at(const uint8_t *image, int index) {
    struct otadata_entry entry;
    otadata_decode(image + (index == 0 ? 0 : OTADATA_SIZE / 2), &entry);
    return entry;
}

static void builds_blank_and_written_entries(void **state) {
    (void)state;
    uint8_t image[OTADATA_SIZE];
    struct otadata_entry entry = otadata_entry_make(2, OTADATA_VALID);
    assert_int_equal(entry.crc, 0x55F63774); // the check value of the rules
    otadata_image_build(NULL, &entry, image);
    for (size_t i = 0; i < OTADATA_SIZE / 2; i++)
        assert_int_equal(image[i], 0xFF);
    struct otadata_entry read = entry_at(image, 1);
    assert_memory_equal(&read, &entry, sizeof entry);
    for (size_t i = OTADATA_SIZE / 2 + OTADATA_ENTRY_SIZE; i < OTADATA_SIZE; i++)
        assert_int_equal(image[i], 0xFF);
}

#define BLANK                                                                                                \
    { OTADATA_SEQ_BLANK, OTADATA_UNDEFINED }

static void switches_as_the_table_says(void **state) {
    (void)state;
    static const struct {
        struct {
            uint32_t seq, state;
        } before[2];
        uint32_t slot;
        int written; // which entry
        uint32_t seq, state;
    } cases[] = {
        {{BLANK, BLANK}, 0, 0, 1, OTADATA_UNDEFINED},
        {{BLANK, BLANK}, 1, 0, 2, OTADATA_UNDEFINED},
        {{{1, OTADATA_VALID}, BLANK}, 1, 1, 2, OTADATA_UNDEFINED},
        {{{1, OTADATA_VALID}, {2, OTADATA_ABORTED}}, 0, 0, 3, OTADATA_VALID},
        {{{3, OTADATA_VALID}, {2, OTADATA_ABORTED}}, 1, 1, 4, OTADATA_ABORTED},
        {{{1, OTADATA_VALID}, BLANK}, 0, 1, 1, OTADATA_UNDEFINED},
        {{{5, OTADATA_NEW}, {5, OTADATA_VALID}}, 1, 1, 6, OTADATA_VALID}, // a tie: entry 0 is the base
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct otadata_entry entries[2];
        const struct otadata_entry *given[2] = {NULL, NULL};
        for (int j = 0; j < 2; j++) {
            entries[j] = otadata_entry_make(cases[i].before[j].seq, cases[i].before[j].state);
            if (cases[i].before[j].seq != OTADATA_SEQ_BLANK)
                given[j] = &entries[j];
        }
        uint8_t image[OTADATA_SIZE], before[OTADATA_SIZE];
        otadata_image_build(given[0], given[1], image);
        memcpy(before, image, sizeof image);
        assert_true(otatool_switch(image, cases[i].slot, 2, NULL));
        struct otadata_entry after = entry_at(image, cases[i].written);
        assert_int_equal(after.seq, cases[i].seq);
        assert_int_equal(after.crc, otadata_crc(cases[i].seq));
        assert_int_equal(after.state, cases[i].state);
        size_t other = cases[i].written == 0 ? OTADATA_SIZE / 2 : 0;
        assert_memory_equal(image + other, before + other, OTADATA_SIZE / 2);
    }
}

static void refuses_what_cannot_be(void **state) {
    (void)state;
    struct otadata_entry last = otadata_entry_make(0xFFFFFFFE, OTADATA_VALID);
    uint8_t image[OTADATA_SIZE], before[OTADATA_SIZE];
    otadata_image_build(&last, NULL, image);
    memcpy(before, image, sizeof image);
    struct error error = {0};
    assert_false(otatool_switch(image, 0, 0, &error));
    assert_string_equal(error.message, "No ota app partitions found");
    assert_false(otatool_switch(image, 2, 2, &error));
    assert_string_equal(error.message, "Partition to switch to not found");
    assert_false(otatool_switch(image, 0, 3, &error)); // 2^32 is the next that selects slot 0 of 3
    assert_non_null(strstr(error.message, "4294967296"));
    assert_memory_equal(image, before, sizeof image);
}

static void finds_slots_up_to_the_first_gap(void **state) {
    (void)state;
    static const char csv[] = "otadata,data,ota,,8K\n"
                              "first,app,ota_0,,64K\n"
                              "odd,0x40,0x11,,4K\n" // of another type, but with a slot's subtype
                              "third,app,ota_3,,64K\n";
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_table_layout layout;
    struct partition_csv_notes notes = {0};
    assert_true(partition_csv_parse(csv, strlen(csv), &options, &layout, &notes));
    assert_int_equal(otatool_slot_count(&layout), 2);
    uint32_t slot = 99;
    struct error error = {0};
    assert_true(otatool_slot_by_name(&layout, "odd", &slot, &error));
    assert_int_equal(slot, 1);
    assert_false(otatool_slot_by_name(&layout, "third", &slot, &error));
    assert_string_equal(error.message, "Partition to switch to not found");
    partition_table_layout_free(&layout);
    assert_false(otatool_slot_by_name(&layout, "odd", &slot, &error));
    assert_string_equal(error.message, "No ota app partitions found");
    partition_csv_notes_free(&notes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_blank_and_written_entries),
        cmocka_unit_test(switches_as_the_table_says),
        cmocka_unit_test(refuses_what_cannot_be),
        cmocka_unit_test(finds_slots_up_to_the_first_gap),
    };
    return cmocka_run_group_tests_name("otadata_image", tests, NULL, NULL);
}
