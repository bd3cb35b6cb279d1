// NVS: typed values, the contents of a partition, and steps that read and write keys as an app does.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../provision/nvs_csv.h"
#include "../provision/nvs_image.h"
#include "reader_contents.h"
#include "reader_names.h"
#include "reader_nvs.h"
#include "reader_steps.h"
#include "values.h"

#define DATA_TYPE     1u
#define NVS_SUBTYPE   2u
#define BLOB_MAX      (NVS_IMAGE_SIZE_MAX / 2)
#define STRING_MAX    3999u // characters (NV-8)
#define TYPES_IN_HELP "one of u8, i8, u16, i16, u32, i32, u64, i64, string, blob, as in u32: 5"

// ---- values -------------------------------------------------------------------------------------

static const char *const type_words[] = {"u8",  "i8",  "u16",    "i16",  "u32", "i32",
                                         "u64", "i64", "string", "blob", NULL};

static bool read_integer(struct reading *reading, const struct yaml_node *node, struct nvs_value *out) {
    char what[16];
    uint64_t number, least = nvs_type_smallest(out->type);
    snprintf(what, sizeof what, "`%s`", nvs_type_word(out->type));
    if (node->kind != YAML_KIND_SCALAR || node->text[0] != '-')
        return value_u64(reading->diagnostics, node, what, 0, nvs_type_largest(out->type), &out->number);
    if (number_parse(node->text + 1, &number) && number <= ~least + 1) {
        out->number = ~number + 1;
        return true;
    }
    (void)diagnostic_add(reading->diagnostics, "E0106", node->mark,
                         "%s must lie between %" PRId64 " and %" PRIu64, what, (int64_t)least,
                         nvs_type_largest(out->type));
    return false;
}

static bool read_bytes(struct reading *reading, const struct yaml_node *node, struct nvs_value *out) {
    if (out->type == NVS_TYPE_BLOB) {
        if (node->kind == YAML_KIND_SCALAR && !node->plain && node->text[0] == '\0')
            return true; // a blob of no bytes
        return value_bytes(reading->diagnostics, node, "`blob`", &out->bytes) &&
               contents_afford(reading, node, out->bytes.length);
    }
    const char *text = value_text(reading->diagnostics, node, "`string`");
    if (text == NULL)
        return false;
    if (strlen(text) > STRING_MAX) {
        (void)diagnostic_add(reading->diagnostics, "E0106", node->mark, "`string` has at most %u characters",
                             STRING_MAX);
        return false;
    }
    buffer_text(&out->bytes, text);
    return true;
}

static bool read_typed(struct reading *reading, const struct yaml_node *node, const char *word,
                       struct nvs_value *out) {
    *out = (struct nvs_value){0};
    (void)nvs_type_parse(word, &out->type);
    bool fine =
        nvs_type_largest(out->type) != 0 ? read_integer(reading, node, out) : read_bytes(reading, node, out);
    if (!fine)
        nvs_value_free(out);
    return fine;
}

bool read_nvs_value(struct reading *reading, struct fields *fields, struct nvs_value *out) {
    const char *word = field_one_of(fields, type_words, true);
    return word != NULL && read_typed(reading, field(fields, word), word, out);
}

// ---- names --------------------------------------------------------------------------------------

static bool read_short_text(struct fields *fields, const char *name, char *out, size_t size) {
    char *text = NULL;
    bool fine = field_text(fields, name, size - 1, &text);
    if (fine)
        (void)snprintf(out, size, "%s", text);
    free(text);
    return fine;
}

static bool is_nvs(const struct partition_entry *partition) {
    return partition->type == DATA_TYPE && partition->subtype == NVS_SUBTYPE;
}

static bool read_partition(struct reading *reading, struct fields *fields, char *label, size_t size) {
    const struct yaml_node *node = field(fields, "partition");
    (void)snprintf(label, size, "%s", node == NULL ? NVS_DEFAULT_PART_NAME : node->text);
    if (node != NULL && value_text(reading->diagnostics, node, "`partition`") == NULL)
        return false;
    if (!reading->layout_known)
        return true;
    const struct partition_entry *partition =
        node == NULL ? partition_find(&reading->layout, label) : find_partition(reading, node, "`partition`");
    if (partition != NULL && is_nvs(partition))
        return true;
    if (node == NULL || partition != NULL)
        (void)diagnostic_add(reading->diagnostics, "E0207", node == NULL ? fields->node->mark : node->mark,
                             "the partition table has no NVS partition `%s`", label);
    return false;
}

