#include "report_junit.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/utf8.h"
#include "report_text.h"
#include "report_words.h"

// Without --timing there is none: the same run gives the same bytes.
static void time_attribute(struct buffer *out, double seconds) {
    if (seconds >= 0)
        buffer_printf(out, " time=\"%.3f\"", seconds);
}

static void attribute(struct buffer *out, const char *name, const char *value) {
    struct buffer line = {0}; // readers make a blank of a newline in an attribute
    utf8_one_line(&line, value);
    buffer_printf(out, " %s=\"", name);
    text_xml(out, buffer_string(&line));
    buffer_text(out, "\"");
    buffer_free(&line);
}

// "scenarios/field/x.yaml" → "scenarios.field.x", as readers fold class names at dots.
static void class_name(struct buffer *out, const char *file) {
    while (*file == '.' || *file == '/')
        file++;
    const char *dot = strrchr(file, '.');
    size_t length = dot && !strchr(dot, '/') ? (size_t)(dot - file) : strlen(file);
    for (size_t i = 0; i < length; i++) {
        char letter = file[i] == '/' ? '.' : file[i];
        buffer_append(out, &letter, 1);
    }
}

// Two files may give the same class ("a.yaml" and "a.yml"), so names are told apart within a class.
struct case_key {
    char *text; // class, name and release
    size_t index;
};

static int by_key(const void *a, const void *b) {
    const struct case_key *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

// How many cases of the same key come before each one. Owned by the caller.
static size_t *count_namesakes(const struct result *result) {
    struct case_key *keys = memory_zeroed(result->count + 1, sizeof keys[0]);
    size_t *before = memory_zeroed(result->count + 1, sizeof before[0]);
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        struct buffer text = {0};
        class_name(&text, scenario->file);
        buffer_printf(&text, "\n%s\n%s", scenario->name, scenario->release);
        keys[i] = (struct case_key){memory_text(buffer_string(&text)), i};
        buffer_free(&text);
    }
    qsort(keys, result->count, sizeof keys[0], by_key);
    for (size_t i = 1; i < result->count; i++)
        if (strcmp(keys[i].text, keys[i - 1].text) == 0)
            before[keys[i].index] = before[keys[i - 1].index] + 1;
    for (size_t i = 0; i < result->count; i++)
        free(keys[i].text);
    free(keys);
    return before;
}

static void case_name(struct buffer *out, const struct result_scenario *scenario, size_t before) {
    buffer_text(out, scenario->name);
    if (scenario->release[0])
        buffer_printf(out, " [%s]", scenario->release);
    if (before > 0)
        buffer_printf(out, " #%zu", before + 1);
}

// ---- what went wrong ----------------------------------------------------------------------------

static void describe_failure(struct buffer *out, const struct result_scenario *scenario,
                             const struct result_failure *failure) {
    buffer_printf(out, "%s\n", failure->message);
    if (failure->line > 0) {
        buffer_text(out, "at ");
        utf8_one_line(out, scenario->file);
        buffer_printf(out, ":%u:%u: %s\n", failure->line, failure->column,
                      failure->source ? failure->source : "");
    }
    if (failure->step)
        buffer_printf(out, "in %s\n", failure->step);
    if (failure->expected)
        buffer_printf(out, "expected: %s\nactual:   %s\n", failure->expected,
                      failure->actual ? failure->actual : "");
    if (failure->said)
        buffer_printf(out, "what the device said:\n%s\n", failure->said);
    if (failure->otadata)
        buffer_printf(out, "otadata:\n%s\n", failure->otadata);
    if (failure->operations)
        buffer_printf(out, "last flash operations:\n%s\n", failure->operations);
    buffer_text(out, "\n");
}

static void describe_violation(struct buffer *out, const struct result_scenario *scenario,
                               const struct result_violation *violation) {
    buffer_printf(out, "%s is violated", violation->invariant);
    if (violation->culprit)
        buffer_printf(out, " by %s", violation->culprit);
    buffer_printf(out, ": %s\n", violation->story ? violation->story : "");
    words_exposure(out, scenario, violation);
    if (violation->before && violation->before[0] != 0)
        buffer_printf(out, "\nbefore the cut:\n%s", violation->before);
    if (violation->after && violation->after[0] != 0)
        buffer_printf(out, "\nafter the cut:\n%s", violation->after);
    buffer_text(out, "\nreplay: ");
    words_replay(out, scenario, violation);
    if (violation->mismatch)
        buffer_printf(out, "\n%s", violation->mismatch);
    if (violation->entry)
        buffer_printf(out, "\nto declare it as known:\n%s", violation->entry);
    buffer_text(out, "\n\n");
}

static void write_failure(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer message = {0}, body = {0};
    words_reason(&message, scenario);
    for (size_t i = 0; i < scenario->failure_count; i++)
        describe_failure(&body, scenario, &scenario->failures[i]);
    for (size_t i = 0; i < scenario->violation_count; i++)
        if (!scenario->violations[i].known)
            describe_violation(&body, scenario, &scenario->violations[i]);
    buffer_text(out, "      <failure");
    attribute(out, "message", buffer_string(&message));
    attribute(out, "type", scenario->failure_count > 0 ? "expectation" : "violation");
    buffer_text(out, ">");
    text_xml(out, buffer_string(&body));
    buffer_text(out, "</failure>\n");
    buffer_free(&message);
    buffer_free(&body);
}

