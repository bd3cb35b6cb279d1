// Partitions: find them, read, write, erase and map them (PA rules).
//
// Offsets are relative to the partition, lengths in bytes; the chip's size_t has 32 bits, so larger values
// are cut to that. Bounds: offset beyond the size gives ESP_ERR_INVALID_ARG, a length beyond the rest
// ESP_ERR_INVALID_SIZE. Flash errors pass unchanged. A NULL partition is an assertion failure (PA-35).
// Partition pointers belong to the list; they stay valid until the reset.
#ifndef ESP_PARTITION_H
#define ESP_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"
#include "esp_flash.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ESP_PARTITION_TYPE_APP = 0x00,
    ESP_PARTITION_TYPE_DATA = 0x01,
    ESP_PARTITION_TYPE_BOOTLOADER = 0x02,      // v5.4+
    ESP_PARTITION_TYPE_PARTITION_TABLE = 0x03, // v5.4+
    ESP_PARTITION_TYPE_ANY = 0xFF
} esp_partition_type_t;

typedef enum {
    ESP_PARTITION_SUBTYPE_BOOTLOADER_PRIMARY = 0x00,
    ESP_PARTITION_SUBTYPE_BOOTLOADER_OTA = 0x01,
    ESP_PARTITION_SUBTYPE_BOOTLOADER_RECOVERY = 0x02,

    ESP_PARTITION_SUBTYPE_PARTITION_TABLE_PRIMARY = 0x00,
    ESP_PARTITION_SUBTYPE_PARTITION_TABLE_OTA = 0x01,

    ESP_PARTITION_SUBTYPE_APP_FACTORY = 0x00,
    ESP_PARTITION_SUBTYPE_APP_OTA_MIN = 0x10,
    ESP_PARTITION_SUBTYPE_APP_OTA_0 = ESP_PARTITION_SUBTYPE_APP_OTA_MIN,
    ESP_PARTITION_SUBTYPE_APP_OTA_1 = 0x11,
    ESP_PARTITION_SUBTYPE_APP_OTA_2 = 0x12,
    ESP_PARTITION_SUBTYPE_APP_OTA_3 = 0x13,
    ESP_PARTITION_SUBTYPE_APP_OTA_4 = 0x14,
    ESP_PARTITION_SUBTYPE_APP_OTA_5 = 0x15,
    ESP_PARTITION_SUBTYPE_APP_OTA_6 = 0x16,
    ESP_PARTITION_SUBTYPE_APP_OTA_7 = 0x17,
    ESP_PARTITION_SUBTYPE_APP_OTA_8 = 0x18,
    ESP_PARTITION_SUBTYPE_APP_OTA_9 = 0x19,
    ESP_PARTITION_SUBTYPE_APP_OTA_10 = 0x1A,
    ESP_PARTITION_SUBTYPE_APP_OTA_11 = 0x1B,
    ESP_PARTITION_SUBTYPE_APP_OTA_12 = 0x1C,
    ESP_PARTITION_SUBTYPE_APP_OTA_13 = 0x1D,
    ESP_PARTITION_SUBTYPE_APP_OTA_14 = 0x1E,
    ESP_PARTITION_SUBTYPE_APP_OTA_15 = 0x1F,
    ESP_PARTITION_SUBTYPE_APP_OTA_MAX = 0x20, // one past the last slot
    ESP_PARTITION_SUBTYPE_APP_TEST = 0x20,
    ESP_PARTITION_SUBTYPE_APP_TEE_0 = 0x30,
    ESP_PARTITION_SUBTYPE_APP_TEE_1 = 0x31,

    ESP_PARTITION_SUBTYPE_DATA_OTA = 0x00,
    ESP_PARTITION_SUBTYPE_DATA_PHY = 0x01,
    ESP_PARTITION_SUBTYPE_DATA_NVS = 0x02,
    ESP_PARTITION_SUBTYPE_DATA_COREDUMP = 0x03,
    ESP_PARTITION_SUBTYPE_DATA_NVS_KEYS = 0x04,
    ESP_PARTITION_SUBTYPE_DATA_EFUSE_EM = 0x05,
    ESP_PARTITION_SUBTYPE_DATA_UNDEFINED = 0x06,
    ESP_PARTITION_SUBTYPE_DATA_ESPHTTPD = 0x80,
    ESP_PARTITION_SUBTYPE_DATA_FAT = 0x81,
    ESP_PARTITION_SUBTYPE_DATA_SPIFFS = 0x82,
    ESP_PARTITION_SUBTYPE_DATA_LITTLEFS = 0x83,
    ESP_PARTITION_SUBTYPE_DATA_TEE_OTA = 0x90,

    ESP_PARTITION_SUBTYPE_ANY = 0xFF
} esp_partition_subtype_t;

