#include "fault_model.h"

#include <string.h>

static const char *const model_names[FAULT_MODEL_COUNT] = {
    "clean",   "prefix",    "late-bits", "partial-erase", "unstable",
    "bit-rot", "neighbour", "io-error",  "io-dropped",    "efuse"};

const char *fault_model_name(uint32_t index) {
    return model_names[index];
}

uint32_t fault_model_index(enum fault_model model) {
    uint32_t index = 0;
    while (index < FAULT_MODEL_COUNT - 1 && ((uint32_t)model >> index) != 1)
        index++;
    return index;
}

enum fault_model fault_model_of_tear(const struct tear *tear) {
    switch (tear->kind) {
    case TEAR_CLEAN:
        return FAULT_CLEAN;
    case TEAR_PREFIX:
        return FAULT_PREFIX;
    case TEAR_LATE_BITS:
        return FAULT_LATE_BITS;
    case TEAR_ERASE_ZERO_FRONT:
    case TEAR_ERASE_ZERO_BACK:
    case TEAR_ERASE_PARTIAL:
    case TEAR_ERASE_WEAK:
        return FAULT_PARTIAL_ERASE;
    case TEAR_UNSTABLE:
        return FAULT_UNSTABLE;
    case TEAR_NEIGHBOUR:
        return FAULT_NEIGHBOUR;
    case TEAR_EFUSE_BITS:
        return FAULT_EFUSE;
    case TEAR_BIT_ROT:
        return FAULT_BIT_ROT;
    case TEAR_IO_ERROR:
        return FAULT_IO_ERROR;
    case TEAR_IO_DROPPED:
        break;
    }
    return FAULT_IO_DROPPED;
}

enum tear_detail detail_after(const struct tear *tear, enum tear_detail now) {
    bool bits = tear->kind == TEAR_BIT_ROT || tear->kind == TEAR_LATE_BITS;
    bool pair = bits && tear->b != TEAR_NO_BIT;
    if (pair || now == DETAIL_CLEAN)
        return DETAIL_CLEAN;
    return DETAIL_COARSE;
}

static bool wants(const struct tear_choice *choice, enum fault_model model) {
    uint32_t models = choice->models | FAULT_CLEAN; // whatever tears can also not happen at all
    if (choice->detail == DETAIL_COARSE)
        models &= FAULT_CLEAN | FAULT_PREFIX | FAULT_PARTIAL_ERASE | FAULT_EFUSE;
    if (choice->detail == DETAIL_CLEAN)
        models &= FAULT_CLEAN;
    return (models & (uint32_t)model) != 0;
}

// ---- programs -----------------------------------------------------------------------------------

#define LATE_BITS_EXHAUSTIVE 64u // bytes up to which every bit and every pair is tried

// Numbers of the bits that the program drives from 1 to 0.
static uint32_t flipping_bits(const struct journal_operation *operation, const struct flash *before,
                              uint16_t bits[NOR_PAGE_SIZE * 8]) {
    uint8_t old[NOR_PAGE_SIZE];
    flash_read(before, operation->address, old, operation->length);
    uint32_t count = 0;
    for (uint32_t i = 0; i < operation->length; i++)
        for (uint32_t flips = old[i] & (uint8_t)~operation->data[i], bit = 0; flips != 0; flips >>= 1, bit++)
            if ((flips & 1) != 0)
                bits[count++] = (uint16_t)(i * 8 + bit);
    return count;
}

static uint64_t count_flipping_bits(const struct journal_operation *operation, const struct flash *before) {
    const uint8_t *old = flash_sector(before, operation->address) + operation->address % NOR_SECTOR_SIZE;
    uint64_t count = 0, a, b;
    uint32_t i = 0;
    for (; i + sizeof a <= operation->length; i += (uint32_t)sizeof a) {
        memcpy(&a, old + i, sizeof a);
        memcpy(&b, operation->data + i, sizeof b);
        count += (uint64_t)__builtin_popcountll(a & ~b);
    }
    for (; i < operation->length; i++)
        count += (uint64_t)__builtin_popcount((unsigned)(old[i] & (uint8_t)~operation->data[i]));
    return count;
}

