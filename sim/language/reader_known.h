// Reads `explore: {known: ..., platform_hazards: ...}`.
#ifndef SIM_LANGUAGE_READER_KNOWN_H
#define SIM_LANGUAGE_READER_KNOWN_H

#include "reading.h"

// The value of `known`.
void read_known_violations(struct reading *reading, const struct yaml_node *node);

// The value of `platform_hazards`.
void read_platform_hazards(struct reading *reading, const struct yaml_node *node);

#endif