// ---- beside it ----------------------------------------------------------------------------------

static void write_property(struct buffer *out, const char *name, const char *value) {
    buffer_text(out, "      <property");
    attribute(out, "name", name);
    attribute(out, "value", value);
    buffer_text(out, "/>\n");
}

static void write_properties(struct buffer *out, const struct result_scenario *scenario,
                             const char *version) {
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, scenario->seed);
    buffer_text(out, "    <properties>\n");
    write_property(out, "ota-sim", version);
    write_property(out, "release", scenario->release);
    write_property(out, "seed", seed);
    if (scenario->link)
        write_property(out, "link", scenario->link);
    buffer_text(out, "    </properties>\n");
}

static void describe_exploration(struct buffer *out, const struct result_exploration *exploration) {
    words_count(out, exploration->crash_states);
    buffer_text(out, " crash states, ");
    words_count(out, exploration->recoveries);
    buffer_printf(out, " recoveries run; %s\n",
                  exploration->closed ? "nothing new after more cuts: holds for any number of them"
                                      : "not closed over repeated cuts");
    if (exploration->notes)
        buffer_text(out, exploration->notes);
}

// What was covered, what is known, and the commands that show it again.
static void write_system_out(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer text = {0};
    if (scenario->exploration.ran)
        describe_exploration(&text, &scenario->exploration);
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        buffer_printf(&text, "known bug: %s\n", scenario->known_bugs[i]);
    for (size_t i = 0; i < scenario->violation_count; i++) {
        const struct result_violation *violation = &scenario->violations[i];
        if (violation->known) {
            words_known_label(&text, violation);
            buffer_printf(&text, ": %s, %s: %s\n", violation->invariant,
                          violation->culprit ? violation->culprit : "", violation->why ? violation->why : "");
        }
        buffer_text(&text, "replay: ");
        words_replay(&text, scenario, violation);
        buffer_text(&text, "\n");
    }
    buffer_text(&text, "rerun: ");
    words_rerun(&text, scenario);
    buffer_text(out, "      <system-out>");
    text_xml(out, buffer_string(&text));
    buffer_text(out, "\n</system-out>\n");
    buffer_free(&text);
}

// ---- cases and suites ---------------------------------------------------------------------------

static void write_case(struct buffer *out, const struct result_scenario *scenario, size_t namesakes) {
    struct buffer name = {0}, class = {0};
    case_name(&name, scenario, namesakes);
    class_name(&class, scenario->file);
    buffer_text(out, "    <testcase");
    attribute(out, "classname", buffer_string(&class));
    attribute(out, "name", buffer_string(&name));
    time_attribute(out, scenario->elapsed_s);
    buffer_text(out, ">\n");
    if (scenario->verdict == VERDICT_FAIL)
        write_failure(out, scenario);
    if (scenario->verdict == VERDICT_ERROR) {
        buffer_text(out, "      <error");
        attribute(out, "message", scenario->error ? scenario->error : "could not be run");
        buffer_text(out, " type=\"error\"/>\n");
    }
    if (scenario->verdict == VERDICT_INCOMPLETE) {
        struct buffer message = {0};
        words_reason(&message, scenario);
        buffer_text(out, "      <error");
        attribute(out, "message", buffer_string(&message));
        buffer_text(out, " type=\"incomplete\"/>\n");
        buffer_free(&message);
    }
    write_system_out(out, scenario);
    buffer_text(out, "    </testcase>\n");
    buffer_free(&name);
    buffer_free(&class);
}

static void write_suite(struct buffer *out, const struct result_scenario *scenario, size_t namesakes,
                        const char *version) {
    struct buffer title = {0};
    words_title(&title, scenario);
    buffer_text(out, "  <testsuite");
    attribute(out, "name", buffer_string(&title));
    attribute(out, "file", scenario->file);
    buffer_printf(out, " tests=\"1\" failures=\"%d\" errors=\"%d\" skipped=\"0\"",
                  scenario->verdict == VERDICT_FAIL,
                  scenario->verdict == VERDICT_ERROR || scenario->verdict == VERDICT_INCOMPLETE);
    time_attribute(out, scenario->elapsed_s);
    buffer_text(out, ">\n");
    write_properties(out, scenario, version);
    write_case(out, scenario, namesakes);
    buffer_text(out, "  </testsuite>\n");
    buffer_free(&title);
}

void report_junit(const struct result *result, const char *version, struct buffer *out) {
    struct result_totals totals = result_totals(result);
    double seconds = result->count == 0 ? -1 : 0;
    for (size_t i = 0; i < result->count; i++)
        seconds = result->scenarios[i].elapsed_s < 0 ? -1 : seconds + result->scenarios[i].elapsed_s;
    buffer_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites name=\"ota-sim\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
                  totals.scenarios, totals.failed, totals.errors + totals.incomplete);
    time_attribute(out, seconds);
    buffer_text(out, ">\n");
    size_t *namesakes = count_namesakes(result);
    for (size_t i = 0; i < result->count; i++)
        write_suite(out, &result->scenarios[i], namesakes[i], version);
    free(namesakes);
    buffer_text(out, "</testsuites>\n");
}
