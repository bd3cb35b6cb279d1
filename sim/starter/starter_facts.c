#include "starter_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/file.h"
#include "../inspect/inspection.h"
#include "../machine/machine.h"
#include "../provision/app_image_reader.h"
#include "../provision/flash_file.h"
#include "../provision/partition_binary.h"
#include "../provision/partition_csv.h"
#include "../provision/partition_notes.h"
#include "build_folder.h"

#define SDKCONFIG_SIZE_MAX (4u << 20)
#define DUMP_SIZE_MAX      (32u << 20)
#define FLASH_SIZE_USUAL   (4u << 20)
#define FOLDERS_ABOVE_MAX  4u // of an sdkconfig, in which its project may begin
#define TYPE_APP           0
#define TYPE_DATA          1
#define SUBTYPE_FACTORY    0x00
#define SUBTYPE_SLOT_0     0x10
#define SUBTYPE_OTADATA    0x00

// ---- files, as the scenario will name them ------------------------------------------------------

static char *folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = memory_text(slash ? path : ".");
    if (slash)
        folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

// From an absolute folder to an absolute file: up to where both part ways, and down again.
static char *way_between(const char *folder, const char *file) {
    struct buffer way = {0};
    size_t common = 0; // the last slash of the file up to which the folder is the same
    for (size_t i = 0; folder[i] == file[i] || folder[i] == '\0'; i++) {
        if (file[i] == '/')
            common = i;
        if (folder[i] == '\0')
            break;
    }
    for (const char *rest = folder + common; *rest; rest++)
        if (*rest == '/' && rest[1])
            buffer_text(&way, "../");
    buffer_text(&way, file + common + 1);
    char *text = memory_text(buffer_string(&way));
    buffer_free(&way);
    return text;
}

static char *seen_from(const char *scenario_path, const char *file) {
    if (file[0] == '/' || strcmp(scenario_path, "-") == 0 || !strchr(scenario_path, '/'))
        return memory_text(file);
    char *folder = folder_of(scenario_path);
    char *folder_there = realpath(folder, NULL), *file_there = realpath(file, NULL);
    char *seen = memory_text(file);
    if (file_there) { // a folder that is yet to be made has no way back: then the file's whole name
        free(seen);
        seen = folder_there ? way_between(folder_there, file_there) : memory_text(file_there);
    }
    free(folder);
    free(folder_there);
    free(file_there);
    return seen;
}

// ---- the partition table ------------------------------------------------------------------------

static struct partition_csv_options table_options(const struct starter_facts *facts) {
    struct partition_csv_options options = partition_csv_options_default();
    options.table_offset = facts->table_offset;
    options.release = facts->release;
    options.has_primary_bootloader_offset = facts->target != NULL;
    options.primary_bootloader_offset = facts->target != NULL ? facts->target->bootloader_offset : 0;
    return options;
}

static bool decode(struct starter_facts *facts, const void *bytes, size_t length) {
    struct partition_csv_options options = table_options(facts);
    struct partition_csv_notes notes = {0};
    partition_table_layout_free(&facts->table);
    bool fine = partition_table_layout_decode(bytes, length, &options, &facts->table, &notes);
    partition_csv_notes_free(&notes);
    return fine;
}

static bool has_table(const struct starter_facts *facts) {
    return facts->table_origin != NULL;
}

static bool take_table_file(struct starter_facts *facts, const char *path, const char *file,
                            struct error *error) {
    struct partition_csv_options options = table_options(facts);
    struct buffer binary = {0};
    bool fine =
        partition_table_file_read(file, &options, &binary, error) &&
        (decode(facts, binary.bytes, binary.length) || error_set(error, "%s: not a partition table", file));
    buffer_free(&binary);
    facts->table_file = seen_from(path, file);
    facts->table_origin = "as gen_esp32part reads it";
    return fine;
}

static bool take_table_text(struct starter_facts *facts, const char *text, const char *origin,
                            struct error *error) {
    struct partition_csv_options options = table_options(facts);
    struct partition_csv_notes notes = {0};
    bool fine = partition_csv_parse(text, strlen(text), &options, &facts->table, &notes) ||
                error_set(error, "the partition table does not fit behind 0x%x", facts->table_offset);
    partition_csv_notes_free(&notes);
    facts->table_origin = origin;
    return fine;
}

// ---- a dump -------------------------------------------------------------------------------------

