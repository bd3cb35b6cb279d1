// The key-value store beyond what is recorded: hazards, differences between releases, limits, statistics.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "nvs_flash.h"

// What a test runs on: a board that keeps its flash over several runs of the application.
struct device {
    struct board *board;
};

static struct device device_new(const char *release) {
    struct board_config config = example_config(release);
    return (struct device){example_board(&config, EXAMPLE_SLOTS)};
}

// Boots and runs `body` as the application.
static enum board_end run(struct device *device, void (*body)(void *context), void *context) {
    assert_int_not_equal(example_boot(device->board, PORT_RESET_POWER_ON), 0);
    return board_run(device->board, body, context, NULL);
}

static void run_alone(const char *release, void (*body)(void *context), void *context) {
    struct device device = device_new(release);
    assert_int_equal(run(&device, body, context), BOARD_RETURNED);
    board_free(device.board);
}

static nvs_handle_t open_for_writing(const char *name) {
    nvs_handle_t handle;
    assert_int_equal(nvs_open(name, NVS_READWRITE, &handle), ESP_OK);
    return handle;
}

// ---- hazards ------------------------------------------------------------------------------------

static const char old_blob[] = "the old value", new_blob[] = "the new value";

static void write_old_blob(void *context) {
    (void)context;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_set_blob(open_for_writing("n"), "key", old_blob, sizeof old_blob), ESP_OK);
}

static void write_new_blob(void *context) {
    (void)context;
    (void)nvs_flash_init();
    (void)nvs_set_blob(open_for_writing("n"), "key", new_blob, sizeof new_blob);
}

// 'o', 'n', or '-' for neither.
static void read_blob(void *context) {
    char *found = context, value[32];
    nvs_handle_t handle;
    size_t length = sizeof value;
    *found = '-';
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_open("n", NVS_READONLY, &handle), ESP_OK);
    if (nvs_get_blob(handle, "key", value, &length) == ESP_OK)
        *found = memcmp(value, old_blob, sizeof old_blob) == 0   ? 'o'
                 : memcmp(value, new_blob, sizeof new_blob) == 0 ? 'n'
                                                                 : '?';
}

// What is there after a cut before each operation of the overwrite.
static void overwrite_with_cuts(const char *release, char *found, size_t size) {
    struct device device = device_new(release);
    struct nv_state state;
    assert_int_equal(run(&device, write_old_blob, NULL), BOARD_RETURNED);
    board_power_off(device.board);
    board_save(device.board, &state);
    size_t cuts = 0;
    enum board_end end = BOARD_POWER_LOST;
    for (; end == BOARD_POWER_LOST && cuts + 1 < size; cuts++) {
        board_load(device.board, &state);
        board_cut_at_operation(device.board, cuts, &(struct tear){.kind = TEAR_CLEAN});
        end = run(&device, write_new_blob, NULL);
        board_cut_cancel(device.board);
        assert_int_equal(run(&device, read_blob, &found[cuts]), BOARD_RETURNED);
    }
    found[cuts] = '\0';
    nv_state_free(&state);
    board_free(device.board);
}

// NV-100: piece and its state are there, the index is not: neither value survives.
static void a_cut_between_piece_and_index_loses_both_values(void **state) {
    (void)state;
    char found[32];
    overwrite_with_cuts("v6.0", found, sizeof found);
    assert_string_equal(found, "oooo-onnn");
}

static void fail_to_set_blob(void *context) {
    static uint8_t large[12000];
    uint8_t value[100];
    size_t length = sizeof value;
    memset(value, 7, sizeof value);
    assert_int_equal(nvs_flash_init(), ESP_OK);
    nvs_handle_t handle = open_for_writing("n");
    assert_int_equal(nvs_set_blob(handle, "key", value, sizeof value), ESP_OK);
    assert_int_equal(nvs_set_blob(handle, "key", large, sizeof large), ESP_ERR_NVS_NOT_ENOUGH_SPACE);
    *(esp_err_t *)context = nvs_get_blob(handle, "key", value, &length);
}

// NV-101.
static void a_failed_set_damages_the_old_blob_before_master(void **state) {
    (void)state;
    esp_err_t code;
    for (const struct release_profile *each = release_profiles; each->name != NULL; each++) {
        run_alone(each->name, fail_to_set_blob, &code);
        assert_int_equal(code, each->nvs_blob_cleans_own_pieces ? ESP_OK : ESP_FAIL);
    }
}

