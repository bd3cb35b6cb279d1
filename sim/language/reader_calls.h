// Reads the steps that call a function of the firmware.
#ifndef SIM_LANGUAGE_READER_CALLS_H
#define SIM_LANGUAGE_READER_CALLS_H

#include "reading.h"

// `step` has its `returns` already; kind, arguments and title are filled.
void read_call(struct reading *reading, const struct yaml_node *node, enum ota_call call, struct step *step);

// What `update` is given. False: its image is not known, which was reported.
bool read_update_step(struct reading *reading, const struct yaml_node *node, struct update_step *update);

#endif
