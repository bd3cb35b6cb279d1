// libotasim: what a unit test of somebody else's sees.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <zlib.h>

#include "ota/include/esp_ota_ops.h"
#include "ota/include/esp_partition.h"
#include "ota/include/esp_system.h"
#include "sim/library/include/otasim.h"

// ---- a value that is kept in one of two sectors -------------------------------------------------

#define CHECK(sequence, value) ((uint32_t)crc32_z(0, (const uint8_t *)(const uint32_t[]){sequence, value}, 8))

struct record {
    uint32_t sequence, value, check; // check: CHECK(sequence, value)
};

struct keeper {
    bool careless; // erases the old one first
    uint32_t sequence, value;
    int active; // sector; -1: none
};

static const esp_partition_t *store(void) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, "store");
}

static void load(void *context) {
    struct keeper *keeper = context;
    keeper->active = -1;
    keeper->sequence = keeper->value = 0;
    for (int i = 0; i < 2; i++) {
        struct record record;
        ESP_ERROR_CHECK(esp_partition_read(store(), (size_t)i * 4096, &record, sizeof record));
        if (record.check != CHECK(record.sequence, record.value) || record.sequence < keeper->sequence)
            continue;
        keeper->active = i;
        keeper->sequence = record.sequence;
        keeper->value = record.value;
    }
}

static void keep(struct keeper *keeper, uint32_t value) {
    size_t place = keeper->careless || keeper->active != 0 ? 0 : 4096;
    struct record record = {keeper->sequence + 1, value, CHECK(keeper->sequence + 1, value)};
    ESP_ERROR_CHECK(esp_partition_erase_range(store(), place, 4096));
    ESP_ERROR_CHECK(esp_partition_write(store(), place, &record, sizeof record));
}

static void two_changes(void *context) {
    load(context);
    keep(context, 2);
    load(context);
    keep(context, 3);
}

static bool one_of_them(void *context) {
    struct keeper *keeper = context;
    return keeper->value >= 1 && keeper->value <= 3;
}

static void format(void *context) {
    load(context);
    keep(context, 1);
}

#define TABLE "store, data, 0x40, 0x9000, 8K\n"

static otasim *store_board(struct keeper *keeper) {
    char error[OTASIM_TEXT_SIZE];
    otasim *board = otasim_new(&(otasim_options){.partitions = TABLE}, error);
    assert_non_null(board);
    assert_int_equal(otasim_run(board, format, keeper), OTASIM_OK);
    assert_string_equal(otasim_error(board), "");
    return board;
}

static void test_careful_store(void **state) {
    (void)state;
    struct keeper keeper = {0};
    otasim *board = store_board(&keeper);
    otasim_result result;
    otasim_check check = {.update = two_changes, .boot = load, .holds = one_of_them, .context = &keeper};
    assert_int_equal(otasim_explore(board, &check, &result), OTASIM_OK);
    if (result.violations != 0)
        print_error("%s: %s\n", result.address, result.story);
    assert_int_equal(result.violations, 0);
    assert_string_equal(result.address, "");
    assert_true(result.closed && result.states > 100 && result.recoveries <= result.states);
    otasim_free(board);
}

static void test_careless_store(void **state) {
    (void)state;
    struct keeper keeper = {.careless = true};
    otasim *board = store_board(&keeper);
    otasim_result result, again;
    bool holds = true;
    otasim_check check = {.update = two_changes, .boot = load, .holds = one_of_them, .context = &keeper};
    assert_int_equal(otasim_explore(board, &check, &result), OTASIM_OK);
    assert_true(result.violations > 0 && result.causes > 0);
    assert_non_null(strstr(result.story, "(store)"));
    assert_int_equal(otasim_explore(board, &check, &again), OTASIM_OK); // the board is as it was
    assert_memory_equal(&result, &again, sizeof result);
    assert_int_equal(otasim_replay(board, &check, result.address, &holds), OTASIM_OK);
    assert_false(holds);
    assert_int_equal(otasim_run(board, format, &keeper), OTASIM_OK);
    assert_int_equal(otasim_replay(board, &check, "update/0/clean", &holds), OTASIM_OK);
    assert_true(holds);
    otasim_free(board);
}

// ---- an update of ESP-IDF's ---------------------------------------------------------------------

#define SLOTS                                                                                                \
    "otadata, data, ota, 0x9000, 8K\n"                                                                       \
    "ota_0, app, ota_0, 0x10000, 64K\n"                                                                      \
    "ota_1, app, ota_1, 0x20000, 64K\n"

static uint8_t image[65536];
static size_t image_length;

static void update(void *context) {
    (void)context;
    esp_ota_handle_t handle;
    const esp_partition_t *slot = esp_ota_get_next_update_partition(NULL);
    ESP_ERROR_CHECK(esp_ota_begin(slot, OTA_SIZE_UNKNOWN, &handle));
    ESP_ERROR_CHECK(esp_ota_write(handle, image, image_length));
    ESP_ERROR_CHECK(esp_ota_end(handle));
    ESP_ERROR_CHECK(esp_ota_set_boot_partition(slot));
    esp_restart();
}

static bool old_or_new(void *context) {
    (void)context;
    const char *version = esp_app_get_description()->version;
    return strcmp(version, "1.0.0") == 0 || strcmp(version, "2.0.0") == 0;
}

