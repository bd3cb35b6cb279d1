#include "otadata_image.h"

#include <string.h>

#define SECOND_ENTRY      (OTADATA_SIZE / 2) // where the second entry lies
#define SEQ_AT            0u                 // bytes of an entry that otatool writes (HT-28)
#define CRC_AT            28u
#define FIRST_OTA_SUBTYPE 0x10u
#define OTA_SUBTYPES      16u

struct otadata_entry otadata_entry_make(uint32_t seq, uint32_t state) {
    struct otadata_entry entry = {.seq = seq, .state = state, .crc = otadata_crc(seq)};
    memset(entry.label, 0xFF, sizeof entry.label);
    return entry;
}

void otadata_image_build(const struct otadata_entry *first, const struct otadata_entry *second,
                         uint8_t image[OTADATA_SIZE]) {
    memset(image, 0xFF, OTADATA_SIZE);
    if (first != NULL)
        otadata_encode(first, image);
    if (second != NULL)
        otadata_encode(second, image + SECOND_ENTRY);
}

// ---- otatool switch_ota_partition ---------------------------------------------------------------

// The first partition whose subtype is that of a slot. Its type is not looked at (HT-25).
static const struct partition_entry *slot_partition(const struct partition_table_layout *layout,
                                                    uint32_t slot) {
    for (size_t i = 0; i < layout->count; i++)
        if (layout->entries[i].subtype == FIRST_OTA_SUBTYPE + slot)
            return &layout->entries[i];
    return NULL;
}

uint32_t otatool_slot_count(const struct partition_table_layout *layout) {
    uint32_t count = 0;
    while (count < OTA_SUBTYPES && slot_partition(layout, count) != NULL)
        count++;
    return count;
}

static bool fail_no_slots(struct error *error) {
    return error_set(error, "No ota app partitions found");
}

static bool fail_no_such_slot(struct error *error) {
    return error_set(error, "Partition to switch to not found");
}

bool otatool_slot_by_name(const struct partition_table_layout *layout, const char *name, uint32_t *slot,
                          struct error *error) {
    uint32_t count = otatool_slot_count(layout);
    if (count == 0)
        return fail_no_slots(error);
    for (*slot = 0; *slot < count; ++*slot)
        if (strcmp(slot_partition(layout, *slot)->name, name) == 0)
            return true;
    return fail_no_such_slot(error);
}

static bool counts(const struct otadata_entry *entry) { // HT-26
    return entry->seq < OTADATA_SEQ_BLANK && entry->crc == otadata_crc(entry->seq);
}

// The entry that the new sequence number builds on; -1: none.
static int base_entry(const struct otadata_entry entries[2]) {
    bool first = counts(&entries[0]), second = counts(&entries[1]);
    if (first && second)
        return entries[1].seq > entries[0].seq;
    return first ? 0 : second ? 1 : -1;
}

// HT-27. Numbers may pass 32 bits here, as they do in the tool.
static uint64_t next_seq(const struct otadata_entry *base, uint32_t slot, uint32_t slot_count) {
    if (base == NULL)
        return (uint64_t)slot + 1;
    uint64_t seq = (slot + 1) % slot_count;
    if (base->seq > seq)
        seq += (base->seq - seq + slot_count - 1) / slot_count * slot_count;
    return seq;
}

static void put32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

bool otatool_switch(uint8_t image[OTADATA_SIZE], uint32_t slot, uint32_t slot_count, struct error *error) {
    if (slot_count == 0)
        return fail_no_slots(error);
    if (slot >= slot_count)
        return fail_no_such_slot(error);
    struct otadata_entry entries[2];
    otadata_decode(image, &entries[0]);
    otadata_decode(image + SECOND_ENTRY, &entries[1]);
    int base = base_entry(entries);
    uint64_t seq = next_seq(base < 0 ? NULL : &entries[base], slot, slot_count);
    if (seq > UINT32_MAX)
        return error_set(error, "the next sequence number, %llu, does not fit into 32 bits",
                         (unsigned long long)seq);
    uint8_t *written = image + (base == 0 ? SECOND_ENTRY : 0);
    put32(written + SEQ_AT, (uint32_t)seq);
    put32(written + CRC_AT, otadata_crc((uint32_t)seq));
    return true;
}
