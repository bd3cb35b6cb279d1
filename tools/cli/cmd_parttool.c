// ota-sim parttool: ESP-IDF's parttool on a flash file.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/provision/parttool.h"
#include "commands.h"
#include "host_files.h"
#include "host_tool.h"

#define INFO_MAX   16u
#define EXTRAS_MAX 64u

enum option {
    OPTION_NAME = HOST_OPTIONS,
    OPTION_TYPE,
    OPTION_SUBTYPE,
    OPTION_BOOT_DEFAULT,
    OPTION_EXTRA_SUBTYPES,
    OPTION_OUTPUT,
    OPTION_INPUT,
    OPTION_IGNORE_READONLY,
    OPTION_INFO,
    OPTION_PART_LIST
};

static const struct command_option options[] = {
    HOST_OPTION_ROWS,
    {"partition-name", 'n', "NAME", "the partition of that name"},
    {"partition-type", 't', "TYPE", "the first of that type ..."},
    {"partition-subtype", 's', "SUBTYPE", "... and subtype, by name or number"},
    {"partition-boot-default", 'd', NULL, "the app that boots by default"},
    {"extra-partition-subtypes", 0, "TEXT...", "subtypes of your own: \"data, calibration, 0x41\""},
    {"output", 0, "FILE", "read_partition: where its contents go"},
    {"input", 0, "FILE", "write_partition: what is written"},
    {"ignore-readonly", 0, NULL, "write_partition: write a read-only one, too"},
    {"info", 0, "WHAT...", "get_partition_info: name type subtype offset ..."},
    {"part_list", 0, NULL, "get_partition_info: all of that type and subtype"},
    {NULL, 0, NULL, NULL},
};

static const char *const actions[] = {"read_partition", "write_partition", "erase_partition",
                                      "get_partition_info", NULL};

struct settings {
    struct host_tool tool;
    const char *name, *type, *subtype, *output, *input;
    bool boot_default, ignore_readonly, part_list;
    const char *info[INFO_MAX];
    size_t info_count;
    struct partition_extra_subtype extras[EXTRAS_MAX];
    char *extra_texts[EXTRAS_MAX];
    size_t extra_count;
    struct parttool_choice choice;
};

// ---- command line -------------------------------------------------------------------------------

static bool take_info(struct settings *settings, struct option_parser *parser, const char *value) {
    settings->info_count = 0;
    for (;;) {
        if (settings->info_count == INFO_MAX) {
            usage_error("parttool", "--info takes at most %u words", INFO_MAX);
            return false;
        }
        settings->info[settings->info_count++] = value;
        if (parser->next == parser->argc || parser->argv[parser->next][0] == '-')
            return true;
        value = parser->argv[parser->next++];
    }
}

static bool take_extras(struct settings *settings, struct option_parser *parser, const char *value) {
    for (;;) {
        struct error error = {0};
        if (settings->extra_count == EXTRAS_MAX ||
            !partition_extra_subtype_parse(value, &settings->extras[settings->extra_count],
                                           &settings->extra_texts[settings->extra_count], &error)) {
            usage_error("parttool", "%s",
                        settings->extra_count == EXTRAS_MAX ? "too many subtypes" : error.message);
            return false;
        }
        settings->extra_count++;
        if (parser->next == parser->argc || strchr(parser->argv[parser->next], ',') == NULL)
            return true;
        value = parser->argv[parser->next++];
    }
}

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    switch ((enum option)index) {
    case OPTION_NAME:
        settings->name = value;
        return true;
    case OPTION_TYPE:
        settings->type = value;
        return true;
    case OPTION_SUBTYPE:
        settings->subtype = value;
        return true;
    case OPTION_BOOT_DEFAULT:
        settings->boot_default = true;
        return true;
    case OPTION_EXTRA_SUBTYPES:
        return take_extras(settings, parser, value);
    case OPTION_OUTPUT:
        settings->output = value;
        return true;
    case OPTION_INPUT:
        settings->input = value;
        return true;
    case OPTION_IGNORE_READONLY:
        settings->ignore_readonly = true;
        return true;
    case OPTION_INFO:
        return take_info(settings, parser, value);
    case OPTION_PART_LIST:
        settings->part_list = true;
        return true;
    }
    return host_tool_take(&settings->tool, parser, index, value);
}

// HT-3: exactly one way to say which partition.
static bool choose(struct settings *settings) {
    struct parttool_choice *choice = &settings->choice;
    struct partition_csv_options *table = &settings->tool.table_options;
    struct error error = {0};
    int ways = (settings->name != NULL) + (settings->type != NULL) + settings->boot_default;
    if (ways != 1 || (settings->type == NULL) != (settings->subtype == NULL)) {
        usage_error("parttool", "which partition? -n NAME, or -t TYPE with -s SUBTYPE, or -d");
        return false;
    }
    *choice = (struct parttool_choice){.by = settings->name != NULL   ? PARTTOOL_BY_NAME
                                             : settings->boot_default ? PARTTOOL_BOOT_DEFAULT
                                                                      : PARTTOOL_BY_TYPE,
                                       .name = settings->name};
    if (settings->type == NULL ||
        (parttool_type(table, settings->type, &choice->type, &error) &&
         parttool_subtype(table, choice->type, settings->subtype, &choice->subtype, &error)))
        return true;
    usage_error("parttool", "%s", error.message);
    return false;
}

