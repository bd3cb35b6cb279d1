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
        app_image_descriptor(ram->running_address, &descriptor) != ESP_OK) {
        return;
    }
    if (!secure_version_check(ram->app_build, descriptor.secure_version)) {
        port_halt(PORT_HALT_PANIC, "the running app's secure version is below that of the eFuse");
    }
}

// RL-2. An error of the call is logged and ignored.
static bool confirm(void) {
    esp_ota_img_states_t state;
    const esp_partition_t *running = esp_ota_get_running_partition();
    if (running == NULL || esp_ota_get_state_partition(running, &state) != ESP_OK ||
        (state != ESP_OTA_IMG_PENDING_VERIFY && state != ESP_OTA_IMG_NEW)) {
        return false;
    }
    if (state == ESP_OTA_IMG_NEW) {
        port_log(PORT_LOG_WARNING, tag, "the record says NEW: the bootloader is not capable of rollback");
    }
    esp_err_t code = esp_ota_mark_app_valid_cancel_rollback();
    port_log(code == ESP_OK ? PORT_LOG_INFO : PORT_LOG_ERROR, tag, "confirmed before app_main: %s",
             esp_err_to_name(code));
    return code == ESP_OK;
}

bool app_startup(void) {
    const struct firmware *ram = port_ram();
    check_secure_version(ram);
    return ram->app_build->rollback && ram->app_build->confirm_on_startup && confirm();
}
