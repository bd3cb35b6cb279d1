// ota-sim serve: a simulated device on a serial port.
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/bootloader.h"
#include "../../sim/serial/chip_registers.h"
#include "commands.h"
#include "serve_server.h"

static const char help[] =
    "ota-sim serve --flash FILE [options]: a simulated device on a serial port, for esptool and its like\n"
    "\n"
    "  --flash FILE           the device's flash, raw; made (erased) when it is missing, saved when a host "
    "leaves\n"
    "  --size SIZE            of a file that has to be made: 1MB, 2MB, 4MB (default), 8MB, 16MB or 32MB\n"
    "  --target NAME          esp32 (default), esp32c3 or esp32s3\n"
    "  --chip NAME            flash chip, for its id and timing (default: one of the file's size)\n"
    "  --mac AA:BB:CC:DD:EE:FF\n"
    "  --pty [LINK]           a pseudo-terminal (default); LINK is made to point to it\n"
    "  --tcp ADDRESS:PORT     a TCP port of this machine, for socket:// and rfc2217://; port 0: any free "
    "one\n"
    "  --boot                 a hard reset boots what is in flash; DTR and RTS, or a SYNC, lead back\n"
    "  --app BEHAVIOUR        of the app that boots: run (default), confirm, crash, fail-self-test\n"
    "  --release NAME         ESP-IDF release of bootloader and app (default: the latest known)\n"
    "  --rollback             both are built with rollback\n"
    "  --realtime             the flash chip takes its time\n"
    "  --cut-after N          the power goes in the middle of the operation that follows on N of them\n"
    "  --control PATH         a Unix socket for commands: cut, cut-after N, power-on, reset, download,\n"
    "                         lines DTR RTS, save, status, quit\n"
    "  -v, --verbose          what happens to the device, and its console, on standard error\n"
    "  -h, --help\n"
    "\n"
    "Prints `serving PORT` when hosts can connect. Ctrl-C or SIGTERM ends it; the flash file is saved.\n"
    "Exit status: 0 ended by SIGTERM or quit, 2 bad usage or input, 3 the file could not be saved, 130 "
    "Ctrl-C.\n";

enum long_option {
    OPTION_FLASH = 256,
    OPTION_SIZE,
    OPTION_TARGET,
    OPTION_CHIP,
    OPTION_MAC,
    OPTION_PTY,
    OPTION_TCP,
    OPTION_BOOT,
    OPTION_APP,
    OPTION_RELEASE,
    OPTION_ROLLBACK,
    OPTION_REALTIME,
    OPTION_CUT_AFTER,
    OPTION_CONTROL
};

static const struct option long_options[] = {{"flash", required_argument, NULL, OPTION_FLASH},
                                             {"size", required_argument, NULL, OPTION_SIZE},
                                             {"target", required_argument, NULL, OPTION_TARGET},
                                             {"chip", required_argument, NULL, OPTION_CHIP},
                                             {"mac", required_argument, NULL, OPTION_MAC},
                                             {"pty", optional_argument, NULL, OPTION_PTY},
                                             {"tcp", required_argument, NULL, OPTION_TCP},
                                             {"boot", no_argument, NULL, OPTION_BOOT},
                                             {"app", required_argument, NULL, OPTION_APP},
                                             {"release", required_argument, NULL, OPTION_RELEASE},
                                             {"rollback", no_argument, NULL, OPTION_ROLLBACK},
                                             {"realtime", no_argument, NULL, OPTION_REALTIME},
                                             {"cut-after", required_argument, NULL, OPTION_CUT_AFTER},
                                             {"control", required_argument, NULL, OPTION_CONTROL},
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"help", no_argument, NULL, 'h'},
                                             {0}};

struct parsing {
    struct serve_options serve;
    const char *target, *release;
    bool pty, rollback;
};

static int usage(const char *format, const char *what) {
    (void)fputs("ota-sim serve: ", stderr);
    (void)fprintf(stderr, format, what); // NOLINT: formats are literals of this file
    (void)fputs("\nTry `ota-sim serve --help`.\n", stderr);
    return EXIT_USAGE;
}

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

