#include "report_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "report_text.h"

// ---- small pieces -------------------------------------------------------------------------------

static json_t *json_of_text(const char *text) {
    if (!text)
        return json_null();
    struct buffer clean = {0};
    text_utf8(&clean, text);
    json_t *string = json_stringn(buffer_string(&clean), clean.length);
    buffer_free(&clean);
    return string;
}

// Counters stay far below 2^63; a larger one would be told as that.
static json_t *json_of_count(uint64_t count) {
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

static json_t *json_of_us(uint64_t ns) {
    return json_real((double)ns / 1000.0);
}

static void put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0)
        abort(); // out of memory: nothing sensible is left to do
}

static void put_text(json_t *object, const char *key, const char *text) {
    put(object, key, json_of_text(text));
}

static void put_count(json_t *object, const char *key, uint64_t count) {
    put(object, key, json_of_count(count));
}

// ---- a scenario ---------------------------------------------------------------------------------

static json_t *json_of_flash(const struct result_scenario *scenario) {
    const struct result_operation_counts *counts = &scenario->flash;
    json_t *flash = json_object();
    put_count(flash, "size", scenario->flash_size);
    put_count(flash, "operations", counts->programs + counts->sector_erases + counts->block_erases);
    put_count(flash, "bytes", counts->program_bytes);
    put(flash, "time_us", json_of_us(counts->time_ns));
    put_count(flash, "reads", counts->reads);
    put_count(flash, "read_bytes", counts->read_bytes);
    put_count(flash, "programs", counts->programs);
    put_count(flash, "sector_erases", counts->sector_erases);
    put_count(flash, "block_erases", counts->block_erases);
    put_count(flash, "efuse_burns", counts->efuse_burns);
    return flash;
}

static json_t *json_of_failure(const struct result_failure *failure) {
    json_t *object = json_object();
    put_text(object, "message", failure->message);
    put_text(object, "expected", failure->expected);
    put_text(object, "actual", failure->actual);
    put_count(object, "line", failure->line);
    put_count(object, "column", failure->column);
    put_text(object, "source", failure->source);
    put_text(object, "step", failure->step);
    put_text(object, "otadata", failure->otadata);
    put_text(object, "operations", failure->operations);
    return object;
}

static json_t *json_of_violation(const struct result_violation *violation) {
    json_t *object = json_object();
    put_text(object, "invariant", violation->invariant);
    put_text(object, "address", violation->address);
    put_count(object, "states", violation->states);
    put(object, "exposure_us", json_of_us(violation->exposure_ns));
    put(object, "per_million", violation->per_million < 0 ? json_null() : json_real(violation->per_million));
    put_text(object, "story", violation->story);
    put_text(object, "before", violation->before);
    put_text(object, "after", violation->after);
    put_count(object, "cuts", violation->cuts);
    put(object, "known", json_boolean(violation->known));
    put_text(object, "why", violation->why);
    put_text(object, "link", violation->link);
    return object;
}

static json_t *json_of_moments(const struct result_exploration *exploration) {
    json_t *moments = json_array();
    for (size_t i = 0; i < exploration->moment_count; i++) {
        const struct result_moment *moment = &exploration->moments[i];
        json_t *object = json_object();
        put(object, "start_us", json_of_us(moment->start_ns));
        put(object, "duration_us", json_of_us(moment->duration_ns));
        put_text(object, "kind", moment->kind);
        put_text(object, "call", moment->call);
        put_count(object, "address", moment->address);
        put_count(object, "length", moment->length);
        put_count(object, "step", moment->step);
        put_count(object, "states", moment->states);
        json_t *outcomes = json_object();
        for (int outcome = OUTCOME_OLD; outcome <= OUTCOME_LOOP; outcome++)
            put_count(outcomes, outcome_class_name((enum outcome_class)outcome), moment->outcomes[outcome]);
        put(object, "outcomes", outcomes);
        json_array_append_new(moments, object);
    }
    return moments;
}

static json_t *json_of_graph(const struct result_exploration *exploration) {
    json_t *nodes = json_array(), *edges = json_array();
    for (size_t i = 0; i < exploration->node_count; i++) {
        json_t *node = json_object();
        put_text(node, "label", exploration->nodes[i].label);
        put_text(node, "outcome", outcome_class_name(exploration->nodes[i].outcome));
        put_count(node, "states", exploration->nodes[i].states);
        json_array_append_new(nodes, node);
    }
    for (size_t i = 0; i < exploration->edge_count; i++) {
        json_t *edge = json_object();
        put_count(edge, "from", exploration->edges[i].from);
        put_count(edge, "to", exploration->edges[i].to);
        put_text(edge, "label", exploration->edges[i].label);
        put_count(edge, "count", exploration->edges[i].count);
        json_array_append_new(edges, edge);
    }
    json_t *graph = json_object();
    put(graph, "nodes", nodes);
    put(graph, "edges", edges);
    return graph;
}

