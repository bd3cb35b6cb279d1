// Runs every instruction of RV32IMAC over operands that matter and writes down what came out. Executed by qemu-riscv32 and by
// sim/cpu, the output has to be the same.
typedef unsigned int u32;
typedef int s32;
typedef unsigned char u8;

static u32 results[1u << 16];
static u32 count;

static long system_call(long number, long a, long b, long c) {
    register long a0 asm("a0") = a;
    register long a1 asm("a1") = b;
    register long a2 asm("a2") = c;
    register long a7 asm("a7") = number;
    asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

static void flush(void) {
    system_call(64, 1, (long)results, (long)(count * 4));
    count = 0;
}

static void emit(u32 value) {
    results[count++] = value;
    if (count == sizeof results / sizeof results[0])
        flush();
}

static const u32 operands[] = {0,          1,          2,          3,          31,
                               32,         0x7F,       0x80,       0xFFFF,     0x10000,
                               0x12345678, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001,
                               0xDEADBEEF, 0xFFFF0000, 0xFFFFFFFE, 0xFFFFFFFF};
#define OPERANDS (sizeof operands / sizeof operands[0])

#define REGISTERS(name)                                                                                      \
    for (u32 i = 0; i < OPERANDS; i++)                                                                       \
        for (u32 k = 0; k < OPERANDS; k++) {                                                                 \
            u32 out;                                                                                         \
            asm volatile(name " %0, %1, %2" : "=r"(out) : "r"(operands[i]), "r"(operands[k]));               \
            emit(out);                                                                                       \
        }

#define IMMEDIATE_OF(name, imm)                                                                              \
    for (u32 i = 0; i < OPERANDS; i++) {                                                                     \
        u32 out;                                                                                             \
        asm volatile(name " %0, %1, " #imm : "=r"(out) : "r"(operands[i]));                                  \
        emit(out);                                                                                           \
    }
#define IMMEDIATES(name)                                                                                     \
    IMMEDIATE_OF(name, 0);                                                                                   \
    IMMEDIATE_OF(name, 1);                                                                                   \
    IMMEDIATE_OF(name, -1);                                                                                  \
    IMMEDIATE_OF(name, 2047);                                                                                \
    IMMEDIATE_OF(name, -2048);                                                                               \
    IMMEDIATE_OF(name, 85)
#define SHIFTS(name)                                                                                         \
    IMMEDIATE_OF(name, 0);                                                                                   \
    IMMEDIATE_OF(name, 1);                                                                                   \
    IMMEDIATE_OF(name, 15);                                                                                  \
    IMMEDIATE_OF(name, 31)

#define BRANCHES(name)                                                                                       \
    for (u32 i = 0; i < OPERANDS; i++)                                                                       \
        for (u32 k = 0; k < OPERANDS; k++) {                                                                 \
            u32 out = 1;                                                                                     \
            asm volatile(name " %1, %2, 1f\n\tli %0, 0\n1:"                                                  \
                         : "+r"(out)                                                                         \
                         : "r"(operands[i]), "r"(operands[k]));                                              \
            emit(out);                                                                                       \
        }

static void arithmetic(void) {
    REGISTERS("add");
    REGISTERS("sub");
    REGISTERS("sll");
    REGISTERS("slt");
    REGISTERS("sltu");
    REGISTERS("xor");
    REGISTERS("srl");
    REGISTERS("sra");
    REGISTERS("or");
    REGISTERS("and");
    IMMEDIATES("addi");
    IMMEDIATES("slti");
    IMMEDIATES("sltiu");
    IMMEDIATES("xori");
    IMMEDIATES("ori");
    IMMEDIATES("andi");
    SHIFTS("slli");
    SHIFTS("srli");
    SHIFTS("srai");
}

static void multiplication(void) {
    REGISTERS("mul");
    REGISTERS("mulh");
    REGISTERS("mulhsu");
    REGISTERS("mulhu");
    REGISTERS("div");
    REGISTERS("divu");
    REGISTERS("rem");
    REGISTERS("remu");
}

static void branches(void) {
    BRANCHES("beq");
    BRANCHES("bne");
    BRANCHES("blt");
    BRANCHES("bge");
    BRANCHES("bltu");
    BRANCHES("bgeu");
}

// ---- memory: all widths, all alignments, across a page's end ------------------------------------

static u8 area[3 * 4096] __attribute__((aligned(4096)));

#define LOADS(name)                                                                                          \
    for (u32 at = 4080; at < 4100; at++) {                                                                   \
        u32 out;                                                                                             \
        asm volatile(name " %0, 0(%1)" : "=r"(out) : "r"(area + at) : "memory");                             \
        emit(out);                                                                                           \
        asm volatile(name " %0, -9(%1)" : "=r"(out) : "r"(area + at) : "memory");                            \
        emit(out);                                                                                           \
    }
#define STORES(name)                                                                                         \
    for (u32 at = 8185; at < 8197; at++) {                                                                   \
        asm volatile(name " %0, 3(%1)" : : "r"(0x81C3A5E7u + at * 77), "r"(area + at) : "memory");           \
        for (u32 i = 8180; i < 8208; i++)                                                                    \
            emit(area[i]);                                                                                   \
    }

static void memory(void) {
    for (u32 i = 0; i < sizeof area; i++)
        area[i] = (u8)(i * 7 + (i >> 5));
    LOADS("lb");
    LOADS("lbu");
    LOADS("lh");
    LOADS("lhu");
    LOADS("lw");
    STORES("sb");
    STORES("sh");
    STORES("sw");
}

// ---- the atomic instructions --------------------------------------------------------------------

static u32 cell;

#define ATOMIC(name)                                                                                         \
    for (u32 i = 0; i < OPERANDS; i++)                                                                       \
        for (u32 k = 0; k < OPERANDS; k++) {                                                                 \
            u32 out;                                                                                         \
            cell = operands[i];                                                                              \
            asm volatile(name " %0, %1, (%2)" : "=r"(out) : "r"(operands[k]), "r"(&cell) : "memory");        \
            emit(out);                                                                                       \
            emit(cell);                                                                                      \
        }

static void atomics(void) {
    ATOMIC("amoswap.w");
    ATOMIC("amoadd.w");
    ATOMIC("amoxor.w");
    ATOMIC("amoand.w");
    ATOMIC("amoor.w");
    ATOMIC("amomin.w");
    ATOMIC("amomax.w");
    ATOMIC("amominu.w");
    ATOMIC("amomaxu.w.aqrl");
    u32 loaded, failed;
    cell = 5;
    asm volatile("lr.w %0, (%2)\n\tsc.w %1, %3, (%2)"
                 : "=&r"(loaded), "=&r"(failed)
                 : "r"(&cell), "r"(9)
                 : "memory");
    emit(loaded);
    emit(failed), emit(cell);
    asm volatile("sc.w %0, %2, (%1)"
                 : "=&r"(failed)
                 : "r"(&cell), "r"(7)
                 : "memory"); // without a reservation
    emit(failed != 0);
    emit(cell);
}

// ---- compressed forms that a compiler seldom chooses, and jumps ---------------------------------

#define COMPRESSED(text)                                                                                     \
    for (u32 i = 0; i < OPERANDS; i++) {                                                                     \
        register u32 s0 asm("s0") = operands[i];                                                             \
        register u32 s1 asm("s1") = operands[(i + 5) % OPERANDS];                                            \
        asm volatile(text : "+r"(s0), "+r"(s1));                                                             \
        emit(s0);                                                                                            \
        emit(s1);                                                                                            \
    }

#if COMPRESSED_FORMS
static void compressed(void) {
    COMPRESSED("c.addi s0, 31");
    COMPRESSED("c.addi s0, -32");
    COMPRESSED("c.li s0, -17");
    COMPRESSED("c.lui s0, 31");
    COMPRESSED("c.lui s0, 0xfffe1");
    COMPRESSED("c.srli s0, 31");
    COMPRESSED("c.srai s0, 31");
    COMPRESSED("c.andi s0, -2");
    COMPRESSED("c.sub s0, s1");
    COMPRESSED("c.xor s0, s1");
    COMPRESSED("c.or s0, s1");
    COMPRESSED("c.and s0, s1");
    COMPRESSED("c.slli s0, 31");
    COMPRESSED("c.mv s0, s1");
    COMPRESSED("c.add s0, s1");
    COMPRESSED("c.nop");
    COMPRESSED("c.beqz s0, 1f\n\tc.addi s1, 1\n1:");
    COMPRESSED("c.bnez s0, 1f\n\tc.addi s1, 1\n1:");
    COMPRESSED("c.j 1f\n\tc.addi s1, 1\n1:");
    COMPRESSED("c.addi16sp sp, -496\n\tc.swsp s0, 252(sp)\n\tc.lwsp s1, 252(sp)\n\tc.addi16sp sp, 496");
    COMPRESSED("c.addi16sp sp, -64\n\tc.addi4spn s1, sp, 60\n\tsub s1, s1, sp\n\tc.addi16sp sp, 64");
    u32 out;
    asm volatile("la t0, 1f\n\tjalr %0, 1(t0)\n1:\n\tla t0, 1b\n\tsub %0, %0, t0"
                 : "=r"(out)
                 :
                 : "t0"); // bit 0 is dropped
    emit(out);
    asm volatile("auipc %0, 0x80000\n\tauipc t0, 0\n\tsub %0, %0, t0" : "=r"(out) : : "t0");
    emit(out);
}

#endif

// ---- ordinary programs: what a compiler makes of them -------------------------------------------

static u32 noise = 1;

static u32 next(void) {
    noise ^= noise << 13;
    noise ^= noise >> 17;
    noise ^= noise << 5;
    return noise;
}

static void sort(u32 *items, u32 length) {
    for (u32 i = 1; i < length; i++) {
        u32 item = items[i], k = i;
        for (; k > 0 && items[k - 1] > item; k--)
            items[k] = items[k - 1];
        items[k] = item;
    }
}

static u32 crc32(const u8 *bytes, u32 length) {
    u32 crc = 0xFFFFFFFFu;
    while (length-- != 0) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static u32 weigh(u32 kind, u32 a, u32 b) { // a jump table
    switch (kind % 9) {
    case 0:
        return a + b;
    case 1:
        return a * b;
    case 2:
        return b == 0 ? a : a / b;
    case 3:
        return (u32)((s32)a >> (b & 31));
    case 4:
        return a << (b & 31);
    case 5:
        return (s32)a < (s32)b;
    case 6:
        return (u32)(((unsigned long long)a * b) >> 32);
    case 7:
        return a ^ ~b;
    default:
        return a - b;
    }
}

static void programs(void) {
    static u32 items[300];
    for (u32 i = 0; i < 300; i++)
        items[i] = next();
    sort(items, 300);
    for (u32 i = 0; i < 300; i += 7)
        emit(items[i]);
    emit(crc32(area, sizeof area));
    for (u32 i = 0, a = 1, b = 2; i < 20000; i++) {
        u32 c = weigh(next(), a, b);
        a = b, b = c ^ next();
        if (i % 16 == 0)
            emit(c);
    }
}

void _start(void) {
    arithmetic();
    multiplication();
    branches();
    memory();
    atomics();
#if COMPRESSED_FORMS
    compressed();
#endif
    programs();
    flush();
    system_call(93, 0, 0, 0);
    for (;;)
        ;
}
