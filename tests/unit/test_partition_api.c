// esp_partition and esp_flash: bounds, protections, mapping, copying, digests, external partitions, and eFuse
// secure versions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "esp_efuse.h"
#include "esp_flash.h"
#include "esp_image_format.h"
#include "esp_ota_ops.h"
#include "esp_partition.h"

// Runs a test's body as the application of a board that runs ota_0.
static enum board_end run_on(const char *release, void (*body)(void *context), void *context) {
    struct board_config config = example_config(release);
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    (void)example_boot(board, PORT_RESET_POWER_ON);
    enum board_end end = board_run(board, body, context, NULL);
    board_free(board);
    return end;
}

static void run(const char *release, void (*body)(void *context)) {
    assert_int_equal(run_on(release, body, NULL), BOARD_RETURNED);
}

static const esp_partition_t *find(const char *label) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, label);
}

// ---- bounds (PA, section 2) ---------------------------------------------------------------------

static void check_bounds(void *context) {
    (void)context;
    const esp_partition_t *slot = find("ota_1");
    uint8_t byte = 0;
    assert_int_equal(esp_partition_read(slot, 0x10000, &byte, 0), ESP_OK);
    assert_int_equal(esp_partition_read(slot, 0x10001, &byte, 0), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_read(slot, 0xFFFF, &byte, 2), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_write(slot, 0xFFFF, &byte, 2), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_write(slot, 0xFFFF, &byte, 1), ESP_OK);
    assert_int_equal(esp_partition_erase_range(slot, 0x10000, 0x1000), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_erase_range(slot, 0x100, 0x1000), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_erase_range(slot, 0x100, 0x100), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_erase_range(slot, 0, 0x11000), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_erase_range(slot, 0, 0), ESP_OK);
}

static void bounds_are_checked_in_order(void **state) {
    (void)state;
    run("master", check_bounds);
}

static void read_from_nothing(void *context) {
    uint8_t byte;
    (void)context;
    (void)esp_partition_read(NULL, 0, &byte, 1);
}

static void no_partition_is_a_failed_assertion(void **state) {
    (void)state;
    assert_int_equal(run_on("master", read_from_nothing, NULL), BOARD_PANICKED); // PA-35
}

// ---- protections --------------------------------------------------------------------------------

static void check_readonly(void *context) {
    const bool obeyed = *(const bool *)context;
    const esp_err_t refused = obeyed ? ESP_ERR_NOT_ALLOWED : ESP_OK;
    const esp_partition_t *constants = find("constants");
    const uint8_t byte = 0;
    assert_int_equal(constants->readonly, obeyed);
    assert_int_equal(esp_partition_write(constants, 0, &byte, 1), refused);
    assert_int_equal(esp_partition_write(constants, 0x2000, &byte, 1),
                     obeyed ? refused : ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_erase_range(constants, 0, 0x1000), refused);
    assert_int_equal(esp_flash_write(NULL, &byte, EXAMPLE_DATA, 1), refused);
}

static void readonly_partitions_are_kept_since_v5_2(void **state) {
    (void)state;
    bool obeyed = false;
    assert_int_equal(run_on("v5.1", check_readonly, &obeyed), BOARD_RETURNED);
    obeyed = true;
    assert_int_equal(run_on("v5.3", check_readonly, &obeyed), BOARD_RETURNED);
}

struct raw_erase {
    uint32_t address, length;
    bool unprotected;
    esp_err_t code;
};

static void erase_raw(void *context) {
    struct raw_erase *erase = context;
    if (erase->unprotected)
        (void)esp_flash_set_dangerous_write_protection(NULL, false);
    erase->code = esp_flash_erase_region(NULL, erase->address, erase->length);
}

