// The parts of a guest's ELF file that loading needs, taken out of it. Private to this folder.
#ifndef SIM_GUEST_GUEST_ELF_H
#define SIM_GUEST_GUEST_ELF_H

#include "guest_file.h"

// Fills segments, symbols, relocations and ranges of `file` from its bytes. False: it is no shared object that can be
// loaded here. What is filled is to be freed with guest_file_free in any case.
bool guest_elf_read(struct guest_file *file, struct error *error);

// `size` bytes of the file that are loaded to `address` of the guest; NULL: they are not, or not from the file.
const void *guest_elf_at(const struct guest_file *file, uint64_t address, uint64_t size);

// The text that is loaded to an address; NULL: none is.
const char *guest_elf_text(const struct guest_file *file, uint64_t address);

// The address within the guest that a pointer at `address` will hold; 0: none of the guest's own.
uint64_t guest_elf_pointer(const struct guest_file *file, uint64_t address);

// The section of that name, which is loaded; size 0: there is none.
struct guest_range guest_elf_section(const struct guest_file *file, const char *name);

#endif
