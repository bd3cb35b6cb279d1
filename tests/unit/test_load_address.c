// Where the bootloader lets segments go (IMG-27, D14), and images of chips whose page size the descriptor
// tells (IMG-26).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board_example.h"
#include "esp_image_format.h"
#include "ota/app_image.h"
#include "ota/load_address.h"

// As a default build judges it on the chip that the release's boards have.
static struct load_verdict judge(const char *target, const char *release, uint32_t address, uint32_t length) {
    const struct chip_target *chip = chip_target_find(target);
    struct firmware_build build = firmware_build_default(release_profile_find(release), chip);
    return load_address_judge(chip, &build, chip->revision, address, length);
}

enum fate { FINE, REFUSED, CRASHES };

static void every_chip_has_memory_of_its_loader(void **state) {
    (void)state;
    static const struct {
        const char *rule, *target, *release;
        uint32_t address, length;
        enum fate fate;
    } table[] = {
        // CH-13: C3 of v5.1, and HW-80, HW-81, HW-121
        {"CH-13", "esp32c3", "v5.1", 0x3FCCE70C, 4, FINE},
        {"CH-13", "esp32c3", "v5.1", 0x3FCCE710, 4, REFUSED}, // loader code by its other address
        {"CH-13", "esp32c3", "v5.1", 0x3FCD16A8, 4, REFUSED},
        {"CH-13", "esp32c3", "v5.1", 0x3FCD16AC, 4, FINE},
        {"CH-13", "esp32c3", "v5.1", 0x3FCD570C, 4, FINE},
        {"CH-13", "esp32c3", "v5.1", 0x3FCD5710, 4, REFUSED}, // data
        {"CH-13", "esp32c3", "v5.1", 0x3FCDE70C, 4, REFUSED}, // stack
        {"CH-13", "esp32c3", "v5.1", 0x403D5710, 4, REFUSED},
        {"CH-13", "esp32c3", "v5.1", 0x403CE710, 4, REFUSED},
        {"CH-14", "esp32c3", "v5.1.1", 0x3FCD5820, 0x170C, REFUSED},
        {"CH-14", "esp32c2", "v5.1", 0x403AEB10, 0x100, REFUSED},
        {"HW-121", "esp32c3", "v6.1", 0x3FCDF470, 4, CRASHES}, // variables of ROM
        {"HW-121", "esp32c3", "v6.1", 0x403DFFD0, 4, CRASHES},
        {"HW-121", "esp32c3", "v6.1", 0x3FCDE710, 4, FINE},
        // HW-122: C6, whose code is not compared (CH-7)
        {"HW-122", "esp32c6", "v6.1", 0x4087560C, 4, FINE},
        {"HW-122", "esp32c6", "v6.1", 0x40875610, 4, REFUSED},
        {"HW-122", "esp32c6", "v6.1", 0x4087E60C, 4, REFUSED},
        {"HW-122", "esp32c6", "v6.1", 0x40870000, 4, CRASHES},
        {"HW-122", "esp32c6", "v6.1", 0x408717F0, 4, FINE},
        {"HW-122", "esp32c6", "v6.1", 0x50003FFC, 4, FINE},
        {"HW-122", "esp32c6", "v6.1", 0x50004000, 4, REFUSED},
        {"CH-8", "esp32c6", "v6.1", 0x60000000, 4, REFUSED},
        // CH-8, CH-10 on the others: before the range, the loader's data, behind the top, its code
        {"CH-10", "esp32s2", "v5.3", 0x3FFE4FFC, 4, FINE},
        {"CH-10", "esp32s2", "v5.3", 0x3FFE5000, 4, REFUSED},
        {"CH-10", "esp32s2", "v5.1", 0x3FFE5000, 4, FINE},
        {"CH-12", "esp32s2", "v5.3", 0x3FFF0000, 4, FINE}, // between the two islands
        {"CH-10", "esp32s3", "v5.2", 0x3FCE2700, 4, FINE},
        {"CH-10", "esp32s3", "v5.3", 0x3FCE2700, 4, REFUSED},
        {"CH-10", "esp32s3", "v5.3", 0x403CB700, 4, REFUSED},
        {"CH-10", "esp32s3", "v5.3", 0x3FCDB700, 4, REFUSED}, // the same memory
        {"CH-10", "esp32c2", "v5.1", 0x3FCD5B70, 4, REFUSED},
        {"CH-10", "esp32h2", "v5.5", 0x40845FD0, 4, REFUSED},
        {"CH-10", "esp32h2", "v5.5", 0x40840000, 4, CRASHES},
        {"CH-8", "esp32h2", "v5.5", 0x40850000, 4, REFUSED},
        {"CH-10", "esp32h21", "v6.0", 0x40842A78, 4, REFUSED},
        {"CH-10", "esp32c5", "v5.4", 0x408555A0, 4, FINE},
        {"CH-10", "esp32c5", "v5.5", 0x408555A0, 4, REFUSED},
        {"CH-10", "esp32c61", "v5.5.4", 0x40845670, 4, FINE},
        {"CH-10", "esp32c61", "v5.5.5", 0x40845670, 4, REFUSED},
        {"CH-10", "esp32c61", "v6.0.0", 0x40845670, 4, FINE},
        {"CH-10", "esp32c61", "v6.0.1", 0x40845670, 4, REFUSED},
        {"CH-8", "esp32c61", "v6.0", 0x50000000, 4, REFUSED},
        {"CH-10", "esp32h4", "v6.0", 0x40856350, 4, REFUSED},
        {"CH-12", "esp32h4", "v6.0", 0x40855350, 4, REFUSED}, // the stack begins below the data
        {"CH-10", "esp32p4", "v6.0", 0x4FFB5FC0, 4, REFUSED},
        {"CH-3", "esp32p4", "v6.0", 0x4FF33BD0, 4, FINE}, // where builds for older chips have it
        {"CH-3", "esp32p4", "v5.3", 0x4FF33BD0, 4, REFUSED},
        {"CH-8", "esp32p4", "v6.0", 0x30100000, 4, FINE},
        {"CH-10", "esp32s31", "v6.1", 0x2F073FB0, 4, REFUSED},
        {"CH-8", "esp32s31", "v6.1", 0x2E000000, 4, FINE},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct load_verdict verdict =
            judge(table[i].target, table[i].release, table[i].address, table[i].length);
        enum fate fate = verdict.refused != NULL ? REFUSED : verdict.crash != NULL ? CRASHES : FINE;
        if (fate != table[i].fate) {
            fail_msg("%s: %s %s: %x + %x: %s%s", table[i].rule, table[i].target, table[i].release,
                     (unsigned)table[i].address, (unsigned)table[i].length,
                     verdict.refused != NULL ? verdict.refused : "accepted ",
                     verdict.crash != NULL ? verdict.crash : "");
        }
    }
}

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
        {0x3FFF1C00, 4, false, false},     // behind the data: on the other bus beyond SRAM0
        {0x40080000, 0x1000, true, true},
        {0x40078000, 4, false, false}, // the loader's code is not even in the range
        {0x4009FFFC, 4, true, true},
        {0x4009FFFC, 8, false, true}, // D14
        {0x400A0000, 0x20, false, true},
        {0x400A9FFC, 4, false, true}, // on the other bus behind the data of a default build
        {0x400AA000, 4, false, false},
        {0x400C0000, 0x2000, true, true}, // RTC
        {0x50001FFC, 8, false, false},
        {0x60000000, 0, true, true},     // nothing goes nowhere
        {0x0FFFFFFC, 0x100, true, true}, // neither mapped nor copied
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *early = judge("esp32", "v4.4", table[i].address, table[i].length).refused;
        const char *late = judge("esp32", "v5.1", table[i].address, table[i].length).refused;
        if ((early == NULL) != table[i].v4_4 || (late == NULL) != table[i].later) {
            fail_msg("%x + %x: %s, %s", (unsigned)table[i].address, (unsigned)table[i].length,
                     early != NULL ? early : "fine", late != NULL ? late : "fine");
        }
    }
}

