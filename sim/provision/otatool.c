#include "otatool.h"

#include <inttypes.h>
#include <string.h>

#include "otadata_image.h"
#include "partition_layout.h"
#include "partition_rules.h"

// ---- where things are ---------------------------------------------------------------------------

const struct partition_entry *otatool_otadata(const struct partition_table_layout *layout) {
    return partition_find_type(layout, TYPE_DATA, DATA_OTA);
}

bool otatool_slot(const struct partition_table_layout *layout, const struct otatool_target *target,
                  uint32_t *slot, const struct partition_entry **partition, struct error *error) {
    uint32_t count = otatool_slot_count(layout);
    *slot = target->slot < 0 || target->slot > UINT32_MAX ? UINT32_MAX : (uint32_t)target->slot;
    if (target->name != NULL && !otatool_slot_by_name(layout, target->name, slot, error))
        return false;
    if (count == 0)
        return error_set(error, "No ota app partitions found");
    if (*slot >= count)
        return error_set(error, "Partition to switch to not found");
    for (size_t i = 0; i < layout->count; i++)
        if (layout->entries[i].subtype == (int64_t)(APP_OTA_0 + *slot)) {
            *partition = &layout->entries[i];
            return true;
        }
    return error_set(error, "Partition to switch to not found");
}

// ---- the entries --------------------------------------------------------------------------------

static bool check_length(const struct buffer *otadata, uint32_t sectors_size, struct error *error) {
    if (sectors_size / 2 < OTADATA_ENTRY_SIZE || otadata->length < sectors_size / 2 + OTADATA_ENTRY_SIZE)
        return error_set(error, "the otadata partition (%zu bytes) has no second entry at 0x%" PRIx32,
                         otadata->length, sectors_size / 2);
    return true;
}

static void read_entries(const struct buffer *otadata, uint32_t sectors_size,
                         struct otadata_entry entries[2]) {
    otadata_decode(otadata->bytes, &entries[0]);
    otadata_decode(otadata->bytes + sectors_size / 2, &entries[1]);
}

bool otatool_print(const struct buffer *otadata, uint32_t sectors_size, struct buffer *out,
                   struct error *error) {
    struct otadata_entry entries[2];
    if (!check_length(otadata, sectors_size, error))
        return false;
    read_entries(otadata, sectors_size, entries);
    buffer_printf(out, "             %-8s \t  %-8s | \t  %-8s \t   %-8s\n", "OTA_SEQ", "CRC", "OTA_SEQ",
                  "CRC");
    buffer_printf(out,
                  "Firmware:  0x%06" PRIx32 " \t0x%06" PRIx32 " | \t0x%06" PRIx32 " \t 0x%06" PRIx32 "\n",
                  entries[0].seq, entries[0].crc, entries[1].seq, entries[1].crc);
    return true;
}

// ---- the switch ---------------------------------------------------------------------------------

// otadata_image.h knows entries of 4 KiB sectors; here they may lie elsewhere.
static bool switch_as_original(const struct otadata_entry entries[2], uint32_t slot, uint32_t slot_count,
                               uint8_t changed[2][OTADATA_ENTRY_SIZE], struct error *error) {
    uint8_t image[OTADATA_SIZE];
    otadata_image_build(&entries[0], &entries[1], image);
    if (!otatool_switch(image, slot, slot_count, error))
        return false;
    memcpy(changed[0], image, OTADATA_ENTRY_SIZE);
    memcpy(changed[1], image + OTADATA_SECTOR_SIZE, OTADATA_ENTRY_SIZE);
    return true;
}

// A record that no bootloader will take away again: one on probation would be aborted at the next boot.
static bool is_settled(const struct otadata_entry *entry) {
    return entry->state == OTADATA_VALID || entry->state == OTADATA_UNDEFINED;
}

static bool switch_safely(const struct otadata_entry entries[2], uint32_t slot, uint32_t slot_count,
                          uint8_t changed[2][OTADATA_ENTRY_SIZE], struct error *error) {
    int active = otadata_active(entries), index = 0;
    uint32_t seq = 0;
    otadata_encode(&entries[0], changed[0]);
    otadata_encode(&entries[1], changed[1]);
    if (active >= 0 && is_settled(&entries[active]) && otadata_slot(entries[active].seq, slot_count) == slot)
        return true;
    if (otadata_next_entry(entries, slot, slot_count, false, &index, &seq) != OTADATA_NEXT_OK)
        return error_set(error, "the sequence number is at its end: there is no next one for slot %" PRIu32,
                         slot);
    if (active >= 0 && seq == entries[active].seq) // an equal one would win as entry 0 only
        seq = seq < UINT32_MAX - slot_count ? seq + slot_count : OTADATA_SEQ_BLANK;
    struct otadata_entry entry = otadata_entry_make(seq, OTADATA_UNDEFINED);
    if (!otadata_is_good(&entry))
        return error_set(error, "the next sequence number, %" PRIu32 ", would not count", seq);
    otadata_encode(&entry, changed[index]);
    return true;
}

static void describe_switch(const struct otadata_entry entries[2], uint8_t changed[2][OTADATA_ENTRY_SIZE],
                            struct otatool_switched *switched) {
    *switched = (struct otatool_switched){.entry = -1, .old_base = UINT32_MAX};
    for (int i = 0; i < 2; i++) {
        uint8_t before[OTADATA_ENTRY_SIZE];
        struct otadata_entry after;
        otadata_encode(&entries[i], before);
        otadata_decode(changed[i], &after);
        if (memcmp(before, changed[i], sizeof before) == 0)
            continue;
        switched->entry = i;
        switched->seq = after.seq;
        switched->old_base = entries[1 - i].seq;
    }
}

bool otatool_switch_contents(struct buffer *otadata, uint32_t sectors_size, uint32_t slot,
                             uint32_t slot_count, enum otatool_way way, struct otatool_switched *switched,
                             struct error *error) {
    struct otadata_entry entries[2];
    uint8_t changed[2][OTADATA_ENTRY_SIZE];
    if (!check_length(otadata, sectors_size, error))
        return false;
    if (slot_count == 0)
        return error_set(error, "No ota app partitions found");
    if (slot >= slot_count)
        return error_set(error, "Partition to switch to not found");
    read_entries(otadata, sectors_size, entries);
    if (!(way == OTATOOL_SAFE ? switch_safely(entries, slot, slot_count, changed, error)
                              : switch_as_original(entries, slot, slot_count, changed, error)))
        return false;
    describe_switch(entries, changed, switched);
    uint32_t half = sectors_size / 2;
    if (way == OTATOOL_SAFE && switched->entry >= 0) // the whole sector of that entry is erased
        memset(otadata->bytes + (switched->entry == 0 ? 0 : half), 0xFF,
               switched->entry == 0 || otadata->length - half > half ? half : otadata->length - half);
    memcpy(otadata->bytes, changed[0], OTADATA_ENTRY_SIZE);
    memcpy(otadata->bytes + half, changed[1], OTADATA_ENTRY_SIZE);
    return true;
}
