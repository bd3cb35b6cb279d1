// What a torn operation leaves stands in the file of its cause, fault_*.c.
#include "nv_state.h"

#include <assert.h>
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

void nv_state_carry_out(struct nv_state *state, const struct journal_operation *operation) {
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
        assert(operation->entry->field < PORT_EFUSE_FIELDS);
        state->efuse[operation->entry->field] |= operation->address;
        break;
    }
}

void nv_state_apply(struct nv_state *state, const struct journal_operation *operation) {
    if (operation->entry == NULL || operation->entry->result == JOURNAL_DONE)
        nv_state_carry_out(state, operation);
}
