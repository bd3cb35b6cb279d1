// What is in the flash before the first power-on.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/otadata.h"
#include "../../ota/partition_table.h"
#include "../base/file.h"
#include "../provision/otadata_image.h"
#include "reader_contents.h"
#include "reader_file.h"
#include "reader_flash.h"
#include "reader_names.h"
#include "reader_nvs.h"
#include "reader_partitions.h"
#include "values.h"

_Static_assert(OTADATA_ENTRY_BYTES == OTADATA_ENTRY_SIZE, "an entry is an entry");

const struct word state_words[] = {{"NEW", OTADATA_NEW},
                                   {"PENDING_VERIFY", OTADATA_PENDING_VERIFY},
                                   {"VALID", OTADATA_VALID},
                                   {"INVALID", OTADATA_INVALID},
                                   {"ABORTED", OTADATA_ABORTED},
                                   {"UNDEFINED", -1},
                                   {NULL, 0}};

// ---- otadata entries ----------------------------------------------------------------------------

static void read_entry_crc(struct reading *reading, struct fields *fields, struct otadata_entry *entry) {
    const struct yaml_node *node = field(fields, "crc");
    if (node == NULL)
        return;
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "bad"))
        entry->crc ^= 1;
    else
        value_u32(reading->diagnostics, node, "`crc`", 0, UINT32_MAX, &entry->crc);
}

static bool read_entry_bytes(struct reading *reading, const struct yaml_node *node,
                             uint8_t out[OTADATA_ENTRY_BYTES]) {
    struct buffer bytes = {0};
    bool fine = value_bytes(reading->diagnostics, node, "`bytes`", &bytes);
    if (fine && bytes.length != OTADATA_ENTRY_BYTES) {
        diagnostic_add(reading->diagnostics, "E0109", node->mark,
                       "an otadata entry has 32 bytes, this has %zu", bytes.length);
        fine = false;
    }
    if (fine)
        memcpy(out, bytes.bytes, OTADATA_ENTRY_BYTES);
    buffer_free(&bytes);
    return fine;
}

static bool read_entry_fields(struct reading *reading, struct fields *fields,
                              uint8_t out[OTADATA_ENTRY_BYTES]) {
    size_t errors = reading->diagnostics->error_count;
    static const char *const kinds[] = {"seq", "bytes", "blank", NULL};
    const char *kind = field_one_of(fields, kinds, true);
    if (kind == NULL)
        return false;
    bool blank = false;
    if (strcmp(kind, "blank") == 0) {
        if (field_bool(fields, "blank", &blank) && !blank)
            diagnostic_add(reading->diagnostics, "E0107", field(fields, "blank")->mark,
                           "`blank` can only be true");
        memset(out, 0xFF, OTADATA_ENTRY_BYTES);
        return reading->diagnostics->error_count == errors;
    }
    if (strcmp(kind, "bytes") == 0)
        return read_entry_bytes(reading, field(fields, "bytes"), out);
    uint32_t seq = 0;
    int state = -1;
    field_u32(fields, "seq", 0, UINT32_MAX, &seq);
    const struct yaml_node *state_node = field(fields, "state");
    uint64_t number;
    if (state_node != NULL && state_node->kind == YAML_KIND_SCALAR &&
        number_parse(state_node->text, &number) && number <= UINT32_MAX)
        state = (int)(uint32_t)number;
    else if (state_node != NULL)
        value_word(reading->diagnostics, state_node, "`state`", "E0107", state_words, &state);
    struct otadata_entry entry = otadata_entry_make(seq, (uint32_t)state);
    char *label = NULL;
    if (field_text(fields, "label", sizeof entry.label, &label)) {
        memset(entry.label, 0, sizeof entry.label);
        memcpy(entry.label, label, strlen(label));
    }
    free(label);
    read_entry_crc(reading, fields, &entry);
    otadata_encode(&entry, out);
    return reading->diagnostics->error_count == errors;
}

bool read_otadata_entry(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                        uint8_t out[OTADATA_ENTRY_BYTES]) {
    if (fields != NULL)
        return read_entry_fields(reading, fields, out);
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "blank")) {
        memset(out, 0xFF, OTADATA_ENTRY_BYTES);
        return true;
    }
    struct fields own;
    if (node->kind != YAML_KIND_MAPPING) {
        value_wrong_type(reading->diagnostics, node, "an otadata entry", "`blank` or {seq: 1, state: VALID}");
        return false;
    }
    if (!fields_open(&own, reading->diagnostics, node, "an otadata entry"))
        return false;
    bool fine = read_entry_fields(reading, &own, out);
    fields_close(&own);
    return fine;
}

// ---- one range of flash -------------------------------------------------------------------------

struct range {
    uint32_t address, size;
    const char *name;                        // as the scenario calls it
    const struct partition_entry *partition; // NULL: an address
};

// Takes `bytes` over.
static void add_fill(struct reading *reading, const struct yaml_node *node, uint32_t address,
                     struct buffer bytes) {
    struct scenario *scenario = reading->scenario;
    scenario->fills = memory_resize(scenario->fills, (scenario->fill_count + 1) * sizeof *scenario->fills);
    scenario->fills[scenario->fill_count++] =
        (struct scenario_fill){.address = address, .bytes = bytes, .mark = node->mark};
}

