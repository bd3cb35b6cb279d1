#include "app_action.h"

#include <assert.h>
#include <stdlib.h>

#include "scenario.h"

static const struct app_action_row rows[] = {
    [APP_NOTHING] = {"nothing", false, true, "runs on without a word to the update code"},
    [APP_CONFIRM] = {"confirm", false, true, "esp_ota_mark_app_valid_cancel_rollback, whatever its state"},
    [APP_CONFIRM_IF_PENDING] =
        {"confirm_if_pending", false, true,
         "asks for the state of the running app, and confirms when that is PENDING_VERIFY"},
    [APP_CRASH] = {"crash", false, false, "an exception; the panic handler resets the chip"},
    [APP_HANG] = {"hang", false, false, "the watchdog resets it"},
    [APP_SELF_TEST_FAILS] = {"self_test_fails", false, false, "esp_ota_mark_app_invalid_rollback_and_reboot"},
    [APP_RESTART] = {"restart", false, false, "esp_restart"},
    [APP_DEEP_SLEEP] = {"deep_sleep", false, false, "goes to deep sleep, and wakes: a start of its own"},
    [APP_WAIT] = {"wait", true, true, "`{wait: 20s}`: simulated time passes"},
    [APP_UPDATE] =
        {"update", true, false,
         "`{update: IMAGE}`, or with the keys of the step `update`; then a restart, unless a call failed"},
    [APP_HTTPS_OTA] = {"https_ota", true, false,
                       "`{https_ota: URL}`, or with the keys of the step `https_ota`; then a restart, unless "
                       "a call failed"},
    [APP_ON] =
        {"on", true, true,
         "`{on: brownout, do: ...}`: only after such a reset: `power_on`, `software`, `panic`, `watchdog`, "
         "`deep_sleep`, `brownout`"},
    [APP_NVS_SET] = {"nvs_set", true, true, "`{nvs_set: {...}}`, as the step: a value of NVS"},
    [APP_NVS_COUNT] = {"nvs_count", true, true,
                       "`{nvs_count: {...}}`, as the step, with `at_most`: a counter"},
    [APP_NVS_ERASE] = {"nvs_erase", true, true, "`{nvs_erase: {...}}`, as the step: a key, or a namespace"},
    [APP_IF] =
        {"if", true, true,
         "`{if: {namespace: ota, key: offset}, do: ...}`: only when a key of NVS is so, see [NVS](nvs.md)"},
};
_Static_assert(sizeof rows / sizeof *rows == APP_ACTION_COUNT, "an action without its row");

const struct app_action_row *app_action_row(enum app_action_kind kind) {
    assert((size_t)kind < APP_ACTION_COUNT);
    return &rows[kind];
}

static bool start_stays(const struct app_start *start) {
    for (size_t i = 0; i < start->count; i++) {
        const struct app_action *action = &start->actions[i];
        if (!rows[action->kind].stays || !start_stays(&action->then))
            return false;
    }
    return true;
}

bool app_behaviour_stays(const struct app_behaviour *behaviour) {
    for (size_t i = 0; i < behaviour->count; i++)
        if (!start_stays(&behaviour->starts[i]))
            return false;
    return true;
}

static void start_free(struct app_start *start) {
    for (size_t i = 0; i < start->count; i++) {
        if (start->actions[i].update != NULL)
            update_step_release(start->actions[i].update);
        free(start->actions[i].update);
        if (start->actions[i].step != NULL)
            steps_free(start->actions[i].step, 1);
        if (start->actions[i].only_if != NULL)
            nvs_value_free(&start->actions[i].only_if->value);
        free(start->actions[i].only_if);
        start_free(&start->actions[i].then);
    }
    free(start->actions);
}

void app_behaviour_free(struct app_behaviour *behaviour) {
    for (size_t i = 0; i < behaviour->count; i++)
        start_free(&behaviour->starts[i]);
    free(behaviour->starts);
    *behaviour = (struct app_behaviour){0};
}

struct app_behaviour app_behaviour_of(enum app_action_kind kind) {
    struct app_behaviour behaviour = {.starts = memory_zeroed(1, sizeof *behaviour.starts), .count = 1};
    behaviour.starts[0].actions = memory_zeroed(1, sizeof *behaviour.starts[0].actions);
    behaviour.starts[0].actions[0].kind = kind;
    behaviour.starts[0].count = 1;
    return behaviour;
}
