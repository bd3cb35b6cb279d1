// A guest's file in memory: loaded, linked, and made new at each start.
#include "guest_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest_elf.h"

bool guest_contains(const struct guest *guest, uint64_t address) {
    return address - (uintptr_t)guest->memory.base < guest->memory.span;
}

// ---- parts that are made new --------------------------------------------------------------------

// From what stands there now; behind `filled` bytes there are zeros.
void guest_part_note(struct guest_part *part, void *start, size_t size, size_t filled) {
    *part = (struct guest_part){.start = start, .size = size, .filled = filled};
    part->contents = memory_new(filled == 0 ? 1 : filled);
    memcpy(part->contents, start, filled);
}

void guest_part_renew(const struct guest_part *part) {
    memcpy(part->start, part->contents, part->filled);
    memset(part->start + part->filled, 0, part->size - part->filled);
}

// ---- relocations --------------------------------------------------------------------------------

static uint64_t address_of(const struct guest *guest, uint32_t number) {
    const struct guest_symbol *symbol = &guest->file->symbols[number];
    if (symbol->defined)
        return (uintptr_t)guest->memory.base + symbol->value;
    return guest_linkage_address(guest, number);
}

#define THE_MODULE 1u // all thread-local variables are the guest's own (guest_tls_address)

static void relocate(const struct guest *guest) {
    const struct guest_file *file = guest->file;
    for (size_t i = 0; i < file->relocation_count; i++) {
        const struct guest_relocation *relocation = &file->relocations[i];
        uint64_t value = (uint64_t)relocation->addend;
        switch (relocation->type) {
        case R_X86_64_NONE:
            continue;
        case R_X86_64_RELATIVE:
            value += (uintptr_t)guest->memory.base;
            break;
        case R_X86_64_DTPMOD64:
            value = THE_MODULE;
            break;
        case R_X86_64_DTPOFF64:
            value += relocation->symbol == 0 ? 0 : file->symbols[relocation->symbol].value;
            break;
        default: // guest_elf_read lets only addresses of symbols pass besides
            value += address_of(guest, relocation->symbol);
            break;
        }
        memcpy(guest->memory.base + relocation->address, &value, sizeof value);
    }
}

// ---- life ---------------------------------------------------------------------------------------

static void *map(size_t size, int protection) {
    void *memory = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort(); // as memory_new does
    return memory;
}

// What is behind the file's part of a segment is zeros, but for relocations, which lie in its part.
static void note_segment(struct guest *guest, const struct guest_segment *segment) {
    struct guest_memory *memory = &guest->memory;
    uint64_t start = segment->address, end = segment->address + segment->size;
    uint64_t relro_end = guest->file->relro.start + guest->file->relro.size;
    if (guest->file->relro.start <= start && relro_end > start) // its beginning is never written
        start = relro_end / GUEST_PAGE * GUEST_PAGE < end ? relro_end / GUEST_PAGE * GUEST_PAGE : end;
    uint64_t file_end = segment->address + segment->file_size;
    guest_part_note(&memory->parts[memory->part_count++], memory->base + start, end - start,
                    file_end > start ? file_end - start : 0);
}

static void protect(const struct guest *guest) {
    const struct guest_file *file = guest->file;
    for (uint32_t i = 0; i < file->segment_count; i++) {
        const struct guest_segment *segment = &file->segments[i];
        uint64_t start = segment->address / GUEST_PAGE * GUEST_PAGE;
        if (mprotect(guest->memory.base + start, segment->address + segment->size - start,
                     segment->protection) != 0)
            abort();
    }
    uint64_t start = file->relro.start / GUEST_PAGE * GUEST_PAGE;
    uint64_t end = (file->relro.start + file->relro.size) / GUEST_PAGE * GUEST_PAGE;
    if (end > start && end <= guest->memory.span &&
        mprotect(guest->memory.base + start, end - start, PROT_READ) != 0)
        abort();
}

static void load_tls(struct guest *guest) {
    const struct guest_file *file = guest->file;
    struct guest_memory *memory = &guest->memory;
    if (file->tls.size == 0)
        return;
    memory->tls = map(file->tls.size, PROT_READ | PROT_WRITE);
    if (file->tls_image.size != 0) // relocated, as pointers may be in it
        memcpy(memory->tls, memory->base + file->tls_image.start, file->tls_image.size);
    guest_part_note(&memory->parts[memory->part_count++], memory->tls, file->tls.size, file->tls_image.size);
}

void guest_memory_load(struct guest *guest) {
    const struct guest_file *file = guest->file;
    struct guest_memory *memory = &guest->memory;
    memory->span = file->span;
    memory->base = map(memory->span, PROT_READ | PROT_WRITE);
    for (uint32_t i = 0; i < file->segment_count; i++)
        if (file->segments[i].file_size != 0)
            memcpy(memory->base + file->segments[i].address, file->bytes.bytes + file->segments[i].offset,
                   file->segments[i].file_size);
    guest_linkage_make(guest);
    relocate(guest);
    load_tls(guest);
    for (uint32_t i = 0; i < file->segment_count; i++)
        if ((file->segments[i].protection & PROT_WRITE) != 0)
            note_segment(guest, &file->segments[i]);
    protect(guest);
}

void guest_memory_free(struct guest *guest) {
    struct guest_memory *memory = &guest->memory;
    for (size_t i = 0; i < memory->part_count; i++)
        free(memory->parts[i].contents);
    if (memory->tls != NULL)
        (void)munmap(memory->tls, guest->file->tls.size);
    (void)munmap(memory->base, memory->span);
    guest_linkage_free(guest);
}

void guest_memory_renew(struct guest *guest, bool powered) {
    const struct guest_range *retained = &guest->file->retained;
    uint8_t *place = guest->memory.base + retained->start;
    uint8_t *kept = retained->size == 0 || powered ? NULL : memory_new(retained->size);
    if (kept != NULL)
        memcpy(kept, place, retained->size);
    for (size_t i = 0; i < guest->memory.part_count; i++)
        guest_part_renew(&guest->memory.parts[i]);
    guest_part_renew(&guest->linkage.objects);
    if (kept != NULL)
        memcpy(place, kept, retained->size);
    else if (retained->size != 0)
        memset(place, guest->fill, retained->size);
    free(kept);
}

// ---- thread-local memory ------------------------------------------------------------------------

static void *tls_new(const struct guest_file *file, const uint8_t *base) {
    size_t align = file->tls_align < sizeof(void *) ? sizeof(void *) : file->tls_align;
    uint8_t *tls = guest_heap_take(file->tls.size, align);
    if (tls == NULL)
        guest_panic("there is no memory for a task's thread-local variables");
    memcpy(tls, base + file->tls_image.start, file->tls_image.size);
    memset(tls + file->tls_image.size, 0, file->tls.size - file->tls_image.size);
    return tls;
}

uint8_t *guest_tls(struct guest *guest) {
    if (guest->task == &guest->first_task)
        return guest->memory.tls;
    if (guest->task->tls == NULL)
        guest->task->tls = tls_new(guest->file, guest->memory.base);
    return guest->task->tls;
}
