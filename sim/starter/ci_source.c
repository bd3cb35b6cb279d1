#include "ci_source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *text, const char *end) {
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static bool is_package_of_debian(const char *from) {
    return ends_with(from, ".deb");
}

static bool is_package_of_python(const char *from) {
    return ends_with(from, ".whl") || ends_with(from, ".tar.gz");
}

static bool is_requirement(const char *from) {
    return strncmp(from, "ota-sim==", 9) == 0 && isdigit((unsigned char)from[9]);
}

static bool is_index(const char *from) {
    return strncmp(from, "https://", 8) == 0 && (ends_with(from, "/simple") || ends_with(from, "/simple/"));
}

// The @ before what to check out; NULL: none. One before a slash belongs to the address (git@host:way/to/it).
static const char *revision_in(const char *from) {
    const char *at = strrchr(from, '@');
    return at != NULL && strchr(at, '/') == NULL && strchr(at, ':') == NULL && at[1] != '\0' ? at : NULL;
}

static bool is_git(const char *from) {
    const char *at = revision_in(from);
    size_t length = at != NULL ? (size_t)(at - from) : strlen(from);
    return strncmp(from, "git+", 4) == 0 || strstr(from, "://") != NULL ||
           (length > 4 && strncmp(from + length - 4, ".git", 4) == 0);
}

static bool install_debian(const char *from, struct buffer *out, struct error *error) {
    (void)error;
    buffer_text(out, "$(command -v sudo) apt-get update\n");
    buffer_printf(out, "$(command -v sudo) apt-get install -y --no-install-recommends %s%s\n",
                  strchr(from, '/') != NULL ? "" : "./", from);
    return true;
}

static bool install_python(const char *from, struct buffer *out, struct error *error) {
    (void)error;
    buffer_printf(out, "python3 -m venv .ota-sim\n.ota-sim/bin/pip install --quiet %s\n", from);
    return true;
}

static bool install_index(const char *from, struct buffer *out, struct error *error) {
    (void)error;
    buffer_printf(out,
                  "python3 -m venv .ota-sim\n.ota-sim/bin/pip install --quiet --index-url %s ota-sim==%s\n",
                  from, OTA_SIM_VERSION);
    return true;
}

// A fetch takes tags, branches and commits alike.
static bool install_git(const char *from, struct buffer *out, struct error *error) {
    const char *url = strncmp(from, "git+", 4) == 0 ? from + 4 : from, *at = revision_in(url);
    if (at == NULL)
        return error_set(error, "which version of %s? Add @TAG or @COMMIT, so that the job stays as it is",
                         from);
    buffer_printf(out,
                  "git init --quiet .ota-sim\n"
                  "git -C .ota-sim fetch --quiet --depth 1 %.*s %s\n"
                  "git -C .ota-sim checkout --quiet FETCH_HEAD\n",
                  (int)(at - url), url, at + 1);
    return true;
}

static const struct {
    bool (*is)(const char *from);
    bool (*install)(const char *from, struct buffer *out, struct error *error);
    const char *packages, *folder;
} kinds[] = {
    {is_package_of_debian, install_debian, "ca-certificates", NULL},
    {is_package_of_python, install_python, "ca-certificates python3-venv", ".ota-sim/bin"},
    {is_requirement, install_python, "ca-certificates python3-venv", ".ota-sim/bin"},
    {is_index, install_index, "ca-certificates python3-venv", ".ota-sim/bin"},
    {is_git, install_git, "ca-certificates git", ".ota-sim/tools"},
};

bool ci_source_read(const char *from, struct ci_source *out, struct error *error) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!kinds[i].is(from))
            continue;
        struct buffer commands = {0};
        bool fine = kinds[i].install(from, &commands, error);
        if (fine)
            *out =
                (struct ci_source){kinds[i].packages, memory_text(buffer_string(&commands)), kinds[i].folder};
        buffer_free(&commands);
        return fine;
    }
    return error_set(
        error,
        "%s is none of: a package file (.deb, .whl, .tar.gz), ota-sim==VERSION, an index of Python "
        "packages (https://.../simple), a git URL with @TAG",
        from);
}

void ci_source_free(struct ci_source *source) {
    free(source->commands);
    *source = (struct ci_source){0};
}
