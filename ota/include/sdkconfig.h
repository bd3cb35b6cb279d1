// Kconfig's defaults, for sources that include it. One of your own project, found first, replaces it. What the board does is
// not decided here but in the scenario (`config:`).
#ifndef SDKCONFIG_H
#define SDKCONFIG_H

#define CONFIG_IDF_TARGET               "esp32"
#define CONFIG_IDF_TARGET_ESP32         1
#define CONFIG_FREERTOS_HZ              100
#define CONFIG_FREERTOS_UNICORE         1
#define CONFIG_PARTITION_TABLE_OFFSET   0x8000
#define CONFIG_LOG_DEFAULT_LEVEL        3
#define CONFIG_LOG_MAXIMUM_LEVEL        3
#define CONFIG_ESP_TASK_WDT_TIMEOUT_S   5
#define CONFIG_ESP_MAIN_TASK_STACK_SIZE 3584

#endif
