// What is explored, what has to hold then, and what is known not to.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_expect.h"
#include "reader_explore.h"
#include "reader_known.h"
#include "reader_names.h"
#include "values.h"

#define DEPTH_OF_APPS_THAT_WRITE 2u // they write anew after each cut: there is always one more state
#define BOOTS_MAX_DEFAULT        16u
#define LATE_BIT_SAMPLES_DEFAULT 64u
#define ERASES_MAX_DEFAULT       8u

static void fault_words(struct word words[FAULT_WORDS + 1]) {
    for (uint32_t i = 0; i < FAULT_WORDS; i++)
        words[i] = (struct word){fault_word(i).name, (int)fault_word(i).models};
    words[FAULT_WORDS] = (struct word){NULL, 0};
}

static void invariant_words(struct word words[INVARIANT_COUNT + 1]) {
    for (int i = 0; i < INVARIANT_COUNT; i++)
        words[i] = (struct word){invariant_name((enum invariant)i), i};
    words[INVARIANT_COUNT] = (struct word){NULL, 0};
}

// ---- fault models -------------------------------------------------------------------------------

void read_fault_models(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    struct word words[FAULT_WORDS + 1];
    fault_words(words);
    uint32_t models = 0;
    size_t count = node->kind == YAML_KIND_SEQUENCE ? node->count : 1;
    if (count == 0)
        diagnostic_add(reading->diagnostics, "E0110", node->mark, "this list of fault models is empty");
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->kind == YAML_KIND_SEQUENCE ? node->items[i] : node;
        int model;
        if (value_word(reading->diagnostics, item, "a fault model", "E0107", words, &model))
            models |= (uint32_t)model;
    }
    if (models != 0)
        *out = models;
}

static void read_bit_rot_range(struct reading *reading, const struct yaml_node *node) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`bit_rot`"))
        return;
    const struct yaml_node *at =
        field_required(&fields, "at", "where: at: otadata, at: ota_1+0x4000 or at: 0x8000");
    struct bit_rot_range range = {.length = reading->scenario->board.chip.size};
    bool found = at != NULL && find_place(reading, at, &range.address, &range.length);
    field_u32(&fields, "length", 1, range.length, &range.length);
    field_bool(&fields, "pairs", &range.pairs);
    if (found) {
        struct scenario_exploration *explore = &reading->scenario->explore;
        explore->bit_rot =
            memory_resize(explore->bit_rot, (explore->bit_rot_count + 1) * sizeof *explore->bit_rot);
        explore->bit_rot[explore->bit_rot_count++] = range;
        explore->fault_models |= FAULT_BIT_ROT;
    }
    fields_close(&fields);
}

static void read_bit_rot(struct reading *reading, const struct yaml_node *node) {
    if (node->kind != YAML_KIND_SEQUENCE) {
        read_bit_rot_range(reading, node);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_bit_rot_range(reading, node->items[i]);
}

// ---- invariants ---------------------------------------------------------------------------------

// A list names those that are checked; a mapping switches single ones on and off.
static void read_invariants(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    struct word words[INVARIANT_COUNT + 1];
    invariant_words(words);
    int invariant;
    if (node->kind == YAML_KIND_MAPPING) {
        for (size_t i = 0; i < node->count; i++) {
            bool on;
            if (value_word(reading->diagnostics, node->pairs[i].key, "an invariant", "E0210", words,
                           &invariant) &&
                value_bool(reading->diagnostics, node->pairs[i].value, "an invariant", &on))
                *out = on ? *out | 1u << invariant : *out & ~(1u << invariant);
        }
        return;
    }
    if (node->kind == YAML_KIND_SCALAR) {
        value_wrong_type(reading->diagnostics, node, "`invariants`",
                         "a list, or a mapping such as {settles: off}");
        return;
    }
    uint32_t chosen = 0;
    for (size_t i = 0; i < node->count; i++)
        if (value_word(reading->diagnostics, node->items[i], "an invariant", "E0210", words, &invariant))
            chosen |= 1u << invariant;
    *out = chosen;
}

static void read_custom(struct reading *reading, const struct yaml_node *node) {
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`custom`", "a mapping"),
                        "write NAME: {version: 1.0.0}, with what has to hold as in `expect`");
        return;
    }
    if (node->count > INVARIANTS_CUSTOM_MAX) {
        diagnostic_add(reading->diagnostics, "E0009", node->mark, "more than %u invariants of your own",
                       INVARIANTS_CUSTOM_MAX);
        return;
    }
    struct scenario_exploration *explore = &reading->scenario->explore;
    explore->custom = memory_zeroed(node->count + 1, sizeof *explore->custom);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        struct custom_invariant *custom = &explore->custom[explore->custom_count++];
        custom->name = memory_text(pair->key->text);
        for (int j = 0; j < INVARIANT_COUNT; j++)
            if (strcmp(invariant_name((enum invariant)j), custom->name) == 0)
                diagnostic_add(reading->diagnostics, "E0502", pair->key->mark,
                               "`%s` is the name of a built-in invariant", custom->name);
        read_expectations(reading, pair->value, NULL, &custom->expectations, &custom->expectation_count);
        for (size_t j = 0; j < custom->expectation_count; j++) {
            enum observable what = custom->expectations[j].what;
            if (what == SEE_RETURN || what == SEE_OPERATIONS || what == SEE_BOOTS)
                diagnostic_help(
                    diagnostic_add(reading->diagnostics, "E0503", custom->expectations[j].mark,
                                   "an invariant looks at a recovered device, not back on a step"),
                    "returned, operations and boots belong to the `expect` of a step");
        }
    }
}

