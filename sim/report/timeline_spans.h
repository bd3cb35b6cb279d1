// What a timeline shows above its operations: what runs (the innermost spans of "boots"), firmware calls (the
// outermost ones that take time) and power cuts, few enough for a page. Private to the HTML report.
#ifndef SIM_REPORT_TIMELINE_SPANS_H
#define SIM_REPORT_TIMELINE_SPANS_H

#include "result.h"

struct timeline_span {
    const char *track; // "boots", "calls" or "power"; the last has instants
    const char *name;  // of the first one
    uint64_t start_ns, end_ns;
    uint32_t count; // spans put together, at least 1
    bool mixed;     // not all of one name
};

// Calls of one name in a row are one span. When more than `most` (at least 3) would be left, neighbours of
// a track are put together whatever they are. `out` has room for scenario->event_count spans. Returns how
// many there are: track by track, in order of time.
size_t timeline_spans(const struct result_scenario *scenario, size_t most, struct timeline_span *out);

// The scenario's flash operations as moments of which nothing is known but when and where they were: for runs
// that were not explored. `out` has room for scenario->event_count moments. Returns how many there are.
size_t timeline_operations(const struct result_scenario *scenario, struct result_moment *out);

#endif
