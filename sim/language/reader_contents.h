// Reads bytes: what is put into flash, damage to it, what it is expected to hold.
#ifndef SIM_LANGUAGE_READER_CONTENTS_H
#define SIM_LANGUAGE_READER_CONTENTS_H

#include "reading.h"

struct contents {
    uint32_t at;         // offset within the room
    struct buffer bytes; // owned by the caller
    bool flip;           // the bytes are a mask of bits to turn over
};

enum contents_kind {
    CONTENTS_FLASH = 1,  // `image`, `file`: what may be put into flash
    CONTENTS_FLIP = 2,   // `flip`: what may be done to bytes that are there
    CONTENTS_FILE = 8,   // `file` alone of these
    CONTENTS_PLACED = 4, // `at` means something else here: the room begins where it says
};

// Reads `at` and one of `bytes`, `text`, `fill`, `random`, `image`, `file`, `flip` (as `kinds` allows) from
// an open mapping. They must fit into `room` bytes, the size of `place` ("ota_0"). False: an error was
// reported, nothing is owned.
bool read_contents(struct reading *reading, struct fields *fields, unsigned kinds, uint32_t room,
                   const char *place, struct contents *out);

// True when that many more bytes may be held; else an error at `node`.
bool contents_afford(struct reading *reading, const struct yaml_node *node, uint64_t bytes);

#endif
