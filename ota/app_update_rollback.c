// Confirming the running app, going back to the one before, and what otadata says about slots (AU-120 to
// AU-140).
//
// The revocation of Secure Boot keys (AU-150) will have a file of its own beside this one.
#include "api_call.h"
#include "app_image.h"
#include "app_otadata.h"
#include "firmware.h"
#include "include/esp_ota_ops.h"
#include "include/esp_system.h"
#include "port.h"
#include "secure_version.h"

static const char tag[] = "ota";

static bool image_is_valid(const esp_partition_t *partition) {
    struct app_image image;
    esp_err_t ignored;
    return app_image_is_whole(APP_IMAGE_VERIFY, partition->address, partition->size, &image, &ignored);
}

// ---- is there something to go back to? ----------------------------------------------------------

static bool secure_version_allows(const esp_partition_t *partition) {
    esp_app_desc_t descriptor;
    return esp_ota_get_partition_description(partition, &descriptor) == ESP_OK &&
           secure_version_check(port_ram()->app_build, descriptor.secure_version);
}

// AU-120. The other entry counts whatever slot it names, even the active one's.
static bool rollback_is_possible(void) {
    bool anti_rollback = port_ram()->app_build->anti_rollback;
    struct app_otadata otadata;
    if (!app_otadata_read(&otadata))
        return false;
    uint32_t count = app_slot_count();
    int active = otadata_active(otadata.entries);
    if (active < 0 || count == 0)
        return false;
    const struct otadata_entry *other = &otadata.entries[1 - active];
    if (!otadata_is_good(other)) {
        const esp_partition_t *factory =
            esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_FACTORY, NULL);
        return !anti_rollback && factory != NULL && image_is_valid(factory);
    }
    const esp_partition_t *partition = app_entry_partition(other, count);
    return partition != NULL && image_is_valid(partition) &&
           (!anti_rollback || secure_version_allows(partition));
}

bool esp_ota_check_rollback_is_possible(void) {
    API_CALL(bool, rollback_is_possible());
}

// ---- marking ------------------------------------------------------------------------------------

// What both ways of marking begin with. *active: the entry that decides, which need not be the running app's
// (AU-122).
static esp_err_t find_active(struct app_otadata *otadata, int *active) {
    if (!app_otadata_read(otadata))
        return refuse(tag, ESP_ERR_NOT_FOUND, "mark: the table has no otadata, or it cannot be read");
    *active = otadata_active(otadata->entries);
    if (*active < 0 || app_slot_count() == 0)
        return refuse(tag, ESP_FAIL, "mark: otadata has no active entry, or there are no slots");
    return ESP_OK;
}

// EF-31.
static esp_err_t burn_running_version(void) {
    esp_app_desc_t descriptor;
    esp_err_t code = esp_ota_get_partition_description(esp_ota_get_running_partition(), &descriptor);
    return code == ESP_OK ? secure_version_update(port_ram()->app_build, descriptor.secure_version) : code;
}

// AU-121. The entry is rewritten in place: between erase and program there is no record of the app (AU-160).
static esp_err_t mark_valid(void) {
    struct app_otadata otadata;
    int active;
    esp_err_t code = find_active(&otadata, &active);
    if (code != ESP_OK || otadata.entries[active].state == OTADATA_VALID)
        return code;
    otadata.entries[active].state = OTADATA_VALID;
    code = app_otadata_write(&otadata, active);
    return code == ESP_OK && port_ram()->app_build->anti_rollback ? burn_running_version() : code;
}

esp_err_t esp_ota_mark_app_valid_cancel_rollback(void) {
    API_CALL(esp_err_t, mark_valid());
}

// AU-123.
static esp_err_t mark_invalid(void) {
    struct app_otadata otadata;
    int active;
    esp_err_t code = find_active(&otadata, &active);
    if (code != ESP_OK)
        return code;
    if (!rollback_is_possible())
        return refuse(tag, ESP_ERR_OTA_ROLLBACK_FAILED, "mark invalid: there is no app to go back to");
    otadata.entries[active].state = OTADATA_INVALID;
    return app_otadata_write(&otadata, active);
}

static esp_err_t mark_invalid_alone(void) {
    if (!port_ram()->app_build->profile->has_final_partition)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "this release marks invalid only together with a reboot");
    return mark_invalid();
}