static void set_twins(void *context) {
    (void)context;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    nvs_handle_t handle = open_for_writing("n");
    assert_int_equal(nvs_set_u32(handle, "key33", 1), ESP_OK);
    assert_int_equal(nvs_set_u32(handle, "key109932", 2), ESP_OK);
}

static void get_twins(void *context) {
    (void)context;
    uint32_t value;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    nvs_handle_t handle = open_for_writing("n");
    assert_int_equal(nvs_get_u32(handle, "key33", &value), ESP_ERR_NVS_NOT_FOUND);
    assert_int_equal(nvs_get_u32(handle, "key109932", &value), ESP_OK);
    assert_int_equal(value, 2);
}

// NV-102: 24 bits of a hash are taken for the key.
static void keys_with_one_hash_are_taken_for_one(void **state) {
    (void)state;
    struct device device = device_new("v6.0");
    assert_int_equal(run(&device, set_twins, NULL), BOARD_RETURNED);
    assert_int_equal(run(&device, get_twins, NULL), BOARD_RETURNED);
    board_free(device.board);
}

// ---- differences between releases ---------------------------------------------------------------

struct two_types {
    bool old_stays;
    nvs_stats_t stats;
};

static void change_type(void *context) {
    struct two_types *found = context;
    uint8_t value;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    nvs_handle_t handle = open_for_writing("n");
    assert_int_equal(nvs_set_u8(handle, "key", 1), ESP_OK);
    assert_int_equal(nvs_set_str(handle, "key", "text"), ESP_OK);
    found->old_stays = nvs_get_u8(handle, "key", &value) == ESP_OK;
    assert_int_equal(nvs_get_stats(NULL, &found->stats), ESP_OK);
}

// NV-110, NV-89.
static void a_set_of_another_type_replaces_since_v5_2(void **state) {
    (void)state;
    struct two_types found;
    run_alone("v5.1.6", change_type, &found);
    assert_true(found.old_stays);
    assert_int_equal(found.stats.used_entries, 4); // the namespace, the number, the text
    assert_int_equal(found.stats.available_entries, 0);
    run_alone("v5.3", change_type, &found);
    assert_false(found.old_stays);
    assert_int_equal(found.stats.used_entries, 3);
    assert_int_equal(found.stats.total_entries, 4 * 126);
    assert_int_equal(found.stats.available_entries, 3 * 126 - 3);
}

static void blob_over_number(void *context) {
    uint8_t value;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    nvs_handle_t handle = open_for_writing("n");
    assert_int_equal(nvs_set_u8(handle, "key", 1), ESP_OK);
    assert_int_equal(nvs_set_blob(handle, "key", "blob", 4), ESP_OK);
    *(esp_err_t *)context = nvs_get_u8(handle, "key", &value);
}

static void a_blob_replaces_other_types_since_v5_4(void **state) {
    (void)state;
    esp_err_t code;
    run_alone("v5.3.4", blob_over_number, &code);
    assert_int_equal(code, ESP_OK);
    run_alone("v5.4", blob_over_number, &code);
    assert_int_equal(code, ESP_ERR_NVS_NOT_FOUND);
}

static void use_floats(void *context) {
    float f = 0;
    double d = 0;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    nvs_handle_t handle = open_for_writing("n");
    esp_err_t *code = context;
    *code = nvs_set_float(handle, "f", 1.5f);
    if (*code != ESP_OK)
        return;
    assert_int_equal(nvs_set_double(handle, "d", -2.25), ESP_OK);
    assert_int_equal(nvs_set_double(handle, "d", NAN), ESP_ERR_INVALID_ARG);
    assert_int_equal(nvs_get_float(handle, "f", &f), ESP_OK);
    assert_int_equal(nvs_get_double(handle, "d", &d), ESP_OK);
    assert_true(f == 1.5f && d == -2.25);
}

static void floats_exist_since_v6_1(void **state) {
    (void)state;
    esp_err_t code;
    run_alone("v6.0", use_floats, &code);
    assert_int_equal(code, ESP_ERR_NOT_SUPPORTED);
    run_alone("v6.1", use_floats, &code);
    assert_int_equal(code, ESP_OK);
}

