// Partition CSV: rule by rule. Expected messages and digests are those of the specification (CSV-1 to CSV-82,
// section 8).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ota/partition_table.h"
#include "sim/provision/partition_convert.h"
#include "sim/provision/partition_csv.h"
#include "sim/provision/partition_verify.h"

static struct partition_csv_options plain(void) {
    return partition_csv_options_default();
}

static struct partition_csv_options of_release(const char *name) {
    struct partition_csv_options options = plain();
    options.release = release_profile_find(name);
    assert_non_null(options.release);
    return options;
}

// ---- helpers: what a text gives -----------------------------------------------------------------

static void expect_fine_with(const char *csv, size_t length, const struct partition_csv_options *options,
                             size_t warnings, struct buffer *table) {
    struct partition_csv_notes notes = {0};
    if (!partition_table_convert(csv, length, options, table, &notes))
        fail_msg("%s: %s", csv, notes.message);
    assert_int_equal(notes.warning_count, warnings);
    assert_int_equal(notes.failure, PARTITION_CSV_FINE);
    partition_csv_notes_free(&notes);
}

static void expect_fine(const char *csv, const struct partition_csv_options *options) {
    struct buffer table = {0};
    expect_fine_with(csv, strlen(csv), options, 0, &table);
    assert_int_equal(table.length, PARTITION_TABLE_SIZE);
    buffer_free(&table);
}

static void expect_warnings(const char *csv, const struct partition_csv_options *options, size_t warnings) {
    struct buffer table = {0};
    expect_fine_with(csv, strlen(csv), options, warnings, &table);
    buffer_free(&table);
}

static void expect_error_with(const char *csv, size_t length, const struct partition_csv_options *options,
                              enum partition_csv_failure failure, uint32_t line, const char *message) {
    struct partition_csv_notes notes = {0};
    struct buffer table = {0};
    assert_false(partition_table_convert(csv, length, options, &table, &notes));
    assert_int_equal(notes.failure, failure);
    assert_string_equal(notes.message, message);
    assert_int_equal(notes.line, line);
    assert_int_equal(table.length, 0);
    partition_csv_notes_free(&notes);
    buffer_free(&table);
}

static void expect_error(const char *csv, const struct partition_csv_options *options,
                         enum partition_csv_failure failure, uint32_t line, const char *message) {
    expect_error_with(csv, strlen(csv), options, failure, line, message);
}

// An error of one line, with the frame that CSV-5 puts around it.
static void expect_line_error(const char *csv, const struct partition_csv_options *options, uint32_t line,
                              const char *message) {
    struct buffer whole = {0};
    buffer_printf(
        &whole,
        "Error at line %u: %s\nPlease check extra_partition_subtypes.inc file in build/config directory",
        line, message);
    expect_error(csv, options, PARTITION_CSV_INPUT_ERROR, line, buffer_string(&whole));
    buffer_free(&whole);
}

// Offset and size of the last partition.
static void expect_place(const char *csv, int64_t offset, int64_t size) {
    struct partition_csv_options options = plain();
    struct partition_csv_notes notes = {0};
    struct partition_table_layout layout;
    if (!partition_csv_parse(csv, strlen(csv), &options, &layout, &notes))
        fail_msg("%s: %s", csv, notes.message);
    const struct partition_entry *last = &layout.entries[layout.count - 1];
    assert_int_equal(last->offset, offset);
    assert_int_equal(last->size, size);
    partition_table_layout_free(&layout);
}

// ---- whole tables -------------------------------------------------------------------------------

static void expect_md5_row(const char *csv, const char *digest) {
    struct partition_csv_options options = plain();
    struct buffer table = {0};
    expect_fine_with(csv, strlen(csv), &options, 0, &table);
    size_t at = 0;
    while (table.bytes[at] == 0xAA)
        at += PARTITION_ROW_SIZE;
    assert_int_equal(table.bytes[at], 0xEB);
    for (size_t i = 0; i < 16; i++) {
        char pair[3] = {digest[2 * i], digest[2 * i + 1], '\0'};
        assert_int_equal(table.bytes[at + 16 + i], strtoul(pair, NULL, 16));
    }
    buffer_free(&table);
}

