// Real files into a flash, and a flash into a file. Provisioning: physics does not apply, contents are simply
// set.
#ifndef SIM_PROVISION_FLASH_FILE_H
#define SIM_PROVISION_FLASH_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../base/buffer.h"
#include "../base/error.h"
#include "../hw/flash.h"
#include "partition_rules.h"

// A raw dump, offset 0 = flash address 0 (HT-52; what `esptool read-flash` or `merge-bin` write). Shorter
// than the flash: the rest is FF; longer or empty: an error. The flash is replaced as a whole; on an error it
// is untouched.
bool flash_file_load(struct flash *flash, const char *path, struct error *error);

// Any file's bytes at an address. False: it does not fit into [address, address + room) or the flash.
bool flash_file_place(struct flash *flash, const char *path, uint32_t address, uint32_t room,
                      struct error *error);

// Writes the whole flash, atomically (file_write).
bool flash_file_save(const struct flash *flash, const char *path, struct error *error);

// A partition table from a file, binary or CSV, verified by gen_esp32part's rules; `binary` gets
// PARTITION_TABLE_SIZE bytes. The message names file and, where there is one, line.
bool partition_table_file_read(const char *path, const struct partition_csv_options *options,
                               struct buffer *binary, struct error *error);

// An app .bin as an ESP-IDF build writes it: must begin as an image and, if `target` is not NULL, be made for
// that chip; a merged file (file_layout.h) is refused. Its checksum and hash are not judged here (the firmware does that).
bool app_image_file_read(const char *path, const struct chip_target *target, struct buffer *image,
                         struct error *error);

#endif
