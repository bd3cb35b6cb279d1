// otadata as the factory floor and otatool make it: the 8 KiB of the partition.
#ifndef SIM_PROVISION_OTADATA_IMAGE_H
#define SIM_PROVISION_OTADATA_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/otadata.h"
#include "../base/error.h"
#include "partition_layout.h"

// An entry with that sequence number and state, a right CRC, and FF for a label.
struct otadata_entry otadata_entry_make(uint32_t seq, uint32_t state);

// The partition's contents with the two entries; NULL: that entry is blank. Everything else is FF (OD-1).
void otadata_image_build(const struct otadata_entry *first, const struct otadata_entry *second,
                         uint8_t image[OTADATA_SIZE]);

// How many slots otatool sees: subtypes 0x10, 0x11, ... up to the first gap, in partitions of any type
// (HT-25).
uint32_t otatool_slot_count(const struct partition_table_layout *layout);

// The slot's number by its partition's name. False: otatool's message.
bool otatool_slot_by_name(const struct partition_table_layout *layout, const char *name, uint32_t *slot,
                          struct error *error);

// What `otatool switch_ota_partition` writes back: only 8 bytes of one entry change, its state and label stay
// (HT-26 to HT-28). False: no such slot, no slots at all, or a sequence number beyond 32 bits; the image is
// untouched.
bool otatool_switch(uint8_t image[OTADATA_SIZE], uint32_t slot, uint32_t slot_count, struct error *error);

#endif
