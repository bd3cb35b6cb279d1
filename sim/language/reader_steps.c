// Steps: what happens to the board, one after another.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"

#define STEPS_MAX 4096u // written down; repeats may execute more

typedef void read_verb(struct reading *reading, const struct yaml_node *node, struct step *step);

__attribute__((format(printf, 2, 3))) static void set_title(struct step *step, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    free(step->title);
    step->title = memory_text(buffer_string(&text));
    buffer_free(&text);
}

// ---- power and time -----------------------------------------------------------------------------

static void read_plain(struct reading *reading, const struct yaml_node *node, struct step *step,
                       enum step_kind kind, const char *title) {
    step->kind = kind;
    set_title(step, "%s", title);
    char what[64];
    snprintf(what, sizeof what, "`%s`", title);
    if (!yaml_is_null(node))
        diagnostic_help(value_wrong_type(reading->diagnostics, node, what, "alone: it takes nothing"),
                        "`expect` and `returns` stand beside it, in the same column");
}

static void read_boot(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_BOOT, "boot");
}

static void read_restart(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_RESTART, "restart");
}

static void read_deep_sleep(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_DEEP_SLEEP, "deep_sleep");
}

static void read_power_cycle(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_POWER_CYCLE, "power_cycle");
}

static void read_wait(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_WAIT;
    if (value_duration(reading->diagnostics, node, "`wait`", &step->as.wait.us))
        set_title(step, "wait %s", node->text);
}

static void read_tear(struct reading *reading, struct fields *fields, struct power_loss_step *loss) {
    const struct yaml_node *node = field(fields, "tear");
    const char *text = node == NULL ? NULL : value_text(reading->diagnostics, node, "`tear`");
    if (text == NULL)
        return;
    struct diagnostic *item = NULL;
    bool right = tear_parse(text, &loss->tear) && fault_model_of_tear(&loss->tear)->scope == FAULT_CUTS;
    if (!right) {
        struct buffer ways = {0};
        tear_examples(&ways);
        item = diagnostic_add(reading->diagnostics, "E0406", node->mark, "`tear` cannot be `%s`", text);
        diagnostic_help(item, "write %s", buffer_string(&ways));
        buffer_free(&ways);
    } else if (loss->place == CUT_AT_BYTE || loss->place == CUT_AT_TIME) {
        item = diagnostic_add(reading->diagnostics, "E0108", field_key(fields, "tear")->mark,
                              "`tear` and `%s` exclude each other",
                              loss->place == CUT_AT_BYTE ? "byte" : "time");
        diagnostic_help(item, "where the power goes says already how the operation tears");
    }
}

static void read_power_loss(struct reading *reading, const struct yaml_node *node, struct step *step) {
    static const char *const places[] = {"operation", "byte", "share", "time", NULL};
    struct power_loss_step *loss = &step->as.power_loss;
    step->kind = STEP_POWER_LOSS;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`power_loss`"))
        return;
    const char *place = field_one_of(&fields, places, true);
    const struct yaml_node *at = place == NULL ? NULL : field(&fields, place);
    if (at != NULL) {
        for (size_t i = 0; places[i] != NULL; i++)
            if (places[i] == place)
                loss->place = (enum cut_place_kind)i;
        if (loss->place == CUT_AT_OPERATION)
            field_u64(&fields, place, 0, UINT32_MAX, &loss->at);
        else if (loss->place == CUT_AT_BYTE)
            field_u64(&fields, place, 0, UINT32_MAX, &loss->at);
        else if (loss->place == CUT_AT_SHARE)
            value_share(reading->diagnostics, at, "`share`", &loss->at);
        else
            value_duration(reading->diagnostics, at, "`time`", &loss->at);
        set_title(step, "power_loss at %s %s", place, at->kind == YAML_KIND_SCALAR ? at->text : "");
    }
    read_tear(reading, &fields, loss);
    fields_close(&fields);
}

// ---- at the bench -------------------------------------------------------------------------------

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
    const char *name = field_one_of(&fields, names, true);
    for (const struct word *word = efuse_words; word->name != NULL && name != NULL; word++)
        if (strcmp(word->name, name) == 0 &&
            read_efuse_field(reading, &fields, word, &step->as.efuse.field, &step->as.efuse.value))
            set_title(step, "set_efuse %s to %s", name, field(&fields, name)->text);
    fields_close(&fields);
}

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

