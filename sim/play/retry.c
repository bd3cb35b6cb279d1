#include "retry.h"

#include <string.h>

#include "app_behaviour.h"
#include "app_update_program.h"
#include "device_view.h"
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

static void restart(void *context) {
    (void)context;
    port_halt(PORT_HALT_RESTART, "the app restarts into the update");
}

// The app looks at what it is, and is that from then on: asked of the board, since what earlier boots found is no knowledge of the app.
static bool runs_already(struct execution *execution, const struct update_step *update) {
    struct device_image running;
    device_image_read(execution->board, execution->scenario, board_ram(execution->board)->running_address,
                      &running);
    app_becomes(execution->board, execution->scenario, running.index);
    return running.index == (int32_t)update->image;
}

void retry_update(struct execution *execution, const struct update_step *update, struct retry_outcome *out) {
    memset(out, 0, sizeof *out);
    if (runs_already(execution, update)) {
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
