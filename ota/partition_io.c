// Reading, writing, erasing and mapping a partition (PA-30 to PA-41).
#include <stddef.h>

#include "api_call.h"
#include "firmware.h"
#include "include/esp_flash.h"
#include "include/esp_partition.h"
#include "port.h"

static const char tag[] = "partition";

// Bounds of reads, writes and mappings. So offset = size with length 0 passes.
static esp_err_t check_bounds(const esp_partition_t *partition, uint32_t offset, uint32_t size) {
    bool wraps = (uint64_t)offset + size > UINT32_MAX; // RL-38
    if (wraps && !port_ram()->app_build->profile->partition_ranges_safe && offset + size <= partition->size)
        return ESP_OK;
    if (offset > partition->size)
        return refuse(tag, ESP_ERR_INVALID_ARG, "the offset lies outside the partition");
    if (size > partition->size - offset)
        return refuse(tag, ESP_ERR_INVALID_SIZE, "the range ends outside the partition");
    return ESP_OK;
}

static esp_err_t read_partition(const esp_partition_t *partition, uint32_t offset, void *dst, uint32_t size) {
    require(partition != NULL, "esp_partition_read: partition is NULL");
    esp_err_t code = check_bounds(partition, offset, size);
    return code != ESP_OK ? code
                          : esp_flash_read(partition->flash_chip, dst, partition->address + offset, size);
}

static esp_err_t write_partition(const esp_partition_t *partition, uint32_t offset, const void *src,
                                 uint32_t size) {
    require(partition != NULL, "esp_partition_write: partition is NULL");
    if (partition->readonly)
        return refuse(tag, ESP_ERR_NOT_ALLOWED, "write: the partition is flagged readonly");
    esp_err_t code = check_bounds(partition, offset, size);
    return code != ESP_OK ? code
                          : esp_flash_write(partition->flash_chip, src, partition->address + offset, size);
}

static esp_err_t erase_partition(const esp_partition_t *partition, uint32_t offset, uint32_t size) {
    require(partition != NULL, "esp_partition_erase_range: partition is NULL");
    if (partition->readonly)
        return refuse(tag, ESP_ERR_NOT_ALLOWED, "erase: the partition is flagged readonly");
    esp_err_t code = check_bounds(partition, offset, size);
    if (code != ESP_OK)
        return code;
    if (size % partition->erase_size != 0)
        return refuse(tag, ESP_ERR_INVALID_SIZE, "erase: the size is not a multiple of a sector");
    if (offset % partition->erase_size != 0)
        return refuse(tag, ESP_ERR_INVALID_ARG, "erase: the offset is not a multiple of a sector");
    return esp_flash_erase_region(partition->flash_chip, partition->address + offset, size);
}

esp_err_t esp_partition_read(const esp_partition_t *partition, size_t src_offset, void *dst, size_t size) {
    API_CALL(esp_err_t, read_partition(partition, (uint32_t)src_offset, dst, (uint32_t)size));
}

esp_err_t esp_partition_write(const esp_partition_t *partition, size_t dst_offset, const void *src,
                              size_t size) {
    API_CALL(esp_err_t, write_partition(partition, (uint32_t)dst_offset, src, (uint32_t)size));
}

// Raw access leaves out the encryption of encrypted partitions (PA-32), of which there are none.
esp_err_t esp_partition_read_raw(const esp_partition_t *partition, size_t src_offset, void *dst,
                                 size_t size) {
    API_CALL(esp_err_t, read_partition(partition, (uint32_t)src_offset, dst, (uint32_t)size));
}

esp_err_t esp_partition_write_raw(const esp_partition_t *partition, size_t dst_offset, const void *src,
                                  size_t size) {
    API_CALL(esp_err_t, write_partition(partition, (uint32_t)dst_offset, src, (uint32_t)size));
}

esp_err_t esp_partition_erase_range(const esp_partition_t *partition, size_t offset, size_t size) {
    API_CALL(esp_err_t, erase_partition(partition, (uint32_t)offset, (uint32_t)size));
}

uint32_t esp_partition_get_main_flash_sector_size(void) {
    return 4096;
}

static esp_err_t map(const esp_partition_t *partition, uint32_t offset, uint32_t size, const void **out_ptr,
                     esp_partition_mmap_handle_t *out_handle) {
    require(partition != NULL, "esp_partition_mmap: partition is NULL");
    esp_err_t code = check_bounds(partition, offset, size);
    if (code != ESP_OK)
        return code;
    if (partition->flash_chip != esp_flash_default_chip)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "only the main flash chip can be mapped");
    if ((uint64_t)partition->address + offset + size > firmware_flash_size())
        return refuse(tag, ESP_ERR_INVALID_ARG, "the mapping ends beyond the flash");
    const void **mappings = port_ram()->mappings;
    uint32_t i = 0;
    while (i < FIRMWARE_MAPPINGS_MAX && mappings[i] != NULL)
        i++;
    if (i < FIRMWARE_MAPPINGS_MAX)
        mappings[i] = port_flash_map(partition->address + offset, size);
    if (i == FIRMWARE_MAPPINGS_MAX || mappings[i] == NULL)
        return refuse(tag, ESP_ERR_NO_MEM, "no room for another mapping");
    *out_ptr = mappings[i];
    *out_handle = i + 1;
    return ESP_OK;
}

esp_err_t esp_partition_mmap(const esp_partition_t *partition, size_t offset, size_t size,
                             esp_partition_mmap_memory_t memory, const void **out_ptr,
                             esp_partition_mmap_handle_t *out_handle) {
    (void)memory; // data and instruction mappings read alike
    API_CALL(esp_err_t, map(partition, (uint32_t)offset, (uint32_t)size, out_ptr, out_handle));
}

void esp_partition_munmap(esp_partition_mmap_handle_t handle) {
    const void **mappings = port_ram()->mappings;
    if (handle >= 1 && handle <= FIRMWARE_MAPPINGS_MAX && mappings[handle - 1] != NULL) {
        port_flash_unmap(mappings[handle - 1]);
        mappings[handle - 1] = NULL;
    }
}
