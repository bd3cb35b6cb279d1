#include "switch_cuts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/otadata.h"
#include "../hw/digest_cache.h"
#include "../report/report_text.h"
#include "table_review.h"

#define BOOTS_MAX 4u

struct walk {
    const struct dump *dump;
    struct table_view table;
    uint32_t otadata;
    struct board *board;
    struct nv_state base; // the operations before the one that is cut are done
    const struct journal_operation *operation;
    uint64_t tears_left_ns; // exposure that one tear of this operation stands for
    struct switch_cuts *cuts;
};

// ---- what a state leads to ----------------------------------------------------------------------

static void boot_from(struct walk *walk, const struct nv_state *state, struct switch_outcome *out) {
    enum port_reset_reason reason = PORT_RESET_POWER_ON;
    *out = (struct switch_outcome){0};
    board_load(walk->board, state);
    for (uint32_t boots = 0; boots < BOOTS_MAX && !out->starts; boots++) {
        enum board_end end = board_boot(walk->board, reason, NULL);
        out->starts = end == BOARD_RETURNED;
        reason = board_reset_reason_after(end);
    }
    const struct partition_row *row =
        out->starts ? table_at(&walk->table, board_ram(walk->board)->running_address) : NULL;
    if (row)
        memcpy(out->label, row->label, sizeof out->label);
}

static bool records_lost(const struct walk *walk, const struct nv_state *state) {
    struct otadata_entry entries[2];
    for (uint32_t i = 0; i < 2; i++) {
        uint8_t bytes[OTADATA_ENTRY_SIZE];
        flash_read(&state->flash, walk->otadata + i * OTADATA_SECTOR_SIZE, bytes, sizeof bytes);
        otadata_decode(bytes, &entries[i]);
    }
    return otadata_active(entries) < 0;
}

static void describe(const struct walk *walk, const struct tear *tear, struct switch_outcome *outcome) {
    char tear_text[TEAR_TEXT_SIZE];
    const struct journal_operation *operation = walk->operation;
    tear_format(tear, tear_text);
    snprintf(outcome->example, sizeof outcome->example, "%s of %" PRIu32 " bytes at 0x%" PRIx32 ", %s",
             operation->kind == JOURNAL_ERASE ? "erase" : "program", operation->length, operation->address,
             tear->kind == TEAR_CLEAN ? "right before it" : tear_text);
}

// The outcome of that kind, made when it is new. A table has at most 16 slots, factory and test.
static struct switch_outcome *outcome_like(struct switch_cuts *cuts, const struct switch_outcome *like,
                                           bool *is_new) {
    for (size_t i = 0; i < cuts->outcome_count; i++)
        if (cuts->outcomes[i].starts == like->starts && strcmp(cuts->outcomes[i].label, like->label) == 0) {
            *is_new = false;
            return &cuts->outcomes[i];
        }
    *is_new = cuts->outcome_count < SWITCH_OUTCOMES_MAX;
    if (*is_new)
        cuts->outcomes[cuts->outcome_count++] = *like;
    return &cuts->outcomes[cuts->outcome_count - 1];
}

static void try_tear(void *context, const struct tear *tear) {
    struct walk *walk = context;
    struct nv_state state;
    nv_state_copy(&state, &walk->base);
    nv_state_apply_torn(&state, walk->operation, tear);
    struct switch_outcome outcome;
    bool lost = records_lost(walk, &state), is_new;
    boot_from(walk, &state, &outcome);
    nv_state_free(&state);
    struct switch_outcome *group = outcome_like(walk->cuts, &outcome, &is_new);
    if (is_new || (lost && !group->both_lost))
        describe(walk, tear, group);
    group->states++;
    group->exposure_ns += walk->tears_left_ns;
    group->both_lost = group->both_lost || lost;
    walk->cuts->states++;
    walk->cuts->both_lost_states += lost;
    walk->cuts->both_lost_ns += lost ? walk->tears_left_ns : 0;
}

static void count_tear(void *context, const struct tear *tear) {
    (void)tear;
    ++*(uint64_t *)context;
}

// ---- the walk -----------------------------------------------------------------------------------

static bool is_erased(const struct buffer *bytes, uint32_t from, uint32_t length) {
    for (uint32_t i = from; i < from + length; i++)
        if (bytes->bytes[i] != 0xFF)
            return false;
    return true;
}

static void record_erase(const struct switch_write *write, struct journal *journal) {
    (void)journal_append(journal, JOURNAL_ERASE, write->address, (uint32_t)write->bytes.length, NULL);
}

