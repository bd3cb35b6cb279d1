// Application images: header, segments, descriptor, checksum, hash (IMG rules).
#ifndef OTA_APP_IMAGE_H
#define OTA_APP_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_app_format.h"
#include "include/esp_err.h"

struct firmware_build;

enum app_image_mode {
    APP_IMAGE_VERIFY,          // the application's esp_image_verify
    APP_IMAGE_LOAD,            // the bootloader: also refuses segments that would overwrite memory in use
    APP_IMAGE_LOAD_NO_VALIDATE // the bootloader, skipping what IMG-45 says
};

struct app_image {
    uint32_t start;  // flash address
    uint32_t length; // up to and including the hash (IMG-17)
    esp_image_header_t header;
    esp_image_segment_header_t segments[ESP_IMAGE_MAX_SEGMENTS]; // header.segment_count of them
    uint32_t segment_data[ESP_IMAGE_MAX_SEGMENTS];               // flash addresses of their data
    uint32_t mmu_page_size;       // of the image: what its mapped segments are aligned to (CH-22)
    uint32_t build_mmu_page_size; // of the build that looked: what mapped ranges follow (CH-21)
    uint32_t secure_version;      // from the descriptor, read while hashing (anti-rollback builds)
    bool hash_appended;
    uint8_t digest[32]; // the appended SHA-256, when hash_appended
};

// Verifies the image in the region [start, start + size). Zeroes `out` on failure. IMG-20 to IMG-45.
esp_err_t app_image_verify(enum app_image_mode mode, uint32_t start, uint32_t size, struct app_image *out);

// The same, as a question: of one that is not whole nothing is learned but that. `why_not`: for the console only,
// 0 when nobody listens.
bool app_image_is_whole(enum app_image_mode mode, uint32_t start, uint32_t size, struct app_image *out,
                        esp_err_t *why_not);

// IMG-22 for a header by itself: does the image run on this chip? ESP_FAIL: no.
esp_err_t app_image_check_chip(const esp_image_header_t *header, bool is_bootloader,
                               const struct firmware_build *build);

// Headers only: no checksum, no hash computed. IMG-50.
esp_err_t app_image_metadata(uint32_t start, uint32_t size, struct app_image *out);

// The 256-byte descriptor at image offset 32. ESP_ERR_NOT_FOUND: wrong magic (out is filled all the same);
// flash errors as they are.
esp_err_t app_image_descriptor(uint32_t start, esp_app_desc_t *out);

#endif
