#include "riscv_loop.h"

#include <string.h>

#include "riscv_loop_value.h"

#define STREAMS_MAX 8u
#define GUARDS_MAX  16u
#define STEP_MAX    64u
#define ROUNDS_MIN  4u // fewer are not worth it

struct stream { // words read or written at addresses that advance
    uint32_t address, step;
    struct loop_value value; // written: what
};

struct cell { // a word in memory whose address stays
    uint32_t address;
    struct loop_value value; // what it holds now, in terms of what it held at the head
    bool written;
};

struct guard {
    enum riscv_code code;
    bool taken;
    struct loop_value a, b;
};

// What one run along the path does.
struct analysis {
    struct riscv *cpu;
    struct riscv_loop *loop;
    struct loop_value x[33];
    struct stream reads[STREAMS_MAX], writes[STREAMS_MAX];
    uint32_t read_count, write_count;
    struct cell cells[RISCV_LOOP_CELLS];
    uint32_t cell_count;
    struct guard guards[GUARDS_MAX];
    uint32_t guard_count;
    bool again; // something was learnt: another attempt may succeed
};

// ---- recording a path ---------------------------------------------------------------------------

static bool may_be_in_path(const struct riscv_instruction *op) {
    switch ((enum riscv_code)op->code) {
    case RV_JAL:
        return op->rd == 32; // no calls
    case RV_LW:
    case RV_SW:
    case RV_NOP:
        return true;
    default:
        return (op->code >= RV_BEQ && op->code <= RV_BGEU) || op->code == RV_CONSTANT ||
               (op->code >= RV_ADDI && op->code <= RV_REMU);
    }
}

static bool fetch(struct memory *memory, uint32_t pc, struct riscv_instruction *op) {
    uint32_t low = 0, high = 0;
    if (!memory_is_own(memory, pc) || !memory_load(memory, pc, 2, &low))
        return false;
    if ((low & 3) == 3 && (!memory_is_own(memory, pc + 2) || !memory_load(memory, pc + 2, 2, &high)))
        return false;
    *op = riscv_decode(pc, low | high << 16);
    return true;
}

// Executes two rounds and writes down what they were. False: this is no loop for us.
static bool record(struct riscv *cpu, struct riscv_loop *loop) {
    uint32_t before[32], rounds = 0;
    memcpy(before, cpu->x, sizeof before);
    loop->head = cpu->pc;
    loop->length = 0;
    loop->written_count = 0;
    while (rounds < 2) {
        struct riscv_instruction op;
        uint32_t pc = cpu->pc;
        if (loop->length == RISCV_LOOP_PATH || !fetch(cpu->memory, pc, &op) || !may_be_in_path(&op))
            return false;
        if (riscv_step(cpu) != RISCV_BUDGET)
            return false;
        loop->path[loop->length].op = op;
        loop->path[loop->length++].taken = cpu->pc != pc + op.halfwords * 2u;
        rounds += cpu->pc == loop->head;
    }
    for (unsigned i = 0; i < 32; i++) {
        loop->steps[i] = cpu->x[i] - before[i];
        loop->registers[i] = loop->steps[i] == 0 ? LOOP_STAYS : LOOP_STEPS;
    }
    return true;
}

// ---- what the path does -------------------------------------------------------------------------

static bool is_written(const struct riscv_loop *loop, uint32_t address) {
    for (uint32_t i = 0; i < loop->written_count; i++)
        if (loop->written[i] == address)
            return true;
    return false;
}

// A cell that is only read is what it holds; one that is written is followed symbolically.
static struct cell *cell_at(struct analysis *analysis, uint32_t address) {
    for (uint32_t i = 0; i < analysis->cell_count; i++)
        if (analysis->cells[i].address == address)
            return &analysis->cells[i];
    const struct memory_page *page = memory_page(analysis->cpu->memory, address);
    if (analysis->cell_count == RISCV_LOOP_CELLS || address % 4 != 0 || page->read == NULL)
        return NULL;
    struct cell *cell = &analysis->cells[analysis->cell_count];
    cell->address = address;
    cell->written = is_written(analysis->loop, address);
    uint32_t held;
    memcpy(&held, page->read + address % MEMORY_PAGE_SIZE, 4);
    cell->value = cell->written ? loop_value_cell(analysis->cell_count) : loop_value_fixed(held);
    analysis->cell_count++;
    return cell;
}

