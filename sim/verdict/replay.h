// One crash state, played slowly: what was cut, what it left, how the device comes back, and the verdict.
#ifndef SIM_VERDICT_REPLAY_H
#define SIM_VERDICT_REPLAY_H

#include <stdbool.h>

#include "../base/error.h"
#include "../language/scenario.h"

// Tells the crash state of an address, line by line. `flash_file` (NULL: none) gets the torn flash image. False:
// `error` says what is wrong with the address.
bool exploration_replay(const struct scenario *scenario, const struct release_profile *release,
                        const char *address, const char *flash_file,
                        void (*line)(void *context, unsigned depth, const char *text), void *context,
                        struct error *error);

#endif
