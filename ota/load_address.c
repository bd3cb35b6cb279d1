#include "load_address.h"

#include <stddef.h>

#include "firmware.h"
#include "loader_memory.h"

#define COPIED_FROM 0x10000000u // lower addresses are neither mapped nor copied (IMG-40)
// The first bytes of the loader's code are no longer run by then: a recorded image that reaches one byte into
// them starts (C6).
#define CODE_NOT_RUN 4u
#define MAPPED_PAGES 256u // of drom and irom, where they follow the page (CH-20)

static bool contains(struct address_range range, uint32_t address) {
    return address >= range.start && address < range.end;
}

// Is `part`, which is not empty, wholly in `range`?
static bool within(struct address_range part, struct address_range range) {
    return contains(range, part.start) && contains(range, part.end - 1);
}

static bool overlap(struct address_range a, struct address_range b) {
    return a.start < b.end && b.start < a.end;
}

static struct address_range mapped_range(const struct chip_target *target, struct address_range range,
                                         uint32_t page_size) {
    if (target->mapped_follows_page)
        range.end = range.start + MAPPED_PAGES * page_size;
    return range;
}

struct address_range load_address_drom(const struct chip_target *target,
                                       const struct release_profile *profile, uint32_t page_size) {
    return mapped_range(target, chip_target_drom(target, profile), page_size);
}

struct address_range load_address_irom(const struct chip_target *target, uint32_t page_size) {
    return mapped_range(target, target->irom, page_size);
}

bool load_address_is_mapped(const struct chip_target *target, const struct release_profile *profile,
                            uint32_t page_size, uint32_t address) {
    return contains(load_address_drom(target, profile, page_size), address) ||
           contains(load_address_irom(target, page_size), address) ||
           contains(chip_target_external(target, profile), address);
}

// ---- what may be copied (CH-6, CH-7) ------------------------------------------------------------

struct judging {
    const struct chip_target *target;
    struct loader_memory loader;
    struct address_range iram; // as the release sees it
};

static struct address_range alias_in_iram(const struct chip_target *target) {
    uint32_t size = target->alias.end - target->alias.start;
    uint32_t start = target->alias_reversed ? target->alias_iram - size : target->alias_iram;
    return (struct address_range){start, start + size};
}

// The part of `part` that lies in `here`, at its addresses in `there`. On ESP32 the words run backwards, and
// the bootloader converts both ends as if they were words, so that what it looks at lies one word too low.
static struct address_range other_side(const struct chip_target *target, struct address_range part,
                                       struct address_range here, struct address_range there) {
    uint32_t start = part.start > here.start ? part.start : here.start;
    uint32_t end = part.end < here.end ? part.end : here.end;
    if (!target->alias_reversed)
        return (struct address_range){there.start + (start - here.start), there.start + (end - here.start)};
    uint32_t last_word = there.end - 4;
    return (struct address_range){last_word - (end - here.start), last_word - (start - here.start)};
}

static const char *why_refused(const struct judging *judging, struct address_range part, bool other_bus) {
    const struct chip_target *target = judging->target;
    const struct loader_memory *loader = &judging->loader;
    struct address_range stack = {loader->stack_top - LOADER_STACK_KEPT_CLEAR - LOADER_STACK_USED,
                                  loader->stack_top};
    struct address_range iram_alias = alias_in_iram(target);
    if (within(part, target->dram)) {
        if (overlap(part, stack))
            return "a segment would overwrite the bootloader's stack";
        if (overlap(part, (struct address_range){loader->data, loader->data_end}))
            return "a segment would overwrite the bootloader's data";
        return other_bus || !overlap(part, target->alias)
                   ? NULL
                   : why_refused(judging, other_side(target, part, target->alias, iram_alias), true);
    }
    if (within(part, judging->iram)) {
        if (overlap(part, (struct address_range){loader->code, loader->code_end}))
            return "a segment would overwrite the bootloader's code";
        return other_bus || !overlap(part, iram_alias)
                   ? NULL
                   : why_refused(judging, other_side(target, part, iram_alias, target->alias), true);
    }
    for (size_t i = 0; i < CHIP_RTC_RANGES; i++)
        if (within(part, target->rtc[i]))
            return NULL;
    return "a segment's load address is not in RAM";
}

// `part` was let through. Where DRAM and IRAM are one range, nobody compared it with the loader's code.
static const char *why_crash(const struct judging *judging, struct address_range part) {
    const struct chip_target *target = judging->target;
    if (overlap(part, (struct address_range){judging->loader.code + CODE_NOT_RUN, judging->loader.code_end}))
        return "a segment overwrites the bootloader's running code, which runs away";
    struct address_range iram_alias = alias_in_iram(target);
    if (!target->alias_reversed && overlap(part, iram_alias))
        part = other_side(target, part, iram_alias, target->alias);
    for (size_t i = 0; i < CHIP_ROM_RANGES; i++)
        if (overlap(part, target->rom_data[i]))
            return "a segment overwrites the variables of ROM, and the bootloader's next call of it crashes";
    return NULL;
}

struct load_verdict load_address_judge(const struct chip_target *target, const struct firmware_build *build,
                                       uint32_t chip_revision, uint32_t address, uint32_t length) {
    if (length == 0 || address < COPIED_FROM)
        return (struct load_verdict){0};
    struct judging judging = {
        .target = target, .loader = loader_memory_of(target, build, chip_revision), .iram = target->iram};
    if (!build->profile->sram0_end_accepted && target->alias_reversed)
        judging.iram.end = alias_in_iram(target).start; // D14: the end of SRAM0
    struct address_range part = {address, address + length};
    const char *refused = why_refused(&judging, part, false);
    return (struct load_verdict){.refused = refused,
                                 .crash = refused == NULL ? why_crash(&judging, part) : NULL};
}
