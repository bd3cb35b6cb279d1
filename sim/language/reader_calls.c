// Steps that call the update API: `update`, and every esp_ota_* function by its own name.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/include/esp_ota_ops.h"
#include "call_row.h"
#include "reader_calls.h"
#include "reader_contents.h"
#include "reader_https.h"
#include "reader_names.h"
#include "reader_nvs.h"
#include "values.h"

#define CHUNK_DEFAULT                                                                                        \
    4096u // bytes a write; what esp_https_ota's examples use is 1024, downloads in general more

// ---- arguments ----------------------------------------------------------------------------------

// What esp_ota_begin is told.
static void size_argument(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    uint64_t number;
    if (node->kind == YAML_KIND_SCALAR && number_parse(node->text, &number)) {
        value_u32(reading->diagnostics, node, "`size`", 0, UINT32_MAX, out);
        return;
    }
    static const struct word words[] = {{"image", 0}, {"sequential", 1}, {"unknown", 2}, {NULL, 0}};
    int value;
    if (value_word(reading->diagnostics, node, "`size`", "E0107", words, &value))
        *out = value == 0 ? SIZE_IS_IMAGE : value == 1 ? OTA_WITH_SEQUENTIAL_WRITES : OTA_SIZE_UNKNOWN;
}

// A label; nothing at all is the NULL pointer.
static const struct partition_entry *partition_argument(struct reading *reading, const struct yaml_node *node,
                                                        char **out) {
    const struct partition_entry *partition = NULL;
    if (!yaml_is_null(node)) {
        partition = find_partition(reading, node, "`partition`");
        if (partition == NULL)
            return NULL;
    }
    free(*out);
    *out = memory_text(partition == NULL ? "NULL" : partition->name);
    return partition;
}

static void handle_argument(struct reading *reading, const struct yaml_node *node, bool opens, char **out) {
    const char *name = value_text(reading->diagnostics, node, "`handle`");
    if (name == NULL)
        return;
    const char *names[HANDLES_MAX + 1];
    for (size_t i = 0; i < reading->handle_count; i++) {
        names[i] = reading->handles[i];
        if (strcmp(names[i], name) == 0)
            opens = false;
    }
    names[reading->handle_count] = NULL;
    bool known = opens || strcmp(name, "handle") == 0 || strcmp(name, "none") == 0;
    for (size_t i = 0; i < reading->handle_count; i++)
        known |= strcmp(names[i], name) == 0;
    if (!known) {
        struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0203", node->mark,
                                                 "no step above opens a handle `%s`", name);
        suggest(item, name, names);
        if (item->help == NULL)
            diagnostic_help(item, "open it with begin: {handle: %s}; `none` is a handle that never was valid",
                            name);
        return;
    }
    if (opens && reading->handle_count == HANDLES_MAX) {
        diagnostic_add(reading->diagnostics, "E0009", node->mark, "more than %u handles", HANDLES_MAX);
        return;
    }
    if (opens)
        reading->handles[reading->handle_count++] = memory_text(name);
    free(*out);
    *out = memory_text(name);
}

static void check_range(struct reading *reading, const struct yaml_node *node, const struct call_step *call) {
    if (call->image == NO_IMAGE || reading->image_broken[call->image])
        return;
    const struct scenario_image *image = &reading->scenario->images[call->image];
    size_t length = call->length == UINT32_MAX ? 0 : call->length;
    if (call->offset <= image->bytes.length && length <= image->bytes.length - call->offset)
        return;
    struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0304", node->mark,
                                             "the image `%s` ends at %zu", image->name, image->bytes.length);
    diagnostic_second(item, image->mark, "the image");
}

// What is written: contents as flash takes them, or a part of them.
static void read_data(struct reading *reading, struct fields *fields, struct call_step *call) {
    struct contents contents;
    uint32_t from = 0, length = UINT32_MAX;
    field_u32(fields, "from", 0, NOR_SIZE_MAX, &from);
    field_u32(fields, "length", 0, NOR_SIZE_MAX, &length);
    if (!read_contents(reading, fields, CONTENTS_FLASH | CONTENTS_PLACED, NOR_SIZE_MAX, "the flash",
                       &contents))
        return;
    size_t all = contents.bytes.length;
    if (from > all || (length != UINT32_MAX && length > all - from))
        diagnostic_add(reading->diagnostics, "E0304", fields->node->mark, "these bytes end at %zu", all);
    else
        buffer_append(&call->data, contents.bytes.bytes + from, length == UINT32_MAX ? all - from : length);
    buffer_free(&contents.bytes);
}

