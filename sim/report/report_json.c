#include "report_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "../hw/fault_model.h"
#include "json_value.h"
#include "report_words.h"

// ---- a scenario ---------------------------------------------------------------------------------

static json_t *json_of_flash(const struct result_scenario *scenario) {
    const struct result_operation_counts *counts = &scenario->flash;
    json_t *flash = json_object();
    json_put_count(flash, "size", scenario->flash_size);
    json_put_count(flash, "operations", counts->programs + counts->sector_erases + counts->block_erases);
    json_put_count(flash, "bytes", counts->program_bytes);
    json_put(flash, "time_us", json_value_us(counts->time_ns));
    json_put_count(flash, "reads", counts->reads);
    json_put_count(flash, "read_bytes", counts->read_bytes);
    json_put_count(flash, "programs", counts->programs);
    json_put_count(flash, "sector_erases", counts->sector_erases);
    json_put_count(flash, "block_erases", counts->block_erases);
    json_put_count(flash, "efuse_burns", counts->efuse_burns);
    return flash;
}

static json_t *json_of_partitions(const struct result_scenario *scenario) {
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

static json_t *json_of_failure(const struct result_failure *failure) {
    json_t *object = json_object();
    json_put_text(object, "rule", failure->kind);
    json_put_text(object, "message", failure->message);
    json_put_text(object, "expected", failure->expected);
    json_put_text(object, "actual", failure->actual);
    json_put_count(object, "line", failure->line);
    json_put_count(object, "column", failure->column);
    json_put_count(object, "length", failure->length);
    json_put_text(object, "source", failure->source);
    json_put_text(object, "step", failure->step);
    json_put_text(object, "otadata", failure->otadata);
    json_put_text(object, "operations", failure->operations);
    json_put_text(object, "said", failure->said);
    return object;
}

static json_t *json_of_cause(const struct result_violation *violation) {
    json_t *object = json_object(), *tears = json_array();
    json_put_text(object, "during", violation->during);
    json_put_text(object, "in", violation->in);
    json_put_text(object, "operation", violation->operation);
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        if ((violation->tears >> i & 1) != 0)
            json_array_append_new(tears, json_value_text(fault_model(i)->name));
    json_put(object, "tear", tears);
    json_put_text(object, "words", violation->culprit);
    return object;
}

static json_t *json_of_hazard(const struct result_violation *violation) {
    if (!violation->hazard)
        return json_null();
    json_t *object = json_object();
    json_put_text(object, "id", violation->hazard);
    json_put_text(object, "title", violation->hazard_title);
    json_put_text(object, "remedy", violation->hazard_remedy);
    return object;
}

static json_t *json_of_violation(const struct result_violation *violation) {
    json_t *object = json_object();
    json_put_text(object, "invariant", violation->invariant);
    json_put(object, "cause", json_of_cause(violation));
    json_put_text(object, "gravity", violation->gravity && violation->gravity[0] ? violation->gravity : NULL);
    json_put_text(object, "address", violation->address);
    json_put_count(object, "states", violation->states);
    json_put(object, "exposure_us", json_value_us(violation->exposure_ns));
    json_put(object, "last_cut_us", json_value_us(violation->worst_ns));
    json_put(object, "last_cut_of_us", json_value_us(violation->worst_of_ns));
    json_put(object, "per_million",
             violation->per_million < 0 ? json_null() : json_real(violation->per_million));
    json_put_text(object, "story", violation->story);
    json_put_text(object, "before", violation->before);
    json_put_text(object, "after", violation->after);
    json_put_text(object, "decision", violation->decision);
    json_put_count(object, "line", violation->line);
    json_put_count(object, "cuts", violation->cuts);
    json_put(object, "known", json_boolean(violation->known));
    json_put(object, "hazard", json_of_hazard(violation));
    json_put_text(object, "why", violation->why);
    json_put_text(object, "link", violation->link);
    json_put_text(object, "entry", violation->entry);
    json_put_text(object, "mismatch", violation->mismatch);
    return object;
}

static json_t *json_of_moments(const struct result_exploration *exploration) {
    json_t *moments = json_array();
    for (size_t i = 0; i < exploration->moment_count; i++) {
        const struct result_moment *moment = &exploration->moments[i];
        json_t *object = json_object();
        json_put(object, "start_us", json_value_us(moment->start_ns));
        json_put(object, "duration_us", json_value_us(moment->duration_ns));
        json_put_text(object, "kind", moment->kind);
        json_put_text(object, "call", moment->call);
        json_put_count(object, "address", moment->address);
        json_put_count(object, "length", moment->length);
        json_put_count(object, "step", moment->step);
        json_put_count(object, "line", moment->line);
        json_put_count(object, "states", moment->states);
        json_t *outcomes = json_object();
        for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            json_put_count(outcomes, outcome_name((enum outcome)outcome), moment->outcomes[outcome]);
        json_put(object, "outcomes", outcomes);
        json_array_append_new(moments, object);
    }
    return moments;
}

static json_t *json_of_graph(const struct result_exploration *exploration) {
    json_t *nodes = json_array(), *edges = json_array();
    for (size_t i = 0; i < exploration->node_count; i++) {
        json_t *node = json_object();
        json_put_text(node, "label", exploration->nodes[i].label);
        json_put_text(node, "outcome", outcome_name(exploration->nodes[i].outcome));
        json_put_count(node, "states", exploration->nodes[i].states);
        json_array_append_new(nodes, node);
    }
    for (size_t i = 0; i < exploration->edge_count; i++) {
        json_t *edge = json_object();
        json_put_count(edge, "from", exploration->edges[i].from);
        json_put_count(edge, "to", exploration->edges[i].to);
        json_put_text(edge, "label", exploration->edges[i].label);
        json_put_count(edge, "count", exploration->edges[i].count);
        json_array_append_new(edges, edge);
    }
    json_t *graph = json_object();
    json_put(graph, "nodes", nodes);
    json_put(graph, "edges", edges);
    return graph;
}

static json_t *json_of_exploration(const struct result_exploration *exploration) {
    if (!exploration->ran)
        return json_null();
    json_t *object = json_object();
    json_put_count(object, "crash_states", exploration->crash_states);
    json_put_count(object, "distinct_states", exploration->distinct_states);
    json_put_count(object, "recoveries", exploration->recoveries);
    json_put_count(object, "recoveries_saved", exploration->recoveries_saved);
    json_put_count(object, "depth", exploration->depth);
    json_put(object, "closed", json_boolean(exploration->closed));
    json_put(object, "partial", json_boolean(exploration->partial));
    json_put_text(object, "ended", exploration->partial ? exploration->ended : NULL);
    json_t *fired = json_object();
    for (size_t i = 0; i < exploration->fault_count; i++)
        if (exploration->faults[i].requested)
            json_put_count(fired, exploration->faults[i].model, exploration->faults[i].fired);
    json_put(object, "faults_fired", fired);
    json_put_text(object, "notes", exploration->notes);
    json_put(object, "run_us", json_value_us(exploration->run_ns));
    json_put(object, "cuts_per_hour",
             exploration->cuts_per_hour > 0 ? json_real(exploration->cuts_per_hour) : json_null());
    bool told = exploration->elapsed_s >= 0;
    json_put(object, "elapsed_s", told ? json_real(round(exploration->elapsed_s * 1e3) / 1e3) : json_null());
    json_put(object, "moments", json_of_moments(exploration));
    json_put(object, "graph", json_of_graph(exploration));
    return object;
}

json_t *report_json_scenario(const struct result_scenario *scenario) {
    json_t *object = json_object();
    json_put_text(object, "file", scenario->file);
    json_put_text(object, "name", scenario->name);
    json_put_text(object, "about", scenario->about);
    json_put_text(object, "link", scenario->link);
    json_put_text(object, "release", scenario->release);
    const char *remark = words_release_remark(scenario->release);
    if (remark != NULL)
        json_put_text(object, "release_remark", remark);
    json_put_text(object, "verdict", verdict_name(scenario->verdict));
    json_put_text(object, "error", scenario->error);
    json_put_text(object, "error_help", scenario->error_help);
    json_put_count(object, "error_line", scenario->error_line);
    json_put_count(object, "error_column", scenario->error_column);
    json_put_count(object, "seed", scenario->seed);
    json_t *expectations = json_object();
    json_put_count(expectations, "met", scenario->expectations_met);
    json_put_count(expectations, "failed", scenario->expectations_failed);
    json_put(object, "expectations", expectations);
    json_put_count(object, "boots", scenario->boots);
    json_put(object, "flash", json_of_flash(scenario));
    json_put(object, "partitions", json_of_partitions(scenario));
    json_t *failures = json_array();
    for (size_t i = 0; i < scenario->failure_count; i++)
        json_array_append_new(failures, json_of_failure(&scenario->failures[i]));
    json_put(object, "failures", failures);
    json_t *known = json_array();
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        json_array_append_new(known, json_value_text(scenario->known_bugs[i]));
    json_put(object, "known_bugs", known);
    json_put(object, "exploration", json_of_exploration(&scenario->exploration));
    json_t *violations = json_array();
    for (size_t i = 0; i < scenario->violation_count; i++)
        json_array_append_new(violations, json_of_violation(&scenario->violations[i]));
    json_put(object, "violations", violations);
    return object;
}

// ---- the whole ----------------------------------------------------------------------------------

static json_t *json_of_shard(const struct result *result) {
    const struct result_shard_facts *facts = &result->shard_facts;
    char inputs[17];
    (void)snprintf(inputs, sizeof inputs, "%016" PRIx64, facts->inputs);
    json_t *object = json_object();
    json_put_count(object, "index", result->shard);
    json_put_count(object, "of", result->shards);
    json_put_count(object, "units", facts->units);
    json_put_text(object, "command", facts->command);
    json_put_text(object, "inputs", inputs);
    json_put_count(object, "status", (uint64_t)facts->status);
    return object;
}

void report_json(const struct result *result, const char *version, struct buffer *out) {
    json_t *root = json_object();
    json_put_text(root, "format", REPORT_JSON_FORMAT);
    json_put_text(root, "version", version);
    json_put_count(root, "seed", result->seed);
    json_put(root, "partial", json_boolean(result->partial));
    if (result->shards > 0)
        json_put(root, "shard", json_of_shard(result));
    struct result_totals totals = result_totals(result);
    json_t *object = json_object();
    json_put_count(object, "scenarios", totals.scenarios);
    json_put_count(object, "passed", totals.passed);
    json_put_count(object, "failed", totals.failed);
    json_put_count(object, "incomplete", totals.incomplete);
    json_put_count(object, "errors", totals.errors);
    json_put(root, "totals", object);
    json_t *scenarios = json_array();
    for (size_t i = 0; i < result->count; i++)
        json_array_append_new(scenarios, report_json_scenario(&result->scenarios[i]));
    json_put(root, "scenarios", scenarios);
    json_print(root, JSON_INDENT(2), out);
    buffer_text(out, "\n");
    json_decref(root);
}
