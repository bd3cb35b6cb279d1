// What a scenario, or the catalogue of platform hazards, says of a violation. An entry of `known:` speaks of one
// cause; whatever does not fit it is new.
#ifndef SIM_VERDICT_KNOWN_VIOLATIONS_H
#define SIM_VERDICT_KNOWN_VIOLATIONS_H

#include "../report/result.h"
#include "platform_hazards.h"
#include "recorded_run.h"

const char *violation_invariant_name(const struct scenario *scenario, uint32_t invariant);

struct violation_standing {
    const struct known_violation *known;  // the entry that covers it; NULL: none
    const struct platform_hazard *hazard; // that is behind it; NULL: none
    struct buffer
        mismatch; // why an entry for the same invariant does not cover it; empty: there is no such entry
};

// `out->mismatch` is to be freed.
void violation_stands(const struct recorded_run *run, const struct found_violation *violation,
                      struct violation_standing *out);

// True when the entry covers one of the violations.
bool known_violation_is_there(const struct recorded_run *run, const struct exploration *found,
                              const struct known_violation *known);

// The parts of a cause, as `during`, `in` and `operation` call them; NULL: it has none.
const char *violation_during(const struct found_violation *violation);
const char *violation_place(const struct recorded_run *run, const struct found_violation *violation);
const char *violation_operation(const struct found_violation *violation);

// "an erase in otadata during boot": what is to blame, in words.
void violation_culprit_words(const struct recorded_run *run, const struct found_violation *violation,
                             struct buffer *out);

// The entry that would cover a violation, as YAML: lines, the first begins with "- ". `address`: of its example.
void known_violation_entry(const struct recorded_run *run, const struct found_violation *violation,
                           const char *address, struct buffer *out);

// An entry without `during` is of a time when an entry spoke of an invariant, whatever broke it. It is an error
// whose help is what to write instead, made of the violations that were found.
void known_violations_refuse_unbound(const struct scenario *scenario, struct result_scenario *result);

#endif
