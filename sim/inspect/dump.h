// A flash dump as somebody brings it from the field: what chip it is from, where its partition table lies,
// and a board that holds it.
#ifndef SIM_INSPECT_DUMP_H
#define SIM_INSPECT_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../hw/board.h"

struct dump_options {
    const struct chip_target *target; // NULL: found out
    bool table_offset_set;
    uint32_t table_offset;
    uint32_t secure_version; // burned in the chip's eFuse: a flash dump does not tell
};

enum dump_source { DUMP_GIVEN, DUMP_FROM_BOOTLOADER, DUMP_FROM_APP, DUMP_ASSUMED };

struct dump {
    struct flash flash;     // the dump, FF from its end on; a power of two of at least 1 MiB
    uint32_t length;        // bytes of the dump itself
    uint32_t flash_size;    // what the firmware takes for the chip's size (FL-5)
    bool flash_size_known;  // the bootloader's image header says so; else the dump's own size is taken
    struct nv_state device; // the chip as the firmware sees it: `flash_size` bytes of `flash`
    const struct chip_target *target;
    enum dump_source target_source;
    uint32_t table_offset; // where a table was found, else where one was expected
    bool table_found;      // something that begins as a partition table lies there
    uint32_t secure_version;
};

// Any bytes make a dump, unless there are none or more than 32 MiB. `out` is uninitialised before; free it.
bool dump_read(const void *bytes, size_t length, const struct dump_options *options, struct dump *out,
               struct error *error);
void dump_free(struct dump *dump);

// How bootloader and app are built.
enum dump_build { DUMP_PLAIN, DUMP_ROLLBACK, DUMP_ANTI_ROLLBACK, DUMP_BUILDS };
const char *dump_build_name(enum dump_build build); // "no rollback"

// The board that this dump ran on, as far as a dump tells, with firmware of that release and build.
struct board_config dump_board_config(const struct dump *dump, const struct release_profile *release,
                                      enum dump_build build);

#endif
