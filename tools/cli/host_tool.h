// What `ota-sim parttool` and `ota-sim otatool` share: the options before the command (HT-1), the flash file
// that stands for the device, its partition table.
#ifndef TOOLS_CLI_HOST_TOOL_H
#define TOOLS_CLI_HOST_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/file_lock.h"
#include "../../sim/provision/partition_layout.h"
#include "../../sim/provision/partition_rules.h"
#include "options.h"

// The first rows of both tools' option tables; an index below HOST_OPTIONS belongs to host_tool_take.
enum host_option {
    HOST_PORT,
    HOST_FLASH,
    HOST_BAUD,
    HOST_TABLE_OFFSET,
    HOST_TABLE_FILE,
    HOST_PRIMARY_BOOTLOADER,
    HOST_RECOVERY_BOOTLOADER,
    HOST_ESPTOOL_ARGS,
    HOST_ESPTOOL_WRITE_ARGS,
    HOST_ESPTOOL_READ_ARGS,
    HOST_ESPTOOL_ERASE_ARGS,
    HOST_QUIET,
    HOST_FORCE,
    HOST_WAIT,
    HOST_HELP,
    HOST_OPTIONS
};

#define HOST_OPTION_ROWS                                                                                     \
    {"port", 'p', "FILE", "the flash file that stands for the device"}, {"flash", 0, "FILE", "the same"},    \
        {"baud", 'b', "RATE", "taken, and without effect"},                                                  \
        {"partition-table-offset", 'o', "OFFSET", "where the table lies (0x8000)"},                          \
        {"partition-table-file", 'f', "FILE", "take the table from a CSV or binary file"},                   \
        {"primary-bootloader-offset", 0, "OFFSET", "for tables that list it"},                               \
        {"recovery-bootloader-offset", 0, "OFFSET", "for tables that list it"},                              \
        {"esptool-args", 0, "ARG...", "taken, and without effect; so are the"},                              \
        {"esptool-write-args", 0, "ARG...", "next three: no esptool runs"},                                  \
        {"esptool-read-args", 0, "ARG...", ""}, {"esptool-erase-args", 0, "ARG...", ""},                     \
        {"quiet", 'q', NULL, "say nothing but results and errors"},                                          \
        {"force", 0, NULL, "replace an --output file that is there"},                                        \
        {"wait", 0, NULL, "until no other process changes the flash file"}, {                                \
        "help", 'h', NULL, "show this"                                                                       \
    }

struct host_tool {
    const char *command_name;   // "otatool"
    const char *const *actions; // its commands, ended by NULL
    const char *flash;
    const char *table_file;
    const char *action; // from `actions`; NULL: not given
    struct partition_csv_options table_options;
    bool quiet, force, wait, help;
    struct file_lock lock; // on the flash file, while it is being changed
    struct buffer dump;
    struct partition_table_layout layout;
};

struct host_tool host_tool_start(const char *command_name, const char *const *actions);
void host_tool_free(struct host_tool *tool);

// Takes an option below HOST_OPTIONS. False after a message.
bool host_tool_take(struct host_tool *tool, struct option_parser *parser, size_t index, const char *value);

// Reads the command line of a tool: options go to `take`, the one operand is the command, with _ or -. False after a
// message.
bool host_tool_read(struct host_tool *tool, struct option_parser parser, option_taker *take, void *settings);

// Reads flash file and partition table; a command that changes the file has it for itself from then on. The exit status, after
// a message when it is not EXIT_MET.
int host_tool_open(struct host_tool *tool);

// Replaces the flash file by the changed dump. The exit status, after a message when it is not EXIT_MET.
int host_tool_save(const struct host_tool *tool);

// One line on standard output, unless --quiet.
__attribute__((format(printf, 2, 3))) void host_tool_say(const struct host_tool *tool, const char *format,
                                                         ...);

#endif
