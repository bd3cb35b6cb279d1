// ota-sim replay: one crash state, played slowly.
#include <stdio.h>
#include <string.h>

#include "../../sim/language/diagnostic_render.h"
#include "../../sim/language/reader.h"
#include "../../sim/report/report_text.h"
#include "../../sim/verdict/replay.h"
#include "commands.h"
#include "gdb_stub.h"
#include "options.h"
#include "terminal.h"

enum {
    OPTION_RELEASE,
    OPTION_BOOTLOADER,
    OPTION_ROM,
    OPTION_ELF,
    OPTION_GDB,
    OPTION_SAVE_FLASH,
    OPTION_HELP
};

static const struct command_option replay_options[] = {
    [OPTION_RELEASE] = {"release", 'r', "NAME", "the ESP-IDF release to run under"},
    [OPTION_BOOTLOADER] = {"bootloader", 0, "FILE", "the genuine bootloader that the report was made with"},
    [OPTION_ROM] = {"rom", 0, "FILE.elf", "and the genuine mask ROM"},
    [OPTION_ELF] = {"elf", 0, "FILE.elf", "that bootloader's names and lines"},
    [OPTION_GDB] = {"gdb", 0, "PORT", "wait for gdb there before the genuine bootloader runs; 0: any port"},
    [OPTION_SAVE_FLASH] = {"save-flash", 0, "FILE", "save what the cut left, as a flash image"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

struct replay {
    const char *file, *address, *flash_file, *bootloader, *rom, *elf;
    bool debug;
    uint64_t gdb_port;
    const struct release_profile *release;
    bool help;
};

static bool read_release(const char *name, struct replay *out) {
    out->release = release_profile_find(name);
    if (out->release == NULL)
        (void)usage_error("replay", "there is no release `%s`", name);
    return out->release != NULL;
}

static bool read_command_line(int argc, char **argv, struct replay *out) {
    struct option_parser parser = option_parser_start("replay", replay_options, argc, argv);
    size_t index = 0;
    const char *value = NULL;
    enum option_event event;
    while ((event = option_next(&parser, &index, &value)) != OPTIONS_END) {
        if (event == OPTION_WRONG)
            return false;
        if (event == OPERAND_FOUND && out->file == NULL)
            out->file = value;
        else if (event == OPERAND_FOUND && out->address == NULL)
            out->address = value;
        else if (event == OPERAND_FOUND)
            return usage_error("replay", "one address at a time: `%s` is too much", value) == EXIT_MET;
        else if (index == OPTION_RELEASE && !read_release(value, out))
            return false;
        else if (index == OPTION_BOOTLOADER)
            out->bootloader = value;
        else if (index == OPTION_ROM)
            out->rom = value;
        else if (index == OPTION_ELF)
            out->elf = value;
        else if (index == OPTION_GDB && !option_number("replay", "gdb", value, 0, UINT16_MAX, &out->gdb_port))
            return false;
        else if (index == OPTION_SAVE_FLASH)
            out->flash_file = value;
        out->debug = out->debug || (event == OPTION_FOUND && index == OPTION_GDB);
        out->help = out->help || (event == OPTION_FOUND && index == OPTION_HELP);
    }
    if (!out->help && out->address == NULL)
        return usage_error("replay", "a scenario and an address are needed") == EXIT_MET;
    return true;
}

static void show_line(void *context, unsigned depth, const char *line) {
    struct buffer text = {0};
    buffer_printf(&text, "%*s", (int)(2 * depth), "");
    text_terminal(&text, line);
    buffer_text(&text, "\n");
    terminal_write(context, &text);
    buffer_free(&text);
}

static void show_diagnostics(const struct diagnostics *diagnostics) {
    struct buffer text = {0};
    diagnostics_render(diagnostics, terminal_colour(stderr), &text);
    terminal_complain(&text);
    buffer_free(&text);
}

// What gdb speaks to is a processor that executes a bootloader's file.
static bool open_debugger(const struct replay *wish, struct scenario *scenario, struct gdb_stub **stub,
                          struct error *error) {
    if (!wish->debug)
        return true;
    if (scenario->bootloader.length == 0)
        return error_set(error, "--gdb looks into a genuine bootloader: name one by --bootloader");
    if (!machine_can_be_debugged(scenario->board.target))
        return error_set(error, "--gdb: the processor of the %s cannot be looked into",
                         scenario->board.target->title);
    *stub = gdb_stub_open((unsigned)wish->gdb_port, error);
    scenario->board.debugger = *stub == NULL ? NULL : gdb_stub_debugger(*stub);
    return *stub != NULL;
}

static int play(const struct replay *wish, struct scenario *scenario) {
    struct error error = {0};
    struct gdb_stub *stub = NULL;
    struct terminal terminal = terminal_open(false);
    const struct release_profile *release =
        wish->release != NULL ? wish->release : scenario->board.app.profile;
    bool good =
        open_debugger(wish, scenario, &stub, &error) &&
        exploration_replay(scenario, release, wish->address, wish->flash_file, show_line, &terminal, &error);
    gdb_stub_close(stub);
    if (!good)
        complain("replay", "%s", error.message);
    return good && terminal_delivers(&terminal) ? EXIT_MET : error.unwritten ? EXIT_INTERNAL : EXIT_USAGE;
}

static int replay(const struct replay *wish) {
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    int status = EXIT_USAGE;
    const struct scenario_wishes wishes = {wish->bootloader, wish->rom, wish->elf};
    if (scenario_read_as(wish->file, &wishes, &diagnostics, &scenario)) {
        status = play(wish, &scenario);
        scenario_free(&scenario);
    } else {
        show_diagnostics(&diagnostics);
    }
    diagnostics_free(&diagnostics);
    return status;
}

int cmd_replay(int argc, char **argv) {
    struct replay wish = {0};
    if (!read_command_line(argc, argv, &wish))
        return EXIT_USAGE;
    if (!wish.help)
        return replay(&wish);
    option_help("replay", "[options] SCENARIO ADDRESS",
                "Plays the crash state that a report names by ADDRESS, such as\n"
                "`update/12/prefix:3+boot/1/clean`: what was cut, the bytes before and after, how\n"
                "the device comes back, the update that was interrupted tried again, and the verdict.",
                replay_options);
    return EXIT_MET;
}
