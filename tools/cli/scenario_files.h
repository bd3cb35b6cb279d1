// Which files a command line means: files as they stand, folders with every scenario below them.
#ifndef TOOLS_CLI_SCENARIO_FILES_H
#define TOOLS_CLI_SCENARIO_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "../../sim/base/error.h"

struct scenario_files {
    char **paths; // in the order of the command line, those of a folder sorted by name; each path once
    size_t count, capacity;
    size_t *slots;  // which path has which place in a hash table, + 1; twice as many as there is capacity
    size_t found;   // each time that a path was come upon
    char **folders; // those that were looked into, nested ones too
    size_t folder_count;
};

// Adds a file, or all *.yaml and *.yml below a folder (symbolic links to folders are not followed). A file
// that is missing is added all the same. False: neither file nor folder, or a folder that cannot be read or
// holds no scenario.
bool scenario_files_add(struct scenario_files *files, const char *path, struct error *error);
void scenario_files_free(struct scenario_files *files);

// True when `pattern` (a shell glob, letter case ignored; without wildcards: a part of it) fits the path or
// the scenario's name.
bool scenario_fits(const char *pattern, const char *path, const char *name);

#endif
