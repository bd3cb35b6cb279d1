#include "nvs_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/include/nvs_flash.h"
#include "../provision/nvs_image.h"
#include "device_view.h"
#include "narration.h"
#include "play.h"
#include "telling.h"

// ---- steps --------------------------------------------------------------------------------------

struct program {
    struct execution *execution;
    const struct step *step;
    struct step_outcome *out;
    struct nvs_value value; // what is set
};

esp_err_t nvs_open_named(const struct nvs_name *name, bool writes, nvs_handle_t *handle, const char **call) {
    *call = "nvs_flash_init_partition";
    esp_err_t code = nvs_flash_init_partition(name->partition);
    if (code != ESP_OK)
        return code;
    *call = "nvs_open_from_partition";
    return nvs_open_from_partition(name->partition, name->name_space, writes ? NVS_READWRITE : NVS_READONLY,
                                   handle);
}

static esp_err_t get(const struct program *program, nvs_handle_t handle) {
    const struct nvs_step *nvs = &program->step->as.nvs;
    struct nvs_value value;
    struct buffer text = {0};
    esp_err_t code = nvs_value_get(handle, nvs->name.key, nvs->value.type, &value);
    if (code != ESP_OK)
        return code;
    nvs_value_print(&value, &text);
    narrate(program->execution->narrator, 1, "%s/%s is %s", nvs->name.name_space, nvs->name.key,
            buffer_string(&text));
    if (nvs_type_largest(value.type) != 0) {
        program->out->has_number = true;
        program->out->number = value.number;
    }
    buffer_free(&text);
    nvs_value_free(&value);
    return ESP_OK;
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
            strcmp(watched->name_space, name->name_space) == 0 &&
            (name->key[0] == '\0' || strcmp(watched->key, name->key) == 0))
            bits |= 1u << i;
    }
    return bits;
}

static esp_err_t change(const struct program *program, nvs_handle_t handle, const char **call) {
    const struct nvs_step *nvs = &program->step->as.nvs;
    switch (program->step->kind) {
    case STEP_NVS_SET:
        *call = "nvs_set";
        return nvs_value_set(handle, nvs->name.key, &program->value);
    case STEP_NVS_COUNT:
        *call = "nvs_set_u32";
        return nvs_value_set(handle, nvs->name.key, &program->value);
    case STEP_NVS_ERASE:
        *call = nvs->name.key[0] != '\0' ? "nvs_erase_key" : "nvs_erase_all";
        return nvs->name.key[0] != '\0' ? nvs_erase_key(handle, nvs->name.key) : nvs_erase_all(handle);
    case STEP_NVS_COMMIT:
        *call = "nvs_commit";
        return nvs_commit(handle);
    default:
        *call = "nvs_get";
        return get(program, handle);
    }
}

// nvs_count: one more than there is, or as much as it may be; a counter that is not there was 0.
static esp_err_t count_on(struct program *program, nvs_handle_t handle, const char **call) {
    uint32_t number = 0;
    *call = "nvs_get_u32";
    esp_err_t code = nvs_get_u32(handle, program->step->as.nvs.name.key, &number);
    uint32_t most = program->step->as.nvs.at_most;
    program->value = (struct nvs_value){.type = NVS_TYPE_U32, .number = number < most ? number + 1u : number};
    program->out->has_number = true;
    program->out->number = program->value.number;
    return code == ESP_ERR_NVS_NOT_FOUND ? ESP_OK : code;
}

static void nvs_program(void *context) {
    struct program *program = context;
    const struct nvs_step *nvs = &program->step->as.nvs;
    struct step_outcome *out = program->out;
    nvs_handle_t handle;
    out->returned = true;
    uint32_t keys = nvs_watched_bits(program->execution->scenario, &nvs->name);
    enum step_kind kind = program->step->kind;
    out->code = nvs_open_named(&nvs->name, kind != STEP_NVS_GET, &handle, &out->call);
    if (out->code == ESP_OK) {
        if (kind == STEP_NVS_COUNT)
            out->code = count_on(program, handle, &out->call);
        if (out->code == ESP_OK && (kind == STEP_NVS_SET || kind == STEP_NVS_ERASE || kind == STEP_NVS_COUNT))
            tell_nvs_setting(program->execution, &nvs->name,
                             kind == STEP_NVS_ERASE ? NVS_ABSENT : nvs_value_hash(&program->value));
        if (out->code == ESP_OK)
            out->code = change(program, handle, &out->call);
        if (out->code == ESP_OK && nvs->commit) {
            out->call = "nvs_commit";
            out->code = nvs_commit(handle);
        }
        if (out->code == ESP_OK && (nvs->commit || kind == STEP_NVS_COMMIT))
            tell_nvs(program->execution, EVENT_NVS_COMMITTED, keys, NVS_ABSENT);
        nvs_close(handle);
    }
    narrate(program->execution->narrator, 1, "%s: %s", out->call, esp_err_to_name(out->code));
}

static void play_nvs(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct program program = {execution, step, out, step->as.nvs.value};
    play_after_program(execution, board_run(execution->board, nvs_program, &program, &out->program_why), out);
}

void nvs_step_program(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct program program = {execution, step, out, step->as.nvs.value};
    nvs_program(&program);
}

void play_nvs_set(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_get(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_count(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_erase(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_commit(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}

// ---- a look at what is there --------------------------------------------------------------------

struct look {
    const struct nvs_name *name;
    nvs_type_t type;
    struct nvs_value *out;
    esp_err_t start, code;
};

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

// ---- values that nobody names -------------------------------------------------------------------

bool nvs_first_of_partition(const struct scenario *scenario, uint32_t watched) {
    for (uint32_t i = 0; i < watched; i++)
        if (strcmp(scenario->nvs_watched[i].partition, scenario->nvs_watched[watched].partition) == 0)
            return false;
    return true;
}

// Spoken of one by one, or of a namespace that is erased as a whole, which takes several operations.
static bool is_named(const struct scenario *scenario, const struct nvs_name *name) {
    for (uint32_t i = 0; i < scenario->nvs_emptied_count; i++)
        if (strcmp(scenario->nvs_emptied[i].partition, name->partition) == 0 &&
            strcmp(scenario->nvs_emptied[i].name_space, name->name_space) == 0)
            return true;
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
