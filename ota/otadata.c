#include "otadata.h"

#include <string.h>

#include "crc32.h"
#include "firmware.h"
#include "little_endian.h"
#include "port.h"

uint32_t otadata_crc(uint32_t seq) {
    uint8_t bytes[4];
    le32_put(bytes, seq);
    return crc32_of_record(bytes, sizeof bytes);
}

bool otadata_crc_matches(const struct otadata_entry *entry) {
    return entry->crc == otadata_crc(entry->seq);
}

bool otadata_is_blocked(const struct otadata_entry *entry) {
    return entry->seq == OTADATA_SEQ_BLANK || entry->state == OTADATA_INVALID ||
           entry->state == OTADATA_ABORTED;
}

bool otadata_is_good(const struct otadata_entry *entry) {
    return !otadata_is_blocked(entry) && otadata_crc_matches(entry);
}

bool otadata_is_empty(const struct otadata_entry *entry) {
    return entry->seq == OTADATA_SEQ_BLANK || !otadata_crc_matches(entry);
}

struct otadata_gist otadata_gist(const struct otadata_entry *entry) {
    return otadata_gist_by_crc(entry, otadata_crc(entry->seq));
}

struct otadata_gist otadata_gist_by_crc(const struct otadata_entry *entry, uint32_t right_crc) {
    bool whole = entry->crc == right_crc;
    bool told = whole || entry->state == OTADATA_PENDING_VERIFY || entry->state == OTADATA_INVALID ||
                entry->state == OTADATA_ABORTED;
    return (struct otadata_gist){.blank = entry->seq == OTADATA_SEQ_BLANK,
                                 .whole = whole,
                                 .seq = whole ? entry->seq : 0,
                                 .state = told ? entry->state : OTADATA_UNDEFINED};
}

int otadata_active(const struct otadata_entry entries[2]) {
    bool good[2] = {otadata_is_good(&entries[0]), otadata_is_good(&entries[1])};
    return otadata_newest(entries, good);
}

int otadata_newest(const struct otadata_entry entries[2], const bool candidate[2]) {
    if (candidate[0] && candidate[1])
        return entries[1].seq > entries[0].seq ? 1 : 0;
    return candidate[0] ? 0 : candidate[1] ? 1 : -1;
}

uint32_t otadata_slot(uint32_t seq, uint32_t slot_count) {
    return (seq - 1) % slot_count;
}

const char *otadata_state_name(uint32_t state) {
    switch (state) {
    case OTADATA_NEW:
        return "NEW";
    case OTADATA_PENDING_VERIFY:
        return "PENDING_VERIFY";
    case OTADATA_VALID:
        return "VALID";
    case OTADATA_INVALID:
        return "INVALID";
    case OTADATA_ABORTED:
        return "ABORTED";
    case OTADATA_UNDEFINED:
        return "UNDEFINED";
    default:
        return "unknown";
    }
}

// The firmware tries remainder, remainder + n, remainder + 2n ... in 32-bit arithmetic until it meets a
// number that is not below the active one. This finds the same number directly. When the sums pass 2^32 they
// go on from another remainder, unless n is a power of two; all of them come round again after n passes.
static enum otadata_next number_at_least(uint32_t active_seq, uint32_t remainder, uint32_t n, uint32_t *seq) {
    const uint64_t all = (uint64_t)1 << 32;
    for (uint32_t pass = 0; pass < n; pass++) {
        uint64_t steps = active_seq > remainder ? ((uint64_t)active_seq - remainder + n - 1) / n : 0;
        uint64_t found = remainder + steps * n;
        if (found < all) {
            *seq = (uint32_t)found;
            return OTADATA_NEXT_OK;
        }
        remainder = (uint32_t)((remainder + n - all % n) % n);
    }
    return OTADATA_NEXT_NEVER_ENDS;
}

enum otadata_next otadata_next_entry(const struct otadata_entry entries[2], uint32_t slot,
                                     uint32_t slot_count, bool in_place, int *index, uint32_t *seq) {
    int active = otadata_active(entries);
    if (active < 0) {
        *index = 0;
        *seq = slot + 1;
        return OTADATA_NEXT_OK;
    }
    uint32_t active_seq = entries[active].seq;
    if (otadata_slot(active_seq, slot_count) == slot) {
        *index = in_place ? active : 1 - active;
        *seq = active_seq;
        return OTADATA_NEXT_OK;
    }
    *index = 1 - active;
    return number_at_least(active_seq, (slot + 1) % slot_count, slot_count, seq);
}

void otadata_encode(const struct otadata_entry *entry, uint8_t bytes[OTADATA_ENTRY_SIZE]) {
    le32_put(bytes, entry->seq);
    memcpy(bytes + 4, entry->label, sizeof entry->label);
    le32_put(bytes + 24, entry->state);
    le32_put(bytes + 28, entry->crc);
}

void otadata_decode(const uint8_t bytes[OTADATA_ENTRY_SIZE], struct otadata_entry *entry) {
    entry->seq = le32_get(bytes);
    memcpy(entry->label, bytes + 4, sizeof entry->label);
    entry->state = le32_get(bytes + 24);
    entry->crc = le32_get(bytes + 28);
}

bool otadata_read(uint32_t partition_address, struct otadata_entry entries[2]) {
    for (uint32_t i = 0; i < 2; i++) {
        uint8_t bytes[OTADATA_ENTRY_SIZE];
        uint64_t address = (uint64_t)partition_address + i * OTADATA_SECTOR_SIZE;
        if ((!firmware_in_bootloader() && address + sizeof bytes > firmware_flash_size()) ||
            !port_flash_read_record((uint32_t)address, bytes, sizeof bytes))
            return false;
        otadata_decode(bytes, &entries[i]);
    }
    return true;
}
