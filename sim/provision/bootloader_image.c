#include "bootloader_image.h"

#include <string.h>

#include <openssl/evp.h>

#include "../../ota/little_endian.h"
#include "../../ota/loader_memory.h"
#include "app_image_builder.h"
#include "app_image_reader.h"

#define HEADER_MAGIC         0xE9u
#define ENTRY_AT             4u
#define MODE_DIO             2u
#define MIB                  (1u << 20)
#define SIZE_CODE_MAX        7u   // 128 MiB (FL-6)
#define DATA_LENGTH          256u // the descriptor and some data
#define CODE_LENGTH          1024u
#define DESCRIPTOR_MAGIC     0x50u // IMG-13
#define IDF_VERSION_AT       8u
#define IDF_VERSION_LENGTH   32u
#define REVISION_MAX_UNKNOWN UINT16_MAX

static bool size_code(uint32_t flash_size, uint8_t *code) {
    for (*code = 0; *code <= SIZE_CODE_MAX; (*code)++)
        if (MIB << *code == flash_size)
            return true;
    return false;
}

bool bootloader_image_build(const struct chip_target *target, const struct firmware_build *build,
                            uint32_t flash_size, uint64_t seed, struct buffer *out, struct error *error) {
    uint8_t code, data[DATA_LENGTH] = {DESCRIPTOR_MAGIC}, text[CODE_LENGTH];
    if (!size_code(flash_size, &code))
        return error_set(error,
                         "a bootloader for %u bytes of flash: 1, 2, 4 ... 128 MiB can be said in its header",
                         (unsigned)flash_size);
    struct loader_memory memory = loader_memory_of(target, build, target->revision);
    (void)strncpy((char *)data + IDF_VERSION_AT, build->profile->name, IDF_VERSION_LENGTH - 1);
    for (uint32_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7 + (i >> 8) * 13 + seed * 31);
    const struct app_image_segment segments[] = {
        {.load_address = memory.data, .length = sizeof data, .data = data},
        {.load_address = memory.code, .length = sizeof text, .data = text},
    };
    struct app_image_parts parts = {.magic = HEADER_MAGIC,
                                    .spi_mode = MODE_DIO,
                                    .spi_speed_and_size = (uint8_t)(code << 4 | target->flash_frequency),
                                    .entry = memory.code,
                                    .chip_id = target->chip_id,
                                    .min_revision_legacy = (uint8_t)(target->minimum_revision / 100),
                                    .min_chip_revision = target->minimum_revision,
                                    .max_chip_revision = REVISION_MAX_UNKNOWN,
                                    .hash_appended = true,
                                    .segments = segments,
                                    .segment_count = sizeof segments / sizeof *segments};
    app_image_assemble(&parts, out);
    return true;
}

bool bootloader_image_known(const void *image, size_t length, const struct firmware_build *build,
                            struct known_bootloader *out) {
    struct app_image_summary summary;
    (void)app_image_describe_bytes(image, length, &summary);
    if (!summary.is_image)
        return false;
    uint32_t hash = summary.hash_appended ? APP_IMAGE_HASH_SIZE : 0;
    *out = (struct known_bootloader){.entry = le32_get((const uint8_t *)image + ENTRY_AT),
                                     .length = summary.length - hash,
                                     .build = *build};
    (void)EVP_Digest((const uint8_t *)image + APP_IMAGE_HEADER_SIZE, out->length - APP_IMAGE_HEADER_SIZE,
                     out->code, NULL, EVP_sha256(), NULL);
    return true;
}
