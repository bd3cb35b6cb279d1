// Over-the-air updates: write an image, choose what boots, confirm it or go back (AU rules).
//
// Sizes and offsets are in bytes and 32-bit, as on the chip. No locking: not thread safe (AU-3). The API's
// state is lost on every reset (AU-1). A function that the board's ESP-IDF release does not have returns
// ESP_ERR_NOT_SUPPORTED.
#ifndef ESP_OTA_OPS_H
#define ESP_OTA_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_app_desc.h"
#include "esp_app_format.h"
#include "esp_bootloader_desc.h"
#include "esp_err.h"
#include "esp_flash_partitions.h"
#include "esp_partition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OTA_SIZE_UNKNOWN           0xFFFFFFFFu // begin: erase the whole partition
#define OTA_WITH_SEQUENTIAL_WRITES 0xFFFFFFFEu // begin, resume: erase while writing

#define ESP_ERR_OTA_PARTITION_CONFLICT     (ESP_ERR_OTA_BASE + 0x01) // the running partition
#define ESP_ERR_OTA_SELECT_INFO_INVALID    (ESP_ERR_OTA_BASE + 0x02) // never returned (AU-170)
#define ESP_ERR_OTA_VALIDATE_FAILED        (ESP_ERR_OTA_BASE + 0x03)
#define ESP_ERR_OTA_SMALL_SEC_VER          (ESP_ERR_OTA_BASE + 0x04) // below the eFuse secure version
#define ESP_ERR_OTA_ROLLBACK_FAILED        (ESP_ERR_OTA_BASE + 0x05) // nothing to go back to
#define ESP_ERR_OTA_ROLLBACK_INVALID_STATE (ESP_ERR_OTA_BASE + 0x06) // the running app is not confirmed yet
#define ESP_ERR_OTA_ALREADY_IN_PROGRESS                                                                      \
    (ESP_ERR_OTA_BASE + 0x07) // partition in use by an open operation (v6.1+)
#define ESP_ERR_OTA_SPI_MODE_MISMATCH (ESP_ERR_OTA_BASE + 0x08) // v6.1+

typedef uint32_t esp_ota_handle_t;

// ---- writing an image ---------------------------------------------------------------------------

// Opens an operation and erases; an erase error leaves it open (AU-14): abort it. AU-10 to AU-22.
esp_err_t esp_ota_begin(const esp_partition_t *partition, size_t image_size, esp_ota_handle_t *out_handle);

// Opens an operation over an image whose first image_offset bytes are already there; erases nothing. AU-25 to
// AU-28.
esp_err_t esp_ota_resume(const esp_partition_t *partition, const size_t erase_size, const size_t image_offset,
                         esp_ota_handle_t *out_handle);

// Says what the bytes are for when that is not the partition they are staged in. AU-30 to AU-32.
esp_err_t esp_ota_set_final_partition(esp_ota_handle_t handle, const esp_partition_t *final,
                                      bool finalize_with_copy);

// Appends bytes. AU-40 to AU-47.
esp_err_t esp_ota_write(esp_ota_handle_t handle, const void *data, size_t size);

// Writes anywhere in the partition, never erasing. AU-50, AU-51.
esp_err_t esp_ota_write_with_offset(esp_ota_handle_t handle, const void *data, size_t size, uint32_t offset);

// Verifies what was written and closes the operation, whatever the result. AU-70 to AU-77.
esp_err_t esp_ota_end(esp_ota_handle_t handle);

// Closes the operation and leaves flash as it is. AU-80.
esp_err_t esp_ota_abort(esp_ota_handle_t handle);

// ---- choosing what boots ------------------------------------------------------------------------

esp_err_t esp_ota_set_boot_partition(const esp_partition_t *partition);                      // AU-90 to AU-95
esp_err_t esp_ota_set_boot_partition_skip_validate(const esp_partition_t *partition);        // v6.1+
const esp_partition_t *esp_ota_get_boot_partition(void);                                     // AU-100
const esp_partition_t *esp_ota_get_running_partition(void);                                  // AU-101
const esp_partition_t *esp_ota_get_next_update_partition(const esp_partition_t *start_from); // AU-102
uint8_t esp_ota_get_app_partition_count(void);                                               // AU-103

// ---- descriptors --------------------------------------------------------------------------------

esp_err_t esp_ota_get_partition_description(const esp_partition_t *partition,
                                            esp_app_desc_t *app_desc); // AU-111

// NULL: the bootloader's own place. AU-112, v5.2+.
esp_err_t esp_ota_get_bootloader_description(const esp_partition_t *bootloader_partition,
                                             esp_bootloader_desc_t *desc);

// Would this header and descriptor run here? AU-115, v6.1+.
esp_err_t esp_ota_check_image_validity(esp_partition_type_t type, const esp_image_header_t *image_header,
                                       const esp_app_desc_t *app_desc);

// The names of esp_app_get_description and esp_app_get_elf_sha256 before v5.0 (AU-113).
const esp_app_desc_t *esp_ota_get_app_description(void);
int esp_ota_get_app_elf_sha256(char *dst, size_t size);

// ---- rollback -----------------------------------------------------------------------------------

bool esp_ota_check_rollback_is_possible(void);                   // AU-120
esp_err_t esp_ota_mark_app_valid_cancel_rollback(void);          // AU-121
esp_err_t esp_ota_mark_app_invalid_rollback(void);               // AU-123, v5.5+
esp_err_t esp_ota_mark_app_invalid_rollback_and_reboot(void);    // returns on an error only
const esp_partition_t *esp_ota_get_last_invalid_partition(void); // AU-125
esp_err_t esp_ota_get_state_partition(const esp_partition_t *partition,
                                      esp_ota_img_states_t *ota_state); // AU-130
esp_err_t esp_ota_erase_last_boot_app_partition(void);                  // AU-140
esp_err_t esp_ota_invalidate_inactive_ota_data_slot(void);              // AU-140, v5.5+

#ifdef __cplusplus
}
#endif

#endif