bool read_nvs_name(struct reading *reading, struct fields *fields, enum nvs_key_use use,
                   struct nvs_name *out) {
    *out = (struct nvs_name){0};
    bool fine = read_partition(reading, fields, out->partition, sizeof out->partition);
    if (field_required(fields, "namespace", "whose keys: namespace: ota") == NULL)
        return false;
    fine = read_short_text(fields, "namespace", out->name_space, sizeof out->name_space) && fine;
    if (use == NVS_KEY_NONE)
        return fine;
    const struct yaml_node *key = use == NVS_KEY_REQUIRED
                                      ? field_required(fields, "key", "which value: key: progress")
                                      : field(fields, "key");
    if (key != NULL)
        fine = read_short_text(fields, "key", out->key, sizeof out->key) && fine;
    return fine && (key != NULL || use == NVS_KEY_OPTIONAL);
}

// ---- what invariants speak of -------------------------------------------------------------------

static bool same_name(const struct nvs_name *a, const struct nvs_name *b) {
    return strcmp(a->partition, b->partition) == 0 && strcmp(a->name_space, b->name_space) == 0 &&
           strcmp(a->key, b->key) == 0;
}

void nvs_watch(struct reading *reading, const struct yaml_node *node, const struct nvs_name *name) {
    struct scenario *scenario = reading->scenario;
    for (uint32_t i = 0; i < scenario->nvs_watched_count; i++)
        if (same_name(&scenario->nvs_watched[i], name))
            return;
    if (scenario->nvs_watched_count == NVS_WATCHED_MAX)
        (void)diagnostic_add(reading->diagnostics, "E0009", node->mark,
                             "more than %u keys of NVS are given or set", NVS_WATCHED_MAX);
    else
        scenario->nvs_watched[scenario->nvs_watched_count++] = *name;
}

// A key that is erased is watched. What a namespace held is not, but for keys that something else names: erasing all of
// it takes several operations, and a cut leaves some of it.
static void erased(struct reading *reading, const struct yaml_node *node, const struct nvs_name *name) {
    struct scenario *scenario = reading->scenario;
    if (name->key[0] != '\0') {
        nvs_watch(reading, node, name);
        return;
    }
    for (uint32_t i = 0; i < scenario->nvs_emptied_count; i++)
        if (same_name(&scenario->nvs_emptied[i], name))
            return;
    if (scenario->nvs_emptied_count == NVS_EMPTIED_MAX)
        (void)diagnostic_add(reading->diagnostics, "E0009", node->mark,
                             "more than %u namespaces of NVS are erased as a whole", NVS_EMPTIED_MAX);
    else
        scenario->nvs_emptied[scenario->nvs_emptied_count++] = *name;
}

// ---- steps --------------------------------------------------------------------------------------

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

const struct key_row nvs_set_keys[] = {{"namespace", "required string(1..15)", "whose keys"},
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
                                       {"blob", "one of: any_scalar", "hexadecimal bytes"},
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
                word, type_words);
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
        erased(reading, node, &nvs->name);
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

// ---- expectations -------------------------------------------------------------------------------

static bool good_names(struct reading *reading, const struct yaml_node *const names[2]) {
    for (size_t i = 0; i < 2; i++)
        if (names[i]->text[0] == '\0' || strlen(names[i]->text) >= NVS_KEY_NAME_MAX_SIZE) {
            (void)diagnostic_add(reading->diagnostics, "E0106", names[i]->mark,
                                 "names of namespaces and keys have 1 to %d characters",
                                 NVS_KEY_NAME_MAX_SIZE - 1);
            return false;
        }
    return true;
}

typedef void visit_value(struct reading *reading, const struct yaml_pair *name_space,
                         const struct yaml_pair *pair, void *context);

