#include "app_behaviour.h"

#include <string.h>

#include "../../ota/app_startup.h"
#include "../../ota/include/nvs_flash.h"
#include "app_actions.h"
#include "app_guest.h"
#include "nvs_look.h"
#include "recovery.h"
#include "telling.h"

void app_becomes(struct board *board, const struct scenario *scenario, int32_t image) {
    struct firmware_build build;
    if (scenario_app_build(scenario, image, board_config(board), &build))
        board_app_is_built(board, &build);
}

// What comes of a failure, a call that needs NVS says.
static void start_nvs(struct app_run *run) {
    const struct scenario *scenario = run->execution->scenario;
    struct nvs_reading *reading = &run->nvs;
    if (run->execution->recovering != NULL)
        reading->events = run->execution->recovering->event_count;
    reading->start = nvs_flash_init();
    nvs_read_rest(NVS_DEFAULT_PART_NAME, NVS_DEFAULT_PART_NAME, scenario, &reading->rest,
                  &reading->rest_count);
    for (uint32_t i = 0; i < scenario->nvs_watched_count; i++) {
        const struct nvs_name *name = &scenario->nvs_watched[i];
        bool other = strcmp(name->partition, NVS_DEFAULT_PART_NAME) != 0;
        if (other)
            (void)nvs_flash_init_partition(name->partition);
        if (other && nvs_first_of_partition(scenario, i))
            nvs_read_rest(name->partition, name->partition, scenario, &reading->rest, &reading->rest_count);
        reading->values[i] = nvs_hash_of(name);
    }
    reading->read = true;
    tell_nvs_reading(run->execution, reading);
}

// Which start of this image it is, as far as they are told apart; counted where no reset and no cut forgets it.
static const struct app_start *count_start(const struct app_behaviour *behaviour) {
    uint32_t bits = (uint32_t)behaviour->count - 1;
    if (bits == 0)
        return &behaviour->starts[0];
    uint32_t counted = port_efuse_read(PORT_EFUSE_APP_STARTS) >> behaviour->first_bit & ((1u << bits) - 1);
    uint32_t before = (uint32_t)__builtin_popcount(counted);
    if (before < bits)
        (void)port_efuse_burn(PORT_EFUSE_APP_STARTS, 1u << (behaviour->first_bit + before));
    return &behaviour->starts[before];
}

// The app from its entry point to the end of what the update code knows of it.
static void live(void *context) {
    struct app_run *run = context;
    const struct app_start *start = run->behaviour == NULL ? NULL : count_start(run->behaviour);
    if (app_startup())
        tell_event_of_running(run->execution, EVENT_CONFIRMED);
    if (app_guest_start(run))
        return;
    if (run->execution->scenario->nvs_used)
        start_nvs(run);
    if (start != NULL)
        app_act(run, start);
}

void app_run(struct app_run *run) {
    struct board *board = run->execution->board;
    *run = (struct app_run){.execution = run->execution, .behaviour = run->behaviour, .image = run->image};
    run->end = board_run(board, live, run, &run->why);
    run->reset = board_reset_reason_after(run->end);
    app_guest_ended(run);
    if (run->hangs && run->end == BOARD_RETURNED) {
        board_time_pass(board, RECOVERY_HANG_US * 1000ull);
        run->crashed = true;
        run->end = BOARD_PANICKED; // the watchdog's interrupt ends in the panic handler
        run->reset = PORT_RESET_WATCHDOG;
        run->why = "the app hangs: its watchdog bites";
    }
}
