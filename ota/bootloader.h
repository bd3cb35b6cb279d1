// The second-stage bootloader: one boot attempt from reset to the app's entry point (BL rules).
#ifndef OTA_BOOTLOADER_H
#define OTA_BOOTLOADER_H

#include <stdint.h>

// Runs a boot attempt. Returns when an image was started: port_ram()->running_address and running_size say
// which partition. When nothing can be booted it ends with port_halt(PORT_HALT_RESTART), on a CPU exception
// with PORT_HALT_CRASH, on an abort with PORT_HALT_HANG. It tells every decision and its reason with
// port_log(..., "boot", ...).
void bootloader_boot(void);

// The same up to the mapping (app_mapping.h): every decision and every write. `image`: what was loaded.
struct app_image;
void bootloader_choose(struct app_image *image);

#endif