// {NAMESPACE: {KEY: ...}}
static void each_value(struct reading *reading, const struct yaml_node *node, const char *what,
                       visit_value *visit, void *context) {
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, what, "a mapping"),
                        "write {NAMESPACE: {KEY: {u32: 5}}}");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *name_space = &node->pairs[i];
        if (name_space->value->kind != YAML_KIND_MAPPING) {
            diagnostic_help(
                value_wrong_type(reading->diagnostics, name_space->value, "a namespace", "a mapping"),
                "write {KEY: {u32: 5}}");
            continue;
        }
        for (size_t j = 0; j < name_space->value->count; j++) {
            const struct yaml_node *const names[] = {name_space->key, name_space->value->pairs[j].key};
            if (good_names(reading, names))
                visit(reading, name_space, &name_space->value->pairs[j], context);
        }
    }
}

struct expected_visit {
    void (*add)(void *context, const struct yaml_node *key, struct nvs_expected *expected);
    void *context;
};

static void read_expected(struct reading *reading, const struct yaml_pair *name_space,
                          const struct yaml_pair *pair, void *context) {
    const struct expected_visit *visit = context;
    struct nvs_expected expected = {.name = {.partition = NVS_DEFAULT_PART_NAME}};
    (void)snprintf(expected.name.name_space, sizeof expected.name.name_space, "%s", name_space->key->text);
    (void)snprintf(expected.name.key, sizeof expected.name.key, "%s", pair->key->text);
    expected.absent = pair->value->kind == YAML_KIND_SCALAR && same_word(pair->value->text, "absent");
    if (expected.absent) {
        expected.value.type = NVS_TYPE_ANY; // a value of any type is one
        visit->add(visit->context, pair->key, &expected);
        return;
    }
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, pair->value, "a value of NVS"))
        return;
    if (read_nvs_value(reading, &fields, &expected.value))
        visit->add(visit->context, pair->key, &expected);
    fields_close(&fields);
}

void read_nvs_expected(struct reading *reading, const struct yaml_node *node,
                       void (*add)(void *context, const struct yaml_node *key, struct nvs_expected *expected),
                       void *context) {
    struct expected_visit visit = {add, context};
    reading->scenario->nvs_used = true;
    each_value(reading, node, "`nvs`", read_expected, &visit);
}

// ---- contents of a partition --------------------------------------------------------------------

static void read_entry(struct reading *reading, const struct yaml_pair *name_space,
                       const struct yaml_pair *pair, void *context) {
    struct nvs_item item = {0};
    (void)snprintf(item.name_space, sizeof item.name_space, "%s", name_space->key->text);
    (void)snprintf(item.key, sizeof item.key, "%s", pair->key->text);
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, pair->value, "a value of NVS"))
        return;
    if (read_nvs_value(reading, &fields, &item.value))
        nvs_items_add(context, &item);
    fields_close(&fields);
}

static void read_csv(struct reading *reading, const struct yaml_node *node, struct nvs_items *out) {
    char *path = find_file(reading, node);
    struct buffer text = {0};
    struct error error = {0};
    if (path != NULL &&
        (!file_read(path, NVS_CSV_SIZE_MAX, &text, &error) || !nvs_csv_parse(path, &text, out, &error)))
        (void)diagnostic_add(reading->diagnostics, "E0302", node->mark, "%s", error.message);
    buffer_free(&text);
    free(path);
}

bool read_nvs_contents(struct reading *reading, const struct yaml_node *node, const char *place,
                       uint32_t size, struct buffer *out) {
    static const char *const kinds[] = {"entries", "csv", NULL};
    size_t errors = reading->diagnostics->error_count;
    struct nvs_items items = {0};
    struct fields fields;
    struct error error = {0};
    if (!fields_open(&fields, reading->diagnostics, node, place))
        return false;
    const char *kind = field_one_of(&fields, kinds, true);
    if (kind != NULL && strcmp(kind, "csv") == 0)
        read_csv(reading, field(&fields, kind), &items);
    else if (kind != NULL)
        each_value(reading, field(&fields, kind), "`entries`", read_entry, &items);
    fields_close(&fields);
    bool fine = reading->diagnostics->error_count == errors && contents_afford(reading, node, size);
    if (fine &&
        !nvs_image_build(items.items, items.count, size, reading->scenario->board.app.profile, out, &error)) {
        (void)diagnostic_add(reading->diagnostics, "E0303", node->mark, "%s", error.message);
        fine = false;
    }
    nvs_items_free(&items);
    return fine;
}