static void read_arguments(struct reading *reading, struct fields *fields, const struct call_row *shape,
                           struct call_step *call) {
    const struct yaml_node *node;
    if ((shape->takes & TAKES_PARTITION) && (node = field(fields, "partition")) != NULL)
        partition_argument(reading, node, &call->partition);
    if ((shape->takes & NEEDS_PARTITION) &&
        (node = field_required(fields, "partition", "which one: partition: ota_1")) != NULL)
        partition_argument(reading, node, &call->partition);
    if ((shape->takes & (TAKES_IMAGE | NEEDS_IMAGE)) && (node = field(fields, "image")) != NULL)
        find_image(reading, node, &call->image);
    else if (shape->takes & NEEDS_IMAGE)
        field_required(fields, "image", "which bytes are written: image: NAME");
    if ((shape->takes & (TAKES_HANDLE | OPENS_HANDLE)) && (node = field(fields, "handle")) != NULL)
        handle_argument(reading, node, (shape->takes & OPENS_HANDLE) != 0, &call->handle);
    if ((shape->takes & TAKES_SIZE) && (node = field(fields, "size")) != NULL) {
        size_argument(reading, node, &call->size);
        if (call->size == SIZE_IS_IMAGE && call->image == NO_IMAGE)
            diagnostic_help(diagnostic_add(reading->diagnostics, "E0103", node->mark,
                                           "`size: image` without `image`: how long is it?"),
                            "add image: NAME");
    }
    if (shape->takes & TAKES_OFFSET)
        field_u32(fields, "offset", 0, UINT32_MAX, &call->offset);
    if (shape->takes & TAKES_LENGTH)
        field_u32(fields, "length", 0, NOR_SIZE_MAX, &call->length);
    if ((shape->takes & NEEDS_ADDRESS) &&
        (node = field_required(fields, "address", "where in flash: address: ota_1+0x1000")) != NULL) {
        uint32_t room;
        (void)find_place(reading, node, &call->address, &room);
    }
    if (shape->takes & NEEDS_BYTES)
        read_data(reading, fields, call);
    if (shape->takes & TAKES_PROTECT) {
        call->flag = true;
        field_bool(fields, "protect", &call->flag);
    }
    if (shape->takes & TAKES_COPY)
        field_bool(fields, "finalize_with_copy", &call->flag);
    if ((shape->takes & NEEDS_IMAGE) && (shape->takes & TAKES_LENGTH))
        check_range(reading, fields->node, call);
}

// ---- one call -----------------------------------------------------------------------------------

static char *call_title(const struct reading *reading, const struct call_step *call) {
    struct buffer title = {0};
    buffer_text(&title, call_row(call->call)->name);
    if (call->image != NO_IMAGE)
        buffer_printf(&title, " %s", reading->scenario->images[call->image].name);
    if (call->partition != NULL)
        buffer_printf(&title, " %s", call->partition);
    char *text = memory_text(buffer_string(&title));
    buffer_free(&title);
    return text;
}

// `write: new` as if it were `write: {image: new}`.
static void read_main(struct reading *reading, const struct yaml_node *node, const struct call_row *shape,
                      struct call_step *call) {
    struct yaml_node key = {
        .kind = YAML_KIND_SCALAR, .mark = node->mark, .text = (char *)(uintptr_t)shape->main};
    struct yaml_pair pair = {&key, (struct yaml_node *)(uintptr_t)node};
    const struct yaml_node mapping = {
        .kind = YAML_KIND_MAPPING, .mark = node->mark, .pairs = &pair, .count = yaml_is_null(node) ? 0 : 1};
    struct fields fields;
    fields_open(&fields, reading->diagnostics, &mapping, shape->name);
    read_arguments(reading, &fields, shape, call);
    fields_close(&fields);
}

