#include "board_digest.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/buffer.h"
#include "board_internal.h"

struct board_digest {
    struct digest_part *parts;
    size_t count, capacity;
    struct buffer bytes; // of the parts that are not in flash
};

struct board_digest *board_digest_new(void) {
    return memory_zeroed(1, sizeof(struct board_digest));
}

void board_digest_free(struct board_digest *digest) {
    if (digest == NULL)
        return;
    free(digest->parts);
    buffer_free(&digest->bytes);
    free(digest);
}

struct board_digest *board_digest_copy(const struct board_digest *digest) {
    struct board_digest *copy = board_digest_new();
    copy->parts = memory_new((digest->count + 1) * sizeof *copy->parts);
    copy->count = digest->count;
    copy->capacity = digest->count + 1;
    if (digest->count != 0)
        memcpy(copy->parts, digest->parts, digest->count * sizeof *copy->parts);
    if (digest->bytes.length != 0)
        buffer_append(&copy->bytes, digest->bytes.bytes, digest->bytes.length);
    return copy;
}

// Goes on with the last part when it may.
static void add(struct board_digest *digest, bool in_flash, uint32_t address, uint32_t length) {
    struct digest_part *last = digest->count == 0 ? NULL : &digest->parts[digest->count - 1];
    if (length == 0)
        return;
    if (last != NULL && last->in_flash == in_flash && last->address + last->length == address) {
        last->length += length;
        return;
    }
    if (digest->count == digest->capacity) {
        digest->capacity = digest->capacity == 0 ? 16 : digest->capacity * 2;
        digest->parts = memory_resize(digest->parts, digest->capacity * sizeof *digest->parts);
    }
    digest->parts[digest->count++] = (struct digest_part){in_flash, address, length};
}

void board_digest_bytes(struct board_digest *digest, const void *bytes, uint32_t length) {
    add(digest, false, (uint32_t)digest->bytes.length, length);
    buffer_append(&digest->bytes, bytes, length);
}

void board_digest_flash(struct board_digest *digest, uint32_t address, uint32_t length) {
    add(digest, true, address, length);
}

bool board_digest_settle(struct board_digest *digest) {
    struct board_digest settled = {0};
    bool readable = true;
    for (size_t i = 0; readable && i < digest->count; i++) {
        const struct digest_part *part = &digest->parts[i];
        if (!part->in_flash) {
            board_digest_bytes(&settled, digest->bytes.bytes + part->address, part->length);
            continue;
        }
        uint8_t *bytes = memory_new(part->length);
        readable = port_flash_read(part->address, bytes, part->length);
        if (readable)
            board_digest_bytes(&settled, bytes, part->length);
        free(bytes);
    }
    free(digest->parts);
    buffer_free(&digest->bytes);
    *digest = settled;
    return readable;
}

// Notes the reads; true in `*disturbed` when some cells do not show what the flash holds.
static bool begin_reads(const struct board_digest *digest, struct board *board, bool *disturbed) {
    *disturbed = false;
    for (size_t i = 0; i < digest->count; i++) {
        const struct digest_part *part = &digest->parts[i];
        if (!part->in_flash)
            continue;
        if (board_cells_disturbed(board, part->address, part->length))
            *disturbed = true;
        else if (!board_begin_read(board, part->address, part->length))
            return false;
    }
    return true;
}

bool board_digest_finish(struct board_digest *digest, uint8_t sha256[32]) {
    struct board *board = board_current();
    bool disturbed;
    if (!begin_reads(digest, board, &disturbed))
        return false;
    if (disturbed) {
        if (!board_digest_settle(digest))
            return false;
        (void)EVP_Digest(digest->bytes.bytes, digest->bytes.length, sha256, NULL, EVP_sha256(), NULL);
        return true;
    }
    digest_of_parts(board->digests, &board->nv.flash, digest->parts, digest->count, digest->bytes.bytes,
                    sha256);
    return true;
}
