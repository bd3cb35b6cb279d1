// Addresses of crash states that people can paste: "update/16385/prefix:12+boot/1/clean".
//
// The first part names a step of the scenario, an operation counted from the step's first, and the tear. Each
// further part is a cut in the recovery that follows: "boot", the operation within that recovery, the tear.
#ifndef SIM_EXPLORE_CRASH_ADDRESS_H
#define SIM_EXPLORE_CRASH_ADDRESS_H

#include "../base/buffer.h"
#include "../base/error.h"
#include "explorer.h"

void crash_address_format(const struct recording *recording, const struct crash_path *path,
                          struct buffer *out);
bool crash_address_parse(const struct recording *recording, const char *text, struct crash_path *out,
                         struct error *error);

#endif
