// A scenario file being read: what its parts have in common. The parts are the files reader_*.c, each with a
// header that says what the others may ask of it; reader.c calls them in their order. Private to the reader.
#ifndef SIM_LANGUAGE_READING_H
#define SIM_LANGUAGE_READING_H

#include "../provision/partition_layout.h"
#include "fields.h"
#include "reader.h"
#include "step_row.h"

#define LABEL_MAX          16u           // bytes of a partition's label (PT)
#define IMAGES_MAX         256u          // in one scenario
#define CONTENTS_MAX       (64ull << 20) // bytes that images, fills and expectations may take together
#define EXECUTED_STEPS_MAX 1000000u      // repeats unrolled
#define HANDLES_MAX        24u           // handle variables (EXECUTION_HANDLES_MAX)

struct reading {
    const char *path;
    struct diagnostics *diagnostics;
    struct scenario *scenario;
    struct scenario_wishes wishes;

    struct partition_table_layout layout; // names resolve against it
    bool layout_known;                    // false: the table is wrong or absent; then names are not looked up
    struct partition_table_layout *later; // tables that images bring: a device may get them
    size_t later_count;
    struct source_mark partitions_mark; // line 0: the scenario writes none
    uint32_t csv_line;                  // of the inline CSV's first line; 0: it is a file
    bool *image_broken;                 // of each image: its error was reported, follow-ups are not
    bool *image_used;
    uint64_t contents; // bytes so far
    char *handles[HANDLES_MAX];
    size_t handle_count;
    uint32_t requests_counted; // bits of PORT_EFUSE_REQUESTS, likewise
    bool no_server_needed;     // downloads come from elsewhere
    uint32_t starts_counted;   // bits of PORT_EFUSE_APP_STARTS that have been given out
};

#endif
