// Real files into a flash and back: dumps, partition tables, app images.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ota/partition_table.h"
#include "sim/base/file.h"
#include "sim/provision/app_image_builder.h"
#include "sim/provision/flash_file.h"

#define FLASH_SIZE (1u << 20)

struct place {
    char folder[64];
    char path[128];
    struct flash flash;
    struct error error;
};

static int make_place(void **state) {
    struct place *place = memory_zeroed(1, sizeof *place);
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/test_flash_file.XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        return -1;
    (void)snprintf(place->path, sizeof place->path, "%s/file", place->folder);
    flash_init(&place->flash, FLASH_SIZE);
    *state = place;
    return 0;
}

static int remove_place(void **state) {
    struct place *place = *state;
    flash_free(&place->flash);
    (void)unlink(place->path);
    (void)rmdir(place->folder);
    free(place);
    return 0;
}

static void write_file(const struct place *place, const void *bytes, size_t length) {
    assert_true(file_write(place->path, bytes, length, NULL));
}

static void expect_message(const struct place *place, const char *words) {
    if (strncmp(place->error.message, place->path, strlen(place->path)) != 0 ||
        strstr(place->error.message, words) == NULL)
        fail_msg("\"%s\" should name the file and say \"%s\"", place->error.message, words);
}

static uint8_t byte_at(const struct place *place, uint32_t address) {
    return flash_sector(&place->flash, address)[address % 4096];
}

static void a_saved_flash_loads_again(void **state) {
    struct place *place = *state;
    flash_set(&place->flash, 0xFFFFF, "x", 1);
    flash_set(&place->flash, 0x1234, "hello", 5);
    assert_true(flash_file_save(&place->flash, place->path, &place->error));
    struct content_hash before = flash_hash(&place->flash);
    flash_set(&place->flash, 0, "other contents", 14);
    assert_true(flash_file_load(&place->flash, place->path, &place->error));
    assert_true(content_hash_equal(before, flash_hash(&place->flash)));
}

static void a_short_dump_leaves_the_rest_erased(void **state) {
    struct place *place = *state;
    flash_set(&place->flash, 0x5000, "old", 3);
    write_file(place, "abc", 3);
    assert_true(flash_file_load(&place->flash, place->path, &place->error));
    assert_int_equal(byte_at(place, 2), 'c');
    assert_int_equal(byte_at(place, 3), 0xFF);
    assert_int_equal(byte_at(place, 0x5000), 0xFF);
}

static void impossible_dumps_leave_the_flash_alone(void **state) {
    struct place *place = *state;
    flash_set(&place->flash, 0, "old", 3);
    char *large = memory_zeroed(FLASH_SIZE + 1, 1);
    write_file(place, large, FLASH_SIZE + 1);
    free(large);
    assert_false(flash_file_load(&place->flash, place->path, &place->error));
    expect_message(place, "too large");
    write_file(place, "", 0);
    assert_false(flash_file_load(&place->flash, place->path, &place->error));
    expect_message(place, "empty");
    (void)unlink(place->path);
    assert_false(flash_file_load(&place->flash, place->path, &place->error));
    expect_message(place, "No such file");
    assert_int_equal(byte_at(place, 0), 'o');
}

static void files_are_placed_where_there_is_room(void **state) {
    struct place *place = *state;
    write_file(place, "0123456789", 10);
    assert_true(
        flash_file_place(&place->flash, place->path, 0x10FFB, 10, &place->error)); // over a sector's end
    assert_int_equal(byte_at(place, 0x11004), '9');
    assert_false(flash_file_place(&place->flash, place->path, 0x20000, 9, &place->error));
    expect_message(place, "room for 9");
    assert_false(flash_file_place(&place->flash, place->path, FLASH_SIZE - 9, 4096, &place->error));
    expect_message(place, "room for 9");
    assert_false(flash_file_place(&place->flash, place->path, FLASH_SIZE, 4096, &place->error));
    expect_message(place, "beyond the flash");
    assert_int_equal(byte_at(place, 0x20000), 0xFF);
    assert_int_equal(byte_at(place, FLASH_SIZE - 1), 0xFF);
}

static void tables_are_read_from_csv_and_binary(void **state) {
    struct place *place = *state;
    struct partition_csv_options options = partition_csv_options_default();
    struct buffer from_csv = {0}, from_binary = {0};
    static const char csv[] = "nvs,data,nvs,,12K\nfactory,app,factory,,64K\n";
    write_file(place, csv, strlen(csv));
    assert_true(partition_table_file_read(place->path, &options, &from_csv, &place->error));
    assert_int_equal(from_csv.length, PARTITION_TABLE_SIZE);
    write_file(place, from_csv.bytes, 128); // rows, MD5 row, end: as much as a dump of the used part has
    assert_true(partition_table_file_read(place->path, &options, &from_binary, &place->error));
    assert_int_equal(from_binary.length, PARTITION_TABLE_SIZE);
    assert_memory_equal(from_binary.bytes, from_csv.bytes, PARTITION_TABLE_SIZE);
    buffer_free(&from_csv);
    buffer_free(&from_binary);
}

static void bad_tables_are_explained(void **state) {
    struct place *place = *state;
    struct partition_csv_options options = partition_csv_options_default();
    struct buffer table = {0};
    write_file(place, "# x\nnvs,data,nvs,,4K\n", 21);
    assert_false(partition_table_file_read(place->path, &options, &table, &place->error));
    expect_message(place, ":2: Partition nvs invalid");
    write_file(place, "\xAA\x50 and no table", 15);
    assert_false(partition_table_file_read(place->path, &options, &table, &place->error));
    expect_message(place, "multiple of 32");
    write_file(place, "\xE9\x01\xFF", 3);
    assert_false(partition_table_file_read(place->path, &options, &table, &place->error));
    expect_message(place, "neither a binary partition table");
    assert_int_equal(table.length, 0);
    buffer_free(&table);
}

static void app_images_are_checked_for_the_chip(void **state) {
    struct place *place = *state;
    struct app_image_options options = app_image_options_default();
    struct buffer image = {0}, read = {0};
    assert_true(app_image_build(&options, &image, &place->error));
    write_file(place, image.bytes, image.length);
    assert_true(app_image_file_read(place->path, chip_target_find("esp32"), &read, &place->error));
    assert_int_equal(read.length, image.length);
    assert_memory_equal(read.bytes, image.bytes, image.length);
    assert_false(app_image_file_read(place->path, chip_target_find("esp32c3"), &read, &place->error));
    expect_message(place, "made for ESP32 (chip id 0), not for ESP32-C3");
    write_file(place, image.bytes, 100); // cut off: the firmware shall find that out
    assert_true(app_image_file_read(place->path, NULL, &read, &place->error));
    write_file(place, "MZ", 2);
    assert_false(app_image_file_read(place->path, NULL, &read, &place->error));
    expect_message(place, "does not begin with E9");
    buffer_free(&image);
    buffer_free(&read);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        TEST(a_saved_flash_loads_again),
        TEST(a_short_dump_leaves_the_rest_erased),
        TEST(impossible_dumps_leave_the_flash_alone),
        TEST(files_are_placed_where_there_is_room),
        TEST(tables_are_read_from_csv_and_binary),
        TEST(bad_tables_are_explained),
        TEST(app_images_are_checked_for_the_chip),
    };
    return cmocka_run_group_tests_name("flash_file", tests, NULL, NULL);
}
