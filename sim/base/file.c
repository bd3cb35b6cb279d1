#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_CHUNK         65536u
#define LINKS_FOLLOWED_MAX 40    // as Linux does
#define NAME_ATTEMPTS_MAX  10000 // temporary names that a killed process may have left behind

static bool is_standard_stream(const char *path) {
    return strcmp(path, "-") == 0;
}

static bool failed(struct error *error, const char *path, const char *what) {
    return error_set(error, "%s: %s: %s", path, what, strerror(errno));
}

// ---- reading ------------------------------------------------------------------------------------

static bool check_readable(int descriptor, const char *path, size_t limit, struct error *error) {
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return failed(error, path, "cannot read");
    if (S_ISDIR(status.st_mode))
        return error_set(error, "%s: is a folder, a file is wanted", path);
    if (S_ISREG(status.st_mode) && (uintmax_t)status.st_size > limit)
        return error_set(error, "%s: too large (%ju bytes, at most %zu are read)", path,
                         (uintmax_t)status.st_size, limit);
    return true;
}

// The size is checked again on the way: pipes do not tell theirs, and files grow.
static bool read_all(int descriptor, const char *path, size_t limit, struct buffer *out,
                     struct error *error) {
    size_t begin = out->length;
    for (;;) {
        buffer_reserve(out, READ_CHUNK);
        ssize_t got = read(descriptor, out->bytes + out->length, READ_CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            out->length = begin;
            return failed(error, path, "cannot read");
        }
        if (got == 0)
            break;
        out->length += (size_t)got;
        if (out->length - begin > limit) {
            out->length = begin;
            return error_set(error, "%s: too large (at most %zu bytes are read)", path, limit);
        }
    }
    out->bytes[out->length] = 0;
    return true;
}

bool file_read(const char *path, size_t limit, struct buffer *out, struct error *error) {
    if (is_standard_stream(path))
        return read_all(STDIN_FILENO, "standard input", limit, out, error);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return failed(error, path, "cannot open");
    bool done =
        check_readable(descriptor, path, limit, error) && read_all(descriptor, path, limit, out, error);
    (void)close(descriptor);
    return done;
}

// ---- writing ------------------------------------------------------------------------------------

static bool write_all(int descriptor, const char *path, const void *bytes, size_t length,
                      struct error *error) {
    const uint8_t *rest = bytes;
    while (length > 0) {
        ssize_t put = write(descriptor, rest, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return failed(error, path, "cannot write");
        rest += put;
        length -= (size_t)put;
    }
    return true;
}

// Devices and pipes cannot be replaced: they are written to.
static bool write_in_place(const char *path, const void *bytes, size_t length, struct error *error) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return failed(error, path, "cannot open for writing");
    bool done = write_all(descriptor, path, bytes, length, error);
    if (close(descriptor) != 0 && done)
        return failed(error, path, "cannot write");
    return done;
}

static char *folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return memory_text(".");
    char *folder = memory_text(path);
    folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

char *file_behind_links(const char *path) {
    char *current = memory_text(path);
    for (int links = 0; links < LINKS_FOLLOWED_MAX; links++) {
        char target[PATH_MAX];
        ssize_t length = readlink(current, target, sizeof target - 1);
        if (length < 0 && (errno == EINVAL || errno == ENOENT))
            return current;
        if (length < 0) {
            free(current);
            return NULL;
        }
        target[length] = '\0';
        struct buffer next = {0};
        if (target[0] != '/') {
            char *folder = folder_of(current);
            buffer_printf(&next, "%s/", folder);
            free(folder);
        }
        buffer_text(&next, target);
        free(current);
        current = memory_text(buffer_string(&next));
        buffer_free(&next);
    }
    free(current);
    errno = ELOOP;
    return NULL;
}

static char *temporary_name(const char *target, int attempt) {
    struct buffer text = {0};
    if (attempt == 0)
        buffer_printf(&text, "%s.tmp", target);
    else
        buffer_printf(&text, "%s.%d.tmp", target, attempt);
    char *name = memory_text(buffer_string(&text));
    buffer_free(&text);
    return name;
}

// A writer holds a lock on its file for as long as it lives: without one, a killed process has left the file behind. The
// next writer takes it away, so that there is never more than what was being written at once.
static void remove_abandoned(const char *name) {
    struct stat held, there;
    int descriptor = open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && fstat(descriptor, &held) == 0 && S_ISREG(held.st_mode) &&
        held.st_nlink == 1 && lstat(name, &there) == 0 && there.st_ino == held.st_ino &&
        there.st_dev == held.st_dev)
        (void)unlink(name);
    (void)close(descriptor);
}

