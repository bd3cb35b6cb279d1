// The update again, from a device that has recovered.
#ifndef SIM_PLAY_RETRY_H
#define SIM_PLAY_RETRY_H

#include "../../ota/include/esp_err.h"
#include "../explore/recovery.h"
#include "execution.h"

enum retry_end {
    RETRY_SUCCEEDED,       // every call returned ESP_OK, and the device settled
    RETRY_NOT_NEEDED,      // the image that the update brings already runs
    RETRY_REFUSED_PENDING, // begin said ESP_ERR_OTA_ROLLBACK_INVALID_STATE: the running app is on probation,
                           // by design
    RETRY_CALL_FAILED,
    RETRY_NOT_SETTLED, // boot loop or nothing bootable after it
    RETRY_POWER_LOST
};
const char *retry_end_name(enum retry_end end);

struct retry_outcome {
    enum retry_end end;
    const char *call;      // the last firmware call, a literal
    esp_err_t returned;    // what it returned
    struct recovery after; // of the restart that follows a successful update
};

// From a device at rest: runs `update` again as app code would (its own partition or, when that is the
// running one, the next update partition), restarts and recovers. The app must be running.
void retry_update(struct execution *execution, const struct update_step *update, struct retry_outcome *out);

#endif
