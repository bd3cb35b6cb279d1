#include "digest_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <xxhash.h>

#include "../base/buffer.h"

enum digest_kind { DIGEST_SHA256 = 1, DIGEST_XOR = 2, DIGEST_PARTS = 3 };

struct digest_entry {
    struct content_hash key; // low == 0 && high == 0: free
    uint8_t value[32];
};

// Parts of sectors that were hashed last: images begin and end within sectors.
#define PIECES 64u

struct piece {
    uint32_t from, to;
    struct content_hash sector, part;
};

struct digest_cache {
    pthread_mutex_t lock;
    struct piece pieces[PIECES];
    struct digest_entry *entries; // open addressing; at most half full
    size_t capacity, count;
};

struct digest_cache *digest_cache_new(void) {
    struct digest_cache *cache = memory_zeroed(1, sizeof *cache);
    (void)pthread_mutex_init(&cache->lock, NULL);
    cache->capacity = 256;
    cache->entries = memory_zeroed(cache->capacity, sizeof *cache->entries);
    return cache;
}

void digest_cache_free(struct digest_cache *cache) {
    if (cache == NULL)
        return;
    (void)pthread_mutex_destroy(&cache->lock);
    free(cache->entries);
    free(cache);
}

static struct digest_entry *find(struct digest_entry *entries, size_t capacity, struct content_hash key) {
    size_t place = (size_t)key.low & (capacity - 1);
    while ((entries[place].key.low | entries[place].key.high) != 0 &&
           !content_hash_equal(entries[place].key, key))
        place = (place + 1) & (capacity - 1);
    return &entries[place];
}

static void grow(struct digest_cache *cache) {
    size_t capacity = cache->capacity * 2;
    struct digest_entry *entries = memory_zeroed(capacity, sizeof *entries);
    for (size_t i = 0; i < cache->capacity; i++)
        if ((cache->entries[i].key.low | cache->entries[i].key.high) != 0)
            *find(entries, capacity, cache->entries[i].key) = cache->entries[i];
    free(cache->entries);
    cache->entries = entries;
    cache->capacity = capacity;
}

static bool lookup(struct digest_cache *cache, struct content_hash key, uint8_t value[32]) {
    (void)pthread_mutex_lock(&cache->lock);
    const struct digest_entry *entry = find(cache->entries, cache->capacity, key);
    bool found = content_hash_equal(entry->key, key);
    if (found)
        memcpy(value, entry->value, 32);
    (void)pthread_mutex_unlock(&cache->lock);
    return found;
}

static void remember(struct digest_cache *cache, struct content_hash key, const uint8_t value[32]) {
    (void)pthread_mutex_lock(&cache->lock);
    struct digest_entry *entry = find(cache->entries, cache->capacity, key);
    if (!content_hash_equal(entry->key, key)) {
        entry->key = key;
        memcpy(entry->value, value, 32);
        if (++cache->count * 2 > cache->capacity)
            grow(cache);
    }
    (void)pthread_mutex_unlock(&cache->lock);
}

#define KEY_BATCH 64u // hashes folded into the key at a time

// Of a sector of which the range takes [from, to) alone: what lies beside, as the SHA-256 behind an image, must not
// make it another range.
static struct content_hash part_hash(struct digest_cache *cache, const struct flash *flash, uint32_t sector,
                                     uint32_t from, uint32_t to) {
    const struct content_hash whole = flash_sector_hash(flash, sector);
    if (from == 0 && to == NOR_SECTOR_SIZE)
        return whole;
    (void)pthread_mutex_lock(&cache->lock);
    struct piece *piece = &cache->pieces[(whole.low + from + to) % PIECES];
    if (piece->from != from || piece->to != to || !content_hash_equal(piece->sector, whole)) {
        XXH128_hash_t hash = XXH3_128bits(flash_sector(flash, sector) + from, to - from);
        *piece = (struct piece){from, to, whole, {hash.low64, hash.high64}};
    }
    const struct content_hash part = piece->part;
    (void)pthread_mutex_unlock(&cache->lock);
    return part;
}

static struct content_hash range_key(struct digest_cache *cache, enum digest_kind kind,
                                     const struct flash *flash, uint32_t address, uint32_t length) {
    struct content_hash batch[KEY_BATCH + 1];
    uint32_t offset = address % NOR_SECTOR_SIZE, end = address + length, count = 1;
    batch[0] = (struct content_hash){(uint64_t)kind << 32 | offset, length};
    for (uint32_t at = address - offset, part; at < end; at += part) {
        bool chunk = at % FLASH_CHUNK_SIZE == 0 && end - at >= FLASH_CHUNK_SIZE;
        part = chunk ? FLASH_CHUNK_SIZE : NOR_SECTOR_SIZE;
        uint32_t from = at < address ? offset : 0,
                 to = end - at < NOR_SECTOR_SIZE ? end - at : NOR_SECTOR_SIZE;
        batch[count++] = chunk ? flash_chunk_hash(flash, at) : part_hash(cache, flash, at, from, to);
        if (count == KEY_BATCH + 1 || end - at <= part) {
            XXH128_hash_t folded = XXH3_128bits(batch, count * sizeof batch[0]);
            batch[0] = (struct content_hash){folded.low64, folded.high64};
            count = 1;
        }
    }
    return (struct content_hash){batch[0].low | 1, batch[0].high}; // never the mark of a free entry
}

