#include "riscv.h"

#include <stdlib.h>

#include "../base/buffer.h"
#include "riscv_decode.h"
#include "riscv_loop.h"

enum { CSR_MSTATUS = 0x300, CSR_MTVEC = 0x305, CSR_MEPC = 0x341, CSR_MCAUSE = 0x342, CSR_MTVAL = 0x343 };

struct decoded_page {
    uint32_t base; // the address that it was decoded for
    struct riscv_instruction entries[RISCV_PAGE_ENTRIES + 2];
};

void riscv_reset(struct riscv *cpu, struct memory *memory, uint32_t pc) {
    struct riscv_loops *loops = cpu->loops;
    memset(cpu, 0, sizeof *cpu);
    cpu->memory = memory;
    cpu->pc = pc;
    cpu->loops = loops;
    if (loops != NULL)
        memset(loops, 0, sizeof *loops);
}

void riscv_free(struct riscv *cpu) {
    free(cpu->loops);
    cpu->loops = NULL;
}

void riscv_know_loops(struct riscv *cpu, bool know) {
    riscv_free(cpu);
    if (know)
        cpu->loops = memory_zeroed(1, sizeof *cpu->loops);
}

void riscv_trap(struct riscv *cpu, uint32_t cause, uint32_t value) {
    cpu->csr[CSR_MEPC] = cpu->pc;
    cpu->csr[CSR_MCAUSE] = cause;
    cpu->csr[CSR_MTVAL] = value;
    cpu->pc = cpu->csr[CSR_MTVEC] & ~3u; // exceptions go to the base even in vectored mode
}

uint64_t riscv_rounds_done(const struct riscv *cpu) {
    return cpu->loops == NULL ? 0 : cpu->loops->rounds_done;
}

// ---- decoded pages ------------------------------------------------------------------------------

void riscv_forget(struct riscv *cpu, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    struct decoded_page *page = frame->decoded;
    for (uint32_t i = 0; cpu->loops != NULL && i < RISCV_LOOPS_KEPT; i++)
        cpu->loops->kept[i].head = 0;
    if (page == NULL)
        return;
    uint32_t first = offset / 2, end = (offset + size + 1) / 2;
    if (first > 0)
        first--; // the halfword before may begin an instruction of two
    for (uint32_t i = first; i < end; i++)
        page->entries[i] = (struct riscv_instruction){0};
}

void riscv_forget_all(struct memory_frame *frame) {
    free(frame->decoded);
    frame->decoded = NULL;
}

static struct decoded_page *decoded_page(struct memory_frame *frame, uint32_t base) {
    struct decoded_page *page = frame->decoded;
    if (page != NULL && page->base == base)
        return page;
    if (page == NULL)
        frame->decoded = page = memory_new(sizeof *page);
    memset(page, 0, sizeof *page);
    page->base = base;
    for (uint32_t i = RISCV_PAGE_ENTRIES; i < RISCV_PAGE_ENTRIES + 2; i++)
        page->entries[i] = (struct riscv_instruction){.code = RV_PAGE_END};
    return page;
}

// Decodes the instruction at pc into its entry. False: the program has no code there.
static bool decode_at(struct memory *memory, uint32_t pc, struct riscv_instruction *entry) {
    uint32_t low = 0, high = 0;
    if (!memory_is_own(memory, pc) || !memory_load(memory, pc, 2, &low))
        return false;
    if ((low & 3) == 3 && (!memory_is_own(memory, pc + 2) || !memory_load(memory, pc + 2, 2, &high)))
        return false;
    *entry = riscv_decode(pc, low | high << 16);
    return true;
}

// ---- control and status registers ---------------------------------------------------------------

// Cycle counters (HW-3): the C3's own performance counter for machine mode and user mode, and the standard
// one.
static uint32_t csr_read(const struct riscv *cpu, uint32_t number) {
    uint64_t cycles = cpu->instructions + cpu->cycles_added;
    switch (number) {
    case 0x7E2:
    case 0x802:
    case 0xB00:
    case 0xC00:
        return (uint32_t)cycles;
    case 0xB80:
    case 0xC80:
        return (uint32_t)(cycles >> 32);
    default:
        return cpu->csr[number];
    }
}