static bool do_load(struct analysis *analysis, const struct riscv_instruction *op) {
    struct loop_value address = loop_value_add(analysis->x[op->rs1], loop_value_fixed((uint32_t)op->imm));
    if (address.kind == LOOP_FIXED) {
        struct cell *cell = cell_at(analysis, address.v);
        if (cell == NULL)
            return false;
        analysis->x[op->rd] = cell->value;
        return true;
    }
    if (address.kind != LOOP_AFFINE || analysis->read_count == STREAMS_MAX || address.v % 4 != 0)
        return false;
    analysis->reads[analysis->read_count] = (struct stream){.address = address.v, .step = address.step};
    analysis->x[op->rd] = loop_value_stream(analysis->read_count++);
    return true;
}

static bool do_store(struct analysis *analysis, const struct riscv_instruction *op) {
    struct loop_value address = loop_value_add(analysis->x[op->rs1], loop_value_fixed((uint32_t)op->imm));
    struct loop_value value = analysis->x[op->rs2];
    if (value.kind != LOOP_FIXED && value.kind != LOOP_XOR)
        return false;
    if (address.kind == LOOP_FIXED) {
        struct cell *cell = cell_at(analysis, address.v);
        if (cell == NULL)
            return false;
        if (!cell->written) { // to be followed from the beginning
            if (analysis->loop->written_count < RISCV_LOOP_CELLS)
                analysis->loop->written[analysis->loop->written_count++] = address.v;
            analysis->again = true;
            return false;
        }
        cell->value = value;
        return true;
    }
    if (address.kind != LOOP_AFFINE || analysis->write_count == STREAMS_MAX || address.v % 4 != 0)
        return false;
    analysis->writes[analysis->write_count++] = (struct stream){address.v, address.step, value};
    return true;
}

static bool do_instruction(struct analysis *analysis, const struct riscv_instruction *op, bool taken) {
    struct loop_value *x = analysis->x;
    if (op->code == RV_LW)
        return do_load(analysis, op);
    if (op->code == RV_SW)
        return do_store(analysis, op);
    if (op->code >= RV_BEQ && op->code <= RV_BGEU) {
        if (analysis->guard_count == GUARDS_MAX)
            return false;
        analysis->guards[analysis->guard_count++] =
            (struct guard){(enum riscv_code)op->code, taken, x[op->rs1], x[op->rs2]};
        return true;
    }
    if (op->code == RV_JAL || op->code == RV_NOP)
        return true;
    if (op->code == RV_CONSTANT)
        x[op->rd] = loop_value_fixed((uint32_t)op->imm);
    else
        x[op->rd] = loop_value_of(op, x[op->rs1], x[op->rs2]);
    return true;
}

static void begin(struct analysis *analysis, struct riscv *cpu, struct riscv_loop *loop) {
    *analysis = (struct analysis){.cpu = cpu, .loop = loop};
    for (unsigned i = 0; i < 32; i++)
        if (loop->registers[i] == LOOP_STAYS)
            analysis->x[i] = loop_value_fixed(cpu->x[i]);
        else if (loop->registers[i] == LOOP_STEPS)
            analysis->x[i] = loop_value_affine(cpu->x[i], loop->steps[i]);
}

// A register that does not end as was assumed of it is a temporary one: then the assumption is dropped and false returned.
static bool assumptions_hold(struct analysis *analysis, struct riscv_loop *loop) {
    bool hold = true;
    for (unsigned i = 1; i < 32; i++) {
        struct loop_value end = analysis->x[i];
        uint32_t v = analysis->cpu->x[i];
        bool right =
            loop->registers[i] == LOOP_STAYS
                ? end.kind == LOOP_FIXED && end.v == v
                : end.kind == LOOP_AFFINE && end.v == v + loop->steps[i] && end.step == loop->steps[i];
        if (loop->registers[i] != LOOP_TEMPORARY && !right) {
            loop->registers[i] = LOOP_TEMPORARY;
            hold = false;
        }
    }
    return hold;
}