static void erase_and_purge(void *context) {
    (void)context;
    nvs_handle_t handle;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_open("n", NVS_READWRITE_PURGE, &handle), ESP_OK);
    assert_int_equal(nvs_set_u32(handle, "gone", 0x11223344), ESP_OK);
    assert_int_equal(nvs_erase_key(handle, "gone"), ESP_OK);
    nvs_close(handle);
    assert_int_equal(nvs_open("n", NVS_READWRITE, &handle), ESP_OK);
    assert_int_equal(nvs_set_str(handle, "later", "a text that takes two entries and more"), ESP_OK);
    assert_int_equal(nvs_erase_key(handle, "later"), ESP_OK);
    assert_int_equal(nvs_purge_all(handle), ESP_OK);
}

// NV-112: behind the namespace's entry nothing but zeros and untouched entries.
static void purging_leaves_zeros(void **state) {
    (void)state;
    struct device device = device_new("v6.0");
    uint8_t entries[5 * 32];
    assert_int_equal(run(&device, erase_and_purge, NULL), BOARD_RETURNED);
    flash_read(board_flash(device.board), EXAMPLE_NVS + 64 + 32, entries, sizeof entries);
    for (size_t i = 0; i < sizeof entries; i++)
        assert_int_equal(entries[i], i < 4 * 32 ? 0x00 : 0xFF);
    board_free(device.board);
}

// ---- handles, iterators, partitions -------------------------------------------------------------

static void use_handles(void *context) {
    (void)context;
    nvs_handle_t handle, other;
    nvs_iterator_t iterator;
    nvs_entry_info_t info;
    uint8_t value;
    assert_int_equal(nvs_open("n", NVS_READWRITE, &handle), ESP_ERR_NVS_NOT_INITIALIZED);
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_open_from_partition("other", "n", NVS_READWRITE, &handle),
                     ESP_ERR_NVS_PART_NOT_FOUND);
    assert_int_equal(nvs_open("n", NVS_READONLY, &handle), ESP_ERR_NVS_NOT_FOUND);
    assert_int_equal(nvs_open(NULL, NVS_READONLY, &handle), ESP_ERR_INVALID_ARG);
    handle = open_for_writing("n");
    assert_int_equal(nvs_open("n", NVS_READONLY, &other), ESP_OK);
    assert_int_equal(nvs_set_u8(other, "k", 1), ESP_ERR_NVS_READ_ONLY);
    assert_int_equal(nvs_set_u8(handle, "a_key_that_is_too_long", 1), ESP_ERR_NVS_KEY_TOO_LONG);
    assert_int_equal(nvs_set_u8(handle, "k", 1), ESP_OK);
    assert_int_equal(nvs_entry_find_in_handle(other, NVS_TYPE_U8, &iterator), ESP_OK);
    assert_int_equal(nvs_entry_info(iterator, &info), ESP_OK);
    assert_string_equal(info.namespace_name, "n");
    assert_string_equal(info.key, "k");
    assert_int_equal(nvs_entry_next(&iterator), ESP_ERR_NVS_NOT_FOUND);
    assert_null(iterator);
    assert_int_equal(nvs_entry_next(&iterator), ESP_ERR_INVALID_ARG);
    nvs_close(other);
    assert_int_equal(nvs_commit(other), ESP_ERR_NVS_INVALID_HANDLE);
    assert_int_equal(nvs_flash_deinit(), ESP_OK);
    assert_int_equal(nvs_get_u8(handle, "k", &value), ESP_ERR_NVS_INVALID_HANDLE);
    assert_int_equal(nvs_entry_find("nvs", NULL, NVS_TYPE_ANY, &iterator), ESP_ERR_NVS_NOT_FOUND);
}

static void handles_and_iterators(void **state) {
    (void)state;
    run_alone("v6.0", use_handles, NULL);
}

static void use_more_handles_than_there_are(void *context) {
    (void)context;
    nvs_handle_t handle;
    nvs_iterator_t iterator = NULL, held = NULL;
    esp_err_t code = ESP_OK;
    unsigned opened = 0, iterators = 0;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_set_u8(open_for_writing("n"), "k", 1), ESP_OK);
    while ((code = nvs_open("n", NVS_READONLY, &handle)) == ESP_OK)
        opened++;
    assert_int_equal(code, ESP_ERR_NO_MEM);
    assert_int_equal(opened, NVS_HANDLES_MAX - 1);
    while ((code = nvs_entry_find("nvs", NULL, NVS_TYPE_ANY, &iterator)) == ESP_OK) {
        held = iterator;
        iterators++;
    }
    assert_int_equal(code, ESP_ERR_NO_MEM);
    assert_int_equal(iterators, NVS_ITERATORS_MAX);
    nvs_release_iterator(held);
    assert_int_equal(nvs_entry_find("nvs", NULL, NVS_TYPE_ANY, &iterator), ESP_OK);
}

