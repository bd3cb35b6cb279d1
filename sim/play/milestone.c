#include "milestone.h"

#include <string.h>

#include "device_view.h"

void milestone_tell(struct execution *execution, enum milestone_kind kind, uint32_t address,
                    const struct scenario_image *coming, uint32_t state) {
    if (!execution->milestone)
        return;
    struct milestone milestone = {
        .kind = kind,
        .operation = board_operations(execution->board),
        .time_ns = board_time_ns(execution->board),
        .position = execution->position,
        .address = address,
        .state = state,
    };
    struct device_view view;
    device_view_read(execution->board, &view);
    const struct partition_row *partition = device_partition_at(&view, address);
    if (partition)
        memcpy(milestone.label, partition->label, sizeof milestone.label);
    if (coming) {
        memcpy(milestone.version, coming->version, sizeof milestone.version);
        milestone.image = (int32_t)(coming - execution->scenario->images);
        milestone.secure_version = coming->options.secure_version;
    } else {
        struct device_image image;
        device_image_read(execution->board, execution->scenario, address, &image);
        memcpy(milestone.version, image.version, sizeof milestone.version);
        milestone.image = image.index;
        milestone.secure_version = image.secure_version;
    }
    execution->milestone(execution->milestone_context, &milestone);
}

void milestone_tell_running(struct execution *execution, enum milestone_kind kind) {
    milestone_tell(execution, kind, board_ram(execution->board)->running_address, NULL, STATE_NOT_RECORDED);
}
