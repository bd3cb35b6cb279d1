// What ESP-IDF's system offers an app beside tasks: random numbers, addresses, what is done before a restart, the watchdog.
#include "../../ota/include/esp_log.h"
#include "../../ota/include/esp_system.h"
#include "../../ota/port.h"
#include "include/esp_mac.h"
#include "include/esp_random.h"
#include "include/esp_task_wdt.h"
#include "rtos.h"
#include "system_services.h"

#include <string.h>

// ---- random numbers -----------------------------------------------------------------------------

// xorshift64*: what comes out depends on how many were asked for since the start, and on nothing else.
uint32_t esp_random(void) {
    uint64_t *state = &rtos_running()->random;
    if (*state == 0)
        *state = 0x9E3779B97F4A7C15ull;
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * 0x2545F4914F6CDD1Dull) >> 32);
}

void esp_fill_random(void *buffer, size_t length) {
    uint8_t *bytes = buffer;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)esp_random();
}

// ---- addresses ----------------------------------------------------------------------------------

esp_err_t esp_read_mac(uint8_t *mac, esp_mac_type_t type) {
    static const uint8_t last[] = {
        [ESP_MAC_WIFI_STA] = 0,   [ESP_MAC_WIFI_SOFTAP] = 1, [ESP_MAC_BT] = 2,           [ESP_MAC_ETH] = 3,
        [ESP_MAC_IEEE802154] = 0, [ESP_MAC_BASE] = 0,        [ESP_MAC_EFUSE_FACTORY] = 0};
    if (mac == NULL || (unsigned)type >= sizeof last)
        return ESP_ERR_INVALID_ARG;
    memcpy(mac, (uint8_t[]){2, 0, 0, 0, 0, last[type]}, 6);
    return ESP_OK;
}

esp_err_t esp_efuse_mac_get_default(uint8_t *mac) {
    return esp_read_mac(mac, ESP_MAC_EFUSE_FACTORY);
}

esp_err_t esp_base_mac_addr_get(uint8_t *mac) {
    return esp_read_mac(mac, ESP_MAC_BASE);
}

// ---- before a restart ---------------------------------------------------------------------------

static void (**find(shutdown_handler_t handler))(void) {
    struct rtos *rtos = rtos_running();
    for (uint32_t i = 0; i < RTOS_SHUTDOWN_HANDLERS; i++)
        if (rtos->shutdown_handlers[i] == handler)
            return &rtos->shutdown_handlers[i];
    return NULL;
}

esp_err_t esp_register_shutdown_handler(shutdown_handler_t handler) {
    if (handler == NULL)
        return ESP_ERR_INVALID_ARG;
    if (find(handler) != NULL)
        return ESP_ERR_INVALID_STATE;
    void (**place)(void) = find(NULL);
    if (place == NULL)
        return ESP_ERR_NO_MEM;
    *place = handler;
    return ESP_OK;
}

esp_err_t esp_unregister_shutdown_handler(shutdown_handler_t handler) {
    void (**place)(void) = handler == NULL ? NULL : find(handler);
    if (place == NULL)
        return ESP_ERR_INVALID_STATE;
    *place = NULL;
    return ESP_OK;
}

_Noreturn void system_restart(void) {
    struct rtos *rtos = rtos_running();
    for (uint32_t i = RTOS_SHUTDOWN_HANDLERS; i-- > 0;) {
        void (*handler)(void) = rtos->shutdown_handlers[i];
        rtos->shutdown_handlers[i] = NULL; // one that restarts itself is not called again
        if (handler != NULL)
            handler();
    }
    esp_restart();
}

// ---- time and the watchdog ----------------------------------------------------------------------

uint32_t esp_log_timestamp(void) {
    return (uint32_t)(rtos_now_us() / 1000);
}

esp_err_t esp_task_wdt_init(const esp_task_wdt_config_t *config) {
    return config == NULL ? ESP_ERR_INVALID_ARG : ESP_OK;
}

esp_err_t esp_task_wdt_reconfigure(const esp_task_wdt_config_t *config) {
    return config == NULL ? ESP_ERR_INVALID_ARG : ESP_OK;
}

esp_err_t esp_task_wdt_deinit(void) {
    return ESP_OK;
}

esp_err_t esp_task_wdt_add(TaskHandle_t task) {
    (void)task;
    return ESP_OK;
}

esp_err_t esp_task_wdt_delete(TaskHandle_t task) {
    (void)task;
    return ESP_OK;
}

esp_err_t esp_task_wdt_status(TaskHandle_t task) {
    (void)task;
    return ESP_OK;
}

esp_err_t esp_task_wdt_reset(void) {
    rtos_idle();
    return ESP_OK;
}
