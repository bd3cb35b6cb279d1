#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <yaml.h>
#include <zlib.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/utf8.h"
#include "../../sim/base/words.h"
#include "commands.h"
#include "terminal.h"

const struct command commands[] = {
    {"run", "run scenarios", cmd_run},
    {"replay", "play one crash state, slowly", cmd_replay},
    {"merge", "one report from those of all shards", cmd_merge},
    {"explain", "what the code of a complaint means", cmd_explain},
    {"new", "write a scenario to start from", cmd_new},
    {"init", "write a CI file that runs scenarios", cmd_init},
    {"serve", "a simulated device on a serial port", cmd_serve},
    {"inspect", "what a flash dump tells", cmd_inspect},
    {"diff", "how two flash dumps differ", cmd_diff},
    {"otatool", "ESP-IDF's otatool, on a flash file", cmd_otatool},
    {"parttool", "ESP-IDF's parttool, on a flash file", cmd_parttool},
    {"partitions", "partition tables: CSV to binary and back", cmd_partitions},
    {"image", "app images: make, info, verify", cmd_image},
    {"otadata", "otadata partitions: make, show", cmd_otadata},
    {"nvs", "NVS partitions: show, check, make, diff", cmd_nvs},
    {"flash", "a whole flash image from its parts", cmd_flash},
    {"update", "a simulated device updates from a real server", cmd_update},
    {"twin", "a genuine bootloader beside ota-sim's own", cmd_twin},
    {"selftest", "break the firmware on purpose: is it noticed?", cmd_selftest},
    {NULL, NULL, NULL},
};

// What a bug report should say: the version, and what it was built from and runs with.
static int show_version(void) {
    printf("ota-sim %s\n", OTA_SIM_VERSION);
    if (OTA_SIM_COMMIT[0] != '\0')
        printf("commit %s\n", OTA_SIM_COMMIT);
    printf("libyaml %s, %s, zlib %s, jansson %s\n", yaml_get_version_string(),
           OpenSSL_version(OPENSSL_VERSION), zlibVersion(), jansson_version_str());
    return EXIT_MET;
}

static int show_help(void) {
    printf("usage: ota-sim COMMAND [arguments]\n\n"
           "Simulates ESP32 over-the-air updates, cuts the power, and says what can go wrong.\n\n"
           "commands:\n");
    for (const struct command *command = commands; command->name; command++)
        printf("  %-12s%s\n", command->name, command->summary);
    printf("\n`ota-sim COMMAND --help` tells more. `ota-sim --version` shows the version.\n");
    return EXIT_MET;
}

static int unknown_command(const char *name) {
    const char *names[64];
    size_t count = 0;
    for (const struct command *command = commands; command->name && count < 63; command++)
        names[count++] = command->name;
    names[count] = NULL;
    const char *similar = nearest_word(name, names);
    struct buffer clean = {0};
    utf8_one_line(&clean, name);
    fprintf(stderr, "ota-sim: there is no command `%s`", buffer_string(&clean));
    buffer_free(&clean);
    if (similar)
        fprintf(stderr, "; did you mean `%s`?", similar);
    fprintf(stderr, "\n`ota-sim --help` shows what there is.\n");
    return EXIT_USAGE;
}

static int dispatch(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "ota-sim: which command?\n`ota-sim --help` shows what there is.\n");
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return show_help();
    if (strcmp(name, "--version") == 0)
        return show_version();
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command->main(argc - 1, argv + 1);
    return unknown_command(name);
}

// No memory, or an assertion of our own: what went wrong has been printed. It ends like every internal error, and not by a
// signal, which callers would take for a crash of their own making.
static void end_at_once(int signal_number) {
    (void)signal_number;
    _exit(EXIT_INTERNAL);
}

int main(int argc, char **argv) {
    terminal_guard_streams();
    (void)signal(SIGABRT, end_at_once);
    json_set_alloc_funcs(memory_new,
                         free); // else members of a report would be missing when there is no memory
    return terminal_finish(dispatch(argc, argv));
}
