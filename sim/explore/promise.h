// What the device had promised at an instant: the difference between "the old version boots" being fine and
// being a loss.
//
// A run tells *events* as it goes: which image was started, that an update began, that it was selected,
// confirmed, rejected. Folding those before an instant gives the promise that holds there.
#ifndef SIM_EXPLORE_PROMISE_H
#define SIM_EXPLORE_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_RUNNING,    // the bootloader started an image
    EVENT_BEGUN,      // an update to `version` begins
    EVENT_SELECTING,  // set_boot_partition is about to be called
    EVENT_SELECTED,   // it returned ESP_OK
    EVENT_CONFIRMING, // mark_app_valid is about to be called
    EVENT_CONFIRMED,  // it returned ESP_OK
    EVENT_REJECTED    // mark_app_invalid is about to be called, or the app crashed
};

struct event {
    enum event_kind kind;
    uint64_t operation; // operations below this number were done when it happened
    char version[33];
    char label[17];
    uint32_t secure_version;
    uint32_t efuse_version; // EVENT_RUNNING: of the eFuse at that time
    uint32_t state;         // EVENT_RUNNING: otadata state with which it was started
};

// Plain, without padding: compared and hashed as bytes. Zero-initialise.
struct promise {
    char old_version[33]; // what ran when the latest update (or selection) began; "": nothing yet
    char new_version[33]; // what it brings; "": no update under way
    char running[33];     // what ran last
    char untried[33];     // selected before, and not yet started when the latest update began; ""
    char confirmed[33];   // what must boot from now on; ""
    bool begun, selected, tried, confirming, rejected;
};

void promise_fold(struct promise *promise, const struct event *event);

#endif
