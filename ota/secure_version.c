#include "secure_version.h"

#include "api_call.h"
#include "firmware.h"
#include "include/esp_efuse.h"
#include "port.h"

#define BITS_WITHOUT_ANTI_ROLLBACK 4u // the configured width of a build without the option (EF-3)

static const char tag[] = "secure_version";

// EF-3.
static uint32_t field_bits(const struct firmware_build *build) {
    uint32_t configured = build->anti_rollback ? build->secure_version_bits : BITS_WITHOUT_ANTI_ROLLBACK;
    uint32_t hardware = chip_target_secure_version_bits(port_ram()->target, build->profile);
    return configured < hardware ? configured : hardware;
}

// The lowest `count` bits.
static uint32_t low_bits(uint32_t count) {
    return count >= 32 ? 0xFFFFFFFFu : ((uint32_t)1 << count) - 1;
}

static uint32_t ones(uint32_t value) {
    uint32_t count = 0;
    for (; value != 0; value &= value - 1)
        count++;
    return count;
}

uint32_t secure_version_read(const struct firmware_build *build) {
    return ones(port_efuse_read(PORT_EFUSE_SECURE_VERSION) & low_bits(field_bits(build)));
}

bool secure_version_check(const struct firmware_build *build, uint32_t version) {
    return version >= secure_version_read(build);
}

esp_err_t secure_version_update(const struct firmware_build *build, uint32_t version) {
    if (version > field_bits(build))
        return refuse(tag, ESP_ERR_INVALID_ARG, "the secure version does not fit the eFuse field");
    if (port_efuse_read(PORT_EFUSE_CODING_SCHEME) != 0) {
        return refuse(tag, ESP_ERR_NOT_SUPPORTED,
                      "the eFuse block of the secure version uses a coding scheme");
    }
    uint32_t burned = secure_version_read(build);
    if (burned > version)
        return refuse(tag, ESP_FAIL, "the eFuse secure version is beyond that of the app");
    if (burned == version)
        return ESP_OK;
    // The bits follow from the count: in a field with gaps some of them are burned already, the burn is
    // refused as a whole, and nobody looks at that (EF-13).
    bool done = port_efuse_burn(PORT_EFUSE_SECURE_VERSION, low_bits(version) & ~low_bits(burned));
    port_log(done ? PORT_LOG_INFO : PORT_LOG_WARNING, tag, "eFuse secure version %u -> %u: %s",
             (unsigned)burned, (unsigned)version, done ? "burned" : "the burn was refused");
    return ESP_OK;
}

uint32_t esp_efuse_read_secure_version(void) {
    API_CALL(uint32_t, secure_version_read(port_ram()->app_build));
}

bool esp_efuse_check_secure_version(uint32_t secure_version) {
    API_CALL(bool, secure_version_check(port_ram()->app_build, secure_version));
}

esp_err_t esp_efuse_update_secure_version(uint32_t secure_version) {
    API_CALL(esp_err_t, secure_version_update(port_ram()->app_build, secure_version));
}
