#include "nvs_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/include/nvs_flash.h"
#include "../provision/nvs_image.h"
#include "device_view.h"

// ---- keys ---------------------------------------------------------------------------------------

esp_err_t nvs_open_named(const struct nvs_name *name, bool writes, nvs_handle_t *handle, const char **call) {
    *call = "nvs_flash_init_partition";
    esp_err_t code = nvs_flash_init_partition(name->partition);
    if (code != ESP_OK)
        return code;
    *call = "nvs_open_from_partition";
    return nvs_open_from_partition(name->partition, name->name_space, writes ? NVS_READWRITE : NVS_READONLY,
                                   handle);
}

// FNV-1a, of type and contents.
uint32_t nvs_value_hash(const struct nvs_value *value) {
    uint32_t hash = 2166136261u ^ (uint32_t)value->type;
    for (size_t i = 0; i < sizeof value->number; i++)
        hash = (hash ^ (uint8_t)(value->number >> 8 * i)) * 16777619u;
    for (size_t i = 0; i < value->bytes.length; i++)
        hash = (hash ^ value->bytes.bytes[i]) * 16777619u;
    return hash == NVS_ABSENT ? 1 : hash;
}

uint32_t nvs_watched_bits(const struct scenario *scenario, const struct nvs_name *name) {
    uint32_t bits = 0;
    for (uint32_t i = 0; i < scenario->nvs_watched_count; i++) {
        const struct nvs_name *watched = &scenario->nvs_watched[i];
        if (strcmp(watched->partition, name->partition) == 0 &&
            (name->name_space[0] == '\0' || strcmp(watched->name_space, name->name_space) == 0) &&
            (name->key[0] == '\0' || strcmp(watched->key, name->key) == 0))
            bits |= 1u << i;
    }
    return bits;
}

// ---- a value ------------------------------------------------------------------------------------

uint32_t nvs_hash_of(const struct nvs_name *name) {
    nvs_handle_t handle;
    nvs_type_t type;
    struct nvs_value value;
    uint32_t hash = NVS_ABSENT;
    if (nvs_open_from_partition(name->partition, name->name_space, NVS_READONLY, &handle) != ESP_OK)
        return hash;
    if (nvs_find_key(handle, name->key, &type) == ESP_OK &&
        nvs_value_get(handle, name->key, type, &value) == ESP_OK) {
        hash = nvs_value_hash(&value);
        nvs_value_free(&value);
    }
    nvs_close(handle);
    return hash;
}

// ---- values that nobody names -------------------------------------------------------------------

bool nvs_first_of_partition(const struct scenario *scenario, uint32_t watched) {
    for (uint32_t i = 0; i < watched; i++)
        if (strcmp(scenario->nvs_watched[i].partition, scenario->nvs_watched[watched].partition) == 0)
            return false;
    return true;
}

// Spoken of one by one, or of what is erased as a whole, which takes several operations.
static bool is_named(const struct scenario *scenario, const struct nvs_name *name) {
    for (uint32_t i = 0; i < scenario->nvs_emptied_count; i++) {
        const struct nvs_name *emptied = &scenario->nvs_emptied[i];
        if (strcmp(emptied->partition, name->partition) == 0 &&
            (emptied->name_space[0] == '\0' || strcmp(emptied->name_space, name->name_space) == 0))
            return true;
    }
    return nvs_watched_bits(scenario, name) != 0;
}

static uint32_t hash_text(uint32_t hash, const char *text) {
    do
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    while (*text++ != '\0');
    return hash;
}

void nvs_read_rest(const char *partition, const char *label, const struct scenario *scenario, uint32_t *rest,
                   uint32_t *count) {
    nvs_iterator_t at = NULL;
    esp_err_t code = nvs_entry_find(partition, NULL, NVS_TYPE_ANY, &at);
    for (; code == ESP_OK; code = nvs_entry_next(&at)) {
        nvs_entry_info_t info;
        struct nvs_name name = {0}, named;
        if (nvs_entry_info(at, &info) != ESP_OK)
            continue;
        (void)snprintf(name.partition, sizeof name.partition, "%s", partition);
        (void)snprintf(name.name_space, sizeof name.name_space, "%s", info.namespace_name);
        (void)snprintf(name.key, sizeof name.key, "%s", info.key);
        named = name;
        (void)snprintf(named.partition, sizeof named.partition, "%s", label);
        uint32_t value = is_named(scenario, &named) ? NVS_ABSENT : nvs_hash_of(&name);
        if (value == NVS_ABSENT)
            continue;
        *rest += hash_text(hash_text(value, name.name_space), name.key); // in whatever order they come
        *count += 1;
    }
    nvs_release_iterator(at);
}

// ---- on a copy, which leaves the board as it is --------------------------------------------------

struct look {
    const struct nvs_name *name;
    nvs_type_t type;
    struct nvs_value *out;
    esp_err_t start, code;
};

