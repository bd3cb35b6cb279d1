#include "report_junit.h"

#include <stdbool.h>
#include <string.h>

#include "report_text.h"

static void attribute(struct buffer *out, const char *name, const char *value) {
    buffer_printf(out, " %s=\"", name);
    text_xml(out, value);
    buffer_text(out, "\"");
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

static bool same_case(const struct result_scenario *a, const struct result_scenario *b) {
    return strcmp(a->file, b->file) == 0 && strcmp(a->name, b->name) == 0 &&
           strcmp(a->release, b->release) == 0;
}

static void case_name(struct buffer *out, const struct result *result, size_t first, size_t index) {
    const struct result_scenario *scenario = &result->scenarios[index];
    buffer_printf(out, "%s [%s]", scenario->name, scenario->release);
    size_t before = 0;
    for (size_t i = first; i < index; i++)
        before += same_case(&result->scenarios[i], scenario);
    if (before > 0)
        buffer_printf(out, " #%zu", before + 1);
}

// ---- what went wrong ----------------------------------------------------------------------------

static void describe_failure(struct buffer *out, const struct result_scenario *scenario,
                             const struct result_failure *failure) {
    buffer_printf(out, "%s\n", failure->message);
    if (failure->line > 0)
        buffer_printf(out, "at %s:%u:%u: %s\n", scenario->file, failure->line, failure->column,
                      failure->source ? failure->source : "");
    if (failure->step)
        buffer_printf(out, "in %s\n", failure->step);
    if (failure->expected)
        buffer_printf(out, "expected: %s\nactual:   %s\n", failure->expected,
                      failure->actual ? failure->actual : "");
    if (failure->otadata)
        buffer_printf(out, "otadata:\n%s\n", failure->otadata);
    if (failure->operations)
        buffer_printf(out, "last flash operations:\n%s\n", failure->operations);
    buffer_text(out, "\n");
}

static void describe_violation(struct buffer *out, const struct result_scenario *scenario,
                               const struct result_violation *violation) {
    buffer_printf(out, "%s: %s\n", violation->invariant, violation->story ? violation->story : "");
    buffer_printf(out, "replay: ota-sim replay --release %s %s %s\n\n", scenario->release, scenario->file,
                  violation->address);
}

// The message of the whole: the first thing that is wrong, and how many more there are.
static void first_message(struct buffer *out, const struct result_scenario *scenario) {
    size_t count = scenario->failure_count;
    const char *first = count > 0 ? scenario->failures[0].message : NULL;
    for (size_t i = 0; i < scenario->violation_count; i++) {
        if (scenario->violations[i].known)
            continue;
        if (!first)
            first = scenario->violations[i].invariant;
        count++;
    }
    buffer_text(out, first ? first : "failed");
    if (count > 1)
        buffer_printf(out, " (and %zu more)", count - 1);
}

static void write_failure(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer message = {0}, body = {0};
    first_message(&message, scenario);
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

static void write_properties(struct buffer *out, const struct result_scenario *scenario) {
    buffer_text(out, "      <properties>\n        <property name=\"release\"");
    attribute(out, "value", scenario->release);
    buffer_printf(out, "/>\n        <property name=\"seed\" value=\"%llu\"/>\n",
                  (unsigned long long)scenario->seed);
    if (scenario->link) {
        buffer_text(out, "        <property name=\"link\"");
        attribute(out, "value", scenario->link);
        buffer_text(out, "/>\n");
    }
    buffer_text(out, "      </properties>\n");
}

static void write_system_out(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer text = {0};
    if (scenario->verdict != VERDICT_PASS)
        buffer_printf(&text, "rerun: ota-sim run -v --release %s %s\n", scenario->release, scenario->file);
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        buffer_printf(&text, "known: %s\n", scenario->known_bugs[i]);
    for (size_t i = 0; i < scenario->violation_count; i++)
        if (scenario->violations[i].known)
            describe_violation(&text, scenario, &scenario->violations[i]);
    const struct result_exploration *exploration = &scenario->exploration;
    if (exploration->ran)
        buffer_printf(&text, "explored %llu crash states, %llu recoveries, %s\n",
                      (unsigned long long)exploration->crash_states,
                      (unsigned long long)exploration->recoveries,
                      exploration->closed ? "closed over repeated cuts" : "not closed");
    if (text.length > 0) {
        buffer_text(out, "      <system-out>");
        text_xml(out, buffer_string(&text));
        buffer_text(out, "</system-out>\n");
    }
    buffer_free(&text);
}

static void write_case(struct buffer *out, const struct result *result, size_t first, size_t index) {
    const struct result_scenario *scenario = &result->scenarios[index];
    struct buffer name = {0}, class = {0};
    case_name(&name, result, first, index);
    class_name(&class, scenario->file);
    buffer_text(out, "    <testcase");
    attribute(out, "classname", buffer_string(&class));
    attribute(out, "name", buffer_string(&name));
    attribute(out, "file", scenario->file);
    buffer_printf(out, " time=\"%.3f\">\n", scenario->elapsed_s);
    write_properties(out, scenario);
    if (scenario->verdict == VERDICT_FAIL)
        write_failure(out, scenario);
    if (scenario->verdict == VERDICT_ERROR) {
        buffer_text(out, "      <error");
        attribute(out, "message", scenario->error ? scenario->error : "could not be run");
        buffer_text(out, " type=\"error\"/>\n");
    }
    write_system_out(out, scenario);
    buffer_text(out, "    </testcase>\n");
    buffer_free(&name);
    buffer_free(&class);
}

// ---- suites -------------------------------------------------------------------------------------

static void write_counts(struct buffer *out, const struct result_scenario *scenarios, size_t count) {
    size_t failures = 0, errors = 0;
    double seconds = 0;
    for (size_t i = 0; i < count; i++) {
        failures += scenarios[i].verdict == VERDICT_FAIL;
        errors += scenarios[i].verdict == VERDICT_ERROR;
        seconds += scenarios[i].elapsed_s;
    }
    buffer_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\" time=\"%.3f\"", count,
                  failures, errors, seconds);
}

void report_junit(const struct result *result, const char *version, struct buffer *out) {
    (void)version;
    buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ota-sim\"");
    write_counts(out, result->scenarios, result->count);
    buffer_text(out, ">\n");
    for (size_t first = 0, end; first < result->count; first = end) {
        const struct result_scenario *scenario = &result->scenarios[first];
        for (end = first + 1; end < result->count; end++)
            if (strcmp(result->scenarios[end].file, scenario->file) != 0)
                break;
        buffer_text(out, "  <testsuite");
        attribute(out, "name", scenario->file);
        write_counts(out, scenario, end - first);
        buffer_text(out, ">\n");
        for (size_t i = first; i < end; i++)
            write_case(out, result, first, i);
        buffer_text(out, "  </testsuite>\n");
    }
    buffer_text(out, "</testsuites>\n");
}
