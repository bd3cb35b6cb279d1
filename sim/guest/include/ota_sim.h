// What code on ota-sim's board can ask of the simulation itself: to be called by a scenario's steps, the scenario's images,
// events. Everything else that it calls has ESP-IDF's headers.
//
// An app is a shared object that has `void app_main(void)`, a bootloader one that has `void bootloader_main(void)`. Each
// runs from its first instruction at each start of its image; nothing that it wrote to memory outlives a reset.
#ifndef OTA_SIM_H
#define OTA_SIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- functions that steps call ------------------------------------------------------------------

#define OTA_SIM_ARGUMENTS_MAX 6

// OTA_SIM_CALL(set_channel, OTA_SIM_INT, OTA_SIM_TEXT);
//
// Makes esp_err_t set_channel(int channel, const char *name) known to scenarios: `call: {function: set_channel, args: [3,
// "beta"]}`. OTA_SIM_INT is any integer type, OTA_SIM_TEXT a const char * that lives until the function returns. Stands at
// file scope, after the function's declaration.
#define OTA_SIM_INT  1
#define OTA_SIM_TEXT 2

#define OTA_SIM_CALL(function, ...)                                                                          \
    __attribute__((used, section("ota_sim_calls"),                                                           \
                   aligned(8))) static struct ota_sim_call ota_sim_call_##function = {                       \
        #function, (void (*)(void))(function), {OTA_SIM_CALL_VERSION, ##__VA_ARGS__}}

// What OTA_SIM_CALL makes; a language without macros writes it by itself.
struct ota_sim_call {
    const char *name;
    void (*function)(void);
    uint8_t arguments[8]; // OTA_SIM_CALL_VERSION, then OTA_SIM_INT or OTA_SIM_TEXT each, then zeros
};
#define OTA_SIM_CALL_VERSION 0x51

// ---- the scenario's images: what a server would send --------------------------------------------

// Bytes of the image of that name; 0: the scenario has none.
size_t ota_sim_image_size(const char *name);

// Copies up to `length` bytes from `offset` on. Returns how many; 0 at the end, or when there is no such image.
size_t ota_sim_image_read(const char *name, size_t offset, void *buffer, size_t length);

// ---- telling ------------------------------------------------------------------------------------

// An event, such as "self-test passed": a line of its own kind on the console. At most 63 bytes count.
void ota_sim_event(const char *text);

// A line on the console, as printf.
__attribute__((format(printf, 1, 2))) void ota_sim_log(const char *format, ...);

// ---- for bootloaders ----------------------------------------------------------------------------

// The bootloader's last act: starts the app in the partition that holds this flash address. Never returns; a
// bootloader_main that does return has found nothing to start, and the chip is reset.
__attribute__((noreturn)) void ota_sim_start_app(uint32_t flash_address);

#ifdef __cplusplus
}
#endif

#endif
