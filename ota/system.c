// Restart, sleep, reset reason and console: ESP-IDF's system services over the port.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware.h"
#include "include/esp_idf_version.h"
#include "include/esp_log.h"
#include "include/esp_sleep.h"
#include "include/esp_system.h"
#include "port.h"

#define LINE_LENGTH 256

void esp_restart(void) {
    (void)port_call_begin(__func__);
    port_halt(PORT_HALT_RESTART, "the application restarts the chip");
}

esp_reset_reason_t esp_reset_reason(void) {
    static const esp_reset_reason_t reasons[] = {
        [PORT_RESET_POWER_ON] = ESP_RST_POWERON,     [PORT_RESET_SOFTWARE] = ESP_RST_SW,
        [PORT_RESET_PANIC] = ESP_RST_PANIC,          [PORT_RESET_WATCHDOG] = ESP_RST_WDT,
        [PORT_RESET_DEEP_SLEEP] = ESP_RST_DEEPSLEEP, [PORT_RESET_BROWNOUT] = ESP_RST_BROWNOUT};
    return reasons[port_reset_reason()];
}

const char *esp_get_idf_version(void) {
    return port_ram()->app_build->profile->name;
}

esp_sleep_wakeup_cause_t esp_sleep_get_wakeup_cause(void) {
    return port_reset_reason() == PORT_RESET_DEEP_SLEEP ? ESP_SLEEP_WAKEUP_TIMER : ESP_SLEEP_WAKEUP_UNDEFINED;
}

esp_err_t esp_sleep_enable_timer_wakeup(uint64_t time_in_us) {
    port_log(PORT_LOG_INFO, "sleep", "wake-up timer: %llu us", (unsigned long long)time_in_us);
    return ESP_OK;
}

esp_err_t esp_sleep_disable_wakeup_source(esp_sleep_source_t source) {
    (void)source;
    return ESP_OK;
}

void esp_deep_sleep_start(void) {
    (void)port_call_begin(__func__);
    port_halt(PORT_HALT_DEEP_SLEEP, "the application went to deep sleep");
}

void esp_deep_sleep(uint64_t time_in_us) {
    (void)esp_sleep_enable_timer_wakeup(time_in_us);
    esp_deep_sleep_start();
}

void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list arguments) {
    if (level == ESP_LOG_NONE || level > ESP_LOG_INFO || !port_log_enabled())
        return;
    char line[LINE_LENGTH];
    (void)vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\n")] = '\0';
    enum port_log_level port_level = level == ESP_LOG_ERROR  ? PORT_LOG_ERROR
                                     : level == ESP_LOG_WARN ? PORT_LOG_WARNING
                                                             : PORT_LOG_INFO;
    port_log(port_level, tag, "%s", line);
}

void esp_log_write(esp_log_level_t level, const char *tag, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    esp_log_writev(level, tag, format, arguments);
    va_end(arguments);
}

void esp_log_buffer_hex_internal(const char *tag, const void *bytes, uint16_t length, esp_log_level_t level) {
    const uint8_t *byte = bytes;
    for (uint32_t at = 0; at < length; at += 16) {
        char line[3 * 16 + 1] = "";
        for (uint32_t i = at; i < length && i < at + 16; i++)
            (void)snprintf(line + 3 * (i - at), 4, "%02x ", byte[i]);
        esp_log_write(level, tag, "%s", line);
    }
}
