#include "boot_table.h"

#include <stdio.h>

#include "firmware.h"
#include "port.h"

static const char tag[] = "boot";

static void classify(struct boot_table *table, const struct partition_row *row) {
    esp_partition_pos_t position = {row->offset, row->size};
    if (row->type == ESP_PARTITION_TYPE_DATA) {
        if (row->subtype == ESP_PARTITION_SUBTYPE_DATA_OTA)
            table->otadata = position;
    } else if (row->type != ESP_PARTITION_TYPE_APP) {
        return;
    } else if (row->subtype == ESP_PARTITION_SUBTYPE_APP_FACTORY) {
        table->factory = position;
    } else if (row->subtype == ESP_PARTITION_SUBTYPE_APP_TEST) {
        table->test = position;
    } else if ((row->subtype & 0xF0) == ESP_PARTITION_SUBTYPE_APP_OTA_MIN) {
        table->slots[row->subtype & 0x0F] = position;
        table->app_count++;
    }
}

bool boot_table_load(struct boot_table *table) {
    const struct firmware *ram = port_ram();
    uint32_t address = ram->bootloader_build->partition_table_offset;
    uint8_t bytes[PARTITION_TABLE_SIZE];
    *table = (struct boot_table){0};
    if (!port_flash_read(address, bytes, sizeof bytes)) { // wherever it is (CH-51)
        port_log(PORT_LOG_ERROR, tag, "the partition table at 0x%x cannot be read", (unsigned)address);
        return false;
    }
    esp_err_t code = partition_table_verify(bytes, firmware_flash_size(), ram->bootloader_build->profile,
                                            &table->row_count);
    if (code != ESP_OK) {
        port_log(PORT_LOG_ERROR, tag, "the partition table at 0x%x is not valid (%s)", (unsigned)address,
                 esp_err_to_name(code));
        return false;
    }
    // Rows are counted, not found: with rows after the MD5 row this takes that one along and misses the last
    // (PT-16).
    for (uint32_t i = 0; i < table->row_count; i++) {
        partition_row_decode(bytes + i * PARTITION_ROW_SIZE, &table->rows[i]);
        classify(table, &table->rows[i]);
    }
    return true;
}

esp_partition_pos_t boot_table_position(const struct boot_table *table, int index) {
    if (index == BOOT_FACTORY)
        return table->factory;
    if (index == BOOT_TEST)
        return table->test;
    if (index >= 0 && index < BOOT_SLOTS_MAX && (uint32_t)index < table->app_count)
        return table->slots[index];
    return (esp_partition_pos_t){0};
}

const char *boot_index_name(int index, char name[8]) {
    if (index == BOOT_FACTORY)
        return "factory";
    if (index == BOOT_TEST)
        return "test";
    (void)snprintf(name, 8, "ota_%u", (unsigned)index % 100);
    return name;
}
