#include "guest_elf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096u

// ---- looking into it ----------------------------------------------------------------------------

static bool inside(const struct guest_segment *segment, uint64_t address, uint64_t size) {
    return address >= segment->address && size <= segment->size &&
           address - segment->address <= segment->size - size;
}

const void *guest_elf_at(const struct guest_file *file, uint64_t address, uint64_t size) {
    for (uint32_t i = 0; i < file->segment_count; i++) {
        const struct guest_segment *segment = &file->segments[i];
        uint64_t within = address - segment->address;
        if (inside(segment, address, size) && size <= segment->file_size &&
            within <= segment->file_size - size)
            return file->bytes.bytes + segment->offset + within;
    }
    return NULL;
}

const char *guest_elf_text(const struct guest_file *file, uint64_t address) {
    for (uint32_t i = 0; i < file->segment_count; i++) {
        const struct guest_segment *segment = &file->segments[i];
        uint64_t within = address - segment->address;
        if (address < segment->address || within >= segment->file_size)
            continue;
        const char *text = (const char *)file->bytes.bytes + segment->offset + within;
        return memchr(text, 0, segment->file_size - within) != NULL ? text : NULL;
    }
    return NULL;
}

uint64_t guest_elf_pointer(const struct guest_file *file, uint64_t address) {
    for (size_t i = 0; i < file->relocation_count; i++) {
        const struct guest_relocation *relocation = &file->relocations[i];
        if (relocation->address != address)
            continue;
        if (relocation->type == R_X86_64_RELATIVE)
            return (uint64_t)relocation->addend;
        const struct guest_symbol *symbol = &file->symbols[relocation->symbol];
        return symbol->defined ? symbol->value + (uint64_t)relocation->addend : 0;
    }
    return 0;
}

struct guest_range guest_elf_section(const struct guest_file *file, const char *name) {
    struct guest_range range = {0};
    Elf *elf = elf_memory((char *)file->bytes.bytes, file->bytes.length);
    size_t names;
    if (elf == NULL || elf_getshdrstrndx(elf, &names) != 0) {
        elf_end(elf);
        return range;
    }
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL || (header.sh_flags & SHF_ALLOC) == 0)
            continue;
        const char *own = elf_strptr(elf, names, header.sh_name);
        if (own != NULL && strcmp(own, name) == 0 && header.sh_addr <= file->span &&
            header.sh_size <= file->span - header.sh_addr)
            range = (struct guest_range){header.sh_addr, header.sh_size};
    }
    elf_end(elf);
    return range;
}

// ---- what kind of file it is --------------------------------------------------------------------

static bool right_kind(const struct guest_file *file, Elf *elf, GElf_Ehdr *header, struct error *error) {
    if (elf == NULL || elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, header) == NULL)
        return error_set(error, "%s: this is no shared object", file->path);
#ifndef __x86_64__
    return error_set(error, "%s: code on the board runs on x86-64 computers only, and this is none",
                     file->path);
#endif
    if (header->e_machine != EM_X86_64 || gelf_getclass(elf) != ELFCLASS64)
        return error_set(
            error,
            "%s: it is built for another machine; code on the board runs on this computer: build it with "
            "the computer's own compiler, for x86-64",
            file->path);
    if (header->e_type != ET_DYN)
        return error_set(error, "%s: this is no shared object: build it with -shared -fPIC", file->path);
    return true;
}

// ---- segments -----------------------------------------------------------------------------------

