#include "flash.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../base/buffer.h"

// Erased sectors and chunks are NULL: nothing to count, nothing to copy, and a fresh chip costs no memory.

struct sector {
    atomic_uint references;
    atomic_bool hashed; // `low` and `high` are set
    _Atomic uint64_t low, high;
    uint8_t bytes[NOR_SECTOR_SIZE];
};

struct flash_chunk {
    atomic_uint references;
    atomic_bool hashed;
    _Atomic uint64_t low, high;
    struct sector *sectors[FLASH_CHUNK_SECTORS];
};

#define FF8  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
#define FF64 FF8, FF8, FF8, FF8, FF8, FF8, FF8, FF8
#define FF1K FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64, FF64
static const uint8_t erased_bytes[NOR_SECTOR_SIZE] = {FF1K, FF1K, FF1K, FF1K};

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static bool inside(const struct flash *flash, uint32_t address, uint32_t length) {
    return length <= flash->size && address <= flash->size - length;
}

static bool whole_sectors(uint32_t address, uint32_t length) {
    return (address | length) % NOR_SECTOR_SIZE == 0;
}

// ---- references ---------------------------------------------------------------------------------

// Gives one up; true: it was the last.
static bool last_reference(atomic_uint *references) {
    unsigned before = atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel);
    assert(before != 0 && "given up more often than taken");
    return before == 1;
}

static void sector_release(struct sector *sector) {
    if (sector != NULL && last_reference(&sector->references))
        free(sector);
}

static void chunk_release(struct flash_chunk *chunk) {
    if (chunk == NULL || !last_reference(&chunk->references))
        return;
    for (uint32_t i = 0; i < FLASH_CHUNK_SECTORS; i++)
        sector_release(chunk->sectors[i]);
    free(chunk);
}

static bool shared(atomic_uint *references) {
    return atomic_load_explicit(references, memory_order_acquire) != 1;
}

// The chunk of an address, for changing: unshared, present.
static struct flash_chunk *chunk_for_change(struct flash *flash, uint32_t index) {
    struct flash_chunk *chunk = flash->chunks[index];
    if (chunk == NULL || shared(&chunk->references)) {
        struct flash_chunk *own = memory_zeroed(1, sizeof *own);
        atomic_init(&own->references, 1);
        if (chunk != NULL) {
            for (uint32_t i = 0; i < FLASH_CHUNK_SECTORS; i++) {
                own->sectors[i] = chunk->sectors[i];
                if (own->sectors[i] != NULL)
                    atomic_fetch_add_explicit(&own->sectors[i]->references, 1, memory_order_relaxed);
            }
            chunk_release(chunk);
        }
        flash->chunks[index] = own;
        return own;
    }
    atomic_store_explicit(&chunk->hashed, false, memory_order_relaxed);
    return chunk;
}

static struct sector **sector_place(struct flash *flash, uint32_t address) {
    uint32_t index = address / NOR_SECTOR_SIZE;
    return &chunk_for_change(flash, index / FLASH_CHUNK_SECTORS)->sectors[index % FLASH_CHUNK_SECTORS];
}

static struct sector *sector_at(const struct flash *flash, uint32_t address) {
    uint32_t index = address / NOR_SECTOR_SIZE;
    const struct flash_chunk *chunk = flash->chunks[index / FLASH_CHUNK_SECTORS];
    return chunk == NULL ? NULL : chunk->sectors[index % FLASH_CHUNK_SECTORS];
}

static struct sector *sector_new(void) {
    struct sector *sector = memory_new(sizeof *sector);
    atomic_init(&sector->references, 1);
    atomic_init(&sector->hashed, false);
    atomic_init(&sector->low, 0);
    atomic_init(&sector->high, 0);
    return sector;
}

// The sector of an address, for changing: unshared, present, its contents as they were.
static struct sector *sector_for_change(struct flash *flash, uint32_t address) {
    struct sector **place = sector_place(flash, address);
    struct sector *sector = *place;
    if (sector != NULL && !shared(&sector->references)) {
        atomic_store_explicit(&sector->hashed, false, memory_order_relaxed);
        return sector;
    }
    struct sector *own = sector_new();
    memcpy(own->bytes, sector == NULL ? erased_bytes : sector->bytes, NOR_SECTOR_SIZE);
    sector_release(sector);
    *place = own;
    return own;
}

// ---- the whole ----------------------------------------------------------------------------------

