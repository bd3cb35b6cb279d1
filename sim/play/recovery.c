#include "recovery.h"

#include <string.h>

#include "app_behaviour.h"
#include "device_view.h"
#include "execution.h"
#include "narration.h"
#include "telling.h"

const char *reset_reason_name(enum port_reset_reason reason) {
    static const char *const names[] = {
        [PORT_RESET_POWER_ON] = "power-on",          [PORT_RESET_SOFTWARE] = "software reset",
        [PORT_RESET_PANIC] = "panic reset",          [PORT_RESET_WATCHDOG] = "watchdog reset",
        [PORT_RESET_DEEP_SLEEP] = "deep sleep wake", [PORT_RESET_BROWNOUT] = "brown-out reset",
    };
    return names[reason];
}

// ---- one boot -----------------------------------------------------------------------------------

struct boot { // what there is to know about a single boot attempt
    enum port_reset_reason reason;
    bool started;   // the bootloader started an app
    uint32_t state; // of its slot in otadata, then
    enum board_end end;
    enum port_reset_reason next; // of the boot that follows
};

// The bootloader has just started an app: which one, and how otadata sees it.
static void note_start(struct execution *execution, struct recovery *out, uint32_t *state) {
    const struct scenario *scenario = execution->scenario;
    uint32_t address = board_ram(execution->board)->running_address;
    struct device_view view;
    device_view_read(execution->board, &view);
    const struct partition_row *partition = device_partition_at(&view, address);
    struct device_image image;
    device_image_read(execution->board, scenario, address, &image);
    out->address = address;
    out->size = board_ram(execution->board)->running_size;
    memset(out->label, 0, sizeof out->label);
    if (partition)
        memcpy(out->label, partition->label, sizeof out->label);
    memcpy(out->version, image.version, sizeof out->version);
    memcpy(out->words, image.words, sizeof out->words);
    out->image = image.index;
    out->content = execution->judged ? device_image_content(execution->board, partition) : NO_CONTENT;
    out->slot = partition ? device_slot_of(partition) : SLOT_NONE;
    *state = device_state_of(&view, partition);
    app_becomes(execution->board, scenario, image.index);
}

static void run_app(struct execution *execution, struct boot *boot, struct recovery *out) {
    const struct scenario *scenario = execution->scenario;
    struct app_run run = {
        .execution = execution, .behaviour = scenario_behaviour(scenario, out->image), .image = out->image};
    narrate(execution->narrator, 1, "app %s in %s runs", out->words, out->label);
    app_run(&run);
    if (run.crashed)
        tell_event(execution, EVENT_CRASHED, out->address, boot->state);
    if (run.nvs.read && !out->nvs_first.read)
        out->nvs_first = run.nvs;
    if (run.nvs.read)
        out->nvs_last = run.nvs;
    boot->end = run.end;
    boot->next = run.reset;
    if (run.end != BOARD_RETURNED)
        narrate(execution->narrator, 1, "%s", run.why);
}

static struct boot boot_once(struct execution *execution, enum port_reset_reason reason,
                             struct recovery *out) {
    struct boot boot = {.reason = reason};
    const char *why = "";
    narrate(execution->narrator, 1, "boot: %s", reset_reason_name(reason));
    boot.end = board_boot(execution->board, reason, &why);
    boot.next = board_reset_reason_after(boot.end);
    boot.started = boot.end == BOARD_RETURNED;
    if (boot.started) {
        note_start(execution, out, &boot.state);
        execution->wakes = reason == PORT_RESET_DEEP_SLEEP;
        tell_event(execution, EVENT_RUNNING, out->address, boot.state);
        run_app(execution, &boot, out);
    } else {
        narrate(execution->narrator, 1, "%s", why);
    }
    return boot;
}

// ---- boots until rest ---------------------------------------------------------------------------

// What the next boot depends on. Retained memory is left out: it only decides how a deep sleep ends (BL-60),
// and the bootloader counts boots in it.
struct situation {
    uint64_t operations, faults, disturbed_reads;
    enum port_reset_reason reason;
};

static struct situation situation_of(const struct board *board, enum port_reset_reason reason) {
    return (struct situation){
        .operations = board_operations(board),
        .faults = board_statistics(board)->injected_faults,
        .disturbed_reads = board_disturbed_reads(board),
        .reason = reason,
    };
}

static bool same_situation(const struct situation *a, const struct situation *b) {
    return a->operations == b->operations && a->faults == b->faults &&
           a->disturbed_reads == b->disturbed_reads && a->reason == b->reason;
}

static void note_end(struct execution *execution, struct recovery *out) {
    struct device_view view;
    device_view_read(execution->board, &view);
    for (int i = 0; i < 2; i++)
        out->records[i] = device_record(&view, i);
    out->efuse_version =
        (uint32_t)__builtin_popcount(board_inspect_efuse(execution->board, PORT_EFUSE_SECURE_VERSION));
    if (out->address != 0)
        out->state = device_state_of(&view, device_partition_at(&view, out->address));
}

void recover(struct execution *execution, enum port_reset_reason reason, struct recovery *out) {
    struct board *board = execution->board;
    recovery_clear(out);
    out->image = -1;
    out->slot = SLOT_NONE;
    out->state = STATE_NOT_RECORDED;
    execution_reset(execution);
    execution->powered = true;
    tell_moment(execution, EVENT_POWERED);
    execution->recovering = out;
    execution->entries_told = board_journal(board)->count;
    for (;;) {
        struct situation before = situation_of(board, reason);
        struct boot boot = boot_once(execution, reason, out);
        struct situation after = situation_of(board, boot.next);
        out->boots++;
        reason = boot.next;
        if (boot.started && boot.end == BOARD_RETURNED) {
            out->end = RECOVERY_SETTLED;
            break;
        }
        if (boot.end == BOARD_POWER_LOST) {
            out->end = RECOVERY_POWER_LOST;
            break;
        }
        bool for_ever = same_situation(&before, &after) && !board_cut_pending(board);
        if (for_ever || out->boots >= execution->boots_max) {
            out->end = boot.started ? RECOVERY_BOOT_LOOP : RECOVERY_NOTHING_BOOTABLE;
            narrate(execution->narrator, 1, "%s",
                    for_ever ? "nothing has changed: it will do the same for ever"
                             : "that was the last boot that is waited for");
            break;
        }
    }
    tell_slots_written(execution);
    execution->app_runs = out->end == RECOVERY_SETTLED;
    note_end(execution, out);
    narrate_operations(execution->narrator);
    recovery_copy(&execution->boot, out);
    execution->recovering = NULL;
    tell_moment(execution, EVENT_RESTED);
}
