// App images: sizes, contents, reproducibility, and what the reader says about them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "ota/app_image.h"
#include "sim/hw/board.h"
#include "sim/inspect/image_verdict.h"
#include "sim/provision/app_image_builder.h"
#include "sim/provision/app_image_reader.h"

static uint32_t get32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static struct buffer built(const struct app_image_options *options) {
    struct buffer image = {0};
    struct error error = {0};
    if (!app_image_build(options, &image, &error))
        fail_msg("%s", error.message);
    assert_int_equal(image.length, app_image_length(options));
    return image;
}

// Firmware and reports agree about an image without segments: nothing is wrong with it (IMG-23), it only cannot run.
static void no_segments_are_no_fault(void **state) {
    (void)state;
    uint8_t image[64] = {0xE9, 0};
    struct app_image_summary summary;
    image[23] = 1;    // a hash is appended
    image[31] = 0xEF; // the checksum of nothing
    EVP_Digest(image, 32, image + 32, NULL, EVP_sha256(), NULL);
    assert_true(app_image_describe_bytes(image, sizeof image, &summary));
    assert_int_equal(summary.segment_count, 0);
    assert_int_equal(summary.length, sizeof image);
    struct buffer text = {0};
    assert_true(image_verdict(image, sizeof image, 0, &chip_targets[0], NULL, &text));
    image[31] ^= 1;
    assert_false(app_image_describe_bytes(image, sizeof image, &summary));
    assert_false(image_verdict(image, sizeof image, 0, &chip_targets[0], NULL, &text));
    buffer_free(&text);
}

// IMG-60: the minimal image whose hash the rules state.
static void minimal_image_has_the_known_hash(void **state) {
    (void)state;
    uint8_t descriptor[APP_IMAGE_DESCRIPTOR_SIZE] = {0x32, 0x54, 0xCD, 0xAB};
    memcpy(descriptor + 16, "1.0.0", 5);
    memcpy(descriptor + 48, "app", 3);
    memcpy(descriptor + 80, "12:00:00", 8);
    memcpy(descriptor + 96, "Jan  1 2026", 11);
    memcpy(descriptor + 112, "v6.2", 4);
    descriptor[178] = descriptor[179] = 0xFF;
    descriptor[180] = 16;
    descriptor[181] = 2;
    struct app_image_segment segment = {0x3F400020, sizeof descriptor, descriptor};
    struct app_image_parts parts = {.magic = 0xE9,
                                    .spi_mode = 2,
                                    .spi_speed_and_size = 0x20,
                                    .entry = 0x40080400,
                                    .max_chip_revision = 65535,
                                    .hash_appended = true,
                                    .segments = &segment,
                                    .segment_count = 1};
    struct buffer image = {0};
    app_image_assemble(&parts, &image);
    static const uint8_t hash[] = {0x27, 0x56, 0xEA, 0xAA, 0xA9, 0xBE, 0xC1, 0x76, 0x58, 0x8E, 0x5E,
                                   0x29, 0x56, 0xBA, 0x1B, 0x3B, 0x34, 0xDE, 0xD4, 0x99, 0x8B, 0xB7,
                                   0xFE, 0x07, 0xBA, 0x72, 0x95, 0x27, 0x3D, 0x21, 0x6C, 0x4A};
    assert_int_equal(image.length, APP_IMAGE_SIZE_MIN);
    assert_int_equal(image.bytes[image.length - 33], 0xA0); // checksum
    assert_memory_equal(image.bytes + image.length - 32, hash, sizeof hash);
    buffer_free(&image);
}

static void any_size_and_target_is_a_whole_image(void **state) {
    (void)state;
    static const uint32_t sizes[] = {336,   337,     1000,     4096,     4097,
                                     65536, 1000000, 1u << 20, 6u << 20, 16u << 20};
    for (const struct chip_target *target = chip_targets; target->name != NULL; target++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            struct app_image_options options = app_image_options_default();
            options.target = target;
            options.size = sizes[i];
            struct buffer image = built(&options);
            assert_int_equal(image.length, (sizes[i] + 15) / 16 * 16);
            struct app_image_summary summary;
            assert_true(app_image_describe_bytes(image.bytes, image.length, &summary));
            assert_int_equal(summary.length, image.length);
            assert_int_equal(summary.chip_id, target->chip_id);
            buffer_free(&image);
        }
    }
}

struct verification {
    enum app_image_mode mode;
    uint32_t length;
    esp_err_t code;
};

