#include "loader_error.h"

// The ROM has no word of its own for each; it falls back on 06, "failed". Stub: the order of C0 to C9 is that
// of the flasher stub's list.
static const struct {
    uint8_t rom, stub;
} codes[] = {
    [LOADER_OK] = {0x00, 0x00},
    [LOADER_INVALID_MESSAGE] = {0x05, 0xC0},
    [LOADER_INVALID_PARAMETER] = {0x01, 0xC2},
    [LOADER_BAD_CHECKSUM] = {0x07, 0xC1},
    [LOADER_FLASH_WRITE_FAILED] = {0x08, 0xC4},
    [LOADER_FLASH_READ_FAILED] = {0x09, 0xC4},
    [LOADER_READ_TOO_LONG] = {0x0A, 0xC2},
    [LOADER_INFLATE_FAILED] = {0x0B, 0xC7},
    [LOADER_NOT_BEGUN] = {0x06, 0xC6},
    [LOADER_TOO_LITTLE_DATA] = {0x06, 0xC8},
    [LOADER_TOO_MUCH_DATA] = {0x06, 0xC9},
    [LOADER_UNSUPPORTED] = {0x05, 0xFF},
    [LOADER_POWER_LOST] = {0x06, 0xC4},
};

uint8_t loader_error_code(enum loader_error error, bool stub) {
    return stub ? codes[error].stub : codes[error].rom;
}
