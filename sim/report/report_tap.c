#include "report_tap.h"

#include <inttypes.h>
#include <string.h>

#include "json_value.h"
#include "report_text.h"
#include "report_words.h"

// ---- YAML: every text is a JSON string, which YAML reads as it stands ---------------------------

static void print_quoted(struct buffer *out, const char *text) {
    json_t *value = json_value_text(text);
    json_print(value, JSON_ENCODE_ANY, out);
    json_decref(value);
}

static void print_text(struct buffer *out, unsigned depth, const char *key, const char *text) {
    if (!text)
        return;
    buffer_printf(out, "%*s%s: ", (int)depth, "", key);
    print_quoted(out, text);
    buffer_text(out, "\n");
}

// A text of several lines, as a list of them.
static void print_lines(struct buffer *out, unsigned depth, const char *key, const char *text) {
    if (!text || !*text)
        return;
    buffer_printf(out, "%*s%s:\n", (int)depth, "", key);
    while (*text) {
        size_t length = strcspn(text, "\n");
        struct buffer line = {0};
        buffer_append(&line, text, length);
        buffer_printf(out, "%*s- ", (int)depth + 2, "");
        print_quoted(out, buffer_string(&line));
        buffer_text(out, "\n");
        buffer_free(&line);
        text += length + (text[length] == '\n');
    }
}

// "key: text", where a function of report_words makes the text.
static void print_words(struct buffer *out, unsigned depth, const char *key, struct buffer *words) {
    print_text(out, depth, key, buffer_string(words));
    buffer_free(words);
}

// ---- a scenario ---------------------------------------------------------------------------------

static void print_failure(struct buffer *out, const struct result_scenario *scenario,
                          const struct result_failure *failure) {
    buffer_text(out, "    - message: ");
    print_quoted(out, failure->message);
    buffer_text(out, "\n");
    print_text(out, 6, "rule", failure->kind);
    if (failure->line > 0) {
        struct buffer place = {0};
        buffer_printf(&place, "%s:%" PRIu32 ":%" PRIu32, scenario->file, failure->line, failure->column);
        print_words(out, 6, "at", &place);
    }
    print_text(out, 6, "step", failure->step);
    print_text(out, 6, "expected", failure->expected);
    print_text(out, 6, "actual", failure->actual);
    print_lines(out, 6, "said", failure->said);
    print_lines(out, 6, "otadata", failure->otadata);
    print_lines(out, 6, "operations", failure->operations);
}

static void print_violation(struct buffer *out, const struct result_scenario *scenario,
                            const struct result_violation *violation) {
    struct buffer exposure = {0}, replay = {0};
    words_exposure(&exposure, scenario, violation);
    words_replay(&replay, scenario, violation);
    buffer_text(out, "    - invariant: ");
    print_quoted(out, violation->invariant);
    buffer_text(out, "\n");
    print_text(out, 6, "cause", violation->culprit);
    print_text(out, 6, "hazard", violation->hazard);
    print_text(out, 6, "story", violation->story);
    print_words(out, 6, "exposure", &exposure);
    print_words(out, 6, "replay", &replay);
    print_text(out, 6, "why", violation->why);
    print_text(out, 6, "link", violation->link);
    print_text(out, 6, "mismatch", violation->mismatch);
    if (!violation->known)
        print_lines(out, 6, "entry", violation->entry);
}

static void print_violations(struct buffer *out, const struct result_scenario *scenario, const char *key,
                             bool known) {
    size_t count = 0;
    for (size_t i = 0; i < scenario->violation_count; i++) {
        if (scenario->violations[i].known != known)
            continue;
        if (count++ == 0)
            buffer_printf(out, "  %s:\n", key);
        print_violation(out, scenario, &scenario->violations[i]);
    }
}

static void print_diagnostics(struct buffer *out, const struct result_scenario *scenario) {
    bool good = scenario->verdict == VERDICT_PASS;
    struct buffer reason = {0}, rerun = {0};
    words_reason(&reason, scenario);
    words_rerun(&rerun, scenario);
    buffer_text(out, "  ---\n");
    if (!good)
        print_text(out, 2, "message", buffer_string(&reason));
    print_text(out, 2, "severity", good ? "comment" : scenario->verdict == VERDICT_FAIL ? "fail" : "error");
    buffer_printf(out, "  seed: %" PRIu64 "\n  expectations: %" PRIu32 "\n  boots: %" PRIu64 "\n",
                  scenario->seed, scenario->expectations_met + scenario->expectations_failed,
                  scenario->boots);
    if (scenario->exploration.ran)
        buffer_printf(out, "  crash_states: %" PRIu64 "\n", scenario->exploration.crash_states);
    if (!good)
        print_text(out, 2, "rerun", buffer_string(&rerun));
    if (scenario->failure_count > 0)
        buffer_text(out, "  failures:\n");
    for (size_t i = 0; i < scenario->failure_count; i++)
        print_failure(out, scenario, &scenario->failures[i]);
    print_violations(out, scenario, "violations", false);
    print_violations(out, scenario, "known_violations", true);
    if (scenario->known_bug_count > 0)
        buffer_text(out, "  known_bugs:\n");
    for (size_t i = 0; i < scenario->known_bug_count; i++) {
        buffer_text(out, "    - ");
        print_quoted(out, scenario->known_bugs[i]);
        buffer_text(out, "\n");
    }
    buffer_text(out, "  ...\n");
    buffer_free(&reason);
    buffer_free(&rerun);
}

// One line; `#` would begin a directive, so it is escaped, and so is `\`.
static void print_description(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer title = {0}, clean = {0};
    words_title(&title, scenario);
    if (strcmp(scenario->name, scenario->file) != 0)
        buffer_printf(&title, ": %s", scenario->name);
    text_terminal(&clean, buffer_string(&title));
    for (const char *letter = buffer_string(&clean); *letter; letter++) {
        if (*letter == '#' || *letter == '\\')
            buffer_text(out, "\\");
        buffer_append(out, *letter == '\n' || *letter == '\t' ? " " : letter, 1);
    }
    buffer_free(&title);
    buffer_free(&clean);
}

void report_tap(const struct result *result, const char *version, struct buffer *out) {
    buffer_printf(out, "TAP version 14\n# ota-sim %s\n1..%zu\n", version, result->count);
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        buffer_printf(out, "%s %zu - ", scenario->verdict == VERDICT_PASS ? "ok" : "not ok", i + 1);
        print_description(out, scenario);
        buffer_text(out, "\n");
        print_diagnostics(out, scenario);
    }
    if (result->partial)
        buffer_text(out, "Bail out! Interrupted: not all of it was run\n");
}
