#include "app_behaviour.h"

#include "../../ota/include/esp_ota_ops.h"
#include "recovery.h"

static void confirm(void *context) {
    struct app_run *run = context;
    run->confirm_called = true;
    run->confirm_code = esp_ota_mark_app_valid_cancel_rollback();
    run->confirm_returned = true;
}

static void crash(void *context) {
    (void)context;
    port_halt(PORT_HALT_CRASH, "the app crashes");
}

static void reject(void *context) {
    struct app_run *run = context;
    run->reject_called = true;
    run->reject_code = esp_ota_mark_app_invalid_rollback_and_reboot();
    run->reject_returned = true; // it comes back only when there is nothing to go back to
}

static void do_nothing(void *context) {
    (void)context;
}

void app_run(struct board *board, struct app_run *run) {
    static void (*const programs[])(void *) = {
        [APP_NOTHING] = do_nothing, [APP_CONFIRM] = confirm,        [APP_CRASH] = crash,
        [APP_HANG] = do_nothing,    [APP_SELF_TEST_FAILS] = reject,
    };
    *run = (struct app_run){.behaviour = run->behaviour};
    run->end = board_run(board, programs[run->behaviour], run, &run->why);
    run->reset = board_reset_reason_after(run->end);
    if (run->behaviour == APP_HANG && run->end == BOARD_RETURNED) {
        board_time_pass(board, RECOVERY_HANG_US * 1000ull);
        run->end = BOARD_PANICKED; // the watchdog's interrupt ends in the panic handler
        run->reset = PORT_RESET_WATCHDOG;
        run->why = "the app hangs: its watchdog bites";
    }
}
