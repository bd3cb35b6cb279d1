// Bytes, in all the ways in which a scenario gives them.
#include <stdlib.h>
#include <string.h>

#include "../hw/unstable.h"
#include "reader_contents.h"
#include "reader_file.h"
#include "reader_names.h"
#include "values.h"

bool contents_afford(struct reading *reading, const struct yaml_node *node, uint64_t bytes) {
    if (bytes <= CONTENTS_MAX - reading->contents) {
        reading->contents += bytes;
        return true;
    }
    diagnostic_add(reading->diagnostics, "E0311", node->mark,
                   "images and contents of more than %llu MiB in all", CONTENTS_MAX >> 20);
    return false;
}

struct source {
    struct reading *reading;
    struct fields *fields;
    const struct yaml_node *node; // the value of the key that says where the bytes come from
    uint32_t room;                // from `at` on
    const char *place;
    struct buffer *out;
};

// `fill` and `random`: as many as `length` says, else up to the end.
static bool repeated_length(const struct source *source, uint32_t *length) {
    *length = source->room;
    const struct yaml_node *node = field(source->fields, "length");
    if (node != NULL && !field_u32(source->fields, "length", 1, source->room, length))
        return false;
    return contents_afford(source->reading, source->node, *length);
}

static bool from_fill(const struct source *source) {
    uint32_t byte, length;
    if (!value_u32(source->reading->diagnostics, source->node, "`fill`", 0, 0xFF, &byte) ||
        !repeated_length(source, &length))
        return false;
    buffer_reserve(source->out, length);
    memset(source->out->bytes + source->out->length, (int)byte, length);
    source->out->length += length;
    return true;
}

static bool from_random(const struct source *source) {
    uint64_t seed;
    uint32_t length;
    if (!value_u64(source->reading->diagnostics, source->node, "`random`", 0, UINT64_MAX, &seed) ||
        !repeated_length(source, &length))
        return false;
    for (uint32_t at = 0; at < length; at += 8) {
        uint64_t word = mix64(seed, at);
        buffer_append(source->out, &word, length - at < 8 ? length - at : 8);
    }
    return true;
}

static bool from_image(const struct source *source) {
    uint32_t index;
    if (!find_image(source->reading, source->node, &index))
        return false;
    const struct scenario_image *image = &source->reading->scenario->images[index];
    if (source->reading->image_broken[index] ||
        !contents_afford(source->reading, source->node, image->bytes.length))
        return false;
    buffer_append(source->out, image->bytes.bytes, image->bytes.length);
    return true;
}

static bool from_file(const struct source *source) {
    return read_file_part(source->reading, source->fields, source->out);
}

static bool from_text(const struct source *source) {
    const char *text = value_text(source->reading->diagnostics, source->node, "`text`");
    if (text == NULL)
        return false;
    buffer_text(source->out, text);
    return true;
}

static bool from(const struct source *source, const char *kind) {
    if (strcmp(kind, "fill") == 0)
        return from_fill(source);
    if (strcmp(kind, "random") == 0)
        return from_random(source);
    if (strcmp(kind, "image") == 0)
        return from_image(source);
    if (strcmp(kind, "file") == 0)
        return from_file(source);
    if (strcmp(kind, "text") == 0)
        return from_text(source);
    return value_bytes(source->reading->diagnostics, source->node,
                       strcmp(kind, "flip") == 0 ? "`flip`" : "`bytes`", source->out);
}

static void report_too_long(const struct source *source) {
    struct diagnostic *item = diagnostic_add(source->reading->diagnostics, "E0303", source->node->mark,
                                             "%zu bytes do not fit into the %u that %s has here",
                                             source->out->length, source->room, source->place);
    const struct partition_entry *partition =
        source->reading->layout_known ? partition_find(&source->reading->layout, source->place) : NULL;
    if (partition != NULL && source->reading->partitions_mark.line != 0)
        diagnostic_second(item, partition_mark(source->reading, partition), "its size is given here");
    if (field_key(source->fields, "file") != NULL)
        help_with_merged(source->reading, source->fields, source->out, item);
}

bool read_contents(struct reading *reading, struct fields *fields, unsigned kinds, uint32_t room,
                   const char *place, struct contents *out) {
    *out = (struct contents){0};
    const char *names[8] = {"bytes", "text", "fill", "random"};
    size_t count = 4;
    if (kinds & CONTENTS_FLASH)
        names[count++] = "image";
    if (kinds & (CONTENTS_FLASH | CONTENTS_FILE))
        names[count++] = "file";
    if (kinds & CONTENTS_FLIP)
        names[count++] = "flip";
    names[count] = NULL;
    const char *kind = field_one_of(fields, names, true);
    bool placed = (kinds & CONTENTS_PLACED) != 0;
    if (!placed && field(fields, "at") != NULL &&
        !field_u32(fields, "at", 0, room == 0 ? 0 : room - 1, &out->at))
        return false;
    if (kind == NULL)
        return false;
    struct source source = {reading, fields, field(fields, kind), room - out->at, place, &out->bytes};
    bool fine = from(&source, kind);
    if (fine && out->bytes.length > source.room)
        report_too_long(&source);
    fine = fine && out->bytes.length <= source.room;
    out->flip = strcmp(kind, "flip") == 0;
    if (!fine)
        buffer_free(&out->bytes);
    return fine;
}
