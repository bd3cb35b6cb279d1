#include "report_html_data.h"

#include <stdlib.h>
#include <string.h>

#include "json_value.h"
#include "moment_groups.h"
#include "report_json.h"

// Marks on all timelines of a page together: about 60 bytes each, so that they take less than a megabyte.
#define MARKS_MAX          15000u
#define MARKS_MAX_SCENARIO 4000u // more do not show on one timeline
#define MARKS_MIN_SCENARIO 24u

// ---- the timeline: a column for each property ------------------------------------------------------

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
        for (int outcome = OUTCOME_OLD; outcome <= OUTCOME_LOOP; outcome++)
            append(columns, outcome_class_name((enum outcome_class)outcome),
                   json_value_count(sum->outcomes[outcome]));
    }
    return columns;
}

static json_t *timeline_of(const struct result_exploration *exploration, size_t marks_max) {
    size_t count = exploration->moment_count;
    struct moment_group *groups = memory_zeroed(count + 1, sizeof groups[0]);
    size_t grouped = moments_group(exploration->moments, count, marks_max, groups);
    json_t *timeline = columns_of(groups, grouped);
    free(groups);
    return timeline;
}

static size_t marks_a_scenario(const struct result *result) {
    size_t explored = 0;
    for (size_t i = 0; i < result->count; i++)
        explored += result->scenarios[i].exploration.ran;
    size_t marks = MARKS_MAX / (explored > 0 ? explored : 1);
    return marks > MARKS_MAX_SCENARIO   ? MARKS_MAX_SCENARIO
           : marks < MARKS_MIN_SCENARIO ? MARKS_MIN_SCENARIO
                                        : marks;
}

// ---- what else the page wants of a scenario ----------------------------------------------------------

static json_t *partitions_of(const struct result_scenario *scenario) {
    json_t *partitions = json_array();
    for (size_t i = 0; i < scenario->partition_count; i++) {
        const struct result_partition *partition = &scenario->partitions[i];
        json_t *object = json_object();
        json_put_text(object, "label", partition->label);
        json_put_text(object, "kind", partition->kind);
        json_put_count(object, "address", partition->address);
        json_put_count(object, "size", partition->size);
        json_put_text(object, "contents", partition->contents);
        json_put_count(object, "erases", partition->erases);
        json_put_count(object, "erases_max", partition->erases_max);
        json_array_append_new(partitions, object);
    }
    return partitions;
}

static void add_findings(json_t *object, const struct result_scenario *scenario) {
    for (size_t i = 0; i < scenario->violation_count; i++) {
        json_t *violation = json_array_get(json_object_get(object, "violations"), i);
        json_put_text(violation, "decision", scenario->violations[i].decision);
        json_put_count(violation, "line", scenario->violations[i].line);
    }
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
        json_object_del(exploration, "moments");
        json_put(exploration, "timeline", timeline_of(&scenario->exploration, marks_max));
        json_put(exploration, "fault_models", fault_models_of(&scenario->exploration));
    }
    add_findings(object, scenario);
    json_put(object, "partitions", partitions_of(scenario));
    json_put_count(object, "source", source);
    return object;
}

// ---- the whole -------------------------------------------------------------------------------------

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
