#include "report_html_data.h"

#include <stdlib.h>
#include <string.h>

#include "json_value.h"
#include "moment_groups.h"
#include "report_json.h"
#include "report_rules.h"
#include "report_words.h"
#include "timeline_spans.h"

// Marks on all timelines of a page together: some 60 bytes each, so that they take about a megabyte.
#define MARKS_MAX          15000u
#define MARKS_MAX_SCENARIO 4000u // more do not show on one timeline
#define MARKS_MIN_SCENARIO 24u

// ---- the timeline: a column for each property ---------------------------------------------------

static void append(json_t *columns, const char *name, json_t *value) {
    json_t *column = json_object_get(columns, name);
    if (!column) {
        column = json_array();
        json_put(columns, name, column);
    }
    if (json_array_append_new(column, value) != 0)
        abort(); // out of memory
}

static json_t *columns_of(const struct moment_group *groups, size_t count) {
    json_t *columns = json_object();
    for (size_t i = 0; i < count; i++) {
        const struct result_moment *sum = &groups[i].sum;
        append(columns, "start", json_value_count(sum->start_ns));
        append(columns, "duration", json_value_count(sum->duration_ns));
        append(columns, "kind", json_value_text(groups[i].mixed ? "several" : sum->kind));
        append(columns, "call", json_value_text(sum->call));
        append(columns, "address", json_value_count(sum->address));
        append(columns, "length", json_value_count(sum->length));
        append(columns, "line", json_value_count(sum->line));
        append(columns, "operations", json_value_count(groups[i].count));
        append(columns, "states", json_value_count(sum->states));
        for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            append(columns, outcome_name((enum outcome)outcome), json_value_count(sum->outcomes[outcome]));
    }
    return columns;
}

// The run's operations, on the clock of its events where there are any: what the exploration recorded went
// without the scenario's expectations, some of which take time.
static size_t moments_of(const struct result_scenario *scenario, struct result_moment **out) {
    const struct result_exploration *exploration = &scenario->exploration;
    struct result_moment *operations = memory_zeroed(scenario->event_count + 1, sizeof operations[0]);
    size_t count = timeline_operations(scenario, operations), explored = exploration->moment_count;
    if (!exploration->ran) {
        *out = operations;
        return count;
    }
    *out = memory_zeroed(explored + 1, sizeof operations[0]);
    for (size_t i = 0; i < explored; i++) {
        (*out)[i] = exploration->moments[i];
        if (count == explored)
            (*out)[i].start_ns = operations[i].start_ns;
    }
    free(operations);
    return explored;
}

static json_t *timeline_of(const struct result_scenario *scenario, size_t marks_max) {
    struct result_moment *moments;
    size_t count = moments_of(scenario, &moments);
    struct moment_group *groups = memory_zeroed(count + 1, sizeof groups[0]);
    json_t *timeline = columns_of(groups, moments_group(moments, count, marks_max, groups));
    free(groups);
    free(moments);
    return timeline;
}

static json_t *spans_of(const struct result_scenario *scenario, size_t spans_max) {
    json_t *array = json_array();
    struct timeline_span *spans = memory_zeroed(scenario->event_count + 1, sizeof spans[0]);
    size_t count = timeline_spans(scenario, spans_max, spans);
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_object();
        json_put_text(object, "track", spans[i].track);
        json_put_text(object, "name", spans[i].mixed ? "several" : spans[i].name);
        json_put_count(object, "start", spans[i].start_ns);
        json_put_count(object, "end", spans[i].end_ns);
        json_put_count(object, "count", spans[i].count);
        json_array_append_new(array, object);
    }
    free(spans);
    return array;
}

static size_t marks_a_scenario(const struct result *result) {
    size_t marks = MARKS_MAX / (result->count > 0 ? result->count : 1);
    return marks > MARKS_MAX_SCENARIO   ? MARKS_MAX_SCENARIO
           : marks < MARKS_MIN_SCENARIO ? MARKS_MIN_SCENARIO
                                        : marks;
}

// ---- what else the page wants of a scenario -----------------------------------------------------

static void add_to_violation(json_t *object, const struct result_scenario *scenario,
                             const struct result_violation *violation) {
    struct buffer command = {0};
    words_replay(&command, scenario, violation);
    json_put_text(object, "replay", buffer_string(&command));
    buffer_free(&command);
    json_put_text(object, "meaning", report_rule(report_rule_of_invariant(violation->invariant)).title);
}

static json_t *fault_models_of(const struct result_exploration *exploration) {
    json_t *models = json_array();
    for (size_t i = 0; i < exploration->fault_count; i++) {
        json_t *object = json_object();
        json_put_text(object, "model", exploration->faults[i].model);
        json_put_count(object, "fired", exploration->faults[i].fired);
        json_put(object, "requested", json_boolean(exploration->faults[i].requested));
        json_array_append_new(models, object);
    }
    return models;
}

static json_t *scenario_of(const struct result_scenario *scenario, size_t source, size_t marks_max) {
    json_t *object = report_json_scenario(scenario);
    json_t *exploration = json_object_get(object, "exploration");
    if (scenario->exploration.ran) {
        json_object_del(exploration, "moments"); // the timeline tells them in fewer bytes
        json_put(exploration, "fault_models", fault_models_of(&scenario->exploration));
    }
    for (size_t i = 0; i < scenario->violation_count; i++)
        add_to_violation(json_array_get(json_object_get(object, "violations"), i), scenario,
                         &scenario->violations[i]);
    json_put(object, "timeline", timeline_of(scenario, marks_max));
    json_put(object, "spans", spans_of(scenario, marks_max / 4));
    json_put_count(object, "source", source);
    return object;
}

// ---- the whole ----------------------------------------------------------------------------------

// Index of a file's text in `sources`; runs of the same file under several releases share it.
static size_t source_index(json_t *sources, const char *text) {
    json_t *value = json_value_text(text);
    size_t count = json_array_size(sources);
    for (size_t i = count; i-- > 0;) {
        if (json_equal(json_array_get(sources, i), value)) {
            json_decref(value);
            return i;
        }
    }
    json_array_append_new(sources, value);
    return count;
}

static json_t *page_of(const struct result *result, const char *version) {
    json_t *page = json_object(), *sources = json_array(), *scenarios = json_array();
    size_t marks_max = marks_a_scenario(result);
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        size_t source = source_index(sources, scenario->source);
        json_array_append_new(scenarios, scenario_of(scenario, source, marks_max));
    }
    json_put_text(page, "version", version);
    json_put_count(page, "seed", result->seed);
    json_put(page, "partial", json_boolean(result->partial));
    json_put_count(page, "shard", result->shard);
    json_put_count(page, "shards", result->shards);
    json_put(page, "sources", sources);
    json_put(page, "scenarios", scenarios);
    return page;
}

void report_html_data(const struct result *result, const char *version, struct buffer *out) {
    struct buffer text = {0};
    json_t *page = page_of(result, version);
    json_print(page, JSON_COMPACT, &text);
    json_decref(page);
    const char *rest = buffer_string(&text);
    while (*rest) {
        size_t plain = strcspn(rest, "<"); // stands within strings only
        buffer_append(out, rest, plain);
        rest += plain;
        if (*rest == '<') {
            buffer_text(out, "\\u003c");
            rest++;
        }
    }
    buffer_free(&text);
}