static bool parse_count(const char *text, uint64_t *count) {
    char *end;
    errno = 0;
    *count = strtoull(text, &end, 10);
    return errno == 0 && *text >= '0' && *text <= '9' && *end == 0;
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

// Takes an option. False: its value is not good.
static bool take_option(int option, struct parsing *parsing) {
    struct serve_options *serve_options = &parsing->serve;
    switch (option) {
    case OPTION_FLASH:
        serve_options->flash_file = optarg;
        return true;
    case OPTION_SIZE:
        return parse_size(optarg, &serve_options->size);
    case OPTION_TARGET:
        parsing->target = optarg;
        return true;
    case OPTION_CHIP:
        serve_options->chip = optarg;
        return nor_chip_find(optarg) != NULL;
    case OPTION_MAC:
        return parse_mac(optarg, serve_options->device.mac);
    case OPTION_PTY:
        parsing->pty = true;
        serve_options->pty_link = optarg;
        return true;
    case OPTION_TCP:
        serve_options->tcp = optarg;
        return true;
    case OPTION_BOOT:
        serve_options->device.boots = true;
        return true;
    case OPTION_APP:
        return parse_app(optarg, &serve_options->device.app);
    case OPTION_RELEASE:
        parsing->release = optarg;
        return true;
    case OPTION_ROLLBACK:
        parsing->rollback = true;
        return true;
    case OPTION_REALTIME:
        serve_options->realtime = true;
        return true;
    case OPTION_CUT_AFTER:
        serve_options->cut = true;
        return parse_count(optarg, &serve_options->cut_after);
    case OPTION_CONTROL:
        serve_options->control = optarg;
        return true;
    default: // 'v'
        serve_options->verbose = true;
        return true;
    }
}

// `--pty LINK`, with a space: getopt does not take that for an optional value.
static void take_link(int argc, char **argv, struct parsing *parsing) {
    if (parsing->pty && parsing->serve.pty_link == NULL && optind < argc && argv[optind][0] != '-')
        parsing->serve.pty_link = argv[optind++];
}

static int check(struct parsing *parsing) {
    struct board_config *board = &parsing->serve.device.board;
    if (parsing->serve.flash_file == NULL)
        return usage("%s is missing", "--flash FILE");
    if (parsing->pty && parsing->serve.tcp != NULL)
        return usage("%s and --tcp: one line, please", "--pty");
    board->target = chip_target_find(parsing->target);
    if (board->target == NULL || !chip_registers_known(board->target))
        return usage("--target %s: esp32, esp32c3 or esp32s3 are served", parsing->target);
    const struct release_profile *profile =
        parsing->release == NULL ? release_profile_default() : release_profile_find(parsing->release);
    if (profile == NULL)
        return usage("--release %s: not known", parsing->release);
    board->boot = bootloader_boot;
    board->bootloader = firmware_build_default(profile, board->target);
    board->bootloader.rollback = parsing->rollback;
    board->app = board->bootloader;
    return EXIT_MET;
}

int cmd_serve(int argc, char **argv) {
    struct parsing parsing = {.target = "esp32", .serve.device.mac = {0x24, 0x0A, 0xC4, 0x00, 0x00, 0x01}};
    int option, index = 0;
    opterr = 0;
    optind = 1;
    while ((option = getopt_long(argc, argv, "+vh", long_options, &index)) != -1) {
        if (option == 'h')
            return fputs(help, stdout) < 0 ? EXIT_INTERNAL : EXIT_MET;
        if (option == '?')
            return usage("%s: no such option, or it wants a value", argv[optind - 1]);
        if (!take_option(option, &parsing))
            return usage("%s: not a value that it takes", argv[optind - 1]);
        take_link(argc, argv, &parsing);
    }
    if (optind < argc)
        return usage("%s: not expected", argv[optind]);
    int status = check(&parsing);
    return status == EXIT_MET ? serve(&parsing.serve) : status;
}
