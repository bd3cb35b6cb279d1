// A guest's heap: blocks one behind the other in an arena of its own, the first that fits is taken. So addresses within it,
// and when it is full, follow from what the guest asks for.
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest_internal.h"

#define ALIGNMENT  16u
#define BLOCK_USED 0xA110CA7Eu
#define BLOCK_FREE 0xF4EEB10Cu

struct guest_block {      // in front of its bytes
    uint32_t mark, asked; // bytes that were asked for
    uint32_t size,
        before; // of this block and the one in front of it, with their heads; before 0: it is the first
};
_Static_assert(sizeof(struct guest_block) == ALIGNMENT, "what comes behind a head is aligned");

// ---- walking ------------------------------------------------------------------------------------

static struct guest_block *at(const struct guest_heap *heap, size_t offset) {
    return (struct guest_block *)(void *)(heap->memory + offset);
}

static size_t offset_of(const struct guest_heap *heap, const struct guest_block *block) {
    return (size_t)((const uint8_t *)block - heap->memory);
}

static struct guest_block *behind(const struct guest_heap *heap, const struct guest_block *block) {
    size_t end = offset_of(heap, block) + block->size;
    return end < GUEST_HEAP_SIZE ? at(heap, end) : NULL;
}

_Noreturn static void corrupt(const void *place) {
    struct guest *guest = guest_running();
    guest_panic("CORRUPT HEAP: what stands before the block at heap+0x%zx is overwritten",
                (size_t)((const uint8_t *)place - guest->heap.memory));
}

static void check(const struct guest_heap *heap, const struct guest_block *block) {
    if ((block->mark != BLOCK_USED && block->mark != BLOCK_FREE) || block->size < sizeof *block ||
        block->size % ALIGNMENT != 0 || block->size > GUEST_HEAP_SIZE - offset_of(heap, block))
        corrupt(block + 1);
}

static void tell_size(const struct guest_heap *heap, const struct guest_block *block) {
    struct guest_block *next = behind(heap, block);
    if (next != NULL)
        next->before = block->size;
}

// ---- taking -------------------------------------------------------------------------------------

// Cuts `size` bytes off the front of a free block, if what is left is worth a head.
static void split(struct guest_heap *heap, struct guest_block *block, uint32_t size) {
    if (block->size - size < sizeof *block + ALIGNMENT)
        return;
    struct guest_block *rest = at(heap, offset_of(heap, block) + size);
    *rest = (struct guest_block){.mark = BLOCK_FREE, .size = block->size - size, .before = size};
    block->size = size;
    tell_size(heap, rest);
    if (offset_of(heap, rest) + sizeof *rest > heap->highest)
        heap->highest = offset_of(heap, rest) + sizeof *rest;
}

// What has to be left free in front so that the bytes behind the head are aligned.
static uint32_t gap_of(const struct guest_block *block, size_t align) {
    uintptr_t bytes = (uintptr_t)(block + 1);
    uint32_t gap = (uint32_t)((align - bytes % align) % align);
    return gap == 0 || gap >= 2 * sizeof *block ? gap : gap + (uint32_t)align;
}

static struct guest_block *find(struct guest_heap *heap, uint32_t size, size_t align) {
    for (struct guest_block *block = at(heap, 0); block != NULL; block = behind(heap, block)) {
        check(heap, block);
        uint32_t gap = gap_of(block, align);
        if (block->mark != BLOCK_FREE || block->size < size || block->size - size < gap)
            continue;
        if (gap == 0)
            return block;
        split(heap, block, gap);
        return behind(heap, block);
    }
    return NULL;
}

