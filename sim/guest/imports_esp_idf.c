// ESP-IDF's functions of ota/include: the firmware's own, called as they stand, but for those that change what may boot, around
// which the scenario's invariants are told (guest_host).
#include "../../ota/firmware.h"
#include "../../ota/include/bootloader_common.h"
#include "../../ota/include/esp_app_desc.h"
#include "../../ota/include/esp_efuse.h"
#include "../../ota/include/esp_flash.h"
#include "../../ota/include/esp_image_format.h"
#include "../../ota/include/esp_log.h"
#include "../../ota/include/esp_ota_ops.h"
#include "../../ota/include/esp_partition.h"
#include "../../ota/include/esp_sleep.h"
#include "../../ota/include/esp_system.h"
#include "../../ota/include/nvs.h"
#include "../../ota/include/nvs_flash.h"
#include "../../ota/port.h"
#include "guest.h"
#include "imports.h"

// ---- which are told -----------------------------------------------------------------------------

static const struct guest_host *host(void) {
    return guest_host(guest_running());
}

static esp_err_t select_by(esp_err_t (*set)(const esp_partition_t *partition),
                           const esp_partition_t *partition) {
    const struct guest_host *told = host();
    if (told->selecting != NULL)
        told->selecting(told->context, partition);
    esp_err_t code = set(partition);
    if (told->selected != NULL)
        told->selected(told->context, partition, code == ESP_OK);
    return code;
}

static esp_err_t set_boot_partition(const esp_partition_t *partition) {
    return select_by(esp_ota_set_boot_partition, partition);
}

static esp_err_t set_boot_partition_skip_validate(const esp_partition_t *partition) {
    return select_by(esp_ota_set_boot_partition_skip_validate, partition);
}

static esp_err_t mark_app_valid(void) {
    const struct guest_host *told = host();
    if (told->confirming != NULL)
        told->confirming(told->context);
    esp_err_t code = esp_ota_mark_app_valid_cancel_rollback();
    if (told->confirmed != NULL && code == ESP_OK)
        told->confirmed(told->context);
    return code;
}

static esp_err_t reject_by(esp_err_t (*reject)(void)) {
    const struct guest_host *told = host();
    if (told->rejecting != NULL)
        told->rejecting(told->context);
    return reject();
}

static esp_err_t mark_app_invalid(void) {
    return reject_by(esp_ota_mark_app_invalid_rollback);
}

static esp_err_t mark_app_invalid_and_reboot(void) {
    return reject_by(esp_ota_mark_app_invalid_rollback_and_reboot);
}

static uint32_t open_operations(void) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++)
        count += port_ram()->operations[i].handle != 0;
    return count;
}

static esp_err_t began(const esp_partition_t *partition, uint32_t open, esp_err_t code) {
    const struct guest_host *told = host();
    if (told->begun != NULL)
        told->begun(told->context, partition, open, code == ESP_OK);
    return code;
}

static esp_err_t begin(const esp_partition_t *partition, size_t size, esp_ota_handle_t *handle) {
    uint32_t open = open_operations();
    return began(partition, open, esp_ota_begin(partition, size, handle));
}

static esp_err_t resume(const esp_partition_t *partition, size_t erase, size_t offset,
                        esp_ota_handle_t *handle) {
    uint32_t open = open_operations();
    return began(partition, open, esp_ota_resume(partition, erase, offset, handle));
}

_Noreturn static void check_failed(esp_err_t code, const char *file, int line, const char *function,
                                   const char *expression) {
    guest_panic("ESP_ERROR_CHECK failed: %s: %s, in %s at %s:%d", expression, esp_err_to_name(code), function,
                file, line);
}

// ---- all of them --------------------------------------------------------------------------------

