// A unit test of somebody's own: a value in a sector that is erased before it is written anew. libotasim finds that.
#include <stdio.h>

#include "esp_partition.h"
#include "otasim.h"

static uint32_t value;

static const esp_partition_t *store(void) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, "store");
}

static void boot(void *context) {
    (void)context;
    ESP_ERROR_CHECK(esp_partition_read(store(), 0, &value, sizeof value));
}

static void update(void *context) {
    uint32_t next = 2;
    (void)context;
    ESP_ERROR_CHECK(esp_partition_erase_range(store(), 0, 4096));
    ESP_ERROR_CHECK(esp_partition_write(store(), 0, &next, sizeof next));
}

static bool holds(void *context) {
    (void)context;
    return value == 1 || value == 2;
}

int main(void) {
    otasim *board = otasim_new(&(otasim_options){.partitions = "store, data, 0x40, 0x9000, 4K\n"}, NULL);
    otasim_result result;
    otasim_write(board, 0x9000, &(uint32_t){1}, 4);
    if (otasim_explore(board, &(otasim_check){.update = update, .boot = boot, .holds = holds}, &result) !=
        OTASIM_OK)
        puts(otasim_error(board));
    printf("%s\n%s\n", result.address, result.story);
    otasim_free(board);
    return 0;
}
