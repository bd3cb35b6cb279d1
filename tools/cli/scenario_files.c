#include "scenario_files.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "../../sim/base/buffer.h"

#define FOLDERS_DEEP 64u // a deeper tree is taken for a mistake

// The slot of a path, or the empty one that it may take.
static size_t *slot_of(const struct scenario_files *files, const char *path) {
    size_t slots = 2 * files->capacity;
    for (size_t at = XXH3_64bits(path, strlen(path)) % slots;; at = (at + 1) % slots)
        if (files->slots[at] == 0 || strcmp(files->paths[files->slots[at] - 1], path) == 0)
            return &files->slots[at];
}

static void grow(struct scenario_files *files) {
    files->capacity = files->capacity ? 2 * files->capacity : 64;
    files->paths = memory_resize(files->paths, files->capacity * sizeof files->paths[0]);
    free(files->slots);
    files->slots = memory_zeroed(2 * files->capacity, sizeof files->slots[0]);
    for (size_t i = 0; i < files->count; i++)
        *slot_of(files, files->paths[i]) = i + 1;
}

// "./x.yaml" is "x.yaml". What would then look like an option keeps its dot.
static const char *without_dot(const char *path) {
    const char *rest = path;
    while (rest[0] == '.' && rest[1] == '/')
        rest += 2;
    return rest[0] == '-' && rest > path ? rest - 2 : rest;
}

// A path that stands there already is dropped: running a file twice in one run says nothing new.
static void add_path(struct scenario_files *files, const char *path) {
    files->found++;
    path = without_dot(path);
    if (files->count == files->capacity)
        grow(files);
    size_t *slot = slot_of(files, path);
    if (*slot != 0)
        return;
    files->paths[files->count++] = memory_text(path);
    *slot = files->count;
}

static bool is_scenario_name(const char *name) {
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static bool add_folder(struct scenario_files *files, const char *folder, unsigned depth, struct error *error);

static bool add_entry(struct scenario_files *files, const char *folder, const char *name, unsigned depth,
                      struct error *error) {
    struct buffer path = {0};
    struct stat link, target;
    bool slash = folder[strlen(folder) - 1] == '/';
    buffer_printf(&path, "%s%s%s", folder, slash ? "" : "/", name);
    const char *text = buffer_string(&path);
    bool fine = true;
    if (name[0] != '.' && lstat(text, &link) == 0) {
        if (S_ISDIR(link.st_mode))
            fine = add_folder(files, text, depth + 1, error);
        else if (is_scenario_name(name) && stat(text, &target) == 0 && S_ISREG(target.st_mode))
            add_path(files, text);
    }
    buffer_free(&path);
    return fine;
}

static bool add_folder(struct scenario_files *files, const char *folder, unsigned depth,
                       struct error *error) {
    struct dirent **entries;
    if (depth > FOLDERS_DEEP)
        return error_set(error, "%s: folders nested more than %u deep", folder, FOLDERS_DEEP);
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return error_set(error, "%s: %s", folder, strerror(errno));
    files->folders = memory_resize(files->folders, (files->folder_count + 1) * sizeof files->folders[0]);
    files->folders[files->folder_count++] = memory_text(folder);
    bool fine = true;
    for (int i = 0; i < count; i++) {
        fine = fine && add_entry(files, folder, entries[i]->d_name, depth, error);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

bool scenario_files_add(struct scenario_files *files, const char *path, struct error *error) {
    struct stat status;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode)) {
        add_path(files, path); // one that is missing is told when its turn to be read comes
        return true;
    }
    if (!S_ISDIR(status.st_mode))
        return error_set(error, "%s: neither a file nor a folder", path);
    size_t before = files->found;
    bool fine = add_folder(files, path, 0, error);
    if (fine && files->found == before)
        fine = error_set(error, "%s: no scenario (*.yaml, *.yml) in this folder", path);
    return fine;
}

void scenario_files_free(struct scenario_files *files) {
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    free(files->paths);
    free(files->slots);
    for (size_t i = 0; i < files->folder_count; i++)
        free(files->folders[i]);
    free(files->folders);
    *files = (struct scenario_files){0};
}

bool scenario_fits(const char *pattern, const char *path, const char *name) {
    struct buffer glob = {0};
    bool wild = strpbrk(pattern, "*?[") != NULL;
    buffer_printf(&glob, wild ? "%s" : "*%s*", pattern);
    const char *text = buffer_string(&glob);
    bool fits = fnmatch(text, path, FNM_CASEFOLD) == 0 || (name && fnmatch(text, name, FNM_CASEFOLD) == 0);
    buffer_free(&glob);
    return fits;
}
