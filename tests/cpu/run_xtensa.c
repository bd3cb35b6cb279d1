// Runs a static Xtensa program as qemu-xtensa would: `run_xtensa PROGRAM.elf`. It may write to its output and exit.
#include <stdio.h>

#include "program_memory.h"
#include "sim/base/file.h"
#include "sim/cpu/xtensa.h"

enum { SYSTEM_WRITE = 13, SYSTEM_EXIT = 118 }; // of Linux

static struct memory memory;
static struct xtensa cpu;

static void code_changed(void *context, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    (void)context;
    xtensa_forget(&cpu, frame, offset, size);
}

// True: go on.
static bool system_call(void) {
    uint32_t number = cpu.a[2], address = cpu.a[3], length = cpu.a[4];
    if (number != SYSTEM_WRITE)
        return false;
    write_out(&memory, address, length);
    cpu.a[2] = length;
    cpu.pc += 3;
    return true;
}

int main(int argc, char **argv) {
    struct buffer file = {0};
    struct error error = {0};
    if (argc != 2 || !file_read(argv[1], 1u << 24, &file, &error)) {
        fprintf(stderr, "run_xtensa PROGRAM.elf: %s\n", error.message);
        return 2;
    }
    memory_init(&memory, &(struct memory_device){NULL, nothing_loads, nothing_stores, code_changed});
    need_stack(&memory);
    xtensa_reset(&cpu, &memory, load_program(&memory, &file), STACK_TOP - 64);
    buffer_free(&file);
    enum xtensa_stop stop;
    while ((stop = xtensa_run(&cpu, 100000000)) == XTENSA_SYSCALL && system_call())
        continue;
    fprintf(stderr, "%llu instructions\n", (unsigned long long)cpu.instructions);
    if (stop == XTENSA_SYSCALL && cpu.a[2] == SYSTEM_EXIT)
        return (int)cpu.a[6];
    fprintf(stderr, "stopped (%d) at 0x%08x\n", (int)stop, (unsigned)cpu.pc);
    return 1;
}
