// The memory of a static program that is run for its results (run_riscv, run_xtensa): pages where it has segments and a stack.
#ifndef TESTS_CPU_PROGRAM_MEMORY_H
#define TESTS_CPU_PROGRAM_MEMORY_H

#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/buffer.h"
#include "sim/cpu/memory.h"

#define STACK_TOP   0x80000000u
#define STACK_PAGES 16u

static inline bool nothing_loads(void *context, uint32_t address, unsigned size, uint32_t *value) {
    (void)context, (void)address, (void)size, (void)value;
    return false;
}

static inline bool nothing_stores(void *context, uint32_t address, unsigned size, uint32_t value) {
    (void)context, (void)address, (void)size, (void)value;
    return false;
}

// A zeroed page that can be written, unless there is one.
static inline void need_page(struct memory *memory, uint32_t address) {
    if (memory_page(memory, address)->frame != NULL)
        return;
    struct memory_frame *frame = memory_zeroed(1, sizeof *frame);
    frame->bytes = memory_zeroed(1, MEMORY_PAGE_SIZE);
    frame->writable = true;
    memory_map_frame(memory, address & ~(MEMORY_PAGE_SIZE - 1), frame);
}

// Shows the segments of a static ELF file of 32 bits. Returns where it begins.
static inline uint32_t load_program(struct memory *memory, const struct buffer *file) {
    const Elf32_Ehdr *elf = (const void *)file->bytes;
    for (unsigned i = 0; i < elf->e_phnum; i++) {
        const Elf32_Phdr *part = (const void *)(file->bytes + elf->e_phoff + i * sizeof *part);
        if (part->p_type != PT_LOAD)
            continue;
        for (uint32_t at = 0; at < part->p_memsz + MEMORY_PAGE_SIZE; at += MEMORY_PAGE_SIZE)
            need_page(memory, part->p_vaddr + at);
        (void)memory_write(memory, part->p_vaddr, file->bytes + part->p_offset, part->p_filesz, NULL);
        if ((part->p_flags & PF_X) != 0)
            memory_own(memory, part->p_vaddr, part->p_filesz);
    }
    return elf->e_entry;
}

static inline void need_stack(struct memory *memory) {
    for (uint32_t i = 1; i <= STACK_PAGES; i++)
        need_page(memory, STACK_TOP - i * MEMORY_PAGE_SIZE);
}

// What the program writes to its output.
static inline void write_out(struct memory *memory, uint32_t address, uint32_t length) {
    uint8_t *bytes = memory_new(length + 1);
    (void)memory_read(memory, address, bytes, length, NULL);
    (void)fwrite(bytes, 1, length, stdout);
    free(bytes);
}

#endif
