// Names of ROM functions by address. NULL: nothing is published there.
#ifndef SIM_MACHINE_ROM_NAMES_H
#define SIM_MACHINE_ROM_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define ROM_NAMES_FIRST 0x40000018u // of all RISC-V chips

struct rom_name {
    uint32_t address;
    const char *name;
};

extern const struct rom_name rom_names_esp32[]; // by ascending address
extern const size_t rom_names_esp32_count;

extern const char *const rom_names_esp32c2[];
extern const char *const rom_names_esp32c3[];
extern const char *const rom_names_esp32c6[];
extern const char *const rom_names_esp32h2[];
extern const size_t rom_names_esp32c2_count;
extern const size_t rom_names_esp32c3_count;
extern const size_t rom_names_esp32c6_count;
extern const size_t rom_names_esp32h2_count;

#endif