void read_call(struct reading *reading, const struct yaml_node *node, enum ota_call which,
               struct step *step) {
    const struct call_row *shape = call_row(which);
    struct call_step *call = &step->as.call;
    step->kind = STEP_CALL;
    *call = (struct call_step){
        .call = which, .image = NO_IMAGE, .length = UINT32_MAX, .size = OTA_WITH_SEQUENTIAL_WRITES};
    char what[64];
    snprintf(what, sizeof what, "`%s`", shape->name);
    if (shape->main == NULL) {
        if (!yaml_is_null(node))
            value_wrong_type(reading->diagnostics, node, what, "alone: it takes no arguments");
    } else if (node->kind == YAML_KIND_MAPPING) {
        struct fields fields;
        fields_open(&fields, reading->diagnostics, node, what);
        read_arguments(reading, &fields, shape, call);
        fields_close(&fields);
    } else if (node->kind == YAML_KIND_SEQUENCE) {
        value_wrong_type(reading->diagnostics, node, what, "a mapping or a word");
    } else {
        read_main(reading, node, shape, call);
    }
    step->title = call_title(reading, call);
}

// ---- update -------------------------------------------------------------------------------------

// An image that cannot fit is a slip, unless the step says what the failure returns.
static void check_fits(struct reading *reading, const struct yaml_node *node, const struct step *step,
                       const struct partition_entry *partition) {
    const struct scenario_image *image = &reading->scenario->images[step->as.update.image];
    if (partition == NULL || step->returns_set || step->returns_any ||
        image->bytes.length <= (uint64_t)partition->size)
        return;
    struct diagnostic *item = diagnostic_add(
        reading->diagnostics, "E0303", node->mark, "the image `%s` (%zu bytes) does not fit into `%s` (%lld)",
        image->name, image->bytes.length, partition->name, (long long)partition->size);
    diagnostic_second(item, partition_mark(reading, partition), "its size is given here");
    diagnostic_help(item, "if that is the point, say what comes of it: returns: ESP_ERR_INVALID_SIZE");
}

// A key that the update sets.
static struct nvs_name *read_key(struct reading *reading, const struct yaml_node *node,
                                 struct fields *fields) {
    struct nvs_name *name = memory_zeroed(1, sizeof *name);
    reading->scenario->nvs_used = true;
    if (read_nvs_name(reading, fields, NVS_KEY_REQUIRED, name))
        nvs_watch(reading, node, name);
    return name;
}

// `when`: whether it is after.
static bool read_when(struct reading *reading, struct fields *fields) {
    static const struct word words[] = {{"before", false}, {"after", true}, {NULL, 0}};
    const struct yaml_node *node = field(fields, "when");
    int after = true;
    if (node != NULL)
        (void)value_word(reading->diagnostics, node, "`when`", "E0107", words, &after);
    return after != 0;
}

void read_progress(struct reading *reading, const struct yaml_node *node, struct update_step *update) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`progress`"))
        return;
    update->progress = read_key(reading, node, &fields);
    update->progress_first = !read_when(reading, &fields);
    fields_close(&fields);
}

static void read_tried(struct reading *reading, const struct yaml_node *node, struct update_step *update) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`tried`"))
        return;
    update->tried = read_key(reading, node, &fields);
    update->tried_late = read_when(reading, &fields);
    fields_close(&fields);
}

static void read_refused_versions(struct reading *reading, const struct yaml_node *node, unsigned *out) {
    static const struct word words[] = {
        {"running", REFUSES_RUNNING}, {"last_invalid", REFUSES_LAST_INVALID}, {NULL, 0}};
    size_t count = node->kind == YAML_KIND_SEQUENCE ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->kind == YAML_KIND_SEQUENCE ? node->items[i] : node;
        int bit = 0;
        if (value_word(reading->diagnostics, item, "`refuses`", "E0107", words, &bit))
            *out |= (unsigned)bit;
    }
}

