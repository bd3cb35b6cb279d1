// ota-sim otatool: ESP-IDF's otatool on a flash file, with a switch that a power cut cannot spoil.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/inspect/switch_cuts.h"
#include "../../sim/provision/otadata_image.h"
#include "../../sim/provision/otatool.h"
#include "../../sim/provision/parttool.h"
#include "commands.h"
#include "host_files.h"
#include "host_tool.h"

enum option {
    OPTION_SLOT = HOST_OPTIONS,
    OPTION_NAME,
    OPTION_SECTORS_SIZE,
    OPTION_OUTPUT,
    OPTION_INPUT,
    OPTION_OTADATA,
    OPTION_SAFE,
    OPTION_EXPLORE,
    OPTION_RELEASE,
    OPTION_ROLLBACK
};

static const struct command_option options[] = {
    HOST_OPTION_ROWS,
    {"slot", 0, "N", "the app in slot N"},
    {"name", 0, "NAME", "the app, or other partition, of that name"},
    {"spi-flash-sec-size", 0, "SIZE", "size of otadata's two sectors together (0x2000)"},
    {"output", 0, "FILE", "read_ota_partition: where its contents go"},
    {"input", 0, "FILE", "write_ota_partition: what is written"},
    {"otadata", 0, "FILE", "switch, read_otadata: otadata as it was read before"},
    {"safe", 0, NULL, "switch: never erase the record that is in force"},
    {"explore", 0, NULL, "switch: show what a power cut in it does"},
    {"release", 0, "NAME", "--explore: of the device's ESP-IDF (v6.0)"},
    {"rollback", 0, NULL, "--explore: the device is built with rollback"},
    {NULL, 0, NULL, NULL},
};

static const char *const actions[] = {"read_otadata",
                                      "erase_otadata",
                                      "switch_ota_partition",
                                      "read_ota_partition",
                                      "write_ota_partition",
                                      "erase_ota_partition",
                                      NULL};

struct settings {
    struct host_tool tool;
    struct otatool_target target;
    bool slot_given;
    uint32_t sectors_size;
    const char *output, *input, *otadata;
    bool safe, explore, rollback;
    const struct release_profile *release;
};

// ---- command line -------------------------------------------------------------------------------

static bool take_slot(struct settings *settings, const char *text) {
    char *end;
    settings->target.slot = strtoll(text, &end, 0); // negative ones are refused as unknown slots
    settings->slot_given = true;
    if (*text != '\0' && *end == '\0')
        return true;
    usage_error("otatool", "--slot takes a number, not `%s`; --name takes names", text);
    return false;
}

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    uint64_t number;
    switch ((enum option)index) {
    case OPTION_SLOT:
        return take_slot(settings, value);
    case OPTION_NAME:
        settings->target.name = value;
        return true;
    case OPTION_SECTORS_SIZE:
        if (!option_number("otatool", "--spi-flash-sec-size", value, 0x40, 0x100000, &number))
            return false;
        settings->sectors_size = (uint32_t)number;
        return true;
    case OPTION_OUTPUT:
        settings->output = value;
        return true;
    case OPTION_INPUT:
        settings->input = value;
        return true;
    case OPTION_OTADATA:
        settings->otadata = value;
        return true;
    case OPTION_SAFE:
        settings->safe = true;
        return true;
    case OPTION_EXPLORE:
        settings->explore = true;
        return true;
    case OPTION_RELEASE:
        return host_release("otatool", value, &settings->release);
    case OPTION_ROLLBACK:
        settings->rollback = true;
        return true;
    }
    return host_tool_take(&settings->tool, parser, index, value);
}

// ---- otadata ------------------------------------------------------------------------------------

static bool read_kept_otadata(const char *path, const struct partition_entry *partition,
                              struct buffer *contents) {
    struct error error = {0};
    if (!host_file_read("otatool", path, HOST_FLASH_SIZE_MAX, contents))
        return false;
    if ((int64_t)contents->length == partition->size)
        return true;
    (void)error_set(&error, "%s has %zu bytes, and the otadata partition %" PRId64, path, contents->length,
                    partition->size);
    (void)host_error("otatool", &error);
    return false;
}

// Every command of the original reads all of otadata first (HT-21).
static bool read_otadata(struct settings *settings, const struct partition_entry **partition,
                         struct buffer *contents) {
    struct error error = {0};
    *partition = otatool_otadata(&settings->tool.layout);
    if (*partition == NULL)
        (void)error_set(&error, "the partition table has no otadata");
    else if (settings->otadata != NULL) // scripts keep one object, which reads otadata once
        return read_kept_otadata(settings->otadata, *partition, contents);
    else if (parttool_read(&settings->tool.dump, *partition, contents, &error))
        return true;
    (void)host_error("otatool", &error);
    return false;
}

