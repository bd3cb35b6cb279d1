// otadata sectors that lead to the same, taken for one another.
//
// Firmware learns a record's gist (ota/otadata.h), not its bytes; and of what torn erases leave of a record, again
// the gist. So the future of a sector is described by the gists of all that the coarse tears can make of it: its
// *aspects*. Two sectors of equal aspects have equal futures, and each is replaced by the canonical one of them:
// without label and tail, and when no aspect of it is whole, one of a few constant records.
//
//      seq 2  NEW  crc right  -> itself               seq 0  PENDING  crc wrong -> any record that is PENDING and
//      seq 3  NEW  crc wrong  -> a torn record                                      never whole
//
// That holds as long as a sector is read through port_flash_read_record alone, and written by an erase of just this
// sector and programs after it. Runs say when they did otherwise (canonical_otadata_fits); then nothing is replaced.
#ifndef SIM_EXPLORE_CANONICAL_OTADATA_H
#define SIM_EXPLORE_CANONICAL_OTADATA_H

#include "../hw/fault_model.h"
#include "../hw/nv_state.h"
#include "read_set.h"

#define OTADATA_PLACES_MAX 4u

struct otadata_places { // sectors that hold a record, ascending in the order in which they were met
    uint32_t count;
    uint32_t sectors[OTADATA_PLACES_MAX];
};

// Index of the sector that [start, end) touches; -1: none of them.
int otadata_places_touched(const struct otadata_places *places, uint32_t start, uint32_t end);

struct canonical_otadata;

// `tears`: the coarse ones that a recovery is cut with. NULL: some of them do more to a sector than to keep some of
// its bits and to set the others, so nothing can be said.
struct canonical_otadata *canonical_otadata_new(const struct otadata_places *places, uint32_t flash_size,
                                                const struct tear_choice *tears);
void canonical_otadata_free(struct canonical_otadata *canonical);

// Replaces the sectors of a crash state that hold no unstable cells. True: something changed.
bool canonical_otadata_replace(struct canonical_otadata *canonical, struct nv_state *state);

// True when the operations of a run leave sectors as the canonical form takes for granted.
bool canonical_otadata_fits(const struct canonical_otadata *canonical, const struct journal *journal);

#endif
