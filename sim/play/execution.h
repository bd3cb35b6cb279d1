// Plays a scenario's steps on a board: what app code, the mains and the person at the bench do. No verdicts,
// no reports: the runner and the explorer put those on top.
#ifndef SIM_PLAY_EXECUTION_H
#define SIM_PLAY_EXECUTION_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/include/esp_ota_ops.h"
#include "../base/error.h"
#include "../guest/guest.h"
#include "../hw/board.h"
#include "../language/scenario.h"
#include "recovery.h"

// ---- an execution -------------------------------------------------------------------------------

struct narrator; // narration.h; NULL: silent

#define EXECUTION_HANDLES_MAX 24u

struct execution {
    const struct scenario *scenario;
    struct board *board;
    uint32_t boots_max;
    struct narrator *narrator; // borrowed; NULL: nobody listens
    // Told what happens, as it happens; NULL: nobody listens.
    void (*event)(void *context, const struct event *event);
    void *event_context;
    struct heard *heard; // what goes over the network is noted there (heard.h); borrowed; NULL: it is not
    bool judged;         // somebody needs to know images by their content

    // State, set by the functions below.
    uint32_t position;
    struct recovery *recovering;  // under way: events are noted there; NULL: none
    size_t entries_told;          // of the board's journal, to it: slots that they write to
    bool wakes;                   // the boot under way is a wake from deep sleep
    bool powered;                 // has been booted at least once
    bool app_runs;                // an app is at rest in RAM: calls are possible
    struct guest *guest;          // the user's own code that runs as app; NULL: none does
    struct guest_host guest_host; // what this execution is to it
    struct app_handle {
        const char *name; // borrowed from the scenario
        esp_ota_handle_t value;
    } handles[EXECUTION_HANDLES_MAX];
    uint32_t handle_count;
    void *https_handle;   // of esp_https_ota_begin; NULL: none
    uint32_t cipher_left; // bytes of an encrypted image's header that decryption has still to drop
    uint32_t pins[PORT_PINS];
    const struct power_loss_step *planned_cut; // for the step that comes next; NULL: none
    struct recovery boot;                      // the latest; last: execution_init relies on it
};

// Everything not given is zero: nothing runs, nobody listens.
void execution_init(struct execution *execution, const struct scenario *scenario, struct board *board);

// After board_load: forgets what lived in RAM. Nothing runs.
void execution_reset(struct execution *execution);

// ---- one step -----------------------------------------------------------------------------------

enum step_end {
    STEP_DONE, // what it returned, if anything, is in the outcome
    STEP_POWER_CUT, // the power went while it ran, or a planned reset came; the device has come back since (`boot`)
    STEP_NO_APP,    // it needs an app that runs, and none does: `problem` says why
    STEP_IMPOSSIBLE // the scenario asks for what cannot be done: `problem` says why
};

struct step_outcome {
    enum step_end end;
    bool returned;    // a firmware call returned a code
    const char *call; // the first that failed, else the last one; a literal
    esp_err_t code;
    bool selected;              // an update was selected, or is where it belongs
    enum board_end program_end; // how the step's program ended; BOARD_RETURNED also when it ran none
    const char *program_why;    // literal; NULL
    bool has_partition;         // calls that give a partition
    bool partition_null;
    char partition[17];       // its label
    bool has_text, has_bytes; // calls that give a version, or bytes
    char text[100];           // up to 32 bytes: "e9 00"
    bool has_number;          // calls that give a number, a truth value or a state
    uint64_t number;
    bool booted; // the step booted the board: execution->boot is its outcome
    bool cut_planned, cut_fired;
    bool cut_resets; // it is no loss of power
    struct board_statistics before, after;
    uint64_t start_ns, end_ns;
    uint64_t first_operation, end_operation; // [first, end) of the board's operations
    char problem[200];
};

// Executes a step, boots and recoveries that follow from it included. STEP_EXPECT does nothing. A
// STEP_POWER_LOSS is kept for the next step that runs firmware; the cut is resolved by a rehearsal on a copy
// of the board when it is given as a byte or a share.
void execution_step(struct execution *execution, uint32_t position, const struct step *step,
                    struct step_outcome *out);

#endif
