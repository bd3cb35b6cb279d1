// otadata: which slot boots. The record's format, its predicates and the choice of the next sequence number
// (OD rules).
#ifndef OTA_OTADATA_H
#define OTA_OTADATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OTADATA_ENTRY_SIZE  32u
#define OTADATA_SECTOR_SIZE 0x1000u
#define OTADATA_SIZE        0x2000u // two sectors, an entry at the start of each (OD-1)
#define OTADATA_SEQ_BLANK   0xFFFFFFFFu

enum otadata_state { // OD, "States"; the values of esp_ota_img_states_t
    OTADATA_NEW = 0,
    OTADATA_PENDING_VERIFY = 1,
    OTADATA_VALID = 2,
    OTADATA_INVALID = 3,
    OTADATA_ABORTED = 4
};
#define OTADATA_UNDEFINED 0xFFFFFFFFu

struct otadata_entry {
    uint32_t seq;
    uint8_t label[20];
    uint32_t state;
    uint32_t crc;
};

uint32_t otadata_crc(uint32_t seq); // OD-2
bool otadata_crc_matches(const struct otadata_entry *entry);
bool otadata_is_blocked(const struct otadata_entry *entry); // OD-10
bool otadata_is_good(const struct otadata_entry *entry);    // OD-11
bool otadata_is_empty(const struct otadata_entry *entry);   // OD-12
int otadata_active(const struct otadata_entry entries[2]);  // OD-15: 0, 1 or -1

// Of the entries that are candidates the one with the larger sequence number, entry 0 in a tie; -1: none.
int otadata_newest(const struct otadata_entry entries[2], const bool candidate[2]);

uint32_t otadata_slot(uint32_t seq, uint32_t slot_count); // OD-16; slot_count != 0
const char *otadata_state_name(uint32_t state);           // "PENDING_VERIFY"; "unknown" otherwise

enum otadata_next { OTADATA_NEXT_OK, OTADATA_NEXT_NEVER_ENDS }; // OD-24: some searches never end

// Which entry to write and with which sequence number so that `slot` (< slot_count) is selected (OD-20 to
// OD-24). `in_place`: D5. Both results are
// meaningful with OTADATA_NEXT_OK only.
enum otadata_next otadata_next_entry(const struct otadata_entry entries[2], uint32_t slot,
                                     uint32_t slot_count, bool in_place, int *index, uint32_t *seq);

// All that anybody learns of a record, as far as decisions go. The label says nothing, nor do sequence number and CRC
// of a record whose CRC is wrong, but for being blank: they are written back at most.
struct otadata_gist {
    bool blank;   // the sequence number is
    bool whole;   // the CRC matches
    uint32_t seq; // of a whole record; else 0
    uint32_t
        state; // of a whole record; else PENDING_VERIFY, INVALID, ABORTED as they are (OD-10, BL-20), all others
               // UNDEFINED
};
struct otadata_gist otadata_gist(const struct otadata_entry *entry);
// The same, when somebody knows the CRC of its sequence number.
struct otadata_gist otadata_gist_by_crc(const struct otadata_entry *entry, uint32_t right_crc);

// To and from the 32 bytes in flash (little-endian).
void otadata_encode(const struct otadata_entry *entry, uint8_t bytes[OTADATA_ENTRY_SIZE]);
void otadata_decode(const uint8_t bytes[OTADATA_ENTRY_SIZE], struct otadata_entry *entry);

// Flash access, used by bootloader and app: false on a flash error.
bool otadata_read(uint32_t partition_address, struct otadata_entry entries[2]);

#endif
