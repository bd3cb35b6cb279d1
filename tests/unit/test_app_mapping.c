// Mapping and the jump: what a bootloader does with an app that it has chosen and recorded, and cannot map
// (HW-115, HW-120, CH-24).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "sim/provision/app_image_builder.h"

#define SEGMENTS_MAX 6u
#define PAGE         0x10000u

// An app whose segments go to these addresses; the first holds the descriptor. Mapped ones must agree with
// their place in the image modulo the page: `address` is the page, the rest is added.
struct segment {
    uint32_t address, length;
    bool mapped;
};

static void put_app(struct board *board, const struct segment *segments, size_t count, uint8_t page_log2) {
    static uint8_t data[0x20000];
    const struct chip_target *target = board_config(board)->target;
    struct app_image_segment parts_of[SEGMENTS_MAX];
    uint32_t offset = APP_IMAGE_HEADER_SIZE;
    memset(data, 0, sizeof data);
    const uint8_t descriptor[] = {0x32, 0x54, 0xCD, 0xAB};
    memcpy(data, descriptor, sizeof descriptor);
    data[180] = page_log2;
    for (size_t i = 0; i < count; i++) {
        offset += APP_IMAGE_SEGMENT_HEADER_SIZE;
        parts_of[i] = (struct app_image_segment){.load_address = segments[i].address +
                                                                 (segments[i].mapped ? offset % PAGE : 0),
                                                 .length = segments[i].length,
                                                 .data = data};
        offset += segments[i].length;
    }
    struct app_image_parts parts = {.magic = 0xE9,
                                    .spi_mode = 2,
                                    .spi_speed_and_size = 0x20,
                                    .entry = target->default_entry,
                                    .chip_id = target->chip_id,
                                    .max_chip_revision = UINT16_MAX,
                                    .hash_appended = true,
                                    .segments = parts_of,
                                    .segment_count = (uint8_t)count};
    struct buffer image = {0};
    app_image_assemble(&parts, &image);
    flash_set(board_flash(board), EXAMPLE_OTA_0, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
}

#define SLOT_SIZE 0x80000u // of ota_0, which ends where ota_1 begins

// otadata and two large slots.
static void put_table(struct board *board) {
    static const struct partition_row rows[] = {
        {PARTITION_ROW_MAGIC, 1, 0x00, EXAMPLE_OTADATA, 0x2000, "otadata", 0},
        {PARTITION_ROW_MAGIC, 0, 0x10, EXAMPLE_OTA_0, SLOT_SIZE, "ota_0", 0},
        {PARTITION_ROW_MAGIC, 0, 0x11, EXAMPLE_OTA_0 + SLOT_SIZE, SLOT_SIZE, "ota_1", 0},
    };
    uint8_t row[PARTITION_ROW_SIZE];
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        partition_row_encode(&rows[i], row);
        flash_set(board_flash(board), EXAMPLE_TABLE + i * PARTITION_ROW_SIZE, row, sizeof row);
    }
}

// Boots the app in ota_0, otadata empty. `recorded`: was the choice written into otadata?
static enum board_end boot_app(const char *target, const char *release, const struct segment *segments,
                               size_t count, uint8_t page_log2, bool *recorded) {
    struct board_config config = example_config(release);
    config.target = chip_target_find(target);
    struct board *board = board_new(&config);
    put_table(board);
    put_app(board, segments, count, page_log2);
    uint64_t before = board_time_ns(board);
    enum board_end end = board_boot(board, PORT_RESET_POWER_ON, NULL);
    uint8_t entry[4];
    flash_read(board_flash(board), EXAMPLE_OTADATA, entry, sizeof entry);
    *recorded = entry[0] == 1;
    if (end == BOARD_HUNG)
        assert_true(board_time_ns(board) - before >= 9000000000ull); // the watchdog's time (CH-61)
    board_free(board);
    return end;
}

#define DATA(address)                                                                                        \
    { address, 0x200, true }
#define CODE(address)                                                                                        \
    { address, 0x100, true }
#define COPIED(address)                                                                                      \
    { address, 0x40, false }
#define LONG_CODE(address)                                                                                   \
    { address, 0x20000, true }

