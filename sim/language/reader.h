// Reads a scenario file. All errors of a file are found in one go.
#ifndef SIM_LANGUAGE_READER_H
#define SIM_LANGUAGE_READER_H

#include "diagnostic.h"
#include "scenario.h"

// Limits that keep a hostile file from costing memory or time.
#define SCENARIO_FILE_MAX  (1u << 20) // bytes
#define SCENARIO_DEPTH_MAX 24u        // nesting of YAML collections
#define SCENARIO_NODES_MAX 100000u    // after aliases are expanded

// True: `out` holds the scenario (warnings may stand in `diagnostics`). False: `diagnostics` has at least one
// error; `out` is untouched.
bool scenario_read(const char *path, struct diagnostics *diagnostics, struct scenario *out);

// What the command line asks for in place of what the file says.
struct scenario_wishes {
    const char *bootloader; // a genuine bootloader's file, relative to the working directory; NULL: none
    const char *rom;        // the ELF file of the mask ROM, likewise
    const char *elf;        // the ELF file of the bootloader, likewise
};
bool scenario_read_as(const char *path, const struct scenario_wishes *wishes, struct diagnostics *diagnostics,
                      struct scenario *out);

// The same for text that is already in memory; `path` is for messages and for files named relative to it.
bool scenario_read_text(const char *path, const char *text, size_t length, struct diagnostics *diagnostics,
                        struct scenario *out);

#endif
