// What a processor sees: 4 GiB in pages of 4 KiB. A page shows a frame of bytes, or belongs to a device that
// answers each access.
//
// A frame may be seen at several addresses (a data bus and an instruction bus). Reads and writes of plain
// pages cost a table walk of two steps; everything else goes the slow way: devices, accesses that cross a
// page, stores into frames that hold code. Those have to be noticed, because instructions are decoded once
// and kept.
#ifndef SIM_CPU_MEMORY_H
#define SIM_CPU_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MEMORY_PAGE_SIZE 4096u
#define MEMORY_VIEWS_MAX 2u // the buses that may show one frame

struct memory_frame {
    uint8_t *bytes; // MEMORY_PAGE_SIZE of them; borrowed
    // One bit a halfword: belongs to the program that was loaded, unmodified since. Only such code is
    // executed.
    uint8_t own[MEMORY_PAGE_SIZE / 2 / 8];
    void *decoded; // the processor's; owned by it
    uint32_t views[MEMORY_VIEWS_MAX];
    uint32_t view_count;
    bool writable;
    bool holds_code; // stores are watched
    bool dirty;      // has been written since memory_clean (for snapshots)
};

struct memory_page {
    uint8_t *read;              // NULL: the slow way
    uint8_t *write;             // NULL: the slow way
    struct memory_frame *frame; // NULL: a device's, or nothing is there
    bool device;
};

// Answers accesses to pages of its own: 1, 2 or 4 bytes, aligned to their size. False: nothing is there.
struct memory_device {
    void *context;
    bool (*load)(void *context, uint32_t address, unsigned size, uint32_t *value);
    bool (*store)(void *context, uint32_t address, unsigned size, uint32_t value);
    // Code was overwritten: what was decoded of this frame's bytes [offset, offset + size) is no longer true.
    void (*code_changed)(void *context, struct memory_frame *frame, uint32_t offset, uint32_t size);
};

#define MEMORY_TABLE_SIZE 1024u // entries of each of the two levels

struct memory {
    // never NULL: an empty table stands for 4 MiB of nothing
    struct memory_page *directory[MEMORY_TABLE_SIZE];
    struct memory_device device;
};

void memory_init(struct memory *memory, const struct memory_device *device);
void memory_free(struct memory *memory);

// Shows a frame at a page-aligned address.
void memory_map_frame(struct memory *memory, uint32_t address, struct memory_frame *frame);
// Gives pages [first, end) to the device.
void memory_map_device(struct memory *memory, uint32_t first, uint32_t end);
// A device's page shows bytes for reading from now on (NULL: asks the device again).
void memory_show(struct memory *memory, uint32_t address, uint8_t *bytes);

static inline struct memory_page *memory_page(const struct memory *memory, uint32_t address) {
    return &memory->directory[address >> 22][address >> 12 & (MEMORY_TABLE_SIZE - 1)];
}

// From now on stores into this frame are noticed.
void memory_watch_code(struct memory *memory, struct memory_frame *frame);
// [address, address + length) is the program's own code or data.
void memory_own(struct memory *memory, uint32_t address, uint32_t length);
bool memory_is_own(const struct memory *memory, uint32_t address);

// Frames written from now on are marked dirty.
void memory_clean(struct memory *memory, struct memory_frame *frame);

// Any address, any size of 1, 2, 4; little endian. False: nothing is there.
bool memory_load(struct memory *memory, uint32_t address, unsigned size, uint32_t *value);
bool memory_store(struct memory *memory, uint32_t address, unsigned size, uint32_t value);

// The quick way, within one plain page. False: the access has to go by the functions above.
static inline bool memory_load_plain(const struct memory *memory, uint32_t address, unsigned size,
                                     uint32_t *value) {
    const struct memory_page *page = memory_page(memory, address);
    uint32_t offset = address % MEMORY_PAGE_SIZE;
    if (page->read == NULL || offset > MEMORY_PAGE_SIZE - size)
        return false;
    *value = 0;
    memcpy(value, page->read + offset, size);
    return true;
}

static inline bool memory_store_plain(const struct memory *memory, uint32_t address, unsigned size,
                                      uint32_t value) {
    const struct memory_page *page = memory_page(memory, address);
    uint32_t offset = address % MEMORY_PAGE_SIZE;
    if (page->write == NULL || offset > MEMORY_PAGE_SIZE - size)
        return false;
    memcpy(page->write + offset, &value, size);
    return true;
}

// Ranges, as a library function of the program would touch them. False: nothing is there, at `*fault` (may be
// NULL).
bool memory_read(struct memory *memory, uint32_t address, void *bytes, uint32_t length, uint32_t *fault);
bool memory_write(struct memory *memory, uint32_t address, const void *bytes, uint32_t length,
                  uint32_t *fault);

#endif