// ---- repeat -------------------------------------------------------------------------------------

static void read_repeat(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_REPEAT;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`repeat`"))
        return;
    field_required(&fields, "count", "how many times: count: 40");
    field_u32(&fields, "count", 1, EXECUTED_STEPS_MAX, &step->as.repeat.count);
    const struct yaml_node *steps = field_required(&fields, "steps", "what is repeated: a list of steps");
    if (steps != NULL)
        read_steps(reading, steps, &step->as.repeat.steps, &step->as.repeat.step_count);
    set_title(step, "repeat %u times", step->as.repeat.count);
    fields_close(&fields);
}

// ---- a step -------------------------------------------------------------------------------------

static const struct verb {
    const char *name;
    read_verb *read;
} verbs[] = {
    {"boot", read_boot},
    {"restart", read_restart},
    {"deep_sleep", read_deep_sleep},
    {"power_cycle", read_power_cycle},
    {"wait", read_wait},
    {"update", read_update},
    {"power_loss", read_power_loss},
    {"io_fault", read_io_fault},
    {"corrupt", read_corrupt},
    {"set_otadata", read_set_otadata},
    {"set_efuse", read_set_efuse},
    {"hold_pin", read_hold_pin},
    {"repeat", read_repeat},
};
#define VERB_COUNT (sizeof verbs / sizeof *verbs)

static bool is_verb(const char *name) {
    enum ota_call call;
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return true;
    return call_step_find(name, &call);
}

static void report_unknown_step(struct reading *reading, const struct yaml_node *key) {
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0208", key->mark, "there is no step `%s`", key->text);
    const char *name = strncmp(key->text, "esp_ota_", 8) == 0 ? key->text + 8 : key->text;
    if (name != key->text && is_verb(name)) {
        diagnostic_help(item, "steps are called like the functions, without esp_ota_: `%s`", name);
        return;
    }
    const char *names[VERB_COUNT + CALL_CHECK_IMAGE_VALIDITY + 4];
    size_t count = 0;
    for (size_t i = 0; i < VERB_COUNT; i++)
        names[count++] = verbs[i].name;
    for (int call = 0; call <= CALL_CHECK_IMAGE_VALIDITY; call++)
        names[count++] = call_step_name((enum ota_call)call);
    names[count++] = "expect";
    names[count] = NULL;
    suggest(item, name, names);
}

static void read_verb_of(struct reading *reading, const struct yaml_node *value, const char *name,
                         struct step *step) {
    enum ota_call call;
    if (call_step_find(name, &call)) {
        read_call(reading, value, call, step);
        return;
    }
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0)
            verbs[i].read(reading, value, step);
}

// The step's one verb; NULL: it has none (then it only expects something), or that was reported.
static const struct yaml_pair *find_verb(struct reading *reading, const struct yaml_node *node) {
    const struct yaml_pair *found = NULL;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (!is_verb(pair->key->text))
            continue;
        if (found != NULL) {
            struct diagnostic *item =
                diagnostic_add(reading->diagnostics, "E0401", pair->key->mark,
                               "a second thing to do in one step: `%s`", pair->key->text);
            diagnostic_second(item, found->key->mark, "the first one");
            diagnostic_help(item, "begin a new step with `- ` before it");
            return NULL;
        }
        found = pair;
    }
    return found;
}

static void read_returns(struct reading *reading, struct fields *fields, struct step *step) {
    const struct yaml_node *node = field(fields, "returns");
    if (node == NULL)
        return;
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "any"))
        step->returns_any = true;
    else
        step->returns_set = read_error_code(reading, node, "`returns`", &step->returns);
}

static bool returns_code(const struct step *step) {
    return step->kind == STEP_UPDATE || (step->kind == STEP_CALL && call_returns_code(step->as.call.call));
}

// What the keys beside the verb may say, now that the verb is known.
static void check_step(struct reading *reading, struct fields *fields, const struct step *step) {
    const struct yaml_node *returns = field_key(fields, "returns"), *expect = field_key(fields, "expect");
    if (returns != NULL && !returns_code(step))
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0403", returns->mark, "this step returns no error code"),
            "`returns` belongs to `update` and to esp_ota_* calls that return an esp_err_t");
    if (expect != NULL && step->kind == STEP_POWER_LOSS)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0405", expect->mark,
                                       "`power_loss` only plans the cut: nothing has happened yet"),
                        "expect it of the step that follows");
}

