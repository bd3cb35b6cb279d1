// Files that reports are written to: what stands there already is replaced only when it is a report of the same kind.
#ifndef TOOLS_CLI_REPORT_FILE_H
#define TOOLS_CLI_REPORT_FILE_H

#include <stdbool.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/error.h"

// May a report be written to `path` ("-": standard output)? `mark`: a text that stands in the first REPORT_MARK_WITHIN
// bytes of every report of its kind. A file without it is somebody else's, one named like a scenario (.yaml, .yml) always;
// an empty one is nobody's. Devices and pipes are written to.
bool report_file_allowed(const char *path, const char *mark, struct error *error);

// Is it one file, whatever the two paths are called? Two that do not exist are not.
bool report_file_is(const char *path, const char *other);

// Asks again, then writes (file_write).
bool report_file_write(const char *path, const char *mark, const struct buffer *text, struct error *error);

#endif
