#include "build_folder.h"

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

static char *file_in(const char *folder, const char *name) {
    struct buffer path = {0};
    buffer_printf(&path, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
    char *text = is_file(buffer_string(&path)) ? memory_text(buffer_string(&path)) : NULL;
    buffer_free(&path);
    return text;
}

// The build system writes down which sdkconfig it has used; a folder that was moved since has lost that way.
static char *named_sdkconfig(const char *folder) {
    char *path = file_in(folder, "project_description.json"), *found = NULL;
    json_t *description = path == NULL ? NULL : json_load_file(path, 0, NULL);
    const char *named = json_string_value(json_object_get(description, "config_file"));
    if (named != NULL && is_file(named))
        found = memory_text(named);
    json_decref(description);
    free(path);
    return found;
}

bool build_folder_read(const char *path, struct build_folder *out, struct error *error) {
    *out = (struct build_folder){.sdkconfig = file_in(path, "../sdkconfig"),
                                 .table = file_in(path, "partition_table/partition-table.bin"),
                                 .bootloader = file_in(path, "bootloader/bootloader.bin")};
    if (out->sdkconfig == NULL)
        out->sdkconfig = named_sdkconfig(path);
    if (out->table != NULL || out->bootloader != NULL)
        return true;
    build_folder_free(out);
    return error_set(error,
                     "%s: no build folder: neither bootloader/bootloader.bin nor "
                     "partition_table/partition-table.bin is in it; `idf.py build` makes them",
                     path);
}

void build_folder_free(struct build_folder *folder) {
    free(folder->sdkconfig);
    free(folder->table);
    free(folder->bootloader);
    *folder = (struct build_folder){0};
}
