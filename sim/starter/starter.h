// A scenario to start from, made to measure: for the partition table, the sdkconfig or the flash dump of a
// project.
#ifndef SIM_STARTER_STARTER_H
#define SIM_STARTER_STARTER_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buffer.h"
#include "../base/error.h"

// `path`: where the scenario will be, "-" for none; files that it names are named relative to that.
// `sources`: at most one each of sdkconfig, partition table (CSV or binary) and flash dump, told apart by
// their contents; a build folder (build_folder.h) stands for its files, the bootloader among them. The text that is appended to `out` has been run and passes: what an exploration finds is
// declared as known in it, with its address. `left_out`: how many of the sdkconfig's options about updates it
// lists as not taken over. `runs_it`: the caller runs the text at once, so that what was declared as known is not tried here
// a second time.
bool starter_make(const char *path, const char *const *sources, size_t count, bool runs_it,
                  struct buffer *out, size_t *left_out, struct error *error);

#endif
