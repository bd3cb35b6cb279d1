// Reads what apps do, `at_boot` and `boots`: once images and partitions have their names.
#ifndef SIM_LANGUAGE_READER_BEHAVIOUR_H
#define SIM_LANGUAGE_READER_BEHAVIOUR_H

#include "reading.h"
#include "values.h"

extern const struct word reset_reason_words[];

void mark_behaviour(struct fields *fields); // its keys in an image are known, and exclude each other

// `board` and `images`: the values of these keys, or NULL.
void read_behaviours(struct reading *reading, const struct yaml_node *board, const struct yaml_node *images);

#endif