// ---- where, how deep, how often -----------------------------------------------------------------

static bool find_step(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    const struct scenario *scenario = reading->scenario;
    const char *text = value_text(reading->diagnostics, node, "a step");
    uint64_t number;
    if (text == NULL)
        return false;
    const char **names = memory_zeroed(scenario->step_count + 1, sizeof *names);
    size_t count = 0;
    bool found = false;
    for (size_t i = 0; i < scenario->step_count && !found; i++) {
        if (scenario->steps[i].name == NULL)
            continue;
        names[count++] = scenario->steps[i].name;
        found = strcmp(scenario->steps[i].name, text) == 0;
        *out = (uint32_t)i;
    }
    if (!found && number_parse(text, &number) && number >= 1 && number <= scenario->step_count) {
        *out = (uint32_t)number - 1;
        found = true;
    }
    if (!found)
        suggest(diagnostic_add(reading->diagnostics, "E0211", node->mark,
                               "there is no step called `%s`, and the steps count from 1 to %zu", text,
                               scenario->step_count),
                text, names);
    free(names);
    return found;
}

static void read_between(struct reading *reading, const struct yaml_node *node) {
    struct scenario_exploration *explore = &reading->scenario->explore;
    if (node->kind != YAML_KIND_SEQUENCE || node->count != 2) {
        diagnostic_help(diagnostic_add(reading->diagnostics,
                                       node->kind == YAML_KIND_SEQUENCE ? "E0110" : "E0104", node->mark,
                                       "`between` must be a list of two steps"),
                        "write the first and the last: between: [update, 5]");
        return;
    }
    uint32_t first, last;
    bool fine = find_step(reading, node->items[0], &first);
    if (!find_step(reading, node->items[1], &last) || !fine)
        return;
    if (first > last)
        diagnostic_add(reading->diagnostics, "E0106", node->mark, "`between` ends before it begins");
    explore->first_step = first;
    explore->last_step = last;
}

static void read_depth(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "unbounded"))
        *out = 0;
    else
        value_u32(reading->diagnostics, node, "`depth`", 1, 1000, out);
}

static void read_rate(struct reading *reading, const struct yaml_node *node, double *out) {
    const char *text = value_text(reading->diagnostics, node, "`cuts_per_hour`");
    if (text == NULL)
        return;
    char *end;
    double rate = strtod(text, &end);
    bool plain = strspn(text, "0123456789.eE+-") == strlen(text);
    if (!plain || end == text || *end != '\0')
        value_wrong_type(reading->diagnostics, node, "`cuts_per_hour`", "a number such as 0.1");
    else if (!(rate > 0 && rate <= 1e6))
        diagnostic_add(reading->diagnostics, "E0106", node->mark,
                       "`cuts_per_hour` must lie above 0 and not above 1000000");
    else
        *out = rate;
}

// ---- the exploration ----------------------------------------------------------------------------

static void explore_defaults(struct reading *reading) {
    struct scenario *scenario = reading->scenario;
    scenario->explore.fault_models = fault_models_default();
    scenario->explore.invariants = INVARIANTS_DEFAULT;
    scenario->explore.retry = true;
    scenario->explore.depth = scenario->apps_write_nvs ? DEPTH_OF_APPS_THAT_WRITE : 0;
    scenario->explore.boots_max = BOOTS_MAX_DEFAULT;
    scenario->explore.late_bit_samples = LATE_BIT_SAMPLES_DEFAULT;
    scenario->explore.erases_max = ERASES_MAX_DEFAULT;
    scenario->explore.last_step = scenario->step_count == 0 ? 0 : (uint32_t)scenario->step_count - 1;
}

// Nothing is cut: what belongs to cuts would do nothing.
static void read_no_faults(struct reading *reading, struct fields *fields) {
    static const char *const of_cuts[] = {
        "depth",   "custom",  "max_time",         "max_states",    "max_memory", "retry",
        "bit_rot", "between", "late_bit_samples", "cuts_per_hour", "erases_max"};
    reading->scenario->explore.enabled = false;
    for (size_t i = 0; i < sizeof of_cuts / sizeof of_cuts[0]; i++)
        if (field(fields, of_cuts[i]) != NULL)
            (void)field_idle(fields, of_cuts[i], "`faults: none` cuts nothing");
}

