// The board: chip, target, release, build options, eFuse.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_board.h"
#include "reader_bootloader.h"
#include "reader_guest.h"
#include "reader_names.h"
#include "reader_partitions.h"
#include "values.h"

#define RECOVERY_ADDRESS_MAX 0xFFF000u // which switches it off (CH-43)
#define TABLE_OFFSET_MAX     (NOR_SIZE_MAX - 0x1000u)

static const struct word skip_words[] = {{"never", SKIP_VALIDATE_NEVER},
                                         {"always", SKIP_VALIDATE_ALWAYS},
                                         {"power_on", SKIP_VALIDATE_POWER_ON},
                                         {"deep_sleep", SKIP_VALIDATE_DEEP_SLEEP},
                                         {NULL, 0}};

// ---- build options ------------------------------------------------------------------------------

// One word or a list of them.
static void read_skip_validate(struct reading *reading, struct fields *config, unsigned *out) {
    const struct yaml_node *node = field(config, "skip_validate");
    if (node == NULL)
        return;
    unsigned bits = 0;
    size_t count = node->kind == YAML_KIND_SEQUENCE ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->kind == YAML_KIND_SEQUENCE ? node->items[i] : node;
        int bit = 0;
        if (value_word(reading->diagnostics, item, "`skip_validate`", "E0107", skip_words, &bit))
            bits |= (unsigned)bit;
    }
    *out = bits;
}

// The labels that a factory reset erases, as Kconfig has them: one text, separated by commas.
static void read_reset_labels(struct reading *reading, struct fields *config, char *out, size_t room) {
    const struct yaml_node *node = field(config, "factory_reset_labels");
    if (node == NULL)
        return;
    struct buffer labels = {0};
    size_t count = node->kind == YAML_KIND_SEQUENCE ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->kind == YAML_KIND_SEQUENCE ? node->items[i] : node;
        const char *label = value_text(reading->diagnostics, item, "`factory_reset_labels`");
        if (label != NULL)
            buffer_printf(&labels, "%s%s", i == 0 ? "" : ",", label);
    }
    if (labels.length >= room)
        diagnostic_add(reading->diagnostics, "E0109", node->mark,
                       "`factory_reset_labels` takes at most %zu bytes", room - 1);
    else
        snprintf(out, room, "%s", buffer_string(&labels));
    buffer_free(&labels);
}

// An option that is said holds under every release. `rollback` by itself is the option of releases before v6.2, which
// the newer ones take as confirmation by the app (RL-1).
static void read_rollback(struct reading *reading, struct fields *config, struct firmware_build *build) {
    bool chosen = field(config, "rollback") != NULL || field(config, "anti_rollback") != NULL;
    if (chosen)
        build->confirm_on_startup = false;
    if ((chosen || field(config, "confirm_on_startup") != NULL) && build->rollback_unsaid)
        build->rollback_unsaid = build->rollback = build->confirm_on_startup = false;
    field_bool(config, "rollback", &build->rollback);
    field_bool(config, "anti_rollback", &build->anti_rollback);
    field_bool(config, "confirm_on_startup", &build->confirm_on_startup);
    if (build->confirm_on_startup && (!build->rollback || build->anti_rollback)) {
        const struct yaml_node *key = field_key(config, "confirm_on_startup");
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0309",
                                       key != NULL ? key->mark : config->node->mark,
                                       "`confirm_on_startup` %s",
                                       build->rollback ? "with `anti_rollback`" : "without `rollback`"),
                        "Kconfig offers it with rollback and without anti-rollback, from v6.2 on");
    }
}

void read_app_options(struct reading *reading, struct fields *config, struct firmware_build *build) {
    read_rollback(reading, config, build);
    uint32_t bits, width = reading->scenario->board.target->secure_version_bits;
    if (field_u32(config, "secure_version_bits", 1, width, &bits))
        build->secure_version_bits = (uint8_t)bits;
    field_bool(config, "partition_table_md5", &build->partition_table_md5);
    bool verifies;
    field_bool(config, "allow_http", &build->https_ota.allow_http);
    field_bool(config, "decrypt_cb", &build->https_ota.decrypt_cb);
    field_bool(config, "enable_partial_download", &build->https_ota.enable_partial_download);
    if (field_bool(config, "verify_spi_mode", &verifies))
        build->https_ota.spi_mode_unverified = !verifies;
    if (build->anti_rollback && !build->rollback) {
        const struct yaml_node *key = field_key(config, "anti_rollback");
        struct diagnostic *item =
            diagnostic_add(reading->diagnostics, "E0309", key != NULL ? key->mark : config->node->mark,
                           "`anti_rollback` without `rollback`");
        diagnostic_help(
            item, "Kconfig offers BOOTLOADER_APP_ANTI_ROLLBACK only with rollback: add `rollback: true`");
    }
}

