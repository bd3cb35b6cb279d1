#include "new_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../sim/base/file.h"

static bool make_folders(const char *path, struct error *error) {
    char *folder = memory_text(path);
    bool fine = true;
    for (char *slash = strchr(folder + 1, '/'); slash && fine; slash = strchr(slash + 1, '/')) {
        struct stat status;
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            fine = error_set(error, "%s: cannot make this folder: %s", folder, strerror(errno));
        else if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
            fine = error_set(error, "%s: is no folder", folder);
        *slash = '/';
    }
    free(folder);
    return fine;
}

static bool exists(const char *path, struct error *error) {
    (void)error_set(error, "%s exists already and stays as it is (--force replaces it)", path);
    return true;
}

// A name is given with link(2), which never takes one away from another file, also not from one that has come
// meanwhile.
static bool create(const char *path, const struct buffer *text, struct error *error) {
    struct buffer draft = {0};
    buffer_printf(&draft, "%s.%ld.new", path, (long)getpid());
    const char *name = buffer_string(&draft);
    bool fine = file_write(name, text->bytes, text->length, error);
    if (fine && link(name, path) != 0) {
        fine = false;
        if (errno != EEXIST || !exists(path, error))
            (void)error_set(error, "%s: cannot create: %s", path, strerror(errno));
    }
    (void)unlink(name);
    buffer_free(&draft);
    return fine;
}

bool new_file_write(const char *path, const struct buffer *text, bool replace, struct error *error) {
    struct stat status;
    if (strcmp(path, "-") == 0)
        return file_write(path, text->bytes, text->length, error);
    if (!replace && lstat(path, &status) == 0)
        return !exists(path, error);
    if (path[0] == '\0')
        return error_set(error, "a file without a name cannot be written");
    if (!make_folders(path, error))
        return false;
    return replace ? file_write(path, text->bytes, text->length, error) : create(path, text, error);
}
