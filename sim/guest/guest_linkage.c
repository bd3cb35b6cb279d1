// How a guest reaches what it calls: a stub for each function, made when it is loaded. A stub notes where the call comes from,
// sees that the stack has room for what it calls, and jumps. So at each flash operation it is known which line of the guest
// issued it, and a stack that overflows does so in the guest's own code, never in the middle of the board's. X86-64.
#include "guest_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../hw/board.h"

#define STUB_SIZE 48u

// Behind the stubs; each target stands at its symbol's number.
struct linkage_data {
    struct guest_calls calls;
    uint64_t overflow;
    uint64_t targets[];
};

static size_t round_up(size_t value, size_t step) {
    return (value + step - 1) / step * step;
}

// ---- the stubs ----------------------------------------------------------------------------------

// An instruction with an address relative to its own end.
static uint8_t *instruction(uint8_t *at, const uint8_t *opcode, size_t length, const void *target) {
    memcpy(at, opcode, length);
    int32_t distance = (int32_t)((const uint8_t *)target - (at + length + 4));
    memcpy(at + length, &distance, sizeof distance);
    return at + length + 4;
}

static void make_stub(uint8_t *stub, struct linkage_data *data, uint32_t symbol) {
    static const uint8_t load_return[] = {0x4C, 0x8B, 0x1C, 0x24}; // mov (%rsp), %r11
    static const uint8_t note_return[] = {0x4C, 0x89, 0x1D};       // mov %r11, place
    static const uint8_t note_stack[] = {0x48, 0x89, 0x25};        // mov %rsp, place
    static const uint8_t note_frame[] = {0x48, 0x89, 0x2D};        // mov %rbp, place
    static const uint8_t compare[] = {0x48, 0x3B, 0x25};           // cmp place, %rsp
    static const uint8_t branch[] = {0x72, 0x06};                  // jb behind the next instruction
    static const uint8_t jump[] = {0xFF, 0x25};                    // jmp *place
    memcpy(stub, load_return, sizeof load_return);
    uint8_t *at = stub + sizeof load_return;
    at = instruction(at, note_return, sizeof note_return, &data->calls.last.pc);
    at = instruction(at, note_stack, sizeof note_stack, &data->calls.last.sp);
    at = instruction(at, note_frame, sizeof note_frame, &data->calls.last.frame);
    at = instruction(at, compare, sizeof compare, &data->calls.stack_limit);
    memcpy(at, branch, sizeof branch);
    at = instruction(at + sizeof branch, jump, sizeof jump, &data->targets[symbol]);
    at = instruction(at, jump, sizeof jump, &data->overflow);
    assert(at <= stub + STUB_SIZE);
}

_Noreturn static void trapped(const struct import *import) {
    board_stop_not_modelled("the code on the board calls %s, which ota-sim does not have", import->name);
}

// Tells which function it is that must not be called.
static void make_trap(uint8_t *stub, struct linkage_data *data, uint32_t symbol,
                      const struct import *import) {
    static const uint8_t load_argument[] = {0x48, 0xBF}; // movabs $import, %rdi
    static const uint8_t align[] = {0x48, 0x83, 0xE4, 0xF0,
                                    0x50}; // and $-16, %rsp; push %rax: as behind a call
    static const uint8_t jump[] = {0xFF, 0x25};
    uint64_t address = (uintptr_t)import;
    memcpy(stub, load_argument, sizeof load_argument);
    memcpy(stub + sizeof load_argument, &address, sizeof address);
    uint8_t *at = stub + sizeof load_argument + sizeof address;
    memcpy(at, align, sizeof align);
    (void)instruction(at + sizeof align, jump, sizeof jump, &data->targets[symbol]);
    data->targets[symbol] = (uintptr_t)trapped;
}

// ---- objects ------------------------------------------------------------------------------------

static size_t object_size(const struct guest_symbol *symbol) {
    bool object = symbol->import != NULL && symbol->import->kind == IMPORT_OBJECT;
    return object ? round_up(symbol->import->size, 16) : 0;
}

static size_t size_of_objects(const struct guest_file *file) {
    size_t size = 0;
    for (size_t i = 0; i < file->symbol_count; i++)
        size += object_size(&file->symbols[i]);
    return size;
}

// ---- all of it ----------------------------------------------------------------------------------

void guest_linkage_make(struct guest *guest) {
    const struct guest_file *file = guest->file;
    struct guest_linkage *linkage = &guest->linkage;
    size_t code = round_up(file->symbol_count * STUB_SIZE, GUEST_PAGE);
    size_t data_size = round_up(sizeof(struct linkage_data) + file->symbol_count * sizeof(uint64_t), 16);
    size_t objects = size_of_objects(file);
    linkage->size = round_up(code + data_size + objects + 1, GUEST_PAGE);
    linkage->memory = mmap(NULL, linkage->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (linkage->memory == MAP_FAILED)
        abort(); // as memory_new does
    struct linkage_data *data = (struct linkage_data *)(linkage->memory + code);
    uint8_t *object = linkage->memory + code + data_size;
    linkage->calls = &data->calls;
    data->overflow = (uintptr_t)guest_stack_overflows;
    for (uint32_t i = 0; i < file->symbol_count; i++) {
        const struct import *import = file->symbols[i].import;
        uint8_t *stub = linkage->memory + i * STUB_SIZE;
        if (import == NULL)
            continue;
        if (import->kind == IMPORT_FUNCTION) {
            data->targets[i] = (uintptr_t)import->function;
            make_stub(stub, data, i);
        } else if (import->kind == IMPORT_TRAP) {
            make_trap(stub, data, i, import);
        } else {
            data->targets[i] = (uintptr_t)object;
            memcpy(object, import->initial, import->size);
            object += object_size(&file->symbols[i]);
        }
    }
    guest_part_note(&linkage->objects, linkage->memory + code + data_size, objects, objects);
    if (mprotect(linkage->memory, code, PROT_READ | PROT_EXEC) != 0)
        abort();
}

uint64_t guest_linkage_address(const struct guest *guest, uint32_t symbol) {
    const struct import *import = guest->file->symbols[symbol].import;
    const struct linkage_data *data = (const struct linkage_data *)(const void *)guest->linkage.calls;
    if (import == NULL)
        return 0; // a weak one that is not there
    return import->kind == IMPORT_OBJECT ? data->targets[symbol]
                                         : (uintptr_t)(guest->linkage.memory + symbol * STUB_SIZE);
}

void guest_linkage_free(struct guest *guest) {
    free(guest->linkage.objects.contents);
    (void)munmap(guest->linkage.memory, guest->linkage.size);
}
