// Prints the tables of ota-sim as JSON, for tools/schema, which makes schema, docs and completions of them.
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "ota/chip_target.h"
#include "ota/release_profile.h"
#include "sim/explore/invariant.h"
#include "sim/hw/fault_model.h"
#include "sim/hw/nor_chip.h"
#include "sim/language/call_row.h"
#include "sim/language/key_tables.h"
#include "sim/language/reader_behaviour.h"
#include "sim/language/reader_board.h"
#include "sim/language/step_row.h"
#include "sim/language/values.h"

static json_t *text_or_null(const char *text) {
    return text == NULL ? json_null() : json_string(text);
}

static void append_key(json_t *list, const struct key_row *key) {
    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s}", "name", key->name, "type", key->type, "help", key->help));
}

static json_t *keys_of(const struct key_row *keys) {
    json_t *list = json_array();
    for (; keys != NULL && keys->name != NULL; keys++)
        append_key(list, keys);
    return list;
}

// ---- steps --------------------------------------------------------------------------------------

static json_t *steps(void) {
    static const enum step_kind kinds[] = {
#define KIND(NAME, symbol) STEP_##NAME,
        STEPS(KIND)
#undef KIND
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct step_row *row = step_row(kinds[i]);
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:b}", "verb", row->verb, "form",
                                        row->form, "help", row->help, "alone", text_or_null(row->alone),
                                        "keys", keys_of(row->keys), "is_verb", row->read != NULL, "returns",
                                        row->returns_code, "plans", row->only_plans));
    }
    return list;
}

static json_t *arguments_of(const struct call_row *row) {
    static const struct {
        unsigned takes;
        struct key_row key;
    } arguments[] = {
        {TAKES_PARTITION, {"partition", "@pointer", "a partition's label; nothing: NULL"}},
        {NEEDS_IMAGE, {"image", "required @name", "an image by its name"}},
        {TAKES_IMAGE, {"image", "@name", "an image by its name"}},
        {TAKES_SIZE, {"size", "@size", "what is told of the size"}},
        {NEEDS_PARTITION, {"partition", "required @pointer", "a partition's label; nothing: NULL"}},
        {NEEDS_ADDRESS,
         {"address", "required @place", "where in flash: an address, or a partition and an offset"}},
        {TAKES_PROTECT, {"protect", "truth", "whether it is on; default true"}},
        {NEEDS_BYTES, {"bytes", "one of: @bytes", "hexadecimal bytes"}},
        {NEEDS_BYTES, {"text", "one of: any_scalar", "a text"}},
        {NEEDS_BYTES, {"fill", "one of: number(0..255)", "this byte, `length` times"}},
        {NEEDS_BYTES, {"random", "one of: number", "random bytes, from this seed"}},
        {NEEDS_BYTES, {"image", "one of: @name", "an image by its name"}},
        {NEEDS_BYTES, {"file", "one of: text", "a file"}},
        {NEEDS_BYTES, {"part", "text", "of a merged file, as for images"}},
        {NEEDS_BYTES, {"from", "number", "where in these bytes it begins; default 0"}},
        {NEEDS_BYTES, {"length", "number", "how many of them; default all"}},
        {TAKES_OFFSET, {"offset", "number", "where it begins"}},
        {TAKES_LENGTH, {"length", "number", "how many bytes; default all"}},
        {TAKES_COPY, {"finalize_with_copy", "truth", "copy it there in the end"}},
        {TAKES_HANDLE | OPENS_HANDLE, {"handle", "@name", "name of the handle variable; default `handle`"}},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if ((row->takes & arguments[i].takes) != 0)
            append_key(list, &arguments[i].key);
    return list;
}

static json_t *calls(void) {
    json_t *list = json_array();
    for (int call = 0; call < CALL_COUNT; call++) {
        const struct call_row *row = call_row((enum ota_call)call);
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s, s:b}", "verb", row->name, "main",
                                              text_or_null(row->main), "keys", arguments_of(row), "help",
                                              row->help, "returns", call_returns_code(row)));
    }
    return list;
}

// ---- fault models, invariants -------------------------------------------------------------------

static json_t *tears_of(const struct fault_model *model) {
    json_t *list = json_array();
    for (size_t i = 0; i < TEAR_FORMS_MAX && model->forms[i].name != NULL; i++) {
        const struct tear_form *form = &model->forms[i];
        json_t *examples = json_array();
        for (size_t e = 0; form->examples[e] != NULL; e++)
            json_array_append_new(examples, json_string(form->examples[e]));
        json_array_append_new(list, json_pack("{s:s, s:b, s:b, s:b, s:b, s:o}", "name", form->name, "a",
                                              form->has_a, "b", form->has_b, "seed", form->has_seed, "pair",
                                              form->pair, "examples", examples));
    }
    return list;
}

