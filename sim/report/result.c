#include "result.h"

#include <stdlib.h>

const char *verdict_name(enum verdict verdict) {
    switch (verdict) {
    case VERDICT_PASS:
        return "pass";
    case VERDICT_FAIL:
        return "fail";
    case VERDICT_INCOMPLETE:
        return "incomplete";
    case VERDICT_ERROR:
        return "error";
    }
    return "error";
}

struct result_totals result_totals(const struct result *result) {
    struct result_totals totals = {.scenarios = result->count};
    for (size_t i = 0; i < result->count; i++) {
        switch (result->scenarios[i].verdict) {
        case VERDICT_PASS:
            totals.passed++;
            break;
        case VERDICT_FAIL:
            totals.failed++;
            break;
        case VERDICT_INCOMPLETE:
            totals.incomplete++;
            break;
        case VERDICT_ERROR:
            totals.errors++;
            break;
        }
    }
    return totals;
}

struct result_scenario *result_add(struct result *result) {
    if (result->count == result->capacity) {
        result->capacity = result->capacity ? 2 * result->capacity : 16;
        result->scenarios = memory_resize(result->scenarios, result->capacity * sizeof result->scenarios[0]);
    }
    struct result_scenario *scenario = &result->scenarios[result->count++];
    *scenario = (struct result_scenario){0};
    return scenario;
}

// ---- release ------------------------------------------------------------------------------------

static void free_failures(struct result_scenario *scenario) {
    for (size_t i = 0; i < scenario->failure_count; i++) {
        struct result_failure *failure = &scenario->failures[i];
        free(failure->message);
        free(failure->expected);
        free(failure->actual);
        free(failure->source);
        free(failure->step);
        free(failure->otadata);
        free(failure->said);
        free(failure->operations);
    }
    free(scenario->failures);
}

static void free_violations(struct result_scenario *scenario) {
    for (size_t i = 0; i < scenario->violation_count; i++) {
        struct result_violation *violation = &scenario->violations[i];
        free(violation->invariant);
        free(violation->culprit);
        free(violation->in);
        free(violation->entry);
        free(violation->mismatch);
        free(violation->address);
        free(violation->story);
        free(violation->before);
        free(violation->after);
        free(violation->decision);
        free(violation->why);
        free(violation->link);
    }
    free(scenario->violations);
}

static void free_exploration(struct result_exploration *exploration) {
    free(exploration->faults);
    free(exploration->notes);
    free(exploration->moments);
    for (size_t i = 0; i < exploration->node_count; i++)
        free(exploration->nodes[i].label);
    free(exploration->nodes);
    for (size_t i = 0; i < exploration->edge_count; i++)
        free(exploration->edges[i].label);
    free(exploration->edges);
}

void result_scenario_free(struct result_scenario *scenario) {
    free(scenario->file);
    free(scenario->name);
    free(scenario->about);
    free(scenario->link);
    free(scenario->source);
    free(scenario->release);
    free(scenario->error);
    free(scenario->error_help);
    free_failures(scenario);
    free_violations(scenario);
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        free(scenario->known_bugs[i]);
    free(scenario->known_bugs);
    free_exploration(&scenario->exploration);
    for (size_t i = 0; i < scenario->partition_count; i++) {
        free(scenario->partitions[i].label);
        free(scenario->partitions[i].kind);
        free(scenario->partitions[i].contents);
    }
    free(scenario->partitions);
    for (size_t i = 0; i < scenario->event_count; i++)
        free(scenario->events[i].name);
    free(scenario->events);
    *scenario = (struct result_scenario){0};
}

void result_forget_time(struct result *result) {
    for (size_t i = 0; i < result->count; i++) {
        result->scenarios[i].elapsed_s = -1;
        result->scenarios[i].exploration.elapsed_s = -1;
    }
}

void result_free(struct result *result) {
    for (size_t i = 0; i < result->count; i++)
        result_scenario_free(&result->scenarios[i]);
    free(result->scenarios);
    free(result->shard_facts.command);
    *result = (struct result){0};
}
