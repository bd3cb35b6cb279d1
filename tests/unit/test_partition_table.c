// The partition table's verifier: each rule of PT-10 to PT-17, and what releases do differently.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ota/md5.h"
#include "ota/partition_table.h"
#include "ota/release_profile.h"

#define FLASH_SIZE 0x400000u

struct table {
    uint8_t bytes[PARTITION_TABLE_SIZE];
    uint32_t rows;
};

static struct table blank_table(void) {
    struct table table = {.rows = 0};
    memset(table.bytes, 0xFF, sizeof table.bytes);
    return table;
}

static uint8_t *next_row(struct table *table) {
    return table->bytes + PARTITION_ROW_SIZE * table->rows++;
}

static void add_row(struct table *table, uint32_t offset, uint32_t size) {
    struct partition_row row = {.magic = PARTITION_ROW_MAGIC,
                                .type = 1,
                                .subtype = 2,
                                .offset = offset,
                                .size = size,
                                .label = "nvs"};
    partition_row_encode(&row, next_row(table));
}

static void add_md5(struct table *table) {
    uint8_t digest[MD5_SIZE];
    md5(table->bytes, PARTITION_ROW_SIZE * table->rows, digest);
    uint8_t *row = next_row(table);
    row[0] = row[1] = 0xEB;
    memcpy(row + PARTITION_ROW_SIZE - sizeof digest, digest, sizeof digest);
}

static void expect(const struct table *table, const char *release, esp_err_t code, uint32_t count) {
    uint32_t found = 12345;
    assert_int_equal(partition_table_verify(table->bytes, FLASH_SIZE, release_profile_find(release), &found),
                     code);
    assert_int_equal(found, count);
}

static void md5_is_that_of_rfc_1321(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint8_t digest[MD5_SIZE];
    } table[] = {
        {"",
         {0xD4, 0x1D, 0x8C, 0xD9, 0x8F, 0x00, 0xB2, 0x04, 0xE9, 0x80, 0x09, 0x98, 0xEC, 0xF8, 0x42, 0x7E}},
        {"abc",
         {0x90, 0x01, 0x50, 0x98, 0x3C, 0xD2, 0x4F, 0xB0, 0xD6, 0x96, 0x3F, 0x7D, 0x28, 0xE1, 0x7F, 0x72}},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         {0x57, 0xED, 0xF4, 0xA2, 0x2B, 0xE3, 0xC9, 0x55, 0xAC, 0x49, 0xDA, 0x2E, 0x21, 0x07, 0xB6, 0x7A}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t digest[MD5_SIZE];
        md5((const uint8_t *)table[i].text, (uint32_t)strlen(table[i].text), digest);
        assert_memory_equal(digest, table[i].digest, sizeof digest);
    }
}

static void counts_rows_before_the_end(void **state) {
    (void)state;
    struct table table = blank_table();
    add_row(&table, 0x9000, 0x4000);
    add_row(&table, 0xD000, 0x2000);
    expect(&table, "master", ESP_OK, 2);
    add_md5(&table);
    expect(&table, "master", ESP_OK, 2);
    add_row(&table, 0x10000, 0x1000); // rows after the MD5 row count (PT-16)
    expect(&table, "master", ESP_OK, 3);
}

static void only_an_md5_row_is_a_table(void **state) {
    (void)state;
    struct table table = blank_table();
    add_md5(&table);
    expect(&table, "master", ESP_OK, 0); // PT-17
}

static void md5_must_match_and_be_alone(void **state) {
    (void)state;
    struct table table = blank_table();
    add_row(&table, 0x9000, 0x4000);
    add_md5(&table);
    struct table damaged = table;
    damaged.bytes[8] ^= 0x10;
    expect(&damaged, "master", ESP_ERR_INVALID_STATE, 0);
    add_md5(&table);
    expect(&table, "master", ESP_ERR_INVALID_STATE, 0);
}

static void rows_must_fit_the_flash(void **state) {
    (void)state;
    struct table table = blank_table();
    add_row(&table, FLASH_SIZE - 0x1000, 0x1000);
    expect(&table, "master", ESP_OK, 1);
    table = blank_table();
    add_row(&table, FLASH_SIZE - 0x1000, 0x1001);
    expect(&table, "master", ESP_ERR_INVALID_SIZE, 0);
    expect(&table, "v4.4", ESP_ERR_INVALID_SIZE, 0);
}

static void wrapping_sums_pass_before_v6_1(void **state) {
    (void)state;
    struct table table = blank_table();
    add_row(&table, 0xFFFFF000, 0x2000);
    expect(&table, "v6.0", ESP_OK, 1); // D11
    expect(&table, "v6.1", ESP_ERR_INVALID_SIZE, 0);
}

static void blank_table_passes_before_v5_5(void **state) {
    (void)state;
    struct table table = blank_table();
    expect(&table, "v5.4", ESP_OK, 0); // D12
    expect(&table, "v5.5", ESP_ERR_INVALID_STATE, 0);
}

static void an_end_is_needed(void **state) {
    (void)state;
    struct table table = blank_table();
    while (table.rows < PARTITION_TABLE_ROWS_MAX - 1)
        add_row(&table, 0x9000, 0x1000);
    expect(&table, "master", ESP_OK, PARTITION_TABLE_ROWS_MAX - 1); // PT-3
    add_row(&table, 0x9000, 0x1000);
    expect(&table, "master", ESP_ERR_INVALID_STATE, 0); // PT-15
}

static void other_magics_are_refused(void **state) {
    (void)state;
    struct table table = blank_table();
    add_row(&table, 0x9000, 0x4000);
    table.bytes[PARTITION_ROW_SIZE + 2] = 0; // the end's type
    expect(&table, "master", ESP_ERR_INVALID_STATE, 0);
    table = blank_table();
    add_row(&table, 0x9000, 0x4000);
    add_row(&table, 0xD000, 0x2000);
    table.bytes[PARTITION_ROW_SIZE] = 0xAB;
    expect(&table, "master", ESP_ERR_INVALID_STATE, 0);
}

static void rows_keep_sixteen_characters(void **state) {
    (void)state;
    uint8_t bytes[PARTITION_ROW_SIZE], again[PARTITION_ROW_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)('A' + i);
    struct partition_row row;
    partition_row_decode(bytes, &row);
    assert_string_equal(row.label, "MNOPQRSTUVWXYZ[\\");
    partition_row_encode(&row, again);
    assert_memory_equal(bytes, again, sizeof bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(md5_is_that_of_rfc_1321),        cmocka_unit_test(counts_rows_before_the_end),
        cmocka_unit_test(only_an_md5_row_is_a_table),     cmocka_unit_test(md5_must_match_and_be_alone),
        cmocka_unit_test(rows_must_fit_the_flash),        cmocka_unit_test(wrapping_sums_pass_before_v6_1),
        cmocka_unit_test(blank_table_passes_before_v5_5), cmocka_unit_test(an_end_is_needed),
        cmocka_unit_test(other_magics_are_refused),       cmocka_unit_test(rows_keep_sixteen_characters),
    };
    return cmocka_run_group_tests_name("partition_table", tests, NULL, NULL);
}
