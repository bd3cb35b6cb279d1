#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ota/app_image.h"
#include "ota/bootloader.h"
#include "ota/otadata.h"
#include "recipe.h"

#define APP_TYPE                 0x00
#define DATA_TYPE                0x01
#define OTADATA_SUBTYPE          0x00
#define OTADATA_SECOND           0x1000u     // where the second entry lies (OD-1)
#define RECORDED_LOADER_DATA_END 0x3FFF6000u // section 5 of the vectors' description
#define WRITE_SHOWN_MAX          64u         // longer ones are recorded by their CRC-32

static const struct {
    const char *name;
    bool rollback, anti_rollback;
    uint8_t secure_version_bits;
} configs[CONFIGS] = {
    [CONFIG_NO_ROLLBACK] = {"norb", false, false, 32},
    [CONFIG_ROLLBACK] = {"rb", true, false, 32},
    [CONFIG_ANTI_ROLLBACK_32] = {"ar32", true, true, 32},
    [CONFIG_ANTI_ROLLBACK_4] = {"ar4", true, true, 4},
};

// ---- made once ----------------------------------------------------------------------------------

// The console is the only witness of a refused request.
static void hear_refusal(void *context, enum port_log_level level, const char *tag, const char *line) {
    (void)tag;
    struct refused_request request = {.pending = true};
    char what[8];
    if (level != PORT_LOG_ERROR ||
        sscanf(line, "refused: %7s at 0x%x, 0x%x bytes", what, &request.address, &request.length) != 3)
        return;
    request.erase = strcmp(what, "erase") == 0;
    ((struct machine *)context)->refused = request;
}

// The recordings stop right before the mapping: an app without its mapped segments is among what they start.
static void choose(void) {
    struct app_image image;
    bootloader_choose(&image);
}

void machine_init(struct machine *machine, const struct release_profile *profile) {
    *machine = (struct machine){0};
    const struct chip_target *target = chip_target_find("esp32");
    for (int i = 0; i < CONFIGS; i++) {
        struct firmware_build build = firmware_build_default(profile, target);
        build.partition_table_offset = MACHINE_TABLE_OFFSET;
        build.rollback = configs[i].rollback;
        build.anti_rollback = configs[i].anti_rollback;
        build.secure_version_bits = configs[i].secure_version_bits;
        build.loader_data_end = RECORDED_LOADER_DATA_END;
        struct board_config config = {.target = target, .bootloader = build, .app = build, .boot = choose};
        if (!nor_chip_custom(MACHINE_FLASH_SIZE, &config.chip))
            abort(); // 4 MiB is a size that chips have
        machine->boards[i] = board_new(&config);
        board_listen(machine->boards[i], hear_refusal, machine);
    }
    machine->board = machine->boards[0];
    board_save(machine->board, &machine->blank);
}

void machine_clear(struct machine *machine) {
    nv_state_free(&machine->blank);
    for (int i = 0; i < CONFIGS; i++)
        board_free(machine->boards[i]);
}

// ---- loading ------------------------------------------------------------------------------------

void machine_load(struct machine *machine, enum machine_config config, const struct flash *flash,
                  uint32_t efuse) {
    struct nv_state state;
    nv_state_copy(&state, &machine->blank);
    flash_free(&state.flash);
    flash_copy(&state.flash, flash);
    state.efuse[PORT_EFUSE_SECURE_VERSION] = efuse;
    machine->board = machine->boards[config];
    machine->refused.pending = false;
    board_load(machine->board, &state);
    nv_state_free(&state);
}

static bool find_config(struct vector *vector, enum machine_config *config) {
    const char *name = vector_text(vector, vector->json, "cfg");
    for (int i = 0; name != NULL && i < CONFIGS; i++) {
        if (strcmp(name, configs[i].name) == 0) {
            *config = (enum machine_config)i;
            return true;
        }
    }
    return vector_malformed(vector, "`cfg` must be norb, rb, ar32 or ar4");
}

static void list_partitions(struct machine *machine, const struct buffer *table) {
    machine->partition_count = 0;
    machine->otadata = NULL;
    for (size_t at = 0; at + PARTITION_ROW_SIZE <= table->length; at += PARTITION_ROW_SIZE) {
        if (machine->partition_count == PARTITION_TABLE_ROWS_MAX)
            return;
        struct machine_partition *partition = &machine->partitions[machine->partition_count];
        *partition = (struct machine_partition){0};
        partition_row_decode(table->bytes + at, &partition->row);
        if (partition->row.magic != PARTITION_ROW_MAGIC)
            continue;
        machine->partition_count++;
        if (partition->row.type == DATA_TYPE && partition->row.subtype == OTADATA_SUBTYPE &&
            machine->otadata == NULL)
            machine->otadata = &partition->row;
    }
}

