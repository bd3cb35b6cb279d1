// What bin files hold: images, tables, NVS, and merged files taken apart.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ota/firmware.h"
#include "sim/base/buffer.h"
#include "sim/provision/app_image_builder.h"
#include "sim/provision/bootloader_image.h"
#include "sim/provision/file_layout.h"
#include "sim/provision/nvs_image.h"
#include "sim/provision/partition_binary.h"
#include "sim/provision/partition_csv.h"

#define TABLE_AT 0x8000u

static const char csv[] = "nvs,     data, nvs,     0x9000,  0x4000\n"
                          "otadata, data, ota,     0xd000,  0x2000\n"
                          "factory, app,  factory, 0x10000, 64K\n"
                          "ota_0,   app,  ota_0,   ,        64K\n";

struct made {
    const struct chip_target *target;
    struct buffer bootloader, table, app, flash;
};

static void put(struct buffer *flash, size_t at, const struct buffer *bytes) {
    while (flash->length < at + bytes->length)
        buffer_append(flash, "\xFF", 1);
    memcpy(flash->bytes + at, bytes->bytes, bytes->length);
}

// As merge-bin writes it, from address 0 on.
static void make(struct made *made, const char *target) {
    *made = (struct made){.target = chip_target_find(target)};
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_csv_notes notes = {0};
    struct partition_table_layout layout = {0};
    struct firmware_build build = {.profile = release_profile_default()};
    struct app_image_options app = app_image_options_default();
    app.target = made->target;
    app.size = 20000;
    (void)strcpy(app.version, "1.2.0");
    (void)strcpy(app.project, "demo");
    assert_true(bootloader_image_build(made->target, &build, 4u << 20, 0, &made->bootloader, NULL));
    assert_true(partition_csv_parse(csv, strlen(csv), &options, &layout, &notes));
    assert_true(partition_table_layout_encode(&layout, &options, &made->table, &notes));
    assert_true(app_image_build(&app, &made->app, NULL));
    put(&made->flash, made->target->bootloader_offset, &made->bootloader);
    put(&made->flash, TABLE_AT, &made->table);
    put(&made->flash, 0x20000, &made->app);
    partition_csv_notes_free(&notes);
    partition_table_layout_free(&layout);
}

static void unmake(struct made *made) {
    buffer_free(&made->bootloader);
    buffer_free(&made->table);
    buffer_free(&made->app);
    buffer_free(&made->flash);
}

static enum file_kind kind_of(const void *bytes, size_t length) {
    struct file_layout layout;
    file_layout_read(bytes, length, chip_target_find("esp32"), TABLE_AT, &layout);
    enum file_kind kind = layout.kind;
    file_layout_free(&layout);
    return kind;
}

static void one_thing_is_known_by_its_start(void **state) {
    (void)state;
    struct made made;
    struct buffer nvs = {0};
    make(&made, "esp32");
    assert_int_equal(kind_of(made.bootloader.bytes, made.bootloader.length), FILE_IMAGE);
    assert_int_equal(kind_of(made.app.bytes, made.app.length), FILE_IMAGE);
    assert_int_equal(kind_of(made.table.bytes, made.table.length), FILE_TABLE);
    const struct nvs_item item = {.name_space = "a", .key = "b", .value = {.type = NVS_TYPE_U8, .number = 1}};
    assert_true(nvs_image_build(&item, 1, NVS_IMAGE_SIZE_MIN, release_profile_default(), &nvs, NULL));
    assert_int_equal(kind_of(nvs.bytes, nvs.length), FILE_NVS);
    nvs.bytes[5] ^= 1; // the header's sum is wrong now
    assert_int_equal(kind_of(nvs.bytes, nvs.length), FILE_OTHER);
    assert_int_equal(kind_of("", 0), FILE_OTHER);
    buffer_free(&nvs);
    unmake(&made);
}

static void other_formats_are_told_by_name(void **state) {
    (void)state;
    static const char *const starts[][2] = {{"\x7F"
                                             "ELF\1\1",
                                             "ELF"},
                                            {"UF2\n", "UF2"},
                                            {":10", "HEX"},
                                            {"\x1F\x8B\x08", "gzip"},
                                            {"PK\3\4", "ZIP"}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct file_layout layout;
        file_layout_read(starts[i][0], strlen(starts[i][0]), chip_target_find("esp32"), TABLE_AT, &layout);
        assert_int_equal(layout.kind, FILE_OTHER);
        assert_non_null(strstr(layout.other, starts[i][1]));
        file_layout_free(&layout);
    }
}

