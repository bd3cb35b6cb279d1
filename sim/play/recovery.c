#include "recovery.h"

#include <string.h>

#include "app_behaviour.h"
#include "device_view.h"
#include "execution.h"
#include "milestone.h"
#include "narration.h"

const char *recovery_end_name(enum recovery_end end) {
    static const char *const names[] = {
        [RECOVERY_SETTLED] = "settled",
        [RECOVERY_BOOT_LOOP] = "boot loop",
        [RECOVERY_NOTHING_BOOTABLE] = "nothing bootable",
        [RECOVERY_POWER_LOST] = "power lost",
    };
    return names[end];
}

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
    bool started; // the bootloader started an app
    enum board_end end;
    enum port_reset_reason next; // of the boot that follows
};

// The bootloader has just started an app: which one, and how otadata sees it. `pending`: bits of slots that
// were on probation.
static void note_start(struct execution *execution, struct recovery_outcome *outcome, uint32_t *pending) {
    struct firmware *ram = board_ram(execution->board);
    struct device_view view;
    device_view_read(execution->board, &view);
    const struct partition_row *partition = device_partition_at(&view, ram->running_address);
    struct device_image image;
    device_image_read(execution->board, execution->scenario, ram->running_address, &image);
    outcome->address = ram->running_address;
    outcome->size = ram->running_size;
    memset(outcome->label, 0, sizeof outcome->label);
    if (partition)
        memcpy(outcome->label, partition->label, sizeof outcome->label);
    memcpy(outcome->version, image.version, sizeof outcome->version);
    outcome->image = image.index;
    outcome->secure_version = image.secure_version;
    outcome->state_at_start = device_state_of(&view, partition);
    if (outcome->state_at_start == OTADATA_PENDING_VERIFY) {
        uint32_t bit = 1u << device_slot_of(partition); // a state was found, so it is a slot
        outcome->pending_booted_twice |= (*pending & bit) != 0;
        *pending |= bit;
    }
}

static void run_app(struct execution *execution, struct boot *boot, struct recovery_outcome *outcome) {
    const struct scenario *scenario = execution->scenario;
    struct app_run run = {.behaviour = outcome->image < 0 ? scenario->default_behaviour
                                                          : scenario->images[outcome->image].behaviour};
    narrate(execution->narrator, 1, "app %s in %s runs",
            outcome->version[0] ? outcome->version : "without version", outcome->label);
    if (run.behaviour == APP_SELF_TEST_FAILS)
        milestone_tell_running(execution, MILESTONE_REJECTED);
    if (run.behaviour == APP_CONFIRM)
        milestone_tell_running(execution, MILESTONE_CONFIRMING);
    app_run(execution->board, &run);
    if (run.behaviour == APP_CRASH || run.behaviour == APP_HANG)
        milestone_tell(execution, MILESTONE_CRASHED, outcome->address, NULL, outcome->state_at_start);
    if (run.confirm_returned && run.confirm_code == ESP_OK)
        milestone_tell_running(execution, MILESTONE_CONFIRMED);
    boot->end = run.end;
    boot->next = run.reset;
    outcome->confirm_called = run.confirm_called;
    outcome->confirm_returned = run.confirm_code;
    outcome->reject_called = run.reject_called;
    outcome->reject_returned = run.reject_code;
    if (run.end != BOARD_RETURNED)
        narrate(execution->narrator, 1, "%s", run.why);
}

static struct boot boot_once(struct execution *execution, enum port_reset_reason reason,
                             struct recovery_outcome *outcome, uint32_t *pending) {
    struct boot boot = {.reason = reason};
    const char *why = "";
    narrate(execution->narrator, 1, "boot: %s", reset_reason_name(reason));
    boot.end = board_boot(execution->board, reason, &why);
    boot.next = board_reset_reason_after(boot.end);
    boot.started = boot.end == BOARD_RETURNED;
    if (boot.started) {
        note_start(execution, outcome, pending);
        milestone_tell(execution, MILESTONE_RUNNING, outcome->address, NULL, outcome->state_at_start);
        run_app(execution, &boot, outcome);
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

static void note_end(struct execution *execution, struct recovery_outcome *outcome) {
    struct device_view view;
    device_view_read(execution->board, &view);
    outcome->state = outcome->address == 0
                         ? STATE_NOT_RECORDED
                         : device_state_of(&view, device_partition_at(&view, outcome->address));
    outcome->efuse_secure_version =
        (uint32_t)__builtin_popcount(board_inspect_efuse(execution->board, PORT_EFUSE_SECURE_VERSION));
}

void recover(struct execution *execution, enum port_reset_reason reason, struct recovery_outcome *out) {
    struct board *board = execution->board;
    uint32_t pending = 0; // slots that were started while PENDING_VERIFY
    memset(out, 0, sizeof *out);
    out->image = -1;
    out->state = out->state_at_start = STATE_NOT_RECORDED;
    execution_reset(execution);
    execution->powered = true;
    for (;;) {
        struct situation before = situation_of(board, reason);
        struct boot boot = boot_once(execution, reason, out, &pending);
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
    execution->app_runs = out->end == RECOVERY_SETTLED;
    note_end(execution, out);
    narrate_operations(execution->narrator);
    execution->boot = *out;
}
