// Steps at the bench: what is done to the board from outside, firmware aside.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reader_board.h"
#include "reader_contents.h"
#include "reader_flash.h"
#include "reader_names.h"
#include "reader_steps.h"
#include "values.h"

// ---- io_fault -----------------------------------------------------------------------------------

static void read_io_fault(struct reading *reading, const struct yaml_node *node, struct step *step) {
    static const struct word words[] = {
        {"read_error", IO_READ_ERROR},           {"program_error", IO_PROGRAM_ERROR},
        {"program_dropped", IO_PROGRAM_DROPPED}, {"erase_error", IO_ERASE_ERROR},
        {"erase_dropped", IO_ERASE_DROPPED},     {NULL, 0}};
    step->kind = STEP_IO_FAULT;
    step->as.io_fault.nth = 1;
    int kind = IO_READ_ERROR;
    const struct yaml_node *word = node;
    if (node->kind == YAML_KIND_MAPPING) {
        struct fields fields;
        fields_open(&fields, reading->diagnostics, node, "`io_fault`");
        word = field_required(&fields, "kind", "such as kind: program_error");
        field_u64(&fields, "nth", 1, UINT32_MAX, &step->as.io_fault.nth);
        fields_close(&fields);
    }
    if (word == NULL || !value_word(reading->diagnostics, word, "`io_fault`", "E0107", words, &kind))
        return;
    step->as.io_fault.kind = (enum io_fault_kind)kind;
    set_title(step, "io_fault %s, number %" PRIu64, words[kind].name, step->as.io_fault.nth);
}

static const struct key_row io_fault_keys[] = {
    {"kind", "required @fault", "what fails, or claims success and does nothing"},
    {"nth", "number(1..)", "which one from now on; default 1"},
    KEYS_END};

const struct step_row step_io_fault = {
    .verb = "io_fault",
    .form = "io_fault: KIND",
    .help = "the next operation fails: `read_error`, `program_error`, `erase_error`, or claims success and "
            "does nothing: `program_dropped`, `erase_dropped`; `{kind, nth: 3}` for a later one",
    .alone = "@fault",
    .keys = io_fault_keys,
    .read = read_io_fault,
};

// ---- corrupt ------------------------------------------------------------------------------------

static void read_corrupt(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_CORRUPT;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`corrupt`"))
        return;
    const struct yaml_node *at =
        field_required(&fields, "at", "where: at: otadata, at: ota_1+0x4000 or at: 0x8000");
    uint32_t address = 0, size = reading->scenario->board.chip.size;
    bool found = at != NULL && find_place(reading, at, &address, &size);
    struct contents contents;
    if (read_contents(reading, &fields, CONTENTS_FLASH | CONTENTS_FLIP | CONTENTS_PLACED, size,
                      found ? at->text : "the flash", &contents)) {
        step->as.corrupt.address = address;
        step->as.corrupt.bytes = contents.bytes;
        step->as.corrupt.xor_mask = contents.flip;
        set_title(step, "corrupt %s", found ? at->text : "flash");
    }
    fields_close(&fields);
}

static void release_corrupt(struct step *step) {
    buffer_free(&step->as.corrupt.bytes);
}

static const struct key_row corrupt_keys[] = {
    {"at", "required @place", "where"},
    {"bytes", "one of: @bytes", "hexadecimal bytes"},
    {"text", "one of: any_scalar", "a text"},
    {"fill", "one of: number(0..255)", "`length` times this byte; without `length`, up to the end"},
    {"random", "one of: number", "random bytes from this seed"},
    {"image", "one of: @name", "an image by its name"},
    {"file", "one of: text", "a file"},
    {"part", "text", "of a merged file, as for images"},
    {"flip", "one of: @bytes", "a mask of bits to turn over"},
    {"length", "number(1..)", "how many bytes"},
    KEYS_END};

const struct step_row step_corrupt = {
    .verb = "corrupt",
    .form = "corrupt: {at: PLACE, ...}",
    .help = "flash changes behind the firmware's back: `bytes`, `text`, `fill`, `random`, `image`, `file`, "
            "`flip`",
    .keys = corrupt_keys,
    .read = read_corrupt,
    .release = release_corrupt,
};

// ---- set_otadata --------------------------------------------------------------------------------

// Both entries at once: what lies between them in the first sector is erased with it.
static void read_both_entries(struct reading *reading, const struct yaml_node *node, struct step *step) {
    uint8_t bytes[NOR_SECTOR_SIZE + OTADATA_ENTRY_BYTES];
    memset(bytes, 0xFF, sizeof bytes);
    if (node->count != 2)
        diagnostic_add(reading->diagnostics, "E0110", node->mark, "otadata has 2 entries, this list has %zu",
                       node->count);
    for (size_t i = 0; i < 2 && node->count == 2; i++)
        read_otadata_entry(reading, node->items[i], NULL, bytes + i * NOR_SECTOR_SIZE);
    buffer_append(&step->as.otadata.bytes, bytes, sizeof bytes);
    set_title(step, "set_otadata");
}