static void shipped_tables_have_their_known_digests(void **state) {
    (void)state;
    expect_md5_row("nvs,data,nvs,0x9000,24K\nphy_init,data,phy,,4K\nfactory,app,factory,,1M\n",
                   "f4ad4f4538564b5d7435b62c75b69524");
    expect_md5_row("nvs,data,nvs,,16K\notadata,data,ota,,8K\nphy_init,data,phy,,4K\nfactory,app,factory,,1M\n"
                   "ota_0,app,ota_0,,1M\nota_1,app,ota_1,,1M\n",
                   "bf25822c0fa6d8641bd930251e06b4c4");
    expect_md5_row("nvs,data,nvs,0x9000,24K\notadata,data,ota,0xF000,8K\nphy_init,data,phy,0x11000,4K\n"
                   "ota_0,app,ota_0,0x20000,1700K\nota_1,app,ota_1,0x1D0000,1700K\n",
                   "37f38b32a34f7412f158930062441178");
    expect_md5_row("", "d41d8cd98f00b204e9800998ecf8427e");
}

static void rows_are_encoded_as_documented(void **state) {
    (void)state;
    static const uint8_t row[PARTITION_ROW_SIZE] = {0xAA, 0x50, 1, 2, 0,   0x90, 0,  0,
                                                    0,    0x40, 0, 0, 'n', 'v',  's'};
    static const char csv[] = "nvs, data, nvs, 0x9000, 0x4000\n";
    struct partition_csv_options options = plain();
    struct buffer table = {0};
    options.disable_md5 = true;
    expect_fine_with(csv, strlen(csv), &options, 0, &table);
    assert_memory_equal(table.bytes, row, sizeof row);
    for (size_t i = sizeof row; i < PARTITION_TABLE_SIZE; i++)
        assert_int_equal(table.bytes[i], 0xFF);
    buffer_free(&table);
}

static void csv_made_from_binary_converts_back(void **state) {
    (void)state;
    static const char csv[] = "# ESP-IDF Partition Table\n# Name, Type, SubType, Offset, Size, Flags\n"
                              "nvs,data,nvs,0x9000,16K,encrypted:readonly\n"
                              "otadata,data,ota,0xd000,8K,\n"
                              "odd,64,250,0xf000,0x123,encrypted\n"
                              "ota_0,app,ota_0,0x10000,1M,\n"
                              "empty,data,undefined,0x110000,0M,readonly\n";
    struct partition_csv_options options = plain();
    struct buffer binary = {0}, text = {0};
    expect_fine_with(csv, strlen(csv), &options, 0, &binary);
    expect_fine_with((const char *)binary.bytes, binary.length, &options, 0, &text);
    assert_string_equal(buffer_string(&text), csv);
    buffer_free(&binary);
    buffer_free(&text);
}

// ---- lines and text -----------------------------------------------------------------------------

static void comments_blanks_and_line_breaks(void **state) {
    (void)state;
    expect_place("\n  # comment\r\n\r\na,data,nvs,,12K\rb,data,phy,,4K", 0xC000, 0x1000);
    expect_place("a,data,nvs,,12K\xE2\x80\xA8 b\t,\tdata , phy ,, 4K\xC2\xA0,,ignored,too", 0xC000, 0x1000);
}

