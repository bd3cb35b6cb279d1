// Console lines of the application. The simulator records error, warning and info; the finer levels are
// dropped.
#ifndef ESP_LOG_H
#define ESP_LOG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ESP_LOG_NONE,
    ESP_LOG_ERROR,
    ESP_LOG_WARN,
    ESP_LOG_INFO,
    ESP_LOG_DEBUG,
    ESP_LOG_VERBOSE
} esp_log_level_t;

// One line as printf formats it; a trailing newline is dropped, and so is what exceeds 255 characters.
__attribute__((format(printf, 3, 4))) void esp_log_write(esp_log_level_t level, const char *tag,
                                                         const char *format, ...);

void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list arguments);

// Milliseconds since the app started.
uint32_t esp_log_timestamp(void);

// A line for every 16 bytes.
void esp_log_buffer_hex_internal(const char *tag, const void *bytes, uint16_t length, esp_log_level_t level);

// The board's listener gets every line, whatever the level of its tag.
static inline void esp_log_level_set(const char *tag, esp_log_level_t level) {
    (void)tag;
    (void)level;
}

static inline esp_log_level_t esp_log_level_get(const char *tag) {
    (void)tag;
    return ESP_LOG_INFO;
}

#define ESP_LOGE(tag, ...) esp_log_write(ESP_LOG_ERROR, tag, __VA_ARGS__)
#define ESP_LOGW(tag, ...) esp_log_write(ESP_LOG_WARN, tag, __VA_ARGS__)
#define ESP_LOGI(tag, ...) esp_log_write(ESP_LOG_INFO, tag, __VA_ARGS__)
#define ESP_LOGD(tag, ...) esp_log_write(ESP_LOG_DEBUG, tag, __VA_ARGS__)
#define ESP_LOGV(tag, ...) esp_log_write(ESP_LOG_VERBOSE, tag, __VA_ARGS__)

#define ESP_LOG_LEVEL(level, tag, ...)       esp_log_write(level, tag, __VA_ARGS__)
#define ESP_LOG_LEVEL_LOCAL(level, tag, ...) esp_log_write(level, tag, __VA_ARGS__)
#define ESP_EARLY_LOGE                       ESP_LOGE
#define ESP_EARLY_LOGW                       ESP_LOGW
#define ESP_EARLY_LOGI                       ESP_LOGI
#define ESP_EARLY_LOGD                       ESP_LOGD
#define ESP_EARLY_LOGV                       ESP_LOGV
#define ESP_DRAM_LOGE                        ESP_LOGE
#define ESP_DRAM_LOGW                        ESP_LOGW
#define ESP_DRAM_LOGI                        ESP_LOGI
#define ESP_DRAM_LOGD                        ESP_LOGD
#define ESP_DRAM_LOGV                        ESP_LOGV

#define ESP_LOG_BUFFER_HEX_LEVEL(tag, bytes, length, level)                                                  \
    esp_log_buffer_hex_internal(tag, bytes, (uint16_t)(length), level)
#define ESP_LOG_BUFFER_HEX(tag, bytes, length)            ESP_LOG_BUFFER_HEX_LEVEL(tag, bytes, length, ESP_LOG_INFO)
#define ESP_LOG_BUFFER_HEXDUMP(tag, bytes, length, level) ESP_LOG_BUFFER_HEX_LEVEL(tag, bytes, length, level)
#define ESP_LOG_BUFFER_CHAR(tag, bytes, length)           ESP_LOG_BUFFER_HEX_LEVEL(tag, bytes, length, ESP_LOG_INFO)
#define esp_log_buffer_hex                                ESP_LOG_BUFFER_HEX

#ifdef __cplusplus
}
#endif

#endif
