// ota-sim serve: a simulated device on a serial port.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/bootloader.h"
#include "../../sim/base/buffer.h"
#include "../../sim/serial/chip_registers.h"
#include "commands.h"
#include "options.h"
#include "serve_server.h"

enum {
    OPTION_FLASH,
    OPTION_SIZE,
    OPTION_TARGET,
    OPTION_CHIP,
    OPTION_MAC,
    OPTION_CHIP_REVISION,
    OPTION_BLOCK_REVISION,
    OPTION_PTY,
    OPTION_TCP,
    OPTION_BOOT,
    OPTION_APP,
    OPTION_RELEASE,
    OPTION_ROLLBACK,
    OPTION_REALTIME,
    OPTION_CUT_AFTER,
    OPTION_CONTROL,
    OPTION_WAIT,
    OPTION_VERBOSE,
    OPTION_HELP
};

static const struct command_option serve_command_options[] = {
    [OPTION_FLASH] = {"flash", 0, "FILE", "the device's flash, raw; made when it is missing"},
    [OPTION_SIZE] = {"size", 0, "SIZE", "of a file that has to be made: 1MB to 32MB"},
    [OPTION_TARGET] = {"target", 0, "NAME", "esp32 (default), esp32c3, ... : any chip"},
    [OPTION_CHIP] = {"chip", 0, "NAME", "flash chip, for its id and its timing"},
    [OPTION_MAC] = {"mac", 0, "ADDRESS", "AA:BB:CC:DD:EE:FF, the device's own"},
    [OPTION_CHIP_REVISION] = {"chip-revision", 0, "v3.1", "the chip's; by default that of new ones"},
    [OPTION_BLOCK_REVISION] = {"block-revision", 0, "v1.3", "of its eFuse blocks; by default v0.0"},
    [OPTION_PTY] = {"pty", 0, "[=LINK]", "a pseudo-terminal (default), and a link to it"},
    [OPTION_TCP] = {"tcp", 0, "ADDRESS:PORT", "a TCP port, for socket:// and rfc2217://; 0: any"},
    [OPTION_BOOT] = {"boot", 0, NULL, "a hard reset boots what is in flash"},
    [OPTION_APP] = {"app", 0, "BEHAVIOUR", "run (default), confirm, crash, fail-self-test"},
    [OPTION_RELEASE] = {"release", 0, "NAME", "the ESP-IDF release of bootloader and app"},
    [OPTION_ROLLBACK] = {"rollback", 0, NULL, "both are built with rollback"},
    [OPTION_REALTIME] = {"realtime", 0, NULL, "the flash chip takes its time"},
    [OPTION_CUT_AFTER] = {"cut-after", 0, "N", "the power goes in the operation after N of them"},
    [OPTION_CONTROL] = {"control", 0, "PATH", "a Unix socket for commands"},
    [OPTION_WAIT] = {"wait", 0, NULL, "until no other process has the flash file"},
    [OPTION_VERBOSE] = {"verbose", 'v', NULL, "what happens to the device, on standard error"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

static void show_help(void) {
    option_help("serve", "--flash FILE [options]",
                "A simulated device on a serial port, for esptool and its like. Prints `serving PORT`\n"
                "when hosts can connect. SIGTERM or Ctrl-C ends it; the flash file is saved then, and\n"
                "whenever a host leaves. With --boot, DTR and RTS or a SYNC lead back to the loader.\n"
                "Commands for --control: cut, cut-after N, power-on, reset, download, lines DTR RTS,\n"
                "save, status, quit. Exit status: 0 ended by SIGTERM or quit, 2 bad usage or input,\n"
                "3 the file could not be saved, 130 Ctrl-C.",
                serve_command_options);
}

struct parsing {
    struct serve_options serve;
    const char *target, *release;
    bool pty, rollback, help;
};

// ---- values -------------------------------------------------------------------------------------

static bool parse_size(const char *text, uint32_t *size) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || number > 32)
        return false;
    if (strcmp(end, "MB") != 0 && strcmp(end, "MiB") != 0 && strcmp(end, "M") != 0)
        return false;
    *size = (uint32_t)number << 20;
    return number != 0 && (number & (number - 1)) == 0;
}

static bool parse_mac(const char *text, uint8_t mac[6]) {
    unsigned bytes[6];
    int used = 0;
    if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4],
               &bytes[5], &used) != 6 ||
        text[used] != 0)
        return false;
    for (size_t i = 0; i < 6; i++)
        mac[i] = (uint8_t)bytes[i];
    return true;
}

// "v3.1", or 301; as much as its fields in eFuse hold.
static bool parse_revision(const char *text, uint32_t *revision) {
    unsigned major = 0, minor = 0;
    int used = 0;
    if (sscanf(text, "v%1u.%2u%n", &major, &minor, &used) != 2 &&
        sscanf(text, "%1u%2u%n", &major, &minor, &used) != 2)
        return false;
    *revision = major * 100 + minor;
    return text[used] == 0;
}

static bool parse_app(const char *text, enum served_app *app) {
    static const char *const names[] = {[SERVED_APP_RUNS] = "run",
                                        [SERVED_APP_CONFIRMS] = "confirm",
                                        [SERVED_APP_CRASHES] = "crash",
                                        [SERVED_APP_FAILS_SELF_TEST] = "fail-self-test"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *app = (enum served_app)i;
            return true;
        }
    }
    return false;
}

