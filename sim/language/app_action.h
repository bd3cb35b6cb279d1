// What an app does once the bootloader has started it: actions, in order. Each is a row: how scenarios write it and
// what it means. To add one, add its line here, its row and reader in reader_behaviour.c, and act_symbol in
// sim/play/app_actions.c: docs/how-to-add.md.
#ifndef SIM_LANGUAGE_APP_ACTION_H
#define SIM_LANGUAGE_APP_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/port.h"

// clang-format off
#define ACTIONS(ACTION)                             \
    ACTION(NOTHING, nothing)                        \
    ACTION(CONFIRM, confirm)                        \
    ACTION(CONFIRM_IF_PENDING, confirm_if_pending)  \
    ACTION(CRASH, crash)                            \
    ACTION(HANG, hang)                              \
    ACTION(SELF_TEST_FAILS, self_test_fails)        \
    ACTION(RESTART, restart)                        \
    ACTION(DEEP_SLEEP, deep_sleep)                  \
    ACTION(WAIT, wait)                              \
    ACTION(UPDATE, update)                          \
    ACTION(HTTPS_OTA, https_ota)                    \
    ACTION(ON, on)                                  \
    ACTION(NVS_SET, nvs_set)                        \
    ACTION(NVS_COUNT, nvs_count)                    \
    ACTION(NVS_ERASE, nvs_erase)                    \
    ACTION(IF, if)
// clang-format on

enum app_action_kind {
#define ACTION_KIND(NAME, symbol) APP_##NAME,
    ACTIONS(ACTION_KIND)
#undef ACTION_KIND
        APP_ACTION_COUNT
};

// What it does in one start, in order; none: it runs on without a word to the update code.
struct app_start {
    struct app_action *actions; // owned
    size_t count;
};

// What it does start by start; the last goes for all that follow. None: whatever all apps do.
struct app_behaviour {
    struct app_start *starts; // owned
    size_t count;
    uint32_t first_bit; // of count - 1 bits of PORT_EFUSE_APP_STARTS, in which its starts are counted
};

struct update_step;
struct step;
struct nvs_condition;

struct app_action {
    enum app_action_kind kind;
    uint64_t us;                   // APP_WAIT
    struct update_step *update;    // APP_UPDATE, APP_HTTPS_OTA; owned
    enum port_reset_reason reason; // APP_ON: what follows is done after such a reset only
    struct step *step;             // APP_NVS_SET, APP_NVS_COUNT, APP_NVS_ERASE: as the step does it; owned
    struct nvs_condition *only_if; // APP_IF; owned
    struct app_start then;         // APP_ON, APP_IF
};

struct app_action_row {
    const char *word; // alone, or as the key of a mapping
    bool takes;       // a mapping: `{wait: 20s}`
    bool stays;       // the app is up afterwards, and what it runs is what it ran
    const char *help; // one line, Markdown
};

const struct app_action_row *app_action_row(enum app_action_kind kind);

// After each of its starts the app is up, whatever the reset.
bool app_behaviour_stays(const struct app_behaviour *behaviour);

void app_behaviour_free(struct app_behaviour *behaviour);

// A behaviour of one action, the same at each start; to be freed.
struct app_behaviour app_behaviour_of(enum app_action_kind kind);

#endif
