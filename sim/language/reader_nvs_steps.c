// Steps that read and write keys of NVS as an app does.
#include "../provision/nvs_item.h"
#include "reader_names.h"
#include "reader_nvs.h"
#include "reader_steps.h"
#include "values.h"

#define TYPES_IN_HELP "one of u8, i8, u16, i16, u32, i32, u64, i64, string, blob, as in u32: 5"

static void read_set(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_NVS_SET;
    reading->scenario->nvs_used = true;
    struct nvs_step *nvs = &step->as.nvs;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`nvs_set`"))
        return;
    nvs->commit = true;
    (void)field_bool(&fields, "commit", &nvs->commit);
    bool named = read_nvs_name(reading, &fields, NVS_KEY_REQUIRED, &nvs->name);
    if (read_nvs_value(reading, &fields, &nvs->value) && named) {
        nvs_watch(reading, node, &nvs->name);
        struct buffer value = {0};
        nvs_value_print(&nvs->value, &value);
        set_title(step, "nvs_set %s/%s to %s", nvs->name.name_space, nvs->name.key, buffer_string(&value));
        buffer_free(&value);
    }
    fields_close(&fields);
}

static void read_count(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_NVS_COUNT;
    reading->scenario->nvs_used = true;
    struct nvs_step *nvs = &step->as.nvs;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`nvs_count`"))
        return;
    nvs->commit = true;
    nvs->at_most = UINT32_MAX;
    (void)field_u32(&fields, "at_most", 1, UINT32_MAX, &nvs->at_most);
    (void)field_bool(&fields, "commit", &nvs->commit);
    if (read_nvs_name(reading, &fields, NVS_KEY_REQUIRED, &nvs->name))
        nvs_watch(reading, node, &nvs->name);
    set_title(step, "nvs_count %s/%s", nvs->name.name_space, nvs->name.key);
    fields_close(&fields);
}

