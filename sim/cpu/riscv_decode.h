// Instructions as the interpreter takes them.
#ifndef SIM_CPU_RISCV_DECODE_H
#define SIM_CPU_RISCV_DECODE_H

#include "riscv.h"

// Compressed instructions become the ones that they stand for.
enum riscv_code {
    RV_UNDECODED, // 0: what fresh memory holds
    RV_PAGE_END,
    RV_ILLEGAL_CODE,
    RV_CONSTANT, // lui, auipc: rd := imm
    RV_JAL,      // imm: the target
    RV_JALR,
    RV_BEQ, // branches: imm is the distance in bytes
    RV_BNE,
    RV_BLT,
    RV_BGE,
    RV_BLTU,
    RV_BGEU,
    RV_LB,
    RV_LH,
    RV_LW,
    RV_LBU,
    RV_LHU,
    RV_SB,
    RV_SH,
    RV_SW,
    RV_ADDI,
    RV_SLTI,
    RV_SLTIU,
    RV_XORI,
    RV_ORI,
    RV_ANDI,
    RV_SLLI,
    RV_SRLI,
    RV_SRAI,
    RV_ADD,
    RV_SUB,
    RV_SLL,
    RV_SLT,
    RV_SLTU,
    RV_XOR,
    RV_SRL,
    RV_SRA,
    RV_OR,
    RV_AND,
    RV_MUL,
    RV_MULH,
    RV_MULHSU,
    RV_MULHU,
    RV_DIV,
    RV_DIVU,
    RV_REM,
    RV_REMU,
    RV_NOP, // fence, fence.i, wfi
    RV_ECALL,
    RV_EBREAK,
    RV_MRET,
    RV_CSRRW, // imm: the register; rs2: the source is the number rs1 itself
    RV_CSRRS,
    RV_CSRRC,
    RV_LR,
    RV_SC,
    RV_AMOSWAP,
    RV_AMOADD,
    RV_AMOXOR,
    RV_AMOAND,
    RV_AMOOR,
    RV_AMOMIN,
    RV_AMOMAX,
    RV_AMOMINU,
    RV_AMOMAXU
};

struct riscv_instruction {
    uint8_t code; // enum riscv_code
    uint8_t rd;   // 32 for x0
    uint8_t rs1, rs2;
    int32_t imm;
    uint8_t halfwords; // 1 or 2
    int16_t heat;      // how often a jump backwards has come here (riscv_loop.h)
};

// Of one page: one entry a halfword. Two more, RV_PAGE_END, for running over its end.
#define RISCV_PAGE_ENTRIES (MEMORY_PAGE_SIZE / 2)

// Decodes what stands at `pc`. `word` holds its two halfwords, the second of which may be anything if the
// first is a whole instruction.
struct riscv_instruction riscv_decode(uint32_t pc, uint32_t word);

#endif
