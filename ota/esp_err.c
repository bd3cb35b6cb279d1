#include "include/esp_err.h"

#include "include/esp_efuse.h"
#include "include/esp_flash.h"
#include "include/esp_https_ota.h"
#include "include/esp_image_format.h"
#include "include/esp_ota_ops.h"
#include "include/nvs.h"
#include "port.h"

#define NAMED(code)                                                                                          \
    { code, #code }

static const struct {
    esp_err_t code;
    const char *name;
} names[] = {
    NAMED(ESP_OK),
    NAMED(ESP_FAIL),
    NAMED(ESP_ERR_NO_MEM),
    NAMED(ESP_ERR_INVALID_ARG),
    NAMED(ESP_ERR_INVALID_STATE),
    NAMED(ESP_ERR_INVALID_SIZE),
    NAMED(ESP_ERR_NOT_FOUND),
    NAMED(ESP_ERR_NOT_SUPPORTED),
    NAMED(ESP_ERR_TIMEOUT),
    NAMED(ESP_ERR_INVALID_RESPONSE),
    NAMED(ESP_ERR_INVALID_CRC),
    NAMED(ESP_ERR_INVALID_VERSION),
    NAMED(ESP_ERR_INVALID_MAC),
    NAMED(ESP_ERR_NOT_FINISHED),
    NAMED(ESP_ERR_NOT_ALLOWED),
    NAMED(ESP_ERR_NVS_NOT_INITIALIZED),
    NAMED(ESP_ERR_NVS_NOT_FOUND),
    NAMED(ESP_ERR_NVS_TYPE_MISMATCH),
    NAMED(ESP_ERR_NVS_READ_ONLY),
    NAMED(ESP_ERR_NVS_NOT_ENOUGH_SPACE),
    NAMED(ESP_ERR_NVS_INVALID_NAME),
    NAMED(ESP_ERR_NVS_INVALID_HANDLE),
    NAMED(ESP_ERR_NVS_REMOVE_FAILED),
    NAMED(ESP_ERR_NVS_KEY_TOO_LONG),
    NAMED(ESP_ERR_NVS_PAGE_FULL),
    NAMED(ESP_ERR_NVS_INVALID_STATE),
    NAMED(ESP_ERR_NVS_INVALID_LENGTH),
    NAMED(ESP_ERR_NVS_NO_FREE_PAGES),
    NAMED(ESP_ERR_NVS_VALUE_TOO_LONG),
    NAMED(ESP_ERR_NVS_PART_NOT_FOUND),
    NAMED(ESP_ERR_NVS_NEW_VERSION_FOUND),
    NAMED(ESP_ERR_NVS_XTS_ENCR_FAILED),
    NAMED(ESP_ERR_NVS_XTS_DECR_FAILED),
    NAMED(ESP_ERR_NVS_XTS_CFG_FAILED),
    NAMED(ESP_ERR_NVS_XTS_CFG_NOT_FOUND),
    NAMED(ESP_ERR_NVS_ENCR_NOT_SUPPORTED),
    NAMED(ESP_ERR_NVS_KEYS_NOT_INITIALIZED),
    NAMED(ESP_ERR_NVS_CORRUPT_KEY_PART),
    NAMED(ESP_ERR_NVS_CONTENT_DIFFERS),
    NAMED(ESP_ERR_NVS_WRONG_ENCRYPTION),
    NAMED(ESP_ERR_OTA_PARTITION_CONFLICT),
    NAMED(ESP_ERR_OTA_SELECT_INFO_INVALID),
    NAMED(ESP_ERR_OTA_VALIDATE_FAILED),
    NAMED(ESP_ERR_OTA_SMALL_SEC_VER),
    NAMED(ESP_ERR_OTA_ROLLBACK_FAILED),
    NAMED(ESP_ERR_OTA_ROLLBACK_INVALID_STATE),
    NAMED(ESP_ERR_OTA_ALREADY_IN_PROGRESS),
    NAMED(ESP_ERR_OTA_SPI_MODE_MISMATCH),
    NAMED(ESP_OK_EFUSE_CNT),
    NAMED(ESP_ERR_EFUSE_CNT_IS_FULL),
    NAMED(ESP_ERR_EFUSE_REPEATED_PROG),
    NAMED(ESP_ERR_CODING),
    NAMED(ESP_ERR_NOT_ENOUGH_UNUSED_KEY_BLOCKS),
    NAMED(ESP_ERR_DAMAGED_READING),
    NAMED(ESP_ERR_IMAGE_FLASH_FAIL),
    NAMED(ESP_ERR_IMAGE_INVALID),
    NAMED(ESP_ERR_FLASH_OP_FAIL),
    NAMED(ESP_ERR_FLASH_OP_TIMEOUT),
    NAMED(ESP_ERR_FLASH_NOT_INITIALISED),
    NAMED(ESP_ERR_FLASH_UNSUPPORTED_HOST),
    NAMED(ESP_ERR_FLASH_UNSUPPORTED_CHIP),
    NAMED(ESP_ERR_FLASH_PROTECTED),
    NAMED(ESP_ERR_HTTP_BASE),
    NAMED(ESP_ERR_HTTP_MAX_REDIRECT),
    NAMED(ESP_ERR_HTTP_CONNECT),
    NAMED(ESP_ERR_HTTP_WRITE_DATA),
    NAMED(ESP_ERR_HTTP_FETCH_HEADER),
    NAMED(ESP_ERR_HTTP_INVALID_TRANSPORT),
    NAMED(ESP_ERR_HTTP_CONNECTING),
    NAMED(ESP_ERR_HTTP_EAGAIN),
    NAMED(ESP_ERR_HTTP_CONNECTION_CLOSED),
    NAMED(ESP_ERR_HTTP_NOT_MODIFIED),
    NAMED(ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE),
    NAMED(ESP_ERR_HTTP_READ_TIMEOUT),
    NAMED(ESP_ERR_HTTP_INCOMPLETE_DATA),
    NAMED(ESP_ERR_HTTP_REDIRECT_DOWNGRADE),
    NAMED(ESP_ERR_HTTP_HEADER_TOO_LONG),
    NAMED(ESP_ERR_HTTPS_OTA_BASE),
    NAMED(ESP_ERR_HTTPS_OTA_IN_PROGRESS),
};

const char *esp_err_to_name(esp_err_t code) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code)
            return names[i].name;
    return "UNKNOWN ERROR";
}

void _esp_error_check_failed_without_abort(esp_err_t code, const char *file, int line, const char *function,
                                           const char *expression) {
    port_log(PORT_LOG_ERROR, "error_check", "%s gave %s in %s, %s:%d", expression, esp_err_to_name(code),
             function, file, line);
}

void _esp_error_check_failed(esp_err_t code, const char *file, int line, const char *function,
                             const char *expression) {
    _esp_error_check_failed_without_abort(code, file, line, function, expression);
    port_halt(PORT_HALT_PANIC, "ESP_ERROR_CHECK failed");
}