static esp_err_t mark_invalid_and_restart(void) {
    esp_err_t code = mark_invalid();
    if (code == ESP_OK)
        esp_restart();
    return code;
}

esp_err_t esp_ota_mark_app_invalid_rollback(void) {
    API_CALL(esp_err_t, mark_invalid_alone());
}

esp_err_t esp_ota_mark_app_invalid_rollback_and_reboot(void) {
    API_CALL(esp_err_t, mark_invalid_and_restart());
}

// ---- states -------------------------------------------------------------------------------------

static bool is_given_up(const struct otadata_entry *entry) {
    return !otadata_is_empty(entry) && (entry->state == OTADATA_INVALID || entry->state == OTADATA_ABORTED);
}

// AU-125: of two the one with the smaller sequence number.
static const esp_partition_t *last_invalid_partition(void) {
    struct app_otadata otadata;
    if (!app_otadata_read(&otadata))
        return NULL;
    bool given_up[2] = {is_given_up(&otadata.entries[0]), is_given_up(&otadata.entries[1])};
    int index = otadata_newest(otadata.entries, given_up);
    if (given_up[0] && given_up[1])
        index = 1 - index;
    uint32_t count = app_slot_count();
    if (index < 0 || count == 0)
        return NULL;
    const esp_partition_t *partition = app_entry_partition(&otadata.entries[index], count);
    return partition != NULL && image_is_valid(partition) ? partition : NULL;
}

const esp_partition_t *esp_ota_get_last_invalid_partition(void) {
    API_CALL(const esp_partition_t *, last_invalid_partition());
}

// AU-130: the first entry that names the slot answers, active or not.
static esp_err_t state_of(const esp_partition_t *partition, esp_ota_img_states_t *state) {
    if (partition == NULL || state == NULL)
        return ESP_ERR_INVALID_ARG;
    if (!app_is_slot(partition))
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "get_state_partition: not an OTA slot");
    struct app_otadata otadata;
    if (!app_otadata_read(&otadata))
        return ESP_ERR_NOT_FOUND;
    uint32_t count = app_slot_count(),
             slot = (uint32_t)partition->subtype - ESP_PARTITION_SUBTYPE_APP_OTA_MIN;
    for (int i = 0; count > 0 && i < 2; i++) {
        const struct otadata_entry *entry = &otadata.entries[i];
        if (otadata_crc_matches(entry) && otadata_slot(entry->seq, count) == slot) {
            *state = (esp_ota_img_states_t)entry->state;
            return ESP_OK;
        }
    }
    return ESP_ERR_NOT_FOUND;
}

esp_err_t esp_ota_get_state_partition(const esp_partition_t *partition, esp_ota_img_states_t *ota_state) {
    API_CALL(esp_err_t, state_of(partition, ota_state));
}

// ---- giving up the inactive slot (AU-140) -------------------------------------------------------

static esp_err_t forget_inactive(bool erase_app) {
    struct app_otadata otadata;
    if (!app_otadata_read(&otadata))
        return ESP_FAIL;
    uint32_t count = app_slot_count();
    int active = otadata_active(otadata.entries);
    if (active < 0 || count == 0)
        return ESP_FAIL;
    const struct otadata_entry *inactive = &otadata.entries[1 - active];
    if (otadata_is_empty(inactive))
        return ESP_FAIL;
    const esp_partition_t *partition = app_entry_partition(inactive, count);
    if (partition == NULL || partition == esp_ota_get_running_partition())
        return ESP_FAIL;
    esp_err_t code = erase_app ? esp_partition_erase_range(partition, 0, partition->size) : ESP_OK;
    return code == ESP_OK ? app_otadata_erase(&otadata, 1 - active) : code;
}

static esp_err_t invalidate_inactive(void) {
    if (!port_ram()->app_build->profile->has_final_partition) {
        return refuse(tag, ESP_ERR_NOT_SUPPORTED,
                      "this release has no esp_ota_invalidate_inactive_ota_data_slot");
    }
    return forget_inactive(false);
}

esp_err_t esp_ota_erase_last_boot_app_partition(void) {
    API_CALL(esp_err_t, forget_inactive(true));
}

esp_err_t esp_ota_invalidate_inactive_ota_data_slot(void) {
    API_CALL(esp_err_t, invalidate_inactive());
}
