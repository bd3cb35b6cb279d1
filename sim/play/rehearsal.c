#include "rehearsal.h"

#include <string.h>

#define SHARE_WHOLE 100000u // 100 % in power_loss_step.at

// ---- a second board in the same situation -------------------------------------------------------

static const esp_partition_t *moved(const esp_partition_t *partition, const struct firmware *from,
                                    struct firmware *to) {
    return partition ? to->partitions + (partition - from->partitions) : NULL;
}

static struct nvs_storage *storage_moved(const struct nvs_storage *storage, const struct firmware *from,
                                         struct firmware *to) {
    return storage ? to->nvs.storages + (storage - from->nvs.storages) : NULL;
}

static void copy_nvs(struct firmware *to, const struct firmware *from) {
    struct nvs_ram *nvs = &to->nvs;
    for (uint32_t i = 0; i < nvs->pages_touched; i++)
        nvs->pages[i].partition = moved(nvs->pages[i].partition, from, to);
    for (uint32_t i = 0; i < NVS_STORAGES_MAX; i++) {
        struct nvs_storage *storage = &nvs->storages[i];
        storage->partition = moved(storage->partition, from, to);
        if (storage->pages)
            storage->pages = nvs->pages + (storage->pages - from->nvs.pages);
    }
    for (uint32_t i = 0; i < nvs->namespace_count; i++)
        nvs->namespaces[i].storage = storage_moved(nvs->namespaces[i].storage, from, to);
    for (uint32_t i = 0; i < NVS_HANDLES_MAX; i++)
        nvs->handles[i].storage = storage_moved(nvs->handles[i].storage, from, to);
    for (uint32_t i = 0; i < NVS_ITERATORS_MAX; i++)
        nvs->iterators[i].storage = storage_moved(nvs->iterators[i].storage, from, to);
}

// The app goes on in the copy as if it were the original: its RAM with all pointers into itself put right.
static void copy_ram(struct firmware *to, const struct firmware *from, const struct firmware *constants) {
    *to = *from;
    to->target = constants->target;
    to->bootloader_build = constants->bootloader_build;
    to->app_build = constants->app_build;
    to->bootloaders = constants->bootloaders;
    to->running_partition = moved(from->running_partition, from, to);
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++) {
        to->operations[i].staging = moved(from->operations[i].staging, from, to);
        to->operations[i].final = moved(from->operations[i].final, from, to);
    }
    copy_nvs(to, from);
}

static struct board *board_twin(struct execution *execution) {
    struct board *twin = board_new(board_config(execution->board));
    struct nv_state state;
    board_save(execution->board, &state);
    board_load(twin, &state);
    nv_state_free(&state);
    const struct firmware *fresh = board_ram(twin);
    struct firmware constants = {.target = fresh->target,
                                 .bootloader_build = fresh->bootloader_build,
                                 .app_build = fresh->app_build,
                                 .bootloaders = fresh->bootloaders};
    copy_ram(board_ram(twin), board_ram(execution->board), &constants);
    const struct firmware_build *build = board_ram(execution->board)->app_build;
    if (build != &board_config(execution->board)->app)
        board_app_is_built(twin, build);
    for (int pin = 0; pin < PORT_PINS; pin++)
        board_pin_hold(twin, (enum port_pin)pin, execution->pins[pin]);
    return twin;
}

// ---- from "half-way" to an operation ------------------------------------------------------------

// The operation that programs byte number `byte` of those that the journal's programs write.
static struct planned_cut cut_at_byte(const struct journal *journal, uint64_t byte, const struct tear *tear) {
    struct journal_cursor cursor = {.journal = journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation)) {
        if (operation.kind != JOURNAL_PROGRAM)
            continue;
        if (byte < operation.length) {
            struct planned_cut cut = {
                .place = CUT_BEFORE_OPERATION, .operation = operation.number, .tear = *tear};
            if (tear->kind == TEAR_CLEAN && byte > 0)
                cut.tear = (struct tear){.kind = TEAR_PREFIX, .a = (uint32_t)byte};
            return cut;
        }
        byte -= operation.length;
    }
    return (struct planned_cut){.place = CUT_NOWHERE};
}

static struct planned_cut cut_at_share(const struct journal *journal, uint64_t share,
                                       const struct tear *tear) {
    if (share >= SHARE_WHOLE)
        return (struct planned_cut){.place = CUT_AFTER_STEP};
    if (journal->operations == 0)
        return (struct planned_cut){.place = CUT_NOWHERE};
    return (struct planned_cut){
        .place = CUT_BEFORE_OPERATION, .operation = journal->operations * share / SHARE_WHOLE, .tear = *tear};
}

static struct planned_cut rehearse(struct execution *execution, const struct step *step,
                                   const struct power_loss_step *wanted) {
    struct board *twin = board_twin(execution);
    struct execution rehearsal = *execution;
    rehearsal.board = twin;
    rehearsal.narrator = NULL;
    rehearsal.event = NULL;
    rehearsal.planned_cut = NULL;
    struct step_outcome outcome;
    execution_step(&rehearsal, execution->position, step, &outcome);
    const struct journal *journal = board_journal(twin);
    struct planned_cut cut = wanted->place == CUT_AT_BYTE ? cut_at_byte(journal, wanted->at, &wanted->tear)
                                                          : cut_at_share(journal, wanted->at, &wanted->tear);
    cut.operation += board_operations(execution->board);
    board_free(twin);
    return cut;
}

struct planned_cut rehearse_cut(struct execution *execution, const struct step *step) {
    const struct power_loss_step *wanted = execution->planned_cut;
    switch (wanted->place) {
    case CUT_AT_OPERATION:
        return (struct planned_cut){.place = CUT_BEFORE_OPERATION,
                                    .operation = board_operations(execution->board) + wanted->at,
                                    .tear = wanted->tear};
    case CUT_AT_TIME:
        return (struct planned_cut){.place = CUT_BEFORE_TIME,
                                    .time_ns = board_time_ns(execution->board) + wanted->at * 1000};
    case CUT_AT_BYTE:
    case CUT_AT_SHARE:
        break;
    }
    return rehearse(execution, step, wanted);
}
