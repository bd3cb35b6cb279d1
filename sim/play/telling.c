#include "telling.h"

#include <string.h>

#include "device_view.h"
#include "nvs_look.h"

static uint32_t efuse_version(const struct execution *execution) {
    return (uint32_t)__builtin_popcount(board_inspect_efuse(execution->board, PORT_EFUSE_SECURE_VERSION));
}

static struct event event_now(const struct execution *execution, enum event_kind kind) {
    struct event event;
    memset(&event, 0, sizeof event); // compared as bytes
    event.kind = kind;
    event.operation = board_operations(execution->board);
    event.slot = SLOT_NONE;
    event.state = STATE_NOT_RECORDED;
    event.efuse_version = efuse_version(execution);
    return event;
}

static uint64_t content_at(struct execution *execution, const struct partition_row *partition) {
    const struct recovery *recovering = execution->recovering;
    if (!execution->judged)
        return NO_CONTENT;
    if (recovering && partition && recovering->address == partition->offset)
        return recovering->content; // it has just been looked at
    return device_image_content(execution->board, partition);
}

void tell_slots_written(struct execution *execution) {
    const struct journal *journal = board_journal(execution->board);
    if (!execution->recovering || !execution->scenario->apps_update ||
        execution->entries_told >= journal->count)
        return;
    struct device_view view;
    uint32_t told = 0;
    device_view_read(execution->board, &view);
    for (; execution->entries_told < journal->count; execution->entries_told++) {
        const struct journal_entry *entry = &journal->entries[execution->entries_told];
        if (entry->kind == JOURNAL_EFUSE || entry->result != JOURNAL_DONE)
            continue;
        const struct partition_row *partition = device_partition_at(&view, entry->address);
        int slot = partition ? device_slot_of(partition) : -1;
        if (slot < 0 || (told >> slot & 1) != 0)
            continue;
        told |= 1u << slot;
        struct event event = event_now(execution, EVENT_OVERWRITTEN);
        event.operation = entry->first_operation;
        event.slot = slot;
        recovery_event(execution->recovering, &event);
    }
}

void tell_event(struct execution *execution, enum event_kind kind, uint32_t address, uint32_t state) {
    if (!execution->event && !execution->recovering)
        return;
    tell_slots_written(execution);
    struct event event = event_now(execution, kind);
    event.state = state;
    event.wake = kind == EVENT_RUNNING && execution->wakes;
    event.no_trial = kind == EVENT_SELECTED && !board_ram(execution->board)->app_build->rollback;
    struct device_view view;
    struct device_image image;
    device_view_read(execution->board, &view);
    device_image_read(execution->board, execution->scenario, address, &image);
    const struct partition_row *partition = device_partition_at(&view, address);
    if (partition) {
        memcpy(event.label, partition->label, sizeof event.label);
        event.slot = device_slot_of(partition);
    }
    if (kind == EVENT_STAYS)
        event.state = device_state_of(&view, partition);
    memcpy(event.words, image.words, sizeof event.words);
    event.secure_version = image.secure_version;
    event.image = content_at(execution, partition);
    if (execution->recovering)
        recovery_event(execution->recovering, &event);
    if (execution->event)
        execution->event(execution->event_context, &event);
}

void tell_event_of_running(struct execution *execution, enum event_kind kind) {
    tell_event(execution, kind, board_ram(execution->board)->running_address, STATE_NOT_RECORDED);
}

void tell_moment(struct execution *execution, enum event_kind kind) {
    if (!execution->event)
        return;
    struct event event = event_now(execution, kind);
    execution->event(execution->event_context, &event);
}

void tell_nvs(struct execution *execution, enum event_kind kind, uint32_t keys, uint32_t value) {
    if (keys == 0 || (!execution->event && !execution->recovering))
        return;
    struct event event = event_now(execution, kind);
    event.nvs_keys = keys;
    event.nvs_value = value;
    if (execution->recovering)
        recovery_event(execution->recovering, &event);
    if (execution->event)
        execution->event(execution->event_context, &event);
}

