// Files that a command writes for somebody to go on with.
#ifndef TOOLS_CLI_NEW_FILE_H
#define TOOLS_CLI_NEW_FILE_H

#include <stdbool.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/error.h"

// Creates the file with this text, all of it or nothing; folders on the way to it too. "-" is standard
// output. One that exists is an error that leaves it untouched, unless `replace`.
bool new_file_write(const char *path, const struct buffer *text, bool replace, struct error *error);

#endif
