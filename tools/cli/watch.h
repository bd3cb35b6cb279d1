// Waits until one of a set of files changes, by inotify. Folders are watched rather than files: editors
// replace a file by renaming another one onto it.
#ifndef TOOLS_CLI_WATCH_H
#define TOOLS_CLI_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "../../sim/base/error.h"

struct watch {
    int notifier;
    struct watched_folder {
        char *path;
        int descriptor; // of inotify; -1: it cannot be watched
        bool scenarios; // files that look like scenarios count, too: new ones
    } * folders;
    size_t folder_count;
    char **files;
    size_t file_count;
};

// False: the system gives no notifier. Free with watch_free only when true.
bool watch_open(struct watch *watch, struct error *error);
void watch_free(struct watch *watch);

// Adds a file, there or not, to what is waited for; one that is in it already is no matter. A file whose
// folder is missing is never seen to change.
void watch_file(struct watch *watch, const char *path);

// Adds every scenario that is or comes to be in a folder (not below it).
void watch_folder(struct watch *watch, const char *path);

// Returns the path of the first file that has changed, once changes have come to rest; valid until something
// is added. NULL: `interrupted` was set.
const char *watch_wait(struct watch *watch, const volatile sig_atomic_t *interrupted);

#endif