static void encodings(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    struct buffer table = {0};
    static const char utf8[] = "\xEF\xBB\xBF"
                               "a,1,2,,12K\n";
    expect_fine_with(utf8, sizeof utf8 - 1, &options, 0, &table);
    assert_int_equal(table.bytes[12], 'a');
    static const char utf16[] = "\xFF\xFE"
                                "a\0,\0"
                                "1\0,\0"
                                "2\0,\0,\0"
                                "3\0M\0";
    table.length = 0;
    expect_fine_with(utf16, sizeof utf16 - 1, &options, 0, &table);
    assert_int_equal(table.bytes[12], 'a');
    static const char utf32[] = "\0\0\xFE\xFF\0\0\0a\0\0\0,\0\0\0"
                                "1\0\0\0,\0\0\0"
                                "6\0\0\0,\0\0\0,\0\0\0"
                                "9";
    table.length = 0;
    expect_fine_with(utf32, sizeof utf32 - 1, &options, 0, &table);
    assert_int_equal(table.bytes[12], 'a');
    struct partition_csv_options old = of_release("v5.3"); // takes the mark for a part of the name
    table.length = 0;
    expect_fine_with(utf8, sizeof utf8 - 1, &old, 0, &table);
    assert_int_equal(table.bytes[12], 0xEF);
    buffer_free(&table);
    static const char *const bad[] = {"a\xFF,1,2,,4K", "\xEB\xEB\xFF\xFF", "a\xED\xA0\x80,1,2",
                                      ("\xFF\xFE"
                                       "a")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_error(bad[i], &options, PARTITION_CSV_INPUT_ERROR, 0,
                     "neither a binary partition table (it would begin with AA 50) nor text in UTF-8");
}

static const char *environment(const char *name) {
    return strcmp(name, "SIZE") == 0 ? "12K" : NULL;
}

static void variables(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    options.environment = environment;
    expect_fine("a,data,nvs,,$SIZE\nb,data,nvs,,${SIZE}\n$,data,phy,,4K\n", &options);
    expect_error("a,data,nvs,,12K\n$NONE,data,nvs,,4K", &options, PARTITION_CSV_INPUT_ERROR, 2,
                 "unknown variable 'NONE'");
    expect_line_error("a,data,nvs,,$NONE", &options, 1, "Invalid field value $NONE");
    expect_fine(" $NONE,data,phy,,4K", &options); // not at the line's begin
}

// ---- numbers (CSV-10) ---------------------------------------------------------------------------

static void numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } fine[] = {
        {"0x24k", 0x9000}, {"1kk", 1 << 20},
        {"1Km", 1 << 30},  {"0b1_0", 2},
        {"0o17", 15},      {"1_000", 1000},
        {"+4096", 4096},   {"00", 0},
        {"0x_f", 15},      {"0XfF", 255},
        {"3 K", 3072},     {"0x10000000000000001", (1ll << 60) + 1}, // beyond all fields, low bits kept
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        struct buffer csv = {0};
        buffer_printf(&csv, "a,data,fat,,%s", fine[i].text);
        expect_place(buffer_string(&csv), 0x9000, fine[i].value);
        buffer_free(&csv);
    }
    static const char *const bad[] = {"010", "0x", "1__0", "_1", "1_", "0b2", "--1", "0xg", "k", "1.5"};
    struct partition_csv_options options = plain();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buffer csv = {0}, message = {0};
        buffer_printf(&csv, "a,data,fat,,%s", bad[i]);
        buffer_printf(&message, "Invalid field value %s", strcmp(bad[i], "k") == 0 ? "" : bad[i]);
        expect_line_error(buffer_string(&csv), &options, 1, buffer_string(&message));
        buffer_free(&csv);
        buffer_free(&message);
    }
    expect_line_error("a,data,fat,,012K", &options, 1, "Invalid field value 012");
}

