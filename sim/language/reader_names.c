// What names in a scenario stand for: images, partitions, releases, error codes, files.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reader_names.h"
#include "values.h"

// ---- images and partitions ----------------------------------------------------------------------

bool find_image(struct reading *reading, const struct yaml_node *node, uint32_t *out) {
    const char *name = value_text(reading->diagnostics, node, "the image's name");
    if (name == NULL)
        return false;
    const struct scenario *scenario = reading->scenario;
    const char *names[IMAGES_MAX + 1];
    for (size_t i = 0; i < scenario->image_count; i++) {
        names[i] = scenario->images[i].name;
        if (strcmp(names[i], name) == 0) {
            *out = (uint32_t)i;
            reading->image_used[i] = true;
            return true;
        }
    }
    names[scenario->image_count] = NULL;
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0201", node->mark, "there is no image called `%s`", name);
    if (scenario->image_count == 0)
        diagnostic_help(item, "describe it: images: {%s: {version: 1.0.0}}", name);
    else
        suggest(item, name, names);
    return false;
}

struct source_mark partition_mark(const struct reading *reading, const struct partition_entry *partition) {
    if (reading->csv_line == 0 || partition->line == 0)
        return reading->partitions_mark;
    struct source_mark mark = {reading->csv_line + partition->line - 1, 1, UINT32_MAX};
    return mark;
}

static const struct partition_entry *find_label(const struct reading *reading, const char *label) {
    const struct partition_entry *partition = partition_find(&reading->layout, label);
    for (size_t i = 0; partition == NULL && i < reading->later_count; i++)
        partition = partition_find(&reading->later[i], label);
    return partition;
}

const struct partition_entry *find_partition(struct reading *reading, const struct yaml_node *node,
                                             const char *what) {
    const char *label = value_text(reading->diagnostics, node, what);
    if (label == NULL || !reading->layout_known)
        return NULL;
    const struct partition_entry *partition = find_label(reading, label);
    if (partition != NULL)
        return partition;
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0202", node->mark, "there is no partition called `%s`", label);
    const char **names = memory_zeroed(reading->layout.count + 1, sizeof *names);
    for (size_t i = 0; i < reading->layout.count; i++)
        names[i] = reading->layout.entries[i].name;
    suggest(item, label, names);
    free(names);
    if (reading->partitions_mark.line != 0)
        diagnostic_second(item, reading->partitions_mark, "the partitions are here");
    return NULL;
}

// A partition or "partition+offset": the offset's sign, NULL when there is none.
static const char *offset_sign(const struct reading *reading, const char *place) {
    bool whole = reading->layout_known && partition_find(&reading->layout, place) != NULL;
    return whole ? NULL : strrchr(place, '+');
}

static bool place_in_partition(struct reading *reading, const struct yaml_node *node, uint32_t *address,
                               uint32_t *size) {
    struct yaml_node label = *node;
    const char *sign = offset_sign(reading, node->text);
    uint64_t offset = 0;
    if (sign != NULL && !number_parse(sign + 1, &offset)) {
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0105", node->mark, "`%s` is no place in flash",
                                       node->text),
                        "write a partition, a partition and an offset (ota_0+0x1000), or an address");
        return false;
    }
    label.text = memory_text(node->text);
    if (sign != NULL)
        label.text[sign - node->text] = '\0';
    const struct partition_entry *partition = find_partition(reading, &label, "a place in flash");
    free(label.text);
    if (partition == NULL)
        return false;
    int64_t end = reading->scenario->board.chip.size;
    if (partition->offset < 0 || partition->offset + partition->size > end ||
        offset >= (uint64_t)(partition->size > 0 ? partition->size : 0)) {
        struct diagnostic *item =
            diagnostic_add(reading->diagnostics, "E0304", node->mark, "`%s` ends at offset 0x%llx",
                           partition->name, (unsigned long long)partition->size);
        diagnostic_second(item, partition_mark(reading, partition), "its size is given here");
        return false;
    }
    *address = (uint32_t)((uint64_t)partition->offset + offset);
    *size = (uint32_t)((uint64_t)partition->size - offset);
    return true;
}

