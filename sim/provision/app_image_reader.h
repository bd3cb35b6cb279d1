// Says what image lies at an address: for reports and for provisioning, past the firmware and the chip model.
#ifndef SIM_PROVISION_APP_IMAGE_READER_H
#define SIM_PROVISION_APP_IMAGE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../hw/flash.h"

struct app_image_summary {
    bool blank;    // the first 24 bytes are FF
    bool is_image; // magic and segment headers make sense and end inside the region
    uint8_t segment_count;
    uint16_t chip_id;
    uint16_t min_chip_revision, max_chip_revision;
    bool has_descriptor;
    // these need has_descriptor; texts are NUL-terminated and otherwise as in the image
    uint32_t secure_version;
    char version[33], project[33], idf_version[33];
    char compile_date[17], compile_time[17];
    bool is_bootloader; // it has a bootloader's descriptor (IMG-13), since v5.2; idf_version is its, and:
    uint32_t bootloader_version; // CONFIG_BOOTLOADER_PROJECT_VER
    char bootloader_date[25];
    uint32_t length;  // bytes up to and including the hash; 0 unless is_image
    bool checksum_ok; // these need is_image
    bool hash_appended;
    bool hash_ok; // also true when no hash is appended
};

// Looks at [address, address + region); the region is cut at the flash's end. True: a whole image with right
// checksum and hash.
bool app_image_describe(const struct flash *flash, uint32_t address, uint32_t region,
                        struct app_image_summary *out);
bool app_image_describe_bytes(const void *bytes, size_t length, struct app_image_summary *out);

// One line for people: `app 1.2.3, 196608 bytes, secure version 2` or what is wrong with it. Unprintable
// bytes are escaped.
void app_image_summary_print(const struct app_image_summary *summary, struct buffer *out);

#endif
