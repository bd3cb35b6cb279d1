#include "factory_reset.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "boot_table.h"
#include "firmware.h"
#include "port.h"
#include "retained_memory.h"

#define SECTOR_SIZE 4096u

static const char tag[] = "boot";

// Is `label` one of the words of a list separated by commas or spaces?
static bool listed(const char *list, const char *label) {
    size_t length = strlen(label);
    while (*list != '\0') {
        list += strspn(list, ", ");
        size_t word = strcspn(list, ", ");
        if (word > 0 && word == length && strncmp(list, label, word) == 0)
            return true;
        list += word;
    }
    return false;
}

static bool to_be_erased(const struct firmware_build *build, const struct partition_row *row) {
    bool otadata = build->factory_reset_erases_otadata && row->subtype == ESP_PARTITION_SUBTYPE_DATA_OTA;
    return row->type == ESP_PARTITION_TYPE_DATA &&
           (otadata || listed(build->factory_reset_labels, row->label));
}

// BL-70: a range erase needs whole sectors. Before D11 a row may lie outside the flash.
static bool erase(const struct partition_row *row) {
    return (uint64_t)row->offset + row->size <= firmware_flash_size() && row->offset % SECTOR_SIZE == 0 &&
           row->size % SECTOR_SIZE == 0 && (row->size == 0 || port_flash_erase(row->offset, row->size));
}

void factory_reset(void) {
    const struct firmware_build *build = port_ram()->bootloader_build;
    struct boot_table table; // verified again, as the real code does
    if (boot_table_load(&table)) {
        for (uint32_t i = 0; i < table.row_count; i++) {
            const struct partition_row *row = &table.rows[i];
            if (!to_be_erased(build, row))
                continue;
            bool done = erase(row);
            port_log(done ? PORT_LOG_INFO : PORT_LOG_ERROR, tag, "factory reset: %s %s", row->label,
                     done ? "erased" : "could not be erased");
        }
    }
    if (build->profile->factory_reset_remembered)
        retained_memory_set_factory_reset();
}
