#include "twin.h"

#include <string.h>

#include "../../ota/bootloader.h"
#include "../hw/fault_model.h"
#include "../machine/machine.h"

enum { GENUINE, OURS };

static const char *const names[] = {"the binary", "ota-sim's own"};

struct boot_result {
    enum board_end end;
    uint32_t address;
    const char *why;
};

// What matters of an end: an app, a reset that was asked for, or the watchdog's.
static const char *kind_of(enum board_end end) {
    return end == BOARD_RETURNED ? "starts an app" : end == BOARD_RESTARTED ? "resets the chip" : "is lost";
}

static struct board *new_board(const struct twin_settings *settings, void (*boot)(void), uint32_t size) {
    struct board_config config = {.chip = *nor_chip_find("W25Q32JV"),
                                  .target = settings->target,
                                  .bootloader = settings->build,
                                  .app = settings->build,
                                  .boot = boot};
    config.chip.size = size;
    return board_new(&config);
}

static struct boot_result boot(struct board *board, enum port_reset_reason reason) {
    struct boot_result result = {.why = ""};
    board_journal_clear(board);
    result.end = board_boot(board, reason, &result.why);
    result.address = result.end == BOARD_RETURNED ? board_ram(board)->running_address : 0;
    return result;
}

// Flash operations of the last boot, one a line.
static void describe_operations(const struct board *board, struct buffer *out) {
    struct journal_cursor cursor = {.journal = board_journal(board)};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation)) {
        buffer_printf(out, "    %s 0x%06x",
                      operation.kind == JOURNAL_ERASE     ? "erase"
                      : operation.kind == JOURNAL_PROGRAM ? "program"
                                                          : "burn",
                      (unsigned)operation.address);
        for (uint32_t i = 0; operation.kind == JOURNAL_PROGRAM && i < operation.length; i++)
            buffer_printf(out, " %02x", operation.data[i]);
        buffer_text(out, "\n");
    }
}

static void describe(const struct board *board, int which, const struct boot_result *result,
                     struct buffer *out) {
    buffer_printf(out, "  %s %s", names[which], kind_of(result->end));
    if (result->end == BOARD_RETURNED)
        buffer_printf(out, " at 0x%06x", (unsigned)result->address);
    buffer_printf(out, "%s%s\n", result->why[0] == 0 ? "" : ": ", result->why);
    describe_operations(board, out);
}

static bool same(struct board *const boards[2], const struct boot_result results[2]) {
    struct buffer operations[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++)
        describe_operations(boards[i], &operations[i]);
    bool equal = strcmp(kind_of(results[0].end), kind_of(results[1].end)) == 0 &&
                 results[0].address == results[1].address &&
                 strcmp(buffer_string(&operations[0]), buffer_string(&operations[1])) == 0 &&
                 content_hash_equal(flash_hash(board_flash(boards[0])), flash_hash(board_flash(boards[1]))) &&
                 board_efuse(boards[0], PORT_EFUSE_SECURE_VERSION) ==
                     board_efuse(boards[1], PORT_EFUSE_SECURE_VERSION);
    buffer_free(&operations[0]);
    buffer_free(&operations[1]);
    return equal;
}

static bool compare_boots(const struct twin_settings *settings, struct board *const boards[2],
                          struct twin_count *count, struct buffer *difference) {
    enum port_reset_reason reason = PORT_RESET_POWER_ON;
    for (uint32_t number = 1; number <= settings->boots; number++) {
        struct boot_result results[2];
        for (int i = 0; i < 2; i++)
            results[i] = boot(boards[i], reason);
        count->boots++;
        if (results[GENUINE].end == BOARD_NOT_MODELLED || !same(boards, results)) {
            buffer_printf(difference, "boot %u, %s:\n", (unsigned)number,
                          reason == PORT_RESET_POWER_ON ? "power-on" : "after a reset");
            for (int i = 0; i < 2; i++)
                describe(boards[i], i, &results[i], difference);
            return false;
        }
        bool asked = results[GENUINE].end == BOARD_RETURNED || results[GENUINE].end == BOARD_RESTARTED;
        reason = asked ? PORT_RESET_SOFTWARE : PORT_RESET_WATCHDOG;
    }
    return true;
}

static bool compare_from(const struct twin_settings *settings, struct board *const boards[2],
                         const struct nv_state *state, struct twin_count *count, struct buffer *difference) {
    for (int i = 0; i < 2; i++)
        board_load(boards[i], state);
    count->contents++;
    return compare_boots(settings, boards, count, difference);
}

// Cuts of each operation: before it, and two ways of tearing it.
static bool compare_crash_states(const struct twin_settings *settings, struct board *const boards[2],
                                 const struct nv_state *start, struct twin_count *count,
                                 struct buffer *difference) {
    static const struct tear tears[][2] = {
        [JOURNAL_PROGRAM] = {{.kind = TEAR_PREFIX, .a = 5}, {.kind = TEAR_PREFIX, .a = 30}},
        [JOURNAL_ERASE] = {{.kind = TEAR_ERASE_ZERO_FRONT, .a = 16}, {.kind = TEAR_ERASE_PARTIAL, .a = 128}},
    };
    board_load(boards[GENUINE], start);
    (void)boot(boards[GENUINE], PORT_RESET_POWER_ON);
    uint64_t operations = board_operations(boards[GENUINE]);
    bool equal = true;
    for (uint64_t number = 0; equal && number < operations; number++) {
        for (int way = 0; equal && way < 3; way++) {
            struct nv_state state;
            board_load(boards[GENUINE], start);
            (void)boot(boards[GENUINE], PORT_RESET_POWER_ON);
            struct journal_cursor cursor = {.journal = board_journal(boards[GENUINE])};
            struct journal_operation operation;
            nv_state_copy(&state, start);
            for (uint64_t i = 0; journal_next(&cursor, &operation); i++) {
                if (i == number) {
                    if (way < 2 && operation.kind != JOURNAL_EFUSE)
                        nv_state_apply_torn(&state, &operation, &tears[operation.kind][way]);
                    break;
                }
                nv_state_apply(&state, &operation);
            }
            count->crash_states++;
            equal = compare_from(settings, boards, &state, count, difference);
            if (!equal)
                buffer_printf(difference, "  in a crash state: operation %u of the first boot, cut way %d\n",
                              (unsigned)number, way);
            nv_state_free(&state);
        }
    }
    return equal;
}

bool twin_compare(const struct twin_settings *settings, const struct flash *flash, struct twin_count *count,
                  struct buffer *difference) {
    struct board *boards[2] = {new_board(settings, machine_bootloader, flash->size),
                               new_board(settings, bootloader_boot, flash->size)};
    struct flash *contents = board_flash(boards[GENUINE]);
    flash_free(contents);
    flash_copy(contents, flash);
    flash_set(contents, settings->target->bootloader_offset, settings->binary->bytes,
              (uint32_t)settings->binary->length);
    struct nv_state start;
    board_save(boards[GENUINE], &start);
    bool equal = compare_from(settings, boards, &start, count, difference) &&
                 compare_crash_states(settings, boards, &start, count, difference);
    nv_state_free(&start);
    board_free(boards[GENUINE]);
    board_free(boards[OURS]);
    return equal;
}