static bool analyse(struct analysis *analysis, struct riscv *cpu, struct riscv_loop *loop) {
    bool through = false;
    for (unsigned attempt = 0; attempt < 12; attempt++) {
        begin(analysis, cpu, loop);
        uint32_t i = 0;
        while (i < loop->length && do_instruction(analysis, &loop->path[i].op, loop->path[i].taken))
            i++;
        through = i == loop->length;
        if (through ? assumptions_hold(analysis, loop) : !analysis->again)
            break;
        through = false;
    }
    return through;
}

// ---- how many rounds ----------------------------------------------------------------------------

static bool outcome(enum riscv_code code, uint32_t a, uint32_t b) {
    switch (code) {
    case RV_BEQ:
        return a == b;
    case RV_BNE:
        return a != b;
    case RV_BLT:
        return (int32_t)a < (int32_t)b;
    case RV_BGE:
        return (int32_t)a >= (int32_t)b;
    case RV_BLTU:
        return a < b;
    default:
        return a >= b;
    }
}

// Rounds until an advancing value reaches a multiple of its mask's range, or a bound: UINT32_MAX when it is not that simple.
static uint32_t rounds_at_sight(const struct guard *guard) {
    struct loop_value a = guard->a, b = guard->b;
    bool taken = guard->taken;
    if (a.step == 0 || a.step > STEP_MAX || b.kind != LOOP_FIXED)
        return UINT32_MAX;
    if (a.kind == LOOP_MASKED && b.v == 0 && (a.mask & (a.mask + 1)) == 0 && a.step <= a.mask &&
        (a.step & (a.step - 1)) == 0 && guard->code == (taken ? RV_BNE : RV_BEQ)) // not 0 in all of them
        return a.v % a.step == 0 ? ((0u - a.v) & a.mask) / a.step : UINT32_MAX - 1;
    bool below = guard->code == (taken ? RV_BLTU : RV_BGEU);
    if (a.kind == LOOP_AFFINE && below && b.v < UINT32_MAX - STEP_MAX)
        return a.v < b.v ? (b.v - a.v + a.step - 1) / a.step : 0;
    return UINT32_MAX;
}

// The rounds in which a branch goes the recorded way, at most `limit`.
static uint32_t rounds_of_guard(const struct guard *guard, uint32_t limit) {
    if (!loop_value_known(guard->a) || !loop_value_known(guard->b))
        return 0;
    if (guard->a.kind == LOOP_FIXED && guard->b.kind == LOOP_FIXED)
        return outcome(guard->code, guard->a.v, guard->b.v) == guard->taken ? limit : 0;
    uint32_t round = rounds_at_sight(guard);
    if (round != UINT32_MAX)
        return round < limit ? round : limit;
    round = 0;
    while (round < limit && outcome(guard->code, loop_value_at(guard->a, round),
                                    loop_value_at(guard->b, round)) == guard->taken)
        round++;
    return round;
}

