#include "app_actions.h"

#include "../../ota/include/esp_ota_ops.h"
#include "app_update_program.h"
#include "nvs_look.h"
#include "telling.h"

static void act_nothing(struct app_run *run, const struct app_action *action) {
    (void)run, (void)action;
}

static void act_confirm(struct app_run *run, const struct app_action *action) {
    (void)action;
    tell_event_of_running(run->execution, EVENT_CONFIRMING);
    if (esp_ota_mark_app_valid_cancel_rollback() == ESP_OK)
        tell_event_of_running(run->execution, EVENT_CONFIRMED);
}

// As ESP-IDF's examples do it: what is not on a try is left alone.
static void act_confirm_if_pending(struct app_run *run, const struct app_action *action) {
    esp_ota_img_states_t state;
    if (esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&
        state == ESP_OTA_IMG_PENDING_VERIFY)
        act_confirm(run, action);
}

static void act_crash(struct app_run *run, const struct app_action *action) {
    (void)action;
    run->crashed = true;
    port_halt(PORT_HALT_CRASH, "the app crashes");
}

static void act_hang(struct app_run *run, const struct app_action *action) { // see app_run
    (void)action;
    run->hangs = true;
}

// Comes back only when there is nothing to go back to.
static void act_self_test_fails(struct app_run *run, const struct app_action *action) {
    (void)action;
    tell_event_of_running(run->execution, EVENT_REJECTED);
    (void)esp_ota_mark_app_invalid_rollback_and_reboot();
}

static void act_restart(struct app_run *run, const struct app_action *action) {
    (void)run, (void)action;
    port_halt(PORT_HALT_RESTART, "the app restarts");
}

static void act_deep_sleep(struct app_run *run, const struct app_action *action) {
    (void)run, (void)action;
    port_halt(PORT_HALT_DEEP_SLEEP, "the app goes to deep sleep, and wakes");
}

static void act_wait(struct app_run *run, const struct app_action *action) {
    (void)run;
    board_program_pass_time(action->us * 1000);
}

static void act_update(struct app_run *run, const struct app_action *action) {
    struct step_outcome outcome = {0};
    update_in_app(run->execution, action->update, &outcome);
    if (outcome.selected)
        port_halt(PORT_HALT_RESTART, "the app restarts into its update");
}

static void act_https_ota(struct app_run *run, const struct app_action *action) {
    act_update(run, action);
}

static void act_on(struct app_run *run, const struct app_action *action) {
    if (port_reset_reason() == action->reason)
        app_act(run, &action->then);
}

static void act_nvs(struct app_run *run, const struct app_action *action) {
    struct step_outcome outcome = {0};
    nvs_step_program(run->execution, action->step, &outcome);
}

static void act_nvs_set(struct app_run *run, const struct app_action *action) {
    act_nvs(run, action);
}

static void act_nvs_count(struct app_run *run, const struct app_action *action) {
    act_nvs(run, action);
}

static void act_nvs_erase(struct app_run *run, const struct app_action *action) {
    act_nvs(run, action);
}

static void act_if(struct app_run *run, const struct app_action *action) {
    if (nvs_condition_holds(action->only_if))
        app_act(run, &action->then);
}

// By kind; an action without one does not compile.
static void (*const acts[])(struct app_run *run, const struct app_action *action) = {
#define ACT(NAME, symbol) [APP_##NAME] = act_##symbol,
    ACTIONS(ACT)
#undef ACT
};

void app_act(struct app_run *run, const struct app_start *start) {
    for (size_t i = 0; i < start->count && !run->hangs; i++)
        acts[start->actions[i].kind](run, &start->actions[i]);
}
