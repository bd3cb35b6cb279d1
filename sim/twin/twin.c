#include "twin.h"

#include <stdlib.h>
#include <string.h>

#include "../../ota/bootloader.h"
#include "../hw/fault_model.h"
#include "../machine/machine.h"
#include "twin_log.h"

enum { GENUINE, OURS };

static const char *const names[] = {"the binary", "ota-sim's own"};

struct pair {
    const struct twin_settings *settings;
    struct board *boards[2];
    struct twin_log logs[2];
    struct twin_count *count;
    struct buffer *difference;
};

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
                                  .boot = boot,
                                  .mask_rom = settings->rom};
    config.chip.size = size;
    struct board *board = board_new(&config);
    // A chip that is older than the bootloader's header asks for is reset before anything else (HW-124).
    const uint8_t *header = settings->binary->bytes;
    uint32_t least = settings->binary->length < 24 ? 0 : (uint32_t)(header[15] | header[16] << 8);
    if (least > board_efuse(board, PORT_EFUSE_CHIP_REVISION))
        board_efuse_set(board, PORT_EFUSE_CHIP_REVISION, least);
    return board;
}

static struct boot_result boot(struct board *board, enum port_reset_reason reason) {
    struct boot_result result = {.why = ""};
    board_journal_clear(board);
    result.end = board_boot(board, reason, &result.why);
    result.address = result.end == BOARD_RETURNED ? board_ram(board)->running_address : 0;
    return result;
}

// ---- what differs -------------------------------------------------------------------------------

// Flash operations of the last boot, one a line.
static void describe_operations(const struct board *board, struct buffer *out) {
    static const char *const words[] = {
        [JOURNAL_PROGRAM] = "program", [JOURNAL_ERASE] = "erase", [JOURNAL_EFUSE] = "burn"};
    struct journal_cursor cursor = {.journal = board_journal(board)};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation)) {
        buffer_printf(out, "    %s 0x%06x", words[operation.kind], (unsigned)operation.address);
        for (uint32_t i = 0; operation.kind == JOURNAL_PROGRAM && i < operation.length; i++)
            buffer_printf(out, " %02x", operation.data[i]);
        buffer_text(out, "\n");
    }
}

static void describe(const struct pair *pair, int which, const struct boot_result *result) {
    buffer_printf(pair->difference, "  %s %s", names[which], kind_of(result->end));
    if (result->end == BOARD_RETURNED)
        buffer_printf(pair->difference, " at 0x%06x", (unsigned)result->address);
    buffer_printf(pair->difference, "%s%s\n", result->why[0] == 0 ? "" : ": ", result->why);
    describe_operations(pair->boards[which], pair->difference);
}

static const char *first_difference(struct pair *pair, const struct boot_result results[2], bool heard) {
    struct board *const *boards = pair->boards;
    struct buffer operations[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++)
        describe_operations(boards[i], &operations[i]);
    bool same_operations = strcmp(buffer_string(&operations[0]), buffer_string(&operations[1])) == 0;
    buffer_free(&operations[0]);
    buffer_free(&operations[1]);
    if (results[GENUINE].end == BOARD_NOT_MODELLED)
        return "the binary cannot be executed to its end";
    if (strcmp(kind_of(results[0].end), kind_of(results[1].end)) != 0 ||
        results[0].address != results[1].address)
        return "the choice";
    if (!same_operations)
        return "the operations";
    if (!content_hash_equal(flash_hash(board_flash(boards[0])), flash_hash(board_flash(boards[1]))))
        return "the flash at the end";
    if (board_efuse(boards[0], PORT_EFUSE_SECURE_VERSION) !=
        board_efuse(boards[1], PORT_EFUSE_SECURE_VERSION))
        return "the eFuse at the end";
    if (!heard || !pair->logs[GENUINE].speaks)
        return NULL;
    pair->count->logs++;
    return twin_log_same(&pair->logs[0], &pair->logs[1]) ? NULL : "the log";
}

// ---- boots --------------------------------------------------------------------------------------

static void listen(struct pair *pair, bool hears) {
    for (int i = 0; i < 2; i++) {
        twin_log_clear(&pair->logs[i]);
        board_listen(pair->boards[i], hears ? twin_log_line : NULL, &pair->logs[i]);
    }
}

// Boots in a row. Logs are heard in the boot `heard` (0: in none). Returns the number of the boot that differs; 0: none does.
static uint32_t boot_in_a_row(struct pair *pair, const struct nv_state *state, uint32_t heard,
                              struct boot_result results[2], const char **what,
                              enum port_reset_reason *reason) {
    for (int i = 0; i < 2; i++)
        board_load(pair->boards[i], state);
    *reason = PORT_RESET_POWER_ON;
    for (uint32_t number = 1; number <= pair->settings->boots; number++) {
        listen(pair, number == heard);
        for (int i = 0; i < 2; i++)
            results[i] = boot(pair->boards[i], *reason);
        pair->count->boots++;
        *what = first_difference(pair, results, number == heard);
        if (*what != NULL)
            return number;
        bool asked = results[GENUINE].end == BOARD_RETURNED || results[GENUINE].end == BOARD_RESTARTED;
        *reason = asked ? PORT_RESET_SOFTWARE : PORT_RESET_WATCHDOG;
    }
    return 0;
}

