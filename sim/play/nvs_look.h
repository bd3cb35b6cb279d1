// A look at what NVS holds, and how apps open it.
#ifndef SIM_PLAY_NVS_LOOK_H
#define SIM_PLAY_NVS_LOOK_H

#include "execution.h"

// What a look found.
enum nvs_seen {
    NVS_SEEN_VALUE,  // the value is in `out`, the caller's
    NVS_SEEN_ABSENT, // no such value, or one of another type
    NVS_SEEN_NO_PARTITION,
    NVS_SEEN_NOT_STARTING // start-up of NVS ends in an error: *code
};

// The value as an app would find it after the next start-up of NVS; NVS_TYPE_ANY: of whatever type it is. The board is not changed: the library runs
// on a copy. The observer sees the whole partition being read.
enum nvs_seen nvs_look(struct board *board, const struct nvs_name *name, nvs_type_t type,
                       struct nvs_value *out, esp_err_t *code);

// On a board whose app runs, within board_run: opens the namespace, starting NVS first if need be. Returns what
// failed, or ESP_OK; *call gets the last function, a literal.
esp_err_t nvs_open_named(const struct nvs_name *name, bool writes, nvs_handle_t *handle, const char **call);

// On a board whose app runs, within board_run: a hash of a value, whatever its type; NVS_ABSENT: none.
uint32_t nvs_hash_of(const struct nvs_name *name);

// The same of a board that is not touched: of what the next start-up finds.
uint32_t nvs_look_hash(struct board *board, const struct nvs_name *name);

// All values of a partition that nobody speaks of one by one (scenario.nvs_watched, nvs_emptied), added to a hash and
// a number of values. `label`: what the scenario calls the partition. On a board whose app runs, within board_run; and of
// a board that is not touched.
void nvs_read_rest(const char *partition, const char *label, const struct scenario *scenario, uint32_t *rest,
                   uint32_t *count);
void nvs_look_rest(struct board *board, const char *label, const struct scenario *scenario, uint32_t *rest,
                   uint32_t *count);

// True for the first watched key of its partition.
bool nvs_first_of_partition(const struct scenario *scenario, uint32_t watched);

// Within board_run, NVS started: whether an action of an app is to be done.
bool nvs_condition_holds(const struct nvs_condition *condition);

// Within board_run: what a step on NVS does.
void nvs_step_program(struct execution *execution, const struct step *step, struct step_outcome *out);

// Bits of the watched keys that `name` means: one, or all of its namespace.
uint32_t nvs_watched_bits(const struct scenario *scenario, const struct nvs_name *name);

uint32_t nvs_value_hash(const struct nvs_value *value); // never NVS_ABSENT

#endif
