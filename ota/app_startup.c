#include "app_startup.h"

#include "app_image.h"
#include "firmware.h"
#include "include/esp_ota_ops.h"
#include "port.h"
#include "secure_version.h"

static const char tag[] = "startup";

static void check_secure_version(const struct firmware *ram) {
    esp_app_desc_t descriptor;
    if (!ram->app_build->anti_rollback || !ram->app_build->profile->startup_checks_secure_version ||
        app_image_descriptor(ram->running_address, &descriptor) != ESP_OK)
        return;
    if (!secure_version_check(ram->app_build, descriptor.secure_version))
        port_halt(PORT_HALT_PANIC, "the running app's secure version is below that of the eFuse");
}

#define LARGE_FLASH 0x1000000u // 16 MiB

// CH-52: of the size in the bootloader's header, which every app of the device takes for the chip's.
static void check_flash_size(const struct firmware *ram) {
    if (firmware_flash_size() > port_flash_size()) {
        port_log(PORT_LOG_ERROR, tag, "the flash has %u bytes, the bootloader's header says %u",
                 (unsigned)port_flash_size(), (unsigned)firmware_flash_size());
        port_halt(PORT_HALT_PANIC,
                  "the flash is smaller than the bootloader was built for: ESP_ERR_INVALID_SIZE");
    }
    uint16_t chip = ram->target->chip_id;
    if (firmware_flash_size() > LARGE_FLASH && (chip == ESP_CHIP_ID_ESP32C6 || chip == ESP_CHIP_ID_ESP32H2) &&
        ram->app_build->profile->large_header_refused)
        port_halt(PORT_HALT_PANIC, "more than 16 MiB of flash are not supported on this chip");
}

// RL-2. An error of the call is logged and ignored.
static bool confirm(void) {
    esp_ota_img_states_t state;
    const esp_partition_t *running = esp_ota_get_running_partition();
    if (running == NULL || esp_ota_get_state_partition(running, &state) != ESP_OK ||
        (state != ESP_OTA_IMG_PENDING_VERIFY && state != ESP_OTA_IMG_NEW))
        return false;
    if (state == ESP_OTA_IMG_NEW)
        port_log(PORT_LOG_WARNING, tag, "the record says NEW: the bootloader is not capable of rollback");
    esp_err_t code = esp_ota_mark_app_valid_cancel_rollback();
    port_log(code == ESP_OK ? PORT_LOG_INFO : PORT_LOG_ERROR, tag, "confirmed before app_main: %s",
             esp_err_to_name(code));
    return code == ESP_OK;
}

bool app_startup(void) {
    const struct firmware *ram = port_ram();
    check_flash_size(ram);
    check_secure_version(ram);
    return ram->app_build->rollback && ram->app_build->confirm_on_startup && confirm();
}
