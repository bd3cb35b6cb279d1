// The SPI flash controller as far as a boot uses it (HW-50 to HW-54): status, identity, and what a genuine ROM programs and
// erases with.
#include "machine_internal.h"

enum { // bits of the command register
    DO_RESUME = 1u << 20,
    DO_CHIP_ERASE = 1u << 22,
    DO_BLOCK_ERASE = 1u << 23,
    DO_SECTOR_ERASE = 1u << 24,
    DO_PROGRAM = 1u << 25,
    DO_WRITE_STATUS = 1u << 26,
    DO_READ_STATUS = 1u << 27,
    DO_READ_ID = 1u << 28,
    DO_WRITE_DISABLE = 1u << 29,
    DO_WRITE_ENABLE = 1u << 30,
    DO_READ = 1u << 31,
    DO_USER = 1u << 18
};

#define STATUS_WRITE_ENABLED 2u

#define DATA_MAX 64u // W0 to W15

static const struct machine_spi_layout *layout(const struct machine *machine) {
    return machine->model->spi;
}

static uint32_t reg(const struct machine *machine, uint32_t offset) {
    return register_stored(machine, machine->model->flash_controller + offset);
}

static void keep(struct machine *machine, uint32_t offset, uint32_t value) {
    register_keep(machine, machine->model->flash_controller + offset, value);
}

// The maker does not matter (HW-54); the third byte is log2 of the size.
static uint32_t identity(const struct machine *machine) {
    uint32_t log2_size = 31u - (uint32_t)__builtin_clz(machine->flash_size);
    return 0xEF | 0x40 << 8 | log2_size << 16;
}

static uint32_t status(const struct machine *machine) {
    return machine->flash_write_enabled ? STATUS_WRITE_ENABLED : 0;
}

// Programs and erases that come without write enable are ignored by the chip.
static bool use_write_enable(struct machine *machine) {
    bool enabled = machine->flash_write_enabled;
    machine->flash_write_enabled = false;
    return enabled;
}

static uint32_t in_chip(const struct machine *machine, uint32_t address) {
    return (address & 0xFFFFFF) % machine->flash_size; // HW-21
}

static void erase(struct machine *machine, uint32_t address, uint32_t length) {
    if (!use_write_enable(machine))
        return;
    address = in_chip(machine, address) / length * length;
    machine_tell_time(machine);
    snapshot_give_up(machine);
    machine_tell_place(machine, "erases");
    (void)port_flash_erase(address, length);
    window_forget_flash(machine, address, length);
}

static void program(struct machine *machine) {
    uint32_t where = reg(machine, layout(machine)->address), address = in_chip(machine, where),
             length = where >> 24;
    uint8_t bytes[DATA_MAX];
    for (uint32_t i = 0; i < sizeof bytes; i += 4) {
        uint32_t word = reg(machine, layout(machine)->data + i);
        memcpy(bytes + i, &word, 4);
    }
    if (length > sizeof bytes)
        machine_not_modelled(machine, "a page program of %u bytes", (unsigned)length);
    if (!use_write_enable(machine))
        return;
    machine_tell_time(machine);
    snapshot_give_up(machine);
    machine_tell_place(machine, "programs");
    (void)port_flash_write(address, bytes, length);
    window_forget_flash(machine, address, length);
}

static void read(struct machine *machine, uint32_t address) {
    uint32_t length = (reg(machine, layout(machine)->in_length) & 0x3FF) / 8 + 1;
    uint8_t bytes[DATA_MAX] = {0};
    if (length > sizeof bytes)
        length = sizeof bytes;
    snapshot_give_up(machine);
    for (uint32_t i = 0; i < length; i++)
        (void)port_flash_read(in_chip(machine, address + i), bytes + i, 1);
    for (uint32_t i = 0; i < sizeof bytes; i += 4) {
        uint32_t word;
        memcpy(&word, bytes + i, 4);
        keep(machine, layout(machine)->data + i, word);
    }
}

static void user_command(struct machine *machine) {
    uint32_t opcode = reg(machine, layout(machine)->user_command) & 0xFF;
    switch (opcode) {
    case 0x9F:
        keep(machine, layout(machine)->data, identity(machine));
        return;
    case 0x05: // status, low and high byte
        keep(machine, layout(machine)->data, status(machine));
        return;
    case 0x35: // its second and third byte
    case 0x15:
        keep(machine, layout(machine)->data, 0);
        return;
    case 0x01: // writing the status: quad enable and the like, which nothing here depends on
    case 0x31:
    case 0x11:
    case 0x50:
        machine->flash_write_enabled = false;
        return;
    case 0x06:
        machine->flash_write_enabled = true;
        return;
    case 0x04:
        machine->flash_write_enabled = false;
        return;
    case 0x5A: // the table of parameters: none
        for (uint32_t i = 0; i < DATA_MAX; i += 4)
            keep(machine, layout(machine)->data + i, UINT32_MAX);
        return;
    case 0x7A: // resume, wake, reset: there is nothing to resume from
    case 0xAB:
    case 0x66:
    case 0x99:
    case 0xFF:
        return;
    default:
        machine_not_modelled(machine, "the SPI flash command 0x%02x", (unsigned)opcode);
    }
}

uint32_t flash_controller_answer(struct machine *machine, uint32_t opcode) {
    keep(machine, layout(machine)->user_command, opcode);
    user_command(machine);
    return reg(machine, layout(machine)->data);
}

static void execute(struct machine *machine, uint32_t command) {
    uint32_t address = reg(machine, layout(machine)->address);
    if (command & DO_USER)
        user_command(machine);
    if (command & DO_WRITE_ENABLE)
        machine->flash_write_enabled = true;
    if (command & (DO_WRITE_DISABLE | DO_WRITE_STATUS))
        machine->flash_write_enabled = false;
    if (command & DO_READ_STATUS)
        keep(machine, layout(machine)->status, status(machine));
    if (command & DO_READ_ID)
        keep(machine, layout(machine)->data, identity(machine));
    if (command & DO_READ)
        read(machine, address);
    if (command & DO_PROGRAM)
        program(machine);
    if (command & DO_SECTOR_ERASE)
        erase(machine, address, NOR_SECTOR_SIZE);
    if (command & DO_BLOCK_ERASE)
        erase(machine, address, NOR_BLOCK_SIZE);
    if (command & DO_CHIP_ERASE)
        erase(machine, 0, machine->flash_size);
}

bool flash_controller_load(struct machine *machine, uint32_t address, uint32_t *value) {
    if (address != machine->model->flash_controller + machine->model->spi->command)
        return false;
    *value = 0; // done (HW-32)
    return true;
}

bool flash_controller_store(struct machine *machine, uint32_t address, uint32_t value) {
    if (address != machine->model->flash_controller + machine->model->spi->command)
        return false;
    execute(machine, value);
    machine_watch_time(machine);
    return true;
}
