// ESP-IDF's services beside flash and updates: timers, memory by kind, random numbers, ROM's functions, the watchdog.
#include "../../ota/include/esp_log.h"
#include "../../ota/include/esp_sleep.h"
#include "../../ota/include/esp_system.h"
#include "../../ota/port.h"
#include "guest.h"
#include "imports.h"
#include "include/esp_heap_caps.h"
#include "include/esp_mac.h"
#include "include/esp_random.h"
#include "include/esp_rom_crc.h"
#include "include/esp_rom_sys.h"
#include "include/esp_task_wdt.h"
#include "include/esp_timer.h"
#include "include/freertos/FreeRTOS.h"
#include "system_services.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// ---- memory -------------------------------------------------------------------------------------

static void *caps_take(size_t size, uint32_t caps) {
    return (caps & MALLOC_CAP_SPIRAM) != 0 ? NULL : guest_heap_take(size, 1);
}

static void *caps_take_zeroed(size_t count, size_t size, uint32_t caps) {
    size_t bytes;
    void *block = __builtin_mul_overflow(count, size, &bytes) ? NULL : caps_take(bytes, caps);
    return block == NULL ? NULL : memset(block, 0, bytes);
}

static void *caps_resize(void *block, size_t size, uint32_t caps) {
    return (caps & MALLOC_CAP_SPIRAM) != 0 ? NULL : guest_heap_resize(block, size);
}

static void *caps_take_aligned(size_t align, size_t size, uint32_t caps) {
    bool possible = (align & (align - 1)) == 0 && (caps & MALLOC_CAP_SPIRAM) == 0;
    return possible ? guest_heap_take(size, align) : NULL;
}

static void *task_take(size_t size) {
    return guest_heap_take(size, 1);
}

static size_t none_of_spiram(uint32_t caps, size_t bytes) {
    return (caps & MALLOC_CAP_SPIRAM) != 0 ? 0 : bytes;
}

static size_t caps_free(uint32_t caps) {
    return none_of_spiram(caps, guest_heap_free());
}

static size_t caps_largest(uint32_t caps) {
    return none_of_spiram(caps, guest_heap_largest());
}

static size_t caps_lowest(uint32_t caps) {
    return none_of_spiram(caps, guest_heap_lowest());
}

static size_t caps_total(uint32_t caps) {
    return none_of_spiram(caps, GUEST_HEAP_SIZE);
}

static uint32_t heap_free(void) {
    return (uint32_t)guest_heap_free();
}

static uint32_t heap_lowest(void) {
    return (uint32_t)guest_heap_lowest();
}

// ---- ROM ----------------------------------------------------------------------------------------

static void delay_us(uint32_t us) {
    guest_computes((uint64_t)us * 1000);
}

__attribute__((format(printf, 1, 2))) static int rom_print(const char *format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] != '\0')
        port_log(PORT_LOG_INFO, "rom", "%s", line);
    return length;
}

// ---- all of them --------------------------------------------------------------------------------

// clang-format off
static const struct import rows[] = {
    IMPORT(esp_base_mac_addr_get),
    IMPORT(esp_efuse_mac_get_default),
    IMPORT(esp_fill_random),
    IMPORT_AS(esp_get_free_heap_size, heap_free),
    IMPORT_AS(esp_get_free_internal_heap_size, heap_free),
    IMPORT(esp_get_idf_version),
    IMPORT_AS(esp_get_minimum_free_heap_size, heap_lowest),
    IMPORT(esp_log_buffer_hex_internal),
    IMPORT(esp_log_timestamp),
    IMPORT(esp_log_writev),
    IMPORT(esp_random),
    IMPORT(esp_read_mac),
    IMPORT(esp_register_shutdown_handler),
    IMPORT_AS(esp_restart, system_restart),
    IMPORT(esp_rom_crc16_be),
    IMPORT(esp_rom_crc16_le),
    IMPORT(esp_rom_crc32_be),
    IMPORT(esp_rom_crc32_le),
    IMPORT(esp_rom_crc8_be),
    IMPORT(esp_rom_crc8_le),
    IMPORT_AS(esp_rom_delay_us, delay_us),
    IMPORT_AS(esp_rom_printf, rom_print),
    IMPORT(esp_sleep_disable_wakeup_source),
    IMPORT(esp_sleep_enable_timer_wakeup),
    IMPORT(esp_sleep_get_wakeup_cause),
    IMPORT(esp_task_wdt_add),
    IMPORT(esp_task_wdt_deinit),
    IMPORT(esp_task_wdt_delete),
    IMPORT(esp_task_wdt_init),
    IMPORT(esp_task_wdt_reconfigure),
    IMPORT(esp_task_wdt_reset),
    IMPORT(esp_task_wdt_status),
    IMPORT(esp_timer_create),
    IMPORT(esp_timer_delete),
    IMPORT(esp_timer_get_expiry_time),
    IMPORT(esp_timer_get_period),
    IMPORT(esp_timer_get_time),
    IMPORT(esp_timer_is_active),
    IMPORT(esp_timer_restart),
    IMPORT(esp_timer_start_once),
    IMPORT(esp_timer_start_periodic),
    IMPORT(esp_timer_stop),
    IMPORT(esp_unregister_shutdown_handler),
    IMPORT_AS(heap_caps_aligned_alloc, caps_take_aligned),
    IMPORT_AS(heap_caps_calloc, caps_take_zeroed),
    IMPORT_AS(heap_caps_free, guest_heap_give_back),
    IMPORT_AS(heap_caps_get_free_size, caps_free),
    IMPORT_AS(heap_caps_get_largest_free_block, caps_largest),
    IMPORT_AS(heap_caps_get_minimum_free_size, caps_lowest),
    IMPORT_AS(heap_caps_get_total_size, caps_total),
    IMPORT_AS(heap_caps_malloc, caps_take),
    IMPORT_AS(heap_caps_realloc, caps_resize),
    IMPORT_AS(pvPortMalloc, task_take),
    IMPORT_AS(vPortFree, guest_heap_give_back),
    IMPORT_AS(xPortGetFreeHeapSize, guest_heap_free),
    IMPORT_AS(xPortGetMinimumEverFreeHeapSize, guest_heap_lowest),
};
// clang-format on

IMPORT_TABLE(imports_esp_system, rows);
