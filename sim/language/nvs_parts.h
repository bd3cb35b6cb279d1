// NVS in a scenario: what steps, images, initial contents and expectations say of it.
#ifndef SIM_LANGUAGE_NVS_PARTS_H
#define SIM_LANGUAGE_NVS_PARTS_H

#include "../provision/nvs_item.h"

// Which value is meant.
struct nvs_name {
    char partition[NVS_PART_NAME_MAX_SIZE + 1]; // label
    char name_space[NVS_NS_NAME_MAX_SIZE];      // "": all of the partition
    char key[NVS_KEY_NAME_MAX_SIZE];            // "": all of the namespace
};

// A value that is expected.
struct nvs_expected {
    struct nvs_name name;
    bool absent;            // it is not there
    struct nvs_value value; // owned
};

// What a key has to be for an app to act (`if` of what it does).
struct nvs_condition {
    struct nvs_name name;
    enum {
        NVS_KEY_THERE,
        NVS_KEY_ABSENT,
        NVS_KEY_EQUALS,   // `value`
        NVS_KEY_AT_LEAST, // `number`, of a u32; one that is not there is 0
        NVS_KEY_AT_MOST
    } what;
    struct nvs_value value; // owned
    uint32_t number;
};

struct nvs_step {
    struct nvs_name name;
    struct nvs_value value; // nvs_set: what is set; nvs_get: only its type; owned
    uint32_t at_most;       // nvs_count: it stops there
    bool commit;            // nvs_commit is called before the handle is closed
};

#endif
