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

const struct step_row *step_row(enum step_kind kind);

// The row of a verb; NULL: it is none.
const struct step_row *step_row_find(const char *verb);

// ---- calls --------------------------------------------------------------------------------------

enum call_argument { // bits
    TAKES_PARTITION = 1,
    TAKES_IMAGE = 2,
    NEEDS_IMAGE = 4,
    TAKES_HANDLE = 8,
    OPENS_HANDLE = 16,
    TAKES_SIZE = 32,
    TAKES_OFFSET = 64,
    TAKES_LENGTH = 128,
    TAKES_COPY = 256
};

enum call_result { GIVES_CODE, GIVES_PARTITION, GIVES_NUMBER, GIVES_TRUTH, GIVES_STATE };

// The partition that a call is about when the step names none.
enum call_default { DEFAULT_NULL, DEFAULT_NEXT, DEFAULT_RUNNING };

struct call_row {
    const char *name; // the function without esp_ota_: the step's verb
    const char *word; // in addresses of crash states: "confirm"
    const char *main; // the argument that may be given alone: `write: new`; NULL: it takes none
    unsigned takes;   // bits of enum call_argument
    enum call_default partition;
    enum call_result gives;
    bool resets; // it is meant to end in a reset
    // What it is to an update that is made of calls (update_of_position).
    enum { OF_NO_UPDATE, BEGINS_UPDATE, WRITES_UPDATE, SELECTS_UPDATE, ABORTS_UPDATE } part;
    const char *help; // one line, Markdown: what the function does
};

#define CALL_COUNT_ONE(NAME, symbol) +1
#define CALL_COUNT                   (0 CALLS(CALL_COUNT_ONE))
const struct call_row *call_row(enum ota_call call);

// The call of that name; false: there is none.
bool call_find(const char *name, enum ota_call *out);

// ---- of a step ----------------------------------------------------------------------------------

bool step_returns_code(const struct step *step);
bool step_resets(const struct step *step);      // it is meant to end in a reset
const char *step_word(const struct step *step); // in addresses: "update", "set_boot"

#endif