void flash_init(struct flash *flash, uint32_t size) {
    assert(size != 0 && size <= NOR_SIZE_MAX && whole_sectors(0, size));
    memset(flash, 0, sizeof *flash);
    flash->size = size;
    flash->chunk_count = (size / NOR_SECTOR_SIZE + FLASH_CHUNK_SECTORS - 1) / FLASH_CHUNK_SECTORS;
}

void flash_copy(struct flash *copy, const struct flash *flash) {
    copy->size = flash->size;
    copy->chunk_count = flash->chunk_count;
    for (uint32_t i = 0; i < flash->chunk_count; i++) {
        copy->chunks[i] = flash->chunks[i];
        if (copy->chunks[i] != NULL)
            atomic_fetch_add_explicit(&copy->chunks[i]->references, 1, memory_order_relaxed);
    }
}

void flash_free(struct flash *flash) {
    for (uint32_t i = 0; i < flash->chunk_count; i++)
        chunk_release(flash->chunks[i]);
    flash->chunk_count = 0;
}

// ---- access -------------------------------------------------------------------------------------

const uint8_t *flash_sector(const struct flash *flash, uint32_t address) {
    assert(inside(flash, address, 1));
    const struct sector *sector = sector_at(flash, address);
    return sector == NULL ? erased_bytes : sector->bytes;
}

void flash_read(const struct flash *flash, uint32_t address, void *buffer, uint32_t length) {
    assert(inside(flash, address, length));
    uint8_t *out = buffer;
    while (length != 0) {
        uint32_t offset = address % NOR_SECTOR_SIZE;
        uint32_t part = smaller(length, NOR_SECTOR_SIZE - offset);
        memcpy(out, flash_sector(flash, address) + offset, part);
        out += part;
        address += part;
        length -= part;
    }
}

// Programs into an erased place: the rest of the sector stays 1.
static void program_erased(struct sector **place, uint32_t offset, const uint8_t *data, uint32_t length) {
    struct sector *own = sector_new();
    memset(own->bytes, 0xFF, offset);
    memcpy(own->bytes + offset, data, length);
    memset(own->bytes + offset + length, 0xFF, NOR_SECTOR_SIZE - offset - length);
    *place = own;
}

// A sector of `likely` that holds just these bytes, referenced once more; NULL: it holds others.
static struct sector *share(const struct flash *likely, uint32_t address, const uint8_t *bytes) {
    struct sector *sector = likely == NULL ? NULL : sector_at(likely, address);
    if (sector == NULL || memcmp(sector->bytes, bytes, NOR_SECTOR_SIZE) != 0)
        return NULL;
    atomic_fetch_add_explicit(&sector->references, 1, memory_order_relaxed);
    return sector;
}

static void program_in_sector(struct flash *flash, const struct flash *likely, uint32_t address,
                              const uint8_t *data, uint32_t length) {
    struct sector **place = sector_place(flash, address);
    if (*place != NULL) {
        uint8_t *cells = sector_for_change(flash, address)->bytes + address % NOR_SECTOR_SIZE;
        for (uint32_t i = 0; i < length; i++)
            cells[i] &= data[i];
        return;
    }
    if (length == NOR_SECTOR_SIZE)
        *place = share(likely, address, data);
    if (*place == NULL)
        program_erased(place, address % NOR_SECTOR_SIZE, data, length);
}

void flash_program_sharing(struct flash *flash, const struct flash *likely, uint32_t address,
                           const void *data, uint32_t length) {
    assert(inside(flash, address, length) && (likely == NULL || likely->size == flash->size));
    const uint8_t *in = data;
    while (length != 0) {
        uint32_t part = smaller(length, NOR_SECTOR_SIZE - address % NOR_SECTOR_SIZE);
        program_in_sector(flash, likely, address, in, part);
        in += part;
        address += part;
        length -= part;
    }
}

void flash_program(struct flash *flash, uint32_t address, const void *data, uint32_t length) {
    flash_program_sharing(flash, NULL, address, data, length);
}

void flash_erase(struct flash *flash, uint32_t address, uint32_t length) {
    assert(inside(flash, address, length) && whole_sectors(address, length));
    for (uint32_t end = address + length; address != end; address += NOR_SECTOR_SIZE) {
        if (sector_at(flash, address) == NULL)
            continue;
        struct sector **place = sector_place(flash, address);
        sector_release(*place);
        *place = NULL;
    }
}

void flash_set(struct flash *flash, uint32_t address, const void *data, uint32_t length) {
    assert(inside(flash, address, length));
    const uint8_t *in = data;
    while (length != 0) {
        uint32_t offset = address % NOR_SECTOR_SIZE;
        uint32_t part = smaller(length, NOR_SECTOR_SIZE - offset);
        memcpy(sector_for_change(flash, address)->bytes + offset, in, part);
        in += part;
        address += part;
        length -= part;
    }
}

