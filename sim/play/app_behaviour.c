#include "app_behaviour.h"

#include <string.h>

#include "../../ota/app_startup.h"
#include "../../ota/include/esp_ota_ops.h"
#include "../../ota/include/nvs_flash.h"
#include "nvs_look.h"
#include "recovery.h"

void app_becomes(struct board *board, const struct scenario *scenario, int32_t image) {
    struct firmware_build build;
    if (scenario_app_build(scenario, image, board_config(board), &build))
        board_app_is_built(board, &build);
}

// What comes of a failure, a call that needs NVS says.
static void start_nvs(struct app_run *run) {
    const struct scenario *scenario = run->nvs;
    run->nvs_start = nvs_flash_init();
    for (uint32_t i = 0; i < scenario->nvs_watched_count; i++) {
        const struct nvs_name *name = &scenario->nvs_watched[i];
        if (strcmp(name->partition, NVS_DEFAULT_PART_NAME) != 0)
            (void)nvs_flash_init_partition(name->partition);
        run->nvs_values[i] = nvs_hash_of(name);
    }
    run->nvs_read = true;
}

// The app from its entry point to the end of what the update code knows of it.
static void live(void *context) {
    struct app_run *run = context;
    run->confirmed = app_startup();
    if (run->nvs)
        start_nvs(run);
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
