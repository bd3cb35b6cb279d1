#include "host_files.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../sim/base/file.h"
#include "../../sim/report/report_text.h"
#include "commands.h"
#include "options.h"
#include "report_file.h"

int host_error(const char *command, const struct error *error) {
    complain(command, "%s", error->message);
    return error->unwritten ? EXIT_INTERNAL : EXIT_USAGE;
}

const char *host_environment(const char *name) {
    return getenv(name);
}

void host_print(struct buffer *text) {
    struct buffer harmless = {0};
    text_no_commands(&harmless, buffer_string(text));
    fwrite(buffer_string(&harmless), 1, harmless.length, stdout);
    buffer_free(&harmless);
    text->length = 0;
}

// ---- files --------------------------------------------------------------------------------------

// Would writing lose something? A file with these very contents does not count, nor does an empty one.
static bool would_lose(const char *path, const struct buffer *bytes) {
    struct stat status;
    if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
        return false;
    struct buffer old = {0};
    bool same = (size_t)status.st_size == bytes->length && file_read(path, bytes->length, &old, NULL) &&
                old.length == bytes->length && memcmp(old.bytes, bytes->bytes, old.length) == 0;
    buffer_free(&old);
    return !same;
}

int host_file_write(const char *command, const char *path, const struct buffer *bytes, bool force) {
    struct error error = {0};
    if (!force && would_lose(path, bytes))
        (void)error_set(&error, "%s: is there already; --force replaces it", path);
    else if (file_write(path, bytes->bytes, bytes->length, &error))
        return EXIT_MET;
    return host_error(command, &error);
}

bool host_report_allowed(const char *command, const char *path, const char *mark) {
    struct error error = {0};
    return report_file_allowed(path, mark, &error) || usage_error(command, "%s", error.message) == EXIT_MET;
}

bool host_report_write(const char *command, const char *path, const char *mark, const struct buffer *text) {
    struct error error = {0};
    if (report_file_write(path, mark, text, &error))
        return true;
    (void)host_error(command, &error);
    return false;
}

bool host_file_read(const char *command, const char *path, size_t limit, struct buffer *out) {
    struct error error = {0};
    if (file_read(path, limit, out, &error))
        return true;
    (void)host_error(command, &error);
    return false;
}

bool host_flash_read(const char *command, const char *path, struct buffer *out) {
    struct error error = {0};
    struct stat status;
    if (stat(path, &status) != 0)
        (void)error_set(&error, "%s: %s", path, strerror(errno));
    else if (S_ISCHR(status.st_mode))
        (void)error_set(
            &error, "%s: is a device; ESP-IDF's own tool talks to it, this one changes flash files", path);
    else if (!S_ISREG(status.st_mode))
        (void)error_set(&error, "%s: not a file", path);
    else if (file_read(path, HOST_FLASH_SIZE_MAX, out, &error))
        return true;
    (void)host_error(command, &error);
    return false;
}

// ---- values -------------------------------------------------------------------------------------

bool host_target(const char *command, const char *text, const struct chip_target **out) {
    *out = chip_target_find(text);
    if (*out)
        return true;
    struct buffer known = {0};
    for (const struct chip_target *target = chip_targets; target->name; target++)
        buffer_printf(&known, " %s", target->name);
    usage_error(command, "--target: `%s` is not known; these are:%s", text, buffer_string(&known));
    buffer_free(&known);
    return false;
}

bool host_release(const char *command, const char *text, const struct release_profile **out) {
    *out = release_profile_find(text);
    if (*out)
        return true;
    struct buffer known = {0};
    for (const struct release_profile *release = release_profiles; release->name; release++)
        buffer_printf(&known, " %s", release->name);
    usage_error(command, "--release: `%s` is not known; these are:%s", text, buffer_string(&known));
    buffer_free(&known);
    return false;
}

// What the suffix multiplies by; 0: it is none.
static uint64_t unit_of(const char *suffix) {
    char letter = (char)toupper((unsigned char)suffix[0]);
    bool rest_fine = suffix[0] == '\0' || suffix[1] == '\0' ||
                     (toupper((unsigned char)suffix[1]) == 'B' && suffix[2] == '\0');
    if (letter == '\0')
        return 1;
    return !rest_fine ? 0 : letter == 'K' ? 1u << 10 : letter == 'M' ? 1u << 20 : 0;
}

bool host_size(const char *command, const char *name, const char *text, uint64_t high, uint32_t *out) {
    char *end = NULL;
    errno = 0;
    unsigned long long number = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 0) : 0;
    uint64_t unit = end ? unit_of(end) : 0;
    if (unit != 0 && errno == 0 && number <= high / unit) {
        *out = (uint32_t)(number * unit);
        return true;
    }
    usage_error(command, "%s takes a number of bytes such as 4096, 0x1000, 64K or 4MB up to %llu, not `%s`",
                name, (unsigned long long)high, text);
    return false;
}
