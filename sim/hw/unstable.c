#include "unstable.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../base/buffer.h"

uint64_t mix64(uint64_t a, uint64_t b) {
    uint64_t z = a + 0x9E3779B97F4A7C15u * (b + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void unstable_add(struct unstable_cells **cells, const struct unstable_region *region) {
    if (*cells == NULL)
        *cells = memory_zeroed(1, sizeof **cells);
    struct unstable_cells *list = *cells;
    list->regions = memory_resize(list->regions, (list->count + 1) * sizeof *list->regions);
    list->regions[list->count++] = *region;
}

void unstable_add_erased(struct unstable_cells **cells, uint32_t address, uint32_t length, uint64_t seed,
                         uint8_t zero_chance) {
    for (uint32_t done = 0; done < length; done += NOR_SECTOR_SIZE) {
        struct unstable_region region = {.address = address + done,
                                         .length = NOR_SECTOR_SIZE,
                                         .seed = mix64(seed, done),
                                         .zero_chance = zero_chance,
                                         .mask = {0xFF},
                                         .mask_length = 1};
        unstable_add(cells, &region);
    }
}

struct unstable_cells *unstable_copy(const struct unstable_cells *cells) {
    if (cells == NULL)
        return NULL;
    struct unstable_cells *copy = memory_zeroed(1, sizeof *copy);
    copy->count = cells->count;
    copy->regions = memory_new(cells->count * sizeof *copy->regions);
    memcpy(copy->regions, cells->regions, cells->count * sizeof *copy->regions);
    return copy;
}

void unstable_free(struct unstable_cells *cells) {
    if (cells == NULL)
        return;
    free(cells->regions);
    free(cells);
}

static bool overlaps(const struct unstable_region *region, uint32_t address, uint32_t length) {
    return region->address < address + length && address < region->address + region->length;
}

bool unstable_touches(const struct unstable_cells *cells, uint32_t address, uint32_t length) {
    for (size_t i = 0; cells != NULL && i < cells->count; i++)
        if (overlaps(&cells->regions[i], address, length))
            return true;
    return false;
}

#define EACH_BYTE (UINT64_MAX / 0xFF)

// False: none of the eight bytes is below `bound`. (When one is, those above it may only seem to be.)
static bool any_below(uint64_t bytes, uint8_t bound) {
    return bound > 0x80 || ((bytes - EACH_BYTE * bound) & ~bytes & (EACH_BYTE * 0x80)) != 0;
}

// Which of a byte's cells read 0 this time.
static uint8_t zeros(const struct unstable_region *region, uint64_t read_number, uint32_t address) {
    uint64_t random = mix64(mix64(region->seed, address), read_number);
    uint8_t bits = 0;
    if (!any_below(random, region->zero_chance))
        return 0;
    for (unsigned bit = 0; bit < 8; bit++)
        if ((uint8_t)(random >> (8 * bit)) < region->zero_chance)
            bits |= (uint8_t)(1u << bit);
    return bits;
}

void unstable_disturb(const struct unstable_cells *cells, uint64_t read_number, uint32_t address,
                      uint8_t *bytes, uint32_t length) {
    for (size_t i = 0; cells != NULL && i < cells->count; i++) {
        const struct unstable_region *region = &cells->regions[i];
        if (!overlaps(region, address, length))
            continue;
        uint32_t place = region->address > address ? region->address : address;
        uint32_t end = region->address + region->length;
        end = end < address + length ? end : address + length;
        for (; place < end; place++) {
            uint8_t mask = region->mask[(place - region->address) % region->mask_length];
            if (mask != 0)
                bytes[place - address] &= (uint8_t) ~(mask & zeros(region, read_number, place));
        }
    }
}

static void drop_empty(struct unstable_cells **cells) {
    struct unstable_cells *list = *cells;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->regions[i].length != 0)
            list->regions[kept++] = list->regions[i];
    list->count = kept;
    if (kept == 0) {
        unstable_free(list);
        *cells = NULL;
    }
}

void unstable_erased(struct unstable_cells **cells, uint32_t address, uint32_t length) {
    if (*cells == NULL)
        return;
    for (size_t i = 0; i < (*cells)->count; i++)
        if (overlaps(&(*cells)->regions[i], address,
                     length)) // regions lie within a sector: erased as a whole
            (*cells)->regions[i].length = 0;
    drop_empty(cells);
}

void unstable_programmed(struct unstable_cells **cells, uint32_t address, const uint8_t *data,
                         uint32_t length) {
    if (*cells == NULL)
        return;
    for (size_t i = 0; i < (*cells)->count; i++) {
        struct unstable_region *region = &(*cells)->regions[i];
        // Only regions with a mask of their own a byte can lose single cells; a weak sector stays weak until
        // it is erased.
        if (!overlaps(region, address, length) || region->mask_length < region->length)
            continue;
        for (uint32_t k = 0; k < region->length; k++) {
            uint32_t place = region->address + k;
            if (place >= address && place < address + length)
                region->mask[k] &= data[place - address];
        }
    }
}

struct content_hash unstable_hash(const struct unstable_cells *cells) {
    struct content_hash sum = {0, 0};
    for (size_t i = 0; cells != NULL && i < cells->count; i++) {
        const struct unstable_region *region = &cells->regions[i];
        uint64_t head[4] = {region->address, region->length, region->seed, region->zero_chance};
        XXH128_hash_t a = XXH3_128bits(head, sizeof head);
        XXH128_hash_t b = XXH3_128bits_withSeed(region->mask, region->mask_length, a.low64);
        sum.low += a.low64 ^ b.low64;
        sum.high += a.high64 ^ b.high64;
    }
    return sum;
}