struct rest_look {
    const struct scenario *scenario;
    const char *label;
    uint32_t *rest, *count;
};

static void rest_program(void *context) {
    const struct rest_look *look = context;
    if (nvs_flash_init() == ESP_OK)
        nvs_read_rest(NVS_DEFAULT_PART_NAME, look->label, look->scenario, look->rest, look->count);
}

struct hash_look {
    struct nvs_name name;
    uint32_t hash;
};

static void hash_program(void *context) {
    struct hash_look *look = context;
    if (nvs_flash_init() == ESP_OK)
        look->hash = nvs_hash_of(&look->name);
}

// The copy's partition is called "nvs", whatever it is called on the board.
static void look_program(void *context) {
    struct look *look = context;
    nvs_handle_t handle;
    look->code = ESP_ERR_NVS_NOT_FOUND;
    look->start = nvs_flash_init();
    if (look->start != ESP_OK || nvs_open(look->name->name_space, NVS_READONLY, &handle) != ESP_OK)
        return;
    if (look->type != NVS_TYPE_ANY || nvs_find_key(handle, look->name->key, &look->type) == ESP_OK)
        look->code = nvs_value_get(handle, look->name->key, look->type, look->out);
}

static uint8_t *copy_partition(struct board *board, const struct partition_row *partition, uint32_t length) {
    uint8_t *contents = memory_new(length);
    board_inspect(board, partition->offset, contents, length);
    return contents;
}

// The library on a copy of the partition; NULL: there is none.
static struct board *copy_board(struct board *board, const char *label) {
    struct device_view view;
    device_view_read(board, &view);
    const struct partition_row *partition = device_partition_labelled(&view, label);
    uint32_t length = partition == NULL ? 0 : partition->size / NOR_SECTOR_SIZE * NOR_SECTOR_SIZE;
    if (length == 0 || length > NVS_IMAGE_SIZE_MAX ||
        (uint64_t)partition->offset + length > board_flash(board)->size)
        return NULL;
    uint8_t *contents = copy_partition(board, partition, length);
    struct board *copy = nvs_image_board(contents, length, board_ram(board)->app_build->profile);
    free(contents);
    return copy;
}

enum nvs_seen nvs_look(struct board *board, const struct nvs_name *name, nvs_type_t type,
                       struct nvs_value *out, esp_err_t *code) {
    struct board *copy = copy_board(board, name->partition);
    if (copy == NULL)
        return NVS_SEEN_NO_PARTITION;
    struct look look = {.name = name, .type = type, .out = out};
    (void)board_run(copy, look_program, &look, NULL);
    board_free(copy);
    *code = look.start;
    return look.start != ESP_OK  ? NVS_SEEN_NOT_STARTING
           : look.code == ESP_OK ? NVS_SEEN_VALUE
                                 : NVS_SEEN_ABSENT;
}

uint32_t nvs_look_hash(struct board *board, const struct nvs_name *name) {
    struct board *copy = copy_board(board, name->partition);
    if (copy == NULL)
        return NVS_ABSENT;
    struct hash_look look = {.name = *name};
    (void)snprintf(look.name.partition, sizeof look.name.partition, "%s", NVS_DEFAULT_PART_NAME);
    (void)board_run(copy, hash_program, &look, NULL);
    board_free(copy);
    return look.hash;
}

void nvs_look_rest(struct board *board, const char *label, const struct scenario *scenario, uint32_t *rest,
                   uint32_t *count) {
    struct board *copy = copy_board(board, label);
    struct rest_look look = {scenario, label, rest, count};
    if (copy == NULL)
        return;
    (void)board_run(copy, rest_program, &look, NULL);
    board_free(copy);
}

// ---- what a condition says ----------------------------------------------------------------------

static uint32_t counter_of(const struct nvs_name *name) {
    nvs_handle_t handle;
    uint32_t number = 0;
    if (nvs_open_from_partition(name->partition, name->name_space, NVS_READONLY, &handle) == ESP_OK) {
        if (nvs_get_u32(handle, name->key, &number) != ESP_OK)
            number = 0;
        nvs_close(handle);
    }
    return number;
}

bool nvs_condition_holds(const struct nvs_condition *condition) {
    const struct nvs_name *name = &condition->name;
    switch (condition->what) {
    case NVS_KEY_THERE:
        return nvs_hash_of(name) != NVS_ABSENT;
    case NVS_KEY_ABSENT:
        return nvs_hash_of(name) == NVS_ABSENT;
    case NVS_KEY_EQUALS:
        return nvs_hash_of(name) == nvs_value_hash(&condition->value);
    case NVS_KEY_AT_LEAST:
        return counter_of(name) >= condition->number;
    case NVS_KEY_AT_MOST:
        return counter_of(name) <= condition->number;
    }
    return false;
}
