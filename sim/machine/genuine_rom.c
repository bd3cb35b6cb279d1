#include "genuine_rom.h"

#include <stdlib.h>

#include <libelf.h>

#include "machine_internal.h"

#define RISCV_ELF   243      // EM_RISCV
#define RUN_MAX     0x10000u // bytes of initial data in one row of the start-up's table
#define HEADER_SIZE 24u

// ---- reading ------------------------------------------------------------------------------------

struct rom_file {
    Elf *elf;
    const struct machine_rom *rom;
    uint8_t *bytes; // of the ROM
};

static bool in_rom(const struct machine_rom *rom, uint32_t address, uint32_t length) {
    return address >= rom->start && address <= rom->end && length <= rom->end - address;
}

// Where a byte of ROM lies that is seen at `address`: constants are linked for the data bus (HW-10).
static uint32_t as_code(const struct machine_rom *rom, uint32_t address) {
    return rom->data_view != 0 && address - rom->data_view < rom->data_view_length
               ? rom->end - rom->data_view_length + (address - rom->data_view)
               : address;
}

static bool loads(const Elf32_Shdr *section) {
    return section->sh_type == SHT_PROGBITS && section->sh_addr != 0 && section->sh_size != 0;
}

static void place(const struct rom_file *file, uint32_t address, const void *bytes, uint32_t length) {
    address = as_code(file->rom, address);
    if (in_rom(file->rom, address, length))
        memcpy(file->bytes + (address - file->rom->start), bytes, length);
}

// Calls for each section that has contents.
static void each_section(const struct rom_file *file,
                         void (*visit)(const struct rom_file *file, const Elf32_Shdr *section,
                                       const Elf_Data *data, void *context),
                         void *context) {
    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(file->elf, scn)) != NULL;) {
        const Elf32_Shdr *section = elf32_getshdr(scn);
        const Elf_Data *data = section != NULL && loads(section) ? elf_getdata(scn, NULL) : NULL;
        if (data != NULL && data->d_buf != NULL && data->d_size == section->sh_size)
            visit(file, section, data, context);
    }
}

struct code_listener {
    void (*code)(void *context, uint32_t address, uint32_t length);
    void *context;
    uint32_t placed;
};

static void place_section(const struct rom_file *file, const Elf32_Shdr *section, const Elf_Data *data,
                          void *context) {
    struct code_listener *listener = context;
    place(file, section->sh_addr, data->d_buf, (uint32_t)data->d_size);
    bool code = (section->sh_flags & SHF_EXECINSTR) != 0 &&
                in_rom(file->rom, section->sh_addr, (uint32_t)data->d_size);
    listener->placed += code ? (uint32_t)data->d_size : 0;
    if (code && listener->code != NULL)
        listener->code(listener->context, section->sh_addr, (uint32_t)data->d_size);
}

// A row of the table by which the start-up code fills RAM: the run [first, end) lies in ROM at `source`. The file has the run's
// contents where they are used, so they are put to where they are taken from (HW-70).
struct row {
    uint32_t first, end, source;
};

static void place_at_source(const struct rom_file *file, const Elf32_Shdr *section, const Elf_Data *data,
                            void *context) {
    const struct row *row = context;
    if ((section->sh_flags & SHF_WRITE) != 0 && section->sh_addr >= row->first &&
        section->sh_addr < row->end && data->d_size <= row->end - section->sh_addr)
        place(file, row->source + (section->sh_addr - row->first), data->d_buf, (uint32_t)data->d_size);
}

static void place_initial_data(const struct rom_file *file, const struct machine_model *model) {
    uint32_t length = file->rom->end - file->rom->start;
    uint8_t *table = memory_new(length);
    memcpy(table, file->bytes, length);
    for (uint32_t at = 0; at + sizeof(struct row) <= length; at += 4) {
        struct row row;
        memcpy(&row, table + at, sizeof row);
        bool is_run = row.end > row.first && row.end - row.first <= RUN_MAX &&
                      in_rom(file->rom, as_code(file->rom, row.source), row.end - row.first);
        for (size_t i = 0; is_run && i < model->ram_count; i++)
            if (row.first - model->ram[i].address < model->ram[i].length)
                each_section(file, place_at_source, &row);
    }
    free(table);
}

