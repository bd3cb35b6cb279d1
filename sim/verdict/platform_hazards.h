// What ESP-IDF itself does to a device when the power goes, release by release: the catalogue behind
// docs/hazards.md, `ota-sim explain Z1`, and what reports call "not your code".
//
// A violation that matches a cause of the catalogue exactly does not fail a run. It matches narrowly: the call,
// the record, the operation, the ways of tearing, and no effect beyond that call. What ends in a brick, an
// endless loop or a downgrade never matches, and neither does an invariant of the scenario's own.
#ifndef SIM_VERDICT_PLATFORM_HAZARDS_H
#define SIM_VERDICT_PLATFORM_HAZARDS_H

#include "../explore/explorer.h"

#define HAZARD_CAUSES_MAX  9u // one more than there are
#define HAZARD_REPLAYS_MAX 3u

// What the catalogue lets through. All of it has to hold.
struct hazard_cause {
    enum invariant invariant;
    const char *call; // firmware call, or how it begins and "*"; "bootloader"; NULL: there is no such cause
    enum journal_kind kind;
    uint32_t tears; // fault models that may have made its crash states, bits; no other
    // Where the operation is, and what the call does there beside it:
    enum hazard_shape {
        HAZARD_ELSEWHERE, // matches nothing
        HAZARD_REWRITES,  // in otadata: erases the sector of a record and programs it anew
        HAZARD_RESELECTS, // the same, for the version that runs already
        HAZARD_ERASES,    // in otadata: erases, and programs none
        HAZARD_OF_SLOTS,  // in the slot of an app
        HAZARD_OF_NVS,    // in an NVS partition
        HAZARD_OF_BLOBS   // there, a blob's new pieces written and its new index not begun
    } shape;
    const char *since, *until; // the first and the last release with it; NULL: the oldest, the newest
    bool spreads;              // it breaks beyond the call, too, until otadata is written anew
    enum tear_kind simplest;   // how the simplest of its crash states tore; TEAR_CLEAN: in any way
};

struct platform_hazard {
    const char *id;                           // "Z1"
    const char *title;                        // one line, no full stop
    const char *text;                         // what happens and what comes of it; Markdown
    const char *remedy;                       // what to do about it; Markdown
    const char *first_release, *last_release; // NULL: the oldest, the newest
    const char *link;                         // where it was reported; NULL: nowhere
    struct {
        const char *scenario, *address; // address NULL: it needs no cut
    } replays[HAZARD_REPLAYS_MAX];
    struct hazard_cause causes[HAZARD_CAUSES_MAX];
};

extern const struct platform_hazard platform_hazards[];
extern const size_t platform_hazard_count;

const struct platform_hazard *platform_hazard_find(const char *id); // letter case is ignored; NULL: none
bool platform_hazard_in(const struct platform_hazard *hazard, const char *release);
bool hazard_cause_in(const struct hazard_cause *cause, const char *release);

// "all releases", "v6.0 and later".
void platform_hazard_releases(const struct platform_hazard *hazard, struct buffer *out);

// ---- matching -----------------------------------------------------------------------------------

// What is known of a violation beside the violation itself.
struct hazard_evidence {
    const char *release;
    enum hazard_shape shape; // of the culprit
};

// The hazard that is behind a violation; NULL: none, or one that is too grave to be waved through.
const struct platform_hazard *platform_hazard_of(const struct found_violation *violation,
                                                 const struct hazard_evidence *evidence);

#endif
