// The bootloader: our own with its options, or a genuine one, as a file.
#include <stdlib.h>
#include <string.h>

#include "../../ota/bootloader.h"
#include "../../ota/rom_boot.h"
#include "../base/file.h"
#include "../guest/guests.h"
#include "../machine/machine.h"
#include "../provision/bootloader_image.h"
#include "reader_board.h"
#include "reader_bootloader.h"
#include "reader_guest.h"
#include "reader_names.h"

#define FILE_SIZE_MAX 0x100000u // more than any bootloader has room for
#define ROM_SIZE_MAX  0x1000000u
#define HEADER_SIZE   24u
#define IMAGE_MAGIC   0xE9

// ---- a genuine one ------------------------------------------------------------------------------

static struct source_mark mark_of(const struct yaml_node *node) {
    return node == NULL ? (struct source_mark){0} : node->mark;
}

const struct chip_target *bootloader_file_target(const struct reading *reading) {
    const struct buffer *file = &reading->scenario->bootloader;
    return file->length < HEADER_SIZE ? NULL
                                      : chip_target_by_id((uint16_t)(file->bytes[12] | file->bytes[13] << 8));
}

static void check_file(struct reading *reading, struct source_mark mark) {
    const struct buffer *file = &reading->scenario->bootloader;
    struct diagnostic *item = NULL;
    if (file->length < HEADER_SIZE || file->bytes[0] != IMAGE_MAGIC)
        item = diagnostic_add(reading->diagnostics, "E0313", mark,
                              "this is no bootloader image: it does not begin with the byte 0xe9");
    else if (bootloader_file_target(reading) == NULL)
        item = diagnostic_add(reading->diagnostics, "E0313", mark,
                              "this bootloader is for a chip that is not known here (chip id 0x%04x)",
                              (unsigned)(file->bytes[12] | file->bytes[13] << 8));
    else if (!machine_supports(bootloader_file_target(reading)))
        item = diagnostic_add(reading->diagnostics, "E0313", mark,
                              "bootloaders for the %s cannot be executed here",
                              bootloader_file_target(reading)->title);
    if (item != NULL) {
        diagnostic_help(
            item, "idf.py build leaves it in build/bootloader/bootloader.bin; chips that can be executed: "
                  "esp32, esp32c3, esp32c6, esp32h2, esp32c2");
        buffer_free(&reading->scenario->bootloader);
    }
}

// A file in place of our own bootloader, from the scenario or the command line.
void read_bootloader_file(struct reading *reading, struct fields *board) {
    const struct yaml_node *bootloader = field(board, "bootloader"), *binary = NULL;
    for (size_t i = 0; bootloader != NULL && bootloader->kind == YAML_KIND_MAPPING && i < bootloader->count;
         i++)
        if (strcmp(bootloader->pairs[i].key->text, "binary") == 0)
            binary = bootloader->pairs[i].value;
    const char *wish = reading->wishes.bootloader;
    char *path = wish != NULL ? memory_text(wish) : binary != NULL ? find_file(reading, binary) : NULL;
    if (path == NULL)
        return;
    struct error error = {0};
    if (!file_read(path, FILE_SIZE_MAX, &reading->scenario->bootloader, &error))
        diagnostic_add(reading->diagnostics, "E0302", mark_of(binary), "%s", error.message);
    else
        check_file(reading, mark_of(binary));
    free(path);
}

static void check_fit(struct reading *reading, struct source_mark mark) {
    const struct board_config *config = &reading->scenario->board;
    uint32_t room = config->app.partition_table_offset - config->target->bootloader_offset;
    const struct chip_target *target = bootloader_file_target(reading);
    if (target != config->target) {
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0313", mark, "this bootloader is for the %s",
                                       target->title),
                        "write `target: %s`, or name the bootloader of the %s", target->name,
                        config->target->title);
        return;
    }
    if (reading->scenario->bootloader.length > room)
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0303", mark,
                           "the bootloader has %zu bytes, up to the partition table there are %u",
                           reading->scenario->bootloader.length, room),
            "does the project have its table elsewhere (CONFIG_PARTITION_TABLE_OFFSET)? Then write "
            "`partition_table_offset`");
}

// ---- our own ------------------------------------------------------------------------------------

// Its release and options; what is not said here it shares with the app.
static void read_own(struct reading *reading, struct fields *fields) {
    struct firmware_build *build = &reading->scenario->board.bootloader;
    const struct yaml_node *release = field(fields, "release");
    const struct release_profile *profile = release == NULL ? NULL : find_release(reading, release);
    if (profile != NULL) {
        build->profile = profile;
        reading->scenario->bootloader_release_set = true;
    }
    read_build_options(reading, fields, build);
    if (field_u32(fields, "flash_size", BOOTLOADER_FLASH_SIZE_MIN, BOOTLOADER_FLASH_SIZE_MAX,
                  &reading->scenario->bootloader_flash_size))
        reading->scenario->board.boot = rom_boot;
}

// ---- its ROM ------------------------------------------------------------------------------------