void *guest_heap_take(size_t asked, size_t align) {
    struct guest_heap *heap = &guest_running()->heap;
    if (asked > GUEST_HEAP_SIZE || align > GUEST_HEAP_SIZE)
        return NULL;
    uint32_t size = (uint32_t)((asked + sizeof(struct guest_block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    struct guest_block *block = find(heap, size, align < ALIGNMENT ? ALIGNMENT : align);
    if (block == NULL)
        return NULL;
    split(heap, block, size);
    block->mark = BLOCK_USED;
    block->asked = (uint32_t)asked;
    heap->used += block->size;
    heap->most_used = heap->used > heap->most_used ? heap->used : heap->most_used;
    if (offset_of(heap, block) + block->size > heap->highest)
        heap->highest = offset_of(heap, block) + block->size;
    return block + 1;
}

// ---- giving back --------------------------------------------------------------------------------

static struct guest_block *block_of(const struct guest_heap *heap, const void *bytes) {
    size_t offset = (size_t)((const uint8_t *)bytes - heap->memory);
    if (offset >= GUEST_HEAP_SIZE || offset < sizeof(struct guest_block) || offset % ALIGNMENT != 0)
        guest_panic("what is freed or resized is no block of the heap");
    struct guest_block *block = at(heap, offset - sizeof *block);
    if (block->mark == BLOCK_FREE)
        guest_panic("a block of the heap is freed twice");
    check(heap, block);
    return block;
}

static void join(struct guest_heap *heap, struct guest_block *block, const struct guest_block *next) {
    block->size += next->size;
    tell_size(heap, block);
}

void guest_heap_give_back(void *bytes) {
    struct guest_heap *heap = &guest_running()->heap;
    if (bytes == NULL)
        return;
    struct guest_block *block = block_of(heap, bytes), *next = behind(heap, block);
    block->mark = BLOCK_FREE;
    heap->used -= block->size;
    if (next != NULL)
        check(heap, next);
    if (next != NULL && next->mark == BLOCK_FREE)
        join(heap, block, next);
    if (block->before == 0 || block->before > offset_of(heap, block))
        return;
    struct guest_block *previous = at(heap, offset_of(heap, block) - block->before);
    check(heap, previous);
    if (previous->mark == BLOCK_FREE)
        join(heap, previous, block);
}

void *guest_heap_resize(void *bytes, size_t size) {
    if (bytes == NULL)
        return guest_heap_take(size, ALIGNMENT);
    size_t old = guest_heap_size_of(bytes);
    void *moved = guest_heap_take(size, ALIGNMENT);
    if (moved == NULL)
        return NULL;
    memcpy(moved, bytes, old < size ? old : size);
    guest_heap_give_back(bytes);
    return moved;
}

size_t guest_heap_size_of(const void *bytes) {
    return block_of(&guest_running()->heap, bytes)->asked;
}

// ---- asking -------------------------------------------------------------------------------------

size_t guest_heap_free(void) {
    return GUEST_HEAP_SIZE - guest_running()->heap.used;
}

size_t guest_heap_lowest(void) {
    return GUEST_HEAP_SIZE - guest_running()->heap.most_used;
}

size_t guest_heap_largest(void) {
    const struct guest_heap *heap = &guest_running()->heap;
    size_t largest = 0;
    for (struct guest_block *block = at(heap, 0); block != NULL; block = behind(heap, block)) {
        check(heap, block);
        if (block->mark == BLOCK_FREE && block->size - sizeof *block > largest)
            largest = block->size - sizeof *block;
    }
    return largest;
}

// ---- life ---------------------------------------------------------------------------------------

void guest_heap_make(struct guest *guest) {
    struct guest_heap *heap = &guest->heap;
    heap->memory = mmap(NULL, GUEST_HEAP_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (heap->memory == MAP_FAILED)
        abort(); // as memory_new does
    memset(heap->memory, guest->fill, GUEST_HEAP_SIZE);
    guest_heap_renew(guest);
}

void guest_heap_unmake(struct guest *guest) {
    (void)munmap(guest->heap.memory, GUEST_HEAP_SIZE);
}

void guest_heap_renew(struct guest *guest) {
    struct guest_heap *heap = &guest->heap;
    memset(heap->memory, guest->fill, heap->highest);
    heap->highest = sizeof(struct guest_block);
    heap->used = heap->most_used = 0;
    *at(heap, 0) = (struct guest_block){.mark = BLOCK_FREE, .size = GUEST_HEAP_SIZE};
}
