#include "xtensa.h"

#include <stdlib.h>

#include "../base/buffer.h"
#include "xtensa_execute.h"

#define ENTRIES (MEMORY_PAGE_SIZE + 2) // an instruction may end in the next page

struct decoded_page {
    uint32_t base; // the address that it was decoded for
    struct xtensa_op entries[ENTRIES + 1];
};

static const xtensa_execute execute[] = {
#define XTENSA_EXECUTE(name) xtensa_do_##name,
    XTENSA_INSTRUCTIONS(XTENSA_EXECUTE)
#undef XTENSA_EXECUTE
};

static const struct xtensa_op no_loop_end;

// ---- life ---------------------------------------------------------------------------------------

void xtensa_reset(struct xtensa *cpu, struct memory *memory, uint32_t pc, uint32_t stack) {
    memset(cpu, 0, sizeof *cpu);
    cpu->memory = memory;
    cpu->pc = pc;
    cpu->called = 2;
    cpu->special[XTENSA_PS] = XTENSA_PS_WOE | XTENSA_PS_UM | 2u << XTENSA_PS_CALLINC_SHIFT;
    cpu->special[XTENSA_WINDOWSTART] = 1;
    cpu->special[XTENSA_PRID] = 0xCDCD; // HW-110
    cpu->special[XTENSA_VECBASE] = 0x40000000;
    cpu->a[1] = stack;
    cpu->a[8] = 2u << 30;
    (void)memory_store(memory, stack - 12, 4,
                       stack + 32); // the stack pointer of the frame before (save_frame)
}

// ---- decoded pages ------------------------------------------------------------------------------

static const struct xtensa_op *decode_here(struct xtensa *cpu, const struct xtensa_op *op);
static const struct xtensa_op *page_ends(struct xtensa *cpu, const struct xtensa_op *op);

static void forget_range(struct decoded_page *page, uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end; i++)
        page->entries[i].execute = decode_here;
}

// Instructions have up to 3 bytes: those that begin 2 bytes before may reach into what has changed.
void xtensa_forget(struct xtensa *cpu, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    struct decoded_page *page = frame->decoded;
    if (page != NULL)
        forget_range(page, offset < 2 ? 0 : offset - 2, offset + size);
    for (uint32_t i = 0; offset < 2 && i < frame->view_count; i++) {
        const struct memory_frame *before = memory_page(cpu->memory, frame->views[i] - 1)->frame;
        if (before != NULL && before->decoded != NULL)
            forget_range(before->decoded, MEMORY_PAGE_SIZE - 2, MEMORY_PAGE_SIZE);
    }
}

void xtensa_forget_all(struct memory_frame *frame) {
    free(frame->decoded);
    frame->decoded = NULL;
}

static struct decoded_page *decoded_page(struct memory_frame *frame, uint32_t base) {
    struct decoded_page *page = frame->decoded;
    if (page != NULL && page->base == base)
        return page;
    if (page == NULL)
        frame->decoded = page = memory_zeroed(1, sizeof *page);
    page->base = base;
    forget_range(page, 0, MEMORY_PAGE_SIZE);
    for (uint32_t i = MEMORY_PAGE_SIZE; i <= ENTRIES; i++)
        page->entries[i].execute = page_ends;
    return page;
}

// ---- where it goes on ---------------------------------------------------------------------------

void xtensa_find_loop_end(struct xtensa *cpu) {
    uint32_t within = cpu->special[XTENSA_LEND] - cpu->base;
    cpu->loop_end = within != 0 && within <= ENTRIES ? cpu->entries + within : &no_loop_end;
}

const struct xtensa_op *xtensa_stop_at(struct xtensa *cpu, const struct xtensa_op *op,
                                       enum xtensa_stop reason) {
    cpu->pc = xtensa_pc_of(cpu, op);
    cpu->instructions--;
    cpu->stop = reason;
    return NULL;
}

const struct xtensa_op *xtensa_fault_at(struct xtensa *cpu, const struct xtensa_op *op, uint32_t address,
                                        bool is_store) {
    cpu->fault_address = address;
    cpu->fault_is_store = is_store;
    return xtensa_stop_at(cpu, op, XTENSA_ACCESS_FAULT);
}

const struct xtensa_op *xtensa_enter(struct xtensa *cpu, uint32_t pc) {
    struct memory_frame *frame = memory_page(cpu->memory, pc)->frame;
    cpu->pc = pc;
    if (frame == NULL || !memory_is_own(cpu->memory, pc)) {
        cpu->stop = XTENSA_ELSEWHERE;
        return NULL;
    }
    cpu->base = pc & ~(MEMORY_PAGE_SIZE - 1);
    cpu->entries = decoded_page(frame, cpu->base)->entries;
    xtensa_find_loop_end(cpu);
    return cpu->entries + pc % MEMORY_PAGE_SIZE;
}

static const struct xtensa_op *page_ends(struct xtensa *cpu, const struct xtensa_op *op) {
    cpu->instructions--;
    return xtensa_enter(cpu, xtensa_pc_of(cpu, op));
}

// Every byte has to be the program's own.
static bool fetch(struct xtensa *cpu, uint32_t pc, uint32_t *word) {
    uint32_t byte;
    *word = 0;
    for (uint32_t i = 0; i < 3 && (i < 2 || xtensa_length(*word) == 3); i++) {
        if (!memory_is_own(cpu->memory, pc + i) || !memory_load(cpu->memory, pc + i, 1, &byte))
            return false;
        *word |= byte << 8 * i;
    }
    return true;
}

// What stands where nothing has been decoded yet.
static const struct xtensa_op *decode_here(struct xtensa *cpu, const struct xtensa_op *op) {
    uint32_t word, pc = xtensa_pc_of(cpu, op);
    if (!fetch(cpu, pc, &word))
        return xtensa_stop_at(cpu, op, XTENSA_ELSEWHERE);
    struct xtensa_instruction decoded = xtensa_decode(pc, word);
    struct xtensa_op *entry = &cpu->entries[pc - cpu->base];
    *entry = (struct xtensa_op){execute[decoded.code], decoded.imm, decoded.r, decoded.s, decoded.t,
                                decoded.length};
    return entry->execute(cpu, entry);
}

// ---- running ------------------------------------------------------------------------------------

// `next` is where the loop of LEND ends: it goes back when it was come to in sequence and rounds are left.
static __attribute__((noinline)) const struct xtensa_op *
end_of_loop(struct xtensa *cpu, const struct xtensa_op *op, const struct xtensa_op *next) {
    if (next != xtensa_next(op) || cpu->special[XTENSA_LCOUNT] == 0 ||
        (cpu->special[XTENSA_PS] & XTENSA_PS_EXCM) != 0)
        return next;
    cpu->special[XTENSA_LCOUNT]--;
    return xtensa_jump(cpu, cpu->special[XTENSA_LBEG]);
}

enum xtensa_stop xtensa_run(struct xtensa *cpu, uint64_t budget) {
    uint64_t end = cpu->instructions + budget;
    cpu->stop_requested = false;
    const struct xtensa_op *op = xtensa_enter(cpu, cpu->pc);
    while (op != NULL) {
        if (cpu->instructions >= end) {
            cpu->pc = xtensa_pc_of(cpu, op);
            return XTENSA_BUDGET;
        }
        cpu->instructions++;
        const struct xtensa_op *next = op->execute(cpu, op);
        if (next == cpu->loop_end)
            next = end_of_loop(cpu, op, next);
        op = next;
    }
    return cpu->stop;
}
