#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/firmware.h"
#include "../provision/partition_print.h"
#include "../provision/partition_rules.h"
#include "starter_facts.h"

#define COMMENT_COLUMN 36
#define IMAGE_SIZE     (32u << 10)

// The app that runs at first is a stand-in; the update must have another version than it.
static const char *old_version(const struct starter_facts *facts) {
    return facts->app_file && strcmp(facts->app_version, "1.0.0") == 0 ? "0.9.0" : "1.0.0";
}

// A line and, beginning in one column for all of them, what is to be said about it.
__attribute__((format(printf, 3, 4))) static void line(struct buffer *out, const char *comment,
                                                       const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    if (comment)
        buffer_printf(out, "%-*s # %s\n", COMMENT_COLUMN, buffer_string(&text), comment);
    else
        buffer_printf(out, "%s\n", buffer_string(&text));
    buffer_free(&text);
}

static bool is_plain(const char *word) {
    for (const char *c = word; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            return false;
    return isalpha((unsigned char)*word);
}

// Words that no reader of YAML takes for something else: 1.0.0 is one, 1.0 is not.
static bool is_safe(const char *text) {
    const char *dot = strchr(text, '.');
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._/-", *c))
            return false;
    return isalnum((unsigned char)*text) && dot && (strchr(dot + 1, '.') || isalpha((unsigned char)dot[1]));
}

// A text as YAML takes it: single quotes leave everything but themselves alone.
static void quoted(struct buffer *out, const char *text) {
    if (is_safe(text)) {
        buffer_text(out, text);
        return;
    }
    buffer_text(out, "'");
    for (; *text; text++)
        buffer_printf(out, *text == '\'' ? "''" : "%c", *text);
    buffer_text(out, "'");
}

// Expectations tell the apps apart by it, so it has to differ from that of the app which runs.
static const char *new_version(const struct starter_facts *facts) {
    if (facts->app_file)
        return facts->app_version;
    return strcmp(facts->dump_version, "2.0.0") == 0 ? "2.0.1" : "2.0.0";
}

// ---- head and board -----------------------------------------------------------------------------

static void print_head(bool update, struct buffer *out) {
    if (!update) {
        buffer_text(
            out, "# What the device does when it is switched on. Run it with `ota-sim run FILE`; -v tells "
                 "every step.\n\n"
                 "name: The device starts\n"
                 "about: >\n  Its partition table leaves no room for an update over the air, or nothing runs "
                 "that could make one.\n\n");
        return;
    }
    buffer_text(
        out,
        "# An update, and then the same with the power cut at every instant. Run it with `ota-sim run "
        "FILE`;\n# -v tells every step. docs/scenario-format.md has the whole language.\n\n"
        "name: The power may go at any time during an update\n"
        "about: >\n  The device takes an update and restarts into it. Whenever the power goes meanwhile, it "
        "comes back\n  with the old app or the new one, and can be updated again.\n\n");
}

static void print_size(struct buffer *text, uint32_t size) {
    buffer_printf(text, size % (1u << 20) == 0 ? "%uM" : "%uK",
                  size % (1u << 20) == 0 ? size >> 20 : size >> 10);
}

static void print_skip_validate(unsigned skip, struct buffer *out) {
    static const struct {
        unsigned bit;
        const char *name;
    } words[] = {{SKIP_VALIDATE_ALWAYS, "always"},
                 {SKIP_VALIDATE_POWER_ON, "power_on"},
                 {SKIP_VALIDATE_DEEP_SLEEP, "deep_sleep"}};
    struct buffer list = {0};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((skip & words[i].bit) != 0)
            buffer_printf(&list, "%s%s", list.length > 0 ? ", " : "", words[i].name);
    if (list.length > 0)
        line(out, "CONFIG_BOOTLOADER_SKIP_VALIDATE_...", "    skip_validate: [%s]", buffer_string(&list));
    buffer_free(&list);
}

static void print_reset_labels(const char *labels, struct buffer *out) {
    struct buffer list = {0};
    char *copy = memory_text(labels), *rest = copy, *label;
    while ((label = strsep(&rest, ", ")) != NULL)
        if (*label != '\0') {
            buffer_text(&list, list.length > 0 ? ", " : "");
            if (is_plain(label))
                buffer_text(&list, label);
            else
                quoted(&list, label);
        }
    if (list.length > 0)
        line(out, "CONFIG_BOOTLOADER_DATA_FACTORY_RESET", "    factory_reset_labels: [%s]",
             buffer_string(&list));
    free(copy);
    buffer_free(&list);
}

static void print_bootloader_options(const struct sdkconfig *config, struct buffer *out) {
    print_skip_validate(config->skip_validate, out);
    if (config->factory_reset) {
        line(out, "CONFIG_BOOTLOADER_FACTORY_RESET", "    factory_reset: true");
        line(out, "CONFIG_BOOTLOADER_OTA_DATA_ERASE", "    factory_reset_erases_otadata: %s",
             config->factory_reset_erases_otadata ? "true" : "false");
        print_reset_labels(config->factory_reset_labels, out);
    }
    if (config->app_test)
        line(out, "CONFIG_BOOTLOADER_APP_TEST", "    app_test: true");
    if (config->pin_hold_seconds > 0 && (config->factory_reset || config->app_test))
        line(out, "CONFIG_BOOTLOADER_HOLD_TIME_GPIO", "    pin_hold: %us", config->pin_hold_seconds);
}

static void print_left_out(const struct sdkconfig *config, struct buffer *out) {
    if (config->left_out.length == 0)
        return;
    buffer_text(out, "    # Not taken over, since ota-sim does not model it or has no need of it:\n");
    char *copy = memory_text(buffer_string((struct buffer *)&config->left_out)), *rest = copy, *option;
    while ((option = strsep(&rest, "\n")) != NULL)
        if (*option != '\0')
            buffer_printf(out, "    #   %s\n", option);
    free(copy);
}

static void print_config(const struct starter_facts *facts, struct buffer *out) {
    const struct sdkconfig *config = &facts->config;
    line(out, facts->bootloader_executes ? "build options of the app" : "build options of bootloader and app",
         "  config:");
    line(out,
         facts->release->confirms_on_startup ? "CONFIG_BOOTLOADER_APP_ROLLBACK"
                                             : "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE",
         "    rollback: %s", config->rollback || config->anti_rollback ? "true" : "false");
    if (config->confirm_on_startup)
        line(out, "CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP", "    confirm_on_startup: true");
    if (config->anti_rollback)
        line(out, "CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK", "    anti_rollback: true");
    if (config->anti_rollback && config->secure_version_bits > 0)
        line(out, "..._APP_SEC_VER_SIZE_EFUSE_FIELD", "    secure_version_bits: %u",
             config->secure_version_bits);
    if (config->no_md5)
        line(out, "CONFIG_PARTITION_TABLE_MD5", "    partition_table_md5: false");
    if (!facts->bootloader_executes) // else it was built with them
        print_bootloader_options(config, out);
    print_left_out(config, out);
}

// A line of CSV in columns; `row` is taken apart.
static void print_row(char *row, struct buffer *out) {
    static const int widths[] = {10, 6, 10, 10, 0, 0};
    char *rest = row;
    buffer_text(out, "   ");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0] && rest; i++) {
        const char *cell = strsep(&rest, ",");
        bool last = !rest || *rest == '\0';
        if (*cell)
            buffer_printf(out, " %s%s%*s", cell, last ? "" : ",",
                          last                                ? 0
                          : widths[i] - (int)strlen(cell) > 0 ? widths[i] - (int)strlen(cell)
                                                              : 0,
                          "");
        if (last)
            break;
    }
    buffer_text(out, "\n");
}