static void numbers_that_fit_no_field(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    const char *type = "partition a: type and subtype must be from 0 to 255";
    const char *size = "partition a: offset and size must be from 0 to 4294967295";
    expect_error("a,256,1,,4K", &options, PARTITION_CSV_PACK_ERROR, 1, type);
    expect_error("a,-1,1,,4K", &options, PARTITION_CSV_PACK_ERROR, 1, type);
    expect_error("a,data,0x100,,4K", &options, PARTITION_CSV_PACK_ERROR, 1, type);
    expect_error("a,data,fat,,4096M", &options, PARTITION_CSV_PACK_ERROR, 1, size);
    expect_error("a,data,fat,,-4K", &options, PARTITION_CSV_PACK_ERROR, 1,
                 size); // up to an address before its begin
    expect_error("a,data,fat,0x1000000000000000000,4K", &options, PARTITION_CSV_PACK_ERROR, 1, size);
    expect_error("a,data,fat,,99999999999999999999999999999999kkkkmmmm", &options, PARTITION_CSV_PACK_ERROR,
                 1, size);
}

// ---- fields (CSV-20 to CSV-27) ------------------------------------------------------------------

static void types_and_subtypes(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_fine("a,APP,Factory,,64K\nb,0x40,1,,64\nc,1,,,64\nd,0x41,,,1", &options);
    expect_line_error("a,,nvs,,4K", &options, 1, "Field 'type' can't be left empty.");
    expect_line_error("#\na", &options, 2, "Field 'type' can't be left empty.");
    expect_line_error("a,app,,,64K", &options, 1, "App partition cannot have an empty subtype");
    expect_line_error("a,datas,nvs,,4K", &options, 1,
                      "Value 'datas' is not valid. Known keywords: bootloader, partition_table, app, data");
    expect_line_error("a,bootloader,nvs,,4K", &options, 1,
                      "Value 'nvs' is not valid. Known keywords: primary, ota, recovery");
    expect_line_error("a,0x40,nvs,,4K", &options, 1, "Invalid field value nvs");
    struct partition_csv_options old = of_release("v5.1");
    expect_line_error("a,bootloader,primary,,4K", &old, 1,
                      "Value 'bootloader' is not valid. Known keywords: app, data");
}

static void extra_subtypes(void **state) {
    (void)state;
    static const struct partition_extra_subtype extra[] = {{1, "logs", 0x99}, {0, "spare", 0x40}};
    struct partition_csv_options options = plain();
    options.extra_subtypes = extra;
    options.extra_subtype_count = 2;
    expect_fine("a,data,logs,,4K\nb,app,spare,,64K", &options);
    static const struct partition_extra_subtype taken[] = {{1, "mine", 0x82}};
    options.extra_subtypes = taken;
    options.extra_subtype_count = 1;
    expect_error("", &options, PARTITION_CSV_INPUT_ERROR, 0,
                 "extra subtype mine: its type does not exist or its value 0x82 is taken");
}

static void forced_offsets_and_sizes(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_line_error("b,bootloader,primary,N/A,N/A", &options, 1,
                      "Primary bootloader offset is not defined. Please use --primary-bootloader-offset");
    options.has_primary_bootloader_offset = true;
    options.primary_bootloader_offset = 0x1000;
    expect_line_error("b,bootloader,recovery,N/A,N/A", &options, 1,
                      "Recovery bootloader offset is not defined. Please use --recovery-bootloader-offset");
    options.has_recovery_bootloader_offset = true;
    options.recovery_bootloader_offset = 0x200000;
    struct partition_csv_notes notes = {0};
    struct partition_table_layout layout;
    static const char csv[] = "b,bootloader,primary,N/A,N/A\nt,partition_table,primary,N/A,N/A\n"
                              "o,bootloader,ota,,N/A\nu,partition_table,ota,,\nr,bootloader,recovery,N/A,\n";
    assert_true(partition_csv_parse(csv, strlen(csv), &options, &layout, &notes));
    static const int64_t places[][2] = {
        {0x1000, 0x7000}, {0x8000, 0x1000}, {0x9000, 0x7000}, {0x10000, 0x1000}, {0x200000, 0x7000}};
    for (size_t i = 0; i < layout.count; i++) {
        assert_int_equal(layout.entries[i].offset, places[i][0]);
        assert_int_equal(layout.entries[i].size, places[i][1]);
    }
    assert_true(partition_table_layout_verify(&layout, &options, &notes));
    partition_table_layout_free(&layout);
    options.primary_bootloader_offset = 0x8000;
    expect_error("", &options, PARTITION_CSV_INPUT_ERROR, 0,
                 "the primary bootloader (at 0x8000) must lie below the partition table (at 0x8000)");
}

