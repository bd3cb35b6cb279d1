// Runs a static RISC-V program as qemu-riscv32 would: `run_riscv PROGRAM.elf`. It may write to its output and exit.
#include <stdio.h>

#include "program_memory.h"
#include "sim/base/file.h"
#include "sim/cpu/riscv.h"

static struct memory memory;
static struct riscv cpu;

static void code_changed(void *context, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    (void)context;
    riscv_forget(&cpu, frame, offset, size);
}

// True: go on.
static bool system_call(void) {
    uint32_t number = cpu.x[17], address = cpu.x[11], length = cpu.x[12];
    if (number != 64)
        return false;
    write_out(&memory, address, length);
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
    need_stack(&memory);
    riscv_reset(&cpu, &memory, load_program(&memory, &file));
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
