// What --save-flash calls the files of a run's scenarios: no two of them the same.
#ifndef TOOLS_CLI_SAVE_NAMES_H
#define TOOLS_CLI_SAVE_NAMES_H

#include "scenario_files.h"

struct save_name {
    const char *path; // of the scenario; borrowed
    char *name;       // without folder, release and ending
};

struct save_names {
    struct save_name *items; // by path
    size_t count;
};

// A file is called as the scenario's own, without folder and ending ("boot" of a/boot.yaml); where two have that name, by its
// whole path ("a_boot"). False: two are the same even so. `files` outlives the names.
bool save_names_make(struct save_names *names, const struct scenario_files *files, struct error *error);

// NULL: not one of those files.
const char *save_names_find(const struct save_names *names, const char *path);

void save_names_free(struct save_names *names);

#endif