static json_t *fault_models(void) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        const struct fault_model *model = fault_model(i);
        json_array_append_new(list, json_pack("{s:s, s:b, s:o, s:s, s:s, s:s, s:b, s:o}", "name", model->name,
                                              "default", model->by_default, "needs",
                                              text_or_null(model->needs), "meaning", model->meaning, "tried",
                                              model->tried, "source", model->source, "cuts",
                                              model->scope == FAULT_CUTS, "tears", tears_of(model)));
    }
    return list;
}

static json_t *invariants(void) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < INVARIANT_COUNT; i++) {
        const struct invariant_row *row = invariant_row(i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", row->name, "title", row->title,
                                              "paragraph", row->paragraph));
    }
    return list;
}

// ---- names --------------------------------------------------------------------------------------

static json_t *words_of(const struct word *words) {
    json_t *list = json_array();
    for (; words->name != NULL; words++)
        json_array_append_new(list, json_string(words->name));
    return list;
}

static json_t *actions(void) {
    json_t *list = json_array();
    for (int kind = 0; kind < APP_ACTION_COUNT; kind++) {
        const struct app_action_row *row = app_action_row((enum app_action_kind)kind);
        json_array_append_new(
            list, json_pack("{s:s, s:b, s:s}", "word", row->word, "takes", row->takes, "help", row->help));
    }
    return list;
}

static json_t *names(void) {
    json_t *targets = json_array(), *chips = json_array(), *releases = json_array(), *faults = json_array();
    for (const struct chip_target *target = chip_targets; target->name != NULL; target++)
        json_array_append_new(targets, json_string(target->name));
    for (const struct nor_chip *chip = nor_chips; chip->name != NULL; chip++)
        json_array_append_new(chips, json_string(chip->name));
    for (const struct release_profile *release = release_profiles; release->name != NULL; release++)
        json_array_append_new(releases, json_string(release->name));
    for (const struct release_profile *patch = release_patches; patch->name != NULL; patch++)
        json_array_append_new(releases, json_string(patch->name));
    for (uint32_t i = 0; i < FAULT_WORDS; i++)
        json_array_append_new(faults, json_string(fault_word(i).name));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "targets", targets, "chips", chips, "releases",
                     releases, "faults", faults, "efuse", words_of(efuse_words), "resets",
                     words_of(reset_reason_words));
}

// ---- releases -----------------------------------------------------------------------------------

// A list a line, of each tag and whether it has a change; the first tag is called as its line is.
static json_t *lines_with(const struct release_change *change) {
    json_t *lines = json_array();
    for (const struct release_profile *line = release_profiles; line->name != NULL; line++) {
        json_t *tags = json_array();
        for (const struct release_profile *patch = release_patches; patch->name != NULL; patch++)
            if (release_profile_line(patch) == line) {
                bool first = json_array_size(tags) == 0 && patch->version % 1000u >= 10; // no beta
                json_array_append_new(
                    tags, json_pack("[s, b]", first ? line->name : patch->name, change->has(patch->version)));
            }
        if (release_profile_find(line->tag) == line) // it is no tag itself
            json_array_append_new(tags, json_pack("[s, b]", line->name, change->has(line->version)));
        json_array_append_new(lines, tags);
    }
    return lines;
}

static json_t *changes(void) {
    json_t *list = json_array();
    for (const struct release_change *change = release_changes; change->name != NULL; change++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:o, s:o}", "rule", change->rule, "text", change->text,
                                        "needs", text_or_null(change->needs), "lines", lines_with(change)));
    return list;
}

static json_t *tables(void) {
    json_t *all = json_object();
    for (const struct key_table *table = key_tables; table->name != NULL; table++)
        json_object_set_new(all, table->name, keys_of(table->keys));
    json_t *expect = json_array();
    for (size_t i = 0; expect_key(i) != NULL; i++)
        append_key(expect, expect_key(i));
    json_object_set_new(all, "expect", expect);
    return all;
}

int main(void) {
    json_t *all = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "changes", changes(), "steps",
                            steps(), "calls", calls(), "actions", actions(), "fault_models", fault_models(),
                            "invariants", invariants(), "names", names(), "tables", tables());
    int failed = all == NULL || json_dumpf(all, stdout, JSON_INDENT(1)) != 0 || puts("") < 0;
    json_decref(all);
    return failed;
}
