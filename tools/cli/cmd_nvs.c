// ota-sim nvs: what an NVS partition holds, and partitions made from a CSV file.
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/inspect/nvs_view.h"
#include "../../sim/inspect/table_review.h"
#include "../../sim/provision/nvs_image.h"
#include "../../sim/report/json_value.h"
#include "../../sim/report/report_text.h"
#include "commands.h"
#include "host_files.h"
#include "options.h"

#define NVS_TYPE    1u // of a table's row
#define NVS_SUBTYPE 2u

enum option {
    OPTION_ENTRIES,
    OPTION_JSON,
    OPTION_PARTITION,
    OPTION_TABLE_OFFSET,
    OPTION_SIZE,
    OPTION_RELEASE,
    OPTION_FORCE,
    OPTION_HELP
};

static const struct command_option options[] = {
    {"entries", 'e', NULL, "show: every entry, not only pages and values"},
    {"json", 'j', "FILE", "show: write JSON there (-: standard output)"},
    {"partition", 'p', "NAME", "of a whole flash dump: this one (its first NVS)"},
    {"table-offset", 'o', "OFFSET", "of a dump: where its table lies (else: found)"},
    {"size", 's', "SIZE", "make: of the partition, as 0x6000 or 24K"},
    {"release", 0, "NAME", "of the ESP-IDF that reads and writes it (v6.0)"},
    {"force", 0, NULL, "make: replace a file that is there"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    const char *action, *files[2], *partition;
    size_t file_count;
    struct dump_options dump;
    const struct release_profile *release;
    uint32_t size;
    const char *json; // file; NULL: none
    bool entries, force, help;
};

// ---- command line -------------------------------------------------------------------------------

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    (void)parser;
    uint64_t number;
    switch ((enum option)index) {
    case OPTION_ENTRIES:
        settings->entries = true;
        return true;
    case OPTION_JSON:
        settings->json = value;
        return true;
    case OPTION_PARTITION:
        settings->partition = value;
        return true;
    case OPTION_TABLE_OFFSET:
        if (!option_number("nvs", "--table-offset", value, 0, HOST_FLASH_SIZE_MAX - 1, &number))
            return false;
        settings->dump.table_offset_set = true;
        settings->dump.table_offset = (uint32_t)number;
        return true;
    case OPTION_SIZE:
        return host_size("nvs", "--size", value, NVS_IMAGE_SIZE_MAX, &settings->size);
    case OPTION_RELEASE:
        return host_release("nvs", value, &settings->release);
    case OPTION_FORCE:
        settings->force = true;
        return true;
    case OPTION_HELP:
        settings->help = true;
        return true;
    }
    return false;
}

static const struct action {
    const char *name;
    size_t files;
} actions[] = {{"show", 1}, {"check", 1}, {"make", 2}, {"diff", 2}, {NULL, 0}};

static bool check_operands(const struct settings *settings) {
    const struct action *action = actions;
    if (settings->help)
        return true;
    if (settings->action == NULL) {
        usage_error("nvs", "show, check, make or diff?");
        return false;
    }
    while (action->name != NULL && strcmp(action->name, settings->action) != 0)
        action++;
    if (action->name == NULL)
        usage_error("nvs", "there is no `%s`: show, check, make or diff", settings->action);
    else if (settings->file_count != action->files)
        usage_error("nvs", action->files == 1 ? "%s takes one file" : "%s takes two files", action->name);
    else if (strcmp(action->name, "make") == 0 && settings->size == 0)
        usage_error("nvs", "make needs --size: of the partition in your table");
    else
        return settings->json == NULL || host_report_allowed("nvs", settings->json, NVS_JSON_MARK);
    return false;
}

static bool read_command_line(struct settings *settings, int argc, char **argv) {
    const char *operands[3] = {NULL, NULL, NULL};
    if (!options_read(option_parser_start("nvs", options, argc, argv), take_option, settings, operands, 3))
        return false;
    settings->action = operands[0];
    for (size_t i = 1; i < 3 && operands[i] != NULL; i++)
        settings->files[settings->file_count++] = operands[i];
    return check_operands(settings);
}

// ---- reading ------------------------------------------------------------------------------------

// The partition of a dump that is meant; NULL: there is none.
static const struct partition_row *find_row(const struct table_view *table, const char *name) {
    for (uint32_t i = 0; i < table->count; i++) {
        const struct partition_row *row = &table->rows[i];
        if (row->type == NVS_TYPE && row->subtype == NVS_SUBTYPE &&
            (name == NULL || strcmp(row->label, name) == 0))
            return row;
    }
    return NULL;
}

// Leaves of a whole dump the partition; a partition by itself has no table.
static bool cut_out(const struct settings *settings, const char *path, struct buffer *file,
                    struct error *error) {
    struct dump dump;
    struct table_view table;
    if (!dump_read(file->bytes, file->length, &settings->dump, &dump, error))
        return false;
    table_view_read(&dump, &table);
    const struct partition_row *row = find_row(&table, settings->partition);
    bool fine = true;
    if (table.found && row == NULL)
        fine = error_set(error, "%s: its partition table has no NVS partition%s%s", path,
                         settings->partition == NULL ? "" : " ",
                         settings->partition == NULL ? "" : settings->partition);
    else if (row == NULL && settings->partition != NULL)
        fine = error_set(error, "%s: no whole dump: there is no partition table in it", path);
    else if (row != NULL && (row->offset >= file->length || row->size > file->length - row->offset))
        fine = error_set(error, "%s: `%s` (0x%" PRIx32 " bytes at 0x%" PRIx32 ") ends beyond the file", path,
                         row->label, row->size, row->offset);
    else if (row != NULL) {
        memmove(file->bytes, file->bytes + row->offset, row->size);
        file->length = row->size;
    }
    dump_free(&dump);
    return fine;
}