static const struct partition_row *find_partition(const struct machine *machine, const char *label) {
    for (size_t i = 0; i < machine->partition_count; i++)
        if (strcmp(machine->partitions[i].row.label, label) == 0)
            return &machine->partitions[i].row;
    return NULL;
}

static bool in_flash(uint64_t address, uint64_t length) {
    return address + length <= MACHINE_FLASH_SIZE;
}

static bool load_table(struct machine *machine, struct vector *vector, struct flash *flash) {
    struct buffer table = {0};
    bool fine = vector_hex(vector, vector->json, "pt", &table);
    if (fine && table.length > MACHINE_TABLE_MAX)
        fine = vector_malformed(vector, "`pt` is longer than a sector");
    if (fine) {
        flash_set(flash, MACHINE_TABLE_OFFSET, table.bytes, (uint32_t)table.length);
        list_partitions(machine, &table);
    }
    buffer_free(&table);
    return fine;
}

static bool load_otadata(const struct machine *machine, struct vector *vector, struct flash *flash) {
    const json_t *entries = vector_array(vector, vector->json, "ota");
    if (entries == NULL || json_array_size(entries) == 0)
        return entries != NULL;
    if (json_array_size(entries) != 2 || machine->otadata == NULL ||
        !in_flash(machine->otadata->offset, OTADATA_SIZE))
        return vector_malformed(vector, "`ota` must hold two entries, and the table a place for them");
    for (uint32_t i = 0; i < 2; i++) {
        struct buffer entry = {0};
        bool fine = vector_hex_value(vector, json_array_get(entries, i), "ota", &entry);
        if (fine && entry.length == OTADATA_ENTRY_SIZE)
            flash_set(flash, machine->otadata->offset + i * OTADATA_SECOND, entry.bytes, OTADATA_ENTRY_SIZE);
        else
            fine = vector_malformed(vector, "an entry of `ota` must have 32 bytes");
        buffer_free(&entry);
        if (!fine)
            return false;
    }
    return true;
}

static bool load_images(const struct machine *machine, struct vector *vector, struct flash *flash) {
    const json_t *images = vector_object(vector, vector->json, "img");
    const char *label;
    json_t *recipe;
    json_object_foreach ((json_t *)(uintptr_t)images, label, recipe) {
        const struct partition_row *partition = find_partition(machine, label);
        if (partition == NULL)
            return vector_malformed(vector, "`img`: there is no partition %s", label);
        if (json_is_null(recipe))
            continue;
        struct buffer image = {0};
        bool fine = recipe_build(vector, recipe, &recipe_defaults_esp32, &image);
        if (fine && !in_flash(partition->offset, image.length))
            fine = vector_malformed(vector, "`img`: the image of %s ends beyond the flash", label);
        if (fine)
            flash_set(flash, partition->offset, image.bytes, (uint32_t)image.length);
        buffer_free(&image);
        if (!fine)
            return false;
    }
    return images != NULL;
}

bool machine_load_vector(struct machine *machine, struct vector *vector) {
    enum machine_config config = CONFIG_NO_ROLLBACK;
    uint32_t efuse = vector_number(vector, vector->json, "ef");
    struct flash flash;
    flash_init(&flash, MACHINE_FLASH_SIZE);
    bool fine = find_config(vector, &config) && load_table(machine, vector, &flash) &&
                load_otadata(machine, vector, &flash) && load_images(machine, vector, &flash) &&
                vector->problem.length == 0;
    if (fine)
        machine_load(machine, config, &flash, efuse);
    flash_free(&flash);
    return fine;
}

// ---- what happened ------------------------------------------------------------------------------

// A refused write of no bytes touches the partition it points at.
static void touch(struct machine *machine, uint32_t address, uint32_t length) {
    length = length == 0 ? 1 : length;
    for (size_t i = 0; i < machine->partition_count; i++) {
        struct machine_partition *partition = &machine->partitions[i];
        uint64_t end = (uint64_t)partition->row.offset + partition->row.size;
        if (address < end && (uint64_t)address + length > partition->row.offset)
            partition->touched = true;
    }
}

