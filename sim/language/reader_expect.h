// Reads expectations.
#ifndef SIM_LANGUAGE_READER_EXPECT_H
#define SIM_LANGUAGE_READER_EXPECT_H

#include "reading.h"

// Appends what a mapping, or a list of mappings, expects. `step` (may be NULL) is what it looks back on: it
// decides what `result` means.
void read_expectations(struct reading *reading, const struct yaml_node *node, const struct step *step,
                       struct expectation **expectations, size_t *count);

#endif
