#include "snapshot.h"

#include <stdlib.h>

#include "machine_internal.h"

#define SNAPSHOTS_MAX 4u // one a reset reason that occurs again and again

enum input_kind { INPUT_FLASH, INPUT_EFUSE, INPUT_RESET_REASON };

struct input { // one look at the board
    enum input_kind kind;
    uint32_t address, length; // INPUT_FLASH; address: the field of INPUT_EFUSE
    uint32_t value;           // of the others
    size_t at;                // INPUT_FLASH: of its bytes
};

// Everything that the boot depends on up to the snapshot, in the order in which it was looked at: what is observed of a boot
// that goes on from it has to be what is observed of one that does not.
struct inputs {
    struct input *list;
    size_t count, capacity;
    struct buffer bytes;
    const struct chip_target *target;
    uint32_t table_offset, flash_size;
};

struct snapshot {
    struct inputs inputs;
    void *core; // the processor's state
    uint32_t mmu[MMU_ENTRIES_MAX], mmu_index, random;
    bool flash_write_enabled, second_stage;
    uint32_t sha[8];
    uint32_t *registers[REGISTER_PAGES_MAX];
    struct memory_frame *frames; // their bytes lie in `ram`
    uint8_t *ram;
    struct cached_sector **sectors; // what the cache held; as many as the machine has
    uint32_t sector_count;
};

struct snapshots {
    bool watching;
    struct inputs seen;
    struct snapshot *taken[SNAPSHOTS_MAX];
    uint32_t next;
    const struct snapshot *base; // what the machine's clean frames hold; NULL: nothing, zeros
};

// ---- life ---------------------------------------------------------------------------------------

static void inputs_free(struct inputs *inputs) {
    free(inputs->list);
    buffer_free(&inputs->bytes);
}

static void snapshot_free(struct snapshot *snapshot) {
    if (snapshot == NULL)
        return;
    inputs_free(&snapshot->inputs);
    for (uint32_t i = 0; i < REGISTER_PAGES_MAX; i++)
        free(snapshot->registers[i]);
    for (uint32_t i = 0; i < snapshot->sector_count; i++)
        free(snapshot->sectors[i]);
    free(snapshot->sectors);
    free(snapshot->core);
    free(snapshot->frames);
    free(snapshot->ram);
    free(snapshot);
}

struct snapshots *snapshots_new(void) {
    return memory_zeroed(1, sizeof(struct snapshots));
}

void snapshots_free(struct snapshots *snapshots) {
    inputs_free(&snapshots->seen);
    for (uint32_t i = 0; i < SNAPSHOTS_MAX; i++)
        snapshot_free(snapshots->taken[i]);
    free(snapshots);
}

// ---- what a boot sees ---------------------------------------------------------------------------

void snapshot_watch(struct machine *machine) {
    struct snapshots *snapshots = machine->snapshots;
    inputs_free(&snapshots->seen);
    snapshots->seen = (struct inputs){.target = port_ram()->target,
                                      .table_offset = port_ram()->bootloader_build->partition_table_offset,
                                      .flash_size = port_flash_size()};
    snapshots->base = NULL;
    snapshots->watching = !port_log_enabled(); // somebody who listens wants to hear the beginning, too
}

static void note(struct machine *machine, struct input input) {
    struct inputs *seen = &machine->snapshots->seen;
    if (!machine->snapshots->watching)
        return;
    if (seen->count == seen->capacity) {
        seen->capacity = seen->capacity == 0 ? 64 : seen->capacity * 2;
        seen->list = memory_resize(seen->list, seen->capacity * sizeof *seen->list);
    }
    seen->list[seen->count++] = input;
}

void snapshot_note_flash(struct machine *machine, uint32_t address, const void *bytes, uint32_t length) {
    struct buffer *kept = &machine->snapshots->seen.bytes;
    if (!machine->snapshots->watching)
        return;
    note(machine,
         (struct input){.kind = INPUT_FLASH, .address = address, .length = length, .at = kept->length});
    buffer_append(kept, bytes, length);
}

void snapshot_note_efuse(struct machine *machine, enum port_efuse field, uint32_t value) {
    note(machine, (struct input){.kind = INPUT_EFUSE, .address = field, .value = value});
}

void snapshot_note_reset_reason(struct machine *machine) {
    note(machine, (struct input){.kind = INPUT_RESET_REASON, .value = port_reset_reason()});
}

void snapshot_give_up(struct machine *machine) {
    machine->snapshots->watching = false;
}

// ---- taking -------------------------------------------------------------------------------------

static struct snapshot *copy_machine(struct machine *machine) {
    struct snapshot *snapshot = memory_zeroed(1, sizeof *snapshot);
    snapshot->core = machine->model->core->save(machine);
    memcpy(snapshot->mmu, machine->mmu, sizeof snapshot->mmu);
    snapshot->mmu_index = machine->mmu_index;
    snapshot->random = machine->random;
    snapshot->flash_write_enabled = machine->flash_write_enabled;
    memcpy(snapshot->sha, machine->sha, sizeof snapshot->sha);
    snapshot->second_stage = machine->second_stage;
    for (uint32_t i = 0; i < REGISTER_PAGES_MAX; i++) {
        if (machine->registers[i] == NULL)
            continue;
        snapshot->registers[i] = memory_new(MEMORY_PAGE_SIZE);
        memcpy(snapshot->registers[i], machine->registers[i], MEMORY_PAGE_SIZE);
    }
    snapshot->sector_count = machine->sector_count;
    snapshot->sectors = memory_zeroed(machine->sector_count, sizeof *snapshot->sectors);
    for (uint32_t i = 0; i < machine->sector_count; i++) {
        if (machine->sectors[i] == NULL || machine->sectors[i]->lines == 0)
            continue;
        snapshot->sectors[i] = memory_new(sizeof *snapshot->sectors[i]);
        *snapshot->sectors[i] = *machine->sectors[i];
    }
    snapshot->frames = memory_new(machine->frame_count * sizeof *snapshot->frames);
    memcpy(snapshot->frames, machine->frames, machine->frame_count * sizeof *snapshot->frames);
    snapshot->ram = memory_new(machine->frame_count * MEMORY_PAGE_SIZE);
    memcpy(snapshot->ram, machine->ram, machine->frame_count * MEMORY_PAGE_SIZE);
    return snapshot;
}

