// Flash contents: cells, nothing else. Time, faults and the journal are the board's business.
//
//      struct flash            chunk (32 sectors)          sector
//      +----------+           +------------------+        +--------------------+
//      | chunk 0 -+---------> | refs | sector 0 -+------> | refs | 4096 bytes  |
//      | chunk 1  |           |      | sector 1  |        | content hash       |
//      | ...      |           |      | ...       |        +--------------------+
//      +----------+           +------------------+
//
// Chunks and sectors are reference-counted and copied when a shared one is written, so a copy of a 16 MiB
// chip takes 128 references. All erased sectors are one object, and so are all erased chunks.
#ifndef SIM_HW_FLASH_H
#define SIM_HW_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nor_chip.h"

#define FLASH_CHUNK_SECTORS 32u
#define FLASH_CHUNK_SIZE    (FLASH_CHUNK_SECTORS * NOR_SECTOR_SIZE)
#define FLASH_CHUNKS_MAX    (NOR_SIZE_MAX / NOR_SECTOR_SIZE / FLASH_CHUNK_SECTORS)

struct flash_chunk;

struct flash {
    uint32_t size; // bytes, a multiple of 4096
    uint32_t chunk_count;
    struct flash_chunk *chunks[FLASH_CHUNKS_MAX];
};

// 128 bits that identify contents: equal contents, equal hash; different contents collide with a chance of
// 2^-128 a pair.
struct content_hash {
    uint64_t low, high;
};

// An erased flash of `size` bytes (a multiple of 4096, at most 32 MiB).
void flash_init(struct flash *flash, uint32_t size);

// `copy` (uninitialised) shares all contents with `flash`; each may be changed without the other noticing.
void flash_copy(struct flash *copy, const struct flash *flash);

void flash_free(struct flash *flash);

// Ranges must lie inside the flash.
void flash_read(const struct flash *flash, uint32_t address, void *buffer, uint32_t length);

// The 4096 bytes of the sector that holds `address`; valid until the flash changes.
const uint8_t *flash_sector(const struct flash *flash, uint32_t address);

// Programs: every cell becomes old AND data (FL-2).
void flash_program(struct flash *flash, uint32_t address, const void *data, uint32_t length);

// The same. Whole sectors that come out with the contents that `likely` has there are shared with it, hash
// and all: when the same image is written again and again, this saves most of the work. NULL: nothing is
// likely.
void flash_program_sharing(struct flash *flash, const struct flash *likely, uint32_t address,
                           const void *data, uint32_t length);

// Erases whole sectors (both multiples of 4096).
void flash_erase(struct flash *flash, uint32_t address, uint32_t length);

// Provisioning and damage: sets bytes regardless of physics.
void flash_set(struct flash *flash, uint32_t address, const void *data, uint32_t length);

// The sector at `address` becomes that of `from` at `from_address`, shared, hash and all.
void flash_take_sector(struct flash *flash, uint32_t address, const struct flash *from,
                       uint32_t from_address);

// Identity of one sector's contents (cached), of a range of whole sectors, and of everything.
struct content_hash flash_sector_hash(const struct flash *flash, uint32_t address);
bool flash_sector_hash_known(const struct flash *flash, uint32_t address); // it would cost nothing
struct content_hash flash_chunk_hash(const struct flash *flash,
                                     uint32_t address); // of the chunk that holds `address`
struct content_hash flash_hash(const struct flash *flash);

// True when both hold the same sector object (a fast, sufficient test of equality).
bool flash_same_sector(const struct flash *a, const struct flash *b, uint32_t address);

bool content_hash_equal(struct content_hash a, struct content_hash b);

#endif
