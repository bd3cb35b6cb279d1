// ota-sim twin: a genuine bootloader beside our own.
#include <stdio.h>

#include "../../sim/base/file.h"
#include "../../sim/machine/machine.h"
#include "../../sim/twin/twin.h"
#include "commands.h"
#include "options.h"

#define BOOTLOADER_MAX 0x100000u
#define ROM_MAX        0x1000000u
#define OPERANDS_MAX   64u

enum option {
    OPTION_RELEASE,
    OPTION_ROLLBACK,
    OPTION_ANTI_ROLLBACK,
    OPTION_ROM,
    OPTION_BOARDS,
    OPTION_BOOTS,
    OPTION_TEARS,
    OPTION_NO_LOG,
    OPTION_SEED,
    OPTION_HELP
};

static const struct command_option options[] = {
    [OPTION_RELEASE] = {"release", 'r', "NAME", "ESP-IDF release of ours (default: the latest)"},
    [OPTION_ROLLBACK] = {"rollback", 0, NULL, "ours has app rollback"},
    [OPTION_ANTI_ROLLBACK] = {"anti-rollback", 0, NULL, "ours has anti-rollback, too"},
    [OPTION_ROM] = {"rom", 0, "FILE.elf", "the binary runs on this genuine mask ROM"},
    [OPTION_BOARDS] = {"boards", 'n', "N", "random boards, without FLASH (100)"},
    [OPTION_BOOTS] = {"boots", 0, "N", "boots in a row of each (3)"},
    [OPTION_TEARS] = {"crash-states", 0, "N", "of each operation of the first boot (8)"},
    [OPTION_NO_LOG] = {"no-log", 0, NULL, "do not compare what the first boots say"},
    [OPTION_SEED] = {"seed", 0, "N", "of the random boards (1)"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

struct wish {
    const char *operands[OPERANDS_MAX]; // the bootloader, then flash files
    size_t operand_count;
    const struct release_profile *release;
    const char *rom;
    bool rollback, anti_rollback, help;
    uint64_t boards, boots, tears, seed;
    bool no_log;
};

static bool take(struct wish *wish, enum option option, const char *value) {
    switch (option) {
    case OPTION_RELEASE:
        wish->release = release_profile_find(value);
        return wish->release != NULL || usage_error("twin", "there is no release `%s`", value) == EXIT_MET;
    case OPTION_ANTI_ROLLBACK:
        wish->anti_rollback = true;
        wish->rollback = true;
        return true;
    case OPTION_ROLLBACK:
        wish->rollback = true;
        return true;
    case OPTION_ROM:
        wish->rom = value;
        return true;
    case OPTION_BOARDS:
        return option_number("twin", "boards", value, 1, 1000000, &wish->boards);
    case OPTION_BOOTS:
        return option_number("twin", "boots", value, 1, 100, &wish->boots);
    case OPTION_TEARS:
        return option_number("twin", "crash-states", value, 0, 1000000, &wish->tears);
    case OPTION_NO_LOG:
        wish->no_log = true;
        return true;
    case OPTION_SEED:
        return option_number("twin", "seed", value, 0, UINT32_MAX, &wish->seed);
    case OPTION_HELP:
        break;
    }
    wish->help = true;
    return true;
}

static bool read_command_line(int argc, char **argv, struct wish *out) {
    struct option_parser parser = option_parser_start("twin", options, argc, argv);
    size_t index = 0;
    const char *value = NULL;
    enum option_event event;
    while ((event = option_next(&parser, &index, &value)) != OPTIONS_END) {
        if (event == OPTION_WRONG)
            return false;
        if (event == OPTION_FOUND && !take(out, (enum option)index, value))
            return false;
        if (event == OPERAND_FOUND && out->operand_count == OPERANDS_MAX)
            return usage_error("twin", "at most %u files", OPERANDS_MAX - 1) == EXIT_MET;
        if (event == OPERAND_FOUND)
            out->operands[out->operand_count++] = value;
    }
    return out->help || out->operand_count > 0 ||
           usage_error("twin", "a bootloader's file is needed") == EXIT_MET;
}

static bool compare(const struct twin_settings *settings, const struct flash *flash, const char *what,
                    struct twin_count *count) {
    struct buffer difference = {0};
    bool equal = twin_compare(settings, flash, count, &difference);
    if (!equal)
        printf("DIFFERENT  %s\n%s", what, buffer_string(&difference));
    buffer_free(&difference);
    return equal;
}

static int compare_file(const struct twin_settings *settings, const char *path, struct twin_count *count) {
    struct buffer bytes = {0};
    struct error error = {0};
    struct nor_chip chip;
    if (!file_read(path, NOR_SIZE_MAX, &bytes, &error) ||
        (!nor_chip_custom((uint32_t)bytes.length, &chip) &&
         !error_set(&error, "%s: a flash file has 1, 2, 4, 8, 16 or 32 MiB", path))) {
        complain("twin", "%s", error.message);
        buffer_free(&bytes);
        return EXIT_USAGE;
    }
    struct flash flash;
    flash_init(&flash, (uint32_t)bytes.length);
    flash_set(&flash, 0, bytes.bytes, (uint32_t)bytes.length);
    bool equal = compare(settings, &flash, path, count);
    flash_free(&flash);
    buffer_free(&bytes);
    return equal ? EXIT_MET : EXIT_NOT_MET;
}

static int compare_random(const struct twin_settings *settings, const struct wish *wish,
                          struct twin_count *count) {
    for (uint64_t i = 0; i < wish->boards; i++) {
        char what[64];
        struct flash flash;
        (void)snprintf(what, sizeof what, "random board --seed %llu --boards 1",
                       (unsigned long long)(wish->seed + i));
        twin_random_flash(settings, wish->seed + i, &flash);
        bool equal = compare(settings, &flash, what, count);
        flash_free(&flash);
        if (!equal)
            return EXIT_NOT_MET;
    }
    return EXIT_MET;
}

// The files of the command line, read and found to be what they should be.
struct twin_files {
    struct buffer binary, rom;
    const struct chip_target *target;
};

static bool read_twin_files(const struct wish *wish, struct twin_files *out, struct error *error) {
    if (!file_read(wish->operands[0], BOOTLOADER_MAX, &out->binary, error))
        return false;
    const uint8_t *header = out->binary.bytes;
    out->target =
        out->binary.length < 24 ? NULL : chip_target_by_id((uint16_t)(header[12] | header[13] << 8));
    if (out->target == NULL || !machine_supports(out->target))
        return error_set(error, "%s: this is no bootloader of a chip that can be executed",
                         wish->operands[0]);
    if (wish->rom == NULL)
        return true;
    struct error why = {0};
    return file_read(wish->rom, ROM_MAX, &out->rom, error) &&
           (machine_takes_rom(out->target, &out->rom, &why) ||
            error_set(error, "%s: %s", wish->rom, why.message));
}

static int compare_all(const struct twin_settings *settings, const struct wish *wish) {
    struct twin_count count = {0};
    int status = wish->operand_count > 1 ? EXIT_MET : compare_random(settings, wish, &count);
    for (size_t i = 1; status == EXIT_MET && i < wish->operand_count; i++)
        status = compare_file(settings, wish->operands[i], &count);
    if (status == EXIT_MET)
        printf(
            "the same in %llu boots of %llu flash contents, %llu of them crash states; %llu logs compared\n",
            (unsigned long long)count.boots, (unsigned long long)count.contents,
            (unsigned long long)count.crash_states, (unsigned long long)count.logs);
    return status;
}

static int twin(const struct wish *wish) {
    struct twin_files files = {0};
    struct error error = {0};
    int status = EXIT_USAGE;
    if (read_twin_files(wish, &files, &error)) {
        struct twin_settings settings = {.binary = &files.binary,
                                         .rom = wish->rom == NULL ? NULL : &files.rom,
                                         .target = files.target,
                                         .build = firmware_build_default(wish->release, files.target),
                                         .boots = (uint32_t)wish->boots,
                                         .tears = (uint32_t)wish->tears,
                                         .log = !wish->no_log};
        settings.build.rollback = wish->rollback;
        settings.build.anti_rollback = wish->anti_rollback;
        status = compare_all(&settings, wish);
    } else {
        complain("twin", "%s", error.message);
    }
    buffer_free(&files.binary);
    buffer_free(&files.rom);
    return status;
}

int cmd_twin(int argc, char **argv) {
    struct wish wish = {
        .release = release_profile_default(), .boards = 100, .boots = 3, .tears = 8, .seed = 1};
    if (!read_command_line(argc, argv, &wish))
        return EXIT_USAGE;
    if (!wish.help)
        return twin(&wish);
    option_help("twin", "[options] BOOTLOADER [FLASH...]",
                "Boots a genuine bootloader and ota-sim's own from the same flash, side by side: FLASH\n"
                "files, or random boards, and the crash states of their first boots. Shows the first\n"
                "difference in choice, flash operations, final contents or log, with exit status 1.",
                options);
    return EXIT_MET;
}
