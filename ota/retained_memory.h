// What the bootloader keeps in RTC memory over resets (BL-62): the partition that runs, a reboot counter, a
// factory reset flag.
#ifndef OTA_RETAINED_MEMORY_H
#define OTA_RETAINED_MEMORY_H

#include <stdbool.h>

#include "include/esp_flash_partitions.h"

// Invalid contents are zeroed first. A chip without RTC memory retains nothing.
void retained_memory_count_boot(void); // saturates at 65535
void retained_memory_set_partition(const esp_partition_pos_t *partition);
void retained_memory_set_factory_reset(void);

// The partition recorded last; false: the contents are not valid.
bool retained_memory_partition(esp_partition_pos_t *out);

#endif
