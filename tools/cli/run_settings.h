// The command line of `ota-sim run`.
#ifndef TOOLS_CLI_RUN_SETTINGS_H
#define TOOLS_CLI_RUN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/release_profile.h"
#include "../../sim/report/report_output.h"
#include "../../sim/verdict/exploration.h"
#include "scenario_files.h"
#include "shard.h"

#define RUN_RELEASES_MAX 16u
#define RUN_REPORTS_MAX  32u

struct report_request {
    const struct report_output *output;
    const char *path; // "-": standard output
};

struct run_settings {
    struct report_request reports[RUN_REPORTS_MAX];
    size_t report_count;
    const char *pattern;    // -k; NULL: all scenarios
    const char *save_flash; // folder; NULL: nowhere
    const char *bootloader; // a genuine one's file, for all scenarios; NULL: theirs
    const char *rom;        // likewise, the ELF file of the mask ROM
    const char *elf;        // likewise, that of the bootloader
    bool list, verbose, help;
    bool fail_fast;                                           // the first failure ends it
    bool github;                                              // annotations and a job summary
    bool watch;                                               // run again whenever a file changes
    const struct release_profile *releases[RUN_RELEASES_MAX]; // those of --release, if any
    size_t release_count;
    uint64_t seed; // 0: the scenario's
    bool no_explore;
    bool timing; // reports tell the wall clock
    struct explore_options exploration;
    struct shard shard;
    // what of the command line can change a result: shards of one run have it in common
    struct buffer command;
    struct scenario_files files;
    bool bad_input; // a file or folder that was named cannot be read: told already
};

// False: bad usage, which has been told. Free with run_settings_free also then.
bool run_settings_read(int argc, char **argv, struct run_settings *out);
void run_settings_free(struct run_settings *settings);

void run_settings_help(void);

// True when some report goes to standard output.
bool run_settings_report_on_stdout(const struct run_settings *settings);

#endif