static void expect_parts(const struct made *made, size_t from, const char *text) {
    struct file_layout layout;
    struct buffer printed = {0};
    file_layout_read(made->flash.bytes + from, made->flash.length - from, chip_target_find("esp32"), TABLE_AT,
                     &layout);
    assert_int_equal(layout.kind, FILE_MERGED);
    assert_int_equal(layout.base, from);
    file_layout_print(&layout, &printed);
    assert_string_equal(buffer_string(&printed), text);
    const struct file_part *app = file_layout_part(&layout, "ota_0");
    assert_non_null(app);
    assert_ptr_equal(app, file_layout_part(&layout, "0x20000"));
    assert_int_equal(app->length, made->app.length); // not what the partition has room for
    assert_memory_equal(made->flash.bytes + app->address, made->app.bytes, app->length);
    assert_null(file_layout_part(&layout, "factory")); // erased
    assert_null(file_layout_part(&layout, "ota_1"));
    buffer_free(&printed);
    file_layout_free(&layout);
}

static void merged_files_are_taken_apart(void **state) {
    (void)state;
    struct made made;
    make(&made, "esp32");
    expect_parts(&made, 0, "bootloader at 0x1000, partition_table at 0x8000, ota_0 (demo 1.2.0) at 0x20000");
    // Without the 0x1000 bytes that merge-bin fills in front; without bootloader; from the table on.
    expect_parts(&made, 0x1000,
                 "bootloader at 0x1000, partition_table at 0x8000, ota_0 (demo 1.2.0) at 0x20000");
    expect_parts(&made, 0x4000, "partition_table at 0x8000, ota_0 (demo 1.2.0) at 0x20000");
    unmake(&made);
    make(&made, "esp32c3"); // the image says for which chip it is, and thereby where it lies
    expect_parts(&made, 0, "bootloader at 0x0, partition_table at 0x8000, ota_0 (demo 1.2.0) at 0x20000");
    unmake(&made);
}

static void a_signature_behind_an_app_comes_along(void **state) {
    (void)state;
    struct made made;
    struct file_layout layout;
    make(&made, "esp32");
    struct buffer signature = {0};
    for (int i = 0; i < 1216; i++)
        buffer_append(&signature, "s", 1);
    put(&made.flash, 0x20000 + (made.app.length + 4095) / 4096 * 4096, &signature);
    file_layout_read(made.flash.bytes, made.flash.length, made.target, TABLE_AT, &layout);
    assert_int_equal(file_layout_part(&layout, "ota_0")->length,
                     (made.app.length + 4095) / 4096 * 4096 + 1216);
    file_layout_free(&layout);
    buffer_free(&signature);
    unmake(&made);
}

static void without_a_table_apps_are_found_where_partitions_begin(void **state) {
    (void)state;
    static const char *const targets[] = {"esp32", "esp32c3"};
    for (size_t i = 0; i < 2; i++) {
        struct made made;
        struct file_layout layout;
        struct buffer printed = {0};
        make(&made, targets[i]);
        memset(made.flash.bytes + TABLE_AT, 0xFF, made.table.length);
        file_layout_read(made.flash.bytes + made.target->bootloader_offset,
                         made.flash.length - made.target->bootloader_offset, made.target, TABLE_AT, &layout);
        file_layout_print(&layout, &printed);
        assert_string_equal(buffer_string(&printed),
                            i == 0 ? "bootloader at 0x1000, an app (demo 1.2.0) at 0x20000"
                                   : "bootloader at 0x0, an app (demo 1.2.0) at 0x20000");
        assert_int_equal(file_layout_part(&layout, "0x20000")->length, made.app.length);
        buffer_free(&printed);
        file_layout_free(&layout);
        unmake(&made);
    }
}

// An app may carry tables and bootloaders within itself; one behind it is no part of it.
static void an_app_is_one_thing_whatever_it_embeds(void **state) {
    (void)state;
    struct made made;
    make(&made, "esp32");
    put(&made.app, 0x3000, &made.table);
    assert_int_equal(kind_of(made.app.bytes, made.app.length), FILE_IMAGE);
    unmake(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thing_is_known_by_its_start),
        cmocka_unit_test(other_formats_are_told_by_name),
        cmocka_unit_test(merged_files_are_taken_apart),
        cmocka_unit_test(a_signature_behind_an_app_comes_along),
        cmocka_unit_test(without_a_table_apps_are_found_where_partitions_begin),
        cmocka_unit_test(an_app_is_one_thing_whatever_it_embeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
