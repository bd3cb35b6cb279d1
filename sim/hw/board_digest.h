// A SHA-256 over pieces of flash and of a program's memory, as an image's hash is: named piece by piece, computed at the
// end, and known already when the same contents were hashed before (board_use_digest_cache).
#ifndef SIM_HW_BOARD_DIGEST_H
#define SIM_HW_BOARD_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

struct board_digest;

// For the running program. Never NULL.
struct board_digest *board_digest_new(void);
void board_digest_free(struct board_digest *digest); // NULL is allowed

// The next piece. Of flash, the range must lie inside the chip; what it holds when board_digest_finish or
// board_digest_settle is called counts.
void board_digest_bytes(struct board_digest *digest, const void *bytes, uint32_t length);
void board_digest_flash(struct board_digest *digest, uint32_t address, uint32_t length);

// Reads what was named so far: to be called before the program changes flash. False: a read failed.
bool board_digest_settle(struct board_digest *digest);

// False: a read failed.
bool board_digest_finish(struct board_digest *digest, uint8_t sha256[32]);

struct board_digest *board_digest_copy(const struct board_digest *digest);

#endif