static void record_pages(const struct switch_write *write, struct journal *journal) {
    for (uint32_t at = 0; at < (uint32_t)write->bytes.length; at += NOR_PAGE_SIZE)
        if (write->as_genuine_tools || !is_erased(&write->bytes, at, NOR_PAGE_SIZE))
            (void)journal_append(journal, JOURNAL_PROGRAM, write->address + at, NOR_PAGE_SIZE,
                                 write->bytes.bytes + at);
}

// Cuts each operation of a journal in every way, and carries it out.
static void walk_journal(struct walk *walk, const struct journal *journal) {
    struct journal_cursor cursor = {.journal = journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation)) {
        struct tear_choice choice = {
            .models = fault_models_default(), .detail = DETAIL_FULL, .late_bit_samples = 64};
        uint64_t tears = 0;
        walk->operation = &operation;
        for_each_tear(&choice, &operation, &walk->base.flash, count_tear, &tears);
        walk->tears_left_ns = tears == 0 ? 0 : operation.duration_ns / tears;
        for_each_tear(&choice, &operation, &walk->base.flash, try_tear, walk);
        nv_state_apply(&walk->base, &operation);
        walk->cuts->operations++;
        walk->cuts->duration_ns += operation.duration_ns;
    }
}

// The restart at the end of a process of esptool: the device boots, and what its bootloader writes is cut as well.
static void walk_restart(struct walk *walk) {
    struct board *device = board_new(board_config(walk->board));
    board_load(device, &walk->base);
    board_journal_enable(device, true);
    (void)board_boot(device, PORT_RESET_POWER_ON, NULL);
    walk_journal(walk, board_journal(device));
    board_free(device);
}

static void walk_switch(struct walk *walk, const struct switch_write *write) {
    struct journal first = {.chip = &board_config(walk->board)->chip}, second = first;
    record_erase(write, &first);
    walk_journal(walk, &first);
    if (write->as_genuine_tools) {
        walk_restart(walk);
        record_erase(write, &second);
    }
    record_pages(write, &second);
    walk_journal(walk, &second);
    walk_restart(walk);
    journal_free(&first);
    journal_free(&second);
}

void switch_cuts_explore(const struct dump *dump, uint32_t otadata_address, const struct switch_write *write,
                         const struct release_profile *release, enum dump_build build,
                         struct switch_cuts *out) {
    struct board_config config = dump_board_config(dump, release, build);
    struct walk walk = {.dump = dump, .otadata = otadata_address, .board = board_new(&config), .cuts = out};
    struct digest_cache *cache = digest_cache_new();
    *out = (struct switch_cuts){0};
    table_view_read(dump, &walk.table);
    board_use_digest_cache(walk.board, cache);
    board_journal_enable(walk.board, false);
    nv_state_copy(&walk.base, &dump->device);
    boot_from(&walk, &walk.base, &out->before);
    walk_switch(&walk, write);
    boot_from(&walk, &walk.base, &out->after);
    nv_state_free(&walk.base);
    board_free(walk.board);
    digest_cache_free(cache);
}

// ---- for people ---------------------------------------------------------------------------------

static void print_outcome(const struct switch_outcome *outcome, struct buffer *out) {
    if (!outcome->starts)
        buffer_text(out, "nothing boots");
    else {
        text_terminal(out, outcome->label[0] ? outcome->label : "an app outside the table");
        buffer_text(out, " boots");
    }
}

void switch_cuts_print(const struct switch_cuts *cuts, struct buffer *out) {
    buffer_text(out, "before the switch ");
    print_outcome(&cuts->before, out);
    buffer_text(out, ", after it ");
    print_outcome(&cuts->after, out);
    buffer_printf(out, ".\n%" PRIu64 " flash operations in %.1f ms; the power cut in %" PRIu64 " ways:\n",
                  cuts->operations, (double)cuts->duration_ns / 1e6, cuts->states);
    for (size_t i = 0; i < cuts->outcome_count; i++) {
        const struct switch_outcome *outcome = &cuts->outcomes[i];
        buffer_text(out, "  ");
        print_outcome(outcome, out);
        buffer_printf(out, ": %" PRIu64 " states, %.1f ms of the switch; for example %s\n", outcome->states,
                      (double)outcome->exposure_ns / 1e6, outcome->example);
    }
    if (cuts->both_lost_states > 0)
        buffer_printf(out,
                      "in %" PRIu64
                      " of them (%.1f ms) no record of otadata counts any more: the choice of slot "
                      "is lost, whatever it was.\n",
                      cuts->both_lost_states, (double)cuts->both_lost_ns / 1e6);
    else
        buffer_text(out, "a record of otadata counts in all of them.\n");
}
