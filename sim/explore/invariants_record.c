// Invariants on records and counters: what otadata and eFuse say is so.
#include "../../ota/otadata.h"
#include "judged.h"

static bool record_is_untrue(const struct judged *judged) {
    for (uint32_t i = 0; i < 2; i++) {
        const struct slot_record *record = &judged->recovery->records[i];
        if (record->slot != SLOT_NONE && record->state == OTADATA_VALID &&
            (judged->after.unproven >> record->slot & 1) != 0)
            return true;
    }
    return false;
}

const struct invariant_row invariant_record_is_true = {
    INVARIANT_NAMED("record-is-true"),
    .title = "A VALID record tells the truth",
    .help = "A record says VALID of a slot that was written to since, or whose app never confirmed itself. "
            "Only the hash keeps such an image from being started, and with anti-rollback its secure "
            "version is burned all the same.",
    .paragraph =
        "A VALID record belongs to an image that is whole and was confirmed. What counts is who wrote "
        "last: a slot that has been written to, or of which the records said anything but VALID when "
        "the run began, has to be confirmed by its own app before a record may call it VALID. Broken by "
        "overwriting a slot before its record, by a confirmation that edits the record of another app, "
        "and by a torn state.",
    .broken = record_is_untrue,
};

static bool is_state(uint32_t state) {
    return state <= OTADATA_ABORTED || state == OTADATA_UNDEFINED;
}

static bool has_record(const struct recovery *recovery) {
    for (uint32_t i = 0; i < 2; i++)
        if (recovery->records[i].slot == recovery->slot && is_state(recovery->records[i].state))
            return true;
    return false;
}

// The factory and the test app have no record.
static bool record_missing(const struct judged *judged) {
    const struct recovery *recovery = judged->recovery;
    return judged_at_rest(judged) && recovery->slot != SLOT_NONE &&
           recovery->content == judged->after.confirmed && !has_record(recovery);
}

const struct invariant_row invariant_running_has_record = {
    INVARIANT_NAMED("running-has-record"),
    .title = "The confirmed app that runs has a record",
    .help = "The app runs and had confirmed itself, but no record of otadata speaks of its slot, or its "
            "state is none that exists: the next loss or rollback passes it over.",
    .paragraph =
        "The confirmed app that runs in an OTA slot has a record, of a state that exists (NEW to "
        "ABORTED, or UNDEFINED). Broken by writing the only record of the running app over with that of "
        "another.",
    .broken = record_missing,
};

static bool efuse_ahead(const struct judged *judged) {
    return judged->limits->anti_rollback && judged->recovery->efuse_version > judged->after.proven_secure;
}

const struct invariant_row invariant_efuse_not_ahead = {
    INVARIANT_NAMED("efuse-not-ahead"),
    .title = "The eFuse follows confirmations",
    .help = "The secure version in eFuse is above that of every image that was confirmed: it was burned for "
            "one that may not even start, and all others are locked out for good.",
    .paragraph =
        "With anti-rollback: the eFuse's secure version is at most that of an image that was confirmed, "
        "or that had a VALID record when the run began. Broken, for example, by the bootloader, which "
        "burns before it looks at the image: the device may then have nothing left that it is allowed "
        "to start.",
    .broken = efuse_ahead,
};

static bool operation_left(const struct judged *judged) {
    return judged->recovery->left_open;
}

const struct invariant_row invariant_operations_closed = {
    INVARIANT_NAMED("operations-closed"),
    .title = "Update operations are closed",
    .help = "esp_ota_begin returned an error and left its operation open (call esp_ota_abort with the "
            "handle that it set), or two operations are open on one partition and overwrite each other.",
    .paragraph =
        "After an `esp_ota_begin` that returns an error no operation stays open, and no two are open on "
        "one partition. It is held against the run itself and against runs in which an operation "
        "misfires: a cut leaves no RAM.",
    .broken = operation_left,
};