static void table_and_running_app_are_protected(void **state) {
    (void)state;
    const struct {
        struct raw_erase erase;
        enum board_end end;
    } table[] = {
        {{.address = 0, .length = 0}, BOARD_PANICKED}, // PA-67: before the length is looked at
        {{.address = 0x8000, .length = 0x1000}, BOARD_PANICKED},
        {{.address = EXAMPLE_OTA_0 + 0xF000, .length = 0x1000}, BOARD_PANICKED},
        {{.address = EXAMPLE_OTA_0 - 0x1000, .length = 0x2000}, BOARD_PANICKED},
        {{.address = EXAMPLE_OTA_0 - 0x1000, .length = 0x1000}, BOARD_RETURNED},
        {{.address = EXAMPLE_OTA_0, .length = 0x1000, .unprotected = true}, BOARD_RETURNED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct raw_erase erase = table[i].erase;
        assert_int_equal(run_on("master", erase_raw, &erase), table[i].end);
        assert_int_equal(erase.code, ESP_OK);
    }
}

static void check_raw(void *context) {
    (void)context;
    uint8_t byte = 0;
    assert_int_equal(esp_flash_read(NULL, &byte, 0x400000, 0), ESP_OK);
    assert_int_equal(esp_flash_read(NULL, &byte, 0x400000, 1), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_flash_read(NULL, NULL, 0, 1), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_flash_erase_region(NULL, 0x100800, 0x1000), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_flash_erase_region(NULL, 0x100000, 0x800), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_flash_read((esp_flash_t *)&byte, &byte, 0, 1), ESP_ERR_FLASH_NOT_INITIALISED);
}

static void raw_access_is_checked(void **state) {
    (void)state;
    run("master", check_raw);
}

// ---- finding ------------------------------------------------------------------------------------

static void check_finding(void *context) {
    (void)context;
    esp_partition_iterator_t iterator =
        esp_partition_find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, NULL);
    assert_string_equal(esp_partition_get(iterator)->label, "ota_0");
    iterator = esp_partition_next(iterator);
    assert_string_equal(esp_partition_get(iterator)->label, "ota_1");
    assert_null(esp_partition_next(iterator));
    assert_null(find("ota_1 and what follows the sixteenth character"));
    const esp_partition_t *none;
    assert_int_equal(
        esp_partition_find_first_err(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_APP_OTA_0, NULL, &none),
        ESP_ERR_INVALID_ARG);
    esp_partition_t copy = *find("ota_1");
    assert_ptr_equal(esp_partition_verify(&copy), find("ota_1"));
    copy.label[0] = '\0'; // not compared then
    assert_ptr_equal(esp_partition_verify(&copy), find("ota_1"));
    copy.address += 0x1000;
    assert_null(esp_partition_verify(&copy));
}

static void partitions_are_found_in_table_order(void **state) {
    (void)state;
    run("master", check_finding);
}

static void open_many_iterators(void *context) {
    (void)context;
    esp_partition_iterator_t open[FIRMWARE_ITERATORS_MAX], one_more;
    for (size_t i = 0; i < FIRMWARE_ITERATORS_MAX; i++) {
        open[i] = esp_partition_find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, NULL);
        assert_non_null(open[i]);
    }
    assert_int_equal(
        esp_partition_find_err(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, NULL, &one_more),
        ESP_ERR_NO_MEM);
    esp_partition_iterator_release(open[3]);
    assert_non_null(esp_partition_find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, NULL));
}

static void iterators_run_out_like_memory(void **state) {
    (void)state;
    run("master", open_many_iterators);
}

static void check_external(void *context) {
    (void)context;
    const esp_partition_t *added;
    const esp_partition_subtype_t subtype = (esp_partition_subtype_t)0x40;
    const esp_partition_type_t type = (esp_partition_type_t)0x40;
    assert_int_equal(esp_partition_register_external(NULL, 0x3FF000, 0x2000, "x", type, subtype, NULL),
                     ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_register_external(NULL, EXAMPLE_NVS, 0x1000, "x", type, subtype, NULL),
                     ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_register_external(NULL, 0x100000, 0x1000, "x", type, subtype, &added),
                     ESP_OK);
    assert_ptr_equal(find("x"), added);
    assert_int_equal(esp_partition_deregister_external(find("nvs")), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_deregister_external(added), ESP_OK);
    assert_int_equal(esp_partition_deregister_external(added), ESP_ERR_NOT_FOUND);
    assert_null(find("x"));
}

static void external_partitions_come_and_go(void **state) {
    (void)state;
    run("master", check_external);
}

// ---- contents -----------------------------------------------------------------------------------

static void check_mapping(void *context) {
    (void)context;
    const void *bytes;
    esp_partition_mmap_handle_t handle;
    const uint8_t data[4] = {1, 2, 3, 4};
    assert_int_equal(esp_partition_mmap(find("nvs"), 0x10, 0x4000, ESP_PARTITION_MMAP_DATA, &bytes, &handle),
                     ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_mmap(find("nvs"), 0x10, 0x100, ESP_PARTITION_MMAP_DATA, &bytes, &handle),
                     ESP_OK);
    assert_int_equal(esp_partition_write(find("nvs"), 0x10, data, sizeof data), ESP_OK);
    assert_memory_equal(bytes, data, sizeof data); // PA-41
    assert_int_equal(esp_partition_erase_range(find("nvs"), 0, 0x1000), ESP_OK);
    assert_int_equal(((const uint8_t *)bytes)[0], 0xFF);
    esp_partition_munmap(handle);
}