static enum dump_build build_of(const struct starter_facts *facts) {
    if (facts->config.anti_rollback)
        return DUMP_ANTI_ROLLBACK;
    return facts->config.rollback || !facts->has_config ? DUMP_ROLLBACK : DUMP_PLAIN;
}

static const struct image_view *image_at(const struct inspection *inspection, uint32_t address) {
    for (size_t i = 0; i < inspection->images.count; i++)
        if (inspection->images.items[i].address == address &&
            inspection->images.items[i].summary.has_descriptor)
            return &inspection->images.items[i];
    return NULL;
}

// Of several images, the one that runs tells the release.
static void note_what_boots(struct starter_facts *facts, const struct inspection *inspection) {
    const struct release_profile *release = facts->release ? facts->release : release_profile_default();
    const struct boot_answer *boot = forecast_boot_of(&inspection->forecast, release, build_of(facts));
    const struct image_view *image = boot->starts ? image_at(inspection, boot->address) : NULL;
    facts->dump_boots = boot->starts;
    if (!image)
        return;
    (void)snprintf(facts->dump_version, sizeof facts->dump_version, "%s", image->summary.version);
    facts->dump_secure_version = image->summary.secure_version;
    if (!facts->release)
        facts->release = release_of_version(image->summary.idf_version);
}

static bool take_dump(struct starter_facts *facts, const char *path, const char *file,
                      const struct buffer *bytes, struct error *error) {
    struct dump_options options = {.target = facts->target,
                                   .table_offset_set = facts->config.table_offset > 0,
                                   .table_offset = facts->table_offset,
                                   .secure_version = facts->config.secure_version};
    struct inspection inspection;
    struct error why = {0};
    if (!inspect(bytes->bytes, bytes->length, &options, &inspection, &why))
        return error_set(error, "%s: %s", file, why.message);
    bool found = inspection.dump.table_found;
    if (found) {
        facts->dump_file = seen_from(path, file);
        facts->dump_size = inspection.dump.flash_size;
        while (facts->dump_size < bytes->length)
            facts->dump_size *= 2;
        facts->table_offset = inspection.dump.table_offset;
        facts->table_origin = "that of the dump";
        facts->target = inspection.dump.target;
        if (bytes->length - facts->table_offset >= PARTITION_TABLE_SIZE)
            (void)decode(facts, bytes->bytes + facts->table_offset, PARTITION_TABLE_SIZE);
        note_what_boots(facts, &inspection);
    }
    inspection_free(&inspection);
    return found || error_set(error,
                              "%s: neither sdkconfig nor partition table, and as a flash dump it has no "
                              "partition table at 0x%x",
                              file, facts->table_offset);
}

// ---- what a source is ---------------------------------------------------------------------------

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool take_config(struct starter_facts *facts, const char *file, const struct buffer *text,
                        struct error *error) {
    struct error why = {0};
    if (facts->has_config)
        return error_set(error, "%s: there is an sdkconfig already", file);
    if (!sdkconfig_read(text, &facts->config, &why))
        return error_set(error, "%s: %s", file, why.message);
    facts->has_config = true;
    facts->target = facts->config.target;
    facts->release = facts->config.release;
    if (facts->config.table_offset > 0)
        facts->table_offset = facts->config.table_offset;
    return true;
}

// An sdkconfig comes first, wherever it stands: it says how to read the others.
static bool take_source(struct starter_facts *facts, const char *path, const char *file, bool configs,
                        struct error *error) {
    struct buffer bytes = {0};
    bool fine = file_read(file, DUMP_SIZE_MAX, &bytes, error);
    bool is_config =
        fine && !ends_with(file, ".csv") && bytes.length <= SDKCONFIG_SIZE_MAX && sdkconfig_is_one(&bytes);
    if (fine && is_config == configs) {
        if (is_config)
            fine = take_config(facts, file, &bytes, error);
        else if (has_table(facts))
            fine = error_set(error, "%s: there is a partition table already", file);
        else if (ends_with(file, ".csv") || partition_table_is_binary(bytes.bytes, bytes.length))
            fine = take_table_file(facts, path, file, error);
        else
            fine = take_dump(facts, path, file, &bytes, error);
    }
    buffer_free(&bytes);
    return fine;
}

// ---- a build folder -----------------------------------------------------------------------------

#define BOOTLOADER_SIZE_MAX 0x100000u
#define IMAGE_HEADER_SIZE   24u

