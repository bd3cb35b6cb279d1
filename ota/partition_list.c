// The list: loading it from the table, searching it, adding to it.
#include "partition_list.h"

#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "include/esp_flash.h"
#include "include/esp_flash_partitions.h"
#include "include/esp_partition.h"
#include "partition_table.h"
#include "port.h"

#define TABLE_SECTOR_SIZE 4096u // all of it is looked at, unlike by the bootloader (PT-31)
#define ERASE_SIZE        4096u // PT-34

static const char tag[] = "partition";

// ---- loading ------------------------------------------------------------------------------------

static uint32_t take_place(struct firmware *ram) {
    uint32_t index = ram->partition_count++;
    if (ram->partitions_touched < ram->partition_count)
        ram->partitions_touched = ram->partition_count;
    return index;
}

static void add_row(struct firmware *ram, const struct partition_row *row) {
    const struct release_profile *profile = ram->app_build->profile;
    uint32_t index = take_place(ram);
    ram->partition_origin[index] = PARTITION_FROM_TABLE;
    ram->partitions[index] =
        (esp_partition_t){.flash_chip = esp_flash_default_chip,
                          .type = (esp_partition_type_t)row->type,
                          .subtype = (esp_partition_subtype_t)row->subtype,
                          .address = row->offset,
                          .size = row->size,
                          .erase_size = ERASE_SIZE,
                          .encrypted = false, // PT-34, for a chip whose eFuse has flash encryption off
                          .readonly = profile->readonly_obeyed && (row->flags & PART_FLAG_READONLY) != 0};
    memcpy(ram->partitions[index].label, row->label, sizeof row->label);
}

static esp_err_t load(struct firmware *ram) {
    uint8_t table[TABLE_SECTOR_SIZE];
    esp_err_t code =
        esp_flash_read(esp_flash_default_chip, table, ram->app_build->partition_table_offset, sizeof table);
    if (code != ESP_OK)
        return refuse(tag, code, "the partition table cannot be read");
    bool checked = !ram->app_build->partition_table_md5;
    ram->partition_count = 0;
    for (uint32_t i = 0; i < sizeof table / PARTITION_ROW_SIZE; i++) {
        struct partition_row row;
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        if (row.magic == PARTITION_ROW_MAGIC) {
            add_row(ram, &row);
            continue;
        }
        if (!checked && row.magic == PARTITION_MD5_MAGIC) {
            if (!partition_table_digest_matches(table, i))
                code = refuse(tag, ESP_ERR_INVALID_STATE, "the partition table's MD5 is wrong");
            checked = true;
        }
        break;
    }
    if (!checked)
        code = refuse(tag, ESP_ERR_NOT_FOUND, "the partition table has no MD5 row");
    if (code != ESP_OK)
        ram->partition_count = 0;
    ram->partitions_loaded = code == ESP_OK;
    return code;
}

esp_err_t partition_list_load(void) {
    struct firmware *ram = port_ram();
    return ram->partitions_loaded ? ESP_OK : load(ram);
}

void esp_partition_unload_all(void) {
    struct firmware *ram = port_ram();
    ram->partitions_loaded = false;
    ram->partition_count = 0;
    memset(ram->iterators, 0, sizeof ram->iterators);
    ram->running_partition = NULL;
}

bool partition_list_readonly_at(uint32_t address, uint32_t length) {
    const struct firmware *ram = port_ram();
    if (!ram->app_build->profile->readonly_obeyed || partition_list_load() != ESP_OK)
        return false;
    for (uint32_t i = 0; i < ram->partition_count; i++) {
        const esp_partition_t *partition = &ram->partitions[i];
        bool here = ram->partition_origin[i] != PARTITION_ABSENT && partition->readonly &&
                    partition->flash_chip == esp_flash_default_chip;
        if (here && address < (uint64_t)partition->address + partition->size &&
            partition->address < (uint64_t)address + length)
            return true;
    }
    return false;
}

// ---- finding ------------------------------------------------------------------------------------