// Calls `make` with one name after the other until it has made a file of that name; its result. -1: errno says why.
static int with_free_name(const char *target, int (*make)(const char *name, int descriptor), int descriptor,
                          char **name) {
    for (int attempt = 0; attempt < NAME_ATTEMPTS_MAX; attempt++) {
        *name = temporary_name(target, attempt);
        remove_abandoned(*name);
        int made = make(*name, descriptor);
        if (made >= 0 || errno != EEXIST)
            return made;
        free(*name);
        *name = NULL;
    }
    errno = EEXIST;
    return -1;
}

static int create_named(const char *name, int none) {
    (void)none;
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0)
        (void)flock(descriptor, LOCK_EX | LOCK_NB);
    return descriptor;
}

static int link_named(const char *name, int descriptor) {
    char place[64];
    (void)snprintf(place, sizeof place, "/proc/self/fd/%d", descriptor);
    return linkat(AT_FDCWD, place, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

// A file without a name in the target's folder: it vanishes with its process. Created with mode 0666, so that the user's umask
// applies. Where the file system has no such files, one with a name. -1: errno says why.
static int create_temporary(const char *target, char **name) {
    char *folder = folder_of(target);
    int descriptor =
        access("/proc/self/fd", X_OK) == 0 ? open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666) : -1;
    free(folder);
    *name = NULL;
    if (descriptor >= 0)
        (void)flock(descriptor, LOCK_EX | LOCK_NB);
    return descriptor >= 0 ? descriptor : with_free_name(target, create_named, -1, name);
}

// Fills the temporary file. Data reach the disk before the name does.
static bool fill_temporary(int descriptor, const char *path, const struct stat *old, const void *bytes,
                           size_t length, struct error *error) {
    if (!write_all(descriptor, path, bytes, length, error))
        return false;
    if (old != NULL && fchmod(descriptor, old->st_mode & 07777) != 0)
        return failed(error, path, "cannot keep its permissions");
    return fsync(descriptor) == 0 || failed(error, path, "cannot write");
}

// Makes a rename durable. Some file systems cannot sync a folder; the file is complete all the same.
static void sync_folder(const char *path) {
    char *folder = folder_of(path);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (descriptor < 0)
        return;
    (void)fsync(descriptor);
    (void)close(descriptor);
}

// `old` is NULL when there is no file yet.
static bool replace(const char *path, const char *target, const struct stat *old, const void *bytes,
                    size_t length, struct error *error) {
    char *temporary = NULL;
    int descriptor = create_temporary(target, &temporary);
    if (descriptor < 0) {
        free(temporary);
        return failed(error, path, "cannot create");
    }
    bool done = fill_temporary(descriptor, path, old, bytes, length, error);
    if (done && temporary == NULL && with_free_name(target, link_named, descriptor, &temporary) < 0) {
        done = failed(error, path, "cannot create");
        free(temporary);
        temporary = NULL;
    }
    if (done && rename(temporary, target) != 0)
        done = failed(error, path, "cannot replace");
    if (done)
        sync_folder(target);
    else if (temporary != NULL)
        (void)unlink(temporary);
    if (close(descriptor) != 0 && done)
        done = failed(error, path, "cannot write");
    free(temporary);
    return done;
}

static bool write_file(const char *path, const void *bytes, size_t length, struct error *error) {
    if (is_standard_stream(path))
        return write_all(STDOUT_FILENO, "standard output", bytes, length, error);
    char *target = file_behind_links(path);
    if (target == NULL)
        return failed(error, path, "cannot follow the link");
    struct stat status;
    bool exists = stat(target, &status) == 0;
    bool done;
    if (exists && S_ISDIR(status.st_mode))
        done = error_set(error, "%s: is a folder, a file is wanted", path);
    else if (exists && !S_ISREG(status.st_mode))
        done = write_in_place(target, bytes, length, error);
    else
        done = replace(path, target, exists ? &status : NULL, bytes, length, error);
    free(target);
    return done;
}

bool file_write(const char *path, const void *bytes, size_t length, struct error *error) {
    bool done = write_file(path, bytes, length, error);
    if (!done && error != NULL)
        error->unwritten = true;
    return done;
}
