// The mask ROM between reset and the second-stage bootloader (CH-40, CH-41, HW-71).
#ifndef OTA_ROM_BOOT_H
#define OTA_ROM_BOOT_H

#include <stdint.h>

// Loads the bootloader that lies at the chip's offset and runs it (bootloader.h): one boot attempt. What ROM does not
// load it tells on the console in the words of a real one, and hangs until its watchdog resets the chip
// (PORT_HALT_HANG). A wrong SHA-256 is told and otherwise ignored.
void rom_boot(void);

// The first part of it, for bootloaders that are something else than ota/bootloader.c. Where it lies: its address.
uint32_t rom_load_bootloader(void);

#endif