// clang-format off
static const struct import rows[] = {
    {"esp_flash_default_chip", NULL, NULL, IMPORT_OBJECT, sizeof esp_flash_default_chip, &esp_flash_default_chip},
    IMPORT_AS(_esp_error_check_failed, check_failed),
    IMPORT(_esp_error_check_failed_without_abort),
    IMPORT(bootloader_common_get_rtc_retain_mem_factory_reset_state),
    IMPORT(bootloader_common_get_rtc_retain_mem_reboot_counter),
    IMPORT(esp_app_get_description),
    IMPORT(esp_app_get_elf_sha256),
    IMPORT(esp_app_get_elf_sha256_str),
    IMPORT(esp_deep_sleep),
    IMPORT(esp_deep_sleep_start),
    IMPORT(esp_efuse_check_secure_version),
    IMPORT(esp_efuse_read_secure_version),
    IMPORT(esp_efuse_set_recovery_bootloader_offset),
    IMPORT(esp_efuse_update_secure_version),
    IMPORT(esp_err_to_name),
    IMPORT(esp_flash_erase_chip),
    IMPORT(esp_flash_erase_region),
    IMPORT(esp_flash_get_size),
    IMPORT(esp_flash_read),
    IMPORT(esp_flash_set_dangerous_write_protection),
    IMPORT(esp_flash_write),
    IMPORT(esp_image_get_metadata),
    IMPORT(esp_image_verify),
    IMPORT(esp_log_write),
    IMPORT(esp_ota_abort),
    IMPORT_AS(esp_ota_begin, begin),
    IMPORT(esp_ota_check_image_validity),
    IMPORT(esp_ota_check_rollback_is_possible),
    IMPORT(esp_ota_end),
    IMPORT(esp_ota_erase_last_boot_app_partition),
    IMPORT(esp_ota_get_app_description),
    IMPORT(esp_ota_get_app_elf_sha256),
    IMPORT(esp_ota_get_app_partition_count),
    IMPORT(esp_ota_get_boot_partition),
    IMPORT(esp_ota_get_bootloader_description),
    IMPORT(esp_ota_get_last_invalid_partition),
    IMPORT(esp_ota_get_next_update_partition),
    IMPORT(esp_ota_get_partition_description),
    IMPORT(esp_ota_get_running_partition),
    IMPORT(esp_ota_get_state_partition),
    IMPORT(esp_ota_invalidate_inactive_ota_data_slot),
    IMPORT_AS(esp_ota_mark_app_invalid_rollback, mark_app_invalid),
    IMPORT_AS(esp_ota_mark_app_invalid_rollback_and_reboot, mark_app_invalid_and_reboot),
    IMPORT_AS(esp_ota_mark_app_valid_cancel_rollback, mark_app_valid),
    IMPORT_AS(esp_ota_resume, resume),
    IMPORT_AS(esp_ota_set_boot_partition, set_boot_partition),
    IMPORT_AS(esp_ota_set_boot_partition_skip_validate, set_boot_partition_skip_validate),
    IMPORT(esp_ota_set_final_partition),
    IMPORT(esp_ota_write),
    IMPORT(esp_ota_write_with_offset),
    IMPORT(esp_partition_check_identity),
    IMPORT(esp_partition_copy),
    IMPORT(esp_partition_deregister_external),
    IMPORT(esp_partition_erase_range),
    IMPORT(esp_partition_find),
    IMPORT(esp_partition_find_err),
    IMPORT(esp_partition_find_first),
    IMPORT(esp_partition_find_first_err),
    IMPORT(esp_partition_get),
    IMPORT(esp_partition_get_main_flash_sector_size),
    IMPORT(esp_partition_get_sha256),
    IMPORT(esp_partition_iterator_release),
    IMPORT(esp_partition_mmap),
    IMPORT(esp_partition_munmap),
    IMPORT(esp_partition_next),
    IMPORT(esp_partition_read),
    IMPORT(esp_partition_read_raw),
    IMPORT(esp_partition_register_external),
    IMPORT(esp_partition_unload_all),
    IMPORT(esp_partition_verify),
    IMPORT(esp_partition_write),
    IMPORT(esp_partition_write_raw),
    IMPORT(esp_reset_reason),
    IMPORT(nvs_close),
    IMPORT(nvs_commit),
    IMPORT(nvs_entry_find),
    IMPORT(nvs_entry_find_in_handle),
    IMPORT(nvs_entry_info),
    IMPORT(nvs_entry_next),
    IMPORT(nvs_erase_all),
    IMPORT(nvs_erase_key),
    IMPORT(nvs_find_key),
    IMPORT(nvs_flash_deinit),
    IMPORT(nvs_flash_deinit_partition),
    IMPORT(nvs_flash_erase),
    IMPORT(nvs_flash_erase_partition),
    IMPORT(nvs_flash_erase_partition_ptr),
    IMPORT(nvs_flash_init),
    IMPORT(nvs_flash_init_partition),
    IMPORT(nvs_flash_init_partition_ptr),
    IMPORT(nvs_flash_secure_init),
    IMPORT(nvs_flash_secure_init_partition),
    IMPORT(nvs_get_blob),
    IMPORT(nvs_get_double),
    IMPORT(nvs_get_float),
    IMPORT(nvs_get_i16),
    IMPORT(nvs_get_i32),
    IMPORT(nvs_get_i64),
    IMPORT(nvs_get_i8),
    IMPORT(nvs_get_stats),
    IMPORT(nvs_get_str),
    IMPORT(nvs_get_u16),
    IMPORT(nvs_get_u32),
    IMPORT(nvs_get_u64),
    IMPORT(nvs_get_u8),
    IMPORT(nvs_get_used_entry_count),
    IMPORT(nvs_open),
    IMPORT(nvs_open_from_partition),
    IMPORT(nvs_purge_all),
    IMPORT(nvs_release_iterator),
    IMPORT(nvs_set_blob),
    IMPORT(nvs_set_double),
    IMPORT(nvs_set_float),
    IMPORT(nvs_set_i16),
    IMPORT(nvs_set_i32),
    IMPORT(nvs_set_i64),
    IMPORT(nvs_set_i8),
    IMPORT(nvs_set_str),
    IMPORT(nvs_set_u16),
    IMPORT(nvs_set_u32),
    IMPORT(nvs_set_u64),
    IMPORT(nvs_set_u8),
};
// clang-format on

IMPORT_TABLE(imports_esp_idf, rows);
