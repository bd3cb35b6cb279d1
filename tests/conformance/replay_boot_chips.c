// boot-chips: several boots in a row of a genuine bootloader, mapping included (section 9).
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "replay.h"

#define BOOTS_MAX   64
#define SECTOR      0x1000u
#define ENTRY_SIZE  32u
#define SHA256_SIZE 32u

// ---- what happened ------------------------------------------------------------------------------

static json_t *operations(struct board *board) {
    const struct journal *journal = board_journal(board);
    json_t *list = json_array();
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_ERASE)
            (void)json_array_append_new(list, json_pack("[s,I]", "e", (json_int_t)entry->address));
        else if (entry->kind == JOURNAL_PROGRAM)
            (void)json_array_append_new(
                list, json_pack("[s,I,o]", "p", (json_int_t)entry->address,
                                json_hex(journal->data.bytes + entry->data, entry->length)));
        else
            (void)json_array_append_new(list, json_pack("[s,I]", "f", (json_int_t)entry->length));
    }
    board_journal_clear(board);
    return list;
}

// `abort`, `exc` and `hang` are one to the device: no app runs, and the watchdog resets it. Which of them is
// only told apart where the bootloader had chosen: `abort` with `at`.
static json_t *expected_boot(const json_t *recorded) {
    json_t *expected = json_deep_copy(recorded);
    const char *end = json_string_value(json_object_get(recorded, "end"));
    if (end != NULL && strcmp(end, "app") != 0 && strcmp(end, "reset") != 0) {
        (void)json_object_set_new(expected, "end", json_string("watchdog"));
        (void)json_object_del(expected, "at");
    }
    if (json_object_get(expected, "ops") == NULL)
        (void)json_object_set_new(expected, "ops", json_array());
    return expected;
}

static enum board_end boot_once(struct vector *vector, struct board *board, enum port_reset_reason reason,
                                const json_t *recorded, size_t number) {
    const char *why = "";
    enum board_end end = board_boot(board, reason, &why);
    const char *name = end == BOARD_RETURNED       ? "app"
                       : end == BOARD_RESTARTED    ? "reset"
                       : end == BOARD_NOT_MODELLED ? "not modelled"
                                                   : "watchdog";
    json_t *got = json_pack("{s:s,s:o}", "end", name, "ops", operations(board));
    if (end == BOARD_RETURNED)
        (void)json_object_set_new(got, "at", json_integer(board_ram(board)->running_address));
    json_t *expected = expected_boot(recorded);
    if (!json_equal(json_object_get(expected, "end"), json_object_get(got, "end")))
        (void)json_object_set_new(got, "because", json_string(why));
    (void)vector_expect(vector, expected, got, "boot %zu", number + 1);
    json_decref(expected);
    return end;
}

static json_t *final_state(struct board *board, struct vector *vector, const json_t *recorded) {
    uint32_t length = CHIP_MACHINE_FLASH_SIZE - CHIP_MACHINE_TABLE;
    uint8_t digest[SHA256_SIZE], *bytes = memory_new(length);
    flash_read(board_flash(board), CHIP_MACHINE_TABLE, bytes, length);
    (void)EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL);
    json_t *state = json_pack("{s:o}", "sha1", json_hex(digest, sizeof digest));
    if (json_object_get(recorded, "ota") != NULL) {
        uint32_t at = vector_number(vector, vector->json, "oa") - CHIP_MACHINE_TABLE;
        if (at <= length - SECTOR - ENTRY_SIZE)
            (void)json_object_set_new(state, "ota",
                                      json_pack("[o,o]", json_hex(bytes + at, ENTRY_SIZE),
                                                json_hex(bytes + at + SECTOR, ENTRY_SIZE)));
    }
    if (json_object_get(recorded, "ef") != NULL)
        (void)json_object_set_new(state, "ef", json_integer(board_efuse(board, PORT_EFUSE_SECURE_VERSION)));
    free(bytes);
    return state;
}

void replay_boot_chips(struct replay *replay, struct vector *vector) {
    struct chip_machine_build *build = chip_machine_build(&replay->chips, replay->header, vector);
    const json_t *boots = vector_array(vector, vector->json, "out");
    const json_t *fin = vector_object(vector, vector->json, "fin");
    if (build == NULL || boots == NULL || fin == NULL)
        return;
    if (json_array_size(boots) == 0 || json_array_size(boots) > BOOTS_MAX) {
        (void)vector_malformed(vector, "`out` must hold 1 to %d boots", BOOTS_MAX);
        return;
    }
    if (!chip_machine_load(build, vector))
        return;
    enum port_reset_reason reason = PORT_RESET_POWER_ON;
    for (size_t i = 0; i < json_array_size(boots); i++)
        reason =
            board_reset_reason_after(boot_once(vector, build->board, reason, json_array_get(boots, i), i));
    (void)vector_expect(vector, fin, final_state(build->board, vector, fin), "fin");
}
