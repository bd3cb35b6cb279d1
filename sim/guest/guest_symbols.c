#include "guest_symbols.h"

#include <string.h>
#include <unistd.h>

#include <elfutils/libdwfl.h>

#define FRAMES_MAX 32u

// ---- opening ------------------------------------------------------------------------------------

static int nothing_found(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                         const char *file, const char *link, GElf_Word crc, char **found) {
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)found;
    return -1; // separate files with debugging information are not looked for
}

// NULL: the file is not there any more, or says nothing.
static Dwfl *open_at(const struct guest_file *file, uint64_t base) {
    static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                             .find_debuginfo = nothing_found,
                                             .section_address = dwfl_offline_section_address};
    Dwfl *dwfl = dwfl_begin(&callbacks);
    if (dwfl != NULL && dwfl_report_elf(dwfl, file->name, file->path, -1, base, false) != NULL &&
        dwfl_report_end(dwfl, NULL, NULL) == 0)
        return dwfl;
    dwfl_end(dwfl);
    return NULL;
}

// ---- a place ------------------------------------------------------------------------------------

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static bool describe(Dwfl *dwfl, uint64_t address, struct buffer *out) {
    Dwfl_Module *module = dwfl == NULL ? NULL : dwfl_addrmodule(dwfl, address);
    const char *name = module == NULL ? NULL : dwfl_module_addrname(module, address);
    Dwfl_Line *line = module == NULL ? NULL : dwfl_module_getsrc(module, address);
    int number = 0;
    const char *source = line == NULL ? NULL : dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
    if (name == NULL && source == NULL)
        return false;
    buffer_text(out, name == NULL ? "a function without name" : name);
    if (source != NULL)
        buffer_printf(out, " (%s:%d)", last_part(source), number);
    return true;
}

void guest_describe(const struct guest_file *file, uint64_t address, struct buffer *out) {
    Dwfl *dwfl = open_at(file, GUEST_MEMORY_MAX); // anywhere but at 0, which stands for "nowhere"
    if (!describe(dwfl, address + GUEST_MEMORY_MAX, out))
        buffer_printf(out, "%s+0x%llx", file->name, (unsigned long long)address);
    dwfl_end(dwfl);
}

// ---- who called whom ----------------------------------------------------------------------------

struct walker {
    const struct guest_walk *walk;
    Dwfl *dwfl;
    unsigned frames;
};

static pid_t next_thread(Dwfl *dwfl, void *context, void **thread) {
    (void)dwfl;
    if (*thread != NULL)
        return 0;
    *thread = context;
    return getpid();
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result, void *context) {
    const struct walker *walker = context;
    uint64_t word;
    (void)dwfl;
    if (!walker->walk->read(walker->walk->context, address, &word))
        return false;
    *result = word;
    return true;
}

static bool set_registers(Dwfl_Thread *thread, void *context) {
    const struct walker *walker = context;
    Dwarf_Word registers[GUEST_REGISTERS];
    for (unsigned i = 0; i < GUEST_REGISTERS; i++)
        registers[i] = walker->walk->registers[i];
    return dwfl_thread_state_registers(thread, 0, GUEST_REGISTERS, registers);
}

static int on_frame(Dwfl_Frame *frame, void *context) {
    struct walker *walker = context;
    const struct guest_walk *walk = walker->walk;
    Dwarf_Addr pc;
    bool exact;
    if (walker->frames == FRAMES_MAX || !dwfl_frame_pc(frame, &pc, &exact))
        return DWARF_CB_ABORT;
    exact = walker->frames == 0 ? walk->exact : exact;
    uint64_t address = exact ? pc : pc - 1;
    if (address - walk->base >= walk->file->span)
        return DWARF_CB_ABORT; // what called the guest
    struct buffer place = {0};
    if (!describe(walker->dwfl, address, &place))
        buffer_printf(&place, "%s+0x%llx", walk->file->name, (unsigned long long)(address - walk->base));
    walk->frame(walk->context, buffer_string(&place));
    buffer_free(&place);
    walker->frames++;
    return DWARF_CB_OK;
}

void guest_walk_stack(const struct guest_walk *walk) {
    static const Dwfl_Thread_Callbacks callbacks = {
        .next_thread = next_thread, .memory_read = read_memory, .set_initial_registers = set_registers};
    struct walker walker = {.walk = walk, .dwfl = open_at(walk->file, walk->base)};
    if (walker.dwfl != NULL && dwfl_attach_state(walker.dwfl, NULL, getpid(), &callbacks, &walker))
        (void)dwfl_getthread_frames(walker.dwfl, getpid(), on_frame, &walker);
    dwfl_end(walker.dwfl);
}
