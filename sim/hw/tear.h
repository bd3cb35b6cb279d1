// What an interrupted operation leaves behind. One function per physical cause; see docs/fault-models.md for
// the sources.
#ifndef SIM_HW_TEAR_H
#define SIM_HW_TEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "flash.h"

enum tear_kind {
    TEAR_CLEAN,     // the cut falls before the operation: nothing of it happened
    TEAR_PREFIX,    // program: the first `a` bytes are done (NP-12 ordered)
    TEAR_LATE_BITS, // program: done but for the bits numbered `a` and (unless TEAR_NO_BIT) `b` of the data,
                    // LSB of byte 0 first (NP-12)
    TEAR_ERASE_ZERO_FRONT, // erase: pre-programming, the first `a` bytes are 0 (NP-3)
    TEAR_ERASE_ZERO_BACK,  // erase: pre-programming from the end, the last `a` bytes are 0 (NP-4)
    TEAR_ERASE_PARTIAL,    // erase: pre-programmed, then `a` of 256 shares of the cells are back at 1, which
                           // ones by `seed`
    TEAR_ERASE_WEAK,       // erase: all cells read 1 but are weak: they may read 0 later, by `seed` (NP-10)
    TEAR_UNSTABLE,         // cells of the operation's range differ from read to read, by `seed` (NP-11)
    TEAR_NEIGHBOUR,  // the operation is done, and a bit in another sector or page nearby lost its charge: bit
                     // `a` of sector offset `b` (NP-13)
    TEAR_EFUSE_BITS, // eFuse burn: only the bits in mask `a` are down (EF-14)
    TEAR_BIT_ROT,    // at rest, no operation: bits `a` and (unless TEAR_NO_BIT) `b` of the flash are flipped;
                     // number = address * 8 + bit
    TEAR_IO_ERROR,   // no cut: the operation reports an error and did nothing; the firmware goes on
    TEAR_IO_DROPPED  // no cut: the operation reports success and did nothing
};

#define TEAR_NO_BIT UINT32_MAX

struct tear {
    enum tear_kind kind;
    uint32_t a, b;
    uint64_t seed;
};

#define TEAR_TEXT_SIZE 64u

// The form that addresses use, into a buffer of TEAR_TEXT_SIZE bytes: "clean", "prefix:12", "late:3",
// "late:3,17", "zero-front:512", "zero-back:512", "partial:128,s7", "weak:s7", "unstable:s7",
// "neighbour:3,100", "efuse:4",
// "rot:426176".
void tear_format(const struct tear *tear, char *text);

// The reverse; false when `text` is not of that form.
bool tear_parse(const char *text, struct tear *out);

const char *tear_kind_name(enum tear_kind kind); // "prefix"

#endif
