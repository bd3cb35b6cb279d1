// From bits to instructions: "The RISC-V Instruction Set Manual, Volume I", version 20191213, chapters 24
// (listings) and 16 (compressed).
#include "riscv_decode.h"

static uint32_t bits(uint32_t word, unsigned high, unsigned low) {
    return word >> low & ((1u << (high - low + 1)) - 1);
}

static int32_t sign(uint32_t value, unsigned width) { // of a field that is `width` bits wide
    return (int32_t)(value << (32 - width)) >> (32 - width);
}

static uint8_t target(uint32_t number) {
    return (uint8_t)(number == 0 ? 32 : number);
}

static struct riscv_instruction make(enum riscv_code code, uint32_t rd, uint32_t rs1, uint32_t rs2,
                                     int32_t imm) {
    return (struct riscv_instruction){.code = (uint8_t)code,
                                      .rd = target(rd),
                                      .rs1 = (uint8_t)rs1,
                                      .rs2 = (uint8_t)rs2,
                                      .imm = imm,
                                      .halfwords = 2};
}

static const struct riscv_instruction illegal = {.code = RV_ILLEGAL_CODE, .rd = 32, .halfwords = 2};

// ---- 32 bits ------------------------------------------------------------------------------------

static struct riscv_instruction decode_branch(uint32_t w) {
    static const uint8_t codes[8] = {RV_BEQ, RV_BNE, RV_ILLEGAL_CODE, RV_ILLEGAL_CODE,
                                     RV_BLT, RV_BGE, RV_BLTU,         RV_BGEU};
    uint32_t distance =
        bits(w, 31, 31) << 12 | bits(w, 7, 7) << 11 | bits(w, 30, 25) << 5 | bits(w, 11, 8) << 1;
    return make(codes[bits(w, 14, 12)], 0, bits(w, 19, 15), bits(w, 24, 20), sign(distance, 13));
}

static struct riscv_instruction decode_immediate(uint32_t w) {
    static const uint8_t codes[8] = {RV_ADDI, RV_SLLI, RV_SLTI, RV_SLTIU, RV_XORI, RV_SRLI, RV_ORI, RV_ANDI};
    uint32_t function = bits(w, 14, 12), high = bits(w, 31, 25);
    enum riscv_code code = codes[function];
    int32_t imm = sign(bits(w, 31, 20), 12);
    if (function == 1 || function == 5) {
        imm = (int32_t)bits(w, 24, 20);
        if (function == 5 && high == 0x20)
            code = RV_SRAI;
        else if (high != 0)
            return illegal;
    }
    return make(code, bits(w, 11, 7), bits(w, 19, 15), 0, imm);
}

static struct riscv_instruction decode_registers(uint32_t w) {
    static const uint8_t plain[8] = {RV_ADD, RV_SLL, RV_SLT, RV_SLTU, RV_XOR, RV_SRL, RV_OR, RV_AND};
    static const uint8_t multiply[8] = {RV_MUL, RV_MULH, RV_MULHSU, RV_MULHU,
                                        RV_DIV, RV_DIVU, RV_REM,    RV_REMU};
    uint32_t function = bits(w, 14, 12), high = bits(w, 31, 25);
    enum riscv_code code;
    if (high == 0)
        code = plain[function];
    else if (high == 1)
        code = multiply[function];
    else if (high == 0x20 && function == 0)
        code = RV_SUB;
    else if (high == 0x20 && function == 5)
        code = RV_SRA;
    else
        return illegal;
    return make(code, bits(w, 11, 7), bits(w, 19, 15), bits(w, 24, 20), 0);
}

static struct riscv_instruction decode_atomic(uint32_t w) {
    enum riscv_code code;
    switch (bits(w, 31, 27)) {
    case 0x02:
        code = bits(w, 24, 20) == 0 ? RV_LR : RV_ILLEGAL_CODE;
        break;
    case 0x03:
        code = RV_SC;
        break;
    case 0x01:
        code = RV_AMOSWAP;
        break;
    case 0x00:
        code = RV_AMOADD;
        break;
    case 0x04:
        code = RV_AMOXOR;
        break;
    case 0x0C:
        code = RV_AMOAND;
        break;
    case 0x08:
        code = RV_AMOOR;
        break;
    case 0x10:
        code = RV_AMOMIN;
        break;
    case 0x14:
        code = RV_AMOMAX;
        break;
    case 0x18:
        code = RV_AMOMINU;
        break;
    case 0x1C:
        code = RV_AMOMAXU;
        break;
    default:
        return illegal;
    }
    return bits(w, 14, 12) == 2 ? make(code, bits(w, 11, 7), bits(w, 19, 15), bits(w, 24, 20), 0) : illegal;
}