static const struct {
    const char *what, *target, *release;
    struct segment segments[SEGMENTS_MAX];
    size_t count;
    enum board_end end;
} mappings[] = {
    {"both mapped", "esp32", "v5.5", {DATA(0x3F400000), CODE(0x400D0000)}, 2, BOARD_RETURNED},
    {"no code", "esp32", "v5.5", {DATA(0x3F400000)}, 1, BOARD_HUNG},
    {"no data", "esp32", "v5.5", {COPIED(0x3FFB0000), CODE(0x400D0000)}, 2, BOARD_HUNG},
    {"v4.4 starts it", "esp32", "v4.4", {DATA(0x3F400000)}, 1, BOARD_RETURNED},
    {"v5.1 does not", "esp32", "v5.1", {DATA(0x3F400000)}, 1, BOARD_HUNG},
    {"data past its window", "esp32", "v5.5", {{0x3F7F0000, 0x10000, true}, CODE(0x400D0000)}, 2, BOARD_HUNG},
    {"ESP32's code may go past it",
     "esp32",
     "v5.5",
     {DATA(0x3F400000), LONG_CODE(0x403F0000)},
     2,
     BOARD_RETURNED},
    {"C3's may not", "esp32c3", "v5.5", {DATA(0x3C000000), LONG_CODE(0x427F0000)}, 2, BOARD_HUNG},
    {"up to the end", "esp32c3", "v5.5", {DATA(0x3C000000), CODE(0x427F0000)}, 2, BOARD_RETURNED},
    {"the last of a kind counts",
     "esp32c3",
     "v5.5",
     {DATA(0x3C000000), LONG_CODE(0x427F0000), CODE(0x42000000)},
     3,
     BOARD_RETURNED},
    {"S3 without code", "esp32s3", "v5.5", {DATA(0x3C000000), COPIED(0x3FC90000)}, 2, BOARD_HUNG},
    {"C6, two", "esp32c6", "v5.5", {DATA(0x42000000), CODE(0x42010000)}, 2, BOARD_RETURNED},
    {"C6, one", "esp32c6", "v5.5", {DATA(0x42000000), COPIED(0x40820000)}, 2, BOARD_HUNG},
    {"C6, three", "esp32c6", "v5.5", {DATA(0x42000000), CODE(0x42010000), CODE(0x42020000)}, 3, BOARD_HUNG},
    {"C6, two pages on one", "esp32c6", "v5.5", {DATA(0x42000000), CODE(0x42000000)}, 2, BOARD_RETURNED},
    {"P4, external RAM counts", "esp32p4", "v6.0", {DATA(0x40000000), CODE(0x48000000)}, 2, BOARD_RETURNED},
    {"H2, one", "esp32h2", "v5.1", {DATA(0x42000000)}, 1, BOARD_HUNG},
};

static void an_app_needs_its_mapped_segments(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++) {
        bool recorded;
        enum board_end end = boot_app(mappings[i].target, mappings[i].release, mappings[i].segments,
                                      mappings[i].count, 16, &recorded);
        if (end != mappings[i].end)
            fail_msg("%s: %s", mappings[i].what, board_end_name(end));
        if (!recorded)
            fail_msg("%s: the choice was not recorded", mappings[i].what);
    }
}

// CH-22, CH-23, HW-123: a page that the MMU lacks is mapped as its largest.
static void pages_that_the_mmu_lacks(void **state) {
    (void)state;
    static const struct segment aligned[] = {DATA(0x42000000), CODE(0x42010000)};
    static const struct {
        uint8_t log2;
        const char *release;
        enum board_end end;
    } table[] = {
        {0, "v6.1", BOARD_RETURNED},    {13, "v6.1", BOARD_HUNG},     {14, "v6.1", BOARD_RETURNED},
        {16, "v6.1", BOARD_RETURNED},   {12, "v6.1", BOARD_RETURNED}, // its pages lie on 64 KiB by chance
        {12, "master", BOARD_RETURNED}, {13, "v5.3", BOARD_RETURNED}, // not looked at
        {17, "v6.1", BOARD_RESTARTED},                                // refused: not aligned to 128 KiB
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        bool recorded;
        enum board_end end = boot_app("esp32c6", table[i].release, aligned, 2, table[i].log2, &recorded);
        if (end != table[i].end)
            fail_msg("page 2^%u, %s: %s", (unsigned)table[i].log2, table[i].release, board_end_name(end));
    }
}

// There is no way back: the record stands, and each boot hangs again.
static void there_is_no_fallback(void **state) {
    (void)state;
    struct board_config config = example_config("v5.5");
    struct board *board = board_new(&config);
    put_table(board);
    const struct segment no_code[] = {DATA(0x3F400000)};
    put_app(board, no_code, 1, 16);
    example_image(board, EXAMPLE_OTA_0 + SLOT_SIZE, 0);
    enum port_reset_reason reason = PORT_RESET_POWER_ON;
    for (int i = 0; i < 3; i++) {
        enum board_end end = board_boot(board, reason, NULL);
        assert_int_equal(end, BOARD_HUNG);
        reason = board_reset_reason_after(end);
        assert_int_equal(reason, PORT_RESET_WATCHDOG);
    }
    board_free(board);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_app_needs_its_mapped_segments),
        cmocka_unit_test(pages_that_the_mmu_lacks),
        cmocka_unit_test(there_is_no_fallback),
    };
    return cmocka_run_group_tests_name("app_mapping", tests, NULL, NULL);
}
