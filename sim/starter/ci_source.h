// Where a CI job gets ota-sim from: the shell commands that install it.
#ifndef SIM_STARTER_CI_SOURCE_H
#define SIM_STARTER_CI_SOURCE_H

#include <stdbool.h>

#include "../base/buffer.h"
#include "../base/error.h"

struct ci_source {
    const char *packages; // of Debian, which the commands need in a bare container, separated by spaces
    char *commands;       // shell, a line each; owned
    const char *folder;   // that PATH has to have then, from the top of the repository; NULL: it is in PATH
};

// `from`: a package file (.deb, .whl, .tar.gz), an index of Python packages (https://.../simple), a requirement
// (ota-sim==0.1.0) or a git URL with what to check out behind an @. It must consist of letters, digits and
// ._~:/@%+=- only: it goes into shell commands as it is. False: `error` says what would do. Free only when true.
bool ci_source_read(const char *from, struct ci_source *out, struct error *error);
void ci_source_free(struct ci_source *source);

#endif
