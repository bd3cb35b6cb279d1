#include "save_names.h"

#include <stdlib.h>
#include <string.h>

#include "../../sim/base/buffer.h"

static int by_name(const void *a, const void *b) {
    const struct save_name *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : strcmp(left->path, right->path);
}

static int by_path(const void *a, const void *b) {
    const struct save_name *left = a, *right = b;
    return strcmp(left->path, right->path);
}

static char *without_ending(const char *name) {
    const char *dot = strrchr(name, '.');
    char *stem = memory_text(name);
    if (dot != NULL)
        stem[dot - name] = '\0';
    return stem;
}

static char *own_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return without_ending(slash == NULL ? path : slash + 1);
}

static char *whole_path(const char *path) {
    char *name = without_ending(path + strspn(path, "./"));
    for (char *slash = name; (slash = strchr(slash, '/')) != NULL;)
        *slash = '_';
    return name;
}

// Of a run of equal names each gets its whole path.
static void tell_apart(struct save_names *names) {
    struct save_name *items = names->items;
    for (size_t begin = 0, end; begin < names->count; begin = end) {
        for (end = begin + 1; end < names->count && strcmp(items[begin].name, items[end].name) == 0;)
            end++;
        for (size_t i = begin; end - begin > 1 && i < end; i++) {
            free(items[i].name);
            items[i].name = NULL; // the first one is compared with until the run has ended
        }
        for (size_t i = begin; end - begin > 1 && i < end; i++)
            items[i].name = whole_path(items[i].path);
    }
}

bool save_names_make(struct save_names *names, const struct scenario_files *files, struct error *error) {
    *names = (struct save_names){.items = memory_zeroed(files->count + 1, sizeof names->items[0]),
                                 .count = files->count};
    for (size_t i = 0; i < files->count; i++)
        names->items[i] = (struct save_name){files->paths[i], own_name(files->paths[i])};
    qsort(names->items, names->count, sizeof names->items[0], by_name);
    tell_apart(names);
    qsort(names->items, names->count, sizeof names->items[0], by_name);
    for (size_t i = 1; i < names->count; i++)
        if (strcmp(names->items[i].name, names->items[i - 1].name) == 0)
            return error_set(error, "%s and %s would both be saved as %s", names->items[i - 1].path,
                             names->items[i].path, names->items[i].name);
    qsort(names->items, names->count, sizeof names->items[0], by_path);
    return true;
}

const char *save_names_find(const struct save_names *names, const char *path) {
    const struct save_name key = {.path = path};
    const struct save_name *found =
        names->count == 0 ? NULL : bsearch(&key, names->items, names->count, sizeof key, by_path);
    return found == NULL ? NULL : found->name;
}

void save_names_free(struct save_names *names) {
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i].name);
    free(names->items);
    *names = (struct save_names){0};
}