static void flags(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_fine("a,data,nvs,,4K,encrypted:readonly\nb,data,fat,,4K,:readonly:", &options);
    expect_line_error("a,data,fat,,4K,Readonly", &options, 1,
                      "CSV flag column contains unknown flag 'Readonly'");
    expect_line_error("a,data,fat,,4K,encrypted: readonly", &options, 1,
                      "CSV flag column contains unknown flag ' readonly'");
    struct partition_csv_options old = of_release("v5.1");
    expect_line_error("a,data,fat,,4K,readonly", &old, 1, "CSV flag column contains unknown flag 'readonly'");
}

static void long_names_are_cut_in_the_binary(void **state) {
    (void)state;
    static const char csv[] = "a name of 17 char,data,fat,,4K\na name of 17 chars,data,fat,,4K\n";
    struct partition_csv_options options = plain();
    struct buffer table = {0};
    expect_fine_with(csv, strlen(csv), &options, 0, &table);
    assert_memory_equal(table.bytes + 12, "a name of 17 cha\0\0\0\0", 20);
    assert_memory_equal(table.bytes + 44, "a name of 17 cha\0\0\0\0", 20);
    buffer_free(&table);
}

// ---- placement (CSV-30) -------------------------------------------------------------------------

static void placement(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_place("a, app, factory, , 1M", 0x10000, 1 << 20);
    expect_place("x, 0x40, 1, , 0x100\ny, 0x40, 2, , 0x100", 0xA000, 0x100);
    expect_place("a, app, ota_0, 0x10000, -2M", 0x10000, 0x1F0000);
    expect_line_error("a,data,fat,,", &options, 1, "Size field can't be empty");
    expect_error(
        "a, app, ota_0, 0x8000, 1M", &options, PARTITION_CSV_INPUT_ERROR, 1,
        "CSV Error at line 1: Partitions overlap. Partition sets offset 0x8000. But partition table occupies "
        "the whole sector 0x8000. Use a free offset 0x9000 or higher.");
    expect_error("a,data,fat,,4K\n\nb,data,fat,0x9fff,4K", &options, PARTITION_CSV_INPUT_ERROR, 3,
                 "CSV Error at line 3: Partitions overlap. Partition sets offset 0x9fff. Previous partition "
                 "ends 0xa000");
    expect_error(
        "a,data,fat,-1,4K", &options, PARTITION_CSV_INPUT_ERROR, 1,
        "CSV Error at line 1: Partitions overlap. Partition sets offset 0x-1. But partition table occupies "
        "the whole sector 0x8000. Use a free offset 0x9000 or higher.");
}

// ---- verification (CSV-60 to CSV-70) ------------------------------------------------------------

static void alignment(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_error("a,app,ota_0,0x18000,1M", &options, PARTITION_CSV_VALIDATION_ERROR, 1,
                 "Partition a invalid: Offset 0x18000 is not aligned to 0x10000");
    expect_error("a,data,fat,0x9010,4K", &options, PARTITION_CSV_VALIDATION_ERROR, 1,
                 "Partition a invalid: Offset 0x9010 is not aligned to 0x1000");
    expect_error("a,app,ota_0,,65537", &options, PARTITION_CSV_VALIDATION_ERROR, 1,
                 "Partition a invalid: Size 0x10001 is not aligned to 0x1000");
    expect_fine("a,app,ota_0,,68K", &options);
    options.secure = PARTITION_CSV_SECURE_V2;
    expect_fine("a,app,ota_0,,68K", &options);
    options.secure = PARTITION_CSV_SECURE_V1;
    expect_error("a,app,ota_0,,68K", &options, PARTITION_CSV_VALIDATION_ERROR, 1,
                 "Partition a invalid: Size 0x11000 is not aligned to 0x10000");
    options.no_verify = true;
    expect_fine("a,app,ota_0,,68K", &options);
    struct partition_csv_options old = of_release("v5.1");
    expect_fine("a,app,ota_0,,65537", &old);
    old = of_release("v4.4");
    expect_fine("a,data,fat,0x9004,4K", &old);
    expect_warnings("a,data,fat,0x9002,4K", &old, 1);
}

