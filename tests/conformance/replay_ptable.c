// ptable: a table as the bootloader's verifier and as the application's loader see it (section 3).
#include <string.h>

#include "esp_partition.h"
#include "ota/partition_table.h"
#include "replay.h"

#define LISTED_MAX 4 // tables with more partitions are recorded by their number only

struct listing {
    esp_err_t code;
    uint32_t count;
    esp_partition_t partitions[LISTED_MAX]; // the first ones
};

static void list_partitions(void *context) {
    struct listing *listing = context;
    esp_partition_iterator_t iterator = NULL;
    listing->code =
        esp_partition_find_err(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, NULL, &iterator);
    for (; iterator != NULL; iterator = esp_partition_next(iterator)) {
        if (listing->count < LISTED_MAX)
            listing->partitions[listing->count] = *esp_partition_get(iterator);
        listing->count++;
    }
}

static json_t *partition_json(const esp_partition_t *partition) {
    return json_pack("[i,i,I,I,o,i]", (int)partition->type, (int)partition->subtype,
                     (json_int_t)partition->address, (json_int_t)partition->size,
                     json_hex(partition->label, strlen(partition->label)), (int)partition->readonly);
}

static json_t *application_view(struct replay *replay, const uint8_t *table) {
    struct flash flash;
    flash_init(&flash, MACHINE_FLASH_SIZE);
    flash_set(&flash, MACHINE_TABLE_OFFSET, table, MACHINE_TABLE_MAX);
    machine_load(&replay->machine, CONFIG_NO_ROLLBACK, &flash, 0);
    flash_free(&flash);
    struct listing listing = {0};
    enum board_end end = board_run(replay->machine.board, list_partitions, &listing, NULL);
    if (end != BOARD_RETURNED)
        return json_pack("{s:s}", "ret", "abort");
    json_t *view =
        json_pack("{s:s,s:I}", "ret", esp_err_to_name(listing.code), "n", (json_int_t)listing.count);
    if (listing.count <= LISTED_MAX) {
        json_t *parts = json_array();
        for (uint32_t i = 0; i < listing.count; i++)
            (void)json_array_append_new(parts, partition_json(&listing.partitions[i]));
        (void)json_object_set_new(view, "parts", parts);
    }
    return view;
}

static json_t *bootloader_view(const struct replay *replay, const uint8_t *table) {
    uint32_t count = 0;
    esp_err_t code = partition_table_verify(table, MACHINE_FLASH_SIZE, replay->profile, &count);
    return json_pack("{s:s,s:I}", "ret", esp_err_to_name(code), "num", (json_int_t)count);
}

void replay_ptable(struct replay *replay, struct vector *vector) {
    struct buffer bytes = {0};
    uint8_t table[MACHINE_TABLE_MAX];
    memset(table, 0xFF, sizeof table);
    if (vector_hex(vector, vector->json, "hex", &bytes) && bytes.length > sizeof table)
        (void)vector_malformed(vector, "the table is longer than a sector");
    if (vector->problem.length == 0) {
        if (bytes.length > 0)
            memcpy(table, bytes.bytes, bytes.length);
        (void)vector_expect(vector, vector_object(vector, vector->json, "out"),
                            bootloader_view(replay, table), "out");
        (void)vector_expect(vector, vector_object(vector, vector->json, "app"),
                            application_view(replay, table), "app");
    }
    buffer_free(&bytes);
}
