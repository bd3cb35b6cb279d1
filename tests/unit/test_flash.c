// Flash cells: physics, copies, identity.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/hw/flash.h"
#include "sim/hw/nor_chip.h"

#define SIZE (4u << 20)

static void programs_only_clear_bits(void **state) {
    (void)state;
    struct flash flash;
    uint8_t byte;
    flash_init(&flash, SIZE);
    flash_program(&flash, 5, "\x0F", 1);
    flash_program(&flash, 5, "\xF3", 1);
    flash_read(&flash, 5, &byte, 1);
    assert_int_equal(byte, 0x03);
    flash_erase(&flash, 0, 4096);
    flash_read(&flash, 5, &byte, 1);
    assert_int_equal(byte, 0xFF);
    flash_free(&flash);
}

static void ranges_cross_sectors_and_chunks(void **state) {
    (void)state;
    struct flash flash;
    static uint8_t data[3 * FLASH_CHUNK_SIZE / 2], back[sizeof data];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + i / 256);
    flash_init(&flash, SIZE);
    flash_program(&flash, 4000, data, sizeof data);
    flash_read(&flash, 4000, back, sizeof back);
    assert_memory_equal(data, back, sizeof data);
    flash_erase(&flash, 8192, 4096);
    flash_read(&flash, 8191, back, 4098);
    assert_int_equal(back[0], data[4191]);
    assert_int_equal(back[1], 0xFF);
    assert_int_equal(back[4096], 0xFF);
    assert_int_equal(back[4097], data[8288]);
    flash_free(&flash);
}

static void copies_are_independent(void **state) {
    (void)state;
    struct flash one, two;
    uint8_t a, b;
    flash_init(&one, SIZE);
    flash_program(&one, 100, "\x11", 1);
    flash_copy(&two, &one);
    assert_true(flash_same_sector(&one, &two, 100));
    flash_program(&two, 100, "\x01", 1);
    flash_program(&one, 70000, "\x00", 1);
    flash_read(&one, 100, &a, 1);
    flash_read(&two, 100, &b, 1);
    assert_int_equal(a, 0x11);
    assert_int_equal(b, 0x01);
    flash_read(&two, 70000, &b, 1);
    assert_int_equal(b, 0xFF);
    flash_free(&one);
    flash_read(&two, 100, &b, 1);
    assert_int_equal(b, 0x01);
    flash_free(&two);
}

static void identity_is_of_contents(void **state) {
    (void)state;
    struct flash one, two;
    flash_init(&one, SIZE);
    flash_init(&two, SIZE);
    assert_true(content_hash_equal(flash_hash(&one), flash_hash(&two)));
    flash_program(&one, 0x5000, "\xFF\xFF", 2); // changes nothing
    assert_true(content_hash_equal(flash_hash(&one), flash_hash(&two)));
    flash_program(&one, 0x5000, "ab", 2);
    assert_false(content_hash_equal(flash_hash(&one), flash_hash(&two)));
    flash_program(&two, 0x6000, "ab", 2); // the same sector elsewhere
    assert_false(content_hash_equal(flash_hash(&one), flash_hash(&two)));
    assert_true(content_hash_equal(flash_sector_hash(&one, 0x5000), flash_sector_hash(&two, 0x6000)));
    flash_erase(&two, 0x6000, 4096);
    flash_program(&two, 0x5001, "b", 1);
    flash_program(&two, 0x5000, "a", 1);
    assert_true(content_hash_equal(flash_hash(&one), flash_hash(&two)));
    flash_free(&one);
    flash_free(&two);
}

static void chips_are_plausible(void **state) {
    (void)state;
    size_t count = 0;
    for (const struct nor_chip *chip = nor_chips; chip->name != NULL; chip++, count++) {
        assert_int_equal(chip->size, 1u << (chip->jedec_id & 0xFF)); // FL-7
        assert_true(chip->page_program_ns > chip->first_byte_ns);
        assert_true(chip->sector_erase_ns <= chip->block_erase_ns);
        assert_ptr_equal(nor_chip_find(chip->name), chip);
        assert_int_equal(nor_chip_program_ns(chip, 1), chip->first_byte_ns);
        assert_int_equal(nor_chip_program_ns(chip, NOR_PAGE_SIZE), chip->page_program_ns);
    }
    assert_true(count >= 9);
    assert_null(nor_chip_find("W25Q"));
}

static void custom_chips_have_a_sensible_size(void **state) {
    (void)state;
    struct nor_chip chip;
    assert_true(nor_chip_custom(32u << 20, &chip));
    assert_int_equal(chip.jedec_id & 0xFF, 0x19);
    assert_false(nor_chip_custom(3u << 20, &chip));
    assert_false(nor_chip_custom(64u << 20, &chip));
    assert_false(nor_chip_custom(4096, &chip));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_only_clear_bits), cmocka_unit_test(ranges_cross_sectors_and_chunks),
        cmocka_unit_test(copies_are_independent),   cmocka_unit_test(identity_is_of_contents),
        cmocka_unit_test(chips_are_plausible),      cmocka_unit_test(custom_chips_have_a_sensible_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
