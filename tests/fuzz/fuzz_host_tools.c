// A flash file with an arbitrary table and arbitrary otadata under otatool and parttool: what they change lies inside the partition
// that was meant, what they refuse stays as it is, and a slot that was selected is the one that the records name.
//
// Bytes of the input: what is done, to which slot; then two otadata entries of 32 bytes; the rest is the table, at 0x8000.
// A table that begins with 00 is one of ours, so that the commands get beyond it.
#include <string.h>

#include "../../sim/provision/otadata_image.h"
#include "../../sim/provision/otatool.h"
#include "../../sim/provision/partition_convert.h"
#include "../../sim/provision/parttool.h"
#include "fuzz.h"

#define DUMP_SIZE     0x30000u
#define TABLE_AT      0x8000u
#define OTADATA_AT    0xD000u
#define ENTRY_SIZE    32u
#define TABLE_ROOM    0xC00u
#define OTADATA_TOTAL 0x2000u

static const char table_csv[] =
    "nvs,data,nvs,0x9000,16K\notadata,data,ota,0xd000,8K\nlocked,data,fat,0xf000,4K,readonly\n"
    "ota_0,app,ota_0,0x10000,64K\nota_1,app,ota_1,0x20000,64K\n";

static struct buffer own_table;

static void lay_out(struct buffer *dump, const uint8_t *data, size_t size) {
    buffer_reserve(dump, DUMP_SIZE);
    memset(dump->bytes, 0xFF, DUMP_SIZE);
    dump->length = DUMP_SIZE;
    for (size_t i = 0; i < 2 * ENTRY_SIZE && i < size; i++)
        dump->bytes[OTADATA_AT + i / ENTRY_SIZE * 0x1000u + i % ENTRY_SIZE] = data[i];
    if (size <= 2 * ENTRY_SIZE || data[2 * ENTRY_SIZE] == 0)
        memcpy(dump->bytes + TABLE_AT, own_table.bytes, own_table.length);
    else
        memcpy(dump->bytes + TABLE_AT, data + 2 * ENTRY_SIZE,
               size - 2 * ENTRY_SIZE < TABLE_ROOM ? size - 2 * ENTRY_SIZE : TABLE_ROOM);
}

// Nothing outside of `partition` differs; NULL: nothing at all.
static void check_outside(const struct buffer *before, const struct buffer *after,
                          const struct partition_entry *partition) {
    size_t begin = partition == NULL ? DUMP_SIZE : (size_t)partition->offset;
    size_t end = partition == NULL ? DUMP_SIZE : begin + (size_t)partition->size;
    FUZZ_CHECK(after->length == DUMP_SIZE && begin <= end && end <= DUMP_SIZE);
    FUZZ_CHECK(memcmp(before->bytes, after->bytes, begin) == 0);
    FUZZ_CHECK(memcmp(before->bytes + end, after->bytes + end, DUMP_SIZE - end) == 0);
}

static void change_partition(const struct buffer *dump, const struct partition_table_layout *layout,
                             uint8_t choice, bool erases) {
    if (layout->count == 0)
        return;
    const struct partition_entry *partition = &layout->entries[choice % layout->count];
    struct buffer after = {0}, contents = {0}, read = {0};
    struct error error = {0};
    buffer_append(&after, dump->bytes, dump->length);
    buffer_append(&contents, "contents", 1 + choice % 8u);
    bool done = erases ? parttool_erase(&after, partition, &error)
                       : parttool_write(&after, partition, &contents, (choice & 0x80u) != 0, &error);
    FUZZ_CHECK(done || error.message[0] != '\0');
    check_outside(dump, &after, done ? partition : NULL);
    if (done && parttool_read(&after, partition, &read, &error)) {
        FUZZ_CHECK(read.length == (size_t)partition->size);
        size_t written = erases ? 0 : contents.length < read.length ? contents.length : read.length;
        FUZZ_CHECK(memcmp(read.bytes, contents.bytes, written) == 0);
        for (size_t i = written; i < read.length; i++)
            FUZZ_CHECK(read.bytes[i] == 0xFF);
    }
    buffer_free(&after);
    buffer_free(&contents);
    buffer_free(&read);
}

static void switch_slot(const struct buffer *dump, const struct partition_table_layout *layout,
                        uint8_t choice) {
    const struct partition_entry *otadata = otatool_otadata(layout), *app;
    struct otatool_target target = {.slot = choice % 18u};
    struct otatool_switched switched, again;
    struct buffer contents = {0}, lines = {0};
    struct error error = {0};
    uint32_t slot;
    if (otadata == NULL || !parttool_read(dump, otadata, &contents, &error))
        return;
    enum otatool_way way = (choice & 0x80u) != 0 ? OTATOOL_SAFE : OTATOOL_AS_ORIGINAL;
    uint32_t count = otatool_slot_count(layout);
    if (otatool_slot(layout, &target, &slot, &app, &error)) {
        size_t length = contents.length;
        bool done = otatool_switch_contents(&contents, OTATOOL_SECTORS_SIZE_DEFAULT, slot, count, way,
                                            &switched, &error);
        FUZZ_CHECK(contents.length == length && (done || error.message[0] != '\0'));
        if (done && way == OTATOOL_SAFE) { // what is selected needs no second write
            FUZZ_CHECK(otatool_switch_contents(&contents, OTATOOL_SECTORS_SIZE_DEFAULT, slot, count, way,
                                               &again, &error));
            FUZZ_CHECK(again.entry == -1);
        }
        if (done && switched.entry >= 0)
            FUZZ_CHECK((switched.seq - 1) % count == slot);
    }
    if (otatool_print(&contents, OTATOOL_SECTORS_SIZE_DEFAULT, &lines, &error))
        FUZZ_CHECK(lines.length > 0);
    buffer_free(&contents);
    buffer_free(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct buffer dump; // laid out anew each time: its memory is what stays
    if (own_table.length == 0) {
        struct partition_csv_options csv = partition_csv_options_default();
        struct partition_csv_notes notes = {0};
        FUZZ_CHECK(partition_table_convert(table_csv, sizeof table_csv - 1, &csv, &own_table, &notes));
        partition_csv_notes_free(&notes);
    }
    if (size < 2)
        return 0;
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_table_layout layout = {0};
    struct error error = {0};
    dump.length = 0;
    lay_out(&dump, data + 2, size - 2);
    if (parttool_table_of_dump(&dump, &options, &layout, &error))
        if (data[0] % 3u == 2)
            switch_slot(&dump, &layout, data[1]);
        else
            change_partition(&dump, &layout, data[1], data[0] % 3u == 0);
    else
        FUZZ_CHECK(error.message[0] != '\0');
    partition_table_layout_free(&layout);
    return 0;
}
