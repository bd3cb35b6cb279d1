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
        (void)snprintf(label, size, "%s %s, %s", recovery->label, recovery->version,
                       recorded ? otadata_state_name(recovery->state) : "no record");
        break;
    }
    case RECOVERY_BOOT_LOOP:
        (void)snprintf(label, size, "boot loop on %s %s", recovery->label, recovery->version);
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

void findings_violation(struct findings *findings, uint32_t broken, const struct crash_path *path,
                        const struct recovery *recovery, const struct promise *promise) {
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++) {
        struct found_violation *best = &findings->best[i];
        if ((broken >> i & 1) == 0 || (best->path.count != 0 && best->path.count <= path->count))
            continue;
        best->invariant = i;
        best->path = *path;
        recovery_copy(&best->recovery, recovery);
        best->promise = *promise;
    }
}

void findings_exposure(struct findings *findings, uint32_t broken, uint64_t ns) {
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++)
        if ((broken >> i & 1) != 0)
            findings->best[i].exposure_ns += ns;
}

void findings_later_exposure(struct findings *findings, uint32_t broken, size_t parent, uint64_t ns) {
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++) {
        struct later_exposure *later = &findings->later[i];
        if ((broken >> i & 1) == 0)
            continue;
        if (later->parent != parent)
            *later = (struct later_exposure){.parent = parent, .most_ns = later->most_ns};
        later->ns += ns;
        later->most_ns = later->ns > later->most_ns ? later->ns : later->most_ns;
    }
}

void findings_free(struct findings *findings) {
    free(findings->situations);
    free(findings->transitions);
    *findings = (struct findings){0};
}
