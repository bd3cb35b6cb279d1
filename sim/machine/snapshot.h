// All boots with the same bootloader begin alike: nothing but the bootloader itself, the eFuse and the reset reason has been
// looked at when it first reads flash behind itself (HW-94). There a snapshot is taken; a later boot that would see the same
// up to there goes on from it. What was read is read again and compared: the observer sees it, time passes, and a boot that
// differs runs from the beginning.
#ifndef SIM_MACHINE_SNAPSHOT_H
#define SIM_MACHINE_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/port.h"

struct machine;
struct snapshots;

struct snapshots *snapshots_new(void);
void snapshots_free(struct snapshots *snapshots);

// At the beginning of a boot. True: the machine stands where a snapshot was taken.
bool snapshot_resume(struct machine *machine);

// The machine is reset: what it sees is written down from now on.
void snapshot_watch(struct machine *machine);
void snapshot_note_flash(struct machine *machine, uint32_t address, const void *bytes, uint32_t length);
void snapshot_note_efuse(struct machine *machine, enum port_efuse field, uint32_t value);
void snapshot_note_reset_reason(struct machine *machine);
// It does more than look: no snapshot in this boot.
void snapshot_give_up(struct machine *machine);

// Flash at `address` is about to be read. Takes the snapshot when that lies behind the bootloader.
void snapshot_consider(struct machine *machine, uint32_t address);

#endif
