#include "host_tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../../sim/base/file.h"
#include "../../sim/base/utf8.h"
#include "../../sim/base/words.h"
#include "../../sim/provision/parttool.h"
#include "commands.h"
#include "host_files.h"

struct host_tool host_tool_start(const char *command_name, const char *const *actions) {
    return (struct host_tool){.command_name = command_name,
                              .actions = actions,
                              .lock = FILE_LOCK_NONE,
                              .table_options = partition_csv_options_default()};
}

void host_tool_free(struct host_tool *tool) {
    file_lock_release(&tool->lock);
    buffer_free(&tool->dump);
    partition_table_layout_free(&tool->layout);
}

// ---- command line -------------------------------------------------------------------------------

// `_` and `-` are one, as they are in the original's newer versions.
static bool same_action(const char *a, const char *b) {
    for (; *a != '\0' && *b != '\0'; a++, b++)
        if (*a != *b && !(*a == '-' && *b == '_'))
            return false;
    return *a == *b;
}

static const char *action_named(const struct host_tool *tool, const char *text) {
    for (const char *const *action = tool->actions; *action; action++)
        if (same_action(text, *action))
            return *action;
    return NULL;
}

static bool take_action(struct host_tool *tool, const char *text) {
    const char *action = action_named(tool, text);
    if (tool->action != NULL) {
        usage_error(tool->command_name, "`%s` is not expected after %s", text, tool->action);
        return false;
    }
    if (action == NULL) {
        const char *similar = nearest_word(text, tool->actions);
        usage_error(tool->command_name, "there is no command `%s`%s%s%s", text,
                    similar ? "; did you mean `" : "", similar ? similar : "", similar ? "`?" : "");
        return false;
    }
    tool->action = action;
    return true;
}

bool host_tool_read(struct host_tool *tool, struct option_parser parser, option_taker *take, void *settings) {
    size_t index;
    const char *value;
    for (;;) {
        enum option_event event = option_next(&parser, &index, &value);
        if (event == OPTIONS_END)
            return true;
        bool fine = event == OPTION_FOUND    ? take(settings, &parser, index, value)
                    : event == OPERAND_FOUND ? take_action(tool, value)
                                             : false;
        if (!fine)
            return false;
    }
}

// The original takes several words after these options.
static void skip_words(const struct host_tool *tool, struct option_parser *parser) {
    while (parser->next < parser->argc && parser->argv[parser->next][0] != '-' &&
           action_named(tool, parser->argv[parser->next]) == NULL)
        parser->next++;
}

static bool take_offset(const struct host_tool *tool, const char *name, const char *value, uint32_t *out) {
    uint64_t number;
    if (!option_number(tool->command_name, name, value, 0, UINT32_MAX, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

bool host_tool_take(struct host_tool *tool, struct option_parser *parser, size_t index, const char *value) {
    struct partition_csv_options *options = &tool->table_options;
    switch ((enum host_option)index) {
    case HOST_PORT:
    case HOST_FLASH:
        tool->flash = value;
        return true;
    case HOST_TABLE_FILE:
        tool->table_file = value;
        return true;
    case HOST_TABLE_OFFSET:
        return take_offset(tool, "--partition-table-offset", value, &options->table_offset);
    case HOST_PRIMARY_BOOTLOADER:
        options->has_primary_bootloader_offset = true;
        return take_offset(tool, "--primary-bootloader-offset", value, &options->primary_bootloader_offset);
    case HOST_RECOVERY_BOOTLOADER:
        options->has_recovery_bootloader_offset = true;
        return take_offset(tool, "--recovery-bootloader-offset", value, &options->recovery_bootloader_offset);
    case HOST_ESPTOOL_ARGS:
    case HOST_ESPTOOL_WRITE_ARGS:
    case HOST_ESPTOOL_READ_ARGS:
    case HOST_ESPTOOL_ERASE_ARGS:
        skip_words(tool, parser);
        return true;
    case HOST_QUIET:
        tool->quiet = true;
        return true;
    case HOST_FORCE:
        tool->force = true;
        return true;
    case HOST_WAIT:
        tool->wait = true;
        return true;
    case HOST_HELP:
        tool->help = true;
        return true;
    case HOST_BAUD:
    case HOST_OPTIONS:
        return true;
    }
    return true;
}

// ---- the device's stand-in ----------------------------------------------------------------------

// Commands that read leave the file as it is: what they see is whole, however often it is replaced.
static bool changes_flash(const struct host_tool *tool) {
    return strncmp(tool->action, "read_", 5) != 0 && strncmp(tool->action, "get_", 4) != 0;
}

static bool lock_flash(struct host_tool *tool, struct error *error) {
    char holder[64];
    (void)snprintf(holder, sizeof holder, "ota-sim %s", tool->command_name);
    return file_lock_take(&tool->lock, tool->flash, holder, tool->wait, error);
}

int host_tool_open(struct host_tool *tool) {
    struct error error = {0};
    if (tool->flash == NULL)
        return usage_error(tool->command_name, "which flash file? --flash FILE (or -p FILE) says it");
    struct stat status;
    if (changes_flash(tool) && stat(tool->flash, &status) == 0 && S_ISREG(status.st_mode) &&
        !lock_flash(tool, &error))
        return host_error(tool->command_name, &error);
    if (!host_flash_read(tool->command_name, tool->flash, &tool->dump))
        return EXIT_USAGE;
    bool fine = tool->table_file != NULL
                    ? parttool_table_of_file(tool->table_file, &tool->table_options, &tool->layout, &error)
                    : parttool_table_of_dump(&tool->dump, &tool->table_options, &tool->layout, &error);
    return fine ? EXIT_MET : host_error(tool->command_name, &error);
}

int host_tool_save(const struct host_tool *tool) {
    struct error error = {0};
    if (file_write(tool->flash, tool->dump.bytes, tool->dump.length, &error))
        return EXIT_MET;
    return host_error(tool->command_name, &error);
}

void host_tool_say(const struct host_tool *tool, const char *format, ...) {
    if (tool->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    struct buffer message = {0}, line = {0};
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);
    utf8_one_line(&line, buffer_string(&message));
    buffer_text(&line, "\n");
    host_print(&line);
    buffer_free(&message);
    buffer_free(&line);
}
