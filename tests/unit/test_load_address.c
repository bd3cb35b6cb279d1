// Where the bootloader lets segments go (IMG-27, D14), and images of chips whose page size the descriptor
// tells (IMG-26).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board_example.h"
#include "ota/app_image.h"
#include "ota/load_address.h"

static void esp32_segments_stay_clear_of_the_bootloader(void **state) {
    (void)state;
    static const struct {
        uint32_t address, length;
        bool v4_4, later;
    } table[] = {
        {0x3FFB0000, 0x1000, true, true},
        {0x3FFADFFC, 8, false, false},     // begins before DRAM
        {0x3FFDBBFC, 4, true, true},       // up to the stack
        {0x3FFDBBFC, 8, false, false},     // into it
        {0x3FFF0018, 4, false, false},     // data
        {0x3FFE4000, 0x100, false, false}, // behind the stack: on the other bus beyond SRAM0
        {0x3FFF6000, 0x100, false, true},  // the same memory as 400A9EFC..., at the end of SRAM0
        {0x40080000, 0x1000, true, true},
        {0x40078000, 4, false, false}, // the loader's code is not even in the range
        {0x4009FFFC, 4, true, true},
        {0x4009FFFC, 8, false, true}, // D14
        {0x400A0000, 0x20, false, true},
        {0x400A9FFC, 4, false, false}, // on the other bus one word into the data
        {0x400AA000, 4, false, false},
        {0x400C0000, 0x2000, true, true}, // RTC
        {0x50001FFC, 8, false, false},
        {0x60000000, 0, true, true},     // nothing goes nowhere
        {0x0FFFFFFC, 0x100, true, true}, // neither mapped nor copied
    };
    const struct chip_target *esp32 = chip_target_find("esp32");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *early =
            load_address_refused(esp32, release_profile_find("v4.4"), table[i].address, table[i].length);
        const char *late =
            load_address_refused(esp32, release_profile_find("v5.1"), table[i].address, table[i].length);
        if ((early == NULL) != table[i].v4_4 || (late == NULL) != table[i].later) {
            fail_msg("%x + %x: %s, %s", (unsigned)table[i].address, (unsigned)table[i].length,
                     early != NULL ? early : "fine", late != NULL ? late : "fine");
        }
    }
}

static void mapped_ranges_may_depend_on_the_page(void **state) {
    (void)state;
    const struct chip_target *c6 = chip_target_find("esp32c6"), *esp32 = chip_target_find("esp32");
    assert_true(load_address_is_mapped(esp32, 0x10000, 0x3F400020));
    assert_true(load_address_is_mapped(esp32, 0x10000, 0x400D0000));
    assert_false(load_address_is_mapped(esp32, 0x10000, 0x3F800000));
    assert_true(load_address_is_mapped(c6, 0x10000, 0x42FFFFFF));
    assert_false(load_address_is_mapped(c6, 0x8000, 0x42FFFFFF));
    assert_true(load_address_is_mapped(c6, 0x8000, 0x427FFFFF));
}

struct verification {
    esp_err_t code;
    struct app_image image;
};

static void verify(void *context) {
    struct verification *verification = context;
    verification->code = app_image_verify(APP_IMAGE_VERIFY, EXAMPLE_OTA_0, EXAMPLE_APP, &verification->image);
}

// One verification of an image of 32 KiB pages on an ESP32-C6.
static struct verification verify_on_c6(const char *release, bool with_descriptor) {
    struct board_config config = example_config(release);
    config.target = chip_target_find("esp32c6");
    struct board *board = board_new(&config);
    struct app_image_options options = app_image_options_default();
    struct buffer image = {0};
    struct verification verification = {.code = ESP_FAIL};
    options.target = config.target;
    options.mmu_page_log2 = 15;
    assert_true(app_image_build(&options, &image, NULL));
    if (!with_descriptor) {
        image.bytes[APP_IMAGE_DESCRIPTOR_OFFSET] ^= 1;
        assert_true(app_image_seal(image.bytes, image.length));
    }
    flash_set(board_flash(board), EXAMPLE_OTA_0, image.bytes, (uint32_t)image.length);
    assert_int_equal(board_run(board, verify, &verification, NULL), BOARD_RETURNED);
    buffer_free(&image);
    board_free(board);
    return verification;
}

static void the_descriptor_tells_the_page_since_v5_4(void **state) {
    (void)state;
    struct verification early = verify_on_c6("v5.3", true), late = verify_on_c6("v5.4", true);
    assert_int_equal(early.code, ESP_OK);
    assert_int_equal(early.image.mmu_page_size, 0x10000);
    assert_int_equal(late.code, ESP_OK);
    assert_int_equal(late.image.mmu_page_size, 0x8000);
    assert_int_equal(verify_on_c6("v5.3", false).code, ESP_OK);
    assert_int_equal(verify_on_c6("v5.4", false).code, ESP_FAIL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(esp32_segments_stay_clear_of_the_bootloader),
        cmocka_unit_test(mapped_ranges_may_depend_on_the_page),
        cmocka_unit_test(the_descriptor_tells_the_page_since_v5_4),
    };
    return cmocka_run_group_tests_name("load_address", tests, NULL, NULL);
}
