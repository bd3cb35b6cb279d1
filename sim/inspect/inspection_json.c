#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../provision/parttool.h"
#include "../report/report_json.h"
#include "../report/report_text.h"
#include "inspection.h"

// ---- small pieces -------------------------------------------------------------------------------

static void put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0)
        abort(); // out of memory: nothing sensible is left to do
}

static json_t *json_of_text(const char *text) {
    if (text == NULL)
        return json_null();
    struct buffer clean = {0};
    text_utf8(&clean, text);
    json_t *string = json_stringn(buffer_string(&clean), clean.length);
    buffer_free(&clean);
    return string;
}

static void put_text(json_t *object, const char *key, const char *text) {
    put(object, key, json_of_text(text));
}

static void put_number(json_t *object, const char *key, uint32_t number) {
    put(object, key, json_integer(number));
}

static void put_hex(json_t *object, const char *key, const uint8_t *bytes, size_t length) {
    struct buffer text = {0};
    for (size_t i = 0; i < length; i++)
        buffer_printf(&text, "%02x", bytes[i]);
    put_text(object, key, buffer_string(&text));
    buffer_free(&text);
}

// ---- chip and table -----------------------------------------------------------------------------

static json_t *json_of_chip(const struct dump *dump) {
    static const char *const sources[] = {[DUMP_GIVEN] = "given",
                                          [DUMP_FROM_BOOTLOADER] = "bootloader",
                                          [DUMP_FROM_APP] = "app",
                                          [DUMP_ASSUMED] = "assumed"};
    json_t *object = json_object();
    put_text(object, "target", dump->target->name);
    put_text(object, "target_from", sources[dump->target_source]);
    put_number(object, "dump_size", dump->length);
    put_number(object, "flash_size", dump->flash_size);
    put(object, "flash_size_from_header", json_boolean(dump->flash_size_known));
    put_number(object, "secure_version", dump->secure_version);
    return object;
}

static json_t *json_of_table(const struct table_view *table) {
    static const char *const digests[] = {
        [DIGEST_ABSENT] = "absent", [DIGEST_MATCHES] = "right", [DIGEST_WRONG] = "wrong"};
    if (!table->found)
        return json_null();
    json_t *object = json_object(), *rows = json_array();
    put_number(object, "offset", table->offset);
    put_text(object, "md5", digests[table->digest]);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct partition_row *row = &table->rows[i];
        json_t *item = json_object();
        struct buffer kind = {0};
        parttool_kind_print(row->type, row->subtype, &kind);
        put_text(item, "name", row->label);
        put_text(item, "kind", buffer_string(&kind));
        put_number(item, "type", row->type);
        put_number(item, "subtype", row->subtype);
        put_number(item, "offset", row->offset);
        put_number(item, "size", row->size);
        put(item, "encrypted", json_boolean((row->flags & 1) != 0));
        put(item, "readonly", json_boolean((row->flags & 2) != 0));
        (void)json_array_append_new(rows, item);
        buffer_free(&kind);
    }
    put(object, "partitions", rows);
    return object;
}

static json_t *json_of_problems(const struct problem_list *problems) {
    json_t *array = json_array();
    for (size_t i = 0; i < problems->count; i++) {
        json_t *item = json_object();
        put_text(item, "weight", problem_weight_name(problems->items[i].weight));
        put_text(item, "code", problems->items[i].code);
        put_text(item, "text", problems->items[i].text);
        (void)json_array_append_new(array, item);
    }
    return array;
}

// ---- contents -----------------------------------------------------------------------------------

static json_t *json_of_entry(const struct otadata_entry *entry) {
    json_t *object = json_object();
    put(object, "seq", entry->seq == OTADATA_SEQ_BLANK ? json_null() : json_integer(entry->seq));
    put_text(object, "state",
             entry->state == OTADATA_UNDEFINED ? "UNDEFINED" : otadata_state_name(entry->state));
    put_number(object, "state_value", entry->state);
    put_number(object, "crc", entry->crc);
    put(object, "crc_right", json_boolean(otadata_crc_matches(entry)));
    return object;
}

static json_t *json_of_otadata(const struct otadata_contents *otadata) {
    if (!otadata->present)
        return json_null();
    json_t *object = json_object(), *entries = json_array();
    put_number(object, "offset", otadata->address);
    for (int i = 0; i < 2; i++) {
        const struct otadata_verdict *verdict = &otadata->entries[i];
        json_t *entry = json_of_entry(&verdict->entry);
        put_hex(entry, "label", verdict->entry.label, sizeof verdict->entry.label);
        put(entry, "counts", json_boolean(verdict->good));
        put(entry, "in_force", json_boolean(verdict->active));
        put(entry, "slot", verdict->slot < 0 ? json_null() : json_integer(verdict->slot));
        put(entry, "leftovers", json_boolean(verdict->leftovers));
        put_text(entry, "why", verdict->why);
        (void)json_array_append_new(entries, entry);
    }
    put(object, "entries", entries);
    return object;
}

