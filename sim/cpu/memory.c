#include "memory.h"

#include <stdlib.h>

#include "../base/buffer.h"

static struct memory_page nothing[MEMORY_TABLE_SIZE]; // never written: memory_map_* replace it first

void memory_init(struct memory *memory, const struct memory_device *device) {
    for (size_t i = 0; i < MEMORY_TABLE_SIZE; i++)
        memory->directory[i] = nothing;
    memory->device = *device;
}

void memory_free(struct memory *memory) {
    for (size_t i = 0; i < MEMORY_TABLE_SIZE; i++)
        if (memory->directory[i] != nothing)
            free(memory->directory[i]);
}

static struct memory_page *page_to_change(struct memory *memory, uint32_t address) {
    struct memory_page **table = &memory->directory[address >> 22];
    if (*table == nothing)
        *table = memory_zeroed(MEMORY_TABLE_SIZE, sizeof **table);
    return memory_page(memory, address);
}

// ---- what is where ------------------------------------------------------------------------------

// A clean frame's first store goes the slow way, which marks it dirty.
static void set_up_page(struct memory_page *page, struct memory_frame *frame) {
    *page = (struct memory_page){.read = frame->bytes, .frame = frame};
    if (frame->writable && !frame->holds_code && frame->dirty)
        page->write = frame->bytes;
}

static void refresh_views(struct memory *memory, struct memory_frame *frame) {
    for (uint32_t i = 0; i < frame->view_count; i++)
        set_up_page(memory_page(memory, frame->views[i]), frame);
}

void memory_map_frame(struct memory *memory, uint32_t address, struct memory_frame *frame) {
    if (frame->view_count == MEMORY_VIEWS_MAX)
        abort(); // a machine's table is wrong
    frame->views[frame->view_count++] = address;
    set_up_page(page_to_change(memory, address), frame);
}

void memory_map_device(struct memory *memory, uint32_t first, uint32_t end) {
    for (uint32_t address = first; address != end; address += MEMORY_PAGE_SIZE)
        *page_to_change(memory, address) = (struct memory_page){.device = true};
}

void memory_show(struct memory *memory, uint32_t address, uint8_t *bytes) {
    memory_page(memory, address)->read = bytes;
}

void memory_watch_code(struct memory *memory, struct memory_frame *frame) {
    frame->holds_code = true;
    refresh_views(memory, frame);
}

void memory_clean(struct memory *memory, struct memory_frame *frame) {
    frame->dirty = false;
    refresh_views(memory, frame);
}

// ---- the program's own --------------------------------------------------------------------------

void memory_own(struct memory *memory, uint32_t address, uint32_t length) {
    for (uint32_t at = address & ~1u; at - address < length || at < address; at += 2) {
        struct memory_frame *frame = memory_page(memory, at)->frame;
        uint32_t bit = at % MEMORY_PAGE_SIZE / 2;
        if (frame == NULL)
            continue;
        if (!frame->holds_code)
            memory_watch_code(memory, frame);
        frame->own[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

bool memory_is_own(const struct memory *memory, uint32_t address) {
    const struct memory_frame *frame = memory_page(memory, address)->frame;
    uint32_t bit = address % MEMORY_PAGE_SIZE / 2;
    return frame != NULL && (frame->own[bit / 8] >> bit % 8 & 1) != 0;
}

static void note_store(struct memory *memory, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    if (!frame->dirty) {
        frame->dirty = true;
        refresh_views(memory, frame);
    }
    if (!frame->holds_code)
        return;
    for (uint32_t at = offset & ~1u; at < offset + size; at += 2)
        frame->own[at / 16] &= (uint8_t) ~(1u << at / 2 % 8);
    memory->device.code_changed(memory->device.context, frame, offset, size);
}

// ---- accesses -----------------------------------------------------------------------------------

static bool load_aligned(struct memory *memory, uint32_t address, unsigned size, uint32_t *value) {
    const struct memory_page *page = memory_page(memory, address);
    *value = 0;
    if (page->read != NULL) {
        memcpy(value, page->read + address % MEMORY_PAGE_SIZE, size);
        return true;
    }
    return page->device && memory->device.load(memory->device.context, address, size, value);
}

static bool store_aligned(struct memory *memory, uint32_t address, unsigned size, uint32_t value) {
    const struct memory_page *page = memory_page(memory, address);
    struct memory_frame *frame = page->frame;
    uint32_t offset = address % MEMORY_PAGE_SIZE;
    if (frame != NULL && frame->writable) {
        note_store(memory, frame, offset, size);
        memcpy(frame->bytes + offset, &value, size);
        return true;
    }
    return page->device && memory->device.store(memory->device.context, address, size, value);
}

bool memory_load(struct memory *memory, uint32_t address, unsigned size, uint32_t *value) {
    if (address % size == 0)
        return load_aligned(memory, address, size, value);
    uint32_t sum = 0, byte;
    for (unsigned i = 0; i < size; i++) { // the processor takes it apart (HW-1)
        if (!load_aligned(memory, address + i, 1, &byte))
            return false;
        sum |= byte << 8 * i;
    }
    *value = sum;
    return true;
}

bool memory_store(struct memory *memory, uint32_t address, unsigned size, uint32_t value) {
    if (address % size == 0)
        return store_aligned(memory, address, size, value);
    for (unsigned i = 0; i < size; i++)
        if (!store_aligned(memory, address + i, 1, value >> 8 * i & 0xFF))
            return false;
    return true;
}

static uint32_t rest_of_page(uint32_t address, uint32_t length) {
    uint32_t rest = MEMORY_PAGE_SIZE - address % MEMORY_PAGE_SIZE;
    return length < rest ? length : rest;
}

static bool failed_at(uint32_t address, uint32_t *fault) {
    if (fault != NULL)
        *fault = address;
    return false;
}

bool memory_read(struct memory *memory, uint32_t address, void *bytes, uint32_t length, uint32_t *fault) {
    uint8_t *to = bytes;
    while (length != 0) {
        const struct memory_page *page = memory_page(memory, address);
        uint32_t part = rest_of_page(address, length), value;
        if (page->read != NULL) {
            memcpy(to, page->read + address % MEMORY_PAGE_SIZE, part);
        } else {
            part = address % 4 == 0 && length >= 4 ? 4 : 1;
            if (!load_aligned(memory, address, part, &value))
                return failed_at(address, fault);
            memcpy(to, &value, part);
        }
        to += part;
        address += part;
        length -= part;
    }
    return true;
}

bool memory_write(struct memory *memory, uint32_t address, const void *bytes, uint32_t length,
                  uint32_t *fault) {
    const uint8_t *from = bytes;
    while (length != 0) {
        const struct memory_page *page = memory_page(memory, address);
        uint32_t part = rest_of_page(address, length), value = 0;
        if (page->frame != NULL && page->frame->writable) {
            note_store(memory, page->frame, address % MEMORY_PAGE_SIZE, part);
            memcpy(page->frame->bytes + address % MEMORY_PAGE_SIZE, from, part);
        } else {
            part = address % 4 == 0 && length >= 4 ? 4 : 1;
            memcpy(&value, from, part);
            if (!store_aligned(memory, address, part, value))
                return failed_at(address, fault);
        }
        from += part;
        address += part;
        length -= part;
    }
    return true;
}