static void read_explore_fields(struct reading *reading, struct fields *fields) {
    struct scenario_exploration *explore = &reading->scenario->explore;
    const struct yaml_node *node;
    if ((node = field(fields, "faults")) != NULL && node->kind == YAML_KIND_SCALAR &&
        same_word(node->text, "none"))
        read_no_faults(reading, fields);
    else if (node != NULL)
        read_fault_models(reading, node, &explore->fault_models);
    bool rots = (explore->fault_models & FAULT_BIT_ROT) != 0;
    if ((node = field(fields, "bit_rot")) != NULL)
        read_bit_rot(reading, node);
    else if (rots && field_key(fields, "faults") != NULL)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0501", field_key(fields, "faults")->mark,
                                       "`bit_rot` needs to know which bits may flip"),
                        "add bit_rot: {at: otadata, length: 32}");
    if ((node = field(fields, "depth")) != NULL)
        read_depth(reading, node, &explore->depth);
    if ((node = field(fields, "invariants")) != NULL)
        read_invariants(reading, node, &explore->invariants);
    if ((node = field(fields, "custom")) != NULL)
        read_custom(reading, node);
    if ((node = field(fields, "known")) != NULL)
        read_known_violations(reading, node);
    if ((node = field(fields, "platform_hazards")) != NULL)
        read_platform_hazards(reading, node);
    if ((node = field(fields, "max_time")) != NULL)
        value_duration(reading->diagnostics, node, "`max_time`", &explore->time_max_us);
    field_u64(fields, "max_states", 1, UINT64_MAX >> 1, &explore->states_max);
    field_u64(fields, "max_memory", 1u << 20, UINT64_MAX >> 1, &explore->memory_max);
    field_bool(fields, "retry", &explore->retry);
    field_u32(fields, "boots_max", 1, 1000, &explore->boots_max);
    field_u32(fields, "late_bit_samples", 1, 1u << 20, &explore->late_bit_samples);
    field_u32(fields, "erases_max", 1, 1u << 20, &explore->erases_max);
    if ((node = field(fields, "cuts_per_hour")) != NULL)
        read_rate(reading, node, &explore->cuts_per_hour);
    if ((node = field(fields, "between")) != NULL)
        read_between(reading, node);
}

static bool listed(struct fields *fields) {
    const struct yaml_node *node = field(fields, "invariants");
    return node != NULL && node->kind == YAML_KIND_SEQUENCE;
}

// What belongs to a fault model or an invariant that is off.
static void refuse_idle(struct fields *fields, const struct scenario_exploration *explore) {
    char why[80];
    for (uint32_t i = 0; i < INVARIANT_COUNT; i++) {
        const char *setting = invariant_row(i)->setting;
        bool checked = (explore->invariants >> i & 1) != 0;
        const struct yaml_node *value = setting == NULL ? NULL : field(fields, setting);
        bool off = value != NULL && strcmp(setting, "retry") == 0 && !explore->retry;
        (void)snprintf(why, sizeof why, "`invariants` leaves %s out", invariant_row(i)->name);
        if (value != NULL && !checked && !off)
            (void)field_idle(fields, setting, why);
        if (checked && off && listed(fields))
            diagnostic_add(fields->diagnostics, "E0115", value->mark,
                           "`%s` would never be checked: `%s` is off", invariant_row(i)->name, setting);
    }
}

void read_explore(struct reading *reading, const struct yaml_node *node) {
    explore_defaults(reading);
    if (node == NULL)
        return;
    struct scenario_exploration *explore = &reading->scenario->explore;
    explore->mark = node->mark;
    explore->enabled = true;
    if (node->kind == YAML_KIND_SCALAR) {
        value_bool(reading->diagnostics, node, "`explore`", &explore->enabled);
        return;
    }
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`explore`"))
        return;
    read_explore_fields(reading, &fields);
    refuse_idle(&fields, explore);
    fields_close(&fields);
}

// ---- known bugs ---------------------------------------------------------------------------------

static void read_bug(struct reading *reading, const struct yaml_node *node) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "a known bug"))
        return;
    struct scenario *scenario = reading->scenario;
    scenario->known_bugs =
        memory_resize(scenario->known_bugs, (scenario->known_bug_count + 1) * sizeof *scenario->known_bugs);
    struct scenario_known_bug *bug = &scenario->known_bugs[scenario->known_bug_count++];
    *bug = (struct scenario_known_bug){.mark = node->mark};
    const struct yaml_node *releases = field(&fields, "releases"); // none: under all
    if (releases != NULL)
        read_releases(reading, releases, &bug->releases, &bug->release_count);
    field_required(&fields, "why", "one sentence: what goes wrong");
    field_text(&fields, "why", 1000, &bug->why);
    field_text(&fields, "link", 1000, &bug->link);
    fields_close(&fields);
}

void read_known_bugs(struct reading *reading, const struct yaml_node *node) {
    if (node->kind != YAML_KIND_SEQUENCE) {
        value_wrong_type(reading->diagnostics, node, "`known_bugs`", "a list of {releases: ..., why: ...}");
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_bug(reading, node->items[i]);
}
