#include "app_behaviour.h"

#include "../../ota/app_startup.h"
#include "../../ota/include/esp_ota_ops.h"
#include "../../ota/include/nvs_flash.h"
#include "recovery.h"

// The app from its entry point to the end of what the update code knows of it.
static void live(void *context) {
    struct app_run *run = context;
    run->confirmed = app_startup();
    if (run->nvs)
        (void)nvs_flash_init(); // what comes of it, a call that needs it says
    switch (run->behaviour) {
    case APP_NOTHING:
    case APP_HANG: // see app_run
        break;
    case APP_CONFIRM:
        run->confirmed = esp_ota_mark_app_valid_cancel_rollback() == ESP_OK;
        break;
    case APP_CRASH:
        port_halt(PORT_HALT_CRASH, "the app crashes");
    case APP_SELF_TEST_FAILS:
        (void)
            esp_ota_mark_app_invalid_rollback_and_reboot(); // comes back only when there is nothing to go back to
        break;
    }
}

void app_run(struct board *board, struct app_run *run) {
    *run = (struct app_run){.behaviour = run->behaviour, .nvs = run->nvs};
    run->end = board_run(board, live, run, &run->why);
    run->reset = board_reset_reason_after(run->end);
    if (run->behaviour == APP_HANG && run->end == BOARD_RETURNED) {
        board_time_pass(board, RECOVERY_HANG_US * 1000ull);
        run->end = BOARD_PANICKED; // the watchdog's interrupt ends in the panic handler
        run->reset = PORT_RESET_WATCHDOG;
        run->why = "the app hangs: its watchdog bites";
    }
}