static void print_table(const struct starter_facts *facts, struct buffer *out) {
    if (facts->dump_file)
        return; // it has one
    if (facts->table_file) {
        struct buffer name = {0};
        quoted(&name, facts->table_file);
        line(out, facts->table_origin, "  partitions: %s", buffer_string(&name));
        buffer_free(&name);
        return;
    }
    line(out, facts->table_origin, "  partitions: |");
    struct partition_csv_options options = partition_csv_options_default();
    struct buffer csv = {0};
    partition_table_layout_print(&facts->table, &options, &csv);
    for (char *rest = (char *)csv.bytes, *row; rest && (row = strsep(&rest, "\n")) != NULL;)
        if (*row && *row != '#')
            print_row(row, out);
    buffer_free(&csv);
}

static void print_bootloader(const struct starter_facts *facts, struct buffer *out) {
    struct buffer name = {0};
    if (facts->bootloader_file == NULL)
        return;
    quoted(&name, facts->bootloader_file);
    if (facts->bootloader_executes)
        line(out, "executed as it is", "  bootloader: {binary: %s}", buffer_string(&name));
    else
        line(out, NULL, "  # %s is for a chip that cannot be executed here: ota-sim's own takes its place",
             buffer_string(&name));
    buffer_free(&name);
}

static void print_board(const struct starter_facts *facts, struct buffer *out) {
    struct buffer size = {0};
    print_size(&size, starter_flash_size(facts));
    line(out, NULL, "board:");
    line(out, "as idf.py set-target takes it", "  target: %s", facts->target->name);
    line(out, "of the flash", "  size: %s", buffer_string(&size));
    const char *said = facts->config.release_said, *name = facts->release->name;
    said += *said == 'v';
    char comment[96] = "ESP-IDF; --release tries others";
    if (*said != '\0' && strcmp(said, name + (*name == 'v')) != 0)
        (void)snprintf(comment, sizeof comment,
                       "for the project's ESP-IDF %s, which is not known: the nearest there is", said);
    line(out, comment, "  release: %s", name);
    if (facts->table_offset != PARTITION_TABLE_OFFSET_DEFAULT)
        line(out, "CONFIG_PARTITION_TABLE_OFFSET", "  partition_table_offset: 0x%x", facts->table_offset);
    print_table(facts, out);
    print_bootloader(facts, out);
    print_config(facts, out);
    if (facts->dump_file)
        line(out, "what the apps of the dump do", "  at_boot: confirm");
    if (facts->config.anti_rollback && facts->dump_secure_version > 0)
        line(out, "burned by the app that runs", "  efuse: {secure_version: %u}", facts->dump_secure_version);
    buffer_text(out, "\n");
    buffer_free(&size);
}

