// Which share of a run falls to this process: --shard says it, or what a test runner or batch system leaves
// in the environment.
#ifndef TOOLS_CLI_SHARD_H
#define TOOLS_CLI_SHARD_H

#include <stdbool.h>
#include <stdint.h>

#define SHARDS_MAX 1000000u

struct shard {
    uint32_t index, count; // 1 of N; count 0: the whole run
    const char *source;    // who said so: "--shard", or the name of an environment variable
    // to be touched, which tells a test runner that shards are understood; NULL: none
    const char *status_file;
};

// "2/5". False: it has been told what is wrong.
bool shard_read(const char *text, struct shard *out);

// What the environment says, which may be nothing (count 0). Known are the variables of Bazel and others
// (TEST_TOTAL_SHARDS), of Slurm's array jobs and of Kubernetes' indexed Jobs. False: half of it is missing,
// it cannot be, or two of them disagree; that has been told.
bool shard_of_environment(struct shard *out);

// Creates the status file if there is one to create. False: it could not be; told.
bool shard_touch_status_file(const struct shard *shard);

// Units of work are dealt out like cards: unit i, from 0 and in the order of the whole run, goes to shard
// (i mod N) + 1.
bool shard_has(const struct shard *shard, uint64_t unit);

#endif
