// The eFuse controller: the board's fields as bits of the read registers, burns as the board's burns (HW-40, HW-41).
#include "machine_internal.h"

#define MAY_PROGRAM     0x5A5Au
#define COMMAND_READ    1u
#define COMMAND_PROGRAM 2u

static uint32_t mask_of(const struct efuse_piece *piece) {
    return piece->width == 32 ? UINT32_MAX : (1u << piece->width) - 1;
}

static uint32_t field_value(struct machine *machine, const struct machine_efuse_field *field) {
    uint32_t value = port_efuse_read(field->field);
    snapshot_note_efuse(machine, field->field, value);
    value /= field->divisor == 0 ? 1 : field->divisor;
    if (field->modulus == EFUSE_UNARY)
        return (1u << value) - 1;
    return field->modulus == 0 ? value : value % field->modulus;
}

bool efuse_controller_load(struct machine *machine, uint32_t address, uint32_t *value) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    const struct machine_efuse_layout *layout = efuse->layout;
    uint32_t offset = address - efuse->base;
    if (offset == layout->command) {
        *value = 0; // done
        return true;
    }
    bool is_data = false;
    for (size_t i = 0; i < 2; i++)
        is_data |= offset >= layout->data[i].start && offset < layout->data[i].end;
    if (is_data || offset < layout->read || offset >= layout->read_end)
        return false;
    *value = 0;
    for (size_t i = 0; i < efuse->field_count; i++) {
        const struct machine_efuse_field *field = &efuse->fields[i];
        unsigned done = 0;
        for (size_t k = 0; k < 2; k++) {
            const struct efuse_piece *piece = &field->pieces[k];
            if (piece->width != 0 && piece->offset == offset)
                *value |= (field_value(machine, field) >> done & mask_of(piece)) << piece->bit;
            done += piece->width;
        }
    }
    return true;
}

static void program_word(struct machine *machine, const struct efuse_piece *version, uint32_t offset) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    uint32_t data = register_stored(machine, efuse->base + offset);
    bool of_version = (int32_t)offset == version->offset + efuse->layout->data_distance;
    uint32_t field = of_version ? mask_of(version) << version->bit : 0;
    if ((data & ~field) != 0)
        machine_not_modelled(machine, "a burn of other eFuses than the secure version: 0x%08x at 0x%08x",
                             (unsigned)(data & ~field), (unsigned)(efuse->base + offset));
    uint32_t bits = (data & field) >> version->bit & ~port_efuse_read(PORT_EFUSE_SECURE_VERSION);
    if (bits == 0)
        return;
    machine_tell_time(machine);
    snapshot_give_up(machine);
    machine_tell_place(machine, "burns");
    (void)port_efuse_burn(PORT_EFUSE_SECURE_VERSION, bits);
}

// The secure version is the only field that a bootloader without security burns.
static void program(struct machine *machine, uint32_t block) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    const struct machine_efuse_layout *layout = efuse->layout;
    const struct machine_efuse_field *version = NULL;
    for (size_t i = 0; i < efuse->field_count; i++)
        if (efuse->fields[i].field == PORT_EFUSE_SECURE_VERSION)
            version = &efuse->fields[i];
    if (version == NULL || (layout->names_block && block != 0))
        machine_not_modelled(machine, "a burn of eFuse block %u", (unsigned)block);
    for (size_t i = 0; i < 2; i++)
        for (uint32_t offset = layout->data[i].start; offset < layout->data[i].end; offset += 4)
            program_word(machine, &version->pieces[0], offset);
}

bool efuse_controller_store(struct machine *machine, uint32_t address, uint32_t value) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    if (address != efuse->base + efuse->layout->command)
        return false;
    if ((value & COMMAND_PROGRAM) != 0 &&
        register_stored(machine, efuse->base + efuse->layout->configuration) == MAY_PROGRAM)
        program(machine, value >> 2 & 15);
    return true;
}
