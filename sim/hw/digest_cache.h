// Digests of flash ranges, remembered by content: verifying the same image again costs a lookup.
//
// A range is identified by its place within its first sector, its length and the content hashes of the
// sectors that it touches. The cache only saves work: with it and without it, the answers are the same.
#ifndef SIM_HW_DIGEST_CACHE_H
#define SIM_HW_DIGEST_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash.h"

// Any number of boards, on any number of threads, may use the same one.
struct digest_cache;
struct digest_cache *digest_cache_new(void);
void digest_cache_free(struct digest_cache *cache);

// A digest or checksum of `length` bytes from `address`; computed when the cache does not
// have it or is NULL.
void digest_of_range(struct digest_cache *cache, const struct flash *flash, uint32_t address, uint32_t length,
                     uint8_t sha256[32]);
uint8_t checksum_of_range(struct digest_cache *cache, const struct flash *flash, uint32_t address,
                          uint32_t length);

// The same of a sequence of parts, in flash or in `bytes`.
struct digest_part {
    bool in_flash;
    uint32_t address; // in flash, or in `bytes`
    uint32_t length;
};
void digest_of_parts(struct digest_cache *cache, const struct flash *flash, const struct digest_part *parts,
                     size_t count, const uint8_t *bytes, uint8_t sha256[32]);

uint8_t xor_of_bytes(const uint8_t *bytes, uint32_t length);

#endif