static void verify(void *context) {
    struct verification *job = context;
    struct app_image image;
    port_ram()->running_address = job->mode == APP_IMAGE_VERIFY ? 0x10000 : 0; // the app, or the bootloader
    job->code = app_image_verify(job->mode, 0x10000, 16u << 20, &image);
    job->length = image.length;
}

static void bootloader_and_app_accept_it(void **state) {
    (void)state;
    static const uint32_t sizes[] = {336, 70000, 1500000, 9u << 20};
    for (const struct chip_target *target = chip_targets; target->name != NULL; target++) {
        struct firmware_build build = firmware_build_default(release_profile_default(), target);
        struct board_config config = {.target = target, .bootloader = build, .app = build};
        assert_true(nor_chip_custom(32u << 20, &config.chip));
        struct board *board = board_new(&config);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            struct app_image_options options = app_image_options_default();
            options.target = target;
            options.size = sizes[i];
            if (sizes[i] > target->mmu_pages * 0x10000u - 0x10000u)
                continue; // the chip cannot map that much (CH-20)
            struct buffer image = built(&options);
            flash_set(board_flash(board), 0x10000, image.bytes, (uint32_t)image.length);
            static const enum app_image_mode modes[] = {APP_IMAGE_VERIFY, APP_IMAGE_LOAD};
            for (size_t j = 0; j < 2; j++) {
                struct verification job = {.mode = modes[j]};
                assert_int_equal(board_run(board, verify, &job, NULL), BOARD_RETURNED);
                if (job.code != ESP_OK)
                    fail_msg("%s, %u bytes: %s", target->name, sizes[i], esp_err_to_name(job.code));
                assert_int_equal(job.length, image.length);
            }
            buffer_free(&image);
        }
        board_free(board);
    }
}

static void body_size_counts_beside_the_descriptor(void **state) {
    (void)state;
    for (uint32_t body = 0; body < 100; body++) {
        struct app_image_options options = app_image_options_default();
        options.body_size = body;
        struct buffer image = built(&options);
        uint32_t rest = (body + 3) / 4 * 4;
        rest = rest < 4 ? 4 : rest; // a word of mapped code at least
        uint32_t of_data = get32(image.bytes + 28), of_code = get32(image.bytes + 32 + of_data + 4);
        assert_int_equal(image.bytes[1], 2);
        assert_true(of_data >= APP_IMAGE_DESCRIPTOR_SIZE && of_code >= 4);
        assert_int_equal(of_data + of_code, APP_IMAGE_DESCRIPTOR_SIZE + rest);
        assert_int_equal(image.length, (40 + APP_IMAGE_DESCRIPTOR_SIZE + rest + 1 + 15) / 16 * 16 + 32);
        buffer_free(&image);
    }
}

// IMG-30: what the cache maps lies at the same place of a page in flash and in the address space.
static void mapped_segments_agree_with_the_page(void **state) {
    (void)state;
    for (const struct chip_target *target = chip_targets; target->name != NULL; target++) {
        struct app_image_options options = app_image_options_default();
        options.target = target;
        options.size = 300000;
        options.mmu_page_log2 = target->page_configurable_since != 0 ? 14 : 0;
        uint32_t page = target->page_configurable_since != 0 ? 1u << 14 : 1u << 16;
        struct buffer image = built(&options);
        uint32_t at = APP_IMAGE_HEADER_SIZE, mapped = 0;
        for (unsigned i = 0; i < image.bytes[1]; i++) {
            uint32_t load = get32(image.bytes + at), length = get32(image.bytes + at + 4);
            at += APP_IMAGE_SEGMENT_HEADER_SIZE;
            bool data = load >= target->drom.start && load < target->drom.end;
            bool code = load >= target->irom.start && load < target->irom.end;
            if (data || code) {
                assert_int_equal(load % page, at % page);
                mapped++;
            }
            at += length;
        }
        assert_int_equal(mapped, 2);
        buffer_free(&image);
    }
}

static void equal_options_give_equal_bytes(void **state) {
    (void)state;
    struct app_image_options options = app_image_options_default();
    options.size = 20000;
    options.seed = 7;
    struct buffer first = built(&options), second = built(&options);
    assert_memory_equal(first.bytes, second.bytes, first.length);
    buffer_free(&second);
    options.seed = 8;
    second = built(&options);
    size_t different = 0;
    for (size_t i = 300; i < first.length; i++)
        different += first.bytes[i] != second.bytes[i];
    assert_true(different > first.length * 9 / 10);
    buffer_free(&first);
    buffer_free(&second);
}

