// Verifying images from an application (IMG rules).
#ifndef ESP_IMAGE_FORMAT_H
#define ESP_IMAGE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_app_format.h"
#include "esp_err.h"
#include "esp_flash_partitions.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_ERR_IMAGE_FLASH_FAIL (ESP_ERR_IMAGE_BASE + 1)
#define ESP_ERR_IMAGE_INVALID    (ESP_ERR_IMAGE_BASE + 2)

// In an application all of them verify.
typedef enum { ESP_IMAGE_VERIFY, ESP_IMAGE_VERIFY_SILENT } esp_image_load_mode_t;

typedef struct {
    uint32_t start_addr; // flash address of the image
    esp_image_header_t image;
    esp_image_segment_header_t segments[ESP_IMAGE_MAX_SEGMENTS];
    uint32_t segment_data[ESP_IMAGE_MAX_SEGMENTS]; // flash addresses of the segments' data
    uint32_t image_len;                            // bytes, checksum padding and hash included (IMG-17)
    uint8_t image_digest[32];                      // the appended SHA-256, if there is one
    uint32_t secure_version;                       // anti-rollback builds only
    uint32_t mmu_page_size;
} esp_image_metadata_t;

// Checks the image in a region; `data` is zeroed on failure. Codes: IMG-20 to IMG-36.
esp_err_t esp_image_verify(esp_image_load_mode_t mode, const esp_partition_pos_t *part,
                           esp_image_metadata_t *data);

// Headers only, neither checksum nor hash are computed (IMG-50).
esp_err_t esp_image_get_metadata(const esp_partition_pos_t *part, esp_image_metadata_t *metadata);

#ifdef __cplusplus
}
#endif

#endif
