// NVS: names, typed values, what is expected of them, and the contents of a partition.
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
#include "values.h"

#define DATA_TYPE   1u
#define NVS_SUBTYPE 2u
#define BLOB_MAX    (NVS_IMAGE_SIZE_MAX / 2)
#define STRING_MAX  3999u // characters (NV-8)

// ---- values -------------------------------------------------------------------------------------

const char *const nvs_type_words[] = {"u8",  "i8",  "u16",    "i16",  "u32", "i32",
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

// `{random: 7, length: 6000}` and the like.
static bool read_made_bytes(struct reading *reading, const struct yaml_node *node, struct buffer *out) {
    struct fields fields;
    struct contents contents;
    if (!fields_open(&fields, reading->diagnostics, node, "`blob`"))
        return false;
    bool repeats = field(&fields, "fill") != NULL || field(&fields, "random") != NULL;
    bool fine = !repeats || field_required(&fields, "length", "how many bytes: length: 6000") != NULL;
    fine = fine && read_contents(reading, &fields, CONTENTS_PLACED, BLOB_MAX, "a blob", &contents);
    fields_close(&fields);
    if (fine)
        *out = contents.bytes;
    return fine;
}

static bool read_bytes(struct reading *reading, const struct yaml_node *node, struct nvs_value *out) {
    if (out->type == NVS_TYPE_BLOB && node->kind == YAML_KIND_MAPPING)
        return read_made_bytes(reading, node, &out->bytes);
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
    const char *word = field_one_of(fields, nvs_type_words, true);
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
    if (use == NVS_PARTITION_ONLY)
        return fine;
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

// Not watched is what a namespace or a partition held that is erased as a whole, but for keys that something else
// names: it takes several operations, and a cut leaves some of it.
void nvs_watch_erased(struct reading *reading, const struct yaml_node *node, const struct nvs_name *name) {
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
                             "more than %u namespaces or partitions of NVS are erased as a whole",
                             NVS_EMPTIED_MAX);
    else
        scenario->nvs_emptied[scenario->nvs_emptied_count++] = *name;
}

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