// ---- images, flash, steps -----------------------------------------------------------------------

// The app that is there from the factory: in the factory partition, else in the first slot.
static const struct partition_entry *first_app(const struct starter_facts *facts) {
    const struct partition_entry *factory = partition_find_type(&facts->table, 0, 0x00);
    return factory ? factory : partition_find_type(&facts->table, 0, 0x10);
}

static uint32_t image_size(const struct starter_facts *facts) {
    int64_t size = IMAGE_SIZE;
    for (size_t i = 0; i < facts->table.count; i++)
        if (facts->table.entries[i].type == 0 && facts->table.entries[i].size < size)
            size = facts->table.entries[i].size;
    return (uint32_t)size;
}

static void print_image(const struct starter_facts *facts, const char *name, const char *version,
                        const char *comment, struct buffer *out) {
    uint32_t secure = facts->dump_secure_version > facts->config.secure_version
                          ? facts->dump_secure_version
                          : facts->config.secure_version;
    struct buffer text = {0};
    buffer_printf(&text, "  %s: {version: %s, size: ", name, version);
    print_size(&text, image_size(facts));
    if (facts->config.anti_rollback && secure > 0)
        buffer_printf(&text, ", secure_version: %u", secure);
    buffer_text(&text, ", at_boot: confirm}");
    line(out, NULL, "%s", buffer_string(&text));
    if (comment)
        line(out, NULL, "  # %s", comment);
    buffer_free(&text);
}