bool genuine_rom_read(const struct buffer *elf, const struct machine_model *model, struct buffer *out,
                      void (*code)(void *context, uint32_t address, uint32_t length), void *context,
                      struct error *error) {
    (void)elf_version(EV_CURRENT);
    struct rom_file file = {.elf = elf_memory((char *)elf->bytes, elf->length), .rom = &model->rom};
    const Elf32_Ehdr *header =
        file.elf == NULL || elf_kind(file.elf) != ELF_K_ELF ? NULL : elf32_getehdr(file.elf);
    struct code_listener listener = {code, context, 0};
    bool fits = header != NULL && header->e_machine == RISCV_ELF && header->e_entry == model->rom.start;
    if (fits) {
        uint32_t length = model->rom.end - model->rom.start;
        file.bytes = memory_zeroed(1, length);
        each_section(&file, place_section, &listener);
        place_initial_data(&file, model);
        fits = memmem(file.bytes, length, model->rom.banner, strlen(model->rom.banner)) != NULL;
        buffer_append(out, file.bytes, length);
        free(file.bytes);
    }
    (void)elf_end(file.elf);
    return (fits && listener.placed != 0) ||
           error_set(error, "this is no ROM of the %s as an ELF file", model->target);
}

bool machine_takes_rom(const struct chip_target *target, const struct buffer *elf, struct error *error) {
    const struct machine_model *model = machine_model_of(target);
    struct buffer bytes = {0};
    bool takes = model != NULL && genuine_rom_read(elf, model, &bytes, NULL, NULL, error);
    buffer_free(&bytes);
    return takes || (model != NULL ? false : error_set(error, "the %s executes nothing here", target->title));
}

// ---- in the machine -----------------------------------------------------------------------------

static void own(void *context, uint32_t address, uint32_t length) {
    struct machine *machine = context;
    memory_own(&machine->memory, address, length);
}

void genuine_rom_install(struct machine *machine, const struct buffer *elf) {
    const struct machine_rom *rom = &machine->model->rom;
    struct error error = {0};
    uint32_t length = rom->end - rom->start;
    if (!genuine_rom_read(elf, machine->model, &machine->rom, NULL, NULL, &error))
        machine_not_modelled(machine, "%s", error.message); // readers have asked machine_takes_rom
    machine->rom_frames = memory_zeroed(length / MEMORY_PAGE_SIZE, sizeof *machine->rom_frames);
    for (uint32_t at = 0; at < length; at += MEMORY_PAGE_SIZE) {
        struct memory_frame *frame = &machine->rom_frames[at / MEMORY_PAGE_SIZE];
        frame->bytes = machine->rom.bytes + at;
        memory_map_frame(&machine->memory, rom->start + at, frame);
        if (rom->data_view != 0 && at >= length - rom->data_view_length)
            memory_map_frame(&machine->memory, rom->data_view + (at - (length - rom->data_view_length)),
                             frame);
    }
    struct buffer again = {0};
    (void)genuine_rom_read(elf, machine->model, &again, own, machine, &error);
    buffer_free(&again);
}

void genuine_rom_free(struct machine *machine) {
    for (uint32_t i = 0; machine->rom_frames != NULL && i < machine->rom.length / MEMORY_PAGE_SIZE; i++)
        machine->model->core->forget_all(&machine->rom_frames[i]);
    free(machine->rom_frames);
    buffer_free(&machine->rom);
}

static uint32_t word_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

void genuine_rom_leave(struct machine *machine, uint32_t pc) {
    uint32_t at = port_ram()->target->bootloader_offset;
    uint8_t header[HEADER_SIZE] = {0}, segment[8];
    rom_stage_read(machine, at, header, sizeof header);
    if (word_at(header + 4) != pc)
        port_halt(PORT_HALT_CRASH, "the ROM runs what is not its code; a watchdog resets the chip");
    at += HEADER_SIZE;
    for (unsigned i = 0; i < header[1]; i++) {
        rom_stage_read(machine, at, segment, sizeof segment);
        at += (uint32_t)sizeof segment + word_at(segment + 4);
        if (!window_contains(machine, word_at(segment)))
            memory_own(&machine->memory, word_at(segment), word_at(segment + 4));
    }
    machine->second_stage = true;
}