static bool matches(const struct firmware *ram, const struct esp_partition_iterator_opaque_ *wanted,
                    uint32_t index) {
    const esp_partition_t *partition = &ram->partitions[index];
    return ram->partition_origin[index] != PARTITION_ABSENT &&
           (wanted->type == ESP_PARTITION_TYPE_ANY || wanted->type == partition->type) &&
           (wanted->subtype == ESP_PARTITION_SUBTYPE_ANY || wanted->subtype == partition->subtype) &&
           (wanted->any_label || strcmp(wanted->label, partition->label) == 0);
}

// Moves on to the first match at or after `index`. False: none.
static bool advance(const struct firmware *ram, struct esp_partition_iterator_opaque_ *iterator,
                    uint32_t index) {
    while (index < ram->partition_count && !matches(ram, iterator, index))
        index++;
    iterator->index = index;
    return index < ram->partition_count;
}

static struct esp_partition_iterator_opaque_ query(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                                   const char *label) {
    struct esp_partition_iterator_opaque_ iterator = {
        .open = true, .type = type, .subtype = subtype, .any_label = label == NULL};
    if (label != NULL)
        strncpy(iterator.label, label, sizeof iterator.label - 1);
    return iterator;
}

static esp_err_t find(struct firmware *ram, struct esp_partition_iterator_opaque_ *iterator) {
    if (iterator->type == ESP_PARTITION_TYPE_ANY && iterator->subtype != ESP_PARTITION_SUBTYPE_ANY)
        return ESP_ERR_INVALID_ARG;
    esp_err_t code = partition_list_load();
    if (code != ESP_OK)
        return ram->app_build->profile->find_reports_load_error ? code : ESP_ERR_NOT_FOUND;
    return advance(ram, iterator, 0) ? ESP_OK : ESP_ERR_NOT_FOUND;
}

static esp_err_t find_and_open(const struct esp_partition_iterator_opaque_ *wanted,
                               esp_partition_iterator_t *out) {
    struct firmware *ram = port_ram();
    struct esp_partition_iterator_opaque_ iterator = *wanted;
    *out = NULL;
    esp_err_t code = find(ram, &iterator);
    if (code != ESP_OK)
        return code;
    for (uint32_t i = 0; i < FIRMWARE_ITERATORS_MAX; i++) {
        if (!ram->iterators[i].open) {
            ram->iterators[i] = iterator;
            *out = &ram->iterators[i];
            return ESP_OK;
        }
    }
    return refuse(tag, ESP_ERR_NO_MEM, "too many partition iterators are open");
}

esp_err_t esp_partition_find_err(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                 const char *label, esp_partition_iterator_t *out_iterator) {
    if (out_iterator == NULL)
        return ESP_ERR_INVALID_ARG;
    struct esp_partition_iterator_opaque_ wanted = query(type, subtype, label);
    API_CALL(esp_err_t, find_and_open(&wanted, out_iterator));
}

esp_err_t esp_partition_find_first_err(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                       const char *label, const esp_partition_t **out_partition) {
    if (out_partition == NULL)
        return ESP_ERR_INVALID_ARG;
    struct firmware *ram = port_ram();
    struct esp_partition_iterator_opaque_ iterator = query(type, subtype, label);
    const char *outer = port_call_begin(__func__);
    esp_err_t code = find(ram, &iterator);
    port_call_end(outer);
    *out_partition = code == ESP_OK ? &ram->partitions[iterator.index] : NULL;
    return code;
}

esp_partition_iterator_t esp_partition_find(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                            const char *label) {
    esp_partition_iterator_t iterator;
    (void)esp_partition_find_err(type, subtype, label, &iterator);
    return iterator;
}

const esp_partition_t *esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                                const char *label) {
    const esp_partition_t *partition;
    (void)esp_partition_find_first_err(type, subtype, label, &partition);
    return partition;
}

const esp_partition_t *esp_partition_get(esp_partition_iterator_t iterator) {
    require(iterator != NULL && iterator->open, "esp_partition_get: no iterator");
    return &port_ram()->partitions[iterator->index];
}

esp_partition_iterator_t esp_partition_next(esp_partition_iterator_t iterator) {
    require(iterator != NULL && iterator->open, "esp_partition_next: no iterator");
    if (advance(port_ram(), iterator, iterator->index + 1))
        return iterator;
    esp_partition_iterator_release(iterator);
    return NULL;
}

