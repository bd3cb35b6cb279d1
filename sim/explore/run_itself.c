#include "run_itself.h"

#include "rest.h"

struct place { // in the run
    const struct recording *recording;
    const struct blame *blame;
    struct findings *findings;
    uint32_t checkpoint;
    uint32_t ignored;     // invariants that do not count here
    bool unblamed;        // nothing but the run was looked at
    const uint32_t *only; // as in run_itself.h
};

static void note(const struct place *place, const struct start *start) {
    if (place->only != NULL && *place->only != place->checkpoint)
        return;
    const struct recovered *recovered = start->recovered;
    enum outcome outcome = outcome_of_recovery(&recovered->recovery, start->promise);
    struct culprit none = culprit_at_rest(place->recording, UINT32_MAX, place->checkpoint);
    struct crash_path path = {.cuts = {{.checkpoint = place->checkpoint}}};
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++) {
        if ((start->broken & ~place->ignored) >> i & 1) {
            struct cause cause = {i, blame_gravity(i, outcome),
                                  place->blame == NULL ? none : *blame_of(place->blame, i, &none)};
            struct found_violation *violation = findings_of(place->findings, &cause);
            violation->unblamed |= place->unblamed;
            findings_checkpoint(violation, place->checkpoint);
            findings_note(violation, &path, start->number, &recovered->recovery, start->promise);
        }
    }
}

static void note_start(void *context, const struct start *start) {
    note(context, start);
}

// The scenario's own invariants are about recovered devices: they count where the run ends.
static uint32_t own_invariants(void) {
    return ((1u << INVARIANTS_CUSTOM_MAX) - 1) << INVARIANT_CUSTOM;
}

// ---- operations that stay open ------------------------------------------------------------------

static uint32_t checkpoint_of_event(const struct recording *recording, size_t event) {
    uint32_t found = 0;
    while (found + 1 < recording->checkpoint_count && recording->checkpoints[found + 1].events <= event)
        found++;
    return found;
}

static void judge_event(const struct run_itself *run, const struct worker *worker,
                        const struct recording *recording, struct findings *findings) {
    enum event_kind kind = recording->events[run->next_event].kind;
    if (kind != EVENT_LEFT_OPEN && kind != EVENT_TWO_OPEN)
        return;
    struct place place = {.recording = recording,
                          .findings = findings,
                          .checkpoint = checkpoint_of_event(recording, run->next_event),
                          .unblamed = worker->options->run_only,
                          .only = run->only};
    struct recovered latest = {0};
    recovery_copy(&latest.recovery, &run->latest);
    latest.recovery.left_open = true;
    uint32_t broken = invariants_broken(&latest.recovery, &run->promise, &worker->options->limits);
    broken &= 1u << INVARIANT_OPERATIONS_CLOSED;
    note(&place, &(struct start){0, &latest, &run->promise, broken});
}

// ---- starts -------------------------------------------------------------------------------------

static void pass_events(struct run_itself *run, const struct worker *worker,
                        const struct recording *recording, size_t end, struct findings *findings) {
    for (; run->next_event < end; run->next_event++) {
        judge_event(run, worker, recording, findings);
        promise_fold(&run->promise, &recording->events[run->next_event]);
    }
}

// What had been told when a start began. The step's own power loss may have ended a confirmation right before its
// first operation: then nothing of it has happened.
static void pass_events_before(struct run_itself *run, const struct worker *worker,
                               const struct recording *recording, const struct recorded_start *start,
                               struct findings *findings) {
    size_t last = start->first_event;
    if (last > run->next_event && recording->events[last - 1].kind == EVENT_CONFIRMING &&
        recording->events[last - 1].operation == start->operation) {
        pass_events(run, worker, recording, last - 1, findings);
        run->next_event = last;
    } else {
        pass_events(run, worker, recording, last, findings);
    }
}

static void judge_start(struct run_itself *run, struct worker *worker, const struct recording *recording,
                        const struct blame *blame, struct findings *findings) {
    const struct recorded_start *start = &recording->starts[run->next_start++];
    struct place place = {
        recording, blame, findings, start->checkpoint, own_invariants(), worker->options->run_only,
        run->only};
    pass_events_before(run, worker, recording, start, findings);
    struct promise before = run->promise;
    pass_events(run, worker, recording, start->end_event, findings);
    recovery_copy(&run->latest, &start->recovery);
    if (start->excused || start->recovery.end == RECOVERY_POWER_LOST)
        return;
    struct recovered recovered = {0};
    recovery_copy(&recovered.recovery, &start->recovery);
    uint32_t broken = invariants_broken(&start->recovery, &before, &worker->options->limits);
    note(&place, &(struct start){0, &recovered, &before, broken});
    if (start->recovery.end == RECOVERY_SETTLED)
        for_each_start(worker, &start->state, &run->promise, DETAIL_COARSE, 1, note_start, &place);
}

void judge_run_until(struct run_itself *run, struct worker *worker, const struct recording *recording,
                     uint64_t operation, const struct blame *blame, struct findings *findings) {
    while (run->next_start < recording->start_count &&
           recording->starts[run->next_start].operation <= operation)
        judge_start(run, worker, recording, blame, findings);
}

void judge_run_end(struct run_itself *run, struct worker *worker, const struct recording *recording,
                   const struct blame *blame, struct findings *findings) {
    const struct checkpoint *end = &recording->checkpoints[recording->checkpoint_count - 1];
    bool inside = end->step >= recording->first_step && end->step <= recording->last_step;
    struct place place = {recording,
                          blame,
                          findings,
                          (uint32_t)recording->checkpoint_count - 1,
                          inside ? 0 : own_invariants(),
                          worker->options->run_only,
                          run->only};
    judge_run_until(run, worker, recording, UINT64_MAX, blame, findings);
    pass_events(run, worker, recording, recording->event_count, findings);
    for_each_start(worker, &end->state, &run->promise, DETAIL_COARSE, 1, note_start, &place);
}