bool find_place(struct reading *reading, const struct yaml_node *node, uint32_t *address, uint32_t *size) {
    const char *text = value_text(reading->diagnostics, node, "a place in flash");
    uint32_t flash_size = reading->scenario->board.chip.size;
    uint64_t number;
    if (text == NULL)
        return false;
    bool labelled = reading->layout_known && partition_find(&reading->layout, text) != NULL;
    if (labelled || !number_parse(text, &number))
        return place_in_partition(reading, node, address, size);
    if (number >= flash_size) {
        diagnostic_add(reading->diagnostics, "E0304", node->mark,
                       "the address 0x%llx lies behind the end of the flash (0x%x)",
                       (unsigned long long)number, flash_size);
        return false;
    }
    *address = (uint32_t)number;
    *size = flash_size - *address;
    return true;
}

// ---- releases -----------------------------------------------------------------------------------

static const struct release_profile *release_named(struct reading *reading, const struct yaml_node *node,
                                                   const char *name) {
    const struct release_profile *profile = release_profile_find(name);
    if (profile != NULL)
        return profile;
    const char *names[32];
    size_t count = 0;
    for (const struct release_profile *each = release_profiles; each->name != NULL && count < 31; each++)
        names[count++] = each->name;
    names[count] = NULL;
    suggest(diagnostic_add(reading->diagnostics, "E0204", node->mark, "there is no release `%s`", name), name,
            names);
    return NULL;
}

const struct release_profile *find_release(struct reading *reading, const struct yaml_node *node) {
    const char *name = value_text(reading->diagnostics, node, "the release");
    return name == NULL ? NULL : release_named(reading, node, name);
}

static void releases_append(char ***releases, size_t *count, const char *name) {
    if (*count != 0 && scenario_release_listed(*releases, *count, name))
        return;
    *releases = memory_resize(*releases, (*count + 1) * sizeof **releases);
    (*releases)[(*count)++] = memory_text(name);
}

static void releases_append_range(const struct release_profile *profiles, uint32_t from, uint32_t to,
                                  char ***releases, size_t *count) {
    for (; profiles->name != NULL; profiles++)
        if (profiles->version >= from && profiles->version <= to)
            releases_append(releases, count, profiles->name);
}

static bool releases_one(struct reading *reading, const struct yaml_node *node, char ***releases,
                         size_t *count) {
    const char *text = value_text(reading->diagnostics, node, "a release");
    if (text == NULL)
        return false;
    char name[32];
    bool until = strncmp(text, "until ", 6) == 0;
    snprintf(name, sizeof name, "%s", until ? text + 6 : text);
    size_t length = strlen(name);
    bool onwards = !until && length > 0 && name[length - 1] == '+';
    if (onwards)
        name[length - 1] = '\0';
    const struct release_profile *profile = release_named(reading, node, name);
    if (profile == NULL)
        return false;
    // A line stands for all of its patch levels.
    uint32_t from = until ? 0 : release_profile_first_version(profile);
    uint32_t to = onwards ? UINT32_MAX : profile->version;
    releases_append_range(release_profiles, from, to, releases, count);
    releases_append_range(release_patches, from, to, releases, count);
    return true;
}

bool read_releases(struct reading *reading, const struct yaml_node *node, char ***releases, size_t *count) {
    if (node->kind != YAML_KIND_SEQUENCE)
        return releases_one(reading, node, releases, count);
    if (node->count == 0) {
        diagnostic_add(reading->diagnostics, "E0110", node->mark, "this list of releases is empty");
        return false;
    }
    bool fine = true;
    for (size_t i = 0; i < node->count; i++)
        fine = releases_one(reading, node->items[i], releases, count) && fine;
    return fine;
}

// ---- error codes --------------------------------------------------------------------------------

static const struct word error_words[] = {
    {"ESP_OK", ESP_OK},
    {"ESP_FAIL", ESP_FAIL},
    {"ESP_ERR_NO_MEM", ESP_ERR_NO_MEM},
    {"ESP_ERR_INVALID_ARG", ESP_ERR_INVALID_ARG},
    {"ESP_ERR_INVALID_STATE", ESP_ERR_INVALID_STATE},
    {"ESP_ERR_INVALID_SIZE", ESP_ERR_INVALID_SIZE},
    {"ESP_ERR_NOT_FOUND", ESP_ERR_NOT_FOUND},
    {"ESP_ERR_NOT_SUPPORTED", ESP_ERR_NOT_SUPPORTED},
    {"ESP_ERR_TIMEOUT", ESP_ERR_TIMEOUT},
    {"ESP_ERR_INVALID_RESPONSE", ESP_ERR_INVALID_RESPONSE},
    {"ESP_ERR_INVALID_CRC", ESP_ERR_INVALID_CRC},
    {"ESP_ERR_INVALID_VERSION", ESP_ERR_INVALID_VERSION},
    {"ESP_ERR_INVALID_MAC", ESP_ERR_INVALID_MAC},
    {"ESP_ERR_NOT_FINISHED", ESP_ERR_NOT_FINISHED},
    {"ESP_ERR_NOT_ALLOWED", ESP_ERR_NOT_ALLOWED},
    {NULL, 0},
};