// ---- the command line ---------------------------------------------------------------------------

// Takes an option. False: its value is not good, which option_number has said already.
static bool take_option(size_t option, const char *value, struct parsing *parsing) {
    struct serve_options *serve_options = &parsing->serve;
    switch (option) {
    case OPTION_FLASH:
        serve_options->flash_file = value;
        return true;
    case OPTION_SIZE:
        return parse_size(value, &serve_options->size);
    case OPTION_TARGET:
        parsing->target = value;
        return true;
    case OPTION_CHIP:
        serve_options->chip = value;
        return true;
    case OPTION_MAC:
        return parse_mac(value, serve_options->device.mac);
    case OPTION_CHIP_REVISION:
        return parse_revision(value, &serve_options->device.chip_revision);
    case OPTION_BLOCK_REVISION:
        return parse_revision(value, &serve_options->device.block_revision);
    case OPTION_PTY:
        parsing->pty = true;
        serve_options->pty_link = value;
        return true;
    case OPTION_TCP:
        serve_options->tcp = value;
        return true;
    case OPTION_BOOT:
        serve_options->device.boots = true;
        return true;
    case OPTION_APP:
        return parse_app(value, &serve_options->device.app);
    case OPTION_RELEASE:
        parsing->release = value;
        return true;
    case OPTION_ROLLBACK:
        parsing->rollback = true;
        return true;
    case OPTION_REALTIME:
        serve_options->realtime = true;
        return true;
    case OPTION_CUT_AFTER:
        serve_options->cut = true;
        return option_number("serve", "--cut-after", value, 0, UINT64_MAX, &serve_options->cut_after);
    case OPTION_CONTROL:
        serve_options->control = value;
        return true;
    case OPTION_WAIT:
        serve_options->wait = true;
        return true;
    case OPTION_VERBOSE:
        serve_options->verbose = true;
        return true;
    default: // OPTION_HELP
        parsing->help = true;
        return true;
    }
}

static bool read_command_line(int argc, char **argv, struct parsing *parsing) {
    struct option_parser parser = option_parser_start("serve", serve_command_options, argc, argv);
    size_t index = 0;
    const char *value = NULL;
    bool link_may_follow = false; // `--pty LINK`, with a space
    enum option_event event;
    while ((event = option_next(&parser, &index, &value)) != OPTIONS_END) {
        if (event == OPTION_WRONG)
            return false;
        if (event == OPERAND_FOUND) {
            if (!link_may_follow)
                return usage_error("serve", "`%s` is not expected", value) == EXIT_MET;
            parsing->serve.pty_link = value;
        } else if (!take_option(index, value, parsing)) {
            if (index != OPTION_CUT_AFTER)
                (void)usage_error("serve", "`%s` is no value for --%s %s", value,
                                  serve_command_options[index].name, serve_command_options[index].value);
            return false;
        }
        link_may_follow = event == OPTION_FOUND && index == OPTION_PTY && value == NULL;
    }
    return true;
}

static const char *target_name(size_t index) {
    return chip_targets[index].name;
}

static const char *chip_name(size_t index) {
    return nor_chips[index].name;
}

// A value that is none of a table's names, which are told. EXIT_USAGE.
static int unknown_name(const char *option, const char *value, const char *(*name)(size_t)) {
    struct buffer names = {0};
    for (size_t i = 0; name(i) != NULL; i++)
        buffer_printf(&names, "%s%s", i == 0 ? "" : ", ", name(i));
    int status =
        usage_error("serve", "--%s %s: not known; there are %s", option, value, buffer_string(&names));
    buffer_free(&names);
    return status;
}

static int check(struct parsing *parsing) {
    struct board_config *board = &parsing->serve.device.board;
    if (parsing->serve.flash_file == NULL)
        return usage_error("serve", "--flash FILE is missing");
    if (parsing->pty && parsing->serve.tcp != NULL)
        return usage_error("serve", "--pty and --tcp: one line, please");
    board->target = chip_target_find(parsing->target);
    if (board->target == NULL || !chip_registers_known(board->target))
        return unknown_name("target", parsing->target, target_name);
    if (parsing->serve.chip != NULL && nor_chip_find(parsing->serve.chip) == NULL)
        return unknown_name("chip", parsing->serve.chip, chip_name);
    const struct release_profile *profile =
        parsing->release == NULL ? release_profile_default() : release_profile_find(parsing->release);
    if (profile == NULL)
        return usage_error("serve", "--release %s: not known", parsing->release);
    board->boot = bootloader_boot;
    board->bootloader = firmware_build_default(profile, board->target);
    board->bootloader.rollback = parsing->rollback;
    board->app = board->bootloader;
    return EXIT_MET;
}

int cmd_serve(int argc, char **argv) {
    struct parsing parsing = {.target = "esp32", .serve.device.mac = {0x24, 0x0A, 0xC4, 0x00, 0x00, 0x01}};
    if (!read_command_line(argc, argv, &parsing))
        return EXIT_USAGE;
    if (parsing.help) {
        show_help();
        return EXIT_MET;
    }
    int status = check(&parsing);
    return status == EXIT_MET ? serve(&parsing.serve) : status;
}