// Which chip it is for stands in its header.
static bool take_bootloader(struct starter_facts *facts, const char *path, const char *file,
                            struct error *error) {
    struct buffer bytes = {0};
    bool fine = file_read(file, BOOTLOADER_SIZE_MAX, &bytes, error);
    if (fine && facts->bootloader_file != NULL)
        fine = error_set(error, "%s: there is a bootloader already", file);
    if (fine && (bytes.length < IMAGE_HEADER_SIZE || bytes.bytes[0] != 0xE9))
        fine = error_set(error, "%s: this is no bootloader image", file);
    if (fine) {
        const struct chip_target *target =
            chip_target_by_id((uint16_t)(bytes.bytes[12] | bytes.bytes[13] << 8));
        facts->bootloader_file = seen_from(path, file);
        facts->bootloader_executes = target != NULL && machine_supports(target);
        if (facts->target == NULL)
            facts->target = target;
    }
    buffer_free(&bytes);
    return fine;
}

// The app of the build is the update, when it is one: the scenario tells apps apart by the versions that they carry.
#define APP_SIZE_MAX 0x1000000u

static bool take_app(struct starter_facts *facts, const char *path, const char *file, struct error *error) {
    struct buffer bytes = {0};
    struct app_image_summary app;
    bool fine = file_read(file, APP_SIZE_MAX, &bytes, error);
    if (fine && app_image_describe_bytes(bytes.bytes, bytes.length, &app) && app.has_descriptor &&
        app.version[0] != '\0') {
        free(facts->app_file);
        facts->app_file = seen_from(path, file);
        memcpy(facts->app_version, app.version, sizeof facts->app_version);
        facts->app_secure_version = app.secure_version;
    }
    buffer_free(&bytes);
    return fine;
}

struct source_list {
    char **paths; // owned
    size_t count;
};

static void add_source(struct source_list *list, char *path) {
    if (path == NULL)
        return;
    list->paths = memory_resize(list->paths, (list->count + 1) * sizeof *list->paths);
    list->paths[list->count++] = path;
}

static void source_list_free(struct source_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
}

// Folders become the files in them; `bootloaders` and `apps` get those of them that are not read as the others are.
static bool expand(const char *const *sources, size_t count, struct source_list *files,
                   struct source_list *bootloaders, struct source_list *apps, struct error *error) {
    for (size_t i = 0; i < count; i++) {
        struct build_folder folder;
        if (!build_folder_is_folder(sources[i])) {
            add_source(files, memory_text(sources[i]));
            continue;
        }
        if (!build_folder_read(sources[i], &folder, error))
            return false;
        add_source(files, folder.sdkconfig);
        add_source(files, folder.table);
        add_source(bootloaders, folder.bootloader);
        add_source(apps, folder.app);
    }
    return true;
}

// ---- the whole ----------------------------------------------------------------------------------

// The folder above: by its name as long as it has one, else by dots. Takes over `folder`.
static char *folder_above(char *folder) {
    char *slash = strrchr(folder, '/'), *above;
    const char *last = slash != NULL ? slash + 1 : folder;
    if (strcmp(folder, ".") == 0) {
        above = memory_text("..");
    } else if (strcmp(last, "..") == 0) {
        struct buffer deeper = {0};
        buffer_printf(&deeper, "%s/..", folder);
        above = memory_text(buffer_string(&deeper));
        buffer_free(&deeper);
    } else {
        if (slash != NULL)
            slash[slash == folder] = '\0';
        above = memory_text(slash != NULL ? folder : ".");
    }
    free(folder);
    return above;
}

// The folder of the first sdkconfig among the sources; the project's file is named from the project's folder,
// which is that one or one above it (boards/x/sdkconfig.defaults).
static char *config_folder(const char *const *sources, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct buffer bytes = {0};
        struct error ignored = {0};
        bool is_config = file_read(sources[i], SDKCONFIG_SIZE_MAX, &bytes, &ignored) &&
                         !ends_with(sources[i], ".csv") && sdkconfig_is_one(&bytes);
        buffer_free(&bytes);
        if (is_config)
            return folder_of(sources[i]);
    }
    return memory_text(".");
}