static int show_otadata(const struct settings *settings, const struct buffer *contents) {
    struct buffer lines = {0};
    struct error error = {0};
    bool fine = otatool_print(contents, settings->sectors_size, &lines, &error);
    host_print(&lines);
    buffer_free(&lines);
    return fine ? EXIT_MET : host_error("otatool", &error);
}

static int erase_otadata(struct settings *settings, const struct partition_entry *otadata) {
    struct error error = {0};
    if (!parttool_erase(&settings->tool.dump, otadata, &error))
        return host_error("otatool", &error);
    int status = host_tool_save(&settings->tool);
    if (status != EXIT_MET)
        return status;
    host_tool_say(&settings->tool, "otadata at 0x%" PRIx64 " is erased", (uint64_t)otadata->offset);
    return EXIT_MET;
}

// ---- the switch ---------------------------------------------------------------------------------

// The flash operations of the switch: the whole partition, or the one sector that --safe touches.
static int explore(const struct settings *settings, const struct partition_entry *otadata,
                   const struct buffer *after, const struct otatool_switched *switched) {
    struct dump dump;
    struct error error = {0};
    struct dump_options wanted = {.table_offset_set = true,
                                  .table_offset = settings->tool.table_options.table_offset};
    uint32_t half = settings->sectors_size / 2, address = (uint32_t)otadata->offset;
    if (settings->sectors_size != OTATOOL_SECTORS_SIZE_DEFAULT || otadata->size != OTADATA_SIZE)
        return usage_error("otatool", "--explore knows otadata of two sectors of 4 KiB only");
    if (!dump_read(settings->tool.dump.bytes, settings->tool.dump.length, &wanted, &dump, &error))
        return host_error("otatool", &error);
    if (address > dump.flash_size - OTADATA_SIZE) {
        dump_free(&dump);
        return usage_error("otatool",
                           "otadata lies beyond the flash size that the bootloader's header names");
    }
    struct switch_write write = {.address = address, .bytes = *after, .as_genuine_tools = true};
    if (settings->safe) {
        uint32_t at = switched->entry == 1 ? half : 0;
        write = (struct switch_write){.address = address + at,
                                      .bytes = {.bytes = after->bytes + at, .length = half}};
    }
    struct switch_cuts cuts;
    struct buffer text = {0};
    switch_cuts_explore(&dump, address, &write,
                        settings->release ? settings->release : release_profile_default(),
                        settings->rollback ? DUMP_ROLLBACK : DUMP_PLAIN, &cuts);
    switch_cuts_print(&cuts, &text);
    host_print(&text);
    buffer_free(&text);
    dump_free(&dump);
    return EXIT_MET;
}

static int switch_slot(struct settings *settings, const struct partition_entry *otadata,
                       struct buffer *contents) {
    uint32_t slot;
    const struct partition_entry *app;
    struct otatool_switched switched;
    struct error error = {0};
    if (!otatool_slot(&settings->tool.layout, &settings->target, &slot, &app, &error) ||
        !otatool_switch_contents(contents, settings->sectors_size, slot,
                                 otatool_slot_count(&settings->tool.layout),
                                 settings->safe ? OTATOOL_SAFE : OTATOOL_AS_ORIGINAL, &switched, &error))
        return host_error("otatool", &error);
    if (settings->safe && switched.entry < 0) {
        host_tool_say(&settings->tool, "slot %" PRIu32 " (`%s`) is selected already; nothing is written",
                      slot, app->name);
        return EXIT_MET;
    }
    if (settings->explore)
        return explore(settings, otadata, contents, &switched);
    memcpy(settings->tool.dump.bytes + otadata->offset, contents->bytes, contents->length);
    int status = host_tool_save(&settings->tool);
    if (status != EXIT_MET)
        return status;
    host_tool_say(&settings->tool, "slot %" PRIu32 " (`%s`) is selected", slot, app->name);
    return EXIT_MET;
}

// ---- apps ---------------------------------------------------------------------------------------

static int read_app(const struct settings *settings, const struct partition_entry *app) {
    struct buffer contents = {0};
    struct error error = {0};
    if (settings->output == NULL)
        return usage_error("otatool", "read_ota_partition needs --output FILE");
    int status = EXIT_MET;
    if (!parttool_read(&settings->tool.dump, app, &contents, &error))
        status = host_error("otatool", &error);
    else if ((status = host_file_write("otatool", settings->output, &contents, settings->tool.force)) ==
                 EXIT_MET &&
             strcmp(settings->output, "-") != 0)
        host_tool_say(&settings->tool, "%zu bytes of `%s` are in %s", contents.length, app->name,
                      settings->output);
    buffer_free(&contents);
    return status;
}