static json_t *program_json(const struct journal *journal, const struct journal_entry *entry,
                            uint32_t length) {
    const uint8_t *data = journal->data.bytes + entry->data;
    if (length <= WRITE_SHOWN_MAX)
        return json_pack("[s,I,o]", "write", (json_int_t)entry->address, json_hex(data, length));
    return json_pack("[s,I,I,o]", "write", (json_int_t)entry->address, (json_int_t)length,
                     json_crc(data, length));
}

// A driver request that a fault split into several entries is one element; their bytes lie one after another.
static json_t *request_json(const struct journal *journal, size_t *index, uint32_t *length) {
    const struct journal_entry *entry = &journal->entries[*index];
    *length = entry->length;
    while (*index + 1 < journal->count && journal->entries[*index + 1].continues)
        *length += journal->entries[++*index].length;
    switch (entry->kind) {
    case JOURNAL_PROGRAM:
        return program_json(journal, entry, *length);
    case JOURNAL_ERASE:
        return json_pack("[s,I,I]", "erase", (json_int_t)entry->address, (json_int_t)*length);
    default:
        return json_pack("[s,I]", "efuse", (json_int_t)entry->length);
    }
}

// The data of a refused write are not known. Only one of no bytes is ever recorded: update functions check
// the rest themselves.
static json_t *refused_json(const struct refused_request *request) {
    if (request->erase)
        return json_pack("[s,I,I]", "erase", (json_int_t)request->address, (json_int_t)request->length);
    return json_pack("[s,I,s]", "write", (json_int_t)request->address,
                     request->length == 0 ? "" : "(refused)");
}

json_t *machine_take_operations(struct machine *machine) {
    const struct journal *journal = board_journal(machine->board);
    json_t *operations = json_array();
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        uint32_t length;
        (void)json_array_append_new(operations, request_json(journal, &i, &length));
        if (entry->kind != JOURNAL_EFUSE)
            touch(machine, entry->address, length);
    }
    if (machine->refused.pending) {
        machine->refused.pending = false;
        (void)json_array_append_new(operations, refused_json(&machine->refused));
        touch(machine, machine->refused.address, machine->refused.length);
    }
    board_journal_clear(machine->board);
    return operations;
}

static json_t *running_label(const struct machine *machine) {
    uint32_t address = board_ram(machine->board)->running_address;
    for (size_t i = 0; i < machine->partition_count; i++) {
        const struct partition_row *row = &machine->partitions[i].row;
        if (row->type == APP_TYPE && row->offset == address)
            return json_string(row->label);
    }
    return json_null();
}

json_t *machine_start(struct machine *machine, enum port_reset_reason reason, bool *booted) {
    enum board_end end = board_boot(machine->board, reason, NULL);
    *booted = end == BOARD_RETURNED;
    const char *name = *booted ? "booted" : end == BOARD_RESTARTED ? "reset" : "crash";
    return json_pack("{s:o,s:s,s:o}", "boot", *booted ? running_label(machine) : json_null(), "end", name,
                     "ops", machine_take_operations(machine));
}

json_t *machine_otadata(struct machine *machine) {
    json_t *entries = json_array();
    for (uint32_t i = 0; machine->otadata != NULL && i < 2; i++) {
        uint8_t entry[OTADATA_ENTRY_SIZE];
        flash_read(board_flash(machine->board), machine->otadata->offset + i * OTADATA_SECOND, entry,
                   sizeof entry);
        (void)json_array_append_new(entries, json_hex(entry, sizeof entry));
    }
    return entries;
}

json_t *machine_efuse(struct machine *machine) {
    return json_integer(board_efuse(machine->board, PORT_EFUSE_SECURE_VERSION));
}

json_t *machine_touched(struct machine *machine) {
    json_t *crcs = json_object();
    for (size_t i = 0; i < machine->partition_count; i++) {
        const struct partition_row *row = &machine->partitions[i].row;
        if (!machine->partitions[i].touched || !in_flash(row->offset, row->size))
            continue;
        uint8_t *contents = memory_new(row->size);
        flash_read(board_flash(machine->board), row->offset, contents, row->size);
        (void)json_object_set_new(crcs, row->label, json_crc(contents, row->size));
        free(contents);
    }
    return crcs;
}

void machine_forget_touched(struct machine *machine) {
    for (size_t i = 0; i < machine->partition_count; i++)
        machine->partitions[i].touched = false;
}
