// What ESP-IDF's otatool does with otadata, beyond the switch of otadata_image.h: HT-20 to HT-29, and a
// switch that cannot lose both records.
#ifndef SIM_PROVISION_OTATOOL_H
#define SIM_PROVISION_OTATOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../base/error.h"
#include "partition_layout.h"

// --spi-flash-sec-size: two sectors together; the second entry lies at half of it (HT-20).
#define OTATOOL_SECTORS_SIZE_DEFAULT 0x2000u

// An app by number or by name, as --slot and --name give it.
struct otatool_target {
    const char *name; // borrowed; NULL: `slot`
    int64_t slot;
};

// The otadata partition; NULL: the table has none.
const struct partition_entry *otatool_otadata(const struct partition_table_layout *layout);

// The partition of a slot. False: otatool's message.
bool otatool_slot(const struct partition_table_layout *layout, const struct otatool_target *target,
                  uint32_t *slot, const struct partition_entry **partition, struct error *error);

// The two lines of read_otadata (HT-23). False: the contents are too short for the entries.
bool otatool_print(const struct buffer *otadata, uint32_t sectors_size, struct buffer *out,
                   struct error *error);

// What a switch changes, for messages.
struct otatool_switched {
    int entry;         // that was written; -1: the slot is selected already, nothing was written
    uint32_t old_base; // sequence number that the new one builds on; UINT32_MAX: none
    uint32_t seq;
};

enum otatool_way {
    OTATOOL_AS_ORIGINAL, // HT-26 to HT-28: both sectors are erased, then written back
    OTATOOL_SAFE         // only the sector of the entry that is not in force is erased and written; its state
                         // becomes UNDEFINED, so that an old INVALID cannot hide the new record (HT-29)
};

// Changes the contents of the otadata partition so that `slot` is selected. On an error they are untouched.
bool otatool_switch_contents(struct buffer *otadata, uint32_t sectors_size, uint32_t slot,
                             uint32_t slot_count, enum otatool_way way, struct otatool_switched *switched,
                             struct error *error);

#endif