static void readonly_rules(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_error(
        "o, data, ota, , 8K, readonly", &options, PARTITION_CSV_VALIDATION_ERROR, 1,
        "Partition o invalid: 'o' partition of type 1 and subtype 0 is always read-write and cannot be "
        "read-only");
    expect_error(
        "n, data, nvs, , 0x2000", &options, PARTITION_CSV_VALIDATION_ERROR, 1,
        "Partition n invalid: 'n' partition of type 1 and subtype 2 of this size (0x2000) must be flagged as "
        "'readonly' (the size of read/write NVS has to be at least 0x3000)");
    expect_fine("n, data, nvs, , 0x2000, readonly", &options);
    struct partition_csv_options old = of_release("v5.4");
    expect_fine("n, data, nvs, , 0x2000", &old);
}

static void misleading_names_are_warned_of(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_warnings("app,data,fat,,4K", &options, 1);
    expect_warnings("nvs,data,phy,,4K", &options, 1);
    expect_warnings("data,data,fat,,4K\nnvs,data,nvs,,12K\nota_0,app,ota_0,,64K", &options, 0);
}

static void tables_as_a_whole(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    expect_error("a,data,fat,,4K\nb,data,fat,,4K\na,data,phy,,4K", &options, PARTITION_CSV_INPUT_ERROR, 0,
                 "Partition names must be unique");
    expect_error("o,data,ota,,4K", &options, PARTITION_CSV_INPUT_ERROR, 1,
                 "otadata partition must have size = 0x2000");
    expect_error(
        "o,data,ota,,8K\np,data,ota,,8K", &options, PARTITION_CSV_INPUT_ERROR, 2,
        "Found multiple otadata partitions. Only one partition can be defined with type=\"data\"(1) and "
        "subtype=\"ota\"(0).");
    expect_error("o,data,tee_ota,,4K", &options, PARTITION_CSV_INPUT_ERROR, 1,
                 "TEE otadata partition must have size = 0x2000");
    options.flash_size_mb = 1;
    expect_error(
        "a,app,factory,,1M", &options, PARTITION_CSV_INPUT_ERROR, 1,
        "Partitions tables occupies 1.1MB of flash (1114112 bytes) which does not fit in configured flash "
        "size 1MB. Change the flash size in menuconfig under the 'Serial Flasher Config' menu.");
    options.no_verify = true;
    expect_error(
        "a,app,factory,,1M", &options, PARTITION_CSV_INPUT_ERROR, 1,
        "Partitions tables occupies 1.1MB of flash (1114112 bytes) which does not fit in configured flash "
        "size 1MB. Change the flash size in menuconfig under the 'Serial Flasher Config' menu.");
    expect_fine("a,app,factory,,960K", &options);
}

static void the_table_has_room_for_94_rows(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    struct buffer csv = {0};
    for (int i = 0; i < 94; i++)
        buffer_printf(&csv, "p%d,data,fat,,4K\n", i);
    expect_fine(buffer_string(&csv), &options);
    buffer_text(&csv, "q,data,fat,,4K\n");
    expect_error(buffer_string(&csv), &options, PARTITION_CSV_INPUT_ERROR, 0,
                 "Binary partition table length (3072) longer than max");
    options.disable_md5 = true;
    expect_fine(buffer_string(&csv), &options);
    buffer_free(&csv);
}

