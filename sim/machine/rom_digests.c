// SHA-256 and MD5 as the ROM offers them.
//
// A SHA-256 over an image is a question to the board: the parts that lie in flash are named, not read, so that a digest of
// unchanged contents is known already.
#include "../../ota/md5.h"
#include "machine_internal.h"

enum { SHA2_256 = 2 }; // enum SHA_TYPE of the ROM's header

static struct digest *digest_at(struct machine *machine, uint32_t context) {
    for (size_t i = 0; i < DIGESTS_MAX; i++)
        if (machine->digests[i].context == context)
            return &machine->digests[i];
    return NULL;
}

static void forget(struct digest *digest) {
    board_digest_free(digest->state);
    *digest = (struct digest){0};
}

void digests_reset(struct machine *machine) {
    for (size_t i = 0; i < DIGESTS_MAX; i++)
        forget(&machine->digests[i]);
}

void rom_sha_init(struct machine *machine) {
    uint32_t context = machine_argument(machine, 0);
    if (machine_argument(machine, 1) != SHA2_256)
        machine_not_modelled(machine, "ets_sha_init of type %u", (unsigned)machine_argument(machine, 1));
    struct digest *digest = digest_at(machine, context);
    if (digest == NULL)
        digest = digest_at(machine, 0);
    if (digest == NULL)
        machine_not_modelled(machine, "more than %u SHA-256 at a time", DIGESTS_MAX);
    forget(digest);
    *digest = (struct digest){context, board_digest_new()};
    machine_return(machine, 0);
}

static struct digest *current(struct machine *machine) {
    struct digest *digest = digest_at(machine, machine_argument(machine, 0));
    if (digest == NULL || digest->context == 0)
        machine_not_modelled(machine, "a SHA-256 that was not begun by ets_sha_init");
    return digest;
}

#define PIECE         1024u
#define MD5_INPUT_MAX 0x10000u

void rom_sha_update(struct machine *machine) {
    struct digest *digest = current(machine);
    uint32_t from = machine_argument(machine, 1), length = machine_argument(machine, 2), flash_address;
    uint8_t bytes[PIECE];
    while (length != 0) {
        uint32_t part = length < PIECE ? length : PIECE, page = MEMORY_PAGE_SIZE - from % MEMORY_PAGE_SIZE;
        part = part < page ? part : page;
        if (window_flash_address(machine, from, &flash_address)) {
            board_digest_flash(digest->state, flash_address, part);
        } else {
            machine_read(machine, from, bytes, part);
            board_digest_bytes(digest->state, bytes, part);
        }
        from += part;
        length -= part;
    }
    machine_return(machine, 0);
}

void rom_sha_finish(struct machine *machine) {
    struct digest *digest = current(machine);
    uint8_t sha256[32];
    if (!board_digest_finish(digest->state, sha256))
        machine_not_modelled(machine, "a read error of the flash behind the cache");
    machine_write(machine, machine_argument(machine, 1), sha256, sizeof sha256);
    forget(digest);
    machine_return(machine, 0);
}

// ---- MD5: over a partition table, which is short, and one at a time -----------------------------

static void md5_begin(struct machine *machine) {
    machine->md5_input.length = 0;
    machine->md5_context = machine_argument(machine, 0);
}

static void md5_add(struct machine *machine) {
    uint32_t from = machine_argument(machine, 1), length = machine_argument(machine, 2);
    uint8_t bytes[PIECE];
    if (machine_argument(machine, 0) != machine->md5_context ||
        machine->md5_input.length + length > MD5_INPUT_MAX)
        machine_not_modelled(machine, "more than one MD5 at a time, or a long one");
    while (length != 0) {
        uint32_t part = length < PIECE ? length : PIECE;
        machine_read(machine, from, bytes, part);
        buffer_append(&machine->md5_input, bytes, part);
        from += part;
        length -= part;
    }
}

static void md5_end(struct machine *machine, uint32_t context, uint32_t to) {
    uint8_t digest[MD5_SIZE];
    if (context != machine->md5_context)
        machine_not_modelled(machine, "more than one MD5 at a time");
    md5(machine->md5_input.bytes, (uint32_t)machine->md5_input.length, digest);
    machine_write(machine, to, digest, sizeof digest);
}

void rom_md5_init(struct machine *machine) {
    md5_begin(machine);
}

void rom_md5_update(struct machine *machine) {
    md5_add(machine);
}

void rom_md5_final(struct machine *machine) { // (digest, context)
    md5_end(machine, machine_argument(machine, 1), machine_argument(machine, 0));
}

void rom_mbedtls_md5_starts(struct machine *machine) {
    md5_begin(machine);
    machine_return(machine, 0);
}

void rom_mbedtls_md5_update(struct machine *machine) {
    md5_add(machine);
    machine_return(machine, 0);
}

void rom_mbedtls_md5_finish(struct machine *machine) { // (context, digest)
    md5_end(machine, machine_argument(machine, 0), machine_argument(machine, 1));
    machine_return(machine, 0);
}