const struct key_row nvs_count_keys[] = {
    {"namespace", "required string(1..15)", "whose keys"},
    {"key", "required string(1..15)", "which counter, a u32"},
    {"at_most", "number(1..4294967295)", "it stops there; required at boot"},
    {"commit", "truth", "nvs_commit follows; default true"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

const struct step_row step_nvs_count = {
    .verb = "nvs_count",
    .form = "nvs_count: {...}",
    .help = "one more, from 0 when the key is not there: `{namespace, key}`; `result` is what is set",
    .keys = nvs_count_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_count,
};

static void release_nvs(struct step *step) {
    nvs_value_free(&step->as.nvs.value);
}

const struct key_row nvs_set_keys[] = {
    {"namespace", "required string(1..15)", "whose keys"},
    {"key", "required string(1..15)", "which value"},
    {"u8", "one of: number", "an integer of that type"},
    {"i8", "one of: any_scalar", "an integer of that type"},
    {"u16", "one of: number", "an integer of that type"},
    {"i16", "one of: any_scalar", "an integer of that type"},
    {"u32", "one of: number", "an integer of that type"},
    {"i32", "one of: any_scalar", "an integer of that type"},
    {"u64", "one of: number", "an integer of that type"},
    {"i64", "one of: any_scalar", "an integer of that type"},
    {"string", "one of: any_scalar", "a text, at most 3999 characters"},
    {"blob", "one of: any_scalar / %blob", "hexadecimal bytes, or `{random: 7, length: 6000}`"},
    {"commit", "truth", "nvs_commit follows; default true"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

const struct step_row step_nvs_set = {
    .verb = "nvs_set",
    .form = "nvs_set: {...}",
    .help = "starts NVS if need be, opens the namespace, sets a value, commits: `{namespace, key, u32: 5}`",
    .keys = nvs_set_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_set,
    .release = release_nvs,
};

static void read_get(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_NVS_GET;
    reading->scenario->nvs_used = true;
    struct nvs_step *nvs = &step->as.nvs;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`nvs_get`"))
        return;
    (void)read_nvs_name(reading, &fields, NVS_KEY_REQUIRED, &nvs->name);
    const struct yaml_node *type = field_required(&fields, "type", TYPES_IN_HELP);
    const char *word = type == NULL ? NULL : value_text(reading->diagnostics, type, "`type`");
    if (word != NULL && !nvs_type_parse(word, &nvs->value.type))
        suggest(diagnostic_add(reading->diagnostics, "E0107", type->mark, "`type` cannot be `%s`", word),
                word, nvs_type_words);
    set_title(step, "nvs_get %s/%s", nvs->name.name_space, nvs->name.key);
    fields_close(&fields);
}

static const struct key_row nvs_get_keys[] = {
    {"namespace", "required string(1..15)", "whose keys"},
    {"key", "required string(1..15)", "which value"},
    {"type", "required words(u8|i8|u16|i16|u32|i32|u64|i64|string|blob)", "of the value"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

const struct step_row step_nvs_get = {
    .verb = "nvs_get",
    .form = "nvs_get: {...}",
    .help = "reads a value: `{namespace, key, type: u32}`; `result` is an integer's value",
    .keys = nvs_get_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_get,
    .release = release_nvs,
};

static void read_erase(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_NVS_ERASE;
    reading->scenario->nvs_used = true;
    struct nvs_step *nvs = &step->as.nvs;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`nvs_erase`"))
        return;
    nvs->commit = true;
    (void)field_bool(&fields, "commit", &nvs->commit);
    if (read_nvs_name(reading, &fields, NVS_KEY_OPTIONAL, &nvs->name))
        nvs_watch_erased(reading, node, &nvs->name);
    set_title(step, "nvs_erase %s/%s", nvs->name.name_space, nvs->name.key[0] != 0 ? nvs->name.key : "*");
    fields_close(&fields);
}

const struct key_row nvs_erase_keys[] = {
    {"namespace", "required string(1..15)", "whose keys"},
    {"key", "string(1..15)", "which value; without it all of the namespace"},
    {"commit", "truth", "nvs_commit follows; default true"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

const struct step_row step_nvs_erase = {
    .verb = "nvs_erase",
    .form = "nvs_erase: {...}",
    .help = "erases a key, or all keys of a namespace: `{namespace, key}`",
    .keys = nvs_erase_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_erase,
    .release = release_nvs,
};

static void read_commit(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_NVS_COMMIT;
    reading->scenario->nvs_used = true;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`nvs_commit`"))
        return;
    (void)read_nvs_name(reading, &fields, NVS_KEY_NONE, &step->as.nvs.name);
    set_title(step, "nvs_commit %s", step->as.nvs.name.name_space);
    fields_close(&fields);
}

static const struct key_row nvs_commit_keys[] = {
    {"namespace", "required string(1..15)", "whose keys"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

const struct step_row step_nvs_commit = {
    .verb = "nvs_commit",
    .form = "nvs_commit: {...}",
    .help = "nvs_commit, which only looks at the handle: `{namespace}`",
    .keys = nvs_commit_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_commit,
    .release = release_nvs,
};

// Alone: the partition that is called "nvs".
static void read_flash_erase(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_NVS_FLASH_ERASE;
    reading->scenario->nvs_used = true;
    struct nvs_name *name = &step->as.nvs.name;
    const struct yaml_node nothing = {.kind = YAML_KIND_MAPPING, .mark = node->mark};
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, yaml_is_null(node) ? &nothing : node,
                     "`nvs_flash_erase`"))
        return;
    if (read_nvs_name(reading, &fields, NVS_PARTITION_ONLY, name))
        nvs_watch_erased(reading, node, name);
    set_title(step, "nvs_flash_erase %s", name->partition);
    fields_close(&fields);
}

static const struct key_row nvs_flash_erase_keys[] = {
    {"partition", "text", "label of the NVS partition; default `nvs`"}, KEYS_END};

const struct step_row step_nvs_flash_erase = {
    .verb = "nvs_flash_erase",
    .form = "nvs_flash_erase: {...}",
    .help = "erases the whole partition, sector by sector, as a factory reset does; alone, or `{partition}`",
    .alone = "nothing",
    .keys = nvs_flash_erase_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_flash_erase,
    .release = release_nvs,
};
