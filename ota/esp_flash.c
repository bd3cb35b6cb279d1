// The main flash chip with its two protections (PA-60 to PA-70).
#include "include/esp_flash.h"

#include <stddef.h>

#include "api_call.h"
#include "firmware.h"
#include "include/esp_ota_ops.h"
#include "partition_list.h"
#include "partition_table.h"
#include "port.h"

#define SECTOR_SIZE 4096u

static const char tag[] = "flash";

// There is one chip and the port knows all about it: what a pointer to it points to has nothing to hold.
struct esp_flash_t {
    const char *name;
};

static const esp_flash_t main_chip = {.name = "main"};
esp_flash_t *const esp_flash_default_chip = (esp_flash_t *)&main_chip;

static bool is_main(const esp_flash_t *chip) {
    return chip == NULL || chip == esp_flash_default_chip;
}

static bool in_range(uint32_t address, uint32_t length) {
    return (uint64_t)address + length <= firmware_flash_size();
}

// RL-38: where the driver's sum has 32 bits a range that passes 4 GiB is taken, and runs over all there is.
static bool wraps(uint32_t address, uint32_t length) {
    return (uint64_t)address + length > UINT32_MAX && (uint32_t)(address + length) <= firmware_flash_size();
}

static bool wrap_is_taken(uint32_t address, uint32_t length) {
    return wraps(address, length) && !port_ram()->app_build->profile->flash_ranges_safe;
}

// PA-66. Of the range only the start is compared with the table.
static bool is_dangerous(uint32_t address, uint32_t length) {
    uint32_t table = port_ram()->app_build->partition_table_offset;
    if (address <= table + PARTITION_TABLE_SIZE)
        return true;
    const esp_partition_t *running = esp_ota_get_running_partition();
    return address < (uint64_t)running->address + running->size &&
           (address >= running->address || (uint64_t)address + length > running->address);
}

// Comes before all checks of arguments (PA-67). `request` names it for people.
static esp_err_t check_protection(const char *request, uint32_t address, uint32_t length) {
    if (firmware_in_bootloader()) // both are the app driver's
        return ESP_OK;
    if (partition_list_readonly_at(address, length))
        return refuse(tag, ESP_ERR_NOT_ALLOWED, "the range touches a partition flagged readonly");
    if (!port_ram()->dangerous_writes_allowed && is_dangerous(address, length)) {
        port_log(PORT_LOG_ERROR, tag, "refused: %s at 0x%x, 0x%x bytes", request, address, length);
        port_halt(PORT_HALT_PANIC, "write or erase of the partition table or of the running app refused");
    }
    return ESP_OK;
}

static esp_err_t read_flash(void *buffer, uint32_t address, uint32_t length) {
    if (buffer != NULL && wraps(address, length)) // in every release
        port_halt(PORT_HALT_CRASH, "a read whose end passes 4 GiB overwrites all memory");
    if (buffer == NULL || !in_range(address, length))
        return ESP_ERR_INVALID_ARG;
    return length == 0 || port_flash_read(address, buffer, length) ? ESP_OK : ESP_ERR_FLASH_OP_FAIL;
}

static esp_err_t write_flash(const void *buffer, uint32_t address, uint32_t length) {
    esp_err_t code = check_protection("write", address, length);
    if (code != ESP_OK)
        return code;
    if (buffer != NULL && wrap_is_taken(address, length)) // what it programs until then is not known
        port_halt(PORT_HALT_CRASH, "a write whose end passes 4 GiB reads its source beyond all memory");
    if (buffer == NULL || !in_range(address, length))
        return ESP_ERR_INVALID_ARG;
    return length == 0 || port_flash_write(address, buffer, length) ? ESP_OK : ESP_ERR_FLASH_OP_FAIL;
}

static esp_err_t erase_flash(uint32_t start, uint32_t length) {
    esp_err_t code = check_protection("erase", start, length);
    if (code != ESP_OK)
        return code;
    if (wrap_is_taken(start, length) && start % SECTOR_SIZE == 0 && length % SECTOR_SIZE == 0) {
        (void)port_flash_erase(start, firmware_flash_size() - start);
        port_halt(PORT_HALT_CRASH,
                  "an erase whose end passes 4 GiB goes on until the code it runs from is gone");
    }
    if (!in_range(start, length) || start % SECTOR_SIZE != 0 || length % SECTOR_SIZE != 0)
        return ESP_ERR_INVALID_ARG;
    return length == 0 || port_flash_erase(start, length) ? ESP_OK : ESP_ERR_FLASH_OP_FAIL;
}

esp_err_t esp_flash_get_size(esp_flash_t *chip, uint32_t *out_size) {
    if (out_size == NULL)
        return ESP_ERR_INVALID_ARG;
    if (!is_main(chip))
        return ESP_ERR_FLASH_NOT_INITIALISED;
    *out_size = firmware_flash_size();
    return ESP_OK;
}

esp_err_t esp_flash_read(esp_flash_t *chip, void *buffer, uint32_t address, uint32_t length) {
    API_CALL(esp_err_t, is_main(chip) ? read_flash(buffer, address, length) : ESP_ERR_FLASH_NOT_INITIALISED);
}

esp_err_t esp_flash_write(esp_flash_t *chip, const void *buffer, uint32_t address, uint32_t length) {
    API_CALL(esp_err_t, is_main(chip) ? write_flash(buffer, address, length) : ESP_ERR_FLASH_NOT_INITIALISED);
}

esp_err_t esp_flash_erase_region(esp_flash_t *chip, uint32_t start, uint32_t length) {
    API_CALL(esp_err_t, is_main(chip) ? erase_flash(start, length) : ESP_ERR_FLASH_NOT_INITIALISED);
}

esp_err_t esp_flash_erase_chip(esp_flash_t *chip) {
    API_CALL(esp_err_t,
             is_main(chip) ? erase_flash(0, firmware_flash_size()) : ESP_ERR_FLASH_NOT_INITIALISED);
}

esp_err_t esp_flash_set_dangerous_write_protection(esp_flash_t *chip, const bool protect) {
    if (!is_main(chip))
        return ESP_ERR_FLASH_NOT_INITIALISED;
    port_ram()->dangerous_writes_allowed = !protect;
    return ESP_OK;
}
