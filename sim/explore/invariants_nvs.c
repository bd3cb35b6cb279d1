// Invariants on NVS: what an app committed is what it reads after the next start.
#include "../../ota/include/nvs.h"
#include "judged.h"

static bool is_start_error(int32_t code) {
    return code == ESP_ERR_NVS_NO_FREE_PAGES || code == ESP_ERR_NVS_NEW_VERSION_FOUND;
}

// Values that nobody speaks of one by one. One that is more than there were has come back.
static bool rest_wrong(const struct nvs_reading *reading, const struct promise *promise, bool erased) {
    bool changed = reading->rest != promise->nvs_rest || reading->rest_count != promise->nvs_rest_count;
    return (promise->nvs_known & NVS_REST) != 0 && changed &&
           (reading->rest_count > promise->nvs_rest_count) == erased;
}

// Neither what was committed last nor what was being set. `erased`: of keys of which nothing may be there.
static bool any_value_wrong(const struct nvs_reading *reading, const struct promise *promise, bool erased) {
    for (uint32_t i = 0; i < NVS_WATCHED_MAX; i++) {
        uint32_t bit = 1u << i, found = reading->values[i];
        bool pending = (promise->nvs_pending & bit) != 0 && found == promise->nvs_coming[i];
        if ((promise->nvs_known & bit) != 0 && (promise->nvs_stands[i] == NVS_ABSENT) == erased &&
            found != promise->nvs_stands[i] && !pending)
            return true;
    }
    return rest_wrong(reading, promise, erased);
}

// Against what was promised when it was read: an app goes on to change keys.
static bool reading_wrong(const struct judged *judged, const struct nvs_reading *reading, bool erased) {
    struct promise promise = *judged->promise;
    if (!reading->read || reading->start != ESP_OK)
        return false;
    for (uint32_t i = 0; i < reading->events; i++)
        promise_fold(&promise, &judged->recovery->events[i]);
    return any_value_wrong(reading, &promise, erased);
}

// The first start after the cut, and the last one.
static bool any_key_wrong(const struct judged *judged, bool erased) {
    return reading_wrong(judged, &judged->recovery->nvs_first, erased) ||
           reading_wrong(judged, &judged->recovery->nvs_last, erased);
}

static bool value_lost(const struct judged *judged) {
    return any_key_wrong(judged, false);
}

static bool value_came_back(const struct judged *judged) {
    return any_key_wrong(judged, true);
}

static bool start_fails(const struct judged *judged) {
    const struct recovery *recovery = judged->recovery;
    return (recovery->nvs_first.read && is_start_error(recovery->nvs_first.start)) ||
           (recovery->nvs_last.read && is_start_error(recovery->nvs_last.start));
}

const struct invariant_row invariant_nvs_old_or_new = {
    INVARIANT_NAMED("nvs-old-or-new"),
    .title = "A committed value of NVS is the old or the new one",
    .help = "A key of NVS that had been committed is gone, or holds something that nobody set. Small blobs "
            "that are overwritten are lost when the power goes between their data and their index (NV-100).",
    .paragraph =
        "Where the scenario uses NVS: a value that was committed is there after the next start, or the one "
        "that was being set in its place; never gone, never another. Broken by ESP-IDF itself when a small "
        "blob is overwritten and the power goes between its data and its index.",
    .broken = value_lost,
};

const struct invariant_row invariant_nvs_starts = {
    INVARIANT_NAMED("nvs-starts"),
    .title = "NVS starts without having to be erased",
    .help = "nvs_flash_init ends in ESP_ERR_NVS_NO_FREE_PAGES or ESP_ERR_NVS_NEW_VERSION_FOUND: examples "
            "erase the whole partition then, and with it everything that the device knew.",
    .paragraph =
        "Where the scenario uses NVS: its start-up never ends in an error that asks to erase everything "
        "(`ESP_ERR_NVS_NO_FREE_PAGES`, `ESP_ERR_NVS_NEW_VERSION_FOUND`).",
    .broken = start_fails,
};

const struct invariant_row invariant_nvs_stays_erased = {
    INVARIANT_NAMED("nvs-stays-erased"),
    .title = "What was erased from NVS stays erased",
    .help = "A key that had been erased, or was never set, holds a value after the next start.",
    .paragraph = "Where the scenario uses NVS: no value that was erased comes back.",
    .broken = value_came_back,
};