static void read_rom(struct reading *reading, const struct yaml_node *rom) {
    const char *wish = reading->wishes.rom;
    char *path = wish != NULL ? memory_text(wish) : rom != NULL ? find_file(reading, rom) : NULL;
    if (path == NULL)
        return;
    struct error error = {0};
    struct buffer *file = memory_zeroed(1, sizeof *file);
    reading->scenario->rom = file;
    if (!file_read(path, ROM_SIZE_MAX, file, &error))
        diagnostic_add(reading->diagnostics, "E0302", mark_of(rom), "%s", error.message);
    else if (!machine_takes_rom(reading->scenario->board.target, file, &error))
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0313", mark_of(rom), "%s", error.message),
                        "the ROMs are published as ELF files (esp-rom-elfs; `resources/roms/` of espflash)");
    reading->scenario->board.mask_rom = file;
    free(path);
}

// ---- its names and lines ------------------------------------------------------------------------

static void read_elf(struct reading *reading, const struct yaml_node *elf) {
    const char *wish = reading->wishes.elf;
    char *path = wish != NULL ? memory_text(wish) : elf != NULL ? find_file(reading, elf) : NULL;
    if (path == NULL)
        return;
    struct error error = {0};
    if (!symbols_file_is_one(path, &error))
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0313", mark_of(elf), "%s", error.message),
                        "idf.py build leaves it in build/bootloader/bootloader.elf");
    reading->scenario->bootloader_elf = path;
    reading->scenario->board.boot_elf = path;
}

// ---- the user's own code ------------------------------------------------------------------------

// What stands for it in flash: ROM has to find it whole.
static void read_guest_bootloader(struct reading *reading, const struct yaml_node *node) {
    struct scenario *scenario = reading->scenario;
    struct guest_file *file = read_guest(reading, node);
    scenario->bootloader_flash_size = scenario->board.chip.size;
    scenario->board.boot = guests_bootloader;
    if (file == NULL)
        return;
    if (file->bootloader_main == 0)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0320", node->mark, "%s has no bootloader_main",
                                       file->name),
                        "it is an app: images: {new: {app: %s}}", node->text);
    scenario->guests->bootloader = file;
}

// ---- options ------------------------------------------------------------------------------------

// A key or an option of the command line that says more of a file which is not there.
static void refuse_lonely(struct reading *reading, const struct yaml_node *node, const char *wish,
                          const char *name, const char *help) {
    if (node != NULL || wish != NULL)
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0314", mark_of(node), "`%s` without `binary`", name), "%s",
            help);
}

// Keys beside `main`, of which `allowed` say more: fields_close would call the others unknown, which they are not.
static void refuse_options(struct fields *fields, const char *main, const char *const *allowed) {
    for (size_t i = 0; i < fields->node->count; i++) {
        const struct yaml_node *key = fields->node->pairs[i].key;
        bool fine = strcmp(key->text, main) == 0;
        for (size_t k = 0; allowed[k] != NULL; k++)
            fine = fine || strcmp(key->text, allowed[k]) == 0;
        if (fine)
            continue;
        (void)field(fields, key->text);
        diagnostic_help(
            diagnostic_add(fields->diagnostics, "E0314", key->mark, "`%s` beside `%s`", key->text, main),
            "such a bootloader was built with its options; those of the app stand in `config`");
    }
}

static const char *const no_keys[] = {NULL}, *const binary_keys[] = {"rom", "elf", NULL};

void read_bootloader(struct reading *reading, struct fields *board) {
    struct board_config *config = &reading->scenario->board;
    const struct yaml_node *node = field(board, "bootloader"), *binary = NULL, *rom = NULL, *elf = NULL,
                           *guest = NULL;
    config->boot = bootloader_boot;
    struct fields fields;
    if (node != NULL && fields_open(&fields, reading->diagnostics, node, "`bootloader`")) {
        binary = field(&fields, "binary");
        rom = field(&fields, "rom");
        elf = field(&fields, "elf");
        guest = field(&fields, "guest");
        if (binary != NULL)
            refuse_options(&fields, "binary", binary_keys);
        else if (guest != NULL)
            refuse_options(&fields, "guest", no_keys);
        else
            read_own(reading, &fields);
        if (guest != NULL && reading->scenario->bootloader.length == 0)
            read_guest_bootloader(reading, guest);
        fields_close(&fields);
    }
    if (reading->scenario->bootloader.length == 0) {
        refuse_lonely(reading, rom, reading->wishes.rom, "rom",
                      "the genuine ROM loads a genuine bootloader: name its file");
        refuse_lonely(reading, elf, reading->wishes.elf, "elf",
                      "it names the places of a genuine bootloader: name its file");
        return;
    }
    config->boot = machine_bootloader;
    reading->scenario->bootloader_flash_size = 0; // the file brings its own
    config->bootloader = config->app;             // as far as it is known: what its promises are judged by
    check_fit(reading, mark_of(binary));
    read_rom(reading, rom);
    read_elf(reading, elf);
}
