#include "report_file.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../sim/base/file.h"
#include "../../sim/report/report_output.h"

bool report_file_is(const char *path, const char *other) {
    struct stat a, b;
    return strcmp(path, "-") != 0 && strcmp(other, "-") != 0 && stat(path, &a) == 0 && stat(other, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool is_named_like_a_scenario(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot != NULL && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

static bool has_mark(const char *path, const char *mark) {
    char head[REPORT_MARK_WITHIN];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = descriptor < 0 ? 0 : read(descriptor, head, sizeof head);
    if (descriptor >= 0)
        (void)close(descriptor);
    return got > 0 && memmem(head, (size_t)got, mark, strlen(mark)) != NULL;
}

bool report_file_allowed(const char *path, const char *mark, struct error *error) {
    struct stat status;
    if (strcmp(path, "-") == 0)
        return true;
    if (is_named_like_a_scenario(path))
        return error_set(error, "%s: a scenario's name, a report is never written there", path);
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0 || has_mark(path, mark))
        return true;
    return error_set(error, "%s: is there already and no such report of ota-sim; it stays as it is", path);
}

bool report_file_write(const char *path, const char *mark, const struct buffer *text, struct error *error) {
    return report_file_allowed(path, mark, error) && file_write(path, text->bytes, text->length, error);
}
