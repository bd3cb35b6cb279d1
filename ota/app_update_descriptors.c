// Descriptors: what an image says about itself (AU-111 to AU-115).
#include <string.h>

#include "api_call.h"
#include "app_image.h"
#include "firmware.h"
#include "include/esp_ota_ops.h"
#include "port.h"

#define DESCRIPTOR_OFFSET 32u // IMG-10, IMG-13

static const char tag[] = "ota";

// ---- of partitions ------------------------------------------------------------------------------

static esp_err_t describe_partition(const esp_partition_t *partition, esp_app_desc_t *descriptor) {
    if (partition == NULL || descriptor == NULL)
        return ESP_ERR_INVALID_ARG;
    if (partition->type != ESP_PARTITION_TYPE_APP)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "get_partition_description: not an app partition");
    esp_err_t code = esp_partition_read(partition, DESCRIPTOR_OFFSET, descriptor, sizeof *descriptor);
    if (code == ESP_OK && descriptor->magic_word != ESP_APP_DESC_MAGIC_WORD)
        code = refuse(tag, ESP_ERR_NOT_FOUND, "get_partition_description: no descriptor there");
    return code;
}

esp_err_t esp_ota_get_partition_description(const esp_partition_t *partition, esp_app_desc_t *app_desc) {
    API_CALL(esp_err_t, describe_partition(partition, app_desc));
}

static esp_err_t describe_bootloader(const esp_partition_t *partition, esp_bootloader_desc_t *descriptor) {
    const struct firmware *ram = port_ram();
    if (!ram->app_build->profile->has_bootloader_description)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "this release has no esp_ota_get_bootloader_description");
    if (descriptor == NULL)
        return ESP_ERR_INVALID_ARG;
    esp_partition_t primary = {.flash_chip = esp_flash_default_chip,
                               .type = ESP_PARTITION_TYPE_BOOTLOADER,
                               .subtype = ESP_PARTITION_SUBTYPE_BOOTLOADER_PRIMARY,
                               .address = ram->target->bootloader_offset,
                               .size =
                                   ram->app_build->partition_table_offset - ram->target->bootloader_offset};
    esp_err_t code = esp_partition_read(partition != NULL ? partition : &primary, DESCRIPTOR_OFFSET,
                                        descriptor, sizeof *descriptor);
    if (code == ESP_OK && descriptor->magic_byte != ESP_BOOTLOADER_DESC_MAGIC_BYTE)
        code = refuse(tag, ESP_ERR_NOT_FOUND, "get_bootloader_description: no descriptor there");
    return code;
}

esp_err_t esp_ota_get_bootloader_description(const esp_partition_t *bootloader_partition,
                                             esp_bootloader_desc_t *desc) {
    API_CALL(esp_err_t, describe_bootloader(bootloader_partition, desc));
}

// ---- of the running app -------------------------------------------------------------------------

const esp_app_desc_t *esp_app_get_description(void) {
    struct firmware *ram = port_ram();
    if (!ram->app_description_loaded) { // the linker put it into the image that runs
        (void)app_image_descriptor(ram->running_address, &ram->app_description);
        ram->app_description_loaded = true;
    }
    return &ram->app_description;
}

const esp_app_desc_t *esp_ota_get_app_description(void) {
    return esp_app_get_description();
}

static char hex_digit(unsigned value) {
    return "0123456789abcdef"[value & 0xF];
}

int esp_app_get_elf_sha256(char *dst, size_t size) {
    const esp_app_desc_t *descriptor = esp_app_get_description();
    const size_t all = 2 * sizeof descriptor->app_elf_sha256;
    if (dst == NULL || size == 0)
        return 0;
    size_t digits = size - 1 < all ? size - 1 : all;
    for (size_t i = 0; i < digits; i++) {
        unsigned byte = descriptor->app_elf_sha256[i / 2];
        dst[i] = hex_digit(i % 2 == 0 ? byte >> 4 : byte);
    }
    dst[digits] = '\0';
    return (int)digits + 1;
}

int esp_ota_get_app_elf_sha256(char *dst, size_t size) {
    return esp_app_get_elf_sha256(dst, size);
}

char *esp_app_get_elf_sha256_str(void) {
    struct firmware *ram = port_ram();
    (void)esp_app_get_elf_sha256(ram->app_elf_sha256_text, sizeof ram->app_elf_sha256_text);
    return ram->app_elf_sha256_text;
}

// ---- of an image that is to come ----------------------------------------------------------------

static esp_err_t check_image_validity(esp_partition_type_t type, const esp_image_header_t *header,
                                      const esp_app_desc_t *descriptor) {
    const struct firmware_build *build = port_ram()->app_build;
    if (!build->profile->has_skip_validate)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "this release has no esp_ota_check_image_validity");
    if (header == NULL || (type != ESP_PARTITION_TYPE_APP && type != ESP_PARTITION_TYPE_BOOTLOADER))
        return ESP_ERR_INVALID_ARG;
    if (app_image_check_chip(header, type == ESP_PARTITION_TYPE_BOOTLOADER, build) != ESP_OK)
        return ESP_ERR_INVALID_VERSION;
    if (type == ESP_PARTITION_TYPE_APP && descriptor != NULL) {
        uint8_t running = esp_app_get_description()->spi_mode;
        if (running != 0 && descriptor->spi_mode != 0 && running != descriptor->spi_mode) {
            return refuse(tag, ESP_ERR_OTA_SPI_MODE_MISMATCH,
                          "the image was built for another SPI flash mode");
        }
    }
    return ESP_OK;
}

esp_err_t esp_ota_check_image_validity(esp_partition_type_t type, const esp_image_header_t *image_header,
                                       const esp_app_desc_t *app_desc) {
    API_CALL(esp_err_t, check_image_validity(type, image_header, app_desc));
}
