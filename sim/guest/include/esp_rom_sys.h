// What ROM does for everybody: waiting by computing, and a console without locks.
#ifndef ESP_ROM_SYS_H
#define ESP_ROM_SYS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Simulated time passes and no other task runs.
void esp_rom_delay_us(uint32_t us);
__attribute__((format(printf, 1, 2))) int esp_rom_printf(const char *format, ...);

#define ets_delay_us esp_rom_delay_us
#define ets_printf   esp_rom_printf

#ifdef __cplusplus
}
#endif

#endif
