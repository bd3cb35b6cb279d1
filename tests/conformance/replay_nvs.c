// nvs: calls of the key-value store on a partition of its own, with power cuts and damage in between (section
// 8 of the vectors' description).
//
// A cut is made the way the explorer makes it: the call runs to its end, and what the flash holds at the cut
// follows from its operations up to there.
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "nvs_call.h"
#include "ota/md5.h"
#include "recipe.h"
#include "replay.h"

#define NVS_ADDRESS 0x9000u
#define NVS_SECTORS 64u // at most
#define APP_ADDRESS 0x80000u
#define APP_SIZE    0x10000u
#define READONLY    2u // flag of a table row

#define PROGRAM_SHOWN_MAX    64u // longer ones are recorded by their CRC-32
#define OPERATIONS_SHOWN_MAX 40u // of more only the first and the last three are listed
#define OPERATIONS_AT_ENDS   3u

// A flash operation as vectors count them: a program as requested, or an erase of one sector.
struct operation {
    bool erase, partial; // partial: only the first `length` bytes of it happened
    uint32_t address;    // in the partition
    uint32_t length;
    const uint8_t *data; // of a program
};

struct session {
    struct machine *machine;
    struct vector *vector;
    struct nvs_application application;
    uint32_t sectors;
    bool readonly, running, cut_armed;
    uint32_t cut_operation, cut_bytes; // of those still to come
    struct operation *operations;
    size_t count, capacity;
};

// ---- the board ----------------------------------------------------------------------------------

static void write_table(struct session *session) {
    const struct partition_row rows[] = {
        {PARTITION_ROW_MAGIC, 1, 0x02, NVS_ADDRESS, session->sectors * NOR_SECTOR_SIZE, "nvs",
         session->readonly ? READONLY : 0},
        {PARTITION_ROW_MAGIC, 0, 0x00, APP_ADDRESS, APP_SIZE, "factory", 0},
    };
    uint8_t table[PARTITION_TABLE_SIZE];
    uint32_t used = 0;
    memset(table, 0xFF, sizeof table);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, used += PARTITION_ROW_SIZE)
        partition_row_encode(&rows[i], table + used);
    table[used] = table[used + 1] = 0xEB;
    md5(table, used, table + used + MD5_SIZE);
    flash_set(board_flash(session->machine->board), MACHINE_TABLE_OFFSET, table, sizeof table);
}

static bool load(struct session *session) {
    struct flash flash;
    struct buffer image = {0};
    json_t *recipe = json_object();
    flash_init(&flash, MACHINE_FLASH_SIZE);
    bool fine = recipe_build(session->vector, recipe, &recipe_defaults_esp32, &image);
    if (fine)
        flash_set(&flash, APP_ADDRESS, image.bytes, (uint32_t)image.length);
    machine_load(session->machine, CONFIG_NO_ROLLBACK, &flash, 0);
    write_table(session);
    json_decref(recipe);
    buffer_free(&image);
    flash_free(&flash);
    return fine;
}

static bool power_on(struct session *session) {
    bool booted = true;
    if (!session->running) {
        json_decref(machine_start(session->machine, PORT_RESET_POWER_ON, &booted));
        memset(&session->application, 0, sizeof session->application);
    }
    session->running = booted;
    return booted || vector_malformed(session->vector, "the board does not boot");
}

// ---- operations ---------------------------------------------------------------------------------

static void add(struct session *session, struct operation operation) {
    if (session->count == session->capacity) {
        session->capacity = session->capacity == 0 ? 64 : 2 * session->capacity;
        session->operations =
            memory_resize(session->operations, session->capacity * sizeof *session->operations);
    }
    session->operations[session->count++] = operation;
}

static void take_operations(struct session *session) {
    const struct journal *journal = board_journal(session->machine->board);
    session->count = 0;
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        uint32_t at = entry->address - NVS_ADDRESS;
        if (entry->kind == JOURNAL_PROGRAM)
            add(session, (struct operation){.address = at,
                                            .length = entry->length,
                                            .data = journal->data.bytes + entry->data});
        for (uint32_t done = 0; entry->kind == JOURNAL_ERASE && done < entry->length; done += NOR_SECTOR_SIZE)
            add(session, (struct operation){.erase = true, .address = at + done, .length = NOR_SECTOR_SIZE});
    }
}

static json_t *operation_json(const struct operation *operation) {
    if (operation->erase && operation->partial)
        return json_pack("[s,I,I]", "e", (json_int_t)operation->address, (json_int_t)operation->length);
    if (operation->erase)
        return json_pack("[s,I]", "e", (json_int_t)operation->address);
    if (operation->length > PROGRAM_SHOWN_MAX)
        return json_pack("[s,I,I,I]", "p", (json_int_t)operation->address, (json_int_t)operation->length,
                         (json_int_t)crc32_z(0, operation->data, operation->length));
    return json_pack("[s,I,o]", "p", (json_int_t)operation->address,
                     json_hex(operation->data, operation->length));
}

