// The application's list of partitions (PT-30 to PT-35).
#ifndef OTA_PARTITION_LIST_H
#define OTA_PARTITION_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_err.h"

// Loads the list unless that has happened. ESP_ERR_NOT_FOUND: no MD5 row; ESP_ERR_INVALID_STATE: wrong
// digest; flash errors. The next call tries again after an error.
esp_err_t partition_list_load(void);

// Does the range [address, address + length) touch a partition flagged readonly? (PA-65)
bool partition_list_readonly_at(uint32_t address, uint32_t length);

#endif
