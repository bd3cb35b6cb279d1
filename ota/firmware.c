#include "firmware.h"

#include "port.h"

#define DEFAULT_TABLE_OFFSET 0x8000u // CONFIG_PARTITION_TABLE_OFFSET (FL-30)
#define DEFAULT_PIN_HOLD_MS  5000u   // CONFIG_BOOTLOADER_HOLD_TIME_GPIO (BL-45)

struct firmware_build firmware_build_default(const struct release_profile *profile,
                                             const struct chip_target *target) {
    return (struct firmware_build){.profile = profile,
                                   .rollback = profile->confirms_on_startup,
                                   .confirm_on_startup = profile->confirms_on_startup,
                                   .rollback_unsaid = true,
                                   .partition_table_offset = DEFAULT_TABLE_OFFSET,
                                   .partition_table_md5 = true,
                                   .secure_version_bits = chip_target_secure_version_bits(target, profile),
                                   .pin_hold_ms = DEFAULT_PIN_HOLD_MS,
                                   .factory_reset_labels = "nvs"};
}

void firmware_build_set_release(struct firmware_build *build, const struct release_profile *profile) {
    build->profile = profile;
    if (build->rollback_unsaid)
        build->rollback = build->confirm_on_startup = profile->confirms_on_startup;
}

uint32_t firmware_flash_size(void) {
    const struct firmware *ram = port_ram();
    return ram->flash_size != 0 ? ram->flash_size : port_flash_size();
}

bool firmware_in_bootloader(void) {
    const struct firmware *ram = port_ram();
    return ram->running_address == 0 && ram->running_size == 0;
}
