#include "recovery_bootloader.h"

#include "api_call.h"
#include "firmware.h"
#include "include/esp_app_format.h"
#include "include/esp_efuse.h"
#include "port.h"

#define SECTOR_SIZE    4096u
#define FIELD_MAX      0xFFFu // 12 bits, in sectors; all ones: switched off for good (CH-43)
#define P4_OF_REVISION 300u   // the older family has none

static const char tag[] = "efuse";

static bool chip_has_it(const struct chip_target *target) {
    bool old_p4 =
        target->chip_id == ESP_CHIP_ID_ESP32P4 && port_efuse_read(PORT_EFUSE_CHIP_REVISION) < P4_OF_REVISION;
    return target->has_recovery_bootloader && !old_p4;
}

bool recovery_bootloader_address(uint32_t *out) {
    if (!chip_has_it(port_ram()->target))
        return false;
    uint32_t field = port_efuse_read(PORT_EFUSE_RECOVERY_BOOTLOADER);
    *out = field * SECTOR_SIZE;
    return field != 0 && field != FIELD_MAX;
}

// CH-45.
static esp_err_t set_offset(uint32_t offset) {
    const struct firmware *ram = port_ram();
    if (!chip_has_it(ram->target) || !chip_target_has_recovery(ram->target, ram->app_build->profile))
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "chip or release know no recovery bootloader");
    uint32_t field = port_efuse_read(PORT_EFUSE_RECOVERY_BOOTLOADER);
    if (field == FIELD_MAX)
        return refuse(tag, ESP_ERR_NOT_ALLOWED, "the recovery bootloader is switched off for good");
    if (field == 0) {
        if (offset / SECTOR_SIZE > FIELD_MAX)
            return refuse(tag, ESP_ERR_INVALID_ARG, "the offset does not fit its 12 bits of eFuse");
        (void)port_efuse_burn(PORT_EFUSE_RECOVERY_BOOTLOADER, offset / SECTOR_SIZE);
        field = port_efuse_read(PORT_EFUSE_RECOVERY_BOOTLOADER);
    }
    return field * SECTOR_SIZE == offset ? ESP_OK : refuse(tag, ESP_FAIL, "eFuse holds another offset");
}

esp_err_t esp_efuse_set_recovery_bootloader_offset(uint32_t offset) {
    API_CALL(esp_err_t, set_offset(offset));
}
