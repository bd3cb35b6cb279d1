// Steps: what happens to the board, one after another. Each verb's reader stands beside its row.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_row.h"
#include "reader_calls.h"
#include "reader_expect.h"
#include "reader_names.h"
#include "reader_steps.h"
#include "values.h"

#define STEPS_MAX 4096u // written down; repeats may execute more

void set_title(struct step *step, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    free(step->title);
    step->title = memory_text(buffer_string(&text));
    buffer_free(&text);
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

static void release_repeat(struct step *step) {
    steps_free(step->as.repeat.steps, step->as.repeat.step_count);
}

static const struct key_row repeat_keys[] = {{"count", "required number(1..1000000)", "how many times"},
                                             {"steps", "required @steps", "what is repeated"},
                                             KEYS_END};

const struct step_row step_repeat = {
    .verb = "repeat",
    .form = "repeat: {count: 40, steps: [...]}",
    .help = "does its steps again and again",
    .keys = repeat_keys,
    .read = read_repeat,
    .release = release_repeat,
};

// It stands beside other verbs, too: read_expectations does the work.
const struct step_row step_expect = {
    .verb = "expect",
    .form = "expect: {...}",
    .help = "checks what can be seen now",
    .alone = "@expect",
};

// ---- a step -------------------------------------------------------------------------------------

static bool is_verb(const char *name) {
    enum ota_call call;
    return step_row_find(name) != NULL || call_find(name, &call);
}

static void report_unknown_step(struct reading *reading, const struct yaml_node *key) {
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0208", key->mark, "there is no step `%s`", key->text);
    const char *name = strncmp(key->text, "esp_ota_", 8) == 0 ? key->text + 8 : key->text;
    if (name != key->text && is_verb(name)) {
        diagnostic_help(item, "steps are called like the functions, without esp_ota_: `%s`", name);
        return;
    }
    const char *names[STEP_EXPECT + CALL_COUNT + 2];
    size_t count = 0;
    for (int kind = 0; kind < STEP_EXPECT; kind++)
        if (step_row((enum step_kind)kind)->read != NULL)
            names[count++] = step_row((enum step_kind)kind)->verb;
    for (int call = 0; call < CALL_COUNT; call++)
        names[count++] = call_row((enum ota_call)call)->name;
    names[count++] = step_expect.verb;
    names[count] = NULL;
    suggest(item, name, names);
}

static void read_verb_of(struct reading *reading, const struct yaml_node *value, const char *name,
                         struct step *step) {
    enum ota_call call;
    if (call_find(name, &call))
        read_call(reading, value, call, step);
    else
        step_row_find(name)->read(reading, value, step);
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

// What the keys beside the verb may say, now that the verb is known.
static void check_step(struct reading *reading, struct fields *fields, const struct step *step) {
    const struct yaml_node *returns = field_key(fields, "returns"), *expect = field_key(fields, "expect");
    if (returns != NULL && !step_returns_code(step))
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0403", returns->mark, "this step returns no error code"),
            "`returns` belongs to `update` and to esp_ota_* calls that return an esp_err_t");
    if (expect != NULL && step_row(step->kind)->only_plans)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0405", expect->mark,
                                       "`%s` only plans the cut: nothing has happened yet",
                                       step_row(step->kind)->verb),
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
    field_line(fields, "name", 64, &step->name);
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

// Half of a step is found by rehearsing it on a second board, where the app that runs here does not run.
static void check_share(struct reading *reading, const struct step *cut, const struct step *next) {
    bool rehearsed = step_row(cut->kind)->only_plans &&
                     (cut->as.power_loss.place == CUT_AT_BYTE || cut->as.power_loss.place == CUT_AT_SHARE);
    if (!rehearsed || next->kind != STEP_GUEST_CALL)
        return;
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0402", cut->mark,
                       "how far a function of your own code comes cannot be told beforehand");
    diagnostic_second(item, next->mark, "the function that is called");
    diagnostic_help(item, "say which operation or when: power_loss: {operation: 12}; `explore` cuts at each");
}

static void check_cuts(struct reading *reading, const struct step *steps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count)
            check_share(reading, &steps[i], &steps[i + 1]);
        if (!step_row(steps[i].kind)->only_plans ||
            (i + 1 < count && step_row(steps[i + 1].kind)->runs_firmware))
            continue;
        struct diagnostic *item =
            diagnostic_add(reading->diagnostics, "E0402", steps[i].mark,
                           "nothing runs after this `%s` that it could cut", step_row(steps[i].kind)->verb);
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
