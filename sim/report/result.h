// The one result struct: filled by running, read by every report. No report computes a verdict.
#ifndef SIM_REPORT_RESULT_H
#define SIM_REPORT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../explore/outcome.h"

enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_INCOMPLETE, // nothing is violated in what was covered, but that is not all
    VERDICT_ERROR       // could not be run
};
const char *verdict_name(enum verdict verdict); // "pass"

struct result_failure {
    const char *kind; // what was expected: the name of a rule (report_rules.h), such as "booted"; a literal
    char *message;    // one line: "expected booted ota_1, got ota_0"
    char *expected, *actual;
    uint32_t line, column, length; // where the scenario asks for it; line 0: nowhere
    char *source;                  // that line of the scenario
    char *step;                    // "step 3: restart"
    char *otadata;                 // decoded, several lines; NULL: does not matter
    char *operations;              // the last flash operations, several lines; NULL: none
    char *said;                    // why: boot decisions and the firmware's complaints in that step, several
                                   // lines; NULL: nothing was said
};

struct result_operation_counts {
    uint64_t reads, read_bytes, programs, program_bytes, sector_erases, block_erases, efuse_burns;
    uint64_t time_ns; // simulated
};

struct result_fault_count {
    const char *model; // "prefix"
    uint64_t fired;
    bool requested;
};

struct result_violation {
    char *invariant; // "old-or-new"
    // The cause: what all its crash states have in common.
    char *culprit;         // in words: "an erase in otadata during boot"
    const char *during;    // firmware call, "boot" or "rest"; lives as long as the program
    char *in;              // partition; NULL: none
    const char *operation; // "program", "erase", "burn"; NULL: none, the device was at rest
    const char *gravity;   // "brick", "loop", "downgrade" or ""
    uint32_t tears;        // fault models that made its crash states, bits of enum fault_model
    char *entry;           // of `known:` that would cover it, YAML
    char *mismatch;        // why an entry for this invariant does not cover it; NULL: there is none

    char *address;   // "confirm/2/prefix:12+boot/1/clean": replays the example, the simplest one
    char *story;     // three sentences: what was cut, what the device did, where it ended
    char *before;    // bytes and decoded otadata before the cut, several lines
    char *after;     // and after it
    char *decision;  // what the device does when it is back, line by line: resets, the bootloader's reasons
    uint32_t line;   // of the scenario: the step in which the power goes; 0: unknown
    uint64_t states; // crash states that share it
    uint64_t exposure_ns; // of the run: a single cut in that time leads to it
    uint64_t worst_ns,
        worst_of_ns;    // when it takes several cuts: of a recovery that takes so long, the time in
                        // which the last one leads to it
    double per_million; // expected number per million updates; negative: no rate was given
    bool known;         // does not fail the run: declared by the scenario, or a hazard of the platform
    const char *hazard; // "Z1": ESP-IDF's own, in the catalogue; NULL: not there
    const char *hazard_title, *hazard_remedy; // one line; what to do about it
    char *why, *link;                         // of the declaration, or of the catalogue
    uint32_t cuts;                            // of the example
};

// One mark on the timeline: an operation of the recorded run and what a cut there leads to.
struct result_moment {
    uint64_t start_ns, duration_ns;
    const char *kind; // "program", "erase", "efuse"
    const char *call;
    uint32_t address, length;
    uint32_t step;
    uint32_t line;   // of that step in the scenario; 0: unknown
    uint64_t states; // crash states inside it
    uint64_t outcomes[OUTCOME_COUNT];
};

// A node of the state graph: a distinct situation that devices recover to, as people say it ("new 2.0.0 in ota_1,
// pending").
struct result_node {
    char *label;
    enum outcome outcome;
    uint64_t states;
};
struct result_edge {
    size_t from, to;
    char *label;
    uint64_t count;
}; // "boot", "cut in esp_ota_end"

struct result_exploration {
    bool ran, closed, partial; // partial: it ended before it was through
    const char *ended;         // partial: why: "interrupted", "max_states", "max_time", "max_memory"
    uint64_t crash_states, distinct_states, recoveries, recoveries_saved;
    uint32_t depth; // cuts in a row that were reached
    struct result_fault_count *faults;
    size_t fault_count;
    char *notes;      // which models apply at which depth, what was sampled; one a line
    double elapsed_s; // wall clock; not part of a deterministic report
    uint64_t run_ns;  // simulated time of the recorded run
    double cuts_per_hour;
    struct result_moment *moments;
    size_t moment_count;
    struct result_node *nodes;
    size_t node_count;
    struct result_edge *edges;
    size_t edge_count;
};

struct result_partition { // for the flash map
    char *label, *kind;   // "ota_0", "app/ota_0"
    uint32_t address, size;
    char *contents;      // "app 2.0.0, hash ok"; "otadata: seq 2 VALID"; "erased"
    uint32_t erases_max; // of its most worn sector
    uint64_t erases;
};

// For traces: spans of simulated time. Within a track they are strictly nested, and in the order in which
// they begin, the outer one first.
struct result_event {
    const char *track; // "steps", "calls", "flash", "boots", "power"
    char *name;
    uint64_t start_ns, duration_ns;
    bool mark;                // an instant rather than a span: "power cut"
    uint32_t address, length; // flash operations; length 0: it is none
};

struct result_scenario {
    char *file, *name, *about, *link;
    char *source;  // the file's text
    char *release; // "v6.0"
    enum verdict verdict;
    char *error;                       // VERDICT_ERROR: why
    bool defect;                       // the error is ota-sim's own fault
    char *error_help;                  // lines to paste; NULL: none
    uint32_t error_line, error_column; // where in the file; 0: nowhere
    uint64_t seed;
    uint32_t expectations_met, expectations_failed;
    uint64_t boots;
    struct result_operation_counts flash;
    uint32_t flash_size;
    struct result_failure *failures;
    size_t failure_count;
    struct result_violation *violations;
    size_t violation_count;
    char **known_bugs; // declared bugs that are there: shown, not failing
    size_t known_bug_count;
    struct result_exploration exploration;
    struct result_partition *partitions;
    size_t partition_count;
    struct result_event *events;
    size_t event_count;
    double elapsed_s;
};

// Of a shard: what tells the shards of one run from those of another, and what makes them one again.
struct result_shard_facts {
    uint64_t units;  // scenarios times releases of the whole run; 0: interrupted before that was known
    char *command;   // options and operands that results depend on
    uint64_t inputs; // digest of all scenario files of the whole run; 0 as for units
    int status;      // exit status of this shard
};

struct result {
    struct result_scenario *scenarios;
    size_t count, capacity;
    uint64_t seed;
    bool partial;           // interrupted
    uint32_t shard, shards; // 1 of N; shards 0: not sharded
    struct result_shard_facts shard_facts;
};

// Totals over the scenarios.
struct result_totals {
    size_t scenarios, passed, failed, incomplete, errors;
};
struct result_totals result_totals(const struct result *result);

// Appends an empty one, valid until the next is added.
struct result_scenario *result_add(struct result *result);

// Takes the wall clock out of a result (elapsed_s becomes negative: not told), so that the same run gives the
// same bytes.
void result_forget_time(struct result *result);

void result_scenario_free(struct result_scenario *scenario);
void result_free(struct result *result);

#endif
