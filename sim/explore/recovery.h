// How a device came back: from a reset to rest.
#ifndef SIM_EXPLORE_RECOVERY_H
#define SIM_EXPLORE_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "promise.h"

enum recovery_end {
    RECOVERY_SETTLED,          // an app runs and stays
    RECOVERY_BOOT_LOOP,        // apps are started and fail, for ever or as often as is waited for
    RECOVERY_NOTHING_BOOTABLE, // the bootloader starts no image, again and again
    RECOVERY_POWER_LOST        // a planned cut came due: it is to be recovered again
};

// "settled", "boot loop", "nothing bootable", "power lost"
const char *recovery_end_name(enum recovery_end end);

#define STATE_NOT_RECORDED  0xFFFFFFFEu // no otadata entry speaks of the slot
#define RECOVERY_EVENTS_MAX 96u

struct slot_record { // what an otadata entry with a right checksum says
    int32_t slot;    // SLOT_NONE: the entry is not one
    uint32_t state;
};

// What an app that has just started reads in NVS. Plain.
struct nvs_reading {
    bool read;                        // it got so far
    int32_t start;                    // what start-up of NVS gave
    uint32_t values[NVS_WATCHED_MAX]; // hashes of the watched keys' values; NVS_ABSENT: none
    uint32_t rest, rest_count;        // of all other values, see struct promise
    uint32_t events;                  // of the recovery, before it
};

// Plain: no pointers, padding zeroed, so that recoveries can be compared and hashed as bytes, recovery_size of them.
struct recovery {
    enum recovery_end end;
    uint32_t boots;         // boot attempts, the last one included
    uint32_t address, size; // of the partition that runs, or was started last; 0, 0: none was
    char label[17];
    char version[33];             // of the descriptor there; "" when it has none
    char words[IMAGE_WORDS_SIZE]; // that image, for people
    int32_t image;                // of the workload's images, that one; -1: none of them
    uint64_t content;             // of that image; NO_CONTENT when nobody judges
    int32_t slot;                 // its OTA slot, or SLOT_NONE
    uint32_t state;               // of that slot in otadata at the end, or STATE_NOT_RECORDED
    struct slot_record records[2];
    uint32_t efuse_version; // bits burned, at the end

    struct nvs_reading nvs_first, nvs_last; // of its boots

    // What an exploration finds out besides.
    uint32_t erases_max;    // erases of the sector erased most often
    bool left_open;         // before it, a begin that failed left its operation open, or two were on one slot
    uint32_t custom_broken; // bits: the scenario's own invariants that do not hold
    bool retried;           // the update was run again
    bool retry_succeeded;
    char retry_story[96]; // "esp_ota_begin returned ESP_ERR_NOT_FOUND"

    bool overfull; // more events than there is room for: the last ones are missing

    // Last: a remembered recovery is stored without those that it does not have.
    uint32_t event_count;
    struct event events[RECOVERY_EVENTS_MAX];
};

// All zeros, without events. Events that are not there hold anything.
void recovery_clear(struct recovery *recovery);

// Appends. A full list keeps the first ones, and the recovery does not count as settled.
void recovery_event(struct recovery *recovery, const struct event *event);

// Bytes up to the last event that is there.
size_t recovery_size(const struct recovery *recovery);

// Copies all but events that are not there.
void recovery_copy(struct recovery *copy, const struct recovery *recovery);

#endif
