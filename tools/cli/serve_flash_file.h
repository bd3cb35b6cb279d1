// The file behind a served device's flash: read once at the start, replaced as a whole whenever it is saved.
#ifndef TOOLS_CLI_SERVE_FLASH_FILE_H
#define TOOLS_CLI_SERVE_FLASH_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/error.h"
#include "../../sim/hw/flash.h"

#define SERVE_FLASH_SIZE_DEFAULT (4u << 20)

// Appends the file's contents. A missing file is created, erased, of `size` bytes (0: 4 MiB). An existing one
// must have a size that flash chips have (a power of two from 1 to 32 MiB) and, when `size` is not 0, that
// one.
bool serve_flash_file_open(const char *path, uint32_t size, struct buffer *contents, struct error *error);

// Replaces the file (file_write: a kill at any instant leaves the old or the new one).
bool serve_flash_file_save(const char *path, const struct flash *flash, struct error *error);

#endif