static int protection_of(uint32_t flags) {
    return ((flags & PF_R) != 0 ? PROT_READ : 0) | ((flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((flags & PF_X) != 0 ? PROT_EXEC : 0);
}

static bool add_segment(struct guest_file *file, const GElf_Phdr *header, struct error *error) {
    uint64_t end = header->p_vaddr + header->p_memsz;
    bool sound = header->p_filesz <= header->p_memsz && header->p_offset <= file->bytes.length &&
                 header->p_filesz <= file->bytes.length - header->p_offset && end >= header->p_vaddr &&
                 end <= GUEST_MEMORY_MAX && file->segment_count < GUEST_SEGMENTS_MAX;
    if (!sound)
        return error_set(error, "%s: its program headers are damaged, or it takes more than %u MiB of memory",
                         file->path, GUEST_MEMORY_MAX >> 20);
    file->segments[file->segment_count++] =
        (struct guest_segment){.address = header->p_vaddr,
                               .size = header->p_memsz,
                               .offset = header->p_offset,
                               .file_size = header->p_filesz,
                               .protection = protection_of(header->p_flags)};
    if ((header->p_flags & PF_W) != 0)
        file->state_size += header->p_memsz;
    file->span = end > file->span ? end : file->span;
    return true;
}

static bool read_segments(struct guest_file *file, Elf *elf, struct error *error) {
    size_t count = 0;
    (void)elf_getphdrnum(elf, &count);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, (int)i, &header) == NULL)
            continue;
        if (header.p_type == PT_LOAD && header.p_memsz != 0 && !add_segment(file, &header, error))
            return false;
        if (header.p_type == PT_GNU_RELRO)
            file->relro = (struct guest_range){header.p_vaddr, header.p_memsz};
        if (header.p_type == PT_TLS) {
            file->tls = (struct guest_range){header.p_vaddr, header.p_memsz};
            file->tls_image = (struct guest_range){header.p_vaddr, header.p_filesz};
            file->tls_align = header.p_align;
            file->state_size += header.p_memsz;
        }
    }
    file->span = (file->span + PAGE - 1) / PAGE * PAGE;
    if (file->segment_count == 0)
        return error_set(error, "%s: nothing of it is to be loaded", file->path);
    if (file->tls.size > GUEST_MEMORY_MAX || file->tls_align > PAGE ||
        (file->tls_image.size != 0 &&
         guest_elf_at(file, file->tls_image.start, file->tls_image.size) == NULL))
        return error_set(error, "%s: its thread-local memory is not where its headers say", file->path);
    return true;
}

// ---- symbols ------------------------------------------------------------------------------------

static void add_symbol(struct guest_file *file, const GElf_Sym *symbol, const char *name) {
    unsigned type = GELF_ST_TYPE(symbol->st_info), binding = GELF_ST_BIND(symbol->st_info);
    file->symbols[file->symbol_count++] = (struct guest_symbol){.name = name == NULL ? "" : name,
                                                                .value = symbol->st_value,
                                                                .defined = symbol->st_shndx != SHN_UNDEF,
                                                                .weak = binding == STB_WEAK,
                                                                .function = type == STT_FUNC,
                                                                .global = binding != STB_LOCAL,
                                                                .thread_local_ = type == STT_TLS};
}

static bool read_symbols(struct guest_file *file, Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
                         struct error *error) {
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data == NULL || header->sh_entsize == 0 ? 0 : data->d_size / header->sh_entsize;
    free(file->symbols);
    file->symbols = memory_zeroed(count + 1, sizeof *file->symbols);
    file->symbol_count = 0;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL)
            return error_set(error, "%s: its table of symbols is damaged", file->path);
        if (GELF_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC)
            return error_set(error, "%s: it has indirect functions (ifunc), which cannot be loaded here",
                             file->path);
        add_symbol(file, &symbol, elf_strptr(elf, header->sh_link, symbol.st_name));
    }
    return true;
}

// ---- relocations --------------------------------------------------------------------------------

static void add_relocation(struct guest_file *file, struct guest_relocation relocation) {
    size_t count = file->relocation_count;
    if ((count & (count - 1)) == 0) // it is full at each power of two
        file->relocations =
            memory_resize(file->relocations, (count == 0 ? 1 : count * 2) * sizeof *file->relocations);
    file->relocations[file->relocation_count++] = relocation;
}

static bool read_relocations(struct guest_file *file, Elf_Scn *section, const GElf_Shdr *header,
                             struct error *error) {
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data == NULL || header->sh_entsize == 0 ? 0 : data->d_size / header->sh_entsize;
    for (size_t i = 0; i < count; i++) {
        GElf_Rela rela;
        if (gelf_getrela(data, (int)i, &rela) == NULL)
            return error_set(error, "%s: its relocations are damaged", file->path);
        add_relocation(file, (struct guest_relocation){.address = rela.r_offset,
                                                       .type = (uint32_t)GELF_R_TYPE(rela.r_info),
                                                       .symbol = (uint32_t)GELF_R_SYM(rela.r_info),
                                                       .addend = rela.r_addend});
    }
    return true;
}

