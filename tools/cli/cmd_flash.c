// ota-sim flash: a whole flash image from its parts.
#include <stdio.h>
#include <string.h>

#include "../../sim/provision/flash_file.h"
#include "../../sim/provision/flash_parts.h"
#include "commands.h"
#include "host_files.h"
#include "options.h"

#define PARTS_MAX 96u

enum option {
    OPTION_SIZE,
    OPTION_TARGET,
    OPTION_TABLE,
    OPTION_TABLE_OFFSET,
    OPTION_BOOTLOADER,
    OPTION_PART,
    OPTION_BOOT,
    OPTION_NO_VERIFY,
    OPTION_FORCE,
    OPTION_HELP
};

static const struct command_option options[] = {
    {"size", 0, "SIZE", "of the flash: 1MB to 32MB (4MB)"},
    {"target", 0, "NAME", "the chip (esp32): where its bootloader lies"},
    {"table", 't', "FILE", "the partition table, CSV or binary"},
    {"table-offset", 'o', "OFFSET", "where it lies (0x8000)"},
    {"bootloader", 0, "FILE", "the second-stage bootloader"},
    {"part", 0, "NAME=FILE", "a partition's contents: --part ota_0=app.bin"},
    {"boot", 0, "NAME", "otadata that selects this slot, as VALID"},
    {"no-verify", 0, NULL, "take a table that gen_esp32part refuses"},
    {"force", 0, NULL, "replace a file that is there"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    struct flash_parts parts;
    struct flash_part contents[PARTS_MAX];
    char names[PARTS_MAX][20]; // a label has at most 16 bytes
    const char *output;
    bool force, help;
};

// ---- command line -------------------------------------------------------------------------------

static bool take_part(struct settings *settings, const char *text) {
    struct flash_parts *parts = &settings->parts;
    const char *equals = strchr(text, '=');
    char *name = settings->names[parts->part_count < PARTS_MAX ? parts->part_count : 0];
    if (equals == NULL || equals == text || equals[1] == '\0' ||
        (size_t)(equals - text) >= sizeof settings->names[0] || parts->part_count == PARTS_MAX) {
        usage_error("flash", "--part takes PARTITION=FILE, at most %u times, not `%s`", PARTS_MAX, text);
        return false;
    }
    memcpy(name, text, (size_t)(equals - text));
    settings->contents[parts->part_count++] = (struct flash_part){.name = name, .path = equals + 1};
    return true;
}

static bool take_size(struct settings *settings, const char *value) {
    struct nor_chip chip;
    if (!host_size("flash", "--size", value, HOST_FLASH_SIZE_MAX, &settings->parts.size))
        return false;
    if (nor_chip_custom(settings->parts.size, &chip))
        return true;
    usage_error("flash", "--size takes 1MB, 2MB, 4MB, 8MB, 16MB or 32MB, not `%s`", value);
    return false;
}

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    (void)parser;
    struct flash_parts *parts = &settings->parts;
    uint64_t number;
    switch ((enum option)index) {
    case OPTION_SIZE:
        return take_size(settings, value);
    case OPTION_TARGET:
        return host_target("flash", value, &parts->target);
    case OPTION_TABLE:
        parts->table = value;
        return true;
    case OPTION_TABLE_OFFSET:
        if (!option_number("flash", "--table-offset", value, 0, HOST_FLASH_SIZE_MAX, &number))
            return false;
        parts->table_offset = (uint32_t)number;
        return true;
    case OPTION_BOOTLOADER:
        parts->bootloader = value;
        return true;
    case OPTION_PART:
        return take_part(settings, value);
    case OPTION_BOOT:
        parts->boot = value;
        return true;
    case OPTION_NO_VERIFY:
        parts->no_verify = true;
        return true;
    case OPTION_FORCE:
        settings->force = true;
        return true;
    case OPTION_HELP:
        settings->help = true;
        return true;
    }
    return false;
}

static bool read_command_line(struct settings *settings, int argc, char **argv) {
    if (!options_read(option_parser_start("flash", options, argc, argv), take_option, settings,
                      &settings->output, 1))
        return false;
    if (settings->help || (settings->output != NULL && settings->parts.table != NULL))
        return true;
    usage_error("flash", settings->output == NULL ? "which file is to be made?"
                                                  : "--table FILE says where everything goes: it is needed");
    return false;
}

int cmd_flash(int argc, char **argv) {
    struct settings settings = {.parts = {.size = 4u << 20,
                                          .target = &chip_targets[0],
                                          .table_offset = PARTITION_TABLE_OFFSET_DEFAULT}};
    struct buffer image = {0};
    struct error error = {0};
    int status = EXIT_USAGE;
    settings.parts.parts = settings.contents;
    settings.parts.environment = host_environment;
    if (!read_command_line(&settings, argc, argv))
        return EXIT_USAGE;
    if (settings.help) {
        option_help("flash", "--table FILE [options] OUTPUT",
                    "Assembles a whole flash image: raw, offset 0 is flash address 0, FF where nothing lies.",
                    options);
        return EXIT_MET;
    }
    if (!flash_parts_assemble(&settings.parts, &image, &error))
        status = host_error("flash", &error);
    else
        status = host_file_write("flash", settings.output, &image, settings.force);
    buffer_free(&image);
    return status;
}
