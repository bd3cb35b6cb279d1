// Reads `flash`: initial contents, and entries of otadata.
#ifndef SIM_LANGUAGE_READER_FLASH_H
#define SIM_LANGUAGE_READER_FLASH_H

#include "reading.h"
#include "values.h"

// The value of `flash`.
void read_flash(struct reading *reading, const struct yaml_node *node);

#define OTADATA_ENTRY_BYTES 32u

// States as otadata has them; the value is the number in flash.
extern const struct word state_words[];

// `blank`, or a mapping with seq, state, label, crc, or bytes: 32 bytes into `out`. `fields` (may be NULL):
// the entry's keys stand in this open mapping.
bool read_otadata_entry(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                        uint8_t out[OTADATA_ENTRY_BYTES]);

#endif
