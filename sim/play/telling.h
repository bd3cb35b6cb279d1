// Telling what happens to those who follow an execution: struct event of the explorer's promises.
#ifndef SIM_PLAY_TELLING_H
#define SIM_PLAY_TELLING_H

#include "execution.h"

// About the image in the partition that begins at `address`. Costs nothing when nobody listens; reads flash
// unobtrusively.
void tell_event(struct execution *execution, enum event_kind kind, uint32_t address, uint32_t state);

// About the app that runs.
void tell_event_of_running(struct execution *execution, enum event_kind kind);

// To the recovery under way, which apps may change slots in: those that were written to since it was last told.
void tell_slots_written(struct execution *execution);

// About no image: the beginning and end of a recovery, and what calls leave open. No recovery notes it.
void tell_moment(struct execution *execution, enum event_kind kind);

// About keys of NVS that are watched: bits of their numbers, and a hash of their value. Costs nothing when
// nobody listens.
void tell_nvs(struct execution *execution, enum event_kind kind, uint32_t keys, uint32_t value);

// A key, or all that are watched of a namespace, is about to be set to a value with that hash, or erased (NVS_ABSENT).
// Within board_run.
void tell_nvs_setting(struct execution *execution, const struct nvs_name *name, uint32_t value);

// To who follows a run: what an app has found at its start is what stands from then on.
void tell_nvs_reading(struct execution *execution, const struct nvs_reading *reading);

// The board as it lies there, before its first start or after somebody laid hands on it.
void tell_found(struct execution *execution);

// A pin is held from the next boot on. Nothing is told when the bootloader does not look at it.
void tell_pin(struct execution *execution, enum port_pin pin, uint32_t ms);

#endif
