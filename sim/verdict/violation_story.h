// A violation in words: what was cut, what the device did, where it ended; and the bytes before and after.
#ifndef SIM_VERDICT_VIOLATION_STORY_H
#define SIM_VERDICT_VIOLATION_STORY_H

#include "recorded_run.h"

#include "../explore/explorer.h"

// Appends a sentence: where the power goes, each time.
void violation_cuts(const struct recorded_run *run, const struct crash_path *path, struct buffer *out);

// Appends three sentences.
void violation_story(const struct recorded_run *run, const struct found_violation *violation,
                     struct buffer *out);

// The last cut's operation: the first bytes that it touches and the decoded otadata, before it and as it was
// left. Several lines each.
void violation_bytes(const struct recorded_run *run, const struct crash_path *path, struct buffer *before,
                     struct buffer *after);

// "an erase of 4096 bytes at 0x0000e000 (otadata) in esp_ota_set_boot_partition": the operation that a cut
// falls on or, when there is none, a few words that say so.
void describe_operation(const struct recorded_run *run, const struct journal_operation *operation,
                        struct buffer *out);

#endif
