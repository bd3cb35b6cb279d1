// Runs a static RISC-V program as qemu-riscv32 would: `run_riscv PROGRAM.elf`. It may write to its output and exit.
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/buffer.h"
#include "sim/base/file.h"
#include "sim/cpu/riscv.h"

#define STACK_TOP   0x80000000u
#define STACK_PAGES 16u

static struct memory memory;
static struct riscv cpu;

static bool nothing_loads(void *context, uint32_t address, unsigned size, uint32_t *value) {
    (void)context, (void)address, (void)size, (void)value;
    return false;
}

static bool nothing_stores(void *context, uint32_t address, unsigned size, uint32_t value) {
    (void)context, (void)address, (void)size, (void)value;
    return false;
}

static void code_changed(void *context, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    (void)context;
    riscv_forget(&cpu, frame, offset, size);
}

static void need_page(uint32_t address) {
    if (memory_page(&memory, address)->frame != NULL)
        return;
    struct memory_frame *frame = memory_zeroed(1, sizeof *frame);
    frame->bytes = memory_zeroed(1, MEMORY_PAGE_SIZE);
    frame->writable = true;
    memory_map_frame(&memory, address & ~(MEMORY_PAGE_SIZE - 1), frame);
}

static uint32_t load(const struct buffer *file) {
    const Elf32_Ehdr *elf = (const void *)file->bytes;
    for (unsigned i = 0; i < elf->e_phnum; i++) {
        const Elf32_Phdr *part = (const void *)(file->bytes + elf->e_phoff + i * sizeof *part);
        if (part->p_type != PT_LOAD)
            continue;
        for (uint32_t at = 0; at < part->p_memsz + MEMORY_PAGE_SIZE; at += MEMORY_PAGE_SIZE)
            need_page(part->p_vaddr + at);
        (void)memory_write(&memory, part->p_vaddr, file->bytes + part->p_offset, part->p_filesz, NULL);
        if ((part->p_flags & PF_X) != 0)
            memory_own(&memory, part->p_vaddr, part->p_filesz);
    }
    return elf->e_entry;
}

// True: go on.
static bool system_call(void) {
    uint32_t number = cpu.x[17], address = cpu.x[11], length = cpu.x[12];
    if (number != 64)
        return false;
    uint8_t *bytes = memory_new(length + 1);
    (void)memory_read(&memory, address, bytes, length, NULL);
    (void)fwrite(bytes, 1, length, stdout);
    free(bytes);
    cpu.x[10] = length;
    cpu.pc += 4;
    return true;
}

int main(int argc, char **argv) {
    struct buffer file = {0};
    struct error error = {0};
    if (argc != 2 || !file_read(argv[1], 1u << 24, &file, &error)) {
        fprintf(stderr, "run_riscv PROGRAM.elf: %s\n", error.message);
        return 2;
    }
    memory_init(&memory, &(struct memory_device){NULL, nothing_loads, nothing_stores, code_changed});
    for (uint32_t i = 1; i <= STACK_PAGES; i++)
        need_page(STACK_TOP - i * MEMORY_PAGE_SIZE);
    riscv_reset(&cpu, &memory, load(&file));
    buffer_free(&file);
    cpu.x[RISCV_SP] = STACK_TOP - 64;
    enum riscv_stop stop;
    while ((stop = riscv_run(&cpu, 100000000)) == RISCV_ECALL && system_call())
        continue;
    fprintf(stderr, "%llu instructions\n", (unsigned long long)cpu.instructions);
    if (stop == RISCV_ECALL && cpu.x[17] == 93)
        return (int)cpu.x[10];
    fprintf(stderr, "stopped (%d) at 0x%08x\n", (int)stop, (unsigned)cpu.pc);
    return 1;
}
