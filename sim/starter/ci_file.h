// CI files that run a project's scenarios and publish what comes of them.
#ifndef SIM_STARTER_CI_FILE_H
#define SIM_STARTER_CI_FILE_H

#include "ci_source.h"

struct ci_system {
    const char *name; // "github"
    const char *path; // where it looks for such a file, from the top of the repository
    // Appends the file. `scenarios`: file or folder, from the top of the repository; letters, digits and
    // ._~:/@%+- only: it goes into shell commands as it is.
    void (*print)(const struct ci_source *source, const char *scenarios, struct buffer *out);
};

// Ended by a NULL name.
extern const struct ci_system ci_systems[];

#endif
