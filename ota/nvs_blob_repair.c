// The repair of blobs at start-up: indices without all of their pieces, and pieces without an index (NV-47,
// NV-48).
#include <string.h>

#include "firmware.h"
#include "nvs_storage.h"
#include "port.h"

// Calls `visit` with every item of a type on every page.
static void each_item(struct nvs_storage *storage, uint8_t type,
                      void (*visit)(struct nvs_storage *storage, struct nvs_place *place, void *context),
                      void *context) {
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        struct nvs_place place = {.page = nvs_listed_page(storage, i)};
        uint32_t from = 0;
        while (nvs_page_next_item(place.page, from, &place.index, &place.entry) == ESP_OK) {
            from = nvs_item_end(place.index, &place.entry);
            if (place.entry.type == type)
                visit(storage, &place, context);
        }
    }
}

struct piece_sum {
    const struct nvs_entry *blob_index;
    uint32_t pieces, bytes;
};

static bool same_name(const struct nvs_entry *a, const struct nvs_entry *b) {
    return a->name_space == b->name_space &&
           strncmp((const char *)a->key, (const char *)b->key, NVS_KEY_MAX) == 0;
}

static void add_piece(struct nvs_storage *storage, struct nvs_place *piece, void *context) {
    (void)storage;
    struct piece_sum *sum = context;
    if (same_name(&piece->entry, sum->blob_index) &&
        nvs_same_version(piece->entry.chunk, nvs_entry_chunk_start(sum->blob_index))) {
        sum->pieces++;
        sum->bytes += nvs_entry_length(&piece->entry);
    }
}

// NV-47.
static void check_index(struct nvs_storage *storage, struct nvs_place *place, void *context) {
    (void)context;
    struct piece_sum sum = {.blob_index = &place->entry};
    each_item(storage, NVS_ITEM_BLOB_DATA, add_piece, &sum);
    if (sum.pieces != nvs_entry_chunk_count(&place->entry) ||
        sum.bytes != nvs_entry_blob_length(&place->entry))
        (void)nvs_page_erase_item(place->page, place->index, nvs_repair_purge());
}

static bool owns(const struct nvs_entry *item, const struct nvs_entry *piece) {
    uint32_t start = nvs_entry_chunk_start(item), chunk = piece->chunk;
    return item->type == NVS_ITEM_BLOB_INDEX && chunk >= start && chunk < start + nvs_entry_chunk_count(item);
}

static bool has_owner(struct nvs_storage *storage, const struct nvs_entry *piece) {
    char key[NVS_KEY_MAX + 1] = {0};
    memcpy(key, piece->key, NVS_KEY_MAX);
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        struct nvs_query query = {.name_space = piece->name_space,
                                  .type = NVS_ANY,
                                  .key = key,
                                  .chunk = NVS_CHUNK_NONE,
                                  .chunk_start = -1};
        struct nvs_entry item;
        uint32_t index;
        while (nvs_page_find(nvs_listed_page(storage, i), &query, &index, &item) == ESP_OK) {
            if (owns(&item, piece))
                return true;
            query.from = nvs_item_end(index, &item);
        }
    }
    return false;
}

// NV-48.
static void check_piece(struct nvs_storage *storage, struct nvs_place *place, void *context) {
    (void)context;
    if (!has_owner(storage, &place->entry))
        (void)nvs_page_erase_item(place->page, place->index, nvs_repair_purge());
}

void nvs_blobs_repair(struct nvs_storage *storage) {
    if (port_ram()->app_build->profile->nvs_blob_check)
        each_item(storage, NVS_ITEM_BLOB_INDEX, check_index, NULL);
    each_item(storage, NVS_ITEM_BLOB_DATA, check_piece, NULL);
}