static bool read_view(const struct settings *settings, const char *path, struct nvs_view *view) {
    struct buffer file = {0};
    struct error error = {0};
    if (!host_file_read("nvs", path, HOST_FLASH_SIZE_MAX, &file))
        return false;
    bool fine = file.length > 0 || error_set(&error, "%s: empty", path);
    fine = fine && cut_out(settings, path, &file, &error);
    if (fine) {
        struct error problem = {0};
        fine = nvs_view_read(file.bytes, file.length, settings->release, view, &problem) ||
               error_set(&error, "%s: %s", path, problem.message);
    }
    buffer_free(&file);
    if (!fine)
        (void)host_error("nvs", &error);
    return fine;
}

// ---- what can be done ---------------------------------------------------------------------------

static int show(const struct settings *settings) {
    struct nvs_view view;
    struct buffer text = {0};
    bool written = true;
    if (!read_view(settings, settings->files[0], &view))
        return EXIT_USAGE;
    if (settings->json) {
        json_t *json = json_pack("{s:s}", "format", NVS_JSON_FORMAT), *members = nvs_view_json(&view);
        (void)json_object_update(json, members);
        json_decref(members);
        json_print(json, JSON_INDENT(2), &text);
        buffer_text(&text, "\n");
        json_decref(json);
        written = host_report_write("nvs", settings->json, NVS_JSON_MARK, &text);
        text.length = 0;
    }
    if (settings->json == NULL || strcmp(settings->json, "-") != 0) {
        nvs_view_text(&view, settings->entries, &text);
        host_print(&text);
    }
    buffer_free(&text);
    nvs_view_free(&view);
    return written ? EXIT_MET : EXIT_INTERNAL;
}

// Only what is wrong; the exit status says whether something is.
static int check(const struct settings *settings) {
    struct nvs_view view;
    struct buffer text = {0};
    if (!read_view(settings, settings->files[0], &view))
        return EXIT_USAGE;
    bool healthy = nvs_view_healthy(&view);
    if (healthy) {
        text_terminal(&text, settings->files[0]);
        buffer_printf(&text, ": whole: %zu values, nothing to repair\n", view.values.count);
    } else {
        nvs_view_text(&view, false, &text);
    }
    host_print(&text);
    buffer_free(&text);
    nvs_view_free(&view);
    return healthy ? EXIT_MET : EXIT_NOT_MET;
}

static int make(const struct settings *settings) {
    struct buffer csv = {0}, bytes = {0};
    struct nvs_items items = {0};
    struct error error = {0}, problem = {0};
    if (!host_file_read("nvs", settings->files[0], NVS_CSV_SIZE_MAX, &csv))
        return EXIT_USAGE;
    int status = EXIT_USAGE;
    if (!nvs_csv_parse(settings->files[0], &csv, &items, &error))
        (void)host_error("nvs", &error);
    else if (!nvs_image_build(items.items, items.count, settings->size, settings->release, &bytes,
                              &problem)) {
        (void)error_set(&error, "%s: %s", settings->files[0], problem.message);
        (void)host_error("nvs", &error);
    } else {
        status = host_file_write("nvs", settings->files[1], &bytes, settings->force);
    }
    nvs_items_free(&items);
    buffer_free(&csv);
    buffer_free(&bytes);
    return status;
}

static int diff(const struct settings *settings) {
    struct nvs_view views[2];
    struct buffer text = {0};
    if (!read_view(settings, settings->files[0], &views[0]))
        return EXIT_USAGE;
    if (!read_view(settings, settings->files[1], &views[1])) {
        nvs_view_free(&views[0]);
        return EXIT_USAGE;
    }
    bool equal = nvs_view_diff(&views[0], &views[1], &text);
    host_print(&text);
    buffer_free(&text);
    nvs_view_free(&views[0]);
    nvs_view_free(&views[1]);
    return equal ? EXIT_MET : EXIT_NOT_MET;
}

int cmd_nvs(int argc, char **argv) {
    struct settings settings = {.release = release_profile_default()};
    if (!read_command_line(&settings, argc, argv))
        return EXIT_USAGE;
    if (settings.help) {
        option_help("nvs", "show|check FILE, make CSV FILE --size SIZE, diff A B [options]",
                    "NVS partitions, by themselves or in a whole flash dump. check ends with status 1 when\n"
                    "something is damaged or start-up would repair it, diff when values differ. make takes\n"
                    "the CSV files of ESP-IDF's generator.",
                    options);
        return EXIT_MET;
    }
    if (strcmp(settings.action, "show") == 0)
        return show(&settings);
    if (strcmp(settings.action, "check") == 0)
        return check(&settings);
    return strcmp(settings.action, "make") == 0 ? make(&settings) : diff(&settings);
}