static json_t *json_of_exploration(const struct result_exploration *exploration) {
    if (!exploration->ran)
        return json_null();
    json_t *object = json_object();
    put_count(object, "crash_states", exploration->crash_states);
    put_count(object, "distinct_states", exploration->distinct_states);
    put_count(object, "recoveries", exploration->recoveries);
    put_count(object, "recoveries_saved", exploration->recoveries_saved);
    put_count(object, "depth", exploration->depth);
    put(object, "closed", json_boolean(exploration->closed));
    put(object, "partial", json_boolean(exploration->partial));
    json_t *fired = json_object();
    for (size_t i = 0; i < exploration->fault_count; i++)
        if (exploration->faults[i].requested)
            put_count(fired, exploration->faults[i].model, exploration->faults[i].fired);
    put(object, "faults_fired", fired);
    put_text(object, "notes", exploration->notes);
    put(object, "run_us", json_of_us(exploration->run_ns));
    put(object, "cuts_per_hour",
        exploration->cuts_per_hour > 0 ? json_real(exploration->cuts_per_hour) : json_null());
    put(object, "elapsed_s", json_real(exploration->elapsed_s));
    put(object, "moments", json_of_moments(exploration));
    put(object, "graph", json_of_graph(exploration));
    return object;
}

static json_t *json_of_scenario(const struct result_scenario *scenario) {
    json_t *object = json_object();
    put_text(object, "file", scenario->file);
    put_text(object, "name", scenario->name);
    put_text(object, "about", scenario->about);
    put_text(object, "link", scenario->link);
    put_text(object, "release", scenario->release);
    put_text(object, "verdict", verdict_name(scenario->verdict));
    put_text(object, "error", scenario->error);
    put_count(object, "seed", scenario->seed);
    json_t *expectations = json_object();
    put_count(expectations, "met", scenario->expectations_met);
    put_count(expectations, "failed", scenario->expectations_failed);
    put(object, "expectations", expectations);
    put_count(object, "boots", scenario->boots);
    put(object, "flash", json_of_flash(scenario));
    json_t *failures = json_array();
    for (size_t i = 0; i < scenario->failure_count; i++)
        json_array_append_new(failures, json_of_failure(&scenario->failures[i]));
    put(object, "failures", failures);
    json_t *known = json_array();
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        json_array_append_new(known, json_of_text(scenario->known_bugs[i]));
    put(object, "known_bugs", known);
    put(object, "exploration", json_of_exploration(&scenario->exploration));
    json_t *violations = json_array();
    for (size_t i = 0; i < scenario->violation_count; i++)
        json_array_append_new(violations, json_of_violation(&scenario->violations[i]));
    put(object, "violations", violations);
    return object;
}

// ---- the whole ----------------------------------------------------------------------------------

static int append_chunk(const char *bytes, size_t length, void *out) {
    buffer_append(out, bytes, length);
    return 0;
}

void report_json(const struct result *result, const char *version, struct buffer *out) {
    json_t *root = json_object();
    put_text(root, "format", REPORT_JSON_FORMAT);
    put_text(root, "version", version);
    put_count(root, "seed", result->seed);
    put(root, "partial", json_boolean(result->partial));
    if (result->shards > 0) {
        json_t *shard = json_object();
        put_count(shard, "index", result->shard);
        put_count(shard, "of", result->shards);
        put(root, "shard", shard);
    }
    struct result_totals totals = result_totals(result);
    json_t *object = json_object();
    put_count(object, "scenarios", totals.scenarios);
    put_count(object, "passed", totals.passed);
    put_count(object, "failed", totals.failed);
    put_count(object, "errors", totals.errors);
    put(root, "totals", object);
    json_t *scenarios = json_array();
    for (size_t i = 0; i < result->count; i++)
        json_array_append_new(scenarios, json_of_scenario(&result->scenarios[i]));
    put(root, "scenarios", scenarios);
    json_dump_callback(root, append_chunk, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    buffer_text(out, "\n");
    json_decref(root);
}
