#include "machine_debug.h"

#include "machine_internal.h"

bool machine_can_be_debugged(const struct chip_target *target) {
    const struct machine_model *model = machine_model_of(target);
    return model != NULL && model->core->get_register != NULL;
}

uint32_t machine_debug_register(const struct machine *machine, unsigned number) {
    return machine->model->core->get_register(machine, number);
}

void machine_debug_set_register(struct machine *machine, unsigned number, uint32_t value) {
    machine->model->core->set_register(machine, number, value);
}

uint32_t machine_debug_pc(const struct machine *machine) {
    return machine->model->core->pc(machine);
}

void machine_debug_set_pc(struct machine *machine, uint32_t pc) {
    machine->model->core->set_pc(machine, pc);
}

static bool in_areas(const struct machine *machine, uint32_t address) {
    for (size_t i = 0; i < machine->model->area_count; i++)
        if (address - machine->model->areas[i].start <
            machine->model->areas[i].end - machine->model->areas[i].start)
            return true;
    return false;
}

bool machine_debug_read(struct machine *machine, uint32_t address, uint8_t *byte) {
    const struct memory_page *page = memory_page(&machine->memory, address);
    uint32_t flash_address;
    if (page->frame != NULL) {
        *byte = page->frame->bytes[address % MEMORY_PAGE_SIZE];
        return true;
    }
    if (window_contains(machine, address))
        return window_flash_address(machine, address, &flash_address) &&
               port_flash_read(flash_address, byte, 1);
    if (!in_areas(machine, address))
        return false;
    *byte = (uint8_t)(register_stored(machine, address & ~3u) >> 8 * (address & 3));
    return true;
}

bool machine_debug_write(struct machine *machine, uint32_t address, uint8_t byte) {
    const struct memory_page *page = memory_page(&machine->memory, address);
    if (page->frame == NULL || !page->frame->writable)
        return false;
    bool own = memory_is_own(&machine->memory, address);
    if (!memory_store(&machine->memory, address, 1, byte))
        return false;
    if (own) // a debugger that patches code wants it to be executed
        memory_own(&machine->memory, address & ~1u, 2);
    return true;
}