static void memory_is_bounded(void **state) {
    (void)state;
    run_alone("v6.0", use_more_handles_than_there_are, NULL);
}

static void use_partitions(void *context) {
    (void)context;
    const esp_partition_t *extra, *large;
    nvs_handle_t handle;
    uint8_t value = 0;
    assert_int_equal(nvs_flash_init_partition("a_label_that_is_too_long"), ESP_ERR_INVALID_ARG);
    assert_int_equal(nvs_flash_init_partition("absent"), ESP_ERR_NOT_FOUND);
    assert_int_equal(nvs_flash_erase_partition("absent"), ESP_ERR_NOT_FOUND);
    assert_int_equal(nvs_flash_deinit_partition("absent"), ESP_ERR_NVS_NOT_INITIALIZED);
    assert_int_equal(nvs_flash_init_partition_ptr(NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(nvs_flash_erase_partition_ptr(NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_partition_register_external(NULL, 0x100000, 0x3000, "extra", ESP_PARTITION_TYPE_DATA,
                                                     ESP_PARTITION_SUBTYPE_DATA_NVS, &extra),
                     ESP_OK);
    assert_int_equal(esp_partition_register_external(NULL, 0x200000, 0x101000, "large",
                                                     ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS,
                                                     &large),
                     ESP_OK);
    assert_int_equal(nvs_flash_init_partition_ptr(large), ESP_ERR_NO_MEM); // 257 pages
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_flash_init_partition("extra"), ESP_OK);
    assert_int_equal(nvs_open_from_partition("extra", "n", NVS_READWRITE, &handle), ESP_OK);
    assert_int_equal(nvs_set_u8(handle, "k", 5), ESP_OK);
    assert_int_equal(nvs_flash_deinit(), ESP_OK); // the other one runs on, and its pages stay where they are
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_get_u8(handle, "k", &value), ESP_OK);
    assert_int_equal(value, 5);
    assert_int_equal(nvs_flash_erase_partition_ptr(extra), ESP_OK);
    assert_int_equal(nvs_get_u8(handle, "k", &value), ESP_ERR_NVS_INVALID_HANDLE);
    nvs_sec_cfg_t keys = {{0}, {0}};
    assert_int_equal(nvs_flash_secure_init_partition("extra", &keys), ESP_ERR_NVS_ENCR_NOT_SUPPORTED);
    assert_int_equal(nvs_flash_secure_init(NULL), ESP_OK);
}

static void several_partitions(void **state) {
    (void)state;
    run_alone("v6.0", use_partitions, NULL);
}

// A reset clears what NVS kept: nothing runs after it.
static void check_nothing_runs(void *context) {
    (void)context;
    nvs_handle_t handle;
    assert_int_equal(nvs_open("n", NVS_READONLY, &handle), ESP_ERR_NVS_NOT_INITIALIZED);
    for (size_t i = 0; i < sizeof port_ram()->nvs; i++)
        assert_int_equal(((const uint8_t *)&port_ram()->nvs)[i], 0);
}

static void a_reset_forgets_everything(void **state) {
    (void)state;
    struct device device = device_new("v6.0");
    assert_int_equal(run(&device, write_old_blob, NULL), BOARD_RETURNED);
    assert_int_equal(run(&device, check_nothing_runs, NULL), BOARD_RETURNED);
    board_free(device.board);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_between_piece_and_index_loses_both_values),
        cmocka_unit_test(a_failed_set_damages_the_old_blob_before_master),
        cmocka_unit_test(keys_with_one_hash_are_taken_for_one),
        cmocka_unit_test(a_set_of_another_type_replaces_since_v5_2),
        cmocka_unit_test(a_blob_replaces_other_types_since_v5_4),
        cmocka_unit_test(floats_exist_since_v6_1),
        cmocka_unit_test(purging_leaves_zeros),
        cmocka_unit_test(handles_and_iterators),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(several_partitions),
        cmocka_unit_test(a_reset_forgets_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
