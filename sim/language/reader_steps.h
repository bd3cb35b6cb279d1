// Reads `steps`.
#ifndef SIM_LANGUAGE_READER_STEPS_H
#define SIM_LANGUAGE_READER_STEPS_H

#include "reading.h"

// The value of `steps`, or of a `repeat`: appended to `steps`, which the caller frees with the scenario.
void read_steps(struct reading *reading, const struct yaml_node *node, struct step **steps, size_t *count);

// What a step is called in narrations and reports.
__attribute__((format(printf, 2, 3))) void set_title(struct step *step, const char *format, ...);

#endif
