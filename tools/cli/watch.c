#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "../../sim/base/buffer.h"

// Saving makes several events (a temporary file, a rename, attributes): a burst is over after this pause.
#define REST_MS 100

// How long a wait may miss that it was interrupted, when the signal comes right before poll.
#define LOOK_UP_MS 500

#define CHANGES (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE)

bool watch_open(struct watch *watch, struct error *error) {
    *watch = (struct watch){.notifier = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    return watch->notifier >= 0 || error_set(error, "--watch: %s", strerror(errno));
}

void watch_free(struct watch *watch) {
    close(watch->notifier);
    for (size_t i = 0; i < watch->folder_count; i++)
        free(watch->folders[i].path);
    for (size_t i = 0; i < watch->file_count; i++)
        free(watch->files[i]);
    free(watch->folders);
    free(watch->files);
}

// ---- what is watched ----------------------------------------------------------------------------

static const char *without_dot(const char *path) {
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    return strcmp(path, ".") == 0 ? "" : path;
}

static struct watched_folder *folder_of_path(struct watch *watch, const char *path) {
    for (size_t i = 0; i < watch->folder_count; i++)
        if (strcmp(watch->folders[i].path, path) == 0)
            return &watch->folders[i];
    watch->folders = memory_resize(watch->folders, (watch->folder_count + 1) * sizeof watch->folders[0]);
    struct watched_folder *folder = &watch->folders[watch->folder_count++];
    *folder = (struct watched_folder){
        .path = memory_text(path),
        .descriptor = inotify_add_watch(watch->notifier, path[0] ? path : ".", CHANGES | IN_ONLYDIR)};
    return folder;
}

// The part of a path before the file's name: "" or it ends in a slash.
static char *folder_part(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = memory_text(path);
    folder[slash ? (size_t)(slash - path) + 1 : 0] = '\0';
    return folder;
}

void watch_file(struct watch *watch, const char *path) {
    path = without_dot(path);
    for (size_t i = 0; i < watch->file_count; i++)
        if (strcmp(watch->files[i], path) == 0)
            return;
    char *folder = folder_part(path);
    (void)folder_of_path(watch, folder);
    free(folder);
    watch->files = memory_resize(watch->files, (watch->file_count + 1) * sizeof watch->files[0]);
    watch->files[watch->file_count++] = memory_text(path);
}

void watch_folder(struct watch *watch, const char *path) {
    struct buffer folder = {0};
    path = without_dot(path);
    size_t length = strlen(path);
    buffer_printf(&folder, "%s%s", path, length > 0 && path[length - 1] != '/' ? "/" : "");
    folder_of_path(watch, buffer_string(&folder))->scenarios = true;
    buffer_free(&folder);
}

// ---- what changes -------------------------------------------------------------------------------

static bool looks_like_scenario(const char *name) {
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

// The watched file that an event in `folder` is about; NULL: none. A new scenario becomes one.
static const char *file_of_event(struct watch *watch, const struct watched_folder *folder, const char *name) {
    struct buffer path = {0};
    const char *found = NULL;
    buffer_printf(&path, "%s%s", folder->path, name);
    if (folder->scenarios && looks_like_scenario(name))
        watch_file(watch, buffer_string(&path));
    for (size_t i = 0; i < watch->file_count && !found; i++)
        if (strcmp(watch->files[i], buffer_string(&path)) == 0)
            found = watch->files[i];
    buffer_free(&path);
    return found;
}

static const char *file_of_descriptor(struct watch *watch, int descriptor, const char *name) {
    const char *found = NULL;
    for (size_t i = 0; i < watch->folder_count && !found; i++)
        if (watch->folders[i].descriptor == descriptor)
            found = file_of_event(watch, &watch->folders[i], name);
    return found;
}

// Reads what has happened. Returns the first watched file that it is about; NULL: none.
static const char *read_events(struct watch *watch) {
    _Alignas(struct inotify_event) char bytes[16384];
    const char *first = NULL;
    for (ssize_t length; (length = read(watch->notifier, bytes, sizeof bytes)) > 0;) {
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)(bytes + at);
            const char *file = event->len > 0 ? file_of_descriptor(watch, event->wd, event->name) : NULL;
            first = first ? first : file;
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    return first;
}

const char *watch_wait(struct watch *watch, const volatile sig_atomic_t *interrupted) {
    struct pollfd ready = {.fd = watch->notifier, .events = POLLIN};
    const char *changed = NULL;
    while (!*interrupted) {
        int events = poll(&ready, 1, changed ? REST_MS : LOOK_UP_MS);
        if (events == 0 && changed)
            return changed;
        if (events <= 0)
            continue;
        const char *file = read_events(watch);
        changed = changed ? changed : file;
    }
    return NULL;
}
