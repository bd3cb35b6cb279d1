// The functions of ota_sim.h.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/firmware.h"
#include "../../ota/port.h"
#include "guest.h"
#include "imports.h"

// ---- images -------------------------------------------------------------------------------------

static const struct buffer *image_named(const char *name) {
    const struct guest_host *host = guest_host(guest_running());
    return host->image == NULL ? NULL : host->image(host->context, name);
}

size_t ota_sim_image_size(const char *name) {
    const struct buffer *bytes = image_named(name);
    return bytes == NULL ? 0 : bytes->length;
}

size_t ota_sim_image_read(const char *name, size_t offset, void *buffer, size_t length) {
    const struct buffer *bytes = image_named(name);
    if (bytes == NULL || offset >= bytes->length)
        return 0;
    size_t count = length < bytes->length - offset ? length : bytes->length - offset;
    memcpy(buffer, bytes->bytes + offset, count);
    return count;
}

// ---- telling ------------------------------------------------------------------------------------

void ota_sim_event(const char *text) {
    const struct guest_host *host = guest_host(guest_running());
    char copy[64];
    (void)snprintf(copy, sizeof copy, "%s", text);
    port_log(PORT_LOG_INFO, "event", "%s", copy);
    if (host->event != NULL)
        host->event(host->context, copy);
}

void ota_sim_log(const char *format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    port_log(PORT_LOG_INFO, "app", "%s", line);
}

// ---- bootloaders --------------------------------------------------------------------------------

#define TABLE_ROWS_MAX 95u // 0xC00 bytes (PT-1)
#define ROW_SIZE       32u

static uint32_t word_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

// The app partition around an address, by the table as it lies in flash; without one, a bootloader that keeps to no table
// starts what is there.
static void find_partition(uint32_t address, uint32_t *start, uint32_t *size) {
    uint32_t table = port_ram()->bootloader_build->partition_table_offset, end = port_flash_size();
    uint8_t row[ROW_SIZE];
    *start = address;
    *size = end - address;
    for (uint32_t i = 0; i < TABLE_ROWS_MAX && table + (i + 1) * ROW_SIZE <= end; i++) {
        if (!port_flash_read(table + i * ROW_SIZE, row, sizeof row) || row[0] != 0xAA || row[1] != 0x50)
            return;
        if (row[2] != 0 || address < word_at(row + 4) || address - word_at(row + 4) >= word_at(row + 8))
            continue;
        *start = word_at(row + 4);
        *size = word_at(row + 8);
        return;
    }
}

_Noreturn void ota_sim_start_app(uint32_t address) {
    struct firmware *ram = port_ram();
    if (!firmware_in_bootloader())
        guest_panic("ota_sim_start_app is a bootloader's last act, and this is an app");
    if (address == 0 || address >= port_flash_size())
        guest_panic("ota_sim_start_app: there is no flash at 0x%x", (unsigned)address);
    find_partition(address, &ram->running_address, &ram->running_size);
    guest_returns();
}

static const struct import rows[] = {
    IMPORT(ota_sim_image_size), IMPORT(ota_sim_image_read), IMPORT(ota_sim_event),
    IMPORT(ota_sim_log),        IMPORT(ota_sim_start_app),
};
IMPORT_TABLE(imports_ota_sim, rows);