static uint32_t crc_of_number(uint32_t crc, uint32_t number) {
    const uint8_t bytes[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 24)};
    return (uint32_t)crc32_z(crc, bytes, sizeof bytes);
}

static uint32_t crc_of_operations(const struct session *session) {
    uint32_t crc = 0;
    for (size_t i = 0; i < session->count; i++) {
        const struct operation *operation = &session->operations[i];
        const char letter = !operation->erase ? 'p' : operation->partial ? 'c' : 'e';
        crc = crc_of_number((uint32_t)crc32_z(crc, (const uint8_t *)&letter, 1), operation->address);
        if (letter != 'e')
            crc = crc_of_number(crc, operation->length);
        if (letter == 'p')
            crc = (uint32_t)crc32_z(crc, operation->data, operation->length);
    }
    return crc;
}

// Compares with a step's `ops`, `nops` and `opscrc`.
static bool expect_operations(struct session *session, size_t index, const json_t *step) {
    struct vector *vector = session->vector;
    const json_t *nops = json_object_get(step, "nops");
    json_t *operations = session->count > 0 ? json_array() : NULL;
    for (size_t i = 0; i < session->count; i++) {
        bool listed = nops == NULL || i < OPERATIONS_AT_ENDS || i >= session->count - OPERATIONS_AT_ENDS;
        if (nops != NULL && i == OPERATIONS_AT_ENDS)
            (void)json_array_append_new(operations, json_pack("[s]", "..."));
        if (listed)
            (void)json_array_append_new(operations, operation_json(&session->operations[i]));
    }
    bool equal = vector_expect(vector, json_object_get(step, "ops"), operations, "step %zu: ops", index);
    if (!equal || nops == NULL)
        return equal;
    return vector_expect(vector, nops, json_integer((json_int_t)session->count), "step %zu: nops", index) &&
           vector_expect(vector, json_object_get(step, "opscrc"),
                         json_integer((json_int_t)crc_of_operations(session)), "step %zu: opscrc", index);
}

// ---- cuts ---------------------------------------------------------------------------------------

// Shortens the operations to what happened before the power went.
static void cut_operations(struct session *session) {
    struct operation *last = &session->operations[session->cut_operation];
    session->count = session->cut_operation;
    if (session->cut_bytes >= last->length) {
        session->count++;
    } else if (session->cut_bytes > 0) {
        last->partial = true;
        last->length = session->cut_bytes;
        session->count++;
    }
}

static void apply(struct flash *flash, const struct operation *operation) {
    uint32_t address = NVS_ADDRESS + operation->address;
    uint8_t erased[NOR_SECTOR_SIZE];
    if (!operation->erase) {
        flash_program(flash, address, operation->data, operation->length);
        return;
    }
    memset(erased, 0xFF, sizeof erased);
    flash_set(flash, address, erased, operation->length);
}

// The flash before the call, with the operations that came before the cut.
static void cut_power(struct session *session, const struct flash *before) {
    struct flash *flash = board_flash(session->machine->board);
    cut_operations(session);
    flash_free(flash);
    flash_copy(flash, before);
    for (size_t i = 0; i < session->count; i++)
        apply(flash, &session->operations[i]);
    session->running = false;
    session->cut_armed = false;
}

// ---- steps --------------------------------------------------------------------------------------

// A step with the power off, or one that is none of the library's.
static bool board_step(struct session *session, const char *name, const json_t *call) {
    struct vector *vector = session->vector;
    if (strcmp(name, "boot") == 0) {
        session->running = session->cut_armed = false;
        return true;
    }
    if (strcmp(name, "cut") == 0) {
        session->cut_armed = true;
        session->cut_operation = vector_number_value(vector, json_array_get(call, 1), name);
        session->cut_bytes = vector_number_value(vector, json_array_get(call, 2), name);
    } else if (strcmp(name, "ro") == 0) {
        session->readonly = vector_number_value(vector, json_array_get(call, 1), name) != 0;
        write_table(session);
    } else {
        return false;
    }
    return true;
}

static void change_bytes(struct flash *flash, char how, uint32_t address, const struct buffer *bytes) {
    for (size_t i = 0; i < bytes->length; i++) {
        uint8_t byte;
        flash_read(flash, address + (uint32_t)i, &byte, 1);
        byte = how == 'x' ? byte ^ bytes->bytes[i] : how == 'a' ? byte & bytes->bytes[i] : bytes->bytes[i];
        flash_set(flash, address + (uint32_t)i, &byte, 1);
    }
}

