#include "chip_machine.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "ota/bootloader.h"
#include "ota/bootloader_header.h"
#include "sim/machine/machine.h"

#define SECTOR              0x1000u
#define ENTRY_MAX           32u
#define PAGE_LOG2           16u // all recorded builds have pages of 64 KiB
#define FLASH_SIZE_CODE_MAX 0xFu
#define IGNORE_CHIP         1u // bits of `ign`
#define IGNORE_BLOCK        2u
#define SHA256_SIZE         32u

// ---- builds -------------------------------------------------------------------------------------

// "v5.5.4", "v5.1 (release branch)", "v6.1-beta1-497-g14f663f003e", "master 102122904ad (v6.2-dev)". A build
// between two tags counts as what its branch has become.
static const struct release_profile *release_of(const char *version) {
    char name[32];
    if (strcmp(version, "v5.1 (release branch)") == 0)
        return release_profile_find("v5.1.6"); // from before block revisions counted there (RL-21)
    size_t length = strcspn(version, " (");
    if (length >= sizeof name)
        return NULL;
    memcpy(name, version, length);
    name[length] = '\0';
    const struct release_profile *exact = release_profile_find(name);
    return exact != NULL ? exact : release_profile_nearest(name);
}

// The bootloader, from its own header on.
static void run_bootloader(void) {
    bootloader_obey_header(port_ram()->target->bootloader_offset);
    bootloader_boot();
}

static uint32_t end_of_range(const json_t *loader, const char *key) {
    return (uint32_t)json_integer_value(json_array_get(json_object_get(loader, key), 1));
}

static bool make_board(struct chip_machine_build *build, const json_t *facts, struct vector *vector) {
    const char *target = json_string_value(json_object_get(facts, "target"));
    const char *version = json_string_value(json_object_get(facts, "version"));
    struct board_config config = {.target = target != NULL ? chip_target_find(target) : NULL,
                                  .boot = build->image != NULL ? machine_bootloader : run_bootloader};
    const struct release_profile *profile = version != NULL ? release_of(version) : NULL;
    if (config.target == NULL || profile == NULL)
        return vector_malformed(vector, "the header does not say target and version of build %s",
                                build->name);
    config.bootloader = firmware_build_default(profile, config.target);
    config.bootloader.rollback = json_is_true(json_object_get(facts, "rollback"));
    config.bootloader.anti_rollback = json_is_true(json_object_get(facts, "anti_rollback"));
    config.bootloader.mmu_page_log2 = PAGE_LOG2;
    config.bootloader.loader_code_end = end_of_range(json_object_get(facts, "loader"), "code");
    config.app = config.bootloader;
    if (!nor_chip_custom(CHIP_MACHINE_FLASH_SIZE, &config.chip))
        abort(); // 4 MiB is a size that chips have
    build->board = board_new(&config);
    board_save(build->board, &build->blank);
    return true;
}

static void read_defaults(struct chip_machine_build *build, const json_t *header) {
    const char *target = board_config(build->board)->target->name;
    const json_t *values = json_object_get(json_object_get(header, "defaults"), target);
    build->revision = (uint32_t)json_integer_value(json_object_get(values, "rev"));
    build->defaults = (struct recipe_defaults){
        .chip_id = (uint16_t)json_integer_value(json_object_get(values, "chip")),
        .max_chip_revision = (uint16_t)json_integer_value(json_object_get(values, "maxrev")),
        .load_address = (uint32_t)json_integer_value(json_object_get(values, "load0")),
        .entry = (uint32_t)json_integer_value(json_object_get(values, "entry"))};
}

bool chip_machine_has(const struct chip_machine *machine, const struct vector *vector) {
    const char *build = json_string_value(json_object_get(vector->json, "build"));
    return machine->binary == NULL || (build != NULL && strcmp(build, machine->binary->build) == 0);
}

struct chip_machine_build *chip_machine_build(struct chip_machine *machine, const json_t *header,
                                              struct vector *vector) {
    const char *name = vector_text(vector, vector->json, "build");
    if (name == NULL)
        return NULL;
    for (size_t i = 0; i < machine->count; i++)
        if (strcmp(machine->builds[i].name, name) == 0)
            return &machine->builds[i];
    const char *key;
    json_t *facts;
    json_object_foreach (json_object_get(header, "builds"), key, facts) {
        if (strcmp(key, name) != 0 || machine->count == CHIP_MACHINE_BUILDS_MAX)
            continue;
        struct chip_machine_build *build = &machine->builds[machine->count];
        *build = (struct chip_machine_build){.name = key};
        if (machine->binary != NULL)
            build->image = &machine->binary->image;
        if (!make_board(build, facts, vector))
            return NULL;
        machine->count++;
        read_defaults(build, header);
        return build;
    }
    (void)vector_malformed(vector, "the header does not know build %s", name);
    return NULL;
}

void chip_machine_free(struct chip_machine *machine) {
    for (size_t i = 0; i < machine->count; i++) {
        nv_state_free(&machine->builds[i].blank);
        board_free(machine->builds[i].board);
    }
    *machine = (struct chip_machine){0};
}

// ---- the flash (section 9.2) --------------------------------------------------------------------

// What lies at or beyond the end of the flash is dropped.
static void put(struct flash *flash, uint32_t address, const struct buffer *bytes) {
    if (address >= CHIP_MACHINE_FLASH_SIZE)
        return;
    size_t room = CHIP_MACHINE_FLASH_SIZE - address;
    flash_set(flash, address, bytes->bytes, (uint32_t)(bytes->length < room ? bytes->length : room));
}

