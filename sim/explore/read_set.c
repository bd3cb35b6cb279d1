#include "read_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"

// Index of the first range that ends at or behind `address`.
static size_t first_ending_at(const struct read_set *set, uint32_t address) {
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->ranges[middle].end < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool read_set_add(struct read_set *set, uint32_t start, uint32_t end) {
    if (start >= end)
        return false;
    size_t first = first_ending_at(set, start), past = first;
    if (first < set->count && set->ranges[first].start <= start && set->ranges[first].end >= end)
        return false;
    while (past < set->count && set->ranges[past].start <= end) { // merged with the new one
        if (set->ranges[past].start < start)
            start = set->ranges[past].start;
        if (set->ranges[past].end > end)
            end = set->ranges[past].end;
        past++;
    }
    if (past == first && set->count == set->capacity) {
        set->capacity = set->capacity == 0 ? 16 : set->capacity * 2;
        set->ranges = memory_resize(set->ranges, set->capacity * sizeof *set->ranges);
    }
    size_t behind = set->count - past;
    if (behind != 0)
        memmove(&set->ranges[first + 1], &set->ranges[past], behind * sizeof *set->ranges);
    set->ranges[first] = (struct read_range){start, end};
    set->count = first + 1 + behind;
    assert(first == 0 || set->ranges[first - 1].end < start);
    assert(behind == 0 || end < set->ranges[first + 1].start);
    return true;
}

bool read_set_intersects(const struct read_set *set, uint32_t start, uint32_t end) {
    if (start >= end)
        return false;
    size_t index = first_ending_at(set, start + 1);
    return index < set->count && set->ranges[index].start < end;
}

void read_set_unite(struct read_set *set, const struct read_set *other) {
    for (size_t i = 0; i < other->count; i++)
        (void)read_set_add(set, other->ranges[i].start, other->ranges[i].end);
    set->efuse |= other->efuse;
    set->retained |= other->retained;
    set->reset_reason |= other->reset_reason;
}

void read_set_clear(struct read_set *set) {
    set->count = 0;
    set->efuse = 0;
    set->retained = set->reset_reason = false;
}

void read_set_free(struct read_set *set) {
    free(set->ranges);
    *set = (struct read_set){0};
}
