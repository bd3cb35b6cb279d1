#include "load_address.h"

#include <stddef.h>

#include "chip_target.h"
#include "release_profile.h"

#define COPIED_FROM 0x10000000u // lower addresses are neither mapped nor copied (IMG-40)

static bool contains(const struct address_range *range, uint32_t address) {
    return address >= range->start && address < range->end;
}

static bool is_empty(const struct address_range *range) {
    return range->start == range->end;
}

// Is `part`, which is not empty, wholly in `range`?
static bool within(const struct address_range *part, const struct address_range *range) {
    return contains(range, part->start) && contains(range, part->end - 1);
}

static bool overlap(const struct address_range *a, const struct address_range *b) {
    return a->start < b->end && b->start < a->end;
}

bool load_address_is_mapped(const struct chip_target *target, uint32_t page_size, uint32_t address) {
    struct address_range drom = target->drom, irom = target->irom;
    if (target->mapped_pages != 0) {
        drom.end = drom.start + target->mapped_pages * page_size;
        irom.end = irom.start + target->mapped_pages * page_size;
    }
    return contains(&drom, address) || contains(&irom, address);
}

// The addresses of the same memory on the other bus, which counts the words backwards. The bootloader
// converts both ends as if they were words, so that what it looks at lies one word too low.
static struct address_range other_side(const struct address_range *part, const struct address_range *here,
                                       const struct address_range *there) {
    uint32_t last_word = there->end - 4;
    return (struct address_range){last_word - (part->end - here->start),
                                  last_word - (part->start - here->start)};
}

// Instruction RAM as the release sees it (D14: the end of SRAM0).
static struct address_range instruction_ram(const struct chip_target *target,
                                            const struct release_profile *profile) {
    struct address_range iram = target->iram;
    if (!profile->sram0_end_accepted && contains(&iram, target->shared_iram.start)) {
        iram.end = target->shared_iram.start;
    }
    return iram;
}

// `other_bus`: the range is already the other view of a shared one.
static const char *why_refused(const struct chip_target *target, const struct release_profile *profile,
                               const struct address_range *part, bool other_bus) {
    struct address_range iram = instruction_ram(target, profile);
    if (within(part, &target->dram)) {
        if (overlap(part, &target->loader_stack)) {
            return "a segment would overwrite the bootloader's stack";
        }
        if (overlap(part, &target->loader_data)) {
            return "a segment would overwrite the bootloader's data";
        }
        if (other_bus || !contains(&target->shared_dram, part->start)) {
            return NULL;
        }
        struct address_range other = other_side(part, &target->shared_dram, &target->shared_iram);
        return why_refused(target, profile, &other, true);
    }
    if (within(part, &iram)) {
        if (overlap(part, &target->loader_code)) {
            return "a segment would overwrite the bootloader's code";
        }
        if (other_bus || !contains(&target->shared_iram, part->start)) {
            return NULL;
        }
        struct address_range other = other_side(part, &target->shared_iram, &target->shared_dram);
        return why_refused(target, profile, &other, true);
    }
    for (size_t i = 0; i < sizeof target->rtc / sizeof *target->rtc; i++) {
        if (within(part, &target->rtc[i])) {
            return NULL;
        }
    }
    return "a segment's load address is not in RAM";
}

const char *load_address_refused(const struct chip_target *target, const struct release_profile *profile,
                                 uint32_t address, uint32_t length) {
    if (length == 0 || address < COPIED_FROM || is_empty(&target->dram)) {
        return NULL;
    }
    struct address_range part = {address, address + length};
    return why_refused(target, profile, &part, false);
}
