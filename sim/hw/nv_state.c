// Everything that survives a power cut, as a value: copied, identified, and changed by one operation, whole
// or torn.
#include "board.h"

#include <string.h>

#include <xxhash.h>

void nv_state_copy(struct nv_state *out, const struct nv_state *state) {
    flash_copy(&out->flash, &state->flash);
    memcpy(out->efuse, state->efuse, sizeof out->efuse);
    memcpy(out->retained, state->retained, sizeof out->retained);
    out->reset_reason = state->reset_reason;
    out->unstable = unstable_copy(state->unstable);
}

void nv_state_free(struct nv_state *state) {
    flash_free(&state->flash);
    unstable_free(state->unstable);
    state->unstable = NULL;
}

struct content_hash nv_state_hash(const struct nv_state *state) {
    struct {
        struct content_hash flash, unstable;
        uint32_t efuse[PORT_EFUSE_FIELDS];
        uint8_t retained[PORT_RETAINED_SIZE];
        uint32_t reset_reason;
    } all;
    memset(&all, 0, sizeof all); // padding is hashed, too
    all.flash = flash_hash(&state->flash);
    all.unstable = unstable_hash(state->unstable);
    memcpy(all.efuse, state->efuse, sizeof all.efuse);
    memcpy(all.retained, state->retained, sizeof all.retained);
    all.reset_reason = (uint32_t)state->reset_reason;
    XXH128_hash_t hash = XXH3_128bits(&all, sizeof all);
    return (struct content_hash){hash.low64, hash.high64};
}

// ---- whole operations ---------------------------------------------------------------------------

void nv_state_apply(struct nv_state *state, const struct journal_operation *operation) {
    if (operation->entry != NULL && operation->entry->result != JOURNAL_DONE)
        return;
    switch (operation->kind) {
    case JOURNAL_PROGRAM:
        flash_program(&state->flash, operation->address, operation->data, operation->length);
        unstable_programmed(&state->unstable, operation->address, operation->data, operation->length);
        break;
    case JOURNAL_ERASE:
        flash_erase(&state->flash, operation->address, operation->length);
        unstable_erased(&state->unstable, operation->address, operation->length);
        break;
    case JOURNAL_EFUSE:
        state->efuse[operation->entry->field] |= operation->address;
        break;
    }
}

// ---- torn programs ------------------------------------------------------------------------------

static void late_bits(struct nv_state *state, const struct journal_operation *operation,
                      const struct tear *tear) {
    uint8_t data[NOR_PAGE_SIZE];
    memcpy(data, operation->data, operation->length);
    const uint32_t bits[] = {tear->a, tear->b};
    for (size_t i = 0; i < 2; i++)
        if (bits[i] < operation->length * 8)
            data[bits[i] / 8] |= (uint8_t)(1u << (bits[i] % 8)); // not driven to 0 yet
    flash_program(&state->flash, operation->address, data, operation->length);
}

// Cells that the program was driving to 0 stay between the levels.
static void unstable_program(struct nv_state *state, const struct journal_operation *operation,
                             uint64_t seed) {
    struct unstable_region region = {.address = operation->address,
                                     .length = operation->length,
                                     .seed = seed,
                                     .zero_chance = 128,
                                     .mask_length = (uint8_t)operation->length};
    flash_read(&state->flash, operation->address, region.mask, operation->length);
    for (uint32_t i = 0; i < operation->length; i++)
        region.mask[i] &= (uint8_t)~operation->data[i];
    unstable_add(&state->unstable, &region);
}

// Flips bits at rest, in either direction.
static void rot(struct flash *flash, const struct tear *tear) {
    const uint32_t bits[] = {tear->a, tear->b};
    for (size_t i = 0; i < 2; i++) {
        uint32_t address = bits[i] / 8;
        if (bits[i] == TEAR_NO_BIT || address >= flash->size)
            continue;
        uint8_t byte;
        flash_read(flash, address, &byte, 1);
        byte ^= (uint8_t)(1u << (bits[i] % 8));
        flash_set(flash, address, &byte, 1);
    }
}

// ---- torn erases --------------------------------------------------------------------------------

static void fill(struct flash *flash, uint32_t address, uint32_t length, uint8_t value) {
    uint8_t bytes[NOR_SECTOR_SIZE];
    memset(bytes, value, sizeof bytes);
    while (length != 0) {
        uint32_t part = length < sizeof bytes ? length : (uint32_t)sizeof bytes;
        flash_set(flash, address, bytes, part);
        address += part;
        length -= part;
    }
}