static void the_reader_finds_what_was_asked_for(void **state) {
    (void)state;
    struct app_image_options options = app_image_options_default();
    strcpy(options.version, "a version of 32 characters, full");
    strcpy(options.project, "blink");
    options.secure_version = 5;
    options.min_chip_revision = 100;
    options.max_chip_revision = 399;
    options.hash_appended = false;
    options.size = 8192;
    struct buffer image = built(&options);
    struct flash flash;
    flash_init(&flash, 1u << 20);
    flash_set(&flash, 0x10000, image.bytes, (uint32_t)image.length);
    struct app_image_summary summary;
    assert_true(app_image_describe(&flash, 0x10000, 0x10000, &summary));
    assert_string_equal(summary.version, "a version of 32 characters, full");
    assert_string_equal(summary.project, "blink");
    assert_int_equal(summary.secure_version, 5);
    assert_int_equal(summary.min_chip_revision, 100);
    assert_int_equal(summary.max_chip_revision, 399);
    assert_false(summary.hash_appended);
    assert_false(app_image_describe(&flash, 0x10000, (uint32_t)image.length - 1, &summary)); // cut off
    assert_false(app_image_describe(&flash, 0x20000, 0x10000, &summary));
    assert_true(summary.blank);
    assert_false(app_image_describe(&flash, 0xFFFFF000, 0x10000, &summary)); // beyond the flash
    flash_free(&flash);
    buffer_free(&image);
}

static void damage_is_seen_and_sealed(void **state) {
    (void)state;
    struct app_image_options options = app_image_options_default();
    options.size = 5008;
    struct buffer image = built(&options);
    struct app_image_summary summary;
    image.bytes[400] ^= 1;
    assert_false(app_image_describe_bytes(image.bytes, image.length, &summary));
    assert_false(summary.checksum_ok);
    assert_false(summary.hash_ok);
    assert_true(app_image_seal(image.bytes, image.length));
    assert_true(app_image_describe_bytes(image.bytes, image.length, &summary));
    image.bytes[3] ^= 0x10; // the header is covered by the hash alone
    assert_false(app_image_describe_bytes(image.bytes, image.length, &summary));
    assert_true(summary.checksum_ok);
    assert_false(summary.hash_ok);
    assert_false(app_image_seal(image.bytes, image.length - 1));
    buffer_free(&image);
}

static void impossible_options_are_refused(void **state) {
    (void)state;
    struct buffer image = {0};
    struct error error = {0};
    struct app_image_options options = app_image_options_default();
    options.size = 335;
    assert_false(app_image_build(&options, &image, &error));
    assert_non_null(strstr(error.message, "at least 336"));
    assert_int_equal(app_image_length(&options), 0);
    options.size = APP_IMAGE_SIZE_MAX + 1;
    assert_false(app_image_build(&options, &image, &error));
    assert_non_null(strstr(error.message, "too large"));
    options.size = 0;
    options.mmu_page_log2 = 12;
    assert_false(app_image_build(&options, &image, &error));
    assert_non_null(strstr(error.message, "MMU page"));
    assert_int_equal(image.length, 0);
}

static void summaries_are_safe_to_print(void **state) {
    (void)state;
    struct app_image_options options = app_image_options_default();
    strcpy(options.version, "1\n\033[31m");
    struct buffer image = built(&options), text = {0};
    struct app_image_summary summary;
    (void)app_image_describe_bytes(image.bytes, image.length, &summary);
    app_image_summary_print(&summary, &text);
    assert_string_equal(buffer_string(&text), "app 1\\x0a\\x1b[31m, 336 bytes, secure version 0");
    buffer_free(&image);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_segments_are_no_fault),
        cmocka_unit_test(minimal_image_has_the_known_hash),
        cmocka_unit_test(any_size_and_target_is_a_whole_image),
        cmocka_unit_test(bootloader_and_app_accept_it),
        cmocka_unit_test(body_size_counts_beside_the_descriptor),
        cmocka_unit_test(mapped_segments_agree_with_the_page),
        cmocka_unit_test(equal_options_give_equal_bytes),
        cmocka_unit_test(the_reader_finds_what_was_asked_for),
        cmocka_unit_test(damage_is_seen_and_sealed),
        cmocka_unit_test(impossible_options_are_refused),
        cmocka_unit_test(summaries_are_safe_to_print),
    };
    return cmocka_run_group_tests_name("app_image_builder", tests, NULL, NULL);
}