// ---- computing ----------------------------------------------------------------------------------

uint8_t xor_of_bytes(const uint8_t *bytes, uint32_t length) {
    uint64_t lanes[4] = {0}; // wide enough for the compiler to use vectors
    uint32_t i = 0;
    for (; i + sizeof lanes <= length; i += (uint32_t)sizeof lanes) {
        uint64_t block[4];
        memcpy(block, bytes + i, sizeof block);
        for (size_t lane = 0; lane < 4; lane++)
            lanes[lane] ^= block[lane];
    }
    uint64_t sum = lanes[0] ^ lanes[1] ^ lanes[2] ^ lanes[3];
    sum ^= sum >> 32;
    sum ^= sum >> 16;
    sum ^= sum >> 8;
    uint8_t folded = (uint8_t)sum;
    for (; i < length; i++)
        folded ^= bytes[i];
    return folded;
}

// The next run of bytes within one sector; moves `address` and `length` behind it. NULL: the range is
// through.
static const uint8_t *next_part(const struct flash *flash, uint32_t *address, uint32_t *length,
                                uint32_t *count) {
    if (*length == 0)
        return NULL;
    uint32_t offset = *address % NOR_SECTOR_SIZE, rest = NOR_SECTOR_SIZE - offset;
    *count = *length < rest ? *length : rest;
    const uint8_t *bytes = flash_sector(flash, *address) + offset;
    *address += *count;
    *length -= *count;
    return bytes;
}

void digest_of_range(struct digest_cache *cache, const struct flash *flash, uint32_t address, uint32_t length,
                     uint8_t sha256[32]) {
    struct content_hash key = {0, 0};
    if (cache != NULL) {
        key = range_key(cache, DIGEST_SHA256, flash, address, length);
        if (lookup(cache, key, sha256))
            return;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    (void)EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    uint32_t count = 0;
    for (const uint8_t *bytes; (bytes = next_part(flash, &address, &length, &count)) != NULL;)
        (void)EVP_DigestUpdate(context, bytes, count);
    (void)EVP_DigestFinal_ex(context, sha256, NULL);
    EVP_MD_CTX_free(context);
    if (cache != NULL)
        remember(cache, key, sha256);
}

uint8_t checksum_of_range(struct digest_cache *cache, const struct flash *flash, uint32_t address,
                          uint32_t length) {
    struct content_hash key = {0, 0};
    uint8_t value[32] = {0};
    if (cache != NULL) {
        key = range_key(cache, DIGEST_XOR, flash, address, length);
        if (lookup(cache, key, value))
            return value[0];
    }
    uint32_t count = 0;
    for (const uint8_t *bytes; (bytes = next_part(flash, &address, &length, &count)) != NULL;)
        value[0] ^= xor_of_bytes(bytes, count);
    if (cache != NULL)
        remember(cache, key, value);
    return value[0];
}

// ---- of several parts ---------------------------------------------------------------------------

static struct content_hash parts_key(struct digest_cache *cache, const struct flash *flash,
                                     const struct digest_part *parts, size_t count, const uint8_t *bytes) {
    struct content_hash key = {DIGEST_PARTS, count};
    for (size_t i = 0; i < count; i++) {
        struct content_hash both[2] = {key};
        XXH128_hash_t hash;
        if (parts[i].in_flash) {
            both[1] = range_key(cache, DIGEST_SHA256, flash, parts[i].address, parts[i].length);
        } else {
            hash = XXH3_128bits(bytes + parts[i].address, parts[i].length);
            both[1] = (struct content_hash){hash.low64, hash.high64 ^ parts[i].length};
        }
        hash = XXH3_128bits(both, sizeof both);
        key = (struct content_hash){hash.low64, hash.high64};
    }
    return (struct content_hash){key.low | 1, key.high};
}

void digest_of_parts(struct digest_cache *cache, const struct flash *flash, const struct digest_part *parts,
                     size_t count, const uint8_t *bytes, uint8_t sha256[32]) {
    struct content_hash key = {0, 0};
    if (cache != NULL) {
        key = parts_key(cache, flash, parts, count, bytes);
        if (lookup(cache, key, sha256))
            return;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    (void)EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    for (size_t i = 0; i < count; i++) {
        uint32_t address = parts[i].address, length = parts[i].length, part = 0;
        if (!parts[i].in_flash) {
            (void)EVP_DigestUpdate(context, bytes + address, length);
            continue;
        }
        for (const uint8_t *at; (at = next_part(flash, &address, &length, &part)) != NULL;)
            (void)EVP_DigestUpdate(context, at, part);
    }
    (void)EVP_DigestFinal_ex(context, sha256, NULL);
    EVP_MD_CTX_free(context);
    if (cache != NULL)
        remember(cache, key, sha256);
}