static void print_built_app(const struct starter_facts *facts, struct buffer *out) {
    struct buffer text = {0};
    buffer_text(&text, "  new: {file: ");
    quoted(&text, facts->app_file);
    buffer_text(&text, ", at_boot: confirm}");
    line(out, "the app as it was built", "%s", buffer_string(&text));
    line(out, NULL, "  # at_boot may be nothing, crash, hang, ... too");
    buffer_free(&text);
}

static void print_images(const struct starter_facts *facts, bool update, struct buffer *out) {
    bool old = !facts->dump_file && first_app(facts);
    if (!old && !update)
        return;
    line(out, "apps, and what each does once it runs", "images:");
    if (old)
        print_image(facts, "old", old_version(facts), NULL, out);
    if (update && facts->app_file)
        print_built_app(facts, out);
    else if (update)
        print_image(
            facts, "new", new_version(facts),
            "or `new: {file: build/app.bin, at_boot: ...}`; at_boot may be nothing, crash, hang, ... too",
            out);
    buffer_text(out, "\n");
}

static void print_flash(const struct starter_facts *facts, struct buffer *out) {
    const struct partition_entry *app = first_app(facts);
    if (!facts->dump_file && !app)
        return;
    line(out, "before the first power-on; all else is erased", "flash:");
    if (facts->dump_file) {
        buffer_text(out, "  dump: ");
        quoted(out, facts->dump_file);
        buffer_text(out, "\n");
    } else if (is_plain(app->name)) {
        line(out, NULL, "  %s: old", app->name);
    } else {
        line(out, NULL, "  0x%" PRIx64 ": old", (uint64_t)app->offset);
    }
    buffer_text(out, "\n");
}

static void print_expected_version(const char *version, struct buffer *out) {
    if (!*version)
        return;
    buffer_text(out, "    expect: {version: ");
    quoted(out, version);
    buffer_text(out, "}\n");
}

static void print_steps(const struct starter_facts *facts, bool update, struct buffer *out) {
    bool starts = facts->dump_file ? facts->dump_boots : first_app(facts) != NULL;
    line(out, NULL, "steps:");
    line(out, "power-on, bootloader, app", "  - boot:");
    if (starts)
        print_expected_version(facts->dump_file ? facts->dump_version : old_version(facts), out);
    else
        line(out, NULL, "    expect: {end: nothing bootable}");
    if (!update)
        return;
    line(out, "esp_ota_begin, _write, _end, _set_boot_partition", "  - update: new");
    line(out, NULL, "    name: download");
    line(out, "esp_restart, and the boots that follow", "  - restart:");
    line(out, NULL, "    name: first-boot");
    print_expected_version(new_version(facts), out);
}

// ---- exploration --------------------------------------------------------------------------------

static void print_entry(const char *entry, struct buffer *out) {
    for (size_t length; *entry != '\0'; entry += length + (entry[length] == '\n')) {
        length = strcspn(entry, "\n");
        line(out, NULL, "    %.*s", (int)length, entry);
    }
}

static void print_explore(const char *const *known, size_t known_count, struct buffer *out) {
    buffer_text(out, "\n# All of it once more, cut everywhere, also in what follows a cut.\n");
    line(out, NULL, "explore:");
    line(out, NULL, "  between: [download, first-boot]");
    if (known_count == 0)
        return;
    buffer_text(
        out,
        "  # Found when this file was written, cause by cause. An entry may go: the run then shows it.\n");
    line(out, NULL, "  known:");
    for (size_t i = 0; i < known_count; i++)
        print_entry(known[i], out);
}

void starter_print(const struct starter_facts *facts, bool update, const char *const *known,
                   size_t known_count, struct buffer *out) {
    print_head(update, out);
    print_board(facts, out);
    print_images(facts, update, out);
    print_flash(facts, out);
    print_steps(facts, update, out);
    if (update)
        print_explore(known, known_count, out);
}
