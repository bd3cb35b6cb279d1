// Replays of the vector kinds. Each runs one vector and notes in it what is malformed or what differs.
#ifndef TESTS_CONFORMANCE_REPLAY_H
#define TESTS_CONFORMANCE_REPLAY_H

#include "chip_machine.h"
#include "machine.h"
#include "ota/release_profile.h"
#include "vector.h"

struct replay {
    const struct release_profile *profile;
    const json_t *header; // of the file
    struct machine machine;
    struct chip_machine chips;
};

void replay_boot(struct replay *replay, struct vector *vector);
void replay_api(struct replay *replay, struct vector *vector);
void replay_ptable(struct replay *replay, struct vector *vector);
void replay_image(struct replay *replay, struct vector *vector);
void replay_csv(struct replay *replay, struct vector *vector);
void replay_boot_chips(struct replay *replay, struct vector *vector);
void replay_otatool(struct replay *replay, struct vector *vector);
void replay_nvs(struct replay *replay, struct vector *vector);

#endif