static bool take_configured_file(struct starter_facts *facts, const char *path, const char *const *sources,
                                 size_t count, struct error *error) {
    const char *name = facts->config.table_file[0] ? facts->config.table_file : "partitions.csv";
    if (name[0] == '/')
        return take_table_file(facts, path, name, error);
    char *start = config_folder(sources, count), *folder = memory_text(start);
    struct buffer file = {0};
    bool found = false;
    for (unsigned up = 0; up <= FOLDERS_ABOVE_MAX && !found; up++) {
        if (up > 0)
            folder = folder_above(folder);
        file.length = 0;
        buffer_printf(&file, "%s%s%s", strcmp(folder, ".") == 0 ? "" : folder,
                      strcmp(folder, ".") == 0 || strcmp(folder, "/") == 0 ? "" : "/", name);
        found = access(buffer_string(&file), F_OK) == 0;
    }
    bool fine =
        found ? take_table_file(facts, path, buffer_string(&file), error)
              : error_set(error,
                          "%s: the sdkconfig names this partition table, and it is neither in %s nor in a "
                          "folder above; give it with --from",
                          name, start);
    free(start);
    free(folder);
    buffer_free(&file);
    return fine;
}

static bool take_configured_table(struct starter_facts *facts, const char *path, const char *const *sources,
                                  size_t count, struct error *error) {
    const struct sdkconfig *config = &facts->config;
    if (config->has_table_file)
        return take_configured_file(facts, path, sources, count, error);
    if (config->stock_table == NULL)
        return take_table_text(facts, stock_table_usual, "a CSV file's name may stand here instead", error);
    bool coredump = config->coredump_in_flash && config->stock_table->with_coredump != NULL;
    return take_table_text(facts, coredump ? config->stock_table->with_coredump : config->stock_table->csv,
                           config->stock_table->option, error);
}

static bool read_files(const char *path, const struct source_list *files,
                       const struct source_list *bootloaders, const struct source_list *apps,
                       struct starter_facts *out, struct error *error) {
    const char *const *sources = (const char *const *)files->paths;
    size_t count = files->count;
    bool fine = true;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count && fine; i++)
            fine = take_source(out, path, sources[i], pass == 0, error);
    for (size_t i = 0; i < bootloaders->count && fine; i++)
        fine = take_bootloader(out, path, bootloaders->paths[i], error);
    for (size_t i = 0; i < apps->count && fine; i++)
        fine = take_app(out, path, apps->paths[i], error);
    if (fine && !has_table(out))
        fine = take_configured_table(out, path, sources, count, error);
    return fine;
}

bool starter_facts_read(const char *path, const char *const *sources, size_t count, struct starter_facts *out,
                        struct error *error) {
    *out = (struct starter_facts){.table_offset = PARTITION_TABLE_OFFSET_DEFAULT};
    struct source_list files = {0}, bootloaders = {0}, apps = {0};
    bool fine = expand(sources, count, &files, &bootloaders, &apps, error) &&
                read_files(path, &files, &bootloaders, &apps, out, error);
    source_list_free(&files);
    source_list_free(&bootloaders);
    source_list_free(&apps);
    if (!out->has_config)
        out->config.rollback = true; // what a new project should have
    if (!out->release)
        out->release = release_profile_default();
    if (out->has_config)
        sdkconfig_follow_release(&out->config, out->release);
    if (!out->target)
        out->target = &chip_targets[0];
    return fine;
}

void starter_facts_free(struct starter_facts *facts) {
    sdkconfig_free(&facts->config);
    partition_table_layout_free(&facts->table);
    free(facts->table_file);
    free(facts->dump_file);
    free(facts->bootloader_file);
    free(facts->app_file);
    *facts = (struct starter_facts){0};
}

uint32_t starter_flash_size(const struct starter_facts *facts) {
    int64_t end = 0;
    for (size_t i = 0; i < facts->table.count; i++)
        if (facts->table.entries[i].offset + facts->table.entries[i].size > end)
            end = facts->table.entries[i].offset + facts->table.entries[i].size;
    uint32_t size = facts->dump_size > 0 ? facts->dump_size : FLASH_SIZE_USUAL;
    if (facts->config.flash_size > 0)
        return facts->config.flash_size > facts->dump_size ? facts->config.flash_size : facts->dump_size;
    while (size < end && size < DUMP_SIZE_MAX)
        size *= 2;
    return size;
}

bool starter_can_update(const struct starter_facts *facts) {
    size_t slots = 0, factories = 0;
    for (size_t i = 0; i < facts->table.count; i++) {
        const struct partition_entry *entry = &facts->table.entries[i];
        slots += entry->type == TYPE_APP && (entry->subtype & ~0xF) == SUBTYPE_SLOT_0;
        factories += entry->type == TYPE_APP && entry->subtype == SUBTYPE_FACTORY;
    }
    return partition_find_type(&facts->table, TYPE_DATA, SUBTYPE_OTADATA) != NULL && slots > 0 &&
           slots + factories > 1 && (!facts->dump_file || facts->dump_boots);
}
