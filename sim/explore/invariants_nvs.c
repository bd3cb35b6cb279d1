// Invariants on NVS: what an app committed is what it reads after the next start.
#include "../../ota/include/nvs.h"
#include "judged.h"

static bool is_start_error(int32_t code) {
    return code == ESP_ERR_NVS_NO_FREE_PAGES || code == ESP_ERR_NVS_NEW_VERSION_FOUND;
}

// Neither what was committed last nor what was being set. `erased`: of keys of which nothing may be there.
static bool any_key_wrong(const struct judged *judged, bool erased) {
    const struct recovery *recovery = judged->recovery;
    const struct promise *promise = &judged->after;
    if (!recovery->nvs_read || recovery->nvs_start != ESP_OK)
        return false;
    for (uint32_t i = 0; i < NVS_WATCHED_MAX; i++) {
        uint32_t bit = 1u << i, found = recovery->nvs[i];
        bool pending = (promise->nvs_pending & bit) != 0 && found == promise->nvs_coming[i];
        if ((promise->nvs_known & bit) != 0 && (promise->nvs_stands[i] == NVS_ABSENT) == erased &&
            found != promise->nvs_stands[i] && !pending)
            return true;
    }
    return false;
}

static bool value_lost(const struct judged *judged) {
    return any_key_wrong(judged, false);
}

static bool value_came_back(const struct judged *judged) {
    return any_key_wrong(judged, true);
}

static bool start_fails(const struct judged *judged) {
    return judged->recovery->nvs_read && is_start_error(judged->recovery->nvs_start);
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
