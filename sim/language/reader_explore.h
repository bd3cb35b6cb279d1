// Reads `explore` and `known`.
#ifndef SIM_LANGUAGE_READER_EXPLORE_H
#define SIM_LANGUAGE_READER_EXPLORE_H

#include "reading.h"

// The value of `explore`.
void read_explore(struct reading *reading, const struct yaml_node *node);

// The value of `known`.
void read_known_bugs(struct reading *reading, const struct yaml_node *node);

// One fault model or a list of them, as bits.
void read_fault_models(struct reading *reading, const struct yaml_node *node, uint32_t *out);

#endif
