// Update code as an app contains it, and what is noted of it while it runs on the board. Private to this
// folder.
#ifndef SIM_PLAY_PROGRAM_H
#define SIM_PLAY_PROGRAM_H

#include "execution.h"

struct program {
    struct execution *execution;
    const struct update_step *update;
    bool fallback;
    const struct call_step *call;
    esp_ota_handle_t *handle; // of the operation that the call is about
    struct step_outcome *out;
    struct buffer *scratch; // of calls that read: freed by the step, however the program ends
};

// Notes what a call returned; true when it was ESP_OK. `call`: a literal.
bool program_note(const struct program *program, const char *call, esp_err_t code);

// The same of a call that opens an operation, before which `open` operations were open.
bool program_note_begin(const struct program *program, const char *call, const esp_partition_t *partition,
                        uint32_t open, esp_err_t code);

// Operations that are open; `partition` (NULL: any): that write to it.
uint32_t program_count_open(const struct program *program, const esp_partition_t *partition);

// Chooses what boots next, and tells what becomes of it.
void program_select(const struct program *program, const esp_partition_t *partition, const char *call,
                    esp_err_t (*set)(const esp_partition_t *partition));

// A partition by its label; NULL: there is none.
const esp_partition_t *program_find_label(const char *label);

#endif