// Codes of one module, by esp_err_to_name: a code's own table is the only list of them.
static bool error_in_range(const char *name, esp_err_t first, esp_err_t *out) {
    for (esp_err_t code = first; code < first + 0x40; code++)
        if (strcmp(esp_err_to_name(code), name) == 0) {
            *out = code;
            return true;
        }
    return false;
}

static bool error_named(const char *name, esp_err_t *out) {
    for (const struct word *word = error_words; word->name != NULL; word++)
        if (strcmp(word->name, name) == 0) {
            *out = word->value;
            return true;
        }
    return error_in_range(name, ESP_ERR_NVS_BASE, out) || error_in_range(name, ESP_ERR_OTA_BASE, out) ||
           error_in_range(name, ESP_ERR_IMAGE_BASE, out) || error_in_range(name, ESP_ERR_EFUSE, out) ||
           error_in_range(name, ESP_ERR_FLASH_BASE, out) || error_in_range(name, ESP_ERR_HTTP_BASE, out) ||
           error_in_range(name, ESP_ERR_HTTPS_OTA_BASE, out);
}

// For suggestions: every name of the ranges above.
static size_t error_names(const char **names, size_t room) {
    static const esp_err_t firsts[] = {ESP_ERR_NVS_BASE,      ESP_ERR_OTA_BASE,   ESP_ERR_IMAGE_BASE,
                                       ESP_ERR_EFUSE,         ESP_ERR_FLASH_BASE, ESP_ERR_HTTP_BASE,
                                       ESP_ERR_HTTPS_OTA_BASE};
    size_t count = 0;
    for (const struct word *word = error_words; word->name != NULL; word++)
        names[count++] = word->name;
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
        for (esp_err_t code = firsts[i]; code < firsts[i] + 0x40 && count + 1 < room; code++)
            if (strncmp(esp_err_to_name(code), "ESP_ERR_", 8) == 0)
                names[count++] = esp_err_to_name(code);
    names[count] = NULL;
    return count;
}

bool read_error_code(struct reading *reading, const struct yaml_node *node, const char *what,
                     esp_err_t *out) {
    const char *text = value_text(reading->diagnostics, node, what);
    if (text == NULL)
        return false;
    uint64_t number;
    if (strcmp(text, "-1") == 0 || (number_parse(text, &number) && number <= INT32_MAX)) {
        *out = text[0] == '-' ? ESP_FAIL : (esp_err_t)number;
        return true;
    }
    if (error_named(text, out))
        return true;
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0209", node->mark, "there is no error code `%s`", text);
    const char *names[320];
    error_names(names, sizeof names / sizeof *names);
    const char *near = nearest_word(text, names);
    if (near != NULL)
        diagnostic_help(item, "did you mean `%s`?", near);
    else
        diagnostic_help(item, "write a name of esp_err.h or esp_ota_ops.h, ESP_OK, or a number");
    return false;
}

// ---- files --------------------------------------------------------------------------------------

char *find_file(struct reading *reading, const struct yaml_node *node) {
    const char *name = value_text(reading->diagnostics, node, "the file's name");
    if (name == NULL)
        return NULL;
    struct buffer path = {0};
    const char *slash = strrchr(reading->path, '/');
    if (name[0] != '/' && slash != NULL)
        buffer_append(&path, reading->path, (size_t)(slash - reading->path) + 1);
    else if (name[0] != '/')
        buffer_text(&path, "./");
    buffer_text(&path, name);
    diagnostics_note_file(reading->diagnostics, buffer_string(&path));

    struct stat status;
    const char *problem = NULL;
    if (name[0] == '\0' || stat(buffer_string(&path), &status) != 0)
        problem = "there is no such file";
    else if (!S_ISREG(status.st_mode))
        problem = "this is not a file";
    char *found = problem == NULL ? memory_text(buffer_string(&path)) : NULL;
    if (problem != NULL)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0302", node->mark, "%s: %s", name, problem),
                        "names are relative to the folder of the scenario: %s", buffer_string(&path));
    buffer_free(&path);
    return found;
}
