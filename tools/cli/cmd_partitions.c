// ota-sim partitions: CSV to binary and back, with gen_esp32part's options (CSV-80).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/utf8.h"
#include "../../sim/provision/partition_binary.h"
#include "../../sim/provision/partition_convert.h"
#include "../../sim/provision/partition_csv.h"
#include "../../sim/provision/parttool.h"
#include "../../sim/report/report_text.h"
#include "commands.h"
#include "host_files.h"
#include "options.h"
#include "terminal.h"

#define EXTRAS_MAX 64u

enum option {
    OPTION_FLASH_SIZE,
    OPTION_DISABLE_MD5,
    OPTION_NO_VERIFY,
    OPTION_VERIFY,
    OPTION_QUIET,
    OPTION_OFFSET,
    OPTION_PRIMARY_BOOTLOADER,
    OPTION_RECOVERY_BOOTLOADER,
    OPTION_SECURE,
    OPTION_EXTRA_SUBTYPES,
    OPTION_RELEASE,
    OPTION_FORCE,
    OPTION_HELP
};

static const struct command_option options[] = {
    {"flash-size", 0, "SIZE", "1MB to 128MB: the table must fit"},
    {"disable-md5sum", 0, NULL, "no MD5 row"},
    {"no-verify", 0, NULL, "do not check the table as a whole"},
    {"verify", 'v', NULL, "has no effect: checking is usual"},
    {"quiet", 'q', NULL, "no notes"},
    {"offset", 'o', "OFFSET", "where the table lies (0x8000)"},
    {"primary-bootloader-offset", 0, "OFFSET", "for tables that list the bootloader"},
    {"recovery-bootloader-offset", 0, "OFFSET", "for tables that list its recovery copy"},
    {"secure", 0, NULL, "then v1 (default) or v2: Secure Boot's sizes"},
    {"extra-partition-subtypes", 0, "TEXT...", "your own: \"data, calibration, 0x41\""},
    {"release", 0, "NAME", "whose generator's rules (default: the newest)"},
    {"force", 0, NULL, "replace an OUTPUT that is there"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    struct partition_csv_options csv;
    struct partition_extra_subtype extras[EXTRAS_MAX];
    char *extra_texts[EXTRAS_MAX];
    size_t extra_count;
    const char *input, *output;
    bool force, quiet, help;
    bool secure_version; // --secure names one
};

// ---- command line -------------------------------------------------------------------------------

static bool take_offset(const char *name, const char *value, uint32_t *out) {
    uint64_t number;
    if (!option_number("partitions", name, value, 0, UINT32_MAX, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool take_flash_size(struct settings *settings, const char *value) {
    uint32_t size;
    if (!host_size("partitions", "--flash-size", value, 128u << 20, &size))
        return false;
    if (size < 1u << 20 || (size & (size - 1)) != 0) {
        usage_error("partitions", "--flash-size takes 1MB, 2MB, 4MB ... 128MB, not `%s`", value);
        return false;
    }
    settings->csv.flash_size_mb = size >> 20;
    return true;
}

static bool take_extras(struct settings *settings, struct option_parser *parser, const char *value) {
    for (;;) {
        struct error error = {.message = "too many subtypes"};
        if (settings->extra_count == EXTRAS_MAX ||
            !partition_extra_subtype_parse(value, &settings->extras[settings->extra_count],
                                           &settings->extra_texts[settings->extra_count], &error)) {
            usage_error("partitions", "%s", error.message);
            return false;
        }
        settings->extra_count++;
        if (parser->next == parser->argc || strchr(parser->argv[parser->next], ',') == NULL)
            return true;
        value = parser->argv[parser->next++];
    }
}

// The version that may follow --secure.
static void take_secure(struct settings *settings, struct option_parser *parser) {
    const char *next = parser->next < parser->argc ? parser->argv[parser->next] : "";
    bool v2 = strcmp(next, "v2") == 0;
    settings->secure_version = v2 || strcmp(next, "v1") == 0;
    settings->csv.secure = v2 ? PARTITION_CSV_SECURE_V2 : PARTITION_CSV_SECURE_V1;
    parser->next += settings->secure_version;
}

static bool take_option(void *context, struct option_parser *parser, size_t index, const char *value) {
    struct settings *settings = context;
    struct partition_csv_options *csv = &settings->csv;
    switch ((enum option)index) {
    case OPTION_FLASH_SIZE:
        return take_flash_size(settings, value);
    case OPTION_DISABLE_MD5:
        csv->disable_md5 = true;
        return true;
    case OPTION_NO_VERIFY:
        csv->no_verify = true;
        return true;
    case OPTION_VERIFY:
        return true;
    case OPTION_QUIET:
        settings->quiet = true;
        return true;
    case OPTION_OFFSET:
        return take_offset("--offset", value, &csv->table_offset);
    case OPTION_PRIMARY_BOOTLOADER:
        csv->has_primary_bootloader_offset = true;
        return take_offset("--primary-bootloader-offset", value, &csv->primary_bootloader_offset);
    case OPTION_RECOVERY_BOOTLOADER:
        csv->has_recovery_bootloader_offset = true;
        return take_offset("--recovery-bootloader-offset", value, &csv->recovery_bootloader_offset);
    case OPTION_SECURE:
        take_secure(settings, parser);
        return true;
    case OPTION_EXTRA_SUBTYPES:
        return take_extras(settings, parser, value);
    case OPTION_RELEASE:
        return host_release("partitions", value, &csv->release);
    case OPTION_FORCE:
        settings->force = true;
        return true;
    case OPTION_HELP:
        settings->help = true;
        return true;
    }
    return false;
}

static bool check(const struct settings *settings) {
    const struct partition_csv_options *csv = &settings->csv;
    if (settings->help)
        return true;
    if (settings->input == NULL)
        usage_error("partitions", "which table? INPUT is a CSV or binary file, `-` standard input");
    else if (csv->has_primary_bootloader_offset && csv->primary_bootloader_offset >= csv->table_offset)
        usage_error("partitions", "the bootloader at 0x%x does not lie below the table at 0x%x",
                    csv->primary_bootloader_offset, csv->table_offset);
    else if (csv->release != NULL && csv->flash_size_mb > 16 && !csv->release->csv_large_flash)
        usage_error("partitions", "the generator of %s takes --flash-size up to 16MB", csv->release->name);
    else if (csv->release != NULL && settings->secure_version && !csv->release->csv_secure_v2)
        usage_error("partitions", "the generator of %s takes --secure without a version", csv->release->name);
    else
        return true;
    return false;
}

static bool read_command_line(struct settings *settings, int argc, char **argv) {
    const char *operands[2] = {NULL, NULL};
    if (!options_read(option_parser_start("partitions", options, argc, argv), take_option, settings, operands,
                      2))
        return false;
    settings->input = operands[0];
    settings->output = operands[1];
    return check(settings);
}

// ---- the conversion -----------------------------------------------------------------------------

static void tell(const struct settings *settings, struct partition_csv_notes *notes) {
    struct buffer warnings = {0};
    for (size_t i = 0; i < notes->warning_count; i++) { // also with --quiet, as the generator
        utf8_one_line(&warnings, notes->warnings[i]);
        buffer_text(&warnings, "\n");
    }
    terminal_complain(&warnings);
    buffer_free(&warnings);
    if (notes->failure != PARTITION_CSV_FINE)
        complain("partitions", "%s: %s", settings->input, partition_csv_notes_line(notes));
}

// CSV that is printed: a label is whatever bytes the table holds.
static void make_harmless(struct buffer *csv) {
    struct buffer lines = {0};
    utf8_lines(&lines, buffer_string(csv));
    csv->length = 0;
    text_no_commands(csv, buffer_string(&lines));
    buffer_free(&lines);
}

static int convert(struct settings *settings) {
    struct buffer input = {0}, output = {0};
    struct partition_csv_notes notes = {0};
    const char *path = settings->output != NULL ? settings->output : "-";
    settings->csv.extra_subtypes = settings->extras;
    settings->csv.extra_subtype_count = settings->extra_count;
    settings->csv.environment = host_environment;
    bool fine = host_file_read("partitions", settings->input, PARTITION_CSV_SIZE_MAX, &input);
    if (fine) {
        fine = partition_table_convert(input.bytes, input.length, &settings->csv, &output, &notes);
        tell(settings, &notes);
    }
    if (fine && settings->output == NULL && !partition_table_is_binary(output.bytes, output.length))
        make_harmless(&output);
    int status = fine ? host_file_write("partitions", path, &output, settings->force) : EXIT_USAGE;
    partition_csv_notes_free(&notes);
    buffer_free(&input);
    buffer_free(&output);
    return status;
}

int cmd_partitions(int argc, char **argv) {
    struct settings settings = {.csv = partition_csv_options_default()};
    int status = EXIT_USAGE;
    if (read_command_line(&settings, argc, argv)) {
        if (settings.help)
            option_help(
                "partitions", "[options] INPUT [OUTPUT]",
                "Partition tables, CSV to binary or binary to CSV, by gen_esp32part's rules. OUTPUT `-`\n"
                "or none: standard output.",
                options);
        status = settings.help ? EXIT_MET : convert(&settings);
    }
    for (size_t i = 0; i < settings.extra_count; i++)
        free(settings.extra_texts[i]);
    return status;
}
