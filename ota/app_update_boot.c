// Choosing what boots, and asking what does (AU-90 to AU-103).
#include "api_call.h"
#include "app_image.h"
#include "app_otadata.h"
#include "firmware.h"
#include "include/esp_ota_ops.h"
#include "port.h"
#include "secure_version.h"

static const char tag[] = "ota";

// ---- setting ------------------------------------------------------------------------------------

// AU-91: without otadata contents the bootloader takes the factory app. Both sectors go, one after the other.
static esp_err_t select_factory(void) {
    const esp_partition_t *otadata =
        esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_OTA, NULL);
    if (otadata == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "set_boot_partition: the table has no otadata");
    return esp_partition_erase_range(otadata, 0, otadata->size);
}

// AU-92: an app that could never boot is erased rather than selected.
static esp_err_t check_secure_version(const esp_partition_t *partition) {
    esp_app_desc_t descriptor;
    esp_err_t code = esp_ota_get_partition_description(partition, &descriptor);
    if (code != ESP_OK || secure_version_check(port_ram()->app_build, descriptor.secure_version))
        return code;
    code = esp_partition_erase_range(partition, 0, partition->size);
    if (code != ESP_OK)
        return code;
    return refuse(tag, ESP_ERR_OTA_SMALL_SEC_VER,
                  "set_boot_partition: the app is below the eFuse secure version, erased");
}

// The subtype's low digit is the slot, whatever kind of app it is (AU-93).
static esp_err_t select_slot(const esp_partition_t *partition) {
    const struct firmware_build *build = port_ram()->app_build;
    struct app_otadata otadata;
    if (!app_otadata_read(&otadata)) {
        return refuse(tag, ESP_ERR_NOT_FOUND,
                      "set_boot_partition: the table has no otadata, or it cannot be read");
    }
    uint32_t count = app_slot_count(), slot = partition->subtype & 0x0F, seq;
    if (slot >= count)
        return refuse(tag, ESP_ERR_INVALID_ARG, "set_boot_partition: there is no such slot");
    int index;
    if (otadata_next_entry(otadata.entries, slot, count, build->profile->reselect_in_place, &index, &seq) ==
        OTADATA_NEXT_NEVER_ENDS)
        port_halt(PORT_HALT_PANIC, "watchdog: the search for the next sequence number never ends");
    struct otadata_entry *entry = &otadata.entries[index];
    entry->seq = seq;
    entry->state = build->rollback ? OTADATA_NEW : OTADATA_UNDEFINED;
    entry->crc = otadata_crc(seq);
    return app_otadata_write(&otadata, index);
}

static esp_err_t select_partition(const esp_partition_t *partition) {
    if (partition->type != ESP_PARTITION_TYPE_APP)
        return refuse(tag, ESP_ERR_INVALID_ARG, "set_boot_partition: not an app partition");
    if (partition->subtype == ESP_PARTITION_SUBTYPE_APP_FACTORY)
        return select_factory();
    esp_err_t code = port_ram()->app_build->anti_rollback ? check_secure_version(partition) : ESP_OK;
    return code == ESP_OK ? select_slot(partition) : code;
}

static esp_err_t set_boot_partition(const esp_partition_t *partition) {
    if (partition == NULL)
        return ESP_ERR_INVALID_ARG;
    struct app_image image;
    esp_err_t ignored;
    if (!app_image_is_whole(APP_IMAGE_VERIFY, partition->address, partition->size, &image, &ignored))
        return refuse(tag, ESP_ERR_OTA_VALIDATE_FAILED, "set_boot_partition: the image is not valid");
    return select_partition(partition);
}

static esp_err_t set_boot_partition_skip_validate(const esp_partition_t *partition) {
    if (!port_ram()->app_build->profile->has_skip_validate) {
        return refuse(tag, ESP_ERR_NOT_SUPPORTED,
                      "this release has no esp_ota_set_boot_partition_skip_validate");
    }
    return partition == NULL ? ESP_ERR_INVALID_ARG : select_partition(partition);
}

esp_err_t esp_ota_set_boot_partition(const esp_partition_t *partition) {
    API_CALL(esp_err_t, set_boot_partition(partition));
}

esp_err_t esp_ota_set_boot_partition_skip_validate(const esp_partition_t *partition) {
    API_CALL(esp_err_t, set_boot_partition_skip_validate(partition));
}

// ---- asking -------------------------------------------------------------------------------------

static const esp_partition_t *find_app(esp_partition_subtype_t subtype) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_APP, subtype, NULL);
}

static const esp_partition_t *default_boot_partition(void) {
    const esp_partition_t *found = find_app(ESP_PARTITION_SUBTYPE_APP_FACTORY);
    for (uint32_t slot = 0; found == NULL && slot < 16; slot++)
        found = app_slot_partition(slot);
    return found != NULL ? found : find_app(ESP_PARTITION_SUBTYPE_APP_TEST);
}

// AU-100. Looks at otadata only, not at images.
static const esp_partition_t *boot_partition(void) {
    struct app_otadata otadata;
    if (!app_otadata_read(&otadata))
        return NULL;
    uint32_t count = app_slot_count();
    int active = otadata_active(otadata.entries);
    if (active < 0 || count == 0)
        return default_boot_partition();
    return app_entry_partition(&otadata.entries[active], count);
}

const esp_partition_t *esp_ota_get_boot_partition(void) {
    API_CALL(const esp_partition_t *, boot_partition());
}

// AU-101: the first app partition in the table that the running code lies in.
static const esp_partition_t *find_running(const struct firmware *ram) {
    esp_partition_iterator_t iterator =
        esp_partition_find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, NULL);
    while (iterator != NULL) {
        const esp_partition_t *partition = esp_partition_get(iterator);
        if (ram->running_address >= partition->address &&
            ram->running_address - partition->address < partition->size) {
            esp_partition_iterator_release(iterator);
            return partition;
        }
        iterator = esp_partition_next(iterator);
    }
    port_halt(PORT_HALT_PANIC, "the running app lies in no app partition of the table");
}

const esp_partition_t *esp_ota_get_running_partition(void) {
    struct firmware *ram = port_ram();
    if (ram->running_partition == NULL)
        ram->running_partition = find_running(ram);
    return ram->running_partition;
}

// AU-102: the slot after `start`, round about.
static const esp_partition_t *next_update_partition(const esp_partition_t *start) {
    const esp_partition_t *first = NULL;
    bool take_next = false;
    if (start == NULL) {
        start = esp_ota_get_running_partition();
    } else {
        start = esp_partition_verify(start);
        require(start != NULL,
                "assertion: get_next_update_partition from a partition that the table has not");
    }
    for (uint32_t slot = 0; slot < 16; slot++) {
        const esp_partition_t *partition = app_slot_partition(slot);
        if (partition == NULL)
            continue;
        if (take_next)
            return partition;
        first = first == NULL ? partition : first;
        take_next = partition == start;
    }
    return first;
}

const esp_partition_t *esp_ota_get_next_update_partition(const esp_partition_t *start_from) {
    API_CALL(const esp_partition_t *, next_update_partition(start_from));
}

uint8_t esp_ota_get_app_partition_count(void) {
    API_CALL(uint8_t, (uint8_t)app_slot_count());
}