static void visit_late_bits(const struct tear_choice *choice, const struct journal_operation *operation,
                            const struct flash *before, tear_visitor *visit, void *context) {
    uint16_t bits[NOR_PAGE_SIZE * 8];
    uint32_t count = flipping_bits(operation, before, bits);
    for (uint32_t i = 0; i < count; i++)
        visit(context, &(struct tear){.kind = TEAR_LATE_BITS, .a = bits[i], .b = TEAR_NO_BIT});
    if (operation->length > LATE_BITS_EXHAUSTIVE) {
        for (uint32_t i = 0; i < choice->late_bit_samples && count >= 2; i++) {
            uint64_t random = mix64(choice->seed, operation->number * 0x10000 + i);
            uint32_t first = (uint32_t)(random % count), second = (uint32_t)((random >> 32) % (count - 1));
            second += second >= first;
            visit(context, &(struct tear){.kind = TEAR_LATE_BITS, .a = bits[first], .b = bits[second]});
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 1; k < count; k++)
            visit(context, &(struct tear){.kind = TEAR_LATE_BITS, .a = bits[i], .b = bits[k]});
}

static uint64_t count_late_bits(const struct tear_choice *choice, const struct journal_operation *operation,
                                const struct flash *before) {
    uint64_t count = count_flipping_bits(operation, before);
    uint64_t pairs = count < 2 ? 0 : count * (count - 1) / 2;
    if (operation->length > LATE_BITS_EXHAUSTIVE)
        pairs = count >= 2 ? choice->late_bit_samples : 0;
    return count + pairs;
}

// ---- erases -------------------------------------------------------------------------------------

// Where the zero front or back stands: finely over the bytes that records use, in powers of two beyond.
#define FINE_STAGES 32u

static const uint8_t partial_shares[] = {16, 64, 128, 192, 240}; // of 256 cells back at 1
#define PARTIAL_SEEDS 2u
#define WEAK_SEEDS    2u

// Where the front stands when a recovery is cut: at the boundaries of the fields of a record.
static const uint32_t coarse_stages[] = {1, 4, 24, 28, 32};

static void visit_coarse_stages(const struct tear_choice *choice, uint32_t length, tear_visitor *visit,
                                void *context) {
    for (size_t i = 0; i < sizeof coarse_stages / sizeof coarse_stages[0]; i++)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = coarse_stages[i]});
    visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = length});
    for (size_t i = 0; i < sizeof coarse_stages / sizeof coarse_stages[0]; i++)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_BACK, .a = length - coarse_stages[i]});
    visit(context, &(struct tear){.kind = TEAR_ERASE_PARTIAL, .a = 128, .seed = choice->seed});
}

static void visit_erase_stages(const struct tear_choice *choice, const struct journal_operation *operation,
                               tear_visitor *visit, void *context) {
    uint32_t length = operation->length;
    if (choice->detail != DETAIL_FULL) {
        visit_coarse_stages(choice, length, visit, context);
        return;
    }
    for (uint32_t n = 1; n <= length; n = n < FINE_STAGES ? n + 1 : n * 2)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = n});
    for (uint32_t n = 1; n < FINE_STAGES; n++) // the zeros come from the end and have reached the first bytes
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_BACK, .a = length - n});
    for (uint32_t n = FINE_STAGES; n < length; n *= 2)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_BACK, .a = length - n});
    for (uint32_t share = 0; share < sizeof partial_shares; share++)
        for (uint32_t seed = 0; seed < PARTIAL_SEEDS; seed++)
            visit(context, &(struct tear){.kind = TEAR_ERASE_PARTIAL,
                                          .a = partial_shares[share],
                                          .seed = choice->seed + seed});
    for (uint32_t seed = 0; seed < WEAK_SEEDS; seed++)
        visit(context, &(struct tear){.kind = TEAR_ERASE_WEAK, .seed = choice->seed + seed});
}

static void count_one(void *context, const struct tear *tear) {
    (void)tear;
    ++*(uint64_t *)context;
}

// ---- eFuse, unstable cells, neighbours ----------------------------------------------------------

#define EFUSE_SUBSETS_MAX 8u // bits burned together up to which every subset is tried

static void visit_efuse_subsets(const struct journal_operation *operation, tear_visitor *visit,
                                void *context) {
    uint32_t bits = operation->address, count = (uint32_t)__builtin_popcount(bits);
    if (count > EFUSE_SUBSETS_MAX) { // every single one missing, every single one there
        for (uint32_t rest = bits; rest != 0; rest &= rest - 1) {
            visit(context, &(struct tear){.kind = TEAR_EFUSE_BITS, .a = rest & -rest});
            visit(context, &(struct tear){.kind = TEAR_EFUSE_BITS, .a = bits & ~(rest & -rest)});
        }
        return;
    }
    for (uint32_t subset = (bits - 1) & bits; subset != 0; subset = (subset - 1) & bits) // proper, not empty
        visit(context, &(struct tear){.kind = TEAR_EFUSE_BITS, .a = subset});
}

#define UNSTABLE_SEEDS 4u
#define NEIGHBOURS     8u

static void visit_neighbours(const struct tear_choice *choice, const struct journal_operation *operation,
                             tear_visitor *visit, void *context) {
    for (uint32_t i = 0; i < NEIGHBOURS; i++) {
        uint64_t random = mix64(choice->seed ^ 0x4E45, operation->number * NEIGHBOURS + i);
        visit(context, &(struct tear){.kind = TEAR_NEIGHBOUR,
                                      .a = (uint32_t)(random % 8),
                                      // every other one where the records stand
                                      .b = (uint32_t)(random >> 32) % (i % 2 == 0 ? 32u : NOR_SECTOR_SIZE)});
    }
}

// ---- all of them --------------------------------------------------------------------------------

