#include "build_folder.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "../base/buffer.h"

bool build_folder_is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_file(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

// Where a build system leaves what, from its folder; globs, and of an app that it names itself: NULL.
static const struct {
    const char *sdkconfig, *table, *bootloader, *app;
} layouts[] = {
    {"../sdkconfig", "partition_table/partition-table.bin", "bootloader/bootloader.bin", NULL}, // idf.py
    {"sdkconfig", "partitions.bin", "bootloader.bin", "firmware.bin"},                          // PlatformIO
    {"sdkconfig", "*.ino.partitions.bin", "*.ino.bootloader.bin", "*.ino.bin"},                 // Arduino-CLI
};
#define LAYOUTS (sizeof layouts / sizeof layouts[0])

// PlatformIO calls the sdkconfig of environment `esp32dev` sdkconfig.esp32dev; the build folder has that name, too. ESPHome
// has it a folder nearer.
static char *of_environment(const char *folder) {
    char *real = realpath(folder, NULL), *found = NULL;
    const char *name = real != NULL ? strrchr(real, '/') + 1 : "";
    for (int ups = 2; ups <= 3 && found == NULL; ups++) {
        struct buffer path = {0};
        buffer_printf(&path, "%s/%ssdkconfig.%s", folder, ups == 2 ? "../../" : "../../../", name);
        found = is_file(buffer_string(&path)) ? memory_text(buffer_string(&path)) : NULL;
        buffer_free(&path);
    }
    free(real);
    return found;
}

// The file in `folder` that fits; of several the first in the order of their names. NULL: none.
static char *file_in(const char *folder, const char *pattern) {
    struct buffer path = {0};
    for (const char *c = folder; *c != '\0'; c++)
        buffer_printf(&path, strchr("*?[\\", *c) != NULL ? "\\%c" : "%c", *c);
    buffer_printf(&path, "%s%s", folder[strlen(folder) - 1] == '/' ? "" : "/", pattern);
    glob_t found = {0};
    char *text = NULL;
    if (glob(buffer_string(&path), 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc && text == NULL; i++)
            text = is_file(found.gl_pathv[i]) ? memory_text(found.gl_pathv[i]) : NULL;
    globfree(&found);
    buffer_free(&path);
    return text;
}

// The build system of ESP-IDF writes down what it has used and made; in a folder that was moved since these ways may be lost.
static json_t *description_of(const char *folder) {
    char *path = file_in(folder, "project_description.json");
    json_t *description = path == NULL ? NULL : json_load_file(path, 0, NULL);
    free(path);
    return description;
}

static void take_named(const char *folder, struct build_folder *out) {
    json_t *description = description_of(folder);
    const char *config = json_string_value(json_object_get(description, "config_file"));
    const char *app = json_string_value(json_object_get(description, "app_bin"));
    if (out->sdkconfig == NULL && config != NULL && is_file(config))
        out->sdkconfig = memory_text(config);
    if (out->app == NULL && app != NULL && strpbrk(app, "*?[\\") == NULL)
        out->app = file_in(folder, app);
    json_decref(description);
}

bool build_folder_read(const char *path, struct build_folder *out, struct error *error) {
    for (size_t i = 0; i < LAYOUTS; i++) {
        *out = (struct build_folder){.table = file_in(path, layouts[i].table),
                                     .bootloader = file_in(path, layouts[i].bootloader)};
        if (out->table == NULL && out->bootloader == NULL)
            continue;
        out->sdkconfig = of_environment(path);
        if (out->sdkconfig == NULL)
            out->sdkconfig = file_in(path, layouts[i].sdkconfig);
        out->app = layouts[i].app != NULL ? file_in(path, layouts[i].app) : NULL;
        take_named(path, out);
        return true;
    }
    return error_set(error,
                     "%s: no build folder: neither bootloader/bootloader.bin nor "
                     "partition_table/partition-table.bin is in it, as `idf.py build` makes them, nor "
                     "bootloader.bin and partitions.bin as of PlatformIO and Arduino-CLI",
                     path);
}

void build_folder_free(struct build_folder *folder) {
    free(folder->sdkconfig);
    free(folder->table);
    free(folder->bootloader);
    free(folder->app);
    *folder = (struct build_folder){0};
}