void snapshot_consider(struct machine *machine, uint32_t address) {
    struct snapshots *snapshots = machine->snapshots;
    uint32_t table = port_ram()->bootloader_build->partition_table_offset;
    if (!snapshots->watching || address < table)
        return;
    snapshots->watching = false;
    struct snapshot *snapshot = copy_machine(machine);
    snapshot->inputs = snapshots->seen;
    snapshots->seen = (struct inputs){0};
    struct snapshot **place = &snapshots->taken[snapshots->next++ % SNAPSHOTS_MAX];
    snapshot_free(*place);
    *place = snapshot;
    snapshots->base = snapshot;
    for (uint32_t i = 0; i < machine->frame_count; i++)
        memory_clean(&machine->memory, &machine->frames[i]);
}

// ---- resuming -----------------------------------------------------------------------------------

static bool flash_is_the_same(struct machine *machine, const struct inputs *inputs,
                              const struct input *input) {
    uint8_t *bytes = memory_new(input->length + 1);
    bool readable = port_flash_read(input->address, bytes, input->length);
    bool same = readable && memcmp(bytes, inputs->bytes.bytes + input->at, input->length) == 0;
    free(bytes);
    if (!readable)
        machine_not_modelled(machine, "a read error of the flash under the ROM, at 0x%08x",
                             (unsigned)input->address);
    return same;
}

static bool sees_the_same(struct machine *machine, const struct inputs *inputs) {
    if (inputs->target != port_ram()->target || inputs->flash_size != port_flash_size() ||
        inputs->table_offset != port_ram()->bootloader_build->partition_table_offset)
        return false;
    bool same = true;
    for (size_t i = 0; same && i < inputs->count; i++) {
        const struct input *input = &inputs->list[i];
        if (input->kind == INPUT_FLASH)
            same = flash_is_the_same(machine, inputs, input);
        else if (input->kind == INPUT_EFUSE)
            same = port_efuse_read((enum port_efuse)input->address) == input->value;
        else
            same = port_reset_reason() == input->value;
    }
    return same;
}

static void restore_frame(struct machine *machine, const struct snapshot *snapshot, uint32_t i) {
    struct memory_frame *frame = &machine->frames[i];
    const struct memory_frame *kept = &snapshot->frames[i];
    memcpy(frame->bytes, snapshot->ram + i * MEMORY_PAGE_SIZE, MEMORY_PAGE_SIZE);
    memcpy(frame->own, kept->own, sizeof frame->own);
    frame->holds_code = kept->holds_code;
    machine->model->core->forget_all(frame);
    memory_clean(&machine->memory, frame);
}

static void restore(struct machine *machine, const struct snapshot *snapshot) {
    for (uint32_t i = 0; i < machine->frame_count; i++)
        if (machine->frames[i].dirty || machine->snapshots->base != snapshot)
            restore_frame(machine, snapshot, i);
    machine->snapshots->base = snapshot;
    machine->model->core->restore(machine, snapshot->core);
    registers_reset(machine);
    window_reset(machine);
    memcpy(machine->mmu, snapshot->mmu, sizeof machine->mmu);
    machine->mmu_index = snapshot->mmu_index;
    machine->random = snapshot->random;
    machine->flash_write_enabled = snapshot->flash_write_enabled;
    memcpy(machine->sha, snapshot->sha, sizeof machine->sha);
    machine->second_stage = snapshot->second_stage;
    machine->cycles_told = 0;
    machine->line.length = 0;
    digests_reset(machine);
    for (uint32_t i = 0; i < snapshot->sector_count; i++) {
        if (snapshot->sectors[i] == NULL)
            continue;
        if (machine->sectors[i] == NULL)
            machine->sectors[i] = memory_new(sizeof *machine->sectors[i]);
        *machine->sectors[i] = *snapshot->sectors[i];
    }
    for (uint32_t i = 0; i < REGISTER_PAGES_MAX; i++)
        if (snapshot->registers[i] != NULL)
            memcpy(machine->registers[i], snapshot->registers[i], MEMORY_PAGE_SIZE);
}

bool snapshot_resume(struct machine *machine) {
    struct snapshots *snapshots = machine->snapshots;
    if (port_log_enabled())
        return false;
    for (uint32_t i = 0; i < SNAPSHOTS_MAX; i++) {
        const struct snapshot *snapshot = snapshots->taken[i];
        if (snapshot == NULL || !sees_the_same(machine, &snapshot->inputs))
            continue;
        restore(machine, snapshot);
        snapshots->watching = false;
        return true;
    }
    return false;
}
