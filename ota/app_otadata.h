// otadata through the application's eyes: the partition API instead of the bootloader's raw access.
#ifndef OTA_APP_OTADATA_H
#define OTA_APP_OTADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_partition.h"
#include "otadata.h"

struct app_otadata {
    const esp_partition_t *partition;
    struct otadata_entry entries[2];
};

// False: there is none, or it cannot be read.
bool app_otadata_read(struct app_otadata *out);

// Rewrites entry `index` from `entries`: erases its sector, programs 32 bytes (OD-30). The error of the first
// that fails.
esp_err_t app_otadata_write(const struct app_otadata *otadata, int index);

// Erases the sector of entry `index`.
esp_err_t app_otadata_erase(const struct app_otadata *otadata, int index);

// The number of consecutive OTA slots from ota_0 on (OD-17). Ends the program when there are more than 16:
// the test partition follows ota_15.
uint32_t app_slot_count(void);

// The partition of an OTA slot; NULL: the table has none.
const esp_partition_t *app_slot_partition(uint32_t slot);

// The partition that an entry names; NULL: it does not exist. `slot_count` is not 0.
const esp_partition_t *app_entry_partition(const struct otadata_entry *entry, uint32_t slot_count);

bool app_is_slot(const esp_partition_t *partition); // an OTA app partition (AU-4)

#endif
