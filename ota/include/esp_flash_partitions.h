// What lies in flash: partition table rows and the otadata entry (PT-1, OD-1).
#ifndef ESP_FLASH_PARTITIONS_H
#define ESP_FLASH_PARTITIONS_H

#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_PARTITION_MAGIC      0x50AA
#define ESP_PARTITION_MAGIC_MD5  0xEBEB
#define ESP_PARTITION_MD5_OFFSET 16

#define ESP_PARTITION_TABLE_MAX_LEN     0xC00 // bytes (FL-31)
#define ESP_PARTITION_TABLE_MAX_ENTRIES (ESP_PARTITION_TABLE_MAX_LEN / 32)

#define PART_FLAG_ENCRYPTED (1 << 0)
#define PART_FLAG_READONLY  (1 << 1)

// The state of an app slot (OD, "States").
typedef enum {
    ESP_OTA_IMG_NEW = 0x0,
    ESP_OTA_IMG_PENDING_VERIFY = 0x1,
    ESP_OTA_IMG_VALID = 0x2,
    ESP_OTA_IMG_INVALID = 0x3,
    ESP_OTA_IMG_ABORTED = 0x4,
    ESP_OTA_IMG_UNDEFINED = 0xFFFFFFFFu
} esp_ota_img_states_t;

// One otadata entry, 32 bytes at the start of each of the partition's two sectors.
typedef struct {
    uint32_t ota_seq; // 0xFFFFFFFF: blank
    uint8_t seq_label[20];
    uint32_t ota_state;
    uint32_t crc; // over ota_seq only (OD-2)
} esp_ota_select_entry_t;

// A piece of flash: absolute address and length in bytes.
typedef struct {
    uint32_t offset;
    uint32_t size;
} esp_partition_pos_t;

// One row of the partition table, 32 bytes.
typedef struct {
    uint16_t magic; // ESP_PARTITION_MAGIC
    uint8_t type;
    uint8_t subtype;
    esp_partition_pos_t pos;
    uint8_t label[16]; // ends in a NUL only when shorter
    uint32_t flags;
} esp_partition_info_t;

#ifdef __cplusplus
}
#endif

#endif
