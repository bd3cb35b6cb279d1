// CI files that run a project's scenarios and publish what comes of them.
#ifndef SIM_STARTER_CI_FILE_H
#define SIM_STARTER_CI_FILE_H

#include "../base/buffer.h"

struct ci_system {
    const char *name;   // "github"
    const char *path;   // where it looks for such a file, from the top of the repository
    const char *format; // of printf: the address of ota-sim's repository, then the folder of scenarios
};

// Ended by a NULL name.
extern const struct ci_system ci_systems[];

// `url`: to clone ota-sim from. `scenarios`: file or folder, from the top of the repository. Both are to
// consist of letters, digits and ._~:/@%+- only: they go into shell commands as they are.
void ci_file_print(const struct ci_system *system, const char *url, const char *scenarios,
                   struct buffer *out);

#endif