void esp_partition_iterator_release(esp_partition_iterator_t iterator) {
    if (iterator != NULL)
        iterator->open = false;
}

const esp_partition_t *esp_partition_verify(const esp_partition_t *partition) {
    require(partition != NULL, "esp_partition_verify: partition is NULL");
    const struct firmware *ram = port_ram();
    const char *label = partition->label[0] != '\0' ? partition->label : NULL;
    struct esp_partition_iterator_opaque_ iterator = query(partition->type, partition->subtype, label);
    if (find(port_ram(), &iterator) != ESP_OK)
        return NULL;
    do {
        const esp_partition_t *listed = &ram->partitions[iterator.index];
        if (listed->flash_chip == partition->flash_chip && listed->address == partition->address &&
            listed->size == partition->size && listed->encrypted == partition->encrypted)
            return listed;
    } while (advance(ram, &iterator, iterator.index + 1));
    return NULL;
}

// ---- adding and removing (PA-5) -----------------------------------------------------------------

static bool overlaps_listed(const struct firmware *ram, const esp_flash_t *chip, uint32_t offset,
                            uint32_t size) {
    for (uint32_t i = 0; i < ram->partition_count; i++) {
        const esp_partition_t *listed = &ram->partitions[i];
        if (ram->partition_origin[i] != PARTITION_ABSENT && listed->flash_chip == chip &&
            offset < (uint64_t)listed->address + listed->size && listed->address < (uint64_t)offset + size)
            return true;
    }
    return false;
}

static esp_err_t add_registered(const esp_partition_t *partition, const esp_partition_t **out) {
    struct firmware *ram = port_ram();
    uint32_t chip_size;
    esp_err_t code = esp_flash_get_size(partition->flash_chip, &chip_size);
    if (code != ESP_OK)
        return code;
    if ((uint64_t)partition->address + partition->size > chip_size)
        return ESP_ERR_INVALID_SIZE;
    (void)partition_list_load(); // a table that does not load leaves an empty list
    if (overlaps_listed(ram, partition->flash_chip, partition->address, partition->size))
        return ESP_ERR_INVALID_ARG;
    if (ram->partition_count == FIRMWARE_PARTITIONS_MAX)
        return refuse(tag, ESP_ERR_NO_MEM, "too many partitions");
    uint32_t index = take_place(ram);
    ram->partition_origin[index] = PARTITION_REGISTERED;
    ram->partitions[index] = *partition;
    if (out != NULL)
        *out = &ram->partitions[index];
    return ESP_OK;
}

esp_err_t esp_partition_register_external(esp_flash_t *flash_chip, size_t offset, size_t size,
                                          const char *label, esp_partition_type_t type,
                                          esp_partition_subtype_t subtype,
                                          const esp_partition_t **out_partition) {
    esp_partition_t partition = {.flash_chip = flash_chip == NULL ? esp_flash_default_chip : flash_chip,
                                 .type = type,
                                 .subtype = subtype,
                                 .address = (uint32_t)offset,
                                 .size = (uint32_t)size,
                                 .erase_size = ERASE_SIZE};
    if (label != NULL)
        strncpy(partition.label, label, sizeof partition.label - 1);
    if (out_partition != NULL)
        *out_partition = NULL;
    API_CALL(esp_err_t, add_registered(&partition, out_partition));
}

esp_err_t esp_partition_deregister_external(const esp_partition_t *partition) {
    struct firmware *ram = port_ram();
    for (uint32_t i = 0; i < ram->partition_count; i++) {
        if (&ram->partitions[i] != partition || ram->partition_origin[i] == PARTITION_ABSENT)
            continue;
        if (ram->partition_origin[i] != PARTITION_REGISTERED)
            return ESP_ERR_INVALID_ARG;
        ram->partition_origin[i] = PARTITION_ABSENT;
        while (ram->partition_count > 0 &&
               ram->partition_origin[ram->partition_count - 1] == PARTITION_ABSENT)
            ram->partition_count--;
        return ESP_OK;
    }
    return ESP_ERR_NOT_FOUND;
}
