#include "file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "file.h"

#define HOLDER_MAX 120u

// "folder/.name.lock"; NULL (errno set): `path` leads nowhere.
static char *lock_path(const char *path) {
    char *target = file_behind_links(path);
    if (target == NULL)
        return NULL;
    const char *slash = strrchr(target, '/');
    const char *name = slash == NULL ? target : slash + 1;
    struct buffer text = {0};
    buffer_printf(&text, "%.*s.%s.lock", (int)(name - target), target, name);
    free(target);
    char *result = memory_text(buffer_string(&text));
    buffer_free(&text);
    return result;
}

static bool is_still_there(int descriptor, const char *path) {
    struct stat held, there;
    return fstat(descriptor, &held) == 0 && stat(path, &there) == 0 && held.st_dev == there.st_dev &&
           held.st_ino == there.st_ino;
}

static void tell_holder(int descriptor, const char *holder) {
    struct buffer text = {0};
    buffer_printf(&text, "%s (process %ld)", holder, (long)getpid());
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text.bytes, text.length, 0) < 0)
        errno = 0; // a full disk: who holds it is not told then
    buffer_free(&text);
}

static bool is_held(int descriptor, const char *path, struct error *error) {
    char holder[HOLDER_MAX + 1];
    ssize_t length = pread(descriptor, holder, HOLDER_MAX, 0);
    holder[length < 0 ? 0 : length] = '\0';
    return error_set(error, "%s: is in use by %s; --wait waits until it is free", path,
                     length > 0 ? holder : "another process");
}

static bool lock_file(int descriptor, bool wait) {
    int result;
    do
        result = flock(descriptor, LOCK_EX | (wait ? 0 : LOCK_NB));
    while (result != 0 && errno == EINTR && wait);
    return result == 0;
}

bool file_lock_take(struct file_lock *lock, const char *path, const char *holder, bool wait,
                    struct error *error) {
    *lock = (struct file_lock){.descriptor = -1, .path = lock_path(path)};
    while (lock->path != NULL) {
        lock->descriptor = open(lock->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (lock->descriptor < 0)
            break;
        bool locked = lock_file(lock->descriptor, wait);
        if (locked && is_still_there(lock->descriptor, lock->path)) {
            tell_holder(lock->descriptor, holder);
            return true;
        }
        bool held = !locked && errno == EWOULDBLOCK;
        if (held)
            (void)is_held(lock->descriptor, path, error);
        int reason = errno;
        (void)close(lock->descriptor);
        errno = reason;
        lock->descriptor = -1;
        if (held) {
            file_lock_release(lock);
            return false;
        }
        if (!locked)
            break;
    }
    (void)error_set(error, "%s: cannot be locked: %s", path, strerror(errno));
    if (error != NULL)
        error->unwritten = true;
    file_lock_release(lock);
    return false;
}

void file_lock_release(struct file_lock *lock) {
    if (lock->descriptor >= 0) {
        (void)unlink(lock->path); // while it is held: nobody else's is removed
        (void)close(lock->descriptor);
    }
    free(lock->path);
    *lock = (struct file_lock)FILE_LOCK_NONE;
}
