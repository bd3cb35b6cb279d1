// What the bootloader takes from the partition table: where the apps and otadata are (BL-1, PT-20).
#ifndef OTA_BOOT_TABLE_H
#define OTA_BOOT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_flash_partitions.h"
#include "partition_table.h"

#define BOOT_SLOTS_MAX 16

// What can boot: an OTA slot 0 to 15, or one of these.
enum boot_index { BOOT_FACTORY = -1, BOOT_TEST = -2, BOOT_NOTHING = -99 };

// A position of size 0 or offset 0 is absent.
struct boot_table {
    uint32_t row_count;
    struct partition_row rows[PARTITION_TABLE_ROWS_MAX];
    esp_partition_pos_t factory, test, otadata;
    esp_partition_pos_t slots[BOOT_SLOTS_MAX];
    uint32_t app_count; // OTA rows, duplicates too: not "highest slot + 1" (PT-21)
};

// Reads, verifies and classifies. False: the table is unusable; the console says why.
bool boot_table_load(struct boot_table *table);

// The position of an index, all zeros when absent (BL-2).
esp_partition_pos_t boot_table_position(const struct boot_table *table, int index);

// "factory", "test", "ota_3". Valid as long as `name`, which lends the space.
const char *boot_index_name(int index, char name[8]);

#endif
