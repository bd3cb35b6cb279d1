// How much of a segment is mapped at once while it is read (CH-26).
#ifndef OTA_MAP_PIECES_H
#define OTA_MAP_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "chip_target.h"

// The bytes of a piece of the segment whose data lies at flash address `data`, with MMU pages of `page` bytes. The
// bootloader has a fixed number of pages for that. An app has those that its own segments leave free; that they
// lie in one run, from the end of the app's to the end of the window, is an assumption.
uint32_t map_piece_size(bool in_bootloader, uint32_t data, uint32_t page);

#endif
