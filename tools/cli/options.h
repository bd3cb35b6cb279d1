// Command lines: options as a table, from which parsing, --help and suggestions follow.
#ifndef TOOLS_CLI_OPTIONS_H
#define TOOLS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command_option {
    const char *name; // "json", without dashes
    char letter;      // 'j'; 0: none
    // what --help calls its value: "FILE"; "[=SHARE]": it may have one; NULL: it takes none
    const char *value;
    const char *help; // one line, at most 50 characters
};

struct option_parser {
    const char *command;                  // "run", for messages
    const struct command_option *options; // ended by a NULL name
    int argc;
    char **argv;
    int next;            // index into argv; starts at 1
    const char *cluster; // rest of a run of letters: the "v" of -jv
    bool only_operands;  // after `--`
};

enum option_event { OPTION_FOUND, OPERAND_FOUND, OPTIONS_END, OPTION_WRONG };

struct option_parser option_parser_start(const char *command, const struct command_option *options, int argc,
                                         char **argv);

// The next option (`*index` into the table, `*value`) or operand (`*value`). OPTION_WRONG: the message has
// been written to standard error. Long options may be given as --name=value or --name value, letters as -n
// value or -nvalue.
enum option_event option_next(struct option_parser *parser, size_t *index, const char **value);

// What a command makes of an option: its index into the table, its value. False: the message has been written.
typedef bool option_taker(void *settings, struct option_parser *parser, size_t index, const char *value);

// Reads a whole command line: options go to `take`, operands into `operands`, `room` of them, each NULL before; one more
// is a file too many. False: the message has been written.
bool options_read(struct option_parser parser, option_taker *take, void *settings, const char **operands,
                  size_t room);

// "usage: ota-sim COMMAND SYNOPSIS", what it does, and the table.
void option_help(const char *command, const char *synopsis, const char *about,
                 const struct command_option *options);

// Writes "ota-sim COMMAND: message" to standard error: one line, whatever the message quotes.
__attribute__((format(printf, 2, 3))) void complain(const char *command, const char *format, ...);

// The same, and where to find help. Returns EXIT_USAGE.
__attribute__((format(printf, 2, 3))) int usage_error(const char *command, const char *format, ...);

// A whole number from `low` to `high`, decimal or 0x...; false after a message otherwise.
bool option_number(const char *command, const char *name, const char *text, uint64_t low, uint64_t high,
                   uint64_t *out);

#endif
