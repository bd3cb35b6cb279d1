// otatool: the host tool's switch of slots (section 7).
#include <string.h>

#include "replay.h"
#include "sim/provision/otadata_image.h"
#include "sim/provision/partition_binary.h"
#include "sim/provision/partition_notes.h"
#include "sim/provision/partition_rules.h"

#define SECOND_ENTRY 0x1000u

static bool build_image(struct vector *vector, uint8_t image[OTADATA_SIZE]) {
    const json_t *entries = vector_array(vector, vector->json, "ota");
    memset(image, 0xFF, OTADATA_SIZE);
    for (size_t i = 0; i < 2; i++) {
        struct buffer entry = {0};
        bool fine = vector_hex_value(vector, json_array_get(entries, i), "ota", &entry) &&
                    (entry.length == OTADATA_ENTRY_SIZE || vector_malformed(vector, "an entry has 32 bytes"));
        if (fine)
            memcpy(image + i * SECOND_ENTRY, entry.bytes, OTADATA_ENTRY_SIZE);
        buffer_free(&entry);
        if (!fine)
            return false;
    }
    size_t index;
    json_t *item;
    json_array_foreach (json_object_get(vector->json, "other"), index, item) {
        uint32_t offset = vector_number_value(vector, json_array_get(item, 0), "other");
        uint32_t value = vector_number_value(vector, json_array_get(item, 1), "other");
        if (offset >= OTADATA_SIZE || value > UINT8_MAX)
            return vector_malformed(vector, "`other` must name bytes of the partition");
        image[offset] = (uint8_t)value;
    }
    return true;
}

// Bytes that are neither FF nor part of an entry.
static json_t *other_bytes(const uint8_t image[OTADATA_SIZE]) {
    json_t *others = json_array();
    for (uint32_t offset = 0; offset < OTADATA_SIZE; offset++)
        if (offset % SECOND_ENTRY >= OTADATA_ENTRY_SIZE && image[offset] != 0xFF)
            (void)json_array_append_new(others, json_pack("[i,i]", (int)offset, (int)image[offset]));
    return others;
}

static json_t *image_json(const uint8_t image[OTADATA_SIZE]) {
    json_t *out =
        json_pack("{s:s,s:i,s:[o,o]}", "ret", "ok", "size", (int)OTADATA_SIZE, "ota",
                  json_hex(image, OTADATA_ENTRY_SIZE), json_hex(image + SECOND_ENTRY, OTADATA_ENTRY_SIZE));
    json_t *others = other_bytes(image);
    if (json_array_size(others) > 0)
        (void)json_object_set(out, "other", others);
    json_decref(others);
    return out;
}

// A slot number beyond all slots stands for the negative ones that the tool takes, too.
static bool target_slot(struct vector *vector, const struct partition_table_layout *layout, uint32_t *slot,
                        struct error *error) {
    const json_t *number = json_object_get(vector->json, "slot");
    if (json_is_integer(number)) {
        json_int_t value = json_integer_value(number);
        *slot = value < 0 || value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
        return true;
    }
    const char *name = vector_text(vector, vector->json, "name");
    return name != NULL && otatool_slot_by_name(layout, name, slot, error);
}

static void switch_slot(struct vector *vector, const struct partition_table_layout *layout) {
    uint8_t image[OTADATA_SIZE];
    if (!build_image(vector, image))
        return;
    uint32_t slot = 0;
    struct error error = {0};
    bool done = target_slot(vector, layout, &slot, &error) &&
                otatool_switch(image, slot, otatool_slot_count(layout), &error);
    if (vector->problem.length != 0)
        return;
    const json_t *expected = vector_object(vector, vector->json, "out");
    json_t *got = done ? image_json(image) : json_pack("{s:s}", "ret", "error");
    if (!done) // the tool's exception: its class says nothing that the message does not
        (void)json_object_set(got, "kind", json_object_get(expected, "kind"));
    bool equal = vector_expect(vector, expected, got, "out");
    const json_t *message = json_object_get(expected, "msg");
    if (equal && !done && message != NULL)
        (void)vector_expect(vector, message, json_string(error.message), "out.msg");
}

void replay_otatool(struct replay *replay, struct vector *vector) {
    struct buffer table = {0};
    struct partition_table_layout layout = {0};
    struct partition_csv_notes notes = {0};
    struct partition_csv_options options = partition_csv_options_default();
    options.release = replay->profile;
    if (vector_hex(vector, vector->json, "pt", &table)) {
        uint8_t end[PARTITION_ROW_SIZE];
        memset(end, 0xFF, sizeof end);
        buffer_append(&table, end, sizeof end); // the vectors leave it out
        if (partition_table_layout_decode(table.bytes, table.length, &options, &layout, &notes))
            switch_slot(vector, &layout);
        else
            (void)vector_malformed(vector, "`pt`: %s", notes.message);
    }
    partition_table_layout_free(&layout);
    partition_csv_notes_free(&notes);
    buffer_free(&table);
}