// ---- binary input (CSV-81) ----------------------------------------------------------------------

static void expect_binary_error(struct buffer *table, size_t length, const char *message) {
    struct partition_csv_options options = plain();
    expect_error_with((const char *)table->bytes, length, &options, PARTITION_CSV_INPUT_ERROR, 0, message);
}

static void damaged_binaries(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    struct buffer table = {0};
    static const char csv[] = "nvs,data,nvs,,12K\n";
    expect_fine_with(csv, strlen(csv), &options, 0, &table);
    expect_binary_error(&table, 64, "Partition table is missing an end-of-table marker");
    expect_binary_error(&table, 65, "Partition table length must be a multiple of 32 bytes");
    table.bytes[20] = 'x';
    struct partition_csv_notes notes = {0};
    struct buffer text = {0};
    assert_false(partition_table_convert(table.bytes, table.length, &options, &text, &notes));
    assert_ptr_equal(strstr(notes.message, "MD5 checksums don't match! (computed: 0x"), notes.message);
    partition_csv_notes_free(&notes);
    options.disable_md5 = true; // then its row is no row
    assert_false(partition_table_convert(table.bytes, table.length, &options, &text, &notes));
    assert_string_equal(notes.message, "Invalid magic bytes (eb eb) for partition definition");
    partition_csv_notes_free(&notes);
    table.bytes[28] = 0xF0; // flags that nobody knows
    memset(table.bytes + 32, 0xFF, 32);
    assert_true(partition_table_convert(table.bytes, table.length, &options, &text, &notes));
    assert_int_equal(notes.warning_count, 1);
    partition_csv_notes_free(&notes);
    buffer_free(&text);
    buffer_free(&table);
}

static void binaries_are_verified(void **state) {
    (void)state;
    struct partition_csv_options options = plain();
    struct buffer table = {0};
    static const char csv[] = "a,data,fat,0x9000,12K\nb,data,fat,0xc000,12K\n";
    options.disable_md5 = true;
    expect_fine_with(csv, strlen(csv), &options, 0, &table);
    table.bytes[32 + 5] = 0xB0; // b now begins at 0xb000
    expect_error_with((const char *)table.bytes, table.length, &options, PARTITION_CSV_INPUT_ERROR, 0,
                      "Partition at 0xb000 overlaps 0x9000-0xbfff");
    table.bytes[5] = 0x80; // a at 0x8000
    expect_error_with((const char *)table.bytes, table.length, &options, PARTITION_CSV_INPUT_ERROR, 0,
                      "Partition offset 0x8000 is below 0x9000");
    buffer_free(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_tables_have_their_known_digests),
        cmocka_unit_test(rows_are_encoded_as_documented),
        cmocka_unit_test(csv_made_from_binary_converts_back),
        cmocka_unit_test(comments_blanks_and_line_breaks),
        cmocka_unit_test(encodings),
        cmocka_unit_test(variables),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_that_fit_no_field),
        cmocka_unit_test(types_and_subtypes),
        cmocka_unit_test(extra_subtypes),
        cmocka_unit_test(forced_offsets_and_sizes),
        cmocka_unit_test(flags),
        cmocka_unit_test(long_names_are_cut_in_the_binary),
        cmocka_unit_test(placement),
        cmocka_unit_test(alignment),
        cmocka_unit_test(readonly_rules),
        cmocka_unit_test(misleading_names_are_warned_of),
        cmocka_unit_test(tables_as_a_whole),
        cmocka_unit_test(the_table_has_room_for_94_rows),
        cmocka_unit_test(damaged_binaries),
        cmocka_unit_test(binaries_are_verified),
    };
    return cmocka_run_group_tests_name("partition_csv", tests, NULL, NULL);
}
