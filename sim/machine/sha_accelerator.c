// The SHA accelerator of the ESP32: 16 registers for a block, and what to do with it (HW-113). Commands are done at once.
#define OPENSSL_SUPPRESS_DEPRECATED // one block at a time is what the newer interface does not offer
#include <openssl/sha.h>

#include "machine_internal.h"

enum { // from its base
    SHA_TEXT = 0x00,
    SHA_256_START = 0x90,
    SHA_256_CONTINUE = 0x94,
    SHA_256_LOAD = 0x98,
    SHA_END = 0x100
};

#define BLOCK_WORDS 16u

static void process_block(struct machine *machine) {
    SHA256_CTX context = {0};
    uint8_t block[4 * BLOCK_WORDS];
    for (uint32_t i = 0; i < BLOCK_WORDS; i++) { // the first byte is a word's highest
        uint32_t word = __builtin_bswap32(register_stored(machine, machine->model->sha + SHA_TEXT + 4 * i));
        memcpy(block + 4 * i, &word, sizeof word);
    }
    memcpy(context.h, machine->sha, sizeof machine->sha);
    SHA256_Transform(&context, block);
    memcpy(machine->sha, context.h, sizeof machine->sha);
}

bool sha_accelerator_holds_text(const struct machine *machine, uint32_t address) {
    return machine->model->sha != 0 && address - machine->model->sha - SHA_TEXT < 4 * BLOCK_WORDS;
}

bool sha_accelerator_store(struct machine *machine, uint32_t address, uint32_t value) {
    uint32_t offset = address - machine->model->sha;
    if (machine->model->sha == 0 || offset >= SHA_END)
        return false;
    SHA256_CTX initial;
    switch (offset) {
    case SHA_256_START:
        SHA256_Init(&initial);
        memcpy(machine->sha, initial.h, sizeof machine->sha);
        process_block(machine);
        return true;
    case SHA_256_CONTINUE:
        process_block(machine);
        return true;
    case SHA_256_LOAD:
        for (uint32_t i = 0; i < 8; i++)
            register_keep(machine, machine->model->sha + SHA_TEXT + 4 * i, machine->sha[i]);
        return true;
    default:
        machine_not_modelled(machine, "the SHA accelerator's register 0x%02x (0x%08x is stored)",
                             (unsigned)offset, (unsigned)value);
    }
}