static struct riscv_instruction decode_system(uint32_t w) {
    static const uint8_t codes[8] = {RV_ILLEGAL_CODE, RV_CSRRW, RV_CSRRS, RV_CSRRC,
                                     RV_ILLEGAL_CODE, RV_CSRRW, RV_CSRRS, RV_CSRRC};
    switch (w) {
    case 0x00000073:
        return make(RV_ECALL, 0, 0, 0, 0);
    case 0x00100073:
        return make(RV_EBREAK, 0, 0, 0, 0);
    case 0x30200073:
        return make(RV_MRET, 0, 0, 0, 0);
    case 0x10500073: // wfi: nobody interrupts, so it need not wait
        return make(RV_NOP, 0, 0, 0, 0);
    default:
        break;
    }
    uint32_t function = bits(w, 14, 12);
    return make(codes[function], bits(w, 11, 7), bits(w, 19, 15), function >> 2, (int32_t)bits(w, 31, 20));
}

static struct riscv_instruction decode_word(uint32_t pc, uint32_t w) {
    static const uint8_t loads[8] = {RV_LB,  RV_LH,  RV_LW,           RV_ILLEGAL_CODE,
                                     RV_LBU, RV_LHU, RV_ILLEGAL_CODE, RV_ILLEGAL_CODE};
    uint32_t rd = bits(w, 11, 7), rs1 = bits(w, 19, 15), function = bits(w, 14, 12);
    int32_t signed_high = sign(bits(w, 31, 20), 12);
    switch (bits(w, 6, 0)) {
    case 0x37:
        return make(RV_CONSTANT, rd, 0, 0, (int32_t)(w & 0xFFFFF000));
    case 0x17:
        return make(RV_CONSTANT, rd, 0, 0, (int32_t)(pc + (w & 0xFFFFF000)));
    case 0x6F: {
        uint32_t distance =
            bits(w, 31, 31) << 20 | bits(w, 19, 12) << 12 | bits(w, 20, 20) << 11 | bits(w, 30, 21) << 1;
        return make(RV_JAL, rd, 0, 0, (int32_t)(pc + (uint32_t)sign(distance, 21)));
    }
    case 0x67:
        return function == 0 ? make(RV_JALR, rd, rs1, 0, signed_high) : illegal;
    case 0x63:
        return decode_branch(w);
    case 0x03:
        return make(loads[function], rd, rs1, 0, signed_high);
    case 0x23:
        if (function > 2)
            return illegal;
        return make((enum riscv_code)(RV_SB + function), 0, rs1, bits(w, 24, 20),
                    sign(bits(w, 31, 25) << 5 | rd, 12));
    case 0x13:
        return decode_immediate(w);
    case 0x33:
        return decode_registers(w);
    case 0x0F:
        return function <= 1 ? make(RV_NOP, 0, 0, 0, 0) : illegal;
    case 0x2F:
        return decode_atomic(w);
    case 0x73:
        return decode_system(w);
    default:
        return illegal;
    }
}

// ---- 16 bits ------------------------------------------------------------------------------------

static uint32_t scaled_word(uint32_t w) { // offset of c.lw and c.sw
    return bits(w, 5, 5) << 6 | bits(w, 12, 10) << 3 | bits(w, 6, 6) << 2;
}

static struct riscv_instruction decode_quadrant_0(uint32_t w) {
    uint32_t low = 8 + bits(w, 4, 2), base = 8 + bits(w, 9, 7);
    switch (bits(w, 15, 13)) {
    case 0: {
        uint32_t offset =
            bits(w, 10, 7) << 6 | bits(w, 12, 11) << 4 | bits(w, 5, 5) << 3 | bits(w, 6, 6) << 2;
        return offset == 0 ? illegal : make(RV_ADDI, low, RISCV_SP, 0, (int32_t)offset);
    }
    case 2:
        return make(RV_LW, low, base, 0, (int32_t)scaled_word(w));
    case 6:
        return make(RV_SW, 0, base, low, (int32_t)scaled_word(w));
    default:
        return illegal;
    }
}

static struct riscv_instruction decode_c_arithmetic(uint32_t w) {
    static const uint8_t registers[4] = {RV_SUB, RV_XOR, RV_OR, RV_AND};
    uint32_t reg = 8 + bits(w, 9, 7), amount = bits(w, 12, 12) << 5 | bits(w, 6, 2);
    switch (bits(w, 11, 10)) {
    case 0:
        return amount < 32 ? make(RV_SRLI, reg, reg, 0, (int32_t)amount) : illegal;
    case 1:
        return amount < 32 ? make(RV_SRAI, reg, reg, 0, (int32_t)amount) : illegal;
    case 2:
        return make(RV_ANDI, reg, reg, 0, sign(amount, 6));
    default:
        return bits(w, 12, 12) == 0 ? make(registers[bits(w, 6, 5)], reg, reg, 8 + bits(w, 4, 2), 0)
                                    : illegal;
    }
}