static bool copy_sector(struct session *session, uint32_t to, uint32_t from, bool blank) {
    struct flash *flash = board_flash(session->machine->board);
    uint8_t sector[NOR_SECTOR_SIZE];
    if (to >= session->sectors || from >= session->sectors)
        return vector_malformed(session->vector, "a sector beyond the partition");
    memset(sector, 0xFF, sizeof sector);
    if (!blank)
        flash_read(flash, NVS_ADDRESS + from * NOR_SECTOR_SIZE, sector, sizeof sector);
    flash_set(flash, NVS_ADDRESS + to * NOR_SECTOR_SIZE, sector, sizeof sector);
    return true;
}

// Damage done from outside. *known false: the step is something else.
static bool damage_step(struct session *session, const char *name, const json_t *call, bool *known) {
    struct vector *vector = session->vector;
    *known = true;
    if (strcmp(name, "copy") == 0)
        return copy_sector(session, vector_number_value(vector, json_array_get(call, 1), name),
                           vector_number_value(vector, json_array_get(call, 2), name), false);
    if (strcmp(name, "blank") == 0)
        return copy_sector(session, vector_number_value(vector, json_array_get(call, 1), name), 0, true);
    if (strcmp(name, "xor") != 0 && strcmp(name, "and") != 0 && strcmp(name, "poke") != 0) {
        *known = false;
        return true;
    }
    uint32_t address = vector_number_value(vector, json_array_get(call, 1), name);
    struct buffer bytes = {0};
    bool fine = vector_hex_value(vector, json_array_get(call, 2), name, &bytes);
    if (fine && (uint64_t)address + bytes.length > session->sectors * NOR_SECTOR_SIZE)
        fine = vector_malformed(vector, "damage beyond the partition");
    if (fine)
        change_bytes(board_flash(session->machine->board), name[0], NVS_ADDRESS + address, &bytes);
    buffer_free(&bytes);
    return fine;
}

static bool call_step(struct session *session, size_t index, const json_t *step, const json_t *call) {
    struct vector *vector = session->vector;
    struct flash before;
    const char *result;
    json_t *out = NULL;
    if (!power_on(session))
        return false;
    flash_copy(&before, board_flash(session->machine->board));
    board_journal_clear(session->machine->board);
    bool fine = nvs_call(session->machine->board, vector, &session->application, call, &result, &out);
    take_operations(session);
    if (fine && session->cut_armed && session->cut_operation < session->count) {
        cut_power(session, &before);
        result = "CUT";
        json_decref(out);
        out = NULL;
    } else if (session->cut_armed) {
        session->cut_operation -= (uint32_t)session->count;
    }
    flash_free(&before);
    if (!fine) {
        json_decref(out);
        return false;
    }
    fine = vector_expect(vector, json_object_get(step, "r"), json_string(result), "step %zu: r", index);
    fine = vector_expect(vector, json_object_get(step, "out"), out, "step %zu: out", index) && fine;
    return expect_operations(session, index, step) && fine;
}

static bool replay_step(struct session *session, size_t index, const json_t *step) {
    const json_t *call = vector_array(session->vector, step, "call");
    const char *name = json_string_value(json_array_get(call, 0));
    if (name == NULL)
        return vector_malformed(session->vector, "a step without a call");
    bool known;
    if (board_step(session, name, call))
        return session->vector->problem.length == 0;
    if (!damage_step(session, name, call, &known) || known)
        return session->vector->problem.length == 0;
    return call_step(session, index, step, call);
}

// ---- the end ------------------------------------------------------------------------------------

static void expect_contents(struct session *session) {
    uint32_t size = session->sectors * NOR_SECTOR_SIZE;
    uint8_t *bytes = memory_new(size + 1), sha256[32];
    json_t *sectors = json_array();
    flash_read(board_flash(session->machine->board), NVS_ADDRESS, bytes, size);
    (void)EVP_Digest(bytes, size, sha256, NULL, EVP_sha256(), NULL);
    for (uint32_t i = 0; i < session->sectors; i++)
        (void)json_array_append_new(
            sectors, json_integer((json_int_t)crc32_z(0, bytes + i * NOR_SECTOR_SIZE, NOR_SECTOR_SIZE)));
    const struct vector *vector = session->vector;
    (void)vector_expect(session->vector, json_object_get(vector->json, "sec"), sectors, "sec");
    (void)vector_expect(session->vector, json_object_get(vector->json, "flash"),
                        json_hex(sha256, sizeof sha256), "flash");
    free(bytes);
}

void replay_nvs(struct replay *replay, struct vector *vector) {
    struct session session = {.machine = &replay->machine, .vector = vector};
    const json_t *steps = vector_array(vector, vector->json, "steps");
    session.sectors = vector_number(vector, vector->json, "size");
    if (session.sectors == 0 || session.sectors > NVS_SECTORS) {
        (void)vector_malformed(vector, "`size` must be 1 to %u sectors", NVS_SECTORS);
        return;
    }
    size_t index;
    json_t *step;
    bool fine = steps != NULL && load(&session);
    json_array_foreach (steps, index, step)
        fine = fine && replay_step(&session, index, step);
    if (fine)
        expect_contents(&session);
    free(session.operations);
}
