#include "explorer.h"

#include <stdio.h>
#include <stdlib.h>

#include "../base/buffer.h"
#include "misfires.h"
#include "resets.h"
#include "walk.h"

enum budget explorer_spent(const struct explorer_options *options) {
    if (options->interrupted != NULL && *options->interrupted != 0)
        return BUDGET_INTERRUPTED;
    return options->spent == NULL ? BUDGET_LEFT : options->spent(options->spent_context);
}

static void sum_up_states(struct walk *walk) {
    struct findings *findings = &walk->frontier.findings;
    STATE_MAP_FOR_EACH (&walk->frontier.met, met) {
        uint64_t states = met->weight + met->nested;
        if (!met->recovered)
            continue;
        findings->situations[met->situation].states += states;
    }
}

static uint64_t distinct_recoveries(const struct walk *walk) {
    struct state_map all = {0};
    for (unsigned w = 0; w < walk->options->threads; w++)
        STATE_MAP_FOR_EACH (&walk->frontier.workers[w].signatures, seen)
            if (state_map_find(&all, seen->key) == NULL)
                (void)state_map_add(&all, seen->key);
    uint64_t count = all.count;
    state_map_free(&all);
    return count;
}

static void note_defects(struct walk *walk) {
    struct exploration *out = walk->out;
    for (unsigned i = 0; i < walk->options->threads && !out->inexact; i++) {
        const char *defect = walk->frontier.workers[i].defect;
        const char *not_modelled = walk->frontier.workers[i].not_modelled;
        if (out->not_modelled[0] == 0)
            (void)snprintf(out->not_modelled, sizeof out->not_modelled, "%s", not_modelled);
        out->inexact = defect[0] != 0;
        (void)snprintf(out->defect, sizeof out->defect, "%s", defect);
    }
}

// Keeps the order of those of one invariant.
static void sort_by_invariant(struct found_violation *violations, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct found_violation moved = violations[i];
        size_t at = i;
        for (; at > 0 && violations[at - 1].cause.invariant > moved.cause.invariant; at--)
            violations[at] = violations[at - 1];
        violations[at] = moved;
    }
}

static void sum_up(struct walk *walk) {
    struct exploration *out = walk->out;
    struct findings *findings = &walk->frontier.findings;
    sum_up_states(walk);
    out->crash_states += walk->frontier.crash_states;
    out->distinct_states = walk->frontier.met.count;
    out->recoveries = distinct_recoveries(walk);
    out->recoveries_saved = out->crash_states > out->recoveries ? out->crash_states - out->recoveries : 0;
    out->depth = walk->frontier.depth;
    out->ended = walk->frontier.ended;
    out->waiting = walk->frontier.count - walk->frontier.next;
    out->closed = !walk->frontier.interrupted && !walk->frontier.cut_off;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        out->fired[i] += walk->frontier.fired[i];
    sort_by_invariant(findings->violations, findings->violation_count);
    out->violations = findings->violations;
    out->violation_count = findings->violation_count;
    out->situations = findings->situations;
    out->situation_count = findings->situation_count;
    out->transitions = findings->transitions;
    out->transition_count = findings->transition_count;
    findings->violations = NULL;
    findings->situations = NULL;
    findings->transitions = NULL;
}

// Sectors that a recovery before the first step reads as records of otadata.
static struct otadata_places find_places(const struct workload *workload,
                                         const struct explorer_options *options,
                                         const struct nv_state *base) {
    struct worker worker;
    worker_open(&worker, workload, options, false);
    (void)worker_run_recovery(&worker, base, false);
    struct otadata_places places = *memo_places_read(worker.recoveries);
    worker_close(&worker);
    return places;
}

static void open_walk(struct walk *walk, const struct workload *workload, const struct recording *recording,
                      const struct explorer_options *options, struct exploration *out) {
    *walk = (struct walk){.recording = recording, .options = options, .out = out};
    walk->choice =
        (struct tear_choice){options->models, DETAIL_FULL, options->late_bit_samples, options->seed};
    walk->frontier.options = options;
    walk->frontier.recording = recording;
    walk->passed = culprit_at_rest(recording, UINT32_MAX, 0);
    walk->next_call = "";
    walk->frontier.workers = memory_zeroed(options->threads, sizeof *walk->frontier.workers);
    for (unsigned i = 0; i < options->threads; i++)
        worker_open(&walk->frontier.workers[i], workload, options, false);
    nv_state_copy(&walk->base, &recording->checkpoints[0].state);
    lose_power(&walk->base);
    *out = (struct exploration){.moment_count = recording->journal->count};
    out->moments = memory_zeroed(out->moment_count == 0 ? 1 : out->moment_count, sizeof *out->moments);
    for (size_t i = 0; i < out->moment_count; i++)
        out->moments[i].entry = &recording->journal->entries[i];
}

static void close_walk(struct walk *walk) {
    for (unsigned i = 0; i < walk->options->threads; i++)
        worker_close(&walk->frontier.workers[i]);
    free(walk->frontier.workers);
    frontier_free(&walk->frontier);
    closure_free(&walk->closure);
    explored_closures_free(&walk->explored);
    nv_state_free(&walk->base);
}

static bool read_beyond_gist(const struct walk *walk) {
    for (unsigned i = 0; i < walk->options->threads; i++)
        if (walk->frontier.workers[i].beyond_gist)
            return true;
    return false;
}

static void run_walk(struct walk *walk) {
    if (walk->options->run_only) {
        judge_run_end(&walk->itself, &walk->frontier.workers[0], walk->recording, NULL,
                      &walk->frontier.findings);
        return;
    }
    walk_journal(walk);
    if (!walk_stopped(walk))
        explore_misfires(&walk->frontier, walk->recording, walk->out);
    if (!walk_stopped(walk))
        explore_resets(&walk->frontier, walk->recording, walk->out);
}

// False: runs looked at more of otadata than the canonical forms take for granted, so nothing that came out counts.
static bool explore_with_places(const struct workload *workload, const struct recording *recording,
                                const struct explorer_options *options, const struct otadata_places *places,
                                struct exploration *out) {
    struct walk walk;
    open_walk(&walk, workload, recording, options, out);
    for (unsigned i = 0; i < options->threads; i++)
        worker_use_places(&walk.frontier.workers[i], places);
    run_walk(&walk);
    bool good = !read_beyond_gist(&walk);
    sum_up(&walk);
    note_defects(&walk);
    close_walk(&walk);
    if (!good)
        exploration_free(out);
    return good;
}

void explore(const struct workload *workload, const struct recording *recording,
             const struct explorer_options *options, struct exploration *out) {
    static const struct otadata_places none;
    struct nv_state base;
    nv_state_copy(&base, &recording->checkpoints[0].state);
    lose_power(&base);
    struct otadata_places places =
        options->raw_otadata || options->run_only ? none : find_places(workload, options, &base);
    nv_state_free(&base);
    if (!explore_with_places(workload, recording, options, &places, out))
        (void)explore_with_places(workload, recording, options, &none, out);
}

void exploration_free(struct exploration *exploration) {
    free(exploration->violations);
    free(exploration->moments);
    free(exploration->situations);
    free(exploration->transitions);
    *exploration = (struct exploration){0};
}
