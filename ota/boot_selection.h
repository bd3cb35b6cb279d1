// Which app otadata selects: the bootloader's decision and its otadata writes (BL-18 to BL-37).
#ifndef OTA_BOOT_SELECTION_H
#define OTA_BOOT_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "boot_table.h"
#include "otadata.h"

struct boot_selection {
    int index;    // slot, BOOT_FACTORY, or BOOT_NOTHING: reset
    bool initial; // otadata is to be filled in once an OTA slot has started (BL-3)
};

// Reads otadata, rewrites states as rollback demands and chooses. Ends the program where the real one divides
// by zero (BL-36).
struct boot_selection boot_select(const struct boot_table *table);

// The same choice without a write and without rollback's changes, for a wake from deep sleep without RTC
// memory (BL-60). BOOT_NOTHING: no otadata to read.
int boot_select_read_only(const struct boot_table *table);

// May this app run under anti-rollback? Its descriptor must be readable and not below the eFuse (BL-52).
bool boot_secure_version_allows(esp_partition_pos_t position);

// Burns the eFuse up to the secure version of this app.
void boot_secure_version_burn(esp_partition_pos_t position);

// Erases the sector of entry `index` and programs the entry. Errors are told and otherwise ignored: the boot
// goes on (BL-71).
void boot_write_entry(const struct boot_table *table, int index, const struct otadata_entry *entry);

#endif