void tell_nvs_setting(struct execution *execution, const struct nvs_name *name, uint32_t value) {
    for (uint32_t i = 0; i < execution->scenario->nvs_watched_count; i++) {
        const struct nvs_name *watched = &execution->scenario->nvs_watched[i];
        if ((nvs_watched_bits(execution->scenario, name) >> i & 1) == 0 ||
            (!execution->event && !execution->recovering))
            continue;
        struct event event = event_now(execution, EVENT_NVS_SETTING);
        event.nvs_keys = 1u << i;
        event.nvs_value = value;
        event.nvs_seen =
            execution->recovering != NULL; // its app has read the key at its start, so reading is nothing new
        if (event.nvs_seen)
            event.nvs_was = nvs_hash_of(watched);
        if (execution->recovering)
            recovery_event(execution->recovering, &event);
        if (execution->event)
            execution->event(execution->event_context, &event);
    }
}

void tell_nvs_reading(struct execution *execution, const struct nvs_reading *reading) {
    for (uint32_t i = 0;
         execution->event && reading->start == ESP_OK && i < execution->scenario->nvs_watched_count; i++) {
        struct event event = event_now(execution, EVENT_NVS_STANDS);
        event.nvs_keys = 1u << i;
        event.nvs_value = reading->values[i];
        execution->event(execution->event_context, &event);
    }
}

// ---- the bench ----------------------------------------------------------------------------------

static uint32_t secure_version_in(struct execution *execution, const struct partition_row *partition) {
    struct device_image image = {0};
    if (partition)
        device_image_read(execution->board, execution->scenario, partition->offset, &image);
    return image.secure_version;
}

// What the next start of NVS will find.
static void tell_found_nvs(struct execution *execution) {
    const struct scenario *scenario = execution->scenario;
    struct event rest = event_now(execution, EVENT_NVS_STANDS);
    rest.nvs_keys = NVS_REST;
    nvs_look_rest(execution->board, NVS_DEFAULT_PART_NAME, scenario, &rest.nvs_value, &rest.nvs_count);
    for (uint32_t i = 0; i < scenario->nvs_watched_count; i++) {
        const struct nvs_name *name = &scenario->nvs_watched[i];
        if (nvs_first_of_partition(scenario, i) && strcmp(name->partition, NVS_DEFAULT_PART_NAME) != 0)
            nvs_look_rest(execution->board, name->partition, scenario, &rest.nvs_value, &rest.nvs_count);
        tell_nvs(execution, EVENT_NVS_STANDS, 1u << i, nvs_look_hash(execution->board, name));
    }
    execution->event(execution->event_context, &rest);
}

void tell_found(struct execution *execution) {
    if (!execution->event)
        return;
    struct event event = event_now(execution, EVENT_FOUND);
    struct device_view view;
    device_view_read(execution->board, &view);
    event.secure_version = event.efuse_version;
    bool recorded = false;
    uint32_t valid = 0;
    for (int i = 0; i < 2; i++) {
        struct slot_record record = device_record(&view, i);
        recorded = recorded || record.slot != SLOT_NONE;
        if (record.slot == SLOT_NONE || record.state != OTADATA_VALID)
            continue;
        valid |= 1u << record.slot;
        uint32_t version = secure_version_in(execution, device_slot(&view, (uint32_t)record.slot));
        event.secure_version = version > event.secure_version ? version : event.secure_version;
    }
    event.unproven = recorded ? ~valid : 0;
    execution->event(execution->event_context, &event);
    if (execution->scenario->nvs_used)
        tell_found_nvs(execution);
}

void tell_pin(struct execution *execution, enum port_pin pin, uint32_t ms) {
    const struct firmware_build *build = &board_config(execution->board)->bootloader;
    bool factory = pin == PORT_PIN_FACTORY_RESET;
    if (!execution->event || ms == 0 || !(factory ? build->factory_reset : build->app_test))
        return;
    struct device_view view;
    device_view_read(execution->board, &view);
    const struct partition_row *partition = factory ? device_factory(&view) : device_test(&view);
    if (partition)
        tell_event(execution, EVENT_PIN, partition->offset, STATE_NOT_RECORDED);
}
