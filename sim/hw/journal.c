#include "journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DRIVER_CHUNK  8192u    // bytes that the driver takes at a time (PA-61)
#define PROGRAM_MAX   64u      // bytes of the host's FIFO (FL-3)
#define EFUSE_BURN_NS 1000000u // one burn transaction; an estimate

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

uint32_t journal_operation_length(enum journal_kind kind, uint32_t address, uint32_t length,
                                  uint32_t within) {
    assert(kind == JOURNAL_EFUSE || within < length);
    uint32_t at = address + within, rest = length - within;
    switch (kind) {
    case JOURNAL_PROGRAM: {
        uint32_t to_page_end = NOR_PAGE_SIZE - at % NOR_PAGE_SIZE;
        uint32_t to_chunk_end = DRIVER_CHUNK - within % DRIVER_CHUNK;
        return smaller(smaller(rest, PROGRAM_MAX), smaller(to_page_end, to_chunk_end));
    }
    case JOURNAL_ERASE:
        return at % NOR_BLOCK_SIZE == 0 && rest >= NOR_BLOCK_SIZE ? NOR_BLOCK_SIZE : NOR_SECTOR_SIZE;
    case JOURNAL_EFUSE:
        break;
    }
    return length;
}

uint64_t journal_operation_ns(const struct nor_chip *chip, enum journal_kind kind, uint32_t length) {
    switch (kind) {
    case JOURNAL_PROGRAM:
        return nor_chip_program_ns(chip, length);
    case JOURNAL_ERASE:
        return length == NOR_BLOCK_SIZE ? chip->block_erase_ns : chip->sector_erase_ns;
    case JOURNAL_EFUSE:
        break;
    }
    return EFUSE_BURN_NS;
}

static void measure(const struct nor_chip *chip, enum journal_kind kind, uint32_t address, uint32_t length,
                    uint32_t *count, uint64_t *duration_ns) {
    *count = 0;
    *duration_ns = 0;
    if (kind == JOURNAL_EFUSE) {
        *count = 1;
        *duration_ns = EFUSE_BURN_NS;
        return;
    }
    bool whole_slices = kind == JOURNAL_PROGRAM && address % PROGRAM_MAX == 0 && length % PROGRAM_MAX == 0;
    if (whole_slices) { // the common case, without a loop
        *count = length / PROGRAM_MAX;
        *duration_ns = *count * nor_chip_program_ns(chip, PROGRAM_MAX);
        return;
    }
    for (uint32_t within = 0; within < length; (*count)++) {
        uint32_t part = journal_operation_length(kind, address, length, within);
        *duration_ns += journal_operation_ns(chip, kind, part);
        within += part;
    }
}

struct journal_entry journal_measure(const struct nor_chip *chip, enum journal_kind kind, uint32_t address,
                                     uint32_t length) {
    struct journal_entry entry = {.kind = kind, .address = address, .length = length};
    measure(chip, kind, address, length, &entry.operation_count, &entry.duration_ns);
    return entry;
}

// The number of the operation behind the last one that is recorded.
static uint64_t ends_at(const struct journal *journal) {
    if (journal->count == 0)
        return 0;
    const struct journal_entry *last = &journal->entries[journal->count - 1];
    return last->first_operation + last->operation_count;
}

struct journal_entry *journal_append(struct journal *journal, enum journal_kind kind, uint32_t address,
                                     uint32_t length, const void *data) {
    assert(kind == JOURNAL_EFUSE || length != 0);
    assert(kind != JOURNAL_ERASE || (address | length) % NOR_SECTOR_SIZE == 0);
    assert((kind == JOURNAL_PROGRAM) == (data != NULL));
    assert(ends_at(journal) <= journal->operations &&
           "operations are numbered in the order in which they come");
    if (journal->count == journal->capacity) {
        journal->capacity = journal->capacity == 0 ? 64 : journal->capacity * 2;
        journal->entries = memory_resize(journal->entries, journal->capacity * sizeof *journal->entries);
    }
    struct journal_entry *entry = &journal->entries[journal->count++];
    *entry = journal_measure(journal->chip, kind, address, length);
    entry->data = journal->data.length;
    entry->first_operation = journal->operations;
    if (kind == JOURNAL_PROGRAM)
        buffer_append(&journal->data, data, length);
    journal->operations += entry->operation_count;
    return entry;
}

uint32_t journal_retained_row(struct journal *journal, const uint8_t *retained) {
    struct buffer *rows = &journal->retained;
    bool same = rows->length != 0 &&
                memcmp(rows->bytes + rows->length - PORT_RETAINED_SIZE, retained, PORT_RETAINED_SIZE) == 0;
    if (!same)
        buffer_append(rows, retained, PORT_RETAINED_SIZE);
    return (uint32_t)(rows->length / PORT_RETAINED_SIZE) - 1;
}

bool journal_next(struct journal_cursor *cursor, struct journal_operation *out) {
    const struct journal *journal = cursor->journal;
    if (cursor->entry >= journal->count)
        return false;
    const struct journal_entry *entry = &journal->entries[cursor->entry];
    if (cursor->within == 0) {
        cursor->number = entry->first_operation;
        cursor->time_ns = entry->start_ns;
    }
    uint32_t length = journal_operation_length(entry->kind, entry->address, entry->length, cursor->within);
    *out = (struct journal_operation){
        .kind = entry->kind,
        .number = cursor->number,
        .address = entry->address + cursor->within,
        .length = length,
        .data = entry->kind == JOURNAL_PROGRAM ? journal->data.bytes + entry->data + cursor->within : NULL,
        .retained = journal->retained.bytes + (size_t)entry->retained * PORT_RETAINED_SIZE,
        .start_ns = cursor->time_ns,
        .duration_ns = journal_operation_ns(journal->chip, entry->kind, length),
        .entry = entry,
    };
    cursor->number++;
    cursor->time_ns += out->duration_ns;
    cursor->within += length;
    if (entry->kind == JOURNAL_EFUSE || cursor->within >= entry->length) {
        cursor->entry++;
        cursor->within = 0;
    }
    return true;
}

struct journal_cursor journal_seek(const struct journal *journal, uint64_t number) {
    assert(number <= journal->operations);
    size_t low = 0, high = journal->count; // the first entry whose operations end behind `number`
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct journal_entry *entry = &journal->entries[middle];
        if (entry->first_operation + entry->operation_count <= number)
            low = middle + 1;
        else
            high = middle;
    }
    struct journal_cursor cursor = {.journal = journal, .entry = low};
    if (low < journal->count) {
        struct journal_operation skipped;
        uint64_t first = journal->entries[low].first_operation;
        for (uint64_t i = first; i < number; i++)
            (void)journal_next(&cursor, &skipped);
    }
    return cursor;
}

void journal_clear(struct journal *journal) {
    journal->count = 0;
    journal->data.length = 0;
    journal->retained.length = 0;
}

void journal_free(struct journal *journal) {
    free(journal->entries);
    buffer_free(&journal->data);
    buffer_free(&journal->retained);
    journal->entries = NULL;
    journal->count = journal->capacity = 0;
}
