// ESP-IDF's error type and the codes that flash, partition, image and update functions return.
//
// Values: those of ESP-IDF's headers; those of eFuse: EF-60.
#ifndef ESP_ERR_H
#define ESP_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int esp_err_t;

#define ESP_OK                   0
#define ESP_FAIL                 (-1)
#define ESP_ERR_NO_MEM           0x101
#define ESP_ERR_INVALID_ARG      0x102
#define ESP_ERR_INVALID_STATE    0x103
#define ESP_ERR_INVALID_SIZE     0x104
#define ESP_ERR_NOT_FOUND        0x105
#define ESP_ERR_NOT_SUPPORTED    0x106
#define ESP_ERR_TIMEOUT          0x107
#define ESP_ERR_INVALID_RESPONSE 0x108
#define ESP_ERR_INVALID_CRC      0x109
#define ESP_ERR_INVALID_VERSION  0x10A
#define ESP_ERR_INVALID_MAC      0x10B
#define ESP_ERR_NOT_FINISHED     0x10C
#define ESP_ERR_NOT_ALLOWED      0x10D

// Bases of the modules' own ranges.
#define ESP_ERR_OTA_BASE       0x1500
#define ESP_ERR_EFUSE          0x1600
#define ESP_ERR_IMAGE_BASE     0x2000
#define ESP_ERR_FLASH_BASE     0x6000
#define ESP_ERR_HTTP_BASE      0x7000
#define ESP_ERR_HTTPS_OTA_BASE 0x9000

// The name of a code ("ESP_ERR_INVALID_ARG"), or "UNKNOWN ERROR". Static storage.
const char *esp_err_to_name(esp_err_t code);

// Ends the program as abort() does, after a line that says where.
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void _esp_error_check_failed(esp_err_t code, const char *file, int line, const char *function,
                             const char *expression);

// As above without ending: logs and goes on.
void _esp_error_check_failed_without_abort(esp_err_t code, const char *file, int line, const char *function,
                                           const char *expression);

#define ESP_ERROR_CHECK(expression)                                                                          \
    do {                                                                                                     \
        esp_err_t esp_error_check_code_ = (expression);                                                      \
        if (esp_error_check_code_ != ESP_OK)                                                                 \
            _esp_error_check_failed(esp_error_check_code_, __FILE__, __LINE__, __func__, #expression);       \
    } while (0)

static inline esp_err_t esp_error_check_and_pass_(esp_err_t code, const char *file, int line,
                                                  const char *function, const char *expression) {
    if (code != ESP_OK)
        _esp_error_check_failed_without_abort(code, file, line, function, expression);
    return code;
}

#define ESP_ERROR_CHECK_WITHOUT_ABORT(expression)                                                            \
    esp_error_check_and_pass_((expression), __FILE__, __LINE__, __func__, #expression)

#ifdef __cplusplus
}
#endif

#endif
