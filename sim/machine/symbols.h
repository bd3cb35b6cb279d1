// Names and lines of a program's ELF file, for people who look at its boots.
#ifndef SIM_MACHINE_SYMBOLS_H
#define SIM_MACHINE_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../base/error.h"

struct symbols;

// NULL: not an ELF file that can be read; `error` says why.
struct symbols *symbols_open(const char *path, struct error *error);
void symbols_free(struct symbols *symbols);

// Appends "name (file.c:12)", or as much of it as is known. False: the program has nothing there; nothing is appended.
bool symbols_describe(struct symbols *symbols, uint32_t address, struct buffer *out);

#endif