static json_t *json_of_image(const struct image_view *image) {
    const struct app_image_summary *summary = &image->summary;
    json_t *object = json_object();
    put_text(object, "partition", image->label);
    put_number(object, "offset", image->address);
    put_number(object, "room", image->region);
    put_text(object, "condition", image_condition_name(image->condition));
    if (image->condition > IMAGE_BROKEN)
        return object;
    put_text(object, "target", image->target ? image->target->name : NULL);
    put_number(object, "chip_id", summary->chip_id);
    put_number(object, "segments", summary->segment_count);
    put_number(object, "size", summary->length);
    if (image->has_digest)
        put_hex(object, "sha256", image->digest, sizeof image->digest);
    if (!summary->has_descriptor)
        return object;
    put_text(object, "project", summary->project);
    put_text(object, "version", summary->version);
    put_text(object, "idf_version", summary->idf_version);
    put_text(object, "compile_date", summary->compile_date);
    put_text(object, "compile_time", summary->compile_time);
    put_number(object, "secure_version", summary->secure_version);
    put_hex(object, "elf_sha256", image->elf_sha256, sizeof image->elf_sha256);
    return object;
}

static json_t *json_of_nvs(const struct inspection *inspection) {
    json_t *list = json_array();
    for (size_t i = 0; i < inspection->nvs_count; i++) {
        json_t *object = nvs_view_json(&inspection->nvs[i].view);
        put_text(object, "label", inspection->nvs[i].label);
        put_number(object, "offset", inspection->nvs[i].address);
        (void)json_array_append_new(list, object);
    }
    return list;
}

static json_t *json_of_images(const struct image_list *images) {
    json_t *array = json_array();
    for (size_t i = 0; i < images->count; i++)
        (void)json_array_append_new(array, json_of_image(&images->items[i]));
    return array;
}

// ---- what comes next ----------------------------------------------------------------------------

static json_t *json_of_members(forecast_members members) {
    json_t *array = json_array();
    for (const struct release_profile *release = release_profiles; release->name; release++)
        for (int build = 0; build < DUMP_BUILDS; build++)
            if ((members & forecast_member(release, (enum dump_build)build)) != 0)
                (void)json_array_append_new(array, json_pack("{s:s,s:s}", "release", release->name, "build",
                                                             dump_build_name((enum dump_build)build)));
    return array;
}

static json_t *json_of_lines(const char *text) {
    json_t *array = json_array();
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        struct buffer line = {0};
        buffer_append(&line, text, length);
        (void)json_array_append_new(array, json_of_text(buffer_string(&line)));
        buffer_free(&line);
        text += length + (text[length] == '\n');
    }
    return array;
}

static json_t *json_of_boots(const struct forecast *forecast) {
    json_t *array = json_array();
    for (size_t i = 0; i < forecast->boot_count; i++) {
        const struct boot_answer *answer = &forecast->boots[i];
        json_t *item = json_object();
        put(item, "firmware", json_of_members(answer->members));
        put_text(item, "boots", answer->starts ? answer->label : NULL);
        put_text(item, "end", answer->end);
        put_number(item, "attempts", answer->attempts);
        put(item, "reasons", json_of_lines(answer->reasons));
        put(item, "otadata_changed", json_boolean(answer->otadata_changed));
        json_t *after = json_array();
        for (int j = 0; j < 2 && answer->otadata_changed; j++)
            (void)json_array_append_new(after, json_of_entry(&answer->after[j]));
        put(item, "otadata_then", after);
        put_number(item, "secure_version_then", answer->secure_version);
        (void)json_array_append_new(array, item);
    }
    return array;
}

static json_t *json_of_calls(const struct forecast *forecast) {
    json_t *array = json_array();
    for (size_t i = 0; i < forecast->call_count; i++) {
        const struct call_answer *group = &forecast->calls[i];
        json_t *item = json_object(), *answers = json_object();
        put(item, "firmware", json_of_members(group->members));
        for (size_t j = 0; group->asked && forecast_question(j); j++)
            put_text(answers, forecast_question(j), group->answers[j]);
        put(item, "answers", answers);
        (void)json_array_append_new(array, item);
    }
    return array;
}

// The run's own report, inside this one.
static json_t *json_of_run(const struct result *result) {
    struct buffer text = {0};
    report_json(result, OTA_SIM_VERSION, &text);
    json_t *report = json_loadb(buffer_string(&text), text.length, 0, NULL);
    buffer_free(&text);
    return report ? report : json_null();
}

void inspection_json(const struct inspection *inspection, const struct result *what_if, struct buffer *out) {
    json_t *object = json_object();
    put_text(object, "format", INSPECTION_JSON_FORMAT);
    put(object, "chip", json_of_chip(&inspection->dump));
    put(object, "partition_table", json_of_table(&inspection->table));
    put(object, "problems", json_of_problems(&inspection->problems));
    put(object, "otadata", json_of_otadata(&inspection->otadata));
    put(object, "images", json_of_images(&inspection->images));
    if (inspection->nvs_count > 0)
        put(object, "nvs", json_of_nvs(inspection));
    put(object, "boot", json_of_boots(&inspection->forecast));
    put(object, "calls", json_of_calls(&inspection->forecast));
    if (what_if)
        put(object, "what_if_power_fails", json_of_run(what_if));
    char *text = json_dumps(object, JSON_INDENT(2));
    buffer_text(out, text);
    buffer_text(out, "\n");
    free(text);
    json_decref(object);
}
