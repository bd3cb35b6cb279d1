// The machine of section 9 of the vectors' description: genuine bootloaders of several chips on a 4 MiB
// flash. One board a build of the file's header, made when it is first asked for.
#ifndef TESTS_CONFORMANCE_CHIP_MACHINE_H
#define TESTS_CONFORMANCE_CHIP_MACHINE_H

#include "recipe.h"
#include "sim/hw/board.h"
#include "vector.h"

#define CHIP_MACHINE_FLASH_SIZE (4u << 20)
#define CHIP_MACHINE_TABLE      0x8000u // below it nothing is recorded
#define CHIP_MACHINE_BUILDS_MAX 32u

struct chip_machine_build {
    const char *name; // borrowed from the header
    struct board *board;
    struct nv_state blank;
    struct recipe_defaults defaults;
    uint32_t revision;          // of the chip, where a vector does not say it
    const struct buffer *image; // of a genuine bootloader; NULL: our own
};

// A genuine bootloader that stands for the recorded build of this name; the build's boards execute it.
struct chip_machine_binary {
    const char *build;
    struct buffer image;
};

struct chip_machine {
    struct chip_machine_build builds[CHIP_MACHINE_BUILDS_MAX];
    size_t count;
    const struct chip_machine_binary *binary; // NULL: all builds are our own bootloader
};

// Whether the vector is one of the machine's builds: all are, unless a binary stands for one.
bool chip_machine_has(const struct chip_machine *machine, const struct vector *vector);

// The build that the vector names. NULL: the vector or the header is malformed.
struct chip_machine_build *chip_machine_build(struct chip_machine *machine, const json_t *header,
                                              struct vector *vector);

// The build's board with what the vector puts on it (section 9.2), off. False: the vector is malformed.
bool chip_machine_load(struct chip_machine_build *build, struct vector *vector);

void chip_machine_free(struct chip_machine *machine);

#endif