bool read_update_step(struct reading *reading, const struct yaml_node *node, struct update_step *update) {
    *update = (struct update_step){.chunk = CHUNK_DEFAULT, .size = OTA_WITH_SEQUENTIAL_WRITES};
    if (node->kind == YAML_KIND_SCALAR)
        return find_image(reading, node, &update->image);
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`update`"))
        return false;
    const struct yaml_node *image = field_required(&fields, "image", "which image it brings: image: NAME");
    const struct yaml_node *label = field(&fields, "partition"), *size = field(&fields, "size");
    const struct yaml_node *progress = field(&fields, "progress"), *refuses = field(&fields, "refuses");
    const struct yaml_node *tried = field(&fields, "tried"), *staging = field(&fields, "staging");
    const struct partition_entry *partition;
    bool named = image != NULL && find_image(reading, image, &update->image);
    if (label != NULL && (partition = find_partition(reading, label, "`partition`")) != NULL)
        update->partition = memory_text(partition->name);
    if (staging != NULL && (partition = find_partition(reading, staging, "`staging`")) != NULL)
        update->staging = memory_text(partition->name);
    if (size != NULL)
        size_argument(reading, size, &update->size);
    field_u32(&fields, "chunk", 1, NOR_SIZE_MAX, &update->chunk);
    if (progress != NULL)
        read_progress(reading, progress, update);
    if (tried != NULL)
        read_tried(reading, tried, update);
    if (refuses != NULL)
        read_refused_versions(reading, refuses, &update->refuses);
    fields_close(&fields);
    return named;
}

static const struct partition_entry *partition_of_label(const struct reading *reading, const char *label) {
    for (size_t i = 0; label != NULL && reading->layout_known && i < reading->layout.count; i++)
        if (strcmp(reading->layout.entries[i].name, label) == 0)
            return &reading->layout.entries[i];
    return NULL;
}

static void read_update(struct reading *reading, const struct yaml_node *node, struct step *step) {
    struct update_step *update = &step->as.update;
    step->kind = STEP_UPDATE;
    if (!read_update_step(reading, node, update))
        return;
    check_fits(reading, node, step, partition_of_label(reading, update->partition));
    struct buffer title = {0};
    buffer_printf(&title, "update %s%sto %s", update->partition == NULL ? "" : update->partition,
                  update->partition == NULL ? "" : " ", reading->scenario->images[update->image].name);
    step->title = memory_text(buffer_string(&title));
    buffer_free(&title);
}

static void release_update(struct step *step) {
    update_step_release(&step->as.update);
}

void update_step_release(struct update_step *update) {
    free(update->partition);
    https_download_free(update->download);
    free(update->staging);
    free(update->progress);
    free(update->tried);
}

static void release_call(struct step *step) {
    free(step->as.call.partition);
    free(step->as.call.handle);
    buffer_free(&step->as.call.data);
}

const struct key_row update_keys[] = {
    {"image", "required @name", "which image it brings"},
    {"partition", "text", "where it goes; otherwise what esp_ota_get_next_update_partition gives"},
    {"staging", "text",
     "where it is downloaded to; esp_ota_set_final_partition has esp_ota_end copy it to `partition`"},
    {"chunk", "number(1..)", "bytes a write; default 4K"},
    {"size", "@size", "what esp_ota_begin is told"},
    {"progress", "%progress",
     "a key in NVS that says how far it came: a retry goes on from there with esp_ota_resume"},
    {"tried", "%tried", "a key in NVS that says which version was tried last: that one is not tried again"},
    {"refuses", "[words(running|last_invalid)]",
     "versions that the app does not take: `running`, `last_invalid` (what "
     "esp_ota_get_last_invalid_partition holds); "
     "then the step returns ESP_ERR_INVALID_VERSION, and nothing was begun"},
    KEYS_END};

const struct step_row step_update = {
    .verb = "update",
    .form = "update: IMAGE",
    .help = "begin, write, end, and set_boot_partition when it is an app; `{image, partition, staging, "
            "chunk: 4K, size, progress, tried}` in full",
    .alone = "@name",
    .keys = update_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_update,
    .release = release_update,
};

// Calls go by the names of their functions: read_call.
const struct step_row step_firmware_call = {
    .verb = "firmware_call",
    .form = "CALL",
    .help = "a function of the firmware by its own name, below",
    .needs_app = true,
    .runs_firmware = true,
    .release = release_call,
};