static bool compare_from(struct pair *pair, const struct nv_state *state, bool hear_first) {
    struct boot_result results[2];
    enum port_reset_reason reason;
    const char *what;
    pair->count->contents++;
    uint32_t number = boot_in_a_row(pair, state, hear_first ? 1 : 0, results, &what, &reason);
    if (number == 0)
        return true;
    struct twin_count counted = *pair->count; // once more, with the logs of the boot that differs
    (void)boot_in_a_row(pair, state, number, results, &what, &reason);
    *pair->count = counted;
    buffer_printf(pair->difference, "boot %u, %s, differs in %s:\n", (unsigned)number,
                  reason == PORT_RESET_POWER_ON ? "power-on" : "after a reset", what);
    for (int i = 0; i < 2; i++) {
        describe(pair, i, &results[i]);
        twin_log_print(&pair->logs[i], pair->difference);
    }
    return false;
}

// ---- crash states -------------------------------------------------------------------------------

struct tears {
    struct tear *list;
    size_t count;
};

static void keep_tear(void *context, const struct tear *tear) {
    struct tears *tears = context;
    tears->list = memory_resize(tears->list, (tears->count + 1) * sizeof *tears->list);
    tears->list[tears->count++] = *tear;
}

// The crash states that a cut at one operation can leave: as many of them as are wanted, spread over all models' tears.
static bool compare_tears(struct pair *pair, const struct nv_state *before,
                          const struct journal_operation *operation, uint64_t number) {
    struct tear_choice choice = {.models = fault_models_default(), .late_bit_samples = 4, .seed = 1};
    struct tears tears = {0};
    for_each_tear(&choice, operation, &before->flash, keep_tear, &tears);
    size_t wanted = pair->settings->tears < tears.count ? pair->settings->tears : tears.count;
    bool equal = true;
    for (size_t i = 0; equal && i < wanted; i++) {
        const struct tear *tear = &tears.list[i * tears.count / wanted];
        struct nv_state state;
        nv_state_copy(&state, before);
        nv_state_apply_torn(&state, operation, tear);
        pair->count->crash_states++;
        equal = compare_from(pair, &state, false);
        if (!equal) {
            buffer_printf(pair->difference, "  in a crash state: operation %u of the first boot; ",
                          (unsigned)number);
            tear_form(tear->kind)->describe(tear, operation->length, pair->difference);
            buffer_text(pair->difference, "\n");
        }
        nv_state_free(&state);
    }
    free(tears.list);
    return equal;
}

// Those that cuts of the binary's first boot leave.
static bool compare_crash_states(struct pair *pair, const struct nv_state *start) {
    struct board *board = pair->boards[GENUINE];
    struct board *keeper = board_new_like(board); // its journal, while the board boots from crash states
    board_load(keeper, start);
    (void)boot(keeper, PORT_RESET_POWER_ON);
    struct journal_cursor cursor = {.journal = board_journal(keeper)};
    struct journal_operation operation;
    struct nv_state before;
    nv_state_copy(&before, start);
    bool equal = true;
    for (uint64_t number = 0; equal && journal_next(&cursor, &operation); number++) {
        equal = compare_tears(pair, &before, &operation, number);
        nv_state_apply(&before, &operation);
    }
    nv_state_free(&before);
    board_free(keeper);
    return equal;
}

bool twin_compare(const struct twin_settings *settings, const struct flash *flash, struct twin_count *count,
                  struct buffer *difference) {
    struct pair pair = {.settings = settings,
                        .boards = {new_board(settings, machine_bootloader, flash->size),
                                   new_board(settings, bootloader_boot, flash->size)},
                        .count = count,
                        .difference = difference};
    struct flash *contents = board_flash(pair.boards[GENUINE]);
    flash_free(contents);
    flash_copy(contents, flash);
    flash_set(contents, settings->target->bootloader_offset, settings->binary->bytes,
              (uint32_t)settings->binary->length);
    struct nv_state start;
    board_save(pair.boards[GENUINE], &start);
    if (settings->secure_version != 0)
        start.efuse[PORT_EFUSE_SECURE_VERSION] = settings->secure_version;
    bool equal = compare_from(&pair, &start, settings->log) && compare_crash_states(&pair, &start);
    nv_state_free(&start);
    for (int i = 0; i < 2; i++) {
        twin_log_clear(&pair.logs[i]);
        board_free(pair.boards[i]);
    }
    return equal;
}
