// The lists of what a scenario can do. To add a step or a call, add its line here, its row and its reader in
// this folder, and what it does in sim/play: docs/how-to-add.md.
#ifndef SIM_LANGUAGE_STEP_LIST_H
#define SIM_LANGUAGE_STEP_LIST_H

// STEP(NAME, symbol): STEP_NAME is its kind, step_symbol its row (step_row.h), play_symbol what it does
// (sim/play/play.h).
// clang-format off
#define STEPS(STEP)                     \
    STEP(BOOT, boot)                    \
    STEP(RESTART, restart)              \
    STEP(DEEP_SLEEP, deep_sleep)        \
    STEP(POWER_CYCLE, power_cycle)      \
    STEP(WAIT, wait)                    \
    STEP(UPDATE, update)                \
    STEP(CALL, firmware_call)           \
    STEP(GUEST_CALL, call)              \
    STEP(POWER_LOSS, power_loss)        \
    STEP(RESET, reset)                  \
    STEP(IO_FAULT, io_fault)            \
    STEP(CORRUPT, corrupt)              \
    STEP(SET_OTADATA, set_otadata)      \
    STEP(SET_EFUSE, set_efuse)          \
    STEP(HOLD_PIN, hold_pin)            \
    STEP(NVS_SET, nvs_set)              \
    STEP(NVS_GET, nvs_get)              \
    STEP(NVS_COUNT, nvs_count)          \
    STEP(NVS_ERASE, nvs_erase)          \
    STEP(NVS_COMMIT, nvs_commit)        \
    STEP(NVS_FLASH_ERASE, nvs_flash_erase) \
    STEP(HTTPS_OTA, https_ota)          \
    STEP(HTTPS_OTA_BEGIN, https_ota_begin)                                      \
    STEP(HTTPS_OTA_PERFORM, https_ota_perform)                                  \
    STEP(HTTPS_OTA_FINISH, https_ota_finish)                                    \
    STEP(HTTPS_OTA_ABORT, https_ota_abort)                                      \
    STEP(HTTPS_OTA_GET_IMG_DESC, https_ota_get_img_desc)                        \
    STEP(HTTPS_OTA_GET_BOOTLOADER_IMG_DESC, https_ota_get_bootloader_img_desc)  \
    STEP(HTTPS_OTA_IS_COMPLETE, https_ota_is_complete_data_received)            \
    STEP(HTTPS_OTA_GET_IMAGE_LEN_READ, https_ota_get_image_len_read)            \
    STEP(HTTPS_OTA_GET_IMAGE_SIZE, https_ota_get_image_size)                    \
    STEP(HTTPS_OTA_GET_STATUS_CODE, https_ota_get_status_code)                  \
    STEP(REPEAT, repeat)                \
    STEP(EXPECT, expect)

// CALL(NAME, symbol): the function esp_ota_symbol, or symbol where that is no function for updates. CALL_NAME is its number, its row stands in call_row.c,
// call_symbol in sim/play/play_calls.c calls it.
#define CALLS(CALL)                                                             \
    CALL(BEGIN, begin)                                                          \
    CALL(RESUME, resume)                                                        \
    CALL(WRITE, write)                                                          \
    CALL(WRITE_WITH_OFFSET, write_with_offset)                                  \
    CALL(SET_FINAL_PARTITION, set_final_partition)                              \
    CALL(END, end)                                                              \
    CALL(ABORT, abort)                                                          \
    CALL(SET_BOOT_PARTITION, set_boot_partition)                                \
    CALL(SET_BOOT_PARTITION_SKIP_VALIDATE, set_boot_partition_skip_validate)    \
    CALL(MARK_VALID, mark_app_valid_cancel_rollback)                            \
    CALL(MARK_INVALID, mark_app_invalid_rollback)                               \
    CALL(MARK_INVALID_AND_REBOOT, mark_app_invalid_rollback_and_reboot)         \
    CALL(ERASE_LAST_BOOT_APP, erase_last_boot_app_partition)                    \
    CALL(INVALIDATE_INACTIVE, invalidate_inactive_ota_data_slot)                \
    CALL(GET_BOOT_PARTITION, get_boot_partition)                                \
    CALL(GET_RUNNING_PARTITION, get_running_partition)                          \
    CALL(GET_NEXT_UPDATE_PARTITION, get_next_update_partition)                  \
    CALL(GET_LAST_INVALID_PARTITION, get_last_invalid_partition)                \
    CALL(GET_STATE, get_state_partition)                                        \
    CALL(GET_DESCRIPTION, get_partition_description)                            \
    CALL(GET_PARTITION_COUNT, get_app_partition_count)                          \
    CALL(CHECK_ROLLBACK_POSSIBLE, check_rollback_is_possible)                   \
    CALL(CHECK_IMAGE_VALIDITY, check_image_validity)                            \
    CALL(PARTITION_ERASE, esp_partition_erase_range)                            \
    CALL(PARTITION_WRITE, esp_partition_write)                                  \
    CALL(PARTITION_READ, esp_partition_read)                                    \
    CALL(PARTITION_MMAP, esp_partition_mmap)                                    \
    CALL(FLASH_ERASE, esp_flash_erase_region)                                   \
    CALL(FLASH_WRITE, esp_flash_write)                                          \
    CALL(FLASH_READ, esp_flash_read)                                            \
    CALL(FLASH_PROTECTION, esp_flash_set_dangerous_write_protection)
// clang-format on

#endif
