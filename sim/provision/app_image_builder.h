// Builds application images that bootloader, update code and esptool accept (IMG rules), reproducibly: equal
// options, equal bytes.
#ifndef SIM_PROVISION_APP_IMAGE_BUILDER_H
#define SIM_PROVISION_APP_IMAGE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../base/buffer.h"
#include "../base/error.h"

#define APP_IMAGE_HEADER_SIZE         24u
#define APP_IMAGE_SEGMENT_HEADER_SIZE 8u
#define APP_IMAGE_DESCRIPTOR_OFFSET   32u // IMG-10
#define APP_IMAGE_DESCRIPTOR_SIZE     256u
#define APP_IMAGE_ELF_HASH_OFFSET     144u // within the descriptor (IMG-10)
#define APP_IMAGE_HASH_SIZE           32u
#define APP_IMAGE_SEGMENTS_MAX        16u // IMG-23
#define APP_IMAGE_SIZE_MIN            336u // the descriptor, four bytes of mapped code, checksum, hash (IMG-60, HW-120)
#define APP_IMAGE_SIZE_MAX            (16u << 20) // IMG-20

// ---- an image as a build makes it ---------------------------------------------------------------

// Plain values: may be copied. Start from app_image_options_default().
struct app_image_options {
    const struct chip_target *target; // NULL: esp32
    char version[33];                 // at most 32 bytes; a 32-byte text has no NUL in the image (IMG-11)
    char project[33];
    char idf_version[33];
    char compile_time[17], compile_date[17];
    uint32_t secure_version;
    uint32_t size;      // bytes of the whole image, hash included, rounded up to 16; 0: as body_size says
    uint32_t body_size; // bytes of pseudo-random code and data beside the descriptor, rounded up to 4; when
                        // size is 0
    uint64_t seed;      // of the body
    uint16_t min_chip_revision; // major * 100 + minor
    uint16_t max_chip_revision; // 65535: no limit
    uint16_t min_efuse_block_revision;
    uint16_t max_efuse_block_revision;
    uint8_t mmu_page_log2;  // 0: the target's default page (IMG-12)
    uint8_t spi_mode;       // header byte 2 and descriptor byte 181
    bool elf_sha256_set;    // else a hash that no program has
    uint8_t elf_sha256[32]; // of the program, in the descriptor
    bool hash_appended;
};

// esp32, "1.0.0", "app", no body, all revisions allowed, hash appended.
struct app_image_options app_image_options_default(void);

// Appends the image to `out`. Larger ones get mapped data, copied data and mapped code, as builds have.
// False: the size is out of range or the page size impossible; `out` is untouched.
bool app_image_build(const struct app_image_options *options, struct buffer *out, struct error *error);

// Slots are chosen by offset: the length that app_image_build gives for these options (0: impossible
// options).
uint32_t app_image_length(const struct app_image_options *options);

// ---- the parts, for tests and damaged images ----------------------------------------------------

struct app_image_segment {
    uint32_t load_address;
    uint32_t length;  // bytes; any value goes into the header
    const void *data; // `length` bytes; borrowed
};

// Header fields as they stand in the image; nothing is checked or corrected.
struct app_image_parts {
    uint8_t magic;              // 0xE9
    uint8_t spi_mode;           // byte 2
    uint8_t spi_speed_and_size; // byte 3
    uint32_t entry;
    uint16_t chip_id;
    uint8_t min_revision_legacy; // byte 14
    uint16_t min_chip_revision, max_chip_revision;
    bool hash_appended;
    const struct app_image_segment *segments;
    uint8_t segment_count;
};

// Appends header, segments, padding, checksum and, when announced, the hash (IMG-62).
void app_image_assemble(const struct app_image_parts *parts, struct buffer *out);

// After a change of an image's bytes: checksum and hash made right again. False: the headers do not describe
// an image inside `length`.
bool app_image_seal(uint8_t *image, size_t length);

#endif
