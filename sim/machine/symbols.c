#include "symbols.h"

#include <stdlib.h>
#include <string.h>

#include <elfutils/libdwfl.h>

#include "machine.h"

struct symbols {
    Dwfl *dwfl;
};

static int nothing_found(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                         const char *file, const char *link, GElf_Word crc, char **found) {
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)found;
    return -1; // separate files with debugging information are not looked for
}

struct symbols *symbols_open(const char *path, struct error *error) {
    static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                             .find_debuginfo = nothing_found,
                                             .section_address = dwfl_offline_section_address};
    struct symbols *symbols = memory_zeroed(1, sizeof *symbols);
    symbols->dwfl = dwfl_begin(&callbacks);
    if (symbols->dwfl != NULL && dwfl_report_offline(symbols->dwfl, "", path, -1) != NULL &&
        dwfl_report_end(symbols->dwfl, NULL, NULL) == 0)
        return symbols;
    (void)error_set(error, "%s: %s", path, dwfl_errmsg(-1));
    symbols_free(symbols);
    return NULL;
}

bool symbols_file_is_one(const char *path, struct error *error) {
    struct symbols *symbols = symbols_open(path, error);
    symbols_free(symbols);
    return symbols != NULL;
}

void symbols_free(struct symbols *symbols) {
    if (symbols == NULL)
        return;
    dwfl_end(symbols->dwfl);
    free(symbols);
}

// A row of a line table, and how many bytes of code it stands for.
struct place {
    Dwarf_Line *line; // NULL: none
    Dwarf_Addr length;
};

// The row of a unit that an address belongs to, if it is closer than `best`.
static void find_in_unit(Dwarf_Die *unit, Dwarf_Addr address, struct place *best) {
    Dwarf_Lines *lines;
    size_t count;
    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return;
    for (size_t i = 0; i + 1 < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i);
        Dwarf_Addr start, end;
        bool ends;
        if (dwarf_lineaddr(line, &start) == 0 && dwarf_lineaddr(dwarf_onesrcline(lines, i + 1), &end) == 0 &&
            dwarf_lineendsequence(line, &ends) == 0 && !ends && start <= address && address < end &&
            (best->line == NULL || end - start < best->length))
            *best = (struct place){line, end - start};
    }
}

// All units are looked through: the index of units by address (.debug_aranges) does not outlive ESP-IDF's linker scripts. Rows of
// code that the linker has shortened or dropped may reach over others, so that the closest one counts.
static void describe_line(Dwfl_Module *module, uint32_t address, struct buffer *out) {
    Dwarf_Addr bias;
    struct place best = {NULL, 0};
    for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu(module, unit, &bias)) != NULL;)
        find_in_unit(unit, address - bias, &best);
    const char *file = best.line == NULL ? NULL : dwarf_linesrc(best.line, NULL, NULL);
    int number;
    if (file == NULL || dwarf_lineno(best.line, &number) != 0)
        return;
    const char *slash = strrchr(file, '/');
    buffer_printf(out, " (%s:%d)", slash == NULL ? file : slash + 1, number);
}

bool symbols_describe(struct symbols *symbols, uint32_t address, struct buffer *out) {
    Dwfl_Module *module = dwfl_addrmodule(symbols->dwfl, address);
    const char *name = module == NULL ? NULL : dwfl_module_addrname(module, address);
    if (name == NULL)
        return false;
    buffer_text(out, name);
    describe_line(module, address, out);
    return true;
}
