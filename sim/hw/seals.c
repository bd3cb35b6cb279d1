#include "seals.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/buffer.h"

struct known_image {
    uint8_t digest[SEAL_SIZE];
    uint32_t length;    // of the bytes that it covers
    bool whole;         // somebody has found these very bytes whole
    struct flash flash; // holds them, from 0
};

struct seals {
    struct known_image *images;
    size_t count;
};

struct seals *seals_new(void) {
    return memory_zeroed(1, sizeof(struct seals));
}

struct seals *seals_copy(const struct seals *seals) {
    struct seals *copy = seals_new();
    copy->count = seals->count;
    copy->images = memory_zeroed(seals->count + 1, sizeof *copy->images);
    for (size_t i = 0; i < seals->count; i++) {
        const struct known_image *image = &seals->images[i];
        copy->images[i].length = image->length;
        memcpy(copy->images[i].digest, image->digest, SEAL_SIZE);
        flash_copy(&copy->images[i].flash, &image->flash);
    }
    return copy;
}

void seals_free(struct seals *seals) {
    if (seals == NULL)
        return;
    for (size_t i = 0; i < seals->count; i++)
        flash_free(&seals->images[i].flash);
    free(seals->images);
    free(seals);
}

static struct known_image *find(const struct seals *seals, const uint8_t digest[SEAL_SIZE]) {
    for (size_t i = 0; i < seals->count; i++)
        if (memcmp(seals->images[i].digest, digest, SEAL_SIZE) == 0)
            return &seals->images[i];
    return NULL;
}

void seals_add(struct seals *seals, const uint8_t *image, uint32_t length) {
    uint8_t digest[SEAL_SIZE];
    if (length <= SEAL_SIZE || find(seals, image + length - SEAL_SIZE) != NULL)
        return;
    length -= SEAL_SIZE;
    (void)EVP_Digest(image, length, digest, NULL, EVP_sha256(), NULL);
    if (memcmp(digest, image + length, SEAL_SIZE) != 0)
        return;
    seals->images = memory_resize(seals->images, (seals->count + 1) * sizeof *seals->images);
    struct known_image *known = &seals->images[seals->count++];
    *known = (struct known_image){.length = length};
    memcpy(known->digest, digest, SEAL_SIZE);
    flash_init(&known->flash, (length + NOR_SECTOR_SIZE - 1) / NOR_SECTOR_SIZE * NOR_SECTOR_SIZE);
    flash_set(&known->flash, 0, image, length);
}

// ---- what is known ------------------------------------------------------------------------------

static bool all(const uint8_t digest[SEAL_SIZE], uint8_t value) {
    for (uint32_t i = 0; i < SEAL_SIZE; i++)
        if (digest[i] != value)
            return false;
    return true;
}

// True when a sector's worth of the image, from `at`, differs from what the flash holds.
static bool differs(const struct known_image *known, const struct flash *flash, uint32_t start, uint32_t at) {
    uint32_t rest = known->length - at;
    if (rest >= NOR_SECTOR_SIZE)
        return !content_hash_equal(flash_sector_hash(flash, start + at),
                                   flash_sector_hash(&known->flash, at));
    return memcmp(flash_sector(flash, start + at), flash_sector(&known->flash, at), rest) != 0;
}

// The bytes from `at` that are compared at once.
static uint32_t part_at(const struct known_image *known, uint32_t start, uint32_t at) {
    bool chunk = (start + at) % FLASH_CHUNK_SIZE == 0 && at % FLASH_CHUNK_SIZE == 0 &&
                 known->length - at >= FLASH_CHUNK_SIZE;
    return chunk ? FLASH_CHUNK_SIZE : NOR_SECTOR_SIZE;
}

// True when the part of the image at `at` differs from what the flash holds.
static bool part_differs(const struct known_image *known, const struct flash *flash, uint32_t start,
                         uint32_t at) {
    if (part_at(known, start, at) == FLASH_CHUNK_SIZE)
        return !content_hash_equal(flash_chunk_hash(flash, start + at), flash_chunk_hash(&known->flash, at));
    return differs(known, flash, start, at);
}

enum seal seals_say(const struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length) {
    uint8_t digest[SEAL_SIZE];
    flash_read(flash, start + length, digest, SEAL_SIZE);
    if (all(digest, 0xFF) || all(digest, 0))
        return SEAL_BROKEN;
    const struct known_image *known = find(seals, digest);
    if (known == NULL || start % NOR_SECTOR_SIZE != 0)
        return SEAL_UNKNOWN;
    if (known->length != length)
        return SEAL_BROKEN;
    for (uint32_t at = 0; at < length; at += part_at(known, start, at))
        if (part_differs(known, flash, start, at))
            return SEAL_BROKEN;
    return known->whole ? SEAL_WHOLE : SEAL_UNKNOWN;
}

void seals_learn_whole(struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length) {
    uint8_t digest[SEAL_SIZE];
    flash_read(flash, start + length, digest, SEAL_SIZE);
    struct known_image *known = find(seals, digest);
    if (known != NULL)
        known->whole = true;
}

// The same, but for what lies in [first, end).
static bool differs_beside(const struct known_image *known, const struct flash *flash, uint32_t start,
                           uint32_t at, uint32_t first, uint32_t end) {
    const uint8_t *there = flash_sector(flash, start + at), *image = flash_sector(&known->flash, at);
    uint32_t size = known->length - at < NOR_SECTOR_SIZE ? known->length - at : NOR_SECTOR_SIZE;
    uint32_t from = first > start + at ? first - (start + at) : 0;
    uint32_t to = end - (start + at) < size ? end - (start + at) : size;
    from = from < size ? from : size;
    return memcmp(there, image, from) != 0 || memcmp(there + to, image + to, size - to) != 0;
}

enum seal seals_beside(const struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length,
                       uint32_t first, uint32_t end) {
    uint8_t digest[SEAL_SIZE];
    if (first < start + length + SEAL_SIZE && end > start + length)
        return SEAL_UNKNOWN; // the digest itself is in question
    flash_read(flash, start + length, digest, SEAL_SIZE);
    if (all(digest, 0xFF) || all(digest, 0))
        return SEAL_BROKEN;
    const struct known_image *known = find(seals, digest);
    if (known == NULL || start % NOR_SECTOR_SIZE != 0)
        return SEAL_UNKNOWN;
    if (known->length != length)
        return SEAL_BROKEN;
    for (uint32_t at = 0; at < length; at += NOR_SECTOR_SIZE) {
        bool within = start + at < end && first < start + at + NOR_SECTOR_SIZE;
        if (within ? differs_beside(known, flash, start, at, first, end) : differs(known, flash, start, at))
            return SEAL_BROKEN;
    }
    return known->whole ? SEAL_WHOLE : SEAL_UNKNOWN;
}

bool seals_match_within(const struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length,
                        uint32_t first, uint32_t end) {
    uint8_t digest[SEAL_SIZE];
    flash_read(flash, start + length, digest, SEAL_SIZE);
    const struct known_image *known = find(seals, digest);
    assert(known != NULL && known->length == length);
    first = first > start ? first - start : 0;
    end = end > start + length ? length : end - start;
    for (uint32_t at = first, part; at < end; at += part) {
        part = NOR_SECTOR_SIZE - at % NOR_SECTOR_SIZE;
        part = part < end - at ? part : end - at;
        if (memcmp(flash_sector(flash, start + at) + at % NOR_SECTOR_SIZE,
                   flash_sector(&known->flash, at) + at % NOR_SECTOR_SIZE, part) != 0)
            return false;
    }
    return true;
}
