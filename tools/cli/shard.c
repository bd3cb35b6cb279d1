#include "shard.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

// Digits and nothing else, up to UINT32_MAX; advances `*text` behind them.
static bool take_number(const char **text, uint64_t *out) {
    char *end = NULL;
    errno = 0;
    unsigned long long number = isdigit((unsigned char)**text) ? strtoull(*text, &end, 10) : 0;
    if (!end || errno != 0 || number > UINT32_MAX)
        return false;
    *text = end;
    *out = number;
    return true;
}

bool shard_read(const char *text, struct shard *out) {
    const char *rest = text;
    uint64_t index = 0, count = 0;
    bool fine = take_number(&rest, &index) && *rest++ == '/' && take_number(&rest, &count) && *rest == '\0';
    if (!fine || index < 1 || index > count || count > SHARDS_MAX) {
        (void)usage_error("run", "--shard takes K/N with K from 1 to N and N up to %u, such as 2/5, not `%s`",
                          SHARDS_MAX, text);
        return false;
    }
    *out = (struct shard){.index = (uint32_t)index, .count = (uint32_t)count, .source = "--shard"};
    return true;
}

// ---- the environment ----------------------------------------------------------------------------

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

// The number that a variable holds. False: it is not set, or is no number; told.
static bool number_of(const char *name, const char *because_of, uint64_t *out) {
    const char *value = variable(name), *rest = value;
    if (!value)
        (void)usage_error("run",
                          "%s is set, %s is not: which share of the run is meant? (--shard overrides both)",
                          because_of, name);
    else if (!take_number(&rest, out) || *rest != '\0')
        (void)usage_error("run", "%s is `%s`, which is no number", name, value);
    else
        return true;
    return false;
}

// `index` from 0.
static bool share(const char *source, uint64_t index, uint64_t count, struct shard *out) {
    if (count < 1 || count > SHARDS_MAX || index >= count) {
        (void)usage_error("run",
                          "%s: there is no shard with index %" PRIu64 " among %" PRIu64 " counted from 0",
                          source, index, count);
        return false;
    }
    *out = (struct shard){.index = (uint32_t)index + 1, .count = (uint32_t)count, .source = source};
    return true;
}

// As Bazel documents it under "Test Sharding"; other runners have taken it over.
static bool of_test_runner(struct shard *out) {
    static const char index_name[] = "TEST_SHARD_INDEX", count_name[] = "TEST_TOTAL_SHARDS";
    uint64_t index, count;
    if (!variable(index_name) && !variable(count_name))
        return true;
    if (!number_of(count_name, index_name, &count) || !number_of(index_name, count_name, &index) ||
        !share(index_name, index, count, out))
        return false;
    out->status_file = variable("TEST_SHARD_STATUS_FILE");
    return true;
}

// An array such as 1-9:2 has COUNT 5, MIN 1, MAX 9, STEP 2. One with gaps is not: its tasks cannot be
// numbered.
static bool of_slurm(struct shard *out) {
    static const char id_name[] = "SLURM_ARRAY_TASK_ID", count_name[] = "SLURM_ARRAY_TASK_COUNT";
    static const char min_name[] = "SLURM_ARRAY_TASK_MIN", max_name[] = "SLURM_ARRAY_TASK_MAX";
    uint64_t id, count, min, max, step = 1;
    if (!variable(id_name))
        return true;
    if (!number_of(id_name, id_name, &id) || !number_of(count_name, id_name, &count) ||
        !number_of(min_name, id_name, &min))
        return false;
    if (variable("SLURM_ARRAY_TASK_STEP") && !number_of("SLURM_ARRAY_TASK_STEP", id_name, &step))
        return false;
    step = step > 0 ? step : 1;
    max = min + (count - 1) * step;
    if (variable(max_name) && !number_of(max_name, id_name, &max))
        return false;
    if (count < 1 || id < min || id > max || (id - min) % step != 0 || max != min + (count - 1) * step) {
        (void)usage_error("run",
                          "%s is %" PRIu64 ", of %" PRIu64 " tasks from %" PRIu64 " to %" PRIu64
                          ": an array with gaps? (--shard overrides it)",
                          id_name, id, count, min, max);
        return false;
    }
    return share(id_name, (id - min) / step, count, out);
}

// Kubernetes sets the index; the number of completions has to be handed in by the manifest.
static bool of_kubernetes(struct shard *out) {
    static const char index_name[] = "JOB_COMPLETION_INDEX", count_name[] = "JOB_COMPLETIONS";
    uint64_t index, count;
    if (!variable(index_name))
        return true;
    return number_of(count_name, index_name, &count) && number_of(index_name, count_name, &index) &&
           share(index_name, index, count, out);
}

bool shard_of_environment(struct shard *out) {
    static bool (*const sources[])(struct shard *) = {of_test_runner, of_slurm, of_kubernetes};
    *out = (struct shard){0};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        struct shard found = {0};
        if (!sources[i](&found))
            return false;
        if (found.count > 0 && out->count > 0 && (found.index != out->index || found.count != out->count)) {
            (void)usage_error("run", "%s says shard %u/%u, %s says %u/%u: --shard settles it", out->source,
                              out->index, out->count, found.source, found.index, found.count);
            return false;
        }
        if (out->count == 0)
            *out = found;
    }
    return true;
}

bool shard_touch_status_file(const struct shard *shard) {
    if (!shard->status_file)
        return true;
    int descriptor = open(shard->status_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor >= 0 && close(descriptor) == 0)
        return true;
    (void)usage_error("run", "TEST_SHARD_STATUS_FILE: %s: %s", shard->status_file, strerror(errno));
    return false;
}

bool shard_has(const struct shard *shard, uint64_t unit) {
    return shard->count == 0 || unit % shard->count == shard->index - 1;
}