static void csr_instruction(struct riscv *cpu, const struct riscv_instruction *op) {
    uint32_t number = (uint32_t)op->imm, old = csr_read(cpu, number);
    uint32_t source = op->rs2 != 0 ? op->rs1 : cpu->x[op->rs1];
    if (op->code == RV_CSRRW)
        cpu->csr[number] = source;
    else if (op->code == RV_CSRRS)
        cpu->csr[number] = old | source;
    else
        cpu->csr[number] = old & ~source;
    cpu->x[op->rd] = old;
}

// ---- division, as the manual wants it for 0 and overflow ----------------------------------------

static uint32_t divide(enum riscv_code code, uint32_t a, uint32_t b) {
    bool overflow = a == 0x80000000u && b == 0xFFFFFFFFu;
    switch (code) {
    case RV_DIV:
        return b == 0 ? 0xFFFFFFFFu : overflow ? a : (uint32_t)((int32_t)a / (int32_t)b);
    case RV_DIVU:
        return b == 0 ? 0xFFFFFFFFu : a / b;
    case RV_REM:
        return b == 0 ? a : overflow ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
    default:
        return b == 0 ? a : a % b;
    }
}

// ---- atomic instructions: with one hart they are a load and a store -----------------------------

static uint32_t combine(enum riscv_code code, uint32_t memory, uint32_t reg) {
    switch (code) {
    case RV_AMOADD:
        return memory + reg;
    case RV_AMOXOR:
        return memory ^ reg;
    case RV_AMOAND:
        return memory & reg;
    case RV_AMOOR:
        return memory | reg;
    case RV_AMOMIN:
        return (int32_t)memory < (int32_t)reg ? memory : reg;
    case RV_AMOMAX:
        return (int32_t)memory > (int32_t)reg ? memory : reg;
    case RV_AMOMINU:
        return memory < reg ? memory : reg;
    case RV_AMOMAXU:
        return memory > reg ? memory : reg;
    default: // RV_AMOSWAP
        return reg;
    }
}

// False: an access fault.
static bool atomic(struct riscv *cpu, const struct riscv_instruction *op) {
    uint32_t address = cpu->x[op->rs1], operand = cpu->x[op->rs2], old = 0;
    cpu->fault_address = address;
    cpu->fault_is_store = op->code != RV_LR;
    if (address % 4 != 0)
        return false;
    if (op->code == RV_SC) {
        bool succeeds = cpu->reservation && cpu->reserved_address == address;
        cpu->reservation = false;
        cpu->x[op->rd] = succeeds ? 0 : 1;
        return !succeeds || memory_store(cpu->memory, address, 4, operand);
    }
    if (!memory_load(cpu->memory, address, 4, &old))
        return false;
    if (op->code == RV_LR) {
        cpu->reservation = true;
        cpu->reserved_address = address;
    } else if (!memory_store(cpu->memory, address, 4, combine((enum riscv_code)op->code, old, operand))) {
        return false;
    }
    cpu->x[op->rd] = old;
    return true;
}

// ---- running ------------------------------------------------------------------------------------

// The interpreter keeps its place as a pointer into the decoded page; these turn it back into an address.
#define PC_OF(entry) (base + (uint32_t)((entry)-entries) * 2)
// Stops in front of the instruction.
#define STOP(reason)                                                                                         \
    do {                                                                                                     \
        cpu->pc = PC_OF(op);                                                                                 \
        cpu->instructions = end - (uint64_t)left - 1;                                                        \
        return (reason);                                                                                     \
    } while (0)
// What is asked may look at the processor, or leave it by longjmp.
#define PUBLISH() (cpu->pc = PC_OF(op), cpu->instructions = end - (uint64_t)left)
#define JUMP(target)                                                                                         \
    do {                                                                                                     \
        pc = (target);                                                                                       \
        if (pc - base >= MEMORY_PAGE_SIZE || pc % 2 != 0 || left <= 0)                                       \
            goto enter;                                                                                      \
        next = &entries[(pc - base) / 2];                                                                    \
        if (!single && next <= op && ++next->heat >= (int16_t)RISCV_LOOP_HEAT)                               \
            goto hot;                                                                                        \
    } while (0)
#define BRANCH_IF(condition)                                                                                 \
    if (condition)                                                                                           \
        JUMP(PC_OF(op) + (uint32_t)op->imm);                                                                 \
    break
