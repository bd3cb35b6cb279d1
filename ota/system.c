// Restart, sleep, reset reason and console: ESP-IDF's system services over the port.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

void esp_deep_sleep_start(void) {
    (void)port_call_begin(__func__);
    port_halt(PORT_HALT_DEEP_SLEEP, "the application went to deep sleep");
}

void esp_deep_sleep(uint64_t time_in_us) {
    port_log(PORT_LOG_INFO, "sleep", "wake-up timer: %llu us", (unsigned long long)time_in_us);
    esp_deep_sleep_start();
}

void esp_log_write(esp_log_level_t level, const char *tag, const char *format, ...) {
    if (level == ESP_LOG_NONE || level > ESP_LOG_INFO || !port_log_enabled())
        return;
    char line[LINE_LENGTH];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    line[strcspn(line, "\n")] = '\0';
    enum port_log_level port_level = level == ESP_LOG_ERROR  ? PORT_LOG_ERROR
                                     : level == ESP_LOG_WARN ? PORT_LOG_WARNING
                                                             : PORT_LOG_INFO;
    port_log(port_level, tag, "%s", line);
}
