#include "findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/otadata.h"
#include "../base/buffer.h"

static void describe(const struct recovery *recovery, char *label, size_t size) {
    switch (recovery->end) {
    case RECOVERY_SETTLED: {
        bool recorded = recovery->state != STATE_NOT_RECORDED;
        (void)snprintf(label, size, "%s in %s, %s", recovery->words, recovery->label,
                       recorded ? otadata_state_name(recovery->state) : "no record");
        break;
    }
    case RECOVERY_BOOT_LOOP:
        (void)snprintf(label, size, "boot loop on %s in %s", recovery->words, recovery->label);
        break;
    case RECOVERY_NOTHING_BOOTABLE:
    case RECOVERY_POWER_LOST: // never an end: the explorer plans no cuts
        (void)snprintf(label, size, "nothing boots");
        break;
    }
}

uint32_t findings_situation(struct findings *findings, const struct recovery *recovery,
                            enum outcome outcome) {
    struct situation situation = {.outcome = outcome};
    describe(recovery, situation.label, sizeof situation.label);
    for (size_t i = 0; i < findings->situation_count; i++)
        if (findings->situations[i].outcome == outcome &&
            strcmp(findings->situations[i].label, situation.label) == 0)
            return (uint32_t)i;
    findings->situations =
        memory_resize(findings->situations, (findings->situation_count + 1) * sizeof *findings->situations);
    findings->situations[findings->situation_count] = situation;
    return (uint32_t)findings->situation_count++;
}

static bool same_way(const struct transition *a, const struct transition *b) {
    if (a->from_run != b->from_run || a->to != b->to)
        return false;
    return a->from_run ? strcmp(a->call, b->call) == 0 : a->from == b->from;
}

void findings_transition(struct findings *findings, const struct transition *transition) {
    for (size_t i = 0; i < findings->transition_count; i++) {
        if (same_way(&findings->transitions[i], transition)) {
            findings->transitions[i].count += transition->count;
            return;
        }
    }
    findings->transitions = memory_resize(findings->transitions,
                                          (findings->transition_count + 1) * sizeof *findings->transitions);
    findings->transitions[findings->transition_count++] = *transition;
}

struct found_violation *findings_of(struct findings *findings, const struct cause *cause) {
    for (size_t i = 0; i < findings->violation_count; i++)
        if (cause_equal(&findings->violations[i].cause, cause))
            return &findings->violations[i];
    findings->violations =
        memory_resize(findings->violations, (findings->violation_count + 1) * sizeof *findings->violations);
    struct found_violation *violation = &findings->violations[findings->violation_count++];
    *violation = (struct found_violation){.cause = *cause, .later_parent = SIZE_MAX};
    return violation;
}

static uint32_t torn_cuts(const struct crash_path *path) {
    uint32_t torn = 0;
    for (uint32_t i = 0; i < path->count; i++)
        torn += path->cuts[i].tear.kind != TEAR_CLEAN;
    return torn;
}

bool findings_simpler(const struct found_violation *violation, const struct crash_path *path) {
    const struct crash_path *best = &violation->path;
    if (!violation->noted || path->count != best->count)
        return !violation->noted || path->count < best->count;
    return torn_cuts(path) < torn_cuts(best);
}

void findings_note(struct found_violation *violation, const struct crash_path *path, uint32_t starts,
                   const struct recovery *recovery, const struct promise *promise) {
    if (!findings_simpler(violation, path))
        return;
    violation->noted = true;
    violation->path = *path;
    violation->starts = starts;
    recovery_copy(&violation->recovery, recovery);
    violation->promise = *promise;
}

void findings_checkpoint(struct found_violation *violation, uint32_t checkpoint) {
    if (!violation->noted || checkpoint < violation->first_checkpoint)
        violation->first_checkpoint = checkpoint;
    if (!violation->noted || checkpoint > violation->last_checkpoint)
        violation->last_checkpoint = checkpoint;
}

void findings_later_exposure(struct found_violation *violation, size_t parent, uint64_t ns,
                             uint64_t recovery_ns) {
    if (violation->later_parent != parent) {
        violation->later_parent = parent;
        violation->later_ns = 0;
    }
    violation->later_ns += ns;
    if (violation->later_ns > violation->worst_ns) {
        violation->worst_ns = violation->later_ns;
        violation->worst_of_ns = recovery_ns;
    }
}

void findings_free(struct findings *findings) {
    free(findings->violations);
    free(findings->situations);
    free(findings->transitions);
    *findings = (struct findings){0};
}
