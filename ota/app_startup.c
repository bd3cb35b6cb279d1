#include "app_startup.h"

#include "app_image.h"
#include "firmware.h"
#include "port.h"
#include "secure_version.h"

void app_startup(void) {
    const struct firmware *ram = port_ram();
    esp_app_desc_t descriptor;
    if (!ram->app_build->anti_rollback || !ram->app_build->profile->startup_checks_secure_version ||
        app_image_descriptor(ram->running_address, &descriptor) != ESP_OK) {
        return;
    }
    if (!secure_version_check(ram->app_build, descriptor.secure_version)) {
        port_halt(PORT_HALT_PANIC, "the running app's secure version is below that of the eFuse");
    }
}
