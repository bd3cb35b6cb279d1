// What the loader can say about a request (SP-12).
#ifndef SIM_SERIAL_LOADER_ERROR_H
#define SIM_SERIAL_LOADER_ERROR_H

#include <stdbool.h>
#include <stdint.h>

enum loader_error {
    LOADER_OK,
    LOADER_INVALID_MESSAGE, // too short, too long, or of a length that does not agree with itself
    LOADER_INVALID_PARAMETER,
    LOADER_BAD_CHECKSUM,
    LOADER_FLASH_WRITE_FAILED,
    LOADER_FLASH_READ_FAILED,
    LOADER_READ_TOO_LONG,
    LOADER_INFLATE_FAILED,
    LOADER_NOT_BEGUN,       // data or end without a begin
    LOADER_TOO_LITTLE_DATA, // an end before all of the announced data
    LOADER_TOO_MUCH_DATA,
    LOADER_UNSUPPORTED,
    LOADER_POWER_LOST // never sent
};

// The byte that goes over the wire.
uint8_t loader_error_code(enum loader_error error, bool stub);

#endif