void read_build_options(struct reading *reading, struct fields *config, struct firmware_build *build) {
    read_app_options(reading, config, build);
    read_skip_validate(reading, config, &build->skip_validate);
    field_bool(config, "factory_reset", &build->factory_reset);
    field_bool(config, "factory_reset_erases_otadata", &build->factory_reset_erases_otadata);
    read_reset_labels(reading, config, build->factory_reset_labels, sizeof build->factory_reset_labels);
    field_bool(config, "app_test", &build->app_test);
    const struct yaml_node *hold = field(config, "pin_hold");
    uint64_t us;
    if (hold != NULL && value_duration(reading->diagnostics, hold, "`pin_hold`", &us))
        build->pin_hold_ms = us / 1000 > UINT32_MAX ? UINT32_MAX : (uint32_t)(us / 1000);
    if (!build->factory_reset) {
        (void)field_idle(config, "factory_reset_erases_otadata", "`factory_reset` is off");
        (void)field_idle(config, "factory_reset_labels", "`factory_reset` is off");
    }
    if (!build->factory_reset && !build->app_test)
        (void)field_idle(config, "pin_hold", "neither `factory_reset` nor `app_test` is on");
}

// ---- chip and target ----------------------------------------------------------------------------

static void read_target(struct reading *reading, struct fields *board) {
    const struct chip_target *of_file = bootloader_file_target(reading);
    reading->scenario->board.target = of_file != NULL ? of_file : &chip_targets[0];
    const struct yaml_node *node = field(board, "target");
    const char *name = node == NULL ? NULL : value_text(reading->diagnostics, node, "`target`");
    if (name == NULL)
        return;
    const struct chip_target *target = chip_target_find(name);
    if (target != NULL) {
        reading->scenario->board.target = target;
        return;
    }
    const char *names[32];
    size_t count = 0;
    for (const struct chip_target *each = chip_targets; each->name != NULL && count < 31; each++)
        names[count++] = each->name;
    names[count] = NULL;
    suggest(diagnostic_add(reading->diagnostics, "E0205", node->mark, "there is no target `%s`", name), name,
            names);
}

static const struct nor_chip *find_chip(struct reading *reading, const struct yaml_node *node) {
    const char *name = value_text(reading->diagnostics, node, "`chip`");
    const struct nor_chip *chip = name == NULL ? NULL : nor_chip_find(name);
    if (chip != NULL || name == NULL)
        return chip;
    const char *names[64];
    size_t count = 0;
    for (const struct nor_chip *each = nor_chips; each->name != NULL && count < 62; each++)
        names[count++] = each->name;
    names[count] = NULL;
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0206", node->mark, "there is no flash chip `%s`", name);
    suggest(item, name, names);
    if (item->help == NULL)
        diagnostic_help(item, "for a chip of no particular make write only `size`, as in `size: 4M`");
    return NULL;
}

static void read_chip(struct reading *reading, struct fields *board) {
    struct nor_chip *out = &reading->scenario->board.chip;
    *out = *nor_chip_find("W25Q32JV");
    const struct yaml_node *chip = field(board, "chip"), *size = field(board, "size");
    const struct nor_chip *known = NULL;
    if (chip != NULL && (known = find_chip(reading, chip)) != NULL)
        *out = *known;
    uint32_t bytes;
    if (!field_u32(board, "size", NOR_SIZE_MIN, NOR_SIZE_MAX, &bytes))
        return;
    if (known != NULL && known->size != bytes) {
        struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0306", size->mark,
                                                 "the %s has %u MiB", known->name, known->size >> 20);
        diagnostic_second(item, chip->mark, "this chip");
        diagnostic_help(item, "leave out `chip` or `size`");
    } else if (known == NULL && !nor_chip_custom(bytes, out)) {
        diagnostic_add(reading->diagnostics, "E0306", size->mark,
                       "a flash chip has 1, 2, 4, 8, 16 or 32 MiB");
    }
}

// ---- eFuse and pins -----------------------------------------------------------------------------

const struct word efuse_words[] = {{"secure_version", -1}, // the number of bits, not the bits
                                   {"secure_version_mask", PORT_EFUSE_SECURE_VERSION},
                                   {"chip_revision", PORT_EFUSE_CHIP_REVISION},
                                   {"block_revision", PORT_EFUSE_BLOCK_REVISION},
                                   {"ignore_max_revision", PORT_EFUSE_IGNORE_MAX_REVISION},
                                   {"ignore_block_revision", PORT_EFUSE_IGNORE_BLOCK_REVISION},
                                   {"coding_scheme", PORT_EFUSE_CODING_SCHEME},
                                   {"recovery_bootloader", PORT_EFUSE_RECOVERY_BOOTLOADER}, // an address
                                   {NULL, 0}};