// The packed form: an address, then words whose bits say which of the 63 places behind it are pointers, too. Each place
// holds what has to be moved.
static void read_packed(struct guest_file *file, Elf_Scn *section) {
    Elf_Data *data = elf_rawdata(section, NULL);
    uint64_t where = 0;
    for (size_t at = 0; data != NULL && at + 8 <= data->d_size; at += 8) {
        uint64_t entry;
        memcpy(&entry, (const uint8_t *)data->d_buf + at, sizeof entry);
        uint64_t first = (entry & 1) == 0 ? entry : where, bits = (entry & 1) == 0 ? 1 : entry >> 1;
        for (unsigned bit = 0; bit < 63; bit++) {
            const void *place = guest_elf_at(file, first + bit * 8, 8);
            if ((bits >> bit & 1) == 0 || place == NULL)
                continue;
            struct guest_relocation relocation = {.address = first + bit * 8, .type = R_X86_64_RELATIVE};
            memcpy(&relocation.addend, place, sizeof relocation.addend);
            add_relocation(file, relocation);
        }
        where = (entry & 1) == 0 ? entry + 8 : where + 63 * 8;
    }
}

static const char *why_not(uint32_t type) {
    switch (type) {
    case R_X86_64_RELATIVE:
    case R_X86_64_GLOB_DAT:
    case R_X86_64_JUMP_SLOT:
    case R_X86_64_64:
    case R_X86_64_DTPMOD64:
    case R_X86_64_DTPOFF64:
        return NULL;
    case R_X86_64_TPOFF64:
        return "its thread-local variables are of the initial-exec model: build it without -ftls-model";
    case R_X86_64_TLSDESC:
        return "its thread-local variables are reached by descriptors: build it with -mtls-dialect=gnu";
    case R_X86_64_IRELATIVE:
        return "it has indirect functions (ifunc), which cannot be loaded here";
    default:
        return "it is not position-independent: build it with -fPIC";
    }
}

static bool in_memory(const struct guest_file *file, uint64_t address, uint64_t size) {
    for (uint32_t i = 0; i < file->segment_count; i++)
        if (inside(&file->segments[i], address, size))
            return true;
    return false;
}

static bool check_relocations(const struct guest_file *file, struct error *error) {
    for (size_t i = 0; i < file->relocation_count; i++) {
        const struct guest_relocation *relocation = &file->relocations[i];
        const char *why = relocation->type == R_X86_64_NONE ? NULL : why_not(relocation->type);
        if (why != NULL)
            return error_set(error, "%s: %s", file->path, why);
        if (relocation->symbol >= file->symbol_count && relocation->symbol != 0)
            return error_set(error, "%s: its relocations name symbols that are not there", file->path);
        if (relocation->type != R_X86_64_NONE && !in_memory(file, relocation->address, 8))
            return error_set(error, "%s: its relocations point outside of it", file->path);
    }
    return true;
}

// ---- all of it ----------------------------------------------------------------------------------

static bool read_sections(struct guest_file *file, Elf *elf, struct error *error) {
    bool fine = true, symbols = false;
    for (Elf_Scn *section = NULL; fine && (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL)
            return error_set(error, "%s: its section headers are damaged", file->path);
        if (header.sh_type == SHT_DYNSYM) {
            fine = read_symbols(file, elf, section, &header, error);
            symbols = true;
        } else if (header.sh_type == SHT_RELA && (header.sh_flags & SHF_ALLOC) != 0) {
            fine = read_relocations(file, section, &header, error);
        } else if (header.sh_type == SHT_RELR) {
            read_packed(file, section);
        }
    }
    if (fine && !symbols)
        return error_set(error, "%s: it has no section headers: do not strip them", file->path);
    return fine;
}

bool guest_elf_read(struct guest_file *file, struct error *error) {
    if (elf_version(EV_CURRENT) == EV_NONE)
        return error_set(error, "%s: %s", file->path, elf_errmsg(-1));
    Elf *elf = elf_memory((char *)file->bytes.bytes, file->bytes.length);
    GElf_Ehdr header;
    bool fine = right_kind(file, elf, &header, error) && read_segments(file, elf, error) &&
                read_sections(file, elf, error) && check_relocations(file, error);
    elf_end(elf);
    return fine;
}
