// Update code as an app contains it, and what is noted of it while it runs on the board. Private to this
// folder.
#ifndef SIM_PLAY_PROGRAM_H
#define SIM_PLAY_PROGRAM_H

#include "../../ota/include/nvs.h"
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

// An update that can go on after a loss of power: how far it came is kept in NVS.
struct download {
    const struct program *program;
    nvs_handle_t store; // 0: nothing is kept
    uint32_t done;      // bytes that are there
};

// False: a call failed, which was noted.
bool progress_open(struct download *download);
bool progress_keep(const struct download *download, size_t done);
bool progress_forget(
    const struct download *download); // whatever came of it, the next one begins at its beginning

// An update by esp_https_ota. True: the image was selected.
bool https_update(const struct program *program);

// Tells what becomes of the image in a partition.
void program_reach(const struct program *program, enum event_kind kind, const esp_partition_t *partition);

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
