// The recovery bootloader: a second one, at an address in eFuse, which ROM of some chips loads when the primary one
// fails (CH-43, CH-44).
#ifndef OTA_RECOVERY_BOOTLOADER_H
#define OTA_RECOVERY_BOOTLOADER_H

#include <stdbool.h>
#include <stdint.h>

// Does the chip's ROM know one, and does its eFuse say where? `*out` is its flash address then.
bool recovery_bootloader_address(uint32_t *out);

#endif
