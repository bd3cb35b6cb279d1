// The subcommands of ota-sim, one file each (cmd_NAME.c). argv[0] is the subcommand's name. The return value
// is the exit status.
#ifndef TOOLS_CLI_COMMANDS_H
#define TOOLS_CLI_COMMANDS_H

enum exit_status {
    EXIT_MET = 0,        // all expectations met; the command did what it was asked
    EXIT_NOT_MET = 1,    // some expectation is not met
    EXIT_USAGE = 2,      // bad usage or bad input
    EXIT_INTERNAL = 3,   // our fault
    EXIT_INCOMPLETE = 4, // a budget ran out, and nothing is violated in what was covered
    EXIT_SIGNAL = 128,   // + the number of the signal that ended it
    EXIT_INTERRUPTED = 130
};

struct command {
    const char *name;
    const char *summary; // one line for --help
    int (*main)(int argc, char **argv);
};

// In the order that --help shows; ended by a NULL name. The table is in main.c.
extern const struct command commands[];

int cmd_run(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_update(int argc, char **argv);
int cmd_twin(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_new(int argc, char **argv);
int cmd_init(int argc, char **argv);

int cmd_inspect(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_otatool(int argc, char **argv);
int cmd_parttool(int argc, char **argv);
int cmd_partitions(int argc, char **argv);
int cmd_image(int argc, char **argv);
int cmd_otadata(int argc, char **argv);
int cmd_nvs(int argc, char **argv);
int cmd_flash(int argc, char **argv);

#endif
