// The memory that a second-stage bootloader itself uses while it loads an app (CH-10 to CH-12).
#ifndef OTA_LOADER_MEMORY_H
#define OTA_LOADER_MEMORY_H

#include <stdint.h>

#include "chip_target.h"

struct firmware_build;

// One row a layout. Addresses end exclusive.
struct loader_memory {
    uint32_t since; // the release that has it first; 0 ends the list
    // the family of builds for this chip revision or later; 0: there is but one (CH-3)
    uint32_t chip_revision;
    uint32_t code, code_end; // loader code; a default build ends here, the linker would allow more (CH-11)
    uint32_t data, data_end; // static data, the same
    uint32_t stack_top;      // SOC_ROM_STACK_START
};

// What the stack grows down to and what the check keeps clear below that (CH-12): 8000h under the stack
// pointer, which ROM and bootloader have moved by as much as the vectors were recorded with.
#define LOADER_STACK_KEPT_CLEAR 0x8000u
#define LOADER_STACK_USED       0x320u

// Lists for chip_target.c, one a chip.
extern const struct loader_memory loader_memory_esp32[], loader_memory_esp32s2[], loader_memory_esp32s3[],
    loader_memory_esp32c2[], loader_memory_esp32c3[], loader_memory_esp32c5[], loader_memory_esp32c6[],
    loader_memory_esp32c61[], loader_memory_esp32h2[], loader_memory_esp32h21[], loader_memory_esp32h4[],
    loader_memory_esp32p4[], loader_memory_esp32s31[];

// That of a bootloader on a chip of this revision: the newest layout that is not newer than the build's
// release, with the build's own ends of code and data where it says them. A release older than all gets the
// oldest.
struct loader_memory loader_memory_of(const struct chip_target *target, const struct firmware_build *build,
                                      uint32_t chip_revision);

#endif
