// Violations that a scenario declares as known, each bound to its cause.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_row.h"
#include "reader_explore.h"
#include "reader_known.h"
#include "reader_names.h"
#include "values.h"

#define DURING_MAX 64u

// ---- which one ----------------------------------------------------------------------------------

static bool find_invariant(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    const char *name = value_text(reading->diagnostics, node, "`invariant`");
    if (name == NULL)
        return false;
    const struct scenario_exploration *explore = &reading->scenario->explore;
    const char **names = memory_zeroed(INVARIANT_COUNT + explore->custom_count + 1, sizeof *names);
    bool found = false;
    for (uint32_t i = 0; i < INVARIANT_COUNT + explore->custom_count && !found; i++) {
        names[i] = i < INVARIANT_COUNT ? invariant_name((enum invariant)i)
                                       : explore->custom[i - INVARIANT_COUNT].name;
        found = strcmp(names[i], name) == 0;
        *out = i;
    }
    if (!found)
        suggest(diagnostic_add(reading->diagnostics, "E0210", node->mark, "there is no invariant `%s`", name),
                name, names);
    free(names);
    return found;
}

// ---- while what ---------------------------------------------------------------------------------

#define CALL_PREFIX "esp_ota_"

// A firmware call, with its prefix or without; the step of that name; the bootloader; nothing at all.
static bool is_during(const struct reading *reading, const char *text, const char **names, size_t *count) {
    const struct scenario *scenario = reading->scenario;
    const char *bare =
        strncmp(text, CALL_PREFIX, strlen(CALL_PREFIX)) == 0 ? text + strlen(CALL_PREFIX) : text;
    bool found = (strncmp(text, "esp_", 4) == 0 || strncmp(text, "nvs_", 4) == 0) &&
                 bare == text; // of another component
    names[(*count)++] = KNOWN_DURING_BOOT;
    names[(*count)++] = KNOWN_DURING_REST;
    for (int call = 0; call < CALL_COUNT; call++)
        names[(*count)++] = call_row((enum ota_call)call)->name;
    for (size_t i = 0; i < *count; i++)
        found |= strcmp(names[i], i < 2 ? text : bare) == 0;
    for (size_t i = 0; i < scenario->step_count; i++) {
        if (scenario->steps[i].name == NULL)
            continue;
        names[(*count)++] = scenario->steps[i].name;
        found |= strcmp(scenario->steps[i].name, text) == 0;
    }
    return found;
}

static void read_during(struct reading *reading, struct fields *fields, struct known_violation *known) {
    const struct yaml_node *node = field(fields, "during");
    if (node == NULL || !field_text(fields, "during", DURING_MAX, &known->during))
        return; // its absence is an error of the run, which knows what would be right
    const char **names = memory_zeroed(reading->scenario->step_count + CALL_COUNT + 3, sizeof *names);
    size_t count = 0;
    if (!is_during(reading, known->during, names, &count))
        suggest(
            diagnostic_add(reading->diagnostics, "E0212", node->mark,
                           "`%s` is neither a firmware call, nor the name of a step, nor `boot` or `rest`",
                           known->during),
            known->during, names);
    free(names);
}

static void read_in(struct reading *reading, struct fields *fields, struct known_violation *known) {
    const struct yaml_node *node = field(fields, "in");
    const struct partition_entry *partition =
        node == NULL ? NULL : find_partition(reading, node, "the partition");
    if (partition != NULL)
        known->in = memory_text(partition->name);
}

static void read_operation(struct reading *reading, struct fields *fields, struct known_violation *known) {
    static const struct word words[] = {
        {"program", JOURNAL_PROGRAM}, {"erase", JOURNAL_ERASE}, {"burn", JOURNAL_EFUSE}, {NULL, 0}};
    const struct yaml_node *node = field(fields, "operation");
    int kind;
    if (node != NULL && value_word(reading->diagnostics, node, "`operation`", "E0107", words, &kind)) {
        known->operation = (enum journal_kind)kind;
        known->operation_set = true;
    }
}

static void read_tears(struct reading *reading, struct fields *fields, struct known_violation *known) {
    const struct yaml_node *node = field(fields, "tear");
    known->uncut = node != NULL && node->kind == YAML_KIND_SCALAR && strcmp(node->text, KNOWN_UNCUT) == 0;
    if (node != NULL && !known->uncut)
        read_fault_models(reading, node, &known->tears);
}

static void read_bound(struct reading *reading, struct fields *fields, struct known_violation *known) {
    const struct yaml_node *node = field(fields, "exposure_max");
    known->bounded =
        node != NULL && value_share(reading->diagnostics, node, "`exposure_max`", &known->exposure_max);
}

// ---- an entry -----------------------------------------------------------------------------------

static void read_known_one(struct reading *reading, const struct yaml_node *node) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "a known violation"))
        return;
    struct scenario_exploration *explore = &reading->scenario->explore;
    explore->known = memory_resize(explore->known, (explore->known_count + 1) * sizeof *explore->known);
    struct known_violation *known = &explore->known[explore->known_count++];
    *known = (struct known_violation){.mark = node->mark};
    const struct yaml_node *invariant =
        field_required(&fields, "invariant", "which one: invariant: old-or-new");
    if (invariant != NULL)
        find_invariant(reading, invariant, &known->invariant);
    read_during(reading, &fields, known);
    read_in(reading, &fields, known);
    read_operation(reading, &fields, known);
    read_tears(reading, &fields, known);
    read_bound(reading, &fields, known);
    field_required(&fields, "why", "one sentence: why it is so, and why nothing is done about it here");
    field_text(&fields, "why", 1000, &known->why);
    field_text(&fields, "link", 1000, &known->link);
    const struct yaml_node *releases = field(&fields, "releases");
    if (releases != NULL)
        read_releases(reading, releases, &known->releases, &known->release_count);
    fields_close(&fields);
}

void read_known_violations(struct reading *reading, const struct yaml_node *node) {
    if (node->kind != YAML_KIND_SEQUENCE) {
        value_wrong_type(reading->diagnostics, node, "`known`",
                         "a list of {invariant: ..., during: ..., why: ...}");
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_known_one(reading, node->items[i]);
}

void read_platform_hazards(struct reading *reading, const struct yaml_node *node) {
    static const struct word words[] = {{"show", 0}, {"fail", 1}, {NULL, 0}};
    int fail;
    if (value_word(reading->diagnostics, node, "`platform_hazards`", "E0107", words, &fail))
        reading->scenario->explore.platform_hazards_fail = fail != 0;
}