static void read_one_entry(struct reading *reading, const struct yaml_node *node, struct step *step) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`set_otadata`"))
        return;
    uint8_t bytes[OTADATA_ENTRY_BYTES];
    field_required(&fields, "entry", "which of the two: entry: 0 or entry: 1; or write both as a list");
    field_u32(&fields, "entry", 0, 1, &step->as.otadata.index);
    if (read_otadata_entry(reading, node, &fields, bytes))
        buffer_append(&step->as.otadata.bytes, bytes, sizeof bytes);
    set_title(step, "set_otadata entry %u", step->as.otadata.index);
    fields_close(&fields);
}

static void read_set_otadata(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_SET_OTADATA;
    if (node->kind == YAML_KIND_SEQUENCE)
        read_both_entries(reading, node, step);
    else
        read_one_entry(reading, node, step);
    if (reading->layout_known && partition_find_type(&reading->layout, 1, 0) == NULL)
        diagnostic_add(reading->diagnostics, "E0207", node->mark,
                       "the partition table has no otadata partition");
}

static void release_otadata(struct step *step) {
    buffer_free(&step->as.otadata.bytes);
}

static const struct key_row set_otadata_keys[] = {
    {"entry", "required number(0..1)", "which of the two"},
    {"seq", "one of: number(0..4294967295)", "sequence number"},
    {"bytes", "one of: @bytes", "all 32 bytes"},
    {"blank", "one of: words($yes)", "erased"},
    {"state", "words(NEW|PENDING_VERIFY|VALID|INVALID|ABORTED|UNDEFINED) / number", "default UNDEFINED"},
    {"label", "string(1..20)", "20 bytes that nobody reads"},
    {"crc", "words(bad) / number", "right unless it says `bad` or a number"},
    KEYS_END};

const struct step_row step_set_otadata = {
    .verb = "set_otadata",
    .form = "set_otadata: [ENTRY, ENTRY]",
    .help = "or one of them: `{entry: 1, seq: 3, state: NEW}`",
    .alone = "pair(@entry)",
    .keys = set_otadata_keys,
    .read = read_set_otadata,
    .release = release_otadata,
};

// ---- set_efuse, hold_pin ------------------------------------------------------------------------

static void read_set_efuse(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_SET_EFUSE;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`set_efuse`"))
        return;
    const char *names[16];
    size_t count = 0;
    for (const struct word *word = efuse_words; word->name != NULL && count < 15; word++)
        names[count++] = word->name;
    names[count] = NULL;
    const char *name = refuse_idle_efuse(&fields) ? NULL : field_one_of(&fields, names, true);
    for (const struct word *word = efuse_words; word->name != NULL && name != NULL; word++)
        if (strcmp(word->name, name) == 0 &&
            read_efuse_field(reading, &fields, word, &step->as.efuse.field, &step->as.efuse.value))
            set_title(step, "set_efuse %s to %s", name, field(&fields, name)->text);
    fields_close(&fields);
}

const struct step_row step_set_efuse = {
    .verb = "set_efuse",
    .form = "set_efuse: {FIELD: VALUE}",
    .help = "as in `board.efuse`",
    .alone = "@one_efuse",
    .read = read_set_efuse,
};

static void read_hold_pin(struct reading *reading, const struct yaml_node *node, struct step *step) {
    static const char *const pins[] = {"factory_reset", "app_test", NULL};
    step->kind = STEP_HOLD_PIN;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`hold_pin`"))
        return;
    const char *pin = field_one_of(&fields, pins, true);
    uint64_t us;
    if (pin != NULL &&
        value_duration(reading->diagnostics, field(&fields, pin), "the time it is held", &us)) {
        step->as.pin.pin = pin == pins[0] ? PORT_PIN_FACTORY_RESET : PORT_PIN_APP_TEST;
        step->as.pin.ms = us / 1000 > UINT32_MAX ? UINT32_MAX : (uint32_t)(us / 1000);
        set_title(step, "hold_pin %s for %s", pin, field(&fields, pin)->text);
    }
    fields_close(&fields);
}

static const struct key_row hold_pin_keys[] = {
    {"factory_reset", "one of: @duration", "how long the factory-reset pin is held"},
    {"app_test", "one of: @duration", "how long the app-test pin is held"},
    KEYS_END};

const struct step_row step_hold_pin = {
    .verb = "hold_pin",
    .form = "hold_pin: {factory_reset: 6s}",
    .help = "or `app_test`; from the next boot on, until it is held for `0s`",
    .keys = hold_pin_keys,
    .read = read_hold_pin,
};