static void mappings_follow_writes(void **state) {
    (void)state;
    run("master", check_mapping);
}

static void check_copy(void *context) {
    (void)context;
    const esp_partition_t *from = find("ota_0"), *to = find("ota_1"), *nvs = find("nvs");
    assert_int_equal(esp_partition_copy(to, 0, to, 0, 16), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_copy(to, 0x10001, from, 0, 16), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_copy(nvs, 0, from, 0, SIZE_MAX), ESP_ERR_INVALID_SIZE);
    assert_int_equal(esp_partition_copy(to, 0x800, from, 0, 16), ESP_ERR_INVALID_ARG);
    assert_false(esp_partition_check_identity(from, to));
    assert_int_equal(esp_partition_copy(to, 0, from, 0, SIZE_MAX), ESP_OK);
    assert_true(esp_partition_check_identity(from, to));
}

static void copies_are_identical_in_every_release(void **state) {
    (void)state;
    run("v5.5", check_copy);
    run("master", check_copy);
}

static void check_digests(void *context) {
    (void)context;
    const esp_partition_t *slot = find("ota_1");
    const esp_partition_pos_t region = {slot->address, slot->size};
    uint8_t digest[32];
    esp_image_metadata_t image;
    assert_int_equal(esp_image_get_metadata(&region, &image), ESP_OK);
    assert_int_equal(image.start_addr, slot->address);
    assert_int_equal(image.segments[0].load_addr % 0x10000, 0x20);
    assert_int_equal(esp_partition_get_sha256(slot, digest), ESP_OK);
    assert_memory_equal(digest, image.image_digest, sizeof digest);
    const uint8_t zeros[32] = {0};
    assert_int_equal(esp_partition_write(slot, image.image_len - 32, zeros, sizeof zeros),
                     ESP_OK); // in the appended hash
    assert_int_equal(esp_partition_get_sha256(slot, digest), ESP_ERR_IMAGE_INVALID);
    assert_int_equal(esp_image_verify(ESP_IMAGE_VERIFY, &region, &image), ESP_ERR_IMAGE_INVALID);
    assert_int_equal(image.image_len, 0);
    assert_int_equal(esp_partition_get_sha256(slot, NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_get_sha256(find("nvs"), digest), ESP_OK);
}

static void digests_are_those_of_images(void **state) {
    (void)state;
    run("master", check_digests);
}

// ---- secure version (EF, section 2) -------------------------------------------------------------

struct efuse_case {
    uint32_t mask, version;
    esp_err_t code;
    uint32_t mask_after;
};

static void update_version(void *context) {
    struct efuse_case *given = context;
    given->code = esp_efuse_update_secure_version(given->version);
}

static void secure_version_only_rises(void **state) {
    (void)state;
    static const struct efuse_case table[] = {
        {0, 0, ESP_OK, 0},     {0, 3, ESP_OK, 7},   {7, 3, ESP_OK, 7},
        {7, 5, ESP_OK, 31},    {7, 2, ESP_FAIL, 7}, {7, 17, ESP_ERR_INVALID_ARG, 7},
        {0x5, 3, ESP_OK, 0x5}, // a gap: the bit to burn is burned already, nobody says so (EF-13)
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config("master");
        struct efuse_case given = table[i];
        config.app.anti_rollback = true;
        config.app.secure_version_bits = 16;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        (void)example_boot(board, PORT_RESET_POWER_ON);
        board_efuse_set(board, PORT_EFUSE_SECURE_VERSION, given.mask);
        assert_int_equal(board_run(board, update_version, &given, NULL), BOARD_RETURNED);
        assert_int_equal(given.code, table[i].code);
        assert_int_equal(board_efuse(board, PORT_EFUSE_SECURE_VERSION), given.mask_after);
        board_free(board);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_checked_in_order),
        cmocka_unit_test(no_partition_is_a_failed_assertion),
        cmocka_unit_test(readonly_partitions_are_kept_since_v5_2),
        cmocka_unit_test(table_and_running_app_are_protected),
        cmocka_unit_test(raw_access_is_checked),
        cmocka_unit_test(partitions_are_found_in_table_order),
        cmocka_unit_test(iterators_run_out_like_memory),
        cmocka_unit_test(external_partitions_come_and_go),
        cmocka_unit_test(mappings_follow_writes),
        cmocka_unit_test(copies_are_identical_in_every_release),
        cmocka_unit_test(digests_are_those_of_images),
        cmocka_unit_test(secure_version_only_rises),
    };
    return cmocka_run_group_tests_name("partition_api", tests, NULL, NULL);
}
