// The SHA accelerator of the ESP32-C3 and its sisters, which the genuine ROM drives (HW-60): one block a command, done at once;
// words lie in its registers as they lie in memory.
#define OPENSSL_SUPPRESS_DEPRECATED // one block at a time is what the newer interface does not offer
#include <openssl/sha.h>

#include "machine_internal.h"

enum { // registers, from the accelerator's base
    SHA_MODE = 0x00,
    SHA_START = 0x10,
    SHA_CONTINUE = 0x14,
    SHA_BUSY = 0x18,
    SHA_HASH = 0x40,
    SHA_MESSAGE = 0x80
};

enum { MODE_SHA256 = 2 };

#define BLOCK_WORDS 16u
#define HASH_WORDS  8u

static void fold(struct machine *machine, uint32_t base, bool continues) {
    SHA256_CTX context;
    uint32_t message[BLOCK_WORDS];
    if (register_stored(machine, base + SHA_MODE) != MODE_SHA256)
        machine_not_modelled(machine, "the SHA accelerator in mode %u",
                             (unsigned)register_stored(machine, base + SHA_MODE));
    SHA256_Init(&context);
    for (uint32_t i = 0; continues && i < HASH_WORDS; i++)
        context.h[i] = __builtin_bswap32(register_stored(machine, base + SHA_HASH + 4 * i));
    for (uint32_t i = 0; i < BLOCK_WORDS; i++)
        message[i] = register_stored(machine, base + SHA_MESSAGE + 4 * i);
    SHA256_Transform(&context, (const unsigned char *)message);
    for (uint32_t i = 0; i < HASH_WORDS; i++)
        register_keep(machine, base + SHA_HASH + 4 * i, __builtin_bswap32(context.h[i]));
}

bool sha_accelerator_c3_load(struct machine *machine, uint32_t address, uint32_t *value) {
    uint32_t base = machine->model->sha_c3;
    if (base == 0 || address != base + SHA_BUSY)
        return false;
    *value = 0; // done
    return true;
}

bool sha_accelerator_c3_store(struct machine *machine, uint32_t address, uint32_t value) {
    uint32_t base = machine->model->sha_c3;
    if (base == 0 || value == 0 || (address != base + SHA_START && address != base + SHA_CONTINUE))
        return false;
    fold(machine, base, address == base + SHA_CONTINUE);
    return true;
}
