// What is to be known of each kind of step and of each call: a row. Reader, player, verdict, schema and docs
// ask the rows, so that none of them has a list of its own.
#ifndef SIM_LANGUAGE_STEP_ROW_H
#define SIM_LANGUAGE_STEP_ROW_H

#include "key_row.h"
#include "scenario.h"

struct reading;
struct yaml_node;

struct step_row {
    const char *verb; // as scenarios write it; in addresses of crash states: "power_loss"
    const char *form; // in docs: "power_loss: {...}"
    const char *help; // one line, Markdown: what happens
    // Its value when that is no mapping, as in key_row.h; NULL: it has to be a mapping.
    const char *alone;
    const struct key_row *keys; // of the mapping; NULL: it cannot be one

    bool needs_app;     // an app has to run: the board is booted for it
    bool runs_firmware; // a power loss can be planned for it
    bool returns_code;  // `returns` may stand beside it
    bool resets;        // it is meant to end in a reset
    bool only_plans;    // nothing happens yet that could be expected

    // Fills kind, arguments and title of a step from its value. NULL: no verb (calls go by their own names,
    // `expect` stands beside other verbs).
    void (*read)(struct reading *reading, const struct yaml_node *node, struct step *step);
    void (*release)(struct step *step); // frees what the arguments own; NULL: nothing
};

#define STEP_ROW(NAME, symbol) extern const struct step_row step_##symbol;
STEPS(STEP_ROW)
#undef STEP_ROW

// Of steps that are an app's actions, too.
extern const struct key_row https_ota_keys[], https_record_keys[], update_keys[], nvs_set_keys[],
    nvs_count_keys[], nvs_erase_keys[];

const struct step_row *step_row(enum step_kind kind);

// The row of a verb; NULL: it is none.
const struct step_row *step_row_find(const char *verb);

// ---- of a step ----------------------------------------------------------------------------------

bool step_returns_code(const struct step *step);
bool step_resets(const struct step *step);      // it is meant to end in a reset
const char *step_word(const struct step *step); // in addresses: "update", "set_boot"

#endif