static void test_update_of_an_app(void **state) {
    (void)state;
    otasim *board = otasim_new(&(otasim_options){.partitions = SLOTS, .release = "v5.5"}, NULL);
    otasim_result result;
    assert_int_equal(otasim_install(board, "ota_0", "1.0.0"), OTASIM_OK);
    assert_int_equal(otasim_image(board, "2.0.0", image, sizeof image, &image_length), OTASIM_OK);
    otasim_check check = {.update = update, .holds = old_or_new, .cuts = 2};
    assert_int_equal(otasim_explore(board, &check, &result), OTASIM_OK);
    assert_int_equal(result.violations, 0);
    check.states_max = 3;
    assert_int_equal(otasim_explore(board, &check, &result), OTASIM_INCOMPLETE);
    otasim_free(board);
}

// ---- what goes wrong ----------------------------------------------------------------------------

static void nothing(void *context) {
    (void)context;
}

static void restarts(void *context) {
    (void)context;
    esp_restart();
}

static void fails(void *context) {
    (void)context;
    ESP_ERROR_CHECK(ESP_FAIL);
}

static bool always(void *context) {
    (void)context;
    return true;
}

static bool never(void *context) {
    (void)context;
    return false;
}

static void changes_much(void *context) {
    struct keeper keeper = {.careless = false};
    (void)context;
    for (unsigned i = 0; i < 3; i++)
        format(&keeper);
}

struct leaking {
    struct keeper keeper; // first: `load` takes it
    unsigned count;
};

// A variable that a loss of power does not take away: the third start comes out otherwise than the first.
static bool remembers(void *context) {
    struct leaking *leaking = context;
    return ++leaking->count % 2 != 0;
}

static void test_mistakes(void **state) {
    (void)state;
    char error[OTASIM_TEXT_SIZE] = "";
    assert_null(otasim_new(&(otasim_options){.flash_size = 5}, error));
    assert_non_null(strstr(error, "power of two"));
    assert_null(otasim_new(&(otasim_options){.release = "v1.2"}, error));
    assert_null(otasim_new(&(otasim_options){.target = "esp8266"}, error));
    assert_non_null(strstr(error, "esp8266"));
    assert_null(otasim_new(&(otasim_options){.partitions = "store, data, what, , \n"}, error));
    assert_true(strlen(error) > 10);
    otasim *board = otasim_new(NULL, NULL);
    uint8_t byte = 7;
    assert_int_equal(otasim_write(board, 4u << 20, &byte, 1), OTASIM_OUTSIDE);
    assert_int_equal(otasim_write(board, 0x5000, &byte, 1), OTASIM_OK);
    byte = 0;
    assert_int_equal(otasim_read(board, 0x5000, &byte, 1), OTASIM_OK);
    assert_int_equal(byte, 7);
    assert_int_equal(otasim_read(board, UINT32_MAX, &byte, 1), OTASIM_OUTSIDE);
    assert_int_equal(otasim_install(board, "ota_0", "1.0.0"), OTASIM_OUTSIDE);
    assert_non_null(strstr(otasim_error(board), "ota_0"));
    otasim_result result;
    bool holds;
    assert_int_equal(otasim_explore(board, &(otasim_check){.update = nothing}, &result), OTASIM_INVALID);
    assert_int_equal(otasim_explore(board, &(otasim_check){.update = nothing, .holds = never}, &result),
                     OTASIM_NOT_SETTLED);
    assert_int_equal(otasim_explore(board, &(otasim_check){.update = fails, .holds = always}, &result),
                     OTASIM_ENDED);
    assert_int_equal(
        otasim_explore(board, &(otasim_check){.update = nothing, .boot = restarts, .holds = always}, &result),
        OTASIM_NOT_SETTLED);
    assert_int_equal(otasim_run(board, fails, NULL), OTASIM_ENDED);
    assert_int_equal(
        otasim_replay(board, &(otasim_check){.update = nothing, .holds = always}, "here", &holds),
        OTASIM_NO_SUCH_PLACE);
    for (int status = OTASIM_OK; status <= OTASIM_INCOMPLETE; status++)
        assert_true(strlen(otasim_status_text((otasim_status)status)) > 3);
    otasim_free(board);
    otasim_free(NULL);
}

static void test_leaked_state(void **state) {
    (void)state;
    struct leaking leaking = {.count = 0};
    otasim *board = store_board(&(struct keeper){0});
    otasim_result result;
    otasim_check check = {.update = changes_much, .boot = load, .holds = remembers, .context = &leaking};
    assert_int_equal(otasim_explore(board, &check, &result), OTASIM_NOT_THE_SAME);
    otasim_free(board);
}

static void *explores(void *failed) {
    for (unsigned i = 0; i < 3; i++) {
        struct keeper keeper = {.careless = i % 2 != 0};
        otasim *board = otasim_new(&(otasim_options){.partitions = TABLE}, NULL);
        otasim_result result;
        (void)otasim_run(board, format, &keeper);
        otasim_check check = {.update = two_changes, .boot = load, .holds = one_of_them, .context = &keeper};
        if (otasim_explore(board, &check, &result) != OTASIM_OK ||
            (result.violations != 0) != keeper.careless)
            *(bool *)failed = true;
        otasim_free(board);
    }
    return NULL;
}

static void test_a_thread_for_each_board(void **state) {
    (void)state;
    pthread_t threads[3];
    bool failed[3] = {false};
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, explores, &failed[i]), 0);
    for (unsigned i = 0; i < 3; i++)
        assert_true(pthread_join(threads[i], NULL) == 0 && !failed[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_careful_store),    cmocka_unit_test(test_careless_store),
        cmocka_unit_test(test_update_of_an_app), cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_leaked_state),     cmocka_unit_test(test_a_thread_for_each_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