// Pre-programmed to 0, then a share of the cells is back at 1, in any order (NP-12).
static void partly_erased(struct flash *flash, const struct journal_operation *operation,
                          const struct tear *tear) {
    uint8_t bytes[NOR_SECTOR_SIZE];
    for (uint32_t done = 0; done < operation->length; done += NOR_SECTOR_SIZE) {
        for (uint32_t i = 0; i < NOR_SECTOR_SIZE; i++) {
            uint64_t random = mix64(tear->seed, operation->address + done + i);
            uint8_t value = 0;
            for (unsigned bit = 0; bit < 8; bit++)
                if ((uint8_t)(random >> (8 * bit)) < tear->a)
                    value |= (uint8_t)(1u << bit);
            bytes[i] = value;
        }
        flash_set(flash, operation->address + done, bytes, NOR_SECTOR_SIZE);
    }
}

#define WEAK_ZERO_CHANCE 4u // of 256: a weak cell reads 0 now and then

static void erased_region_unstable(struct nv_state *state, const struct journal_operation *operation,
                                   uint64_t seed, uint8_t zero_chance) {
    flash_erase(&state->flash, operation->address, operation->length);
    unstable_erased(&state->unstable, operation->address, operation->length);
    for (uint32_t done = 0; done < operation->length; done += NOR_SECTOR_SIZE) {
        struct unstable_region region = {.address = operation->address + done,
                                         .length = NOR_SECTOR_SIZE,
                                         .seed = mix64(seed, done),
                                         .zero_chance = zero_chance,
                                         .mask = {0xFF},
                                         .mask_length = 1};
        unstable_add(&state->unstable, &region);
    }
}

// ---- dispatch -----------------------------------------------------------------------------------

static void disturb_neighbour(struct nv_state *state, const struct journal_operation *operation,
                              const struct tear *tear) {
    nv_state_apply(state, operation);
    uint32_t sector = operation->address & ~(NOR_SECTOR_SIZE - 1);
    uint8_t data = (uint8_t) ~(1u << (tear->a % 8));
    flash_program(&state->flash, sector + tear->b % NOR_SECTOR_SIZE, &data, 1);
}

void nv_state_apply_torn(struct nv_state *state, const struct journal_operation *operation,
                         const struct tear *tear) {
    if (tear->kind == TEAR_BIT_ROT) { // the one that needs no operation
        rot(&state->flash, tear);
        return;
    }
    uint32_t share = tear->a < operation->length ? tear->a : operation->length;
    bool erase = operation->kind == JOURNAL_ERASE;
    switch (tear->kind) {
    case TEAR_BIT_ROT: // done above
    case TEAR_IO_ERROR:
    case TEAR_IO_DROPPED: // nothing of it happened, as with
    case TEAR_CLEAN:
        break;
    case TEAR_PREFIX:
        if (operation->kind == JOURNAL_PROGRAM)
            flash_program(&state->flash, operation->address, operation->data, share);
        break;
    case TEAR_LATE_BITS:
        if (operation->kind == JOURNAL_PROGRAM)
            late_bits(state, operation, tear);
        break;
    case TEAR_ERASE_ZERO_FRONT:
        if (erase)
            fill(&state->flash, operation->address, share, 0);
        break;
    case TEAR_ERASE_ZERO_BACK:
        if (erase)
            fill(&state->flash, operation->address + operation->length - share, share, 0);
        break;
    case TEAR_ERASE_PARTIAL:
        if (erase)
            partly_erased(&state->flash, operation, tear);
        break;
    case TEAR_ERASE_WEAK:
        if (erase)
            erased_region_unstable(state, operation, tear->seed, WEAK_ZERO_CHANCE);
        break;
    case TEAR_UNSTABLE:
        if (erase)
            erased_region_unstable(state, operation, tear->seed, 128);
        else if (operation->kind == JOURNAL_PROGRAM)
            unstable_program(state, operation, tear->seed);
        break;
    case TEAR_NEIGHBOUR:
        disturb_neighbour(state, operation, tear);
        break;
    case TEAR_EFUSE_BITS:
        if (operation->kind == JOURNAL_EFUSE)
            state->efuse[operation->entry->field] |= operation->address & tear->a;
        break;
    }
}