static int write_app(struct settings *settings, const struct partition_entry *app) {
    struct buffer contents = {0};
    struct error error = {0};
    if (settings->input == NULL)
        return usage_error("otatool", "write_ota_partition needs --input FILE");
    int status = EXIT_USAGE;
    if (!host_file_read("otatool", settings->input, HOST_FLASH_SIZE_MAX, &contents))
        status = EXIT_USAGE;
    else if (!parttool_write(&settings->tool.dump, app, &contents, false, &error))
        status = host_error("otatool", &error);
    else if ((status = host_tool_save(&settings->tool)) == EXIT_MET)
        host_tool_say(&settings->tool, "%zu bytes of %s are in `%s`", contents.length, settings->input,
                      app->name);
    buffer_free(&contents);
    return status;
}

static int erase_app(struct settings *settings, const struct partition_entry *app) {
    struct error error = {0};
    if (!parttool_erase(&settings->tool.dump, app, &error))
        return host_error("otatool", &error);
    int status = host_tool_save(&settings->tool);
    if (status != EXIT_MET)
        return status;
    host_tool_say(&settings->tool, "`%s` is erased", app->name);
    return EXIT_MET;
}

// By name any partition is meant, also one that is no slot: the original does not look.
static bool find_app(const struct settings *settings, const struct partition_entry **app,
                     struct error *error) {
    uint32_t slot;
    if (settings->target.name == NULL)
        return otatool_slot(&settings->tool.layout, &settings->target, &slot, app, error);
    *app = partition_find(&settings->tool.layout, settings->target.name);
    return *app != NULL || error_set(error, "there is no partition called `%s`", settings->target.name);
}

static int act_on_app(struct settings *settings) {
    const struct partition_entry *app;
    struct error error = {0};
    if (!find_app(settings, &app, &error))
        return host_error("otatool", &error);
    if (strcmp(settings->tool.action, "read_ota_partition") == 0)
        return read_app(settings, app);
    return strcmp(settings->tool.action, "write_ota_partition") == 0 ? write_app(settings, app)
                                                                     : erase_app(settings, app);
}

static int act_on_flash(struct settings *settings) {
    const char *action = settings->tool.action;
    const struct partition_entry *otadata;
    struct buffer contents = {0};
    int status = EXIT_USAGE;
    if (!read_otadata(settings, &otadata, &contents))
        status = EXIT_USAGE;
    else if (strcmp(action, "read_otadata") == 0)
        status = show_otadata(settings, &contents);
    else if (strcmp(action, "erase_otadata") == 0)
        status = erase_otadata(settings, otadata);
    else if (strcmp(action, "switch_ota_partition") == 0)
        status = switch_slot(settings, otadata, &contents);
    else
        status = act_on_app(settings);
    buffer_free(&contents);
    return status;
}

static int act(struct settings *settings) {
    const char *action = settings->tool.action;
    if (action == NULL)
        return usage_error("otatool", "which command? read_otadata, erase_otadata, switch_ota_partition, "
                                      "read_ota_partition, write_ota_partition or erase_ota_partition");
    bool wants_slot = strstr(action, "ota_partition") != NULL;
    if (wants_slot && settings->slot_given == (settings->target.name != NULL))
        return usage_error("otatool", "%s needs either --slot N or --name NAME", action);
    settings->tool.table_options.environment = host_environment;
    int status = host_tool_open(&settings->tool);
    return status == EXIT_MET ? act_on_flash(settings) : status;
}

int cmd_otatool(int argc, char **argv) {
    struct settings settings = {.tool = host_tool_start("otatool", actions),
                                .sectors_size = OTATOOL_SECTORS_SIZE_DEFAULT};
    int status = EXIT_USAGE;
    if (host_tool_read(&settings.tool, option_parser_start("otatool", options, argc, argv), take_option,
                       &settings)) {
        if (settings.tool.help) {
            option_help("otatool", "--flash FILE COMMAND [options]",
                        "ESP-IDF's otatool on a flash file. Commands: read_otadata, erase_otadata,\n"
                        "switch_ota_partition, read_ota_partition, write_ota_partition,\n"
                        "erase_ota_partition. --explore changes nothing.",
                        options);
            status = EXIT_MET;
        } else {
            status = act(&settings);
        }
    }
    host_tool_free(&settings.tool);
    return status;
}
