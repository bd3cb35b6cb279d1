// ota-sim image: app images, made, described, verified.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../sim/inspect/image_verdict.h"
#include "../../sim/provision/app_image_builder.h"
#include "../../sim/provision/app_image_reader.h"
#include "../../sim/provision/file_layout.h"
#include "../../sim/provision/partition_rules.h"
#include "../../sim/report/report_text.h"
#include "commands.h"
#include "host_files.h"
#include "options.h"

#define SLOT_SIZE_MAX (HOST_FLASH_SIZE_MAX - 0x10000u)

enum option {
    OPTION_TARGET,
    OPTION_VERSION,
    OPTION_PROJECT,
    OPTION_IDF_VERSION,
    OPTION_SECURE_VERSION,
    OPTION_SIZE,
    OPTION_SEED,
    OPTION_NO_HASH,
    OPTION_RELEASE,
    OPTION_SLOT_SIZE,
    OPTION_FORCE,
    OPTION_HELP
};

static const struct command_option options[] = {
    {"target", 0, "NAME", "make: for that chip (esp32); verify: on it; info: of a merged file"},
    {"app-version", 0, "TEXT", "make: version (1.0.0)"},
    {"project", 0, "TEXT", "make: project's name (app)"},
    {"idf-version", 0, "TEXT", "make: ESP-IDF's version"},
    {"secure-version", 0, "N", "make: for anti-rollback (0)"},
    {"size", 0, "SIZE", "make: of the whole image (the smallest)"},
    {"seed", 0, "N", "make: of the pseudo-random code in it"},
    {"no-hash", 0, NULL, "make: no SHA-256 at its end"},
    {"release", 0, "NAME", "verify: under that release only"},
    {"slot-size", 0, "SIZE", "verify: in a slot of that size"},
    {"force", 0, NULL, "make: replace a file that is there"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    const char *action, *file;
    struct app_image_options image;
    const struct chip_target *target; // NULL: not given
    const struct release_profile *release;
    uint32_t slot_size;
    bool force, help;
};

// ---- command line -------------------------------------------------------------------------------

static bool take_text(const char *name, const char *value, char *out, size_t size) {
    if (strlen(value) < size) {
        memset(out, 0, size);
        memcpy(out, value, strlen(value));
        return true;
    }
    usage_error("image", "%s takes at most %zu bytes", name, size - 1);
    return false;
}

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    (void)parser;
    struct app_image_options *image = &settings->image;
    uint64_t number = 0;
    switch ((enum option)index) {
    case OPTION_TARGET:
        return host_target("image", value, &settings->target);
    case OPTION_VERSION:
        return take_text("--app-version", value, image->version, sizeof image->version);
    case OPTION_PROJECT:
        return take_text("--project", value, image->project, sizeof image->project);
    case OPTION_IDF_VERSION:
        return take_text("--idf-version", value, image->idf_version, sizeof image->idf_version);
    case OPTION_SECURE_VERSION:
        if (!option_number("image", "--secure-version", value, 0, UINT32_MAX, &number))
            return false;
        image->secure_version = (uint32_t)number;
        return true;
    case OPTION_SIZE:
        return host_size("image", "--size", value, APP_IMAGE_SIZE_MAX, &image->size);
    case OPTION_SEED:
        return option_number("image", "--seed", value, 0, UINT64_MAX, &image->seed);
    case OPTION_NO_HASH:
        image->hash_appended = false;
        return true;
    case OPTION_RELEASE:
        return host_release("image", value, &settings->release);
    case OPTION_SLOT_SIZE:
        return host_size("image", "--slot-size", value, SLOT_SIZE_MAX, &settings->slot_size);
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
    if (!options_read(option_parser_start("image", options, argc, argv), take_option, settings, operands, 2))
        return false;
    settings->action = operands[0];
    settings->file = operands[1];
    if (settings->help || settings->file != NULL)
        return true;
    usage_error("image", settings->action == NULL ? "make, info or verify?" : "which file?");
    return false;
}

// ---- what can be done ---------------------------------------------------------------------------

static int make(struct settings *settings) {
    struct buffer image = {0};
    struct error error = {0};
    int status = EXIT_USAGE;
    settings->image.target = settings->target;
    if (!app_image_build(&settings->image, &image, &error))
        status = host_error("image", &error);
    else
        status = host_file_write("image", settings->file, &image, settings->force);
    buffer_free(&image);
    return status;
}

static void print_line(const char *name, const char *text, struct buffer *out) {
    buffer_printf(out, "%-16s", name);
    text_terminal(out, text);
    buffer_text(out, "\n");
}

static void print_descriptor(const struct app_image_summary *summary, struct buffer *out) {
    const struct {
        const char *name, *text;
    } texts[] = {{"project", summary->project},
                 {"version", summary->version},
                 {"ESP-IDF", summary->idf_version},
                 {"compile date", summary->compile_date},
                 {"compile time", summary->compile_time}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        print_line(texts[i].name, texts[i].text, out);
    buffer_printf(out, "%-16s%" PRIu32 "\n", "secure version", summary->secure_version);
}

static void print_bootloader_descriptor(const struct app_image_summary *summary, struct buffer *out) {
    print_line("descriptor", "of a bootloader", out);
    buffer_printf(out, "%-16s%" PRIu32 "\n", "version", summary->bootloader_version);
    print_line("ESP-IDF", summary->idf_version, out);
    print_line("compiled", summary->bootloader_date, out);
    buffer_printf(out, "%-16s%" PRIu32 "\n", "secure version", summary->secure_version);
}

static void print_summary(const struct app_image_summary *summary, struct buffer *out) {
    const struct chip_target *target = chip_target_by_id(summary->chip_id);
    buffer_printf(out, "%-16s%s (chip id %u)\n", "chip", target ? target->title : "unknown",
                  summary->chip_id);
    buffer_printf(out, "%-16sfrom %u.%u", "revisions", summary->min_chip_revision / 100u,
                  summary->min_chip_revision % 100u);
    if (summary->max_chip_revision == UINT16_MAX)
        buffer_text(out, " on\n");
    else
        buffer_printf(out, " to %u.%u\n", summary->max_chip_revision / 100u,
                      summary->max_chip_revision % 100u);
    buffer_printf(out, "%-16s%u\n", "segments", summary->segment_count);
    if (summary->has_descriptor)
        print_descriptor(summary, out);
    else if (summary->is_bootloader)
        print_bootloader_descriptor(summary, out);
    else
        buffer_printf(out, "%-16s%s\n", "descriptor", "none");
    if (!summary->is_image) {
        buffer_printf(out, "%-16s%s\n", "image", "not whole");
        return;
    }
    buffer_printf(out, "%-16s%" PRIu32 " bytes\n", "size", summary->length);
    buffer_printf(out, "%-16s%s\n", "checksum", summary->checksum_ok ? "right" : "wrong");
    buffer_printf(out, "%-16s%s\n", "SHA-256",
                  !summary->hash_appended ? "none appended"
                  : summary->hash_ok      ? "right"
                                          : "wrong");
}

// True: the file is several images, and they are printed.
static bool print_parts(const struct buffer *file, const struct chip_target *target, struct buffer *out) {
    struct file_layout layout;
    file_layout_read(file->bytes, file->length, target != NULL ? target : &chip_targets[0],
                     PARTITION_TABLE_OFFSET_DEFAULT, &layout);
    bool merged = layout.kind == FILE_MERGED;
    if (merged)
        buffer_printf(out, "a merged file, from 0x%" PRIx32 " on:\n", layout.base);
    for (size_t i = 0; i < layout.part_count; i++) {
        const struct file_part *part = &layout.parts[i];
        buffer_printf(out, "0x%06" PRIx32 "  %7" PRIu32 " bytes  %s", part->address, part->length,
                      part->name);
        buffer_text(out, part->version[0] != '\0' ? ", " : "");
        text_terminal(out, part->version);
        buffer_text(out, "\n");
    }
    file_layout_free(&layout);
    return merged;
}

static int info(const struct settings *settings, const struct buffer *file) {
    struct app_image_summary summary;
    struct buffer text = {0};
    if (print_parts(file, settings->target, &text)) {
        host_print(&text);
        buffer_free(&text);
        return EXIT_MET;
    }
    bool whole = app_image_describe_bytes(file->bytes, file->length, &summary);
    if (file->length == 0 || file->bytes[0] != 0xE9) {
        complain("image", "%s: not an app image: it does not begin with E9", settings->file);
        return EXIT_USAGE;
    }
    print_summary(&summary, &text);
    host_print(&text);
    buffer_free(&text);
    return whole ? EXIT_MET : EXIT_NOT_MET;
}

static int verify(const struct settings *settings, const struct buffer *file) {
    struct app_image_summary summary;
    (void)app_image_describe_bytes(file->bytes, file->length, &summary);
    const struct chip_target *target =
        settings->target ? settings->target : chip_target_by_id(summary.chip_id);
    struct buffer text = {0};
    if (settings->slot_size != 0 && settings->slot_size < file->length) {
        complain("image", "%s: %zu bytes do not fit into a slot of %" PRIu32 "", settings->file, file->length,
                 settings->slot_size);
        return EXIT_NOT_MET;
    }
    bool fine = image_verdict(file->bytes, file->length, settings->slot_size,
                              target ? target : &chip_targets[0], settings->release, &text);
    host_print(&text);
    buffer_free(&text);
    return fine ? EXIT_MET : EXIT_NOT_MET;
}

static int act(struct settings *settings) {
    if (strcmp(settings->action, "make") == 0)
        return make(settings);
    bool wants_info = strcmp(settings->action, "info") == 0;
    if (!wants_info && strcmp(settings->action, "verify") != 0)
        return usage_error("image", "make, info or verify, not `%s`", settings->action);
    struct buffer file = {0};
    int status = EXIT_USAGE;
    if (host_file_read("image", settings->file, APP_IMAGE_SIZE_MAX, &file))
        status = wants_info ? info(settings, &file) : verify(settings, &file);
    buffer_free(&file);
    return status;
}

int cmd_image(int argc, char **argv) {
    struct settings settings = {.image = app_image_options_default()};
    if (!read_command_line(&settings, argc, argv))
        return EXIT_USAGE;
    if (!settings.help)
        return act(&settings);
    option_help(
        "image", "make|info|verify FILE [options]",
        "App images: `make` builds one that bootloaders accept, `info` says what is in a file,\n"
        "`verify` lets the bootloaders and apps of every release judge it. Exit status 1: not whole,\n"
        "or refused by some release.",
        options);
    return EXIT_MET;
}