static void mapped_ranges_may_depend_on_the_page(void **state) {
    (void)state;
    const struct chip_target *c6 = chip_target_find("esp32c6"), *esp32 = chip_target_find("esp32");
    assert_true(load_address_is_mapped(esp32, release_profile_default(), 0x10000, 0x3F400020));
    assert_true(load_address_is_mapped(esp32, release_profile_default(), 0x10000, 0x400D0000));
    assert_false(load_address_is_mapped(esp32, release_profile_default(), 0x10000, 0x3F800000));
    assert_true(load_address_is_mapped(c6, release_profile_default(), 0x10000, 0x42FFFFFF));
    assert_false(load_address_is_mapped(c6, release_profile_default(), 0x8000, 0x42FFFFFF));
    assert_true(load_address_is_mapped(c6, release_profile_default(), 0x8000, 0x427FFFFF));
}

// CH-25: how far the S3's mapped data reaches, and whether the P4's external RAM counts.
static void mapped_ranges_by_release(void **state) {
    (void)state;
    static const struct {
        const char *target, *release;
        uint32_t address;
        bool mapped;
    } table[] = {
        {"esp32s3", "v4.4.6", 0x3D000000, false}, {"esp32s3", "v4.4.7", 0x3D000000, true},
        {"esp32s3", "v5.0.5", 0x3D000000, false}, {"esp32s3", "v5.0.6", 0x3D000000, true},
        {"esp32s3", "v5.1.2", 0x3D000000, false}, {"esp32s3", "v5.1.3", 0x3D000000, true},
        {"esp32s3", "v5.2.0", 0x3DFFFFFF, true},  {"esp32s3", "v4.4.6", 0x3CFFFFFF, true},
        {"esp32p4", "v5.2.7", 0x48000000, false}, {"esp32p4", "v5.3.0", 0x48000000, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(load_address_is_mapped(chip_target_find(table[i].target),
                                                release_profile_find(table[i].release), 0x10000,
                                                table[i].address),
                         table[i].mapped);
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
    assert_int_equal(early.code, ESP_ERR_IMAGE_INVALID); // laid out for another page than the build's (CH-23)
    assert_int_equal(late.code, ESP_OK);
    assert_int_equal(late.image.mmu_page_size, 0x8000);
    assert_int_equal(verify_on_c6("v5.3", false).code, ESP_ERR_IMAGE_INVALID); // the descriptor plays no part
    assert_int_equal(verify_on_c6("v5.4", false).code, ESP_FAIL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapped_ranges_by_release),
        cmocka_unit_test(every_chip_has_memory_of_its_loader),
        cmocka_unit_test(esp32_segments_stay_clear_of_the_bootloader),
        cmocka_unit_test(mapped_ranges_may_depend_on_the_page),
        cmocka_unit_test(the_descriptor_tells_the_page_since_v5_4),
    };
    return cmocka_run_group_tests_name("load_address", tests, NULL, NULL);
}