// No verb: a step that only expects something, or one whose verb nobody knows.
static void read_verbless(struct reading *reading, struct fields *fields, bool expects, struct step *step) {
    const struct yaml_node *node = fields->node;
    const struct yaml_node *unknown = NULL;
    for (size_t i = 0; i < node->count; i++) {
        if (!fields->taken[i] && unknown == NULL)
            unknown = node->pairs[i].key;
        fields->taken[i] = true; // one error for the step is enough
    }
    if (unknown != NULL)
        report_unknown_step(reading, unknown);
    else if (!expects)
        diagnostic_add(reading->diagnostics, "E0103", node->mark, "this step does nothing");
    step->kind = STEP_EXPECT;
    set_title(step, "expect");
}

static void step_opened(struct reading *reading, struct fields *fields, const struct step *before,
                        struct step *step) {
    size_t errors = reading->diagnostics->error_count;
    const struct yaml_pair *verb = find_verb(reading, fields->node);
    bool ambiguous = reading->diagnostics->error_count != errors;
    field_text(fields, "name", 64, &step->name);
    read_returns(reading, fields, step);
    const struct yaml_node *expect = field(fields, "expect");
    if (verb != NULL) {
        step->mark = verb->key->mark;
        field(fields, verb->key->text);
        read_verb_of(reading, verb->value, verb->key->text, step);
    } else if (ambiguous) {
        memset(fields->taken, true, fields->node->count);
        return;
    } else {
        read_verbless(reading, fields, expect != NULL, step);
    }
    check_step(reading, fields, step);
    if (expect != NULL)
        read_expectations(reading, expect, step->kind == STEP_EXPECT ? before : step, &step->expectations,
                          &step->expectation_count);
}

static void read_step(struct reading *reading, const struct yaml_node *node, const struct step *before,
                      struct step *step) {
    static const struct yaml_node nothing = {.kind = YAML_KIND_SCALAR, .plain = true, .text = ""};
    step->kind = STEP_EXPECT;
    step->mark = node->mark;
    if (node->kind == YAML_KIND_SCALAR && !yaml_is_null(node)) { // `- boot`
        struct yaml_node alone = nothing;
        alone.mark = node->mark;
        if (is_verb(node->text))
            read_verb_of(reading, &alone, node->text, step);
        else
            report_unknown_step(reading, node);
        return;
    }
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "a step"))
        return;
    step_opened(reading, &fields, before, step);
    fields_close(&fields);
}

// ---- all of them --------------------------------------------------------------------------------

static bool runs_firmware(enum step_kind kind) {
    return kind == STEP_UPDATE || kind == STEP_CALL || kind == STEP_RESTART || kind == STEP_DEEP_SLEEP ||
           kind == STEP_BOOT || kind == STEP_POWER_CYCLE;
}

static void check_cuts(struct reading *reading, const struct step *steps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (steps[i].kind != STEP_POWER_LOSS || (i + 1 < count && runs_firmware(steps[i + 1].kind)))
            continue;
        struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0402", steps[i].mark,
                                                 "nothing runs after this `power_loss` that it could cut");
        if (i + 1 < count)
            diagnostic_second(item, steps[i + 1].mark, "this step runs no firmware");
        diagnostic_help(item, "put it right before the step that it cuts");
    }
}

void read_steps(struct reading *reading, const struct yaml_node *node, struct step **steps, size_t *count) {
    if (node->kind != YAML_KIND_SEQUENCE) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`steps`", "a list"),
                        "each step begins with `- `");
        return;
    }
    if (node->count == 0 || node->count > STEPS_MAX) {
        diagnostic_add(reading->diagnostics, node->count == 0 ? "E0110" : "E0009", node->mark,
                       "a list of steps has 1 to %u, this has %zu", STEPS_MAX, node->count);
        return;
    }
    size_t errors = reading->diagnostics->error_count;
    *steps = memory_zeroed(node->count, sizeof **steps);
    *count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        struct step *step = &(*steps)[i];
        const struct step *before = i == 0 ? NULL : step - 1;
        while (before != NULL && before->kind == STEP_EXPECT && before > *steps)
            before--;
        read_step(reading, node->items[i], before, step);
        if (step->title == NULL)
            set_title(step, "step %zu", i + 1);
    }
    if (reading->diagnostics->error_count == errors)
        check_cuts(reading, *steps, *count);
}
