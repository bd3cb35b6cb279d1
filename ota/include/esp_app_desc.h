// The application descriptor: the first 256 bytes of an app image's first segment (IMG-10).
#ifndef ESP_APP_DESC_H
#define ESP_APP_DESC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_APP_DESC_MAGIC_WORD 0xABCD5432u

typedef struct {
    uint32_t magic_word;     // ESP_APP_DESC_MAGIC_WORD
    uint32_t secure_version; // compared with the eFuse in anti-rollback builds (EF-11)
    uint32_t reserv1[2];
    char version[32]; // texts end in a NUL only when shorter than their field (IMG-11)
    char project_name[32];
    char time[16];
    char date[16];
    char idf_ver[32];
    uint8_t app_elf_sha256[32];
    uint16_t min_efuse_blk_rev_full; // major * 100 + minor
    uint16_t max_efuse_blk_rev_full;
    uint8_t mmu_page_size; // log2 of bytes, 13 to 18; anything else: the default (IMG-12)
    uint8_t spi_mode;      // SPI flash mode of the build; 0 in older images (v6.1+)
    uint8_t reserv3[2];
    uint32_t reserv2[18];
} esp_app_desc_t;

// The running application's own descriptor. Lives until the reset.
const esp_app_desc_t *esp_app_get_description(void);

// The first `size - 1` digits, at most 64, of the ELF file's SHA-256 as lower-case hex, NUL-terminated.
// Returns the number of bytes written with the NUL. ELF digits that do not fit are left out.
int esp_app_get_elf_sha256(char *dst, size_t size);

// The same with ESP-IDF's default of nine digits.
char *esp_app_get_elf_sha256_str(void);

#ifdef __cplusplus
}
#endif

#endif