static bool put_hex(struct vector *vector, const json_t *hex, uint32_t address, const char *what,
                    struct flash *flash) {
    struct buffer bytes = {0};
    bool fine = vector_hex_value(vector, hex, what, &bytes);
    if (fine)
        put(flash, address, &bytes);
    buffer_free(&bytes);
    return fine;
}

static bool put_otadata(struct vector *vector, struct flash *flash) {
    const json_t *entries = json_object_get(vector->json, "ota");
    if (entries == NULL)
        return true;
    uint32_t address = vector_number(vector, vector->json, "oa");
    for (size_t i = 0; i < 2; i++)
        if (!put_hex(vector, json_array_get(entries, i), address + (uint32_t)i * SECTOR, "ota", flash))
            return false;
    return true;
}

static bool put_images(const struct chip_machine_build *build, struct vector *vector, struct flash *flash) {
    size_t index;
    json_t *item;
    json_array_foreach (vector_array(vector, vector->json, "img"), index, item) {
        struct buffer image = {0};
        uint32_t address = vector_number_value(vector, json_array_get(item, 0), "img");
        bool fine = recipe_build(vector, json_array_get(item, 1), &build->defaults, &image);
        if (fine)
            put(flash, address, &image);
        buffer_free(&image);
        if (!fine)
            return false;
    }
    return true;
}

static bool put_raw(struct vector *vector, struct flash *flash) {
    size_t index;
    json_t *item;
    json_array_foreach (json_object_get(vector->json, "raw"), index, item) {
        uint32_t address = vector_number_value(vector, json_array_get(item, 0), "raw");
        if (!put_hex(vector, json_array_get(item, 1), address, "raw", flash))
            return false;
    }
    return true;
}

// The bootloader's own header, of which the vector says the flash size; it is not in the recorded flash.
static bool put_header(const struct chip_machine_build *build, struct vector *vector, struct flash *flash) {
    const struct chip_target *target = board_config(build->board)->target;
    uint32_t megabytes = vector_number_or(vector, vector->json, "hfs", 4), code = 0;
    while (code < FLASH_SIZE_CODE_MAX && (1u << code) < megabytes)
        code++;
    esp_image_header_t header = {.magic = ESP_IMAGE_HEADER_MAGIC,
                                 .spi_size = code & FLASH_SIZE_CODE_MAX,
                                 .chip_id = (esp_chip_id_t)target->chip_id,
                                 .min_chip_rev = (uint8_t)target->minimum_revision,
                                 .min_chip_rev_full = target->minimum_revision,
                                 .max_chip_rev_full = UINT16_MAX};
    if (build->image == NULL) {
        flash_set(flash, target->bootloader_offset, &header, sizeof header);
    } else {
        const uint8_t *bytes = build->image->bytes;
        uint8_t size = (uint8_t)((bytes[3] & 0xF) | code << 4);
        flash_set(flash, target->bootloader_offset, bytes, (uint32_t)build->image->length);
        flash_set(flash, target->bootloader_offset + 3, &size, 1);
    }
    return (1u << code) == megabytes || vector_malformed(vector, "`hfs` is no flash size");
}

static bool check_digest(struct vector *vector, const struct flash *flash) {
    uint32_t length = CHIP_MACHINE_FLASH_SIZE - CHIP_MACHINE_TABLE;
    uint8_t digest[SHA256_SIZE], *bytes = memory_new(length);
    flash_read(flash, CHIP_MACHINE_TABLE, bytes, length);
    (void)EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL);
    free(bytes);
    json_t *own = json_hex(digest, sizeof digest);
    bool equal = json_equal(own, json_object_get(vector->json, "sha0")) != 0;
    json_decref(own);
    return equal || vector_malformed(vector, "the flash comes out otherwise than `sha0` says");
}

bool chip_machine_load(struct chip_machine_build *build, struct vector *vector) {
    struct nv_state state;
    nv_state_copy(&state, &build->blank);
    struct flash *flash = &state.flash;
    bool fine = put_hex(vector, json_object_get(vector->json, "pt"), CHIP_MACHINE_TABLE, "pt", flash) &&
                put_otadata(vector, flash) && put_images(build, vector, flash) && put_raw(vector, flash) &&
                put_header(build, vector, flash) && check_digest(vector, flash);
    uint32_t ignored = vector_number_or(vector, vector->json, "ign", 0);
    state.efuse[PORT_EFUSE_CHIP_REVISION] = vector_number_or(vector, vector->json, "rev", build->revision);
    state.efuse[PORT_EFUSE_BLOCK_REVISION] = vector_number_or(vector, vector->json, "blk", 0);
    state.efuse[PORT_EFUSE_IGNORE_MAX_REVISION] = (ignored & IGNORE_CHIP) != 0;
    state.efuse[PORT_EFUSE_IGNORE_BLOCK_REVISION] = (ignored & IGNORE_BLOCK) != 0;
    state.efuse[PORT_EFUSE_SECURE_VERSION] = vector_number_or(vector, vector->json, "ef", 0);
    if (fine && vector->problem.length == 0)
        board_load(build->board, &state);
    nv_state_free(&state);
    return fine && vector->problem.length == 0;
}
