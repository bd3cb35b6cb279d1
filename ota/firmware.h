// The firmware as a whole: what was built into it, and all of its mutable state.
//
// Two programs run on a device: the second-stage bootloader and the application. Each is built with its own
// options, which normally agree but need not (a bootloader is rarely updated). Both keep their RAM in `struct
// firmware`; the board clears it at every reset.
#ifndef OTA_FIRMWARE_H
#define OTA_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "chip_target.h"
#include "include/esp_ota_ops.h"
#include "include/esp_partition.h"
#include "nvs_ram.h"
#include "release_profile.h"

// When the bootloader starts an image without validating it (BL-4, BL-56, BL-60).
enum skip_validate {
    SKIP_VALIDATE_NEVER = 0,
    SKIP_VALIDATE_ALWAYS = 1,
    SKIP_VALIDATE_POWER_ON = 2,
    SKIP_VALIDATE_DEEP_SLEEP = 4
};

// Build options (Kconfig) of one program. Constants: a reset does not touch them.
struct firmware_build {
    const struct release_profile *profile;
    uint32_t partition_table_offset; // CONFIG_PARTITION_TABLE_OFFSET, default 0x8000 (FL-30)
    bool partition_table_md5;        // CONFIG_PARTITION_TABLE_MD5, default y; the app's loader only (PT-32)
    bool rollback;               // CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE; since v6.2 without _ENABLE (RL-1)
    bool confirm_on_startup;     // CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP (RL-2); app only
    bool rollback_unsaid;        // both are what Kconfig has by itself, and so follow the release
    bool anti_rollback;          // CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK, needs rollback
    uint8_t secure_version_bits; // CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD (EF-3)
    unsigned skip_validate;      // bits of enum skip_validate; bootloader only
    bool factory_reset;          // CONFIG_BOOTLOADER_FACTORY_RESET; bootloader only (BL-46)
    bool factory_reset_erases_otadata; // CONFIG_BOOTLOADER_OTA_DATA_ERASE
    char factory_reset_labels[128];    // CONFIG_BOOTLOADER_DATA_FACTORY_RESET, default "nvs"
    bool app_test;                     // CONFIG_BOOTLOADER_APP_TEST (BL-48)
    uint32_t pin_hold_ms;              // CONFIG_BOOTLOADER_HOLD_TIME_GPIO in ms, default 5000 (BL-45)
    uint8_t mmu_page_log2;             // CONFIG_MMU_PAGE_SIZE; 0: as the flash size gives it (CH-20, CH-21)
    uint32_t loader_code_end; // where this bootloader's code and static data end; 0: where those of a
    uint32_t loader_data_end; // default build of its release do (CH-11); bootloader only
    struct {                  // CONFIG_ESP_HTTPS_OTA_... (HO-2, HO-11, HO-34); app only
        bool allow_http;
        bool decrypt_cb;
        bool enable_partial_download; // looked at since v6.0
        bool spi_mode_unverified;     // VERIFY_SPI_MODE, default y, is off
    } https_ota;
};

// A bootloader whose code is known: ROM may find it in flash. Told from others by what it executes.
struct known_bootloader {
    uint32_t entry, length; // of the image, up to the checksum
    uint8_t code[32];       // SHA-256 of all of that behind the header
    struct firmware_build build;
};

// The size of the flash as the running program takes it, in bytes: firmware.flash_size.
uint32_t firmware_flash_size(void);

// Is the bootloader at work, and not yet an app?
bool firmware_in_bootloader(void);

// Kconfig's defaults for a release; target decides the secure version width.
struct firmware_build firmware_build_default(const struct release_profile *profile,
                                             const struct chip_target *target);

// The same options under another release: what nobody said follows it.
void firmware_build_set_release(struct firmware_build *build, const struct release_profile *profile);

// The real code takes memory from the heap; these bounds stand for it. One more gives ESP_ERR_NO_MEM.
#define FIRMWARE_PARTITIONS_MAX 160u // rows of a 4096-byte table (128, PT-31) plus registered external ones
#define FIRMWARE_OPERATIONS_MAX 16u  // open OTA operations
#define FIRMWARE_ITERATORS_MAX  16u  // open partition iterators
#define FIRMWARE_MAPPINGS_MAX   16u  // mapped flash ranges

enum partition_origin { PARTITION_ABSENT, PARTITION_FROM_TABLE, PARTITION_REGISTERED };

// All of the firmware's RAM.
struct firmware {
    // Constants, set by the board when it is made.
    const struct chip_target *target;
    const struct firmware_build *bootloader_build;
    const struct firmware_build *app_build;
    const struct known_bootloader *bootloaders; // that may lie in flash (rom_boot.h)
    uint32_t bootloader_count;

    // Where the program counter is: the app image that the bootloader started. 0, 0: none (still in the
    // bootloader).
    uint32_t running_address;
    uint32_t running_size;

    // Flash size in the header of the bootloader that started, which counts for bootloader and app (CH-50,
    // CH-52). 0: that of the chip.
    uint32_t flash_size;

    // The partition list (PT-30, PA-1), iterators over it and mappings.
    bool partitions_loaded;
    uint32_t partition_count;    // rows below it may be absent: deregistered ones
    uint32_t partitions_touched; // rows beyond have been all zeros since the reset: they need no clearing
    esp_partition_t partitions[FIRMWARE_PARTITIONS_MAX];
    uint8_t partition_origin[FIRMWARE_PARTITIONS_MAX]; // enum partition_origin
    struct esp_partition_iterator_opaque_ {
        bool open;
        esp_partition_type_t type;
        esp_partition_subtype_t subtype;
        bool any_label;
        char label[18]; // one more than a partition's, so that a longer one matches none
        uint32_t index;
    } iterators[FIRMWARE_ITERATORS_MAX];
    const void *mappings[FIRMWARE_MAPPINGS_MAX]; // handle - 1; NULL: free

    // The app's update state (AU-1).
    struct ota_operation {
        esp_ota_handle_t handle; // 0: free
        const esp_partition_t *staging;
        const esp_partition_t *final;
        bool finalize_with_copy;
        bool sequential_erase;
        bool resumed;
        uint32_t wrote_size;
    } operations[FIRMWARE_OPERATIONS_MAX];
    esp_ota_handle_t last_handle;
    const esp_partition_t *running_partition; // cache (AU-101)
    uint32_t bootloader_offset;               // the bootloader-offset variable (IMG-35); 0: primary
    bool dangerous_writes_allowed;            // PA-66
    esp_app_desc_t app_description;           // the running image's own, once asked for
    bool app_description_loaded;
    char app_elf_sha256_text[10]; // nine digits

    struct nvs_ram nvs; // last: firmware_clear relies on it
};

// What a reset does to RAM: all of it is zeros. What nobody has used since the last one is that already, and it is
// most of it. Here, since the board has the firmware's words but not its code.
static inline void firmware_clear(struct firmware *ram) {
    size_t rows = ram->partitions_touched, pages = ram->nvs.pages_touched;
    bool nvs_used = ram->nvs.used;
    memset(ram, 0, offsetof(struct firmware, partitions));
    memset(ram->partitions, 0, rows * sizeof ram->partitions[0]);
    memset(ram->partition_origin, 0,
           offsetof(struct firmware, nvs) - offsetof(struct firmware, partition_origin));
    if (!nvs_used)
        return;
    memset(&ram->nvs, 0, offsetof(struct nvs_ram, pages));
    memset(ram->nvs.pages, 0, pages * sizeof ram->nvs.pages[0]);
}

#endif