#define ESP_PARTITION_SUBTYPE_OTA(i)                                                                         \
    ((esp_partition_subtype_t)(ESP_PARTITION_SUBTYPE_APP_OTA_MIN + ((i)&0xf)))

typedef struct {
    esp_flash_t *flash_chip;
    esp_partition_type_t type;
    esp_partition_subtype_t subtype;
    uint32_t address; // absolute
    uint32_t size;
    uint32_t erase_size; // 4096 (PT-34)
    char label[17];
    bool encrypted;
    bool readonly; // v5.2+
} esp_partition_t;

// ---- finding ------------------------------------------------------------------------------------

typedef struct esp_partition_iterator_opaque_ *esp_partition_iterator_t;

// First match in table order; ANY and a NULL label match all. NULL: none, a bad combination, or the table did
// not load.
esp_partition_iterator_t esp_partition_find(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                            const char *label);
const esp_partition_t *esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                                const char *label);
const esp_partition_t *esp_partition_get(esp_partition_iterator_t iterator);

// The next match; at the end the iterator is released and NULL returned.
esp_partition_iterator_t esp_partition_next(esp_partition_iterator_t iterator);
void esp_partition_iterator_release(esp_partition_iterator_t iterator);

// The same with the reason (PA-3): ESP_ERR_INVALID_ARG, ESP_ERR_NOT_FOUND, ESP_ERR_NO_MEM or why the table
// did not load.
esp_err_t esp_partition_find_err(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                 const char *label, esp_partition_iterator_t *out_iterator);
esp_err_t esp_partition_find_first_err(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                       const char *label, const esp_partition_t **out_partition);

// The list's own pointer for a partition that a caller describes; NULL when there is none like it (PA-12).
const esp_partition_t *esp_partition_verify(const esp_partition_t *partition);

// ---- reading, writing, erasing ------------------------------------------------------------------

esp_err_t esp_partition_read(const esp_partition_t *partition, size_t src_offset, void *dst, size_t size);
esp_err_t esp_partition_write(const esp_partition_t *partition, size_t dst_offset, const void *src,
                              size_t size);
esp_err_t esp_partition_read_raw(const esp_partition_t *partition, size_t src_offset, void *dst, size_t size);
esp_err_t esp_partition_write_raw(const esp_partition_t *partition, size_t dst_offset, const void *src,
                                  size_t size);
esp_err_t esp_partition_erase_range(const esp_partition_t *partition, size_t offset, size_t size);
uint32_t esp_partition_get_main_flash_sector_size(void);

// ---- mapping ------------------------------------------------------------------------------------

typedef enum { ESP_PARTITION_MMAP_DATA, ESP_PARTITION_MMAP_INST } esp_partition_mmap_memory_t;

typedef uint32_t esp_partition_mmap_handle_t;

// The bytes at *out_ptr follow later writes (PA-41). ESP_ERR_NO_MEM: too many mappings.
esp_err_t esp_partition_mmap(const esp_partition_t *partition, size_t offset, size_t size,
                             esp_partition_mmap_memory_t memory, const void **out_ptr,
                             esp_partition_mmap_handle_t *out_handle);
void esp_partition_munmap(esp_partition_mmap_handle_t handle);

// ---- whole partitions ---------------------------------------------------------------------------

// Image digest of an app or bootloader, SHA-256 of everything of other types (PA-52).
esp_err_t esp_partition_get_sha256(const esp_partition_t *partition, uint8_t *sha_256);
bool esp_partition_check_identity(const esp_partition_t *partition_1, const esp_partition_t *partition_2);

// Erases and copies in 4096-byte steps; size SIZE_MAX: the rest of the source (PA-50, v5.4+).
esp_err_t esp_partition_copy(const esp_partition_t *dest, uint32_t dest_offset, const esp_partition_t *src,
                             uint32_t src_offset, size_t size);

// ---- partitions that the table does not list (PA-5) ---------------------------------------------

esp_err_t esp_partition_register_external(esp_flash_t *flash_chip, size_t offset, size_t size,
                                          const char *label, esp_partition_type_t type,
                                          esp_partition_subtype_t subtype,
                                          const esp_partition_t **out_partition);
esp_err_t esp_partition_deregister_external(const esp_partition_t *partition);

// Forgets the list, external partitions too; the next call loads the table again. Pointers to partitions
// become invalid.
void esp_partition_unload_all(void);

#ifdef __cplusplus
}
#endif

#endif