static int32_t c_jump_distance(uint32_t w) {
    uint32_t distance = bits(w, 12, 12) << 11 | bits(w, 8, 8) << 10 | bits(w, 10, 9) << 8 |
                        bits(w, 6, 6) << 7 | bits(w, 7, 7) << 6 | bits(w, 2, 2) << 5 | bits(w, 11, 11) << 4 |
                        bits(w, 5, 3) << 1;
    return sign(distance, 12);
}

static int32_t c_branch_distance(uint32_t w) {
    uint32_t distance = bits(w, 12, 12) << 8 | bits(w, 6, 5) << 6 | bits(w, 2, 2) << 5 |
                        bits(w, 11, 10) << 3 | bits(w, 4, 3) << 1;
    return sign(distance, 9);
}

static struct riscv_instruction decode_c_lui(uint32_t w) {
    uint32_t rd = bits(w, 11, 7), value = bits(w, 12, 12) << 5 | bits(w, 6, 2);
    if (value == 0)
        return illegal;
    if (rd != RISCV_SP)
        return make(RV_CONSTANT, rd, 0, 0, sign(value, 6) * 4096);
    uint32_t distance = bits(w, 12, 12) << 9 | bits(w, 4, 3) << 7 | bits(w, 5, 5) << 6 | bits(w, 2, 2) << 5 |
                        bits(w, 6, 6) << 4; // c.addi16sp
    return make(RV_ADDI, RISCV_SP, RISCV_SP, 0, sign(distance, 10));
}

static struct riscv_instruction decode_quadrant_1(uint32_t pc, uint32_t w) {
    uint32_t rd = bits(w, 11, 7);
    int32_t imm = sign(bits(w, 12, 12) << 5 | bits(w, 6, 2), 6);
    switch (bits(w, 15, 13)) {
    case 0:
        return make(RV_ADDI, rd, rd, 0, imm);
    case 1:
        return make(RV_JAL, RISCV_RA, 0, 0, (int32_t)(pc + (uint32_t)c_jump_distance(w)));
    case 2:
        return make(RV_ADDI, rd, 0, 0, imm);
    case 3:
        return decode_c_lui(w);
    case 4:
        return decode_c_arithmetic(w);
    case 5:
        return make(RV_JAL, 0, 0, 0, (int32_t)(pc + (uint32_t)c_jump_distance(w)));
    case 6:
        return make(RV_BEQ, 0, 8 + bits(w, 9, 7), 0, c_branch_distance(w));
    default:
        return make(RV_BNE, 0, 8 + bits(w, 9, 7), 0, c_branch_distance(w));
    }
}

static struct riscv_instruction decode_c_jump(uint32_t w) {
    uint32_t rd = bits(w, 11, 7), rs2 = bits(w, 6, 2);
    if (rs2 != 0)
        return bits(w, 12, 12) == 0 ? make(RV_ADD, rd, 0, rs2, 0) : make(RV_ADD, rd, rd, rs2, 0);
    if (rd == 0)
        return bits(w, 12, 12) == 0 ? illegal : make(RV_EBREAK, 0, 0, 0, 0);
    return make(RV_JALR, bits(w, 12, 12), rd, 0, 0); // c.jr, c.jalr
}

static struct riscv_instruction decode_quadrant_2(uint32_t w) {
    uint32_t rd = bits(w, 11, 7), amount = bits(w, 12, 12) << 5 | bits(w, 6, 2);
    switch (bits(w, 15, 13)) {
    case 0:
        return amount < 32 ? make(RV_SLLI, rd, rd, 0, (int32_t)amount) : illegal;
    case 2: {
        uint32_t offset = bits(w, 3, 2) << 6 | bits(w, 12, 12) << 5 | bits(w, 6, 4) << 2;
        return rd == 0 ? illegal : make(RV_LW, rd, RISCV_SP, 0, (int32_t)offset);
    }
    case 4:
        return decode_c_jump(w);
    case 6:
        return make(RV_SW, 0, RISCV_SP, bits(w, 6, 2), (int32_t)(bits(w, 8, 7) << 6 | bits(w, 12, 9) << 2));
    default:
        return illegal;
    }
}

struct riscv_instruction riscv_decode(uint32_t pc, uint32_t word) {
    struct riscv_instruction out;
    switch (word & 3) {
    case 0:
        out = decode_quadrant_0(word & 0xFFFF);
        break;
    case 1:
        out = decode_quadrant_1(pc, word & 0xFFFF);
        break;
    case 2:
        out = decode_quadrant_2(word & 0xFFFF);
        break;
    default:
        return decode_word(pc, word);
    }
    out.halfwords = 1;
    return out;
}
