// Files that a command reads, changes and writes back belong to one process at a time.
//
// A lock is a file of its own beside the one that it is for (writing replaces that one): `.NAME.lock`, which says who holds it,
// lives as long as it is held, and means nothing once its process has died (flock). Advisory: only ota-sim asks for it.
#ifndef SIM_BASE_FILE_LOCK_H
#define SIM_BASE_FILE_LOCK_H

#include <stdbool.h>

#include "error.h"

struct file_lock {
    int descriptor; // -1: not held
    char *path;     // of the lock; owned
};

#define FILE_LOCK_NONE                                                                                       \
    { -1, 0 }

// `holder`: who asks, for others ("ota-sim serve"). When somebody else holds it, waits as long as it takes (`wait`), or fails
// and says who does. A symbolic link and what it leads to are one.
bool file_lock_take(struct file_lock *lock, const char *path, const char *holder, bool wait,
                    struct error *error);

void file_lock_release(struct file_lock *lock);

#endif