static void place_image(struct reading *reading, const struct yaml_node *node, const struct range *range) {
    uint32_t index;
    if (!find_image(reading, node, &index) || reading->image_broken[index])
        return;
    const struct scenario_image *image = &reading->scenario->images[index];
    if (image->bytes.length > range->size) {
        struct diagnostic *item =
            diagnostic_add(reading->diagnostics, "E0303", node->mark,
                           "the image `%s` (%zu bytes) does not fit into `%s` (%u bytes)", image->name,
                           image->bytes.length, range->name, range->size);
        if (range->partition != NULL)
            diagnostic_second(item, partition_mark(reading, range->partition), "its size is given here");
        return;
    }
    if (!contents_afford(reading, node, image->bytes.length))
        return;
    struct buffer bytes = {0};
    buffer_append(&bytes, image->bytes.bytes, image->bytes.length);
    add_fill(reading, node, range->address, bytes);
}

static bool is_otadata(const struct range *range) {
    return range->partition != NULL && range->partition->type == 1 && range->partition->subtype == 0;
}

// [first entry, second entry]
static void place_otadata(struct reading *reading, const struct yaml_node *node, const struct range *range) {
    if (node->count != 2)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0110", node->mark,
                                       "otadata has 2 entries, this list has %zu", node->count),
                        "write `blank` for an entry that was never written");
    else if (range->size < OTADATA_SIZE)
        diagnostic_add(reading->diagnostics, "E0303", node->mark,
                       "two entries need 0x2000 bytes, `%s` has 0x%x", range->name, range->size);
    for (size_t i = 0; i < 2 && node->count == 2 && range->size >= OTADATA_SIZE; i++) {
        uint8_t entry[OTADATA_ENTRY_BYTES];
        if (!read_otadata_entry(reading, node->items[i], NULL, entry))
            continue;
        struct buffer bytes = {0};
        buffer_append(&bytes, entry, sizeof entry);
        add_fill(reading, node->items[i], range->address + (uint32_t)i * NOR_SECTOR_SIZE, bytes);
    }
}

static bool is_nvs(const struct range *range) {
    return range->partition != NULL && range->partition->type == 1 && range->partition->subtype == 2;
}

// True: the mapping says what an NVS partition holds, value by value.
static bool names_values(const struct yaml_node *node) {
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->pairs[i].key->text, "entries") == 0 || strcmp(node->pairs[i].key->text, "csv") == 0)
            return true;
    return false;
}

static void place_values(struct reading *reading, const struct yaml_node *node, const struct range *range) {
    struct buffer bytes = {0};
    if (!is_nvs(range))
        diagnostic_add(reading->diagnostics, "E0207", node->mark, "`%s` is no NVS partition", range->name);
    else if (read_nvs_contents(reading, node, range->name, range->size, &bytes))
        add_fill(reading, node, range->address, bytes);
}

static void place_contents(struct reading *reading, const struct yaml_node *node, const struct range *range) {
    struct fields fields;
    char what[64];
    snprintf(what, sizeof what, "`%.32s`", range->name);
    if (!fields_open(&fields, reading->diagnostics, node, what))
        return;
    struct contents contents;
    if (read_contents(reading, &fields, CONTENTS_FLASH, range->size, range->name, &contents)) {
        if (check_file_place(reading, &fields, &contents.bytes, range->address + contents.at))
            add_fill(reading, node, range->address + contents.at, contents.bytes);
        else
            buffer_free(&contents.bytes);
    }
    fields_close(&fields);
}

static void place(struct reading *reading, const struct yaml_node *node, const struct range *range) {
    if (node->kind == YAML_KIND_SCALAR)
        place_image(reading, node, range);
    else if (node->kind == YAML_KIND_MAPPING && names_values(node))
        place_values(reading, node, range);
    else if (node->kind == YAML_KIND_MAPPING)
        place_contents(reading, node, range);
    else if (is_otadata(range))
        place_otadata(reading, node, range);
    else
        for (size_t i = 0; i < node->count; i++)
            place_contents(reading, node->items[i], range);
}

// ---- all of it ----------------------------------------------------------------------------------

static void read_dump(struct reading *reading, const struct yaml_node *node) {
    char *path = find_file(reading, node);
    if (path == NULL)
        return;
    struct error error = {0};
    struct buffer *dump = &reading->scenario->dump;
    uint32_t size = reading->scenario->board.chip.size;
    if (!file_read(path, NOR_SIZE_MAX, dump, &error))
        diagnostic_add(reading->diagnostics, "E0302", node->mark, "%s", error.message);
    else if (dump->length > size)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0303", node->mark,
                                       "the dump has %zu bytes, the flash %u", dump->length, size),
                        "give the board a larger chip, as in `size: 8M`");
    else
        (void)check_dump_place(reading, node, dump);
    free(path);
    if (!reading->layout_known && reading->partitions_mark.line == 0)
        partitions_from_dump(reading);
}

// Replaces what the board's table would be in flash; names go on to mean what the board says.
static void read_table(struct reading *reading, const struct yaml_node *node) {
    struct range range = {reading->scenario->board.app.partition_table_offset, PARTITION_TABLE_SIZE,
                          "partition_table", NULL};
    place(reading, node, &range);
}

static void read_range(struct reading *reading, const struct yaml_pair *pair) {
    struct range range = {.name = pair->key->text};
    if (!find_place(reading, pair->key, &range.address, &range.size))
        return;
    if (reading->layout_known)
        range.partition = partition_find(&reading->layout, pair->key->text);
    place(reading, pair->value, &range);
}

void read_flash(struct reading *reading, const struct yaml_node *node) {
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`flash`", "a mapping"),
                        "write `PARTITION: IMAGE` lines below it");
        return;
    }
    for (size_t i = 0; i < node->count; i++) // names of partitions may come from it
        if (strcmp(node->pairs[i].key->text, "dump") == 0)
            read_dump(reading, node->pairs[i].value);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (strcmp(pair->key->text, "dump") == 0)
            continue;
        if (strcmp(pair->key->text, "partition_table") == 0)
            read_table(reading, pair->value);
        else
            read_range(reading, pair);
    }
}