static uint32_t rounds_of_stream(const struct stream *stream) { // within its page
    if (stream->step == 0 || stream->step > STEP_MAX)
        return 0;
    return (MEMORY_PAGE_SIZE - 4 - stream->address % MEMORY_PAGE_SIZE) / stream->step + 1;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

// Why there may be none to do.
enum obstacle {
    NO_OBSTACLE,
    WAY_CHANGED, // a branch whose operands stay goes another way than it was recorded
    PAGE_ABSENT  // what is read next is not there yet: a device answers word by word before it shows a page
};

static uint32_t count_rounds(const struct analysis *analysis, enum obstacle *obstacle) {
    const struct memory *memory = analysis->cpu->memory;
    uint32_t rounds = MEMORY_PAGE_SIZE; // more come next time
    for (uint32_t i = 0; i < analysis->read_count; i++) {
        rounds = least(rounds, rounds_of_stream(&analysis->reads[i]));
        if (memory_page(memory, analysis->reads[i].address)->read == NULL) {
            *obstacle = PAGE_ABSENT;
            return 0;
        }
    }
    for (uint32_t i = 0; i < analysis->write_count; i++) {
        rounds = least(rounds, rounds_of_stream(&analysis->writes[i]));
        if (memory_page(memory, analysis->writes[i].address)->write == NULL)
            return 0;
    }
    for (uint32_t i = 0; i < analysis->guard_count; i++) {
        const struct guard *guard = &analysis->guards[i];
        uint32_t of_guard = rounds_of_guard(guard, rounds);
        if (of_guard == 0 && guard->a.kind == LOOP_FIXED && guard->b.kind == LOOP_FIXED)
            *obstacle = WAY_CHANGED;
        rounds = least(rounds, of_guard);
    }
    return rounds;
}

// ---- whether the parts keep out of each other's way ---------------------------------------------

static const uint8_t *host(const struct analysis *analysis, uint32_t address) {
    return memory_page(analysis->cpu->memory, address)->read + address % MEMORY_PAGE_SIZE;
}

static bool apart(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length) {
    return a + a_length <= b || b + b_length <= a;
}

// What is written by one part is read by no other: then the order within the rounds does not matter. Compared where the
// bytes are, as two addresses may show the same.
static bool independent(const struct analysis *analysis, uint32_t rounds) {
    if (rounds == 0)
        return true;
    for (uint32_t i = 0; i < analysis->write_count; i++) {
        const struct stream *write = &analysis->writes[i];
        const uint8_t *to = host(analysis, write->address);
        size_t length = (size_t)write->step * (rounds - 1) + 4;
        for (uint32_t k = 0; k < analysis->read_count; k++)
            if (!apart(to, length, host(analysis, analysis->reads[k].address),
                       (size_t)analysis->reads[k].step * (rounds - 1) + 4))
                return false;
        for (uint32_t k = 0; k < analysis->cell_count; k++)
            if (!apart(to, length, host(analysis, analysis->cells[k].address), 4))
                return false;
        for (uint32_t k = 0; k < i; k++) // two of them may interleave, but not meet
            if (write->step != analysis->writes[k].step ||
                (write->address - analysis->writes[k].address) % write->step % 4 != 0 ||
                (write->address - analysis->writes[k].address) % write->step == 0)
                return false;
    }
    for (uint32_t i = 0; i < analysis->cell_count; i++) {
        const uint8_t *cell = host(analysis, analysis->cells[i].address);
        for (uint32_t k = 0; analysis->cells[i].written && k < analysis->read_count; k++)
            if (!apart(cell, 4, host(analysis, analysis->reads[k].address),
                       (size_t)analysis->reads[k].step * (rounds - 1) + 4))
                return false;
        for (uint32_t k = 0; k < i; k++)
            if (!apart(cell, 4, host(analysis, analysis->cells[k].address), 4))
                return false;
    }
    return true;
}

// A cell that is written ends each round as what it held, XORed with words that were read: anything else would need the
// rounds in order. Values that are stored depend on no such cell.
static bool expressible(const struct analysis *analysis) {
    for (uint32_t i = 0; i < analysis->cell_count; i++) {
        const struct cell *cell = &analysis->cells[i];
        if (cell->written && !loop_value_accumulates(cell->value, i))
            return false;
        if (cell->written && memory_page(analysis->cpu->memory, cell->address)->write == NULL)
            return false;
    }
    for (uint32_t i = 0; i < analysis->write_count; i++)
        if (!loop_value_of_streams(analysis->writes[i].value))
            return false;
    return true;
}

// ---- doing them ---------------------------------------------------------------------------------

static uint32_t word_at(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    return word;
}

static uint32_t sum_of_stream(const struct analysis *analysis, const struct stream *stream, uint32_t rounds) {
    const uint8_t *from = host(analysis, stream->address);
    uint32_t sum = 0;
    for (uint32_t round = 0; round < rounds; round++)
        sum ^= word_at(from + (size_t)round * stream->step);
    return sum;
}

static void write_stream(const struct analysis *analysis, const struct stream *stream, uint32_t rounds) {
    uint8_t *to =
        memory_page(analysis->cpu->memory, stream->address)->write + stream->address % MEMORY_PAGE_SIZE;
    for (uint32_t round = 0; round < rounds; round++) {
        uint32_t word = stream->value.v;
        for (uint32_t i = 0; i < analysis->read_count; i++)
            if ((stream->value.streams >> i & 1) != 0)
                word ^= word_at(host(analysis, analysis->reads[i].address) +
                                (size_t)round * analysis->reads[i].step);
        memcpy(to + (size_t)round * stream->step, &word, 4);
    }
}

static void do_rounds(const struct analysis *analysis, uint32_t rounds) {
    struct riscv *cpu = analysis->cpu;
    for (uint32_t i = 0; i < analysis->write_count; i++)
        write_stream(analysis, &analysis->writes[i], rounds);
    for (uint32_t i = 0; i < analysis->cell_count; i++) {
        const struct cell *cell = &analysis->cells[i];
        if (!cell->written)
            continue;
        uint32_t sum = rounds % 2 != 0 ? cell->value.v : 0;
        for (uint32_t k = 0; k < analysis->read_count; k++)
            if ((cell->value.streams >> k & 1) != 0)
                sum ^= sum_of_stream(analysis, &analysis->reads[k], rounds);
        uint8_t *bytes = memory_page(cpu->memory, cell->address)->write + cell->address % MEMORY_PAGE_SIZE;
        uint32_t word = word_at(bytes) ^ sum;
        memcpy(bytes, &word, 4);
    }
    for (unsigned i = 1; i < 32; i++)
        if (analysis->loop->registers[i] == LOOP_STEPS)
            cpu->x[i] += rounds * analysis->loop->steps[i];
    cpu->instructions += (uint64_t)rounds * analysis->loop->length;
}

static struct riscv_loop *loop_at(struct riscv *cpu) {
    struct riscv_loops *loops = cpu->loops;
    for (uint32_t i = 0; i < RISCV_LOOPS_KEPT; i++)
        if (loops->kept[i].head == cpu->pc)
            return &loops->kept[i];
    struct riscv_loop *loop = &loops->kept[loops->next++ % RISCV_LOOPS_KEPT];
    memset(loop, 0, sizeof *loop);
    return loop;
}

// The path that was recorded may not be the one that is taken now: then it is recorded anew, once.
static uint32_t rounds_to_do(struct riscv *cpu, struct riscv_loop *loop, struct analysis *analysis,
                             enum obstacle *obstacle) {
    for (unsigned attempt = 0; attempt < 2; attempt++) {
        if (loop->head == 0 && !record(cpu, loop)) {
            loop->head = 0;
            return 0;
        }
        if (cpu->pc != loop->head || !analyse(analysis, cpu, loop) || !expressible(analysis))
            return 0;
        *obstacle = NO_OBSTACLE;
        uint32_t rounds = count_rounds(analysis, obstacle);
        if (*obstacle != WAY_CHANGED)
            return independent(analysis, rounds) ? rounds : 0;
        loop->head = 0;
    }
    return 0;
}

#define FAILURES_MAX 10u
#define SOON         2u  // arrivals: after the rounds that are left, and one that leaves the path
#define PAGE_COMES   17u // a line of words, and one more

uint32_t riscv_loop_run(struct riscv *cpu) {
    struct riscv_loop *loop = loop_at(cpu);
    struct analysis analysis;
    enum obstacle obstacle = NO_OBSTACLE;
    uint32_t rounds = rounds_to_do(cpu, loop, &analysis, &obstacle);
    if (rounds >= ROUNDS_MIN) {
        cpu->loops->rounds_done += rounds - 1;
        do_rounds(&analysis, rounds - 1); // the last one sets the temporary registers
        loop->failures = 0;
        return 2 * SOON;
    }
    if (obstacle == PAGE_ABSENT && loop->failures++ < SOON)
        return PAGE_COMES;
    if (rounds != 0 && loop->failures < SOON) { // it is a loop for us, near its end
        loop->failures++;
        return SOON;
    }
    loop->failures = loop->failures < FAILURES_MAX ? loop->failures + 1 : FAILURES_MAX;
    return RISCV_LOOP_HEAT << loop->failures;
}
