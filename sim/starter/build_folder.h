// What a build leaves in its folder: of idf.py, PlatformIO (and ESPHome, which uses it) and Arduino-CLI.
#ifndef SIM_STARTER_BUILD_FOLDER_H
#define SIM_STARTER_BUILD_FOLDER_H

#include <stdbool.h>

#include "../base/error.h"

struct build_folder { // paths that can be opened; NULL: it is not there; owned
    char *sdkconfig;  // of the project, which the build names (project_description.json) or which lies near
    char *table;      // the partition table in binary
    char *bootloader; // its image
    char *app;        // the app's image
};

bool build_folder_is_folder(const char *path);

// False: nothing in `path` that a scenario could be made of; `error` says what was looked for. Free only when true.
bool build_folder_read(const char *path, struct build_folder *out, struct error *error);
void build_folder_free(struct build_folder *folder);

#endif
