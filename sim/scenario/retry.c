// The update again, from a device that has recovered.
#include <string.h>

#include "app_update_program.h"
#include "recovery.h"

const char *retry_end_name(enum retry_end end) {
    static const char *const names[] = {
        [RETRY_SUCCEEDED] = "succeeded",
        [RETRY_NOT_NEEDED] = "not needed",
        [RETRY_REFUSED_PENDING] = "refused while the running app is on probation",
        [RETRY_CALL_FAILED] = "a call failed",
        [RETRY_NOT_SETTLED] = "the device did not settle",
        [RETRY_POWER_LOST] = "power lost",
    };
    return names[end];
}

// ---- which update
// ------------------------------------------------------------------------------------------------

// Puts begin, writes and set_boot together as one update, call by call.
struct collected {
    struct update_step update;
    bool begun, written;
};

// True when `step` completes an update: then `*out` is it.
static bool collect(struct collected *collected, const struct step *step, struct update_step *out) {
    if (step->kind == STEP_UPDATE) {
        *out = step->as.update;
        return true;
    }
    if (step->kind != STEP_CALL)
        return false;
    const struct call_step *call = &step->as.call;
    switch (call->call) {
    case CALL_BEGIN:
    case CALL_RESUME:
        *collected = (struct collected){.begun = true};
        collected->update =
            (struct update_step){.partition = call->partition, .chunk = 4096, .size = call->size};
        return false;
    case CALL_WRITE:
    case CALL_WRITE_WITH_OFFSET:
        collected->update.image = call->image;
        collected->written = true;
        return false;
    case CALL_SET_BOOT_PARTITION:
    case CALL_SET_BOOT_PARTITION_SKIP_VALIDATE:
        *out = collected->update;
        return collected->begun && collected->written;
    default:
        return false;
    }
}

bool update_of_position(const struct scenario *scenario, uint32_t position, struct update_step *out) {
    struct step_cursor cursor = step_cursor_start(scenario);
    struct collected collected = {0};
    struct update_step update;
    bool found = false, inside = false;
    const struct step *step;
    while ((step = step_next(&cursor)) != NULL && (cursor.position <= position || inside)) {
        if (collect(&collected, step, &update)) {
            *out = update;
            found = true;
            inside = false;
            collected = (struct collected){0};
        } else if (cursor.position <= position) {
            inside = collected.begun; // the position lies within an update made of calls: look on to its end
        }
    }
    return found;
}

// ---- running it
// --------------------------------------------------------------------------------------------------

static void restart(void *context) {
    (void)context;
    port_halt(PORT_HALT_RESTART, "the app restarts into the update");
}

void retry_update(struct execution *execution, const struct update_step *update, struct retry_outcome *out) {
    memset(out, 0, sizeof *out);
    if (execution->boot.image == (int32_t)update->image) {
        out->end = RETRY_NOT_NEEDED;
        return;
    }
    struct step_outcome outcome = {0};
    enum board_end end = run_update(execution, update, true, &outcome);
    out->call = outcome.call;
    out->returned = outcome.code;
    if (end != BOARD_RETURNED) {
        out->end = end == BOARD_POWER_LOST ? RETRY_POWER_LOST : RETRY_CALL_FAILED;
        return;
    }
    if (outcome.code != ESP_OK) {
        bool refused = outcome.code == ESP_ERR_OTA_ROLLBACK_INVALID_STATE;
        out->end = refused ? RETRY_REFUSED_PENDING : RETRY_CALL_FAILED;
        return;
    }
    end = board_run(execution->board, restart, NULL, NULL);
    recover(execution, board_reset_reason_after(end), &out->after);
    out->end = out->after.end == RECOVERY_SETTLED      ? RETRY_SUCCEEDED
               : out->after.end == RECOVERY_POWER_LOST ? RETRY_POWER_LOST
                                                       : RETRY_NOT_SETTLED;
}
