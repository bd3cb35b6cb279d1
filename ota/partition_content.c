// Whole partitions: copying one into another, digests, equality (PA-50 to PA-53).
#include <string.h>

#include "api_call.h"
#include "app_image.h"
#include "firmware.h"
#include "include/esp_image_format.h"
#include "include/esp_partition.h"
#include "port.h"

#define SECTOR_SIZE 4096u
#define SHA256_SIZE 32u

static const char tag[] = "partition";

// ---- copying ------------------------------------------------------------------------------------

struct copy {
    const esp_partition_t *dest, *src;
    uint32_t dest_offset, src_offset, size;
};

// One write per sector, read through a buffer.
static esp_err_t copy_by_sector(const struct copy *copy) {
    uint8_t buffer[SECTOR_SIZE];
    for (uint32_t done = 0; done < copy->size; done += SECTOR_SIZE) {
        uint32_t part = copy->size - done < SECTOR_SIZE ? copy->size - done : SECTOR_SIZE;
        esp_err_t code = esp_partition_read(copy->src, copy->src_offset + done, buffer, part);
        if (code == ESP_OK)
            code = esp_partition_write(copy->dest, copy->dest_offset + done, buffer, part);
        if (code != ESP_OK)
            return code;
    }
    return ESP_OK;
}

// Writes as long as what the MMU maps at a time: all of its data pages, since nothing else is mapped here
// (before D9).
static esp_err_t copy_by_mapping(const struct copy *copy) {
    const struct address_range *window = &port_ram()->target->drom;
    for (uint32_t done = 0; done < copy->size;) {
        uint32_t part = copy->size - done;
        part = part < window->end - window->start ? part : window->end - window->start;
        const void *bytes;
        esp_partition_mmap_handle_t handle;
        esp_err_t code = esp_partition_mmap(copy->src, copy->src_offset + done, part, ESP_PARTITION_MMAP_DATA,
                                            &bytes, &handle);
        if (code != ESP_OK)
            return code;
        code = esp_partition_write(copy->dest, copy->dest_offset + done, bytes, part);
        esp_partition_munmap(handle);
        if (code != ESP_OK)
            return code;
        done += part;
    }
    return ESP_OK;
}

static bool fits(const esp_partition_t *partition, uint32_t offset, uint32_t size) {
    return (uint64_t)offset + size <= partition->size;
}

static esp_err_t copy_partition(struct copy *copy) {
    const esp_partition_t *dest = copy->dest, *src = copy->src;
    if (dest == NULL || src == NULL || dest == src)
        return refuse(tag, ESP_ERR_INVALID_ARG, "copy: two different partitions are needed");
    if (copy->dest_offset > dest->size || copy->src_offset > src->size)
        return refuse(tag, ESP_ERR_INVALID_SIZE, "copy: an offset lies outside its partition");
    if (src->flash_chip != esp_flash_default_chip)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "copy: the source is not on the main flash chip");
    uint32_t erase_size = copy->size;
    if (copy->size == UINT32_MAX) {
        copy->size = src->size - copy->src_offset;
        erase_size = dest->size - copy->dest_offset;
    }
    if (!fits(src, copy->src_offset, copy->size) || !fits(dest, copy->dest_offset, copy->size))
        return refuse(tag, ESP_ERR_INVALID_SIZE, "copy: the range does not fit both partitions");
    erase_size = (erase_size + SECTOR_SIZE - 1) / SECTOR_SIZE * SECTOR_SIZE;
    esp_err_t code = esp_partition_erase_range(dest, copy->dest_offset, erase_size);
    if (code != ESP_OK)
        return code;
    return port_ram()->app_build->profile->copy_in_sectors ? copy_by_sector(copy) : copy_by_mapping(copy);
}

esp_err_t esp_partition_copy(const esp_partition_t *dest, uint32_t dest_offset, const esp_partition_t *src,
                             uint32_t src_offset, size_t size) {
    struct copy copy = {.dest = dest,
                        .src = src,
                        .dest_offset = dest_offset,
                        .src_offset = src_offset,
                        .size = (uint32_t)size};
    API_CALL(esp_err_t, copy_partition(&copy));
}

// ---- digests ------------------------------------------------------------------------------------

static esp_err_t digest_range(uint32_t address, uint32_t length, uint8_t digest[SHA256_SIZE]) {
    if ((uint64_t)address + length > firmware_flash_size())
        return ESP_ERR_INVALID_ARG;
    return port_flash_sha256(address, length, digest) ? ESP_OK : ESP_ERR_FLASH_OP_FAIL;
}

// The appended digest when it is right; without one the digest of the whole image.
static esp_err_t digest_image(const esp_partition_t *partition, uint8_t digest[SHA256_SIZE]) {
    struct app_image image;
    if (app_image_metadata(partition->address, partition->size, &image) != ESP_OK)
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "digest: the partition holds no image");
    if (image.hash_appended && !port_ram()->app_build->profile->partition_digest_recomputed) {
        memcpy(digest, image.digest, SHA256_SIZE); // unchecked (RL-29)
        return ESP_OK;
    }
    uint32_t hashed = image.length - (image.hash_appended ? SHA256_SIZE : 0);
    esp_err_t code = digest_range(image.start, hashed, digest);
    if (code == ESP_OK && image.hash_appended && memcmp(digest, image.digest, SHA256_SIZE) != 0)
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "digest: the appended one does not match the image");
    return code;
}

static esp_err_t digest_partition(const esp_partition_t *partition, uint8_t *digest) {
    require(partition != NULL, "esp_partition_get_sha256: partition is NULL");
    if (digest == NULL || partition->size == 0)
        return ESP_ERR_INVALID_ARG;
    if (partition->type == ESP_PARTITION_TYPE_APP || partition->type == ESP_PARTITION_TYPE_BOOTLOADER)
        return digest_image(partition, digest);
    return digest_range(partition->address, partition->size, digest);
}

esp_err_t esp_partition_get_sha256(const esp_partition_t *partition, uint8_t *sha_256) {
    API_CALL(esp_err_t, digest_partition(partition, sha_256));
}

static bool identical(const esp_partition_t *a, const esp_partition_t *b) {
    uint8_t digests[2][SHA256_SIZE];
    return digest_partition(a, digests[0]) == ESP_OK && digest_partition(b, digests[1]) == ESP_OK &&
           memcmp(digests[0], digests[1], SHA256_SIZE) == 0;
}

bool esp_partition_check_identity(const esp_partition_t *partition_1, const esp_partition_t *partition_2) {
    API_CALL(bool, identical(partition_1, partition_2));
}
