#include "telling.h"

#include <string.h>

#include "device_view.h"

static void name_version(struct execution *execution, uint32_t address, const struct scenario_image *coming,
                         struct event *event) {
    if (coming) {
        memcpy(event->version, coming->version, sizeof event->version);
        event->secure_version = coming->options.secure_version;
        return;
    }
    struct device_image image;
    device_image_read(execution->board, execution->scenario, address, &image);
    memcpy(event->version, image.version, sizeof event->version);
    event->secure_version = image.secure_version;
}

void tell_event(struct execution *execution, enum event_kind kind, uint32_t address,
                const struct scenario_image *coming, uint32_t state) {
    if (!execution->event && !execution->recovering)
        return;
    struct event event;
    memset(&event, 0, sizeof event); // compared as bytes
    event.kind = kind;
    event.operation = board_operations(execution->board);
    event.state = state;
    event.efuse_version =
        (uint32_t)__builtin_popcount(board_inspect_efuse(execution->board, PORT_EFUSE_SECURE_VERSION));
    struct device_view view;
    device_view_read(execution->board, &view);
    const struct partition_row *partition = device_partition_at(&view, address);
    if (partition)
        memcpy(event.label, partition->label, sizeof event.label);
    name_version(execution, address, coming, &event);
    if (execution->recovering)
        recovery_event(execution->recovering, &event);
    if (execution->event)
        execution->event(execution->event_context, &event);
}

void tell_event_of_running(struct execution *execution, enum event_kind kind) {
    tell_event(execution, kind, board_ram(execution->board)->running_address, NULL, STATE_NOT_RECORDED);
}
