// Joins the JSON reports of all shards of a run into the report that the whole run would have written, byte
// for byte.
#ifndef SIM_REPORT_REPORT_MERGE_H
#define SIM_REPORT_REPORT_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buffer.h"
#include "../base/error.h"
#include "result.h"

struct report_part {
    const char *name;   // for messages: the file that it comes from; borrowed
    struct buffer text; // a JSON report; owned by the caller
};

// A scenario that did not pass, as far as a one-line notice needs it.
struct report_merge_notice {
    char *file, *release; // owned
    enum verdict verdict;
};

struct report_merged {
    struct buffer json;
    struct result_totals totals;
    struct report_merge_notice *notices; // in the order of the run
    size_t notice_count;
    int status; // exit status of the whole run
};

// `parts` in any order. False: one of them is no report of a shard, they are not of one run (version, seed,
// command, scenario files), or one is missing, there twice or incomplete; `out` needs no release then.
bool report_merge(const struct report_part *parts, size_t count, struct report_merged *out,
                  struct error *error);
void report_merged_free(struct report_merged *merged);

#endif