// ---- commands -----------------------------------------------------------------------------------

static int get_info(struct settings *settings) {
    static const char *const usual[] = {"offset", "size"};
    const struct partition_entry *partition = parttool_find(&settings->tool.layout, &settings->choice, NULL);
    struct buffer line = {0};
    struct error error = {0};
    bool fine = true, any = partition != NULL || settings->part_list;
    while (partition != NULL && fine) {
        fine = parttool_info(partition, settings->info_count > 0 ? settings->info : usual,
                             settings->info_count > 0 ? settings->info_count : 2, &line, &error);
        partition =
            settings->part_list ? parttool_find(&settings->tool.layout, &settings->choice, partition) : NULL;
    }
    buffer_text(&line, "\n");
    if (fine && any)
        host_print(&line);
    buffer_free(&line);
    return fine ? EXIT_MET : host_error("parttool", &error);
}

static int read_partition(struct settings *settings, const struct partition_entry *partition) {
    struct buffer contents = {0};
    struct error error = {0};
    if (settings->output == NULL)
        return usage_error("parttool", "read_partition needs --output FILE");
    int status = EXIT_MET;
    if (!parttool_read(&settings->tool.dump, partition, &contents, &error))
        status = host_error("parttool", &error);
    else if ((status = host_file_write("parttool", settings->output, &contents, settings->tool.force)) ==
                 EXIT_MET &&
             strcmp(settings->output, "-") != 0)
        host_tool_say(&settings->tool, "%zu bytes of partition `%s` are in %s", contents.length,
                      partition->name, settings->output);
    buffer_free(&contents);
    return status;
}

static int write_partition(struct settings *settings, const struct partition_entry *partition) {
    struct buffer contents = {0};
    struct error error = {0};
    if (settings->input == NULL)
        return usage_error("parttool", "write_partition needs --input FILE");
    int status = EXIT_USAGE;
    if (!host_file_read("parttool", settings->input, HOST_FLASH_SIZE_MAX, &contents))
        status = EXIT_USAGE;
    else if (!parttool_write(&settings->tool.dump, partition, &contents, settings->ignore_readonly, &error))
        status = host_error("parttool", &error);
    else if ((status = host_tool_save(&settings->tool)) == EXIT_MET)
        host_tool_say(&settings->tool, "%zu bytes of %s are in partition `%s` at 0x%" PRIx64, contents.length,
                      settings->input, partition->name, (uint64_t)partition->offset);
    buffer_free(&contents);
    return status;
}

static int erase_partition(struct settings *settings, const struct partition_entry *partition) {
    struct error error = {0};
    if (!parttool_erase(&settings->tool.dump, partition, &error))
        return host_error("parttool", &error);
    int status = host_tool_save(&settings->tool);
    if (status != EXIT_MET)
        return status;
    host_tool_say(&settings->tool, "partition `%s` at 0x%" PRIx64 " is erased", partition->name,
                  (uint64_t)partition->offset);
    return EXIT_MET;
}

static int no_such_partition(const struct settings *settings) {
    struct buffer text = {0};
    parttool_choice_print(&settings->choice, &text);
    complain("parttool", "there is no %s", buffer_string(&text));
    buffer_free(&text);
    return EXIT_USAGE;
}

static int act(struct settings *settings) {
    const char *action = settings->tool.action;
    if (action == NULL)
        return usage_error("parttool", "which command? read_partition, write_partition, erase_partition or "
                                       "get_partition_info");
    settings->tool.table_options.extra_subtypes = settings->extras;
    settings->tool.table_options.extra_subtype_count = settings->extra_count;
    settings->tool.table_options.environment = host_environment;
    int status = choose(settings) ? host_tool_open(&settings->tool) : EXIT_USAGE;
    if (status != EXIT_MET)
        return status;
    if (strcmp(action, "get_partition_info") == 0)
        return get_info(settings);
    const struct partition_entry *partition = parttool_find(&settings->tool.layout, &settings->choice, NULL);
    if (partition == NULL)
        return no_such_partition(settings);
    if (strcmp(action, "read_partition") == 0)
        return read_partition(settings, partition);
    return strcmp(action, "write_partition") == 0 ? write_partition(settings, partition)
                                                  : erase_partition(settings, partition);
}

int cmd_parttool(int argc, char **argv) {
    struct settings settings = {.tool = host_tool_start("parttool", actions)};
    int status = EXIT_USAGE;
    if (host_tool_read(&settings.tool, option_parser_start("parttool", options, argc, argv), take_option,
                       &settings)) {
        if (settings.tool.help) {
            option_help("parttool", "--flash FILE COMMAND [options]",
                        "ESP-IDF's parttool on a flash file. Commands: read_partition, write_partition,\n"
                        "erase_partition, get_partition_info.",
                        options);
            status = EXIT_MET;
        } else {
            status = act(&settings);
        }
    }
    for (size_t i = 0; i < settings.extra_count; i++)
        free(settings.extra_texts[i]);
    host_tool_free(&settings.tool);
    return status;
}
