// ota-sim otadata: the contents of an otadata partition, made and shown.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/inspect/inspection.h"
#include "../../sim/provision/otadata_image.h"
#include "commands.h"
#include "host_files.h"
#include "options.h"

enum option { OPTION_ENTRY_0, OPTION_ENTRY_1, OPTION_SLOTS, OPTION_FORCE, OPTION_HELP };

static const struct command_option options[] = {
    {"entry0", 0, "SEQ[:STATE]", "make: the first entry, or blank (default)"},
    {"entry1", 0, "SEQ[:STATE]", "make: the second entry, or blank"},
    {"slots", 0, "N", "show: so many OTA slots there are (2)"},
    {"force", 0, NULL, "make: replace a file that is there"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    const char *action, *file;
    bool given[2];
    struct otadata_entry entries[2];
    uint64_t slots;
    bool force, help;
};

// ---- command line -------------------------------------------------------------------------------

// A state by name, letter case ignored, or by number; nothing is UNDEFINED.
static bool read_state(const char *text, uint32_t *out) {
    for (uint32_t state = OTADATA_NEW; state <= OTADATA_ABORTED; state++)
        if (strcasecmp(text, otadata_state_name(state)) == 0) {
            *out = state;
            return true;
        }
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 0);
    *out = strcasecmp(text, "undefined") == 0 ? OTADATA_UNDEFINED : (uint32_t)number;
    return strcasecmp(text, "undefined") == 0 ||
           (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && number <= UINT32_MAX);
}

static bool take_entry(struct settings *settings, int index, const char *text) {
    if (strcasecmp(text, "blank") == 0) { // what it is when nothing is said
        settings->given[index] = false;
        return true;
    }
    char *end;
    errno = 0;
    unsigned long long seq = strtoull(text, &end, 0);
    uint32_t state = OTADATA_UNDEFINED;
    bool fine = *text >= '0' && *text <= '9' && errno == 0 && seq <= UINT32_MAX &&
                (*end == '\0' || (*end == ':' && read_state(end + 1, &state)));
    if (!fine) {
        usage_error(
            "otadata",
            "`%s` is no entry: blank, SEQ or SEQ:STATE is, with a state of new, pending_verify, valid, "
            "invalid, aborted, undefined or a number",
            text);
        return false;
    }
    settings->given[index] = true;
    settings->entries[index] = otadata_entry_make((uint32_t)seq, state);
    return true;
}

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    (void)parser;
    switch ((enum option)index) {
    case OPTION_ENTRY_0:
        return take_entry(settings, 0, value);
    case OPTION_ENTRY_1:
        return take_entry(settings, 1, value);
    case OPTION_SLOTS:
        return option_number("otadata", "--slots", value, 1, 16, &settings->slots);
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
    const char *operands[2] = {NULL, NULL};
    if (!options_read(option_parser_start("otadata", options, argc, argv), take_option, settings, operands,
                      2))
        return false;
    settings->action = operands[0];
    settings->file = operands[1];
    if (settings->help || settings->file != NULL)
        return true;
    usage_error("otadata", settings->action == NULL ? "make or show?" : "which file?");
    return false;
}

// ---- what can be done ---------------------------------------------------------------------------

static int make(const struct settings *settings) {
    uint8_t image[OTADATA_SIZE];
    struct buffer bytes = {0};
    otadata_image_build(settings->given[0] ? &settings->entries[0] : NULL,
                        settings->given[1] ? &settings->entries[1] : NULL, image);
    buffer_append(&bytes, image, sizeof image);
    int status = host_file_write("otadata", settings->file, &bytes, settings->force);
    buffer_free(&bytes);
    return status;
}

static int show(const struct settings *settings) {
    struct buffer file = {0}, text = {0};
    struct otadata_contents contents;
    if (!host_file_read("otadata", settings->file, HOST_FLASH_SIZE_MAX, &file))
        return EXIT_USAGE;
    int status = EXIT_USAGE;
    if (file.length != OTADATA_SIZE)
        complain("otadata", "%s: has %zu bytes, otadata has %u; `ota-sim inspect` reads dumps",
                 settings->file, file.length, OTADATA_SIZE);
    else {
        otadata_contents_of_bytes(file.bytes, (uint32_t)settings->slots, &contents);
        for (int i = 0; i < 2; i++) {
            buffer_printf(&text, "entry %d: ", i);
            otadata_verdict_print(&contents.entries[i], &text);
            buffer_printf(&text, "\n         %s\n", contents.entries[i].why);
        }
        host_print(&text);
        otadata_contents_free(&contents);
        status = EXIT_MET;
    }
    buffer_free(&file);
    buffer_free(&text);
    return status;
}

int cmd_otadata(int argc, char **argv) {
    struct settings settings = {.slots = 2};
    if (!read_command_line(&settings, argc, argv))
        return EXIT_USAGE;
    if (settings.help) {
        option_help("otadata", "make|show FILE [options]",
                    "The 8 KiB of an otadata partition: `make` writes entries with right CRCs, `show` says\n"
                    "which of them count and why.",
                    options);
        return EXIT_MET;
    }
    if (strcmp(settings.action, "make") == 0)
        return make(&settings);
    if (strcmp(settings.action, "show") == 0)
        return show(&settings);
    return usage_error("otadata", "make or show, not `%s`", settings.action);
}
