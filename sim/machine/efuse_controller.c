// The eFuse controller: the board's fields as bits of the read registers, burns as the board's burns (HW-40, HW-41).
#include "machine_internal.h"

enum { // from the controller's base
    EFUSE_DATA = 0x00,
    EFUSE_READ = 0x2C, // block 0; the others follow
    EFUSE_READ_END = 0x160,
    EFUSE_CONFIGURATION = 0x1CC,
    EFUSE_COMMAND = 0x1D4
};

#define MAY_PROGRAM     0x5A5Au
#define COMMAND_READ    1u
#define COMMAND_PROGRAM 2u

static uint32_t field_value(struct machine *machine, const struct machine_efuse_field *field) {
    uint32_t value = port_efuse_read(field->field);
    snapshot_note_efuse(machine, field->field, value);
    value /= field->divisor == 0 ? 1 : field->divisor;
    return field->modulus == 0 ? value : value % field->modulus;
}

bool efuse_controller_load(struct machine *machine, uint32_t address, uint32_t *value) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    uint32_t offset = address - efuse->base;
    if (offset == EFUSE_COMMAND) {
        *value = 0; // done
        return true;
    }
    if (offset < EFUSE_READ || offset >= EFUSE_READ_END)
        return false;
    *value = 0;
    for (size_t i = 0; i < efuse->field_count; i++) {
        const struct machine_efuse_field *field = &efuse->fields[i];
        unsigned done = 0;
        for (size_t k = 0; k < 2; k++) {
            const struct efuse_piece *piece = &field->pieces[k];
            if (piece->width != 0 && piece->offset == offset)
                *value |= (field_value(machine, field) >> done & ((1u << piece->width) - 1)) << piece->bit;
            done += piece->width;
        }
    }
    return true;
}

// Block 0 holds the secure version, the only field that a bootloader without security burns.
static void program(struct machine *machine, uint32_t block) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    const struct machine_efuse_field *version = NULL;
    for (size_t i = 0; i < efuse->field_count; i++)
        if (efuse->fields[i].field == PORT_EFUSE_SECURE_VERSION)
            version = &efuse->fields[i];
    if (version == NULL || block != 0)
        machine_not_modelled(machine, "a burn of eFuse block %u", (unsigned)block);
    const struct efuse_piece *piece = &version->pieces[0];
    for (uint32_t word = 0; word < 8; word++) {
        uint32_t data = register_stored(machine, efuse->base + EFUSE_DATA + 4 * word);
        uint32_t field =
            piece->offset == EFUSE_READ + 4 * word ? ((1u << piece->width) - 1) << piece->bit : 0;
        if ((data & ~field) != 0)
            machine_not_modelled(machine, "a burn of eFuse block 0, word %u, bits 0x%08x", (unsigned)word,
                                 (unsigned)(data & ~field));
        uint32_t bits = (data & field) >> piece->bit & ~port_efuse_read(PORT_EFUSE_SECURE_VERSION);
        if (bits != 0) {
            machine_tell_time(machine);
            snapshot_give_up(machine);
            (void)port_efuse_burn(PORT_EFUSE_SECURE_VERSION, bits);
        }
    }
}

bool efuse_controller_store(struct machine *machine, uint32_t address, uint32_t value) {
    const struct machine_efuse *efuse = &machine->model->efuse;
    if (address != efuse->base + EFUSE_COMMAND)
        return false;
    if ((value & COMMAND_PROGRAM) != 0 &&
        register_stored(machine, efuse->base + EFUSE_CONFIGURATION) == MAY_PROGRAM)
        program(machine, value >> 2 & 15);
    return true;
}