// A flash address; eFuse holds it in sectors.
static bool read_recovery_address(struct reading *reading, const struct yaml_node *node, uint32_t *value) {
    const struct chip_target *target = reading->scenario->board.target;
    if (!value_u32(reading->diagnostics, node, "`recovery_bootloader`", 0, RECOVERY_ADDRESS_MAX, value))
        return false;
    if (!target->has_recovery_bootloader || *value % NOR_SECTOR_SIZE != 0) {
        diagnostic_add(reading->diagnostics, "E0307", node->mark,
                       target->has_recovery_bootloader ? "a bootloader begins at a multiple of 4 KiB"
                                                       : "the ROM of the %s knows no recovery bootloader",
                       target->title);
        return false;
    }
    *value /= NOR_SECTOR_SIZE;
    return true;
}

bool refuse_idle_efuse(struct fields *fields) {
    static const struct {
        const char *name, *what;
    } idle[] = {{"flash_crypt_count", "flash encryption is not modelled"},
                {"secure_boot", "Secure Boot is not modelled"},
                {"revoked_digests", "Secure Boot is not modelled"}};
    bool any = false;
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        any = field_idle(fields, idle[i].name, idle[i].what) || any;
    return any;
}

bool read_efuse_field(struct reading *reading, struct fields *fields, const struct word *word,
                      enum port_efuse *efuse, uint32_t *value) {
    char what[64];
    const struct yaml_node *node = field(fields, word->name);
    if (node == NULL)
        return false;
    snprintf(what, sizeof what, "`%s`", word->name);
    *efuse = word->value < 0 ? PORT_EFUSE_SECURE_VERSION : (enum port_efuse)word->value;
    if (*efuse == PORT_EFUSE_CHIP_REVISION || *efuse == PORT_EFUSE_BLOCK_REVISION)
        return value_revision(reading->diagnostics, node, what, value);
    if (*efuse == PORT_EFUSE_RECOVERY_BOOTLOADER)
        return read_recovery_address(reading, node, value);
    if (word->value >= 0)
        return value_u32(reading->diagnostics, node, what, 0, UINT32_MAX, value);
    uint32_t count;
    if (!value_u32(reading->diagnostics, node, what, 0, reading->scenario->board.target->secure_version_bits,
                   &count))
        return false;
    *value = (uint32_t)((1ull << count) - 1); // thermometer code (EF-1)
    return true;
}

static void read_efuse(struct reading *reading, const struct yaml_node *node) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`efuse`"))
        return;
    static const char *const versions[] = {"secure_version", "secure_version_mask", NULL};
    field_one_of(&fields, versions, false);
    for (const struct word *word = efuse_words; word->name != NULL; word++) {
        enum port_efuse efuse;
        uint32_t value;
        if (read_efuse_field(reading, &fields, word, &efuse, &value)) {
            reading->scenario->efuse[efuse] = value;
            reading->scenario->efuse_set[efuse] = true;
        }
    }
    (void)refuse_idle_efuse(&fields);
    fields_close(&fields);
}

// ---- the board ----------------------------------------------------------------------------------

static void read_builds(struct reading *reading, struct fields *board) {
    struct board_config *config = &reading->scenario->board;
    const struct release_profile *profile = release_profile_default();
    const struct yaml_node *release = field(board, "release");
    const struct release_profile *named = release == NULL ? NULL : find_release(reading, release);
    config->app = firmware_build_default(named != NULL ? named : profile, config->target);
    uint32_t offset;
    if (field_u32(board, "partition_table_offset", 0x1000, TABLE_OFFSET_MAX, &offset)) {
        const struct yaml_node *node = field(board, "partition_table_offset");
        if (offset % NOR_SECTOR_SIZE != 0 || offset >= config->chip.size)
            diagnostic_add(
                reading->diagnostics, "E0307", node->mark,
                "the partition table must lie at a multiple of 4 KiB inside the flash (0x%x bytes)",
                config->chip.size);
        else
            config->app.partition_table_offset = offset;
    }
    const struct yaml_node *options = field(board, "config");
    struct fields fields;
    if (options != NULL && fields_open(&fields, reading->diagnostics, options, "`config`")) {
        read_build_options(reading, &fields, &config->app);
        fields_close(&fields);
    }
    config->bootloader = config->app;
    read_bootloader(reading, board);
}

void read_board(struct reading *reading, const struct yaml_node *node) {
    static const struct yaml_node nothing = {.kind = YAML_KIND_MAPPING};
    struct fields board;
    if (!fields_open(&board, reading->diagnostics,
                     node == NULL || node->kind != YAML_KIND_MAPPING ? &nothing : node, "`board`"))
        return;
    if (node != NULL && node->kind != YAML_KIND_MAPPING)
        value_wrong_type(reading->diagnostics, node, "`board`", "a mapping");
    read_bootloader_file(reading, &board);
    read_target(reading, &board);
    read_chip(reading, &board);
    read_builds(reading, &board);
    (void)field(&board, "at_boot"); // read_behaviours
    read_guest_of_board(reading, &board);
    const struct yaml_node *efuse = field(&board, "efuse");
    if (efuse != NULL)
        read_efuse(reading, efuse);
    const struct yaml_node *partitions = field(&board, "partitions");
    if (partitions != NULL)
        read_partitions(reading, partitions);
    fields_close(&board);
}