void flash_take_sector(struct flash *flash, uint32_t address, const struct flash *from,
                       uint32_t from_address) {
    assert(inside(flash, address, 1) && inside(from, from_address, 1));
    struct sector *taken = sector_at(from, from_address);
    if (taken == sector_at(flash, address))
        return;
    struct sector **place = sector_place(flash, address);
    if (taken != NULL)
        atomic_fetch_add_explicit(&taken->references, 1, memory_order_relaxed);
    sector_release(*place);
    *place = taken;
}

// ---- identity -----------------------------------------------------------------------------------

bool content_hash_equal(struct content_hash a, struct content_hash b) {
    return a.low == b.low && a.high == b.high;
}

static struct content_hash digest(const void *bytes, size_t length, uint64_t seed) {
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, length, seed);
    return (struct content_hash){hash.low64, hash.high64};
}

static bool all_erased(const uint8_t *bytes) {
    return memcmp(bytes, erased_bytes, NOR_SECTOR_SIZE) == 0;
}

// Erased contents hash to zero, whether they are NULL or were programmed with FF, so that they add nothing to
// a sum.
static struct content_hash sector_hash(struct sector *sector) {
    if (sector == NULL)
        return (struct content_hash){0, 0};
    if (!atomic_load_explicit(&sector->hashed, memory_order_acquire)) {
        struct content_hash hash = {0, 0};
        if (!all_erased(sector->bytes))
            hash = digest(sector->bytes, NOR_SECTOR_SIZE, 0);
        // Two threads may get here at once: both store the same values.
        atomic_store_explicit(&sector->low, hash.low, memory_order_relaxed);
        atomic_store_explicit(&sector->high, hash.high, memory_order_relaxed);
        atomic_store_explicit(&sector->hashed, true, memory_order_release);
    }
    return (struct content_hash){atomic_load_explicit(&sector->low, memory_order_relaxed),
                                 atomic_load_explicit(&sector->high, memory_order_relaxed)};
}

// Adds a part's hash to a sum in a way that depends on the part's place.
static void add_placed(struct content_hash *sum, struct content_hash part, uint64_t place) {
    if (part.low == 0 && part.high == 0)
        return;
    struct content_hash placed = digest(&part, sizeof part, place + 1);
    sum->low += placed.low;
    sum->high += placed.high;
}

static struct content_hash chunk_hash(struct flash_chunk *chunk) {
    if (chunk == NULL)
        return (struct content_hash){0, 0};
    if (!atomic_load_explicit(&chunk->hashed, memory_order_acquire)) {
        struct content_hash sum = {0, 0};
        for (uint32_t i = 0; i < FLASH_CHUNK_SECTORS; i++)
            add_placed(&sum, sector_hash(chunk->sectors[i]), i);
        atomic_store_explicit(&chunk->low, sum.low, memory_order_relaxed);
        atomic_store_explicit(&chunk->high, sum.high, memory_order_relaxed);
        atomic_store_explicit(&chunk->hashed, true, memory_order_release);
    }
    return (struct content_hash){atomic_load_explicit(&chunk->low, memory_order_relaxed),
                                 atomic_load_explicit(&chunk->high, memory_order_relaxed)};
}

struct content_hash flash_sector_hash(const struct flash *flash, uint32_t address) {
    assert(inside(flash, address, 1));
    return sector_hash(sector_at(flash, address));
}

bool flash_sector_hash_known(const struct flash *flash, uint32_t address) {
    assert(inside(flash, address, 1));
    struct sector *sector = sector_at(flash, address);
    return sector == NULL || atomic_load_explicit(&sector->hashed, memory_order_acquire);
}

struct content_hash flash_chunk_hash(const struct flash *flash, uint32_t address) {
    assert(inside(flash, address, 1));
    return chunk_hash(flash->chunks[address / FLASH_CHUNK_SIZE]);
}

struct content_hash flash_hash(const struct flash *flash) {
    struct content_hash sum = {flash->size, 0};
    for (uint32_t i = 0; i < flash->chunk_count; i++)
        add_placed(&sum, chunk_hash(flash->chunks[i]), i);
    return sum;
}

bool flash_same_sector(const struct flash *a, const struct flash *b, uint32_t address) {
    assert(inside(a, address, 1) && inside(b, address, 1));
    return sector_at(a, address) == sector_at(b, address);
}