#define LOAD_AS(size, cast)                                                                                  \
    address = x[op->rs1] + (uint32_t)op->imm;                                                                \
    if (!memory_load_plain(memory, address, size, &value)) {                                                 \
        PUBLISH();                                                                                           \
        if (!memory_load(memory, address, size, &value))                                                     \
            goto load_fault;                                                                                 \
        asked = true;                                                                                        \
    }                                                                                                        \
    x[op->rd] = (uint32_t)(cast)value;                                                                       \
    break
#define STORE_AS(size)                                                                                       \
    address = x[op->rs1] + (uint32_t)op->imm;                                                                \
    if (!memory_store_plain(memory, address, size, x[op->rs2])) {                                            \
        PUBLISH();                                                                                           \
        if (!memory_store(memory, address, size, x[op->rs2]))                                                \
            goto store_fault;                                                                                \
        asked = true;                                                                                        \
    }                                                                                                        \
    break
#define SIGNED(reg) ((int32_t)x[op->reg])
#define SET(expression)                                                                                      \
    x[op->rd] = (uint32_t)(expression);                                                                      \
    break

static inline __attribute__((always_inline)) enum riscv_stop run(struct riscv *cpu, uint64_t budget,
                                                                 const bool single) {
    struct memory *memory = cpu->memory;
    uint32_t *x = cpu->x, pc = cpu->pc, base, address, value;
    uint64_t end = cpu->instructions + budget;
    int64_t left = (int64_t)budget;
    struct riscv_instruction *entries, *op, *next;
    cpu->stop_requested = false;

enter:;
    struct memory_frame *frame = memory_page(memory, pc)->frame;
    cpu->pc = pc;
    cpu->instructions = end - (uint64_t)left;
    if (frame == NULL || pc % 2 != 0)
        return RISCV_ELSEWHERE;
    if (left <= 0)
        return RISCV_BUDGET;
    base = pc & ~(MEMORY_PAGE_SIZE - 1);
    entries = decoded_page(frame, base)->entries;
    next = &entries[pc % MEMORY_PAGE_SIZE / 2];
    for (bool asked = false;;) {
        if (asked) {
            asked = false;
            if (cpu->stop_requested) {
                op = next;
                left--;
                STOP(RISCV_REQUEST);
            }
        }
        op = next;
        if (single && left <= 0) {
            left--;
            STOP(RISCV_BUDGET);
        }
        next = op + op->halfwords;
        left--;
        switch ((enum riscv_code)op->code) {
        case RV_UNDECODED: // its length is 0: it comes again, decoded
            if (!decode_at(memory, PC_OF(op), op))
                STOP(RISCV_ELSEWHERE);
            left++;
            break;
        case RV_PAGE_END:
            left++;
            pc = PC_OF(op);
            goto enter;
        case RV_ILLEGAL_CODE:
            STOP(RISCV_ILLEGAL);
        case RV_CONSTANT:
            SET(op->imm);
        case RV_JAL:
            if ((uint32_t)op->imm == PC_OF(op))
                STOP(RISCV_SELF_JUMP);
            x[op->rd] = PC_OF(next);
            JUMP((uint32_t)op->imm);
            break;
        case RV_JALR:
            address = (x[op->rs1] + (uint32_t)op->imm) & ~1u;
            x[op->rd] = PC_OF(next);
            JUMP(address);
            break;
        case RV_BEQ:
            BRANCH_IF(x[op->rs1] == x[op->rs2]);
        case RV_BNE:
            BRANCH_IF(x[op->rs1] != x[op->rs2]);
        case RV_BLT:
            BRANCH_IF(SIGNED(rs1) < SIGNED(rs2));
        case RV_BGE:
            BRANCH_IF(SIGNED(rs1) >= SIGNED(rs2));
        case RV_BLTU:
            BRANCH_IF(x[op->rs1] < x[op->rs2]);
        case RV_BGEU:
            BRANCH_IF(x[op->rs1] >= x[op->rs2]);
        case RV_LB:
            LOAD_AS(1, int8_t);
        case RV_LH:
            LOAD_AS(2, int16_t);
        case RV_LW:
            LOAD_AS(4, uint32_t);
        case RV_LBU:
            LOAD_AS(1, uint8_t);
        case RV_LHU:
            LOAD_AS(2, uint16_t);
        case RV_SB:
            STORE_AS(1);
        case RV_SH:
            STORE_AS(2);
        case RV_SW:
            STORE_AS(4);
        case RV_ADDI:
            SET(x[op->rs1] + (uint32_t)op->imm);
        case RV_SLTI:
            SET(SIGNED(rs1) < op->imm);
        case RV_SLTIU:
            SET(x[op->rs1] < (uint32_t)op->imm);
        case RV_XORI:
            SET(x[op->rs1] ^ (uint32_t)op->imm);
        case RV_ORI:
            SET(x[op->rs1] | (uint32_t)op->imm);
        case RV_ANDI:
            SET(x[op->rs1] & (uint32_t)op->imm);
        case RV_SLLI:
            SET(x[op->rs1] << op->imm);
        case RV_SRLI:
            SET(x[op->rs1] >> op->imm);
        case RV_SRAI:
            SET(SIGNED(rs1) >> op->imm);
        case RV_ADD:
            SET(x[op->rs1] + x[op->rs2]);
        case RV_SUB:
            SET(x[op->rs1] - x[op->rs2]);
        case RV_SLL:
            SET(x[op->rs1] << (x[op->rs2] & 31));
        case RV_SLT:
            SET(SIGNED(rs1) < SIGNED(rs2));
        case RV_SLTU:
            SET(x[op->rs1] < x[op->rs2]);
        case RV_XOR:
            SET(x[op->rs1] ^ x[op->rs2]);
        case RV_SRL:
            SET(x[op->rs1] >> (x[op->rs2] & 31));
        case RV_SRA:
            SET(SIGNED(rs1) >> (x[op->rs2] & 31));
        case RV_OR:
            SET(x[op->rs1] | x[op->rs2]);
        case RV_AND:
            SET(x[op->rs1] & x[op->rs2]);
        case RV_MUL:
            SET(x[op->rs1] * x[op->rs2]);
        case RV_MULH:
            SET(((int64_t)SIGNED(rs1) * SIGNED(rs2)) >> 32);
        case RV_MULHSU:
            SET(((int64_t)SIGNED(rs1) * (int64_t)x[op->rs2]) >> 32);
        case RV_MULHU:
            SET(((uint64_t)x[op->rs1] * x[op->rs2]) >> 32);
        case RV_DIV:
        case RV_DIVU:
        case RV_REM:
        case RV_REMU:
            SET(divide((enum riscv_code)op->code, x[op->rs1], x[op->rs2]));
        case RV_NOP:
            break;
        case RV_ECALL:
            STOP(RISCV_ECALL);
        case RV_EBREAK:
            STOP(RISCV_EBREAK);
        case RV_MRET:
            JUMP(cpu->csr[CSR_MEPC]);
            break;
        case RV_CSRRW:
        case RV_CSRRS:
        case RV_CSRRC:
            PUBLISH();
            csr_instruction(cpu, op);
            break;
        default: // RV_LR, RV_SC, RV_AMO...
            PUBLISH();
            if (!atomic(cpu, op)) {
                cpu->instructions--;
                return RISCV_ACCESS_FAULT;
            }
            asked = true;
            break;
        }
    }

hot:
    cpu->pc = pc;
    cpu->instructions = end - (uint64_t)left;
    next->heat = 0;
    if (cpu->loops != NULL) {
        next->heat = (int16_t)((int32_t)RISCV_LOOP_HEAT - (int32_t)riscv_loop_run(cpu));
        left = (int64_t)(end - cpu->instructions);
        pc = cpu->pc;
        if (cpu->stop_requested)
            return RISCV_REQUEST;
    }
    goto enter;

load_fault:
    cpu->fault_is_store = false;
    cpu->fault_address = address;
    STOP(RISCV_ACCESS_FAULT);
store_fault:
    cpu->fault_is_store = true;
    cpu->fault_address = address;
    STOP(RISCV_ACCESS_FAULT);
}

enum riscv_stop riscv_run(struct riscv *cpu, uint64_t budget) {
    return run(cpu, budget, false);
}

enum riscv_stop riscv_step(struct riscv *cpu) {
    return run(cpu, 1, true);
}
