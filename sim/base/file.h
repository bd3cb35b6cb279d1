// Whole files: read with a limit, written so that a kill at any instant leaves the old one or the new one.
#ifndef SIM_BASE_FILE_H
#define SIM_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "error.h"

// Reads a file ("-": standard input) of at most `limit` bytes and appends it to `out`. Directories, missing
// files and larger ones are errors that name the path.
bool file_read(const char *path, size_t limit, struct buffer *out, struct error *error);

// Replaces (or creates) a file: temporary file in the same folder, fsync, rename, fsync of the folder. An
// existing file's permissions are kept; a symbolic link is followed. "-" writes to standard output. On an
// error (a full disk too; error->unwritten is set) the old file is untouched and no temporary file is left; what a killed
// process left (PATH.tmp, if anything), the next writer of the same file removes.
bool file_write(const char *path, const void *bytes, size_t length, struct error *error);

// Where a chain of symbolic links ends; the last file need not exist. Owned by the caller. NULL (errno set): the chain is
// broken or endless.
char *file_behind_links(const char *path);

#endif