void for_each_tear(const struct tear_choice *choice, const struct journal_operation *operation,
                   const struct flash *before, tear_visitor *visit, void *context) {
    bool program = operation->kind == JOURNAL_PROGRAM, erase = operation->kind == JOURNAL_ERASE;
    if (wants(choice, FAULT_CLEAN))
        visit(context, &(struct tear){.kind = TEAR_CLEAN});
    for (uint32_t n = 1; program && wants(choice, FAULT_PREFIX) && n < operation->length; n++)
        visit(context, &(struct tear){.kind = TEAR_PREFIX, .a = n});
    if (erase && wants(choice, FAULT_PARTIAL_ERASE))
        visit_erase_stages(choice, operation, visit, context);
    if (operation->kind == JOURNAL_EFUSE && wants(choice, FAULT_EFUSE))
        visit_efuse_subsets(operation, visit, context);
    if (program && wants(choice, FAULT_LATE_BITS))
        visit_late_bits(choice, operation, before, visit, context);
    if (operation->kind != JOURNAL_EFUSE && wants(choice, FAULT_UNSTABLE))
        for (uint32_t seed = 0; seed < UNSTABLE_SEEDS; seed++)
            visit(context, &(struct tear){.kind = TEAR_UNSTABLE, .seed = choice->seed + seed});
    if (operation->kind != JOURNAL_EFUSE && wants(choice, FAULT_NEIGHBOUR))
        visit_neighbours(choice, operation, visit, context);
}

void count_tears(const struct tear_choice *choice, const struct journal_operation *operation,
                 const struct flash *before, uint64_t *counts) {
    bool program = operation->kind == JOURNAL_PROGRAM, erase = operation->kind == JOURNAL_ERASE;
    if (wants(choice, FAULT_CLEAN))
        counts[fault_model_index(FAULT_CLEAN)]++;
    if (program && wants(choice, FAULT_PREFIX))
        counts[fault_model_index(FAULT_PREFIX)] += operation->length - 1;
    if (erase && wants(choice, FAULT_PARTIAL_ERASE))
        visit_erase_stages(choice, operation, count_one, &counts[fault_model_index(FAULT_PARTIAL_ERASE)]);
    if (operation->kind == JOURNAL_EFUSE && wants(choice, FAULT_EFUSE))
        visit_efuse_subsets(operation, count_one, &counts[fault_model_index(FAULT_EFUSE)]);
    if (program && wants(choice, FAULT_LATE_BITS))
        counts[fault_model_index(FAULT_LATE_BITS)] += count_late_bits(choice, operation, before);
    if (operation->kind != JOURNAL_EFUSE && wants(choice, FAULT_UNSTABLE))
        counts[fault_model_index(FAULT_UNSTABLE)] += UNSTABLE_SEEDS;
    if (operation->kind != JOURNAL_EFUSE && wants(choice, FAULT_NEIGHBOUR))
        counts[fault_model_index(FAULT_NEIGHBOUR)] += NEIGHBOURS;
}

// Programs come by the thousand: what does not depend on their contents is counted at once.
static void count_program_entry(const struct tear_choice *choice, const struct journal *journal,
                                const struct journal_entry *entry, const struct flash *before,
                                uint64_t *counts) {
    uint64_t operations = entry->operation_count;
    if (wants(choice, FAULT_CLEAN))
        counts[fault_model_index(FAULT_CLEAN)] += operations;
    if (wants(choice, FAULT_PREFIX))
        counts[fault_model_index(FAULT_PREFIX)] += entry->length - operations;
    if (wants(choice, FAULT_UNSTABLE))
        counts[fault_model_index(FAULT_UNSTABLE)] += operations * UNSTABLE_SEEDS;
    if (wants(choice, FAULT_NEIGHBOUR))
        counts[fault_model_index(FAULT_NEIGHBOUR)] += operations * NEIGHBOURS;
    if (!wants(choice, FAULT_LATE_BITS))
        return;
    uint64_t late_bits = 0;
    struct journal_operation operation = {.kind = entry->kind, .number = entry->first_operation};
    for (uint32_t within = 0; within < entry->length; within += operation.length, operation.number++) {
        operation.address = entry->address + within;
        operation.length = journal_operation_length(entry->kind, entry->address, entry->length, within);
        operation.data = journal->data.bytes + entry->data + within;
        late_bits += count_late_bits(choice, &operation, before);
    }
    counts[fault_model_index(FAULT_LATE_BITS)] += late_bits;
}

void count_tears_of_entry(const struct tear_choice *choice, const struct journal *journal,
                          const struct journal_entry *entry, const struct flash *before, uint64_t *counts) {
    if (entry->kind == JOURNAL_PROGRAM) {
        count_program_entry(choice, journal, entry, before, counts);
        return;
    }
    struct journal_cursor cursor = {.journal = journal, .entry = (size_t)(entry - journal->entries)};
    struct journal_operation operation;
    for (uint32_t i = 0; i < entry->operation_count && journal_next(&cursor, &operation); i++)
        count_tears(choice, &operation, before, counts);
}

void tear_reach(const struct tear_choice *choice, uint32_t *address, uint32_t *length) {
    if (!wants(choice, FAULT_NEIGHBOUR))
        return;
    uint32_t end = *address + *length;
    *address &= ~(NOR_SECTOR_SIZE - 1);
    *length = ((end + NOR_SECTOR_SIZE - 1) & ~(NOR_SECTOR_SIZE - 1)) - *address;
}
