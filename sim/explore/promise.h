// What the device had promised at an instant: the difference between "the old version boots" being fine and
// being a loss.
//
// A run tells *events* as it goes: which image was started, that a slot was overwritten, selected, confirmed,
// rejected. Folding those before an instant gives the promise that holds there. An image is its content: two
// builds of the same version are two images.
#ifndef SIM_EXPLORE_PROMISE_H
#define SIM_EXPLORE_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_CONTENT 0u // content of no image

#define SLOT_NONE (-1) // the factory or test app's place, or none

#define IMAGE_WORDS_SIZE 64u // what people are told of an image: "old 1.0.0"

enum event_kind {
    EVENT_UPDATING,     // an update begins that is meant to succeed: the one that is interrupted from now on
    EVENT_FOUND,        // the board as it is given, or as somebody at the bench left it: nothing is promised
    EVENT_DECLARED,     // it does not come to rest, and that is how it should be
    EVENT_PIN,          // a pin asks for `image` (the factory or the test app) from now on
    EVENT_POWERED,      // boots until rest begin
    EVENT_RESTED,       // they are through
    EVENT_RUNNING,      // the bootloader started an image
    EVENT_OVERWRITTEN,  // the first operation on a slot's contents is about to be done
    EVENT_SELECTING,    // set_boot_partition is about to be called
    EVENT_SELECTED,     // it returned ESP_OK
    EVENT_REFUSED,      // it returned an error
    EVENT_CONFIRMING,   // mark_app_valid is about to be called
    EVENT_CONFIRMED,    // it returned ESP_OK
    EVENT_CRASHED,      // the app went down by itself
    EVENT_REJECTED,     // mark_app_invalid is about to be called
    EVENT_STAYS,        // it returned an error: the app goes on
    EVENT_LEFT_OPEN,    // begin returned an error, and its operation stays open
    EVENT_TWO_OPEN,     // two operations are open on one partition
    EVENT_NVS_STANDS,   // these keys hold `nvs_value`
    EVENT_NVS_SETTING,  // they are about to be set to it, or erased (NVS_ABSENT)
    EVENT_NVS_COMMITTED // what was last set of these keys is committed
};

#define NVS_WATCHED_MAX 12u        // keys of NVS that promises speak of
#define NVS_ABSENT      0u         // no value has this hash
#define NVS_REST        (1u << 31) // bit of all other values together

struct event {
    enum event_kind kind;
    uint64_t operation;           // operations below this number were done when it happened
    uint64_t image;               // content of the image that it is about
    int32_t slot;                 // its OTA slot, or SLOT_NONE
    char words[IMAGE_WORDS_SIZE]; // the image, for people
    char label[17];               // of its partition
    bool wake;                    // EVENT_RUNNING: from deep sleep
    bool no_trial;                // EVENT_SELECTED: the app that selects was built without rollback
    uint32_t secure_version;
    uint32_t efuse_version; // EVENT_RUNNING: of the eFuse at that time
    uint32_t state;         // EVENT_RUNNING, EVENT_STAYS: otadata state of the slot
    uint32_t update;        // EVENT_UPDATING: its number
    uint32_t unproven;      // EVENT_FOUND: slots of which a record says anything but VALID
    uint32_t nvs_keys;      // EVENT_NVS_...: bits of the keys that are watched,
    uint32_t nvs_value;     // and a hash of their value; NVS_ABSENT: none
    uint32_t nvs_count;     // of NVS_REST: how many values there are
    bool nvs_seen;          // EVENT_NVS_SETTING: the app has just read the key, and found `nvs_was`
    uint32_t nvs_was;
};

// Plain, without padding: compared and hashed as bytes. Zero-initialise. Images are contents.
struct promise {
    uint64_t running;       // what ran last; NO_CONTENT: nothing yet
    uint64_t before;        // what ran when the latest selection was made; NO_CONTENT: there was none
    uint64_t selecting;     // what is being selected right now
    uint64_t selected;      // by the latest selection
    uint64_t confirmed;     // what must boot from now on
    uint64_t by_pin;        // what a held pin asks for
    uint32_t update;        // the latest that began, by its number; 0: none yet
    uint32_t unproven;      // bits of slots: a VALID record of theirs would be untrue
    uint32_t proven_secure; // the highest secure version of an image that was confirmed
    int32_t selected_slot;  // where `selected` stands
    uint32_t nvs_stands[NVS_WATCHED_MAX]; // hash of what was committed last of each key, NVS_ABSENT: erased
    uint32_t nvs_coming[NVS_WATCHED_MAX]; // of what is being set
    uint32_t nvs_known, nvs_pending;      // bits of keys: the first, the second is meant
    uint32_t nvs_rest, nvs_rest_count;    // of all other values: a hash, and how many there are
    bool given_up;                        // its slot was overwritten before it was tried
    bool tried, confirming;               // what was selected has been started; is confirming itself
    bool rejected;                        // what ran last crashed or rejected itself ...
    bool resigned;                        // ... by its own choice
    bool probation;                       // what ran last was started unconfirmed
    bool pinned;   // what runs is what a pin asked for; `running` is what ran before that
    bool declared; // that it does not come to rest is how it should be
    bool no_trial; // what was selected is not put on a try: the app that selected it knows nothing of that
    uint8_t unused[7]; // 0: where a compiler would pad
};
_Static_assert(sizeof(struct promise) ==
                   6 * sizeof(uint64_t) + (8 + 2 * NVS_WATCHED_MAX) * sizeof(uint32_t) + 16,
               "promises are compared as bytes");

void promise_fold(struct promise *promise, const struct event *event);

// True when the promise allows `image` to be started: what ran, what it may go back to, what was selected or is
// being selected. What was only downloaded may not.
bool promise_allows(const struct promise *promise, uint64_t image);

// The image that is on its try and has to give way when it fails; NO_CONTENT: there is none.
uint64_t promise_on_trial(const struct promise *promise);

// An image on its try that was started before, still unconfirmed.
bool promise_had_its_try(const struct promise *promise, const struct event *running);

#endif
