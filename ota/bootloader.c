#include "bootloader.h"

#include "app_image.h"
#include "app_mapping.h"
#include "boot_selection.h"
#include "boot_table.h"
#include "factory_reset.h"
#include "firmware.h"
#include "port.h"
#include "retained_memory.h"

static const char tag[] = "boot";

// Indices that the bootloader can run through, one after another, before the watchdog strikes. Only a table
// without slots leads to larger ones (BL-36).
#define INDEX_MAX 1000000

static const struct firmware_build *build(void) {
    return port_ram()->bootloader_build;
}

// BL-41: retained memory is set aside only for those who use it.
static bool uses_retained_memory(void) {
    return build()->factory_reset || (build()->skip_validate & SKIP_VALIDATE_DEEP_SLEEP) != 0;
}

// ---- trying an image ----------------------------------------------------------------------------

// BL-56.
static enum app_image_mode load_mode(void) {
    unsigned skip = build()->skip_validate;
    bool skips = (skip & SKIP_VALIDATE_ALWAYS) != 0 ||
                 ((skip & SKIP_VALIDATE_POWER_ON) != 0 && port_reset_reason() == PORT_RESET_POWER_ON);
    return skips && port_efuse_read(PORT_EFUSE_SECURE_BOOT) == 0 ? APP_IMAGE_LOAD_NO_VALIDATE
                                                                 : APP_IMAGE_LOAD;
}

// BL-52.
static bool try_index(const struct boot_table *table, int index, enum app_image_mode mode,
                      struct app_image *image) {
    char name[8];
    esp_partition_pos_t position = boot_table_position(table, index);
    if (position.size == 0)
        return false;
    if (build()->anti_rollback && !boot_secure_version_allows(position))
        return false;
    esp_err_t code;
    if (!app_image_is_whole(mode, position.offset, position.size, image, &code)) {
        port_log(PORT_LOG_WARNING, tag, "%s at 0x%x does not load (%s)", boot_index_name(index, name),
                 (unsigned)position.offset, esp_err_to_name(code));
        return false;
    }
    port_log(PORT_LOG_INFO, tag, "%s at 0x%x loads: %u bytes", boot_index_name(index, name),
             (unsigned)position.offset, (unsigned)image->length);
    return true;
}

// BL-40: nothing was ever selected, and now it is known what boots.
static void write_initial_contents(const struct boot_table *table, int index) {
    struct otadata_entry entry = {.seq = (uint32_t)index + 1, .state = OTADATA_VALID};
    for (unsigned i = 0; i < sizeof entry.label; i++)
        entry.label[i] = 0xFF;
    entry.crc = otadata_crc(entry.seq);
    port_log(PORT_LOG_INFO, tag, "otadata is empty: entry 0 := seq %u, VALID", (unsigned)entry.seq);
    boot_write_entry(table, 0, &entry);
    if (build()->anti_rollback && boot_secure_version_allows(boot_table_position(table, index)))
        boot_secure_version_burn(boot_table_position(table, index));
}

// What is left before the mapping and the jump. First-boot steps of Secure Boot and flash encryption (BL-42)
// would come before.
static void start(esp_partition_pos_t position) {
    struct firmware *ram = port_ram();
    if (uses_retained_memory())
        retained_memory_count_boot();
    ram->running_address = position.offset;
    ram->running_size = position.size;
}

static bool try_and_start(const struct boot_table *table, const struct boot_selection *selection, int index,
                          enum app_image_mode mode, struct app_image *image) {
    if (!try_index(table, index, mode, image))
        return false;
    esp_partition_pos_t position = boot_table_position(table, index);
    if (index >= 0 && selection->initial)
        write_initial_contents(table, index);
    if ((build()->skip_validate & SKIP_VALIDATE_DEEP_SLEEP) != 0)
        retained_memory_set_partition(&position);
    start(position);
    return true;
}

// BL-50: downwards from the selected one to factory, then upwards from it, then the test app. An image is
// tried whatever otadata says of its slot (BL-55).
static bool load_something(const struct boot_table *table, const struct boot_selection *selection,
                           struct app_image *image) {
    enum app_image_mode mode = load_mode();
    if (selection->index > INDEX_MAX || selection->index < BOOT_TEST) {
        port_halt(PORT_HALT_HANG,
                  "the bootloader runs through slots that there are not, until the watchdog strikes");
    }
    if (selection->index == BOOT_TEST)
        return try_and_start(table, selection, BOOT_TEST, mode, image);
    for (int index = selection->index; index >= BOOT_FACTORY; index--)
        if (try_and_start(table, selection, index, mode, image))
            return true;
    for (int index = selection->index + 1; (uint32_t)index < table->app_count; index++)
        if (try_and_start(table, selection, index, mode, image))
            return true;
    return try_and_start(table, selection, BOOT_TEST, mode, image);
}

// ---- pins (BL-45 to BL-48) ----------------------------------------------------------------------

static bool held(enum port_pin pin) {
    uint32_t ms = port_pin_hold_ms(pin);
    return ms > 0 && ms >= build()->pin_hold_ms;
}

static struct boot_selection obey_pins(const struct boot_table *table, struct boot_selection selection) {
    if ((!build()->factory_reset && !build()->app_test) || port_reset_reason() == PORT_RESET_DEEP_SLEEP)
        return selection;
    if (build()->factory_reset && held(PORT_PIN_FACTORY_RESET)) {
        port_log(PORT_LOG_WARNING, tag, "the factory reset pin is held");
        factory_reset();
        return boot_select(table); // otadata writes of the first selection have happened (BL-47)
    }
    if (build()->app_test && held(PORT_PIN_APP_TEST)) {
        bool present = table->test.offset != 0;
        port_log(PORT_LOG_WARNING, tag, "the test app's pin is held%s",
                 present ? "" : ", but there is no test app");
        selection.index = present ? BOOT_TEST : BOOT_NOTHING;
    }
    return selection;
}

// ---- the fast path of a wake from deep sleep (BL-60) --------------------------------------------

static bool recorded_partition(esp_partition_pos_t *position) {
    if (!port_ram()->target->lacks_rtc_memory)
        return retained_memory_partition(position);
    struct boot_table table;
    if (!boot_table_load(&table))
        return false;
    *position = boot_table_position(&table, boot_select_read_only(&table));
    return true;
}

// Writes no otadata: a pending app that sleeps is not aborted (BL-61).
static bool wake_without_validation(struct app_image *image) {
    esp_partition_pos_t position;
    if (!recorded_partition(&position) || position.size == 0 ||
        app_image_verify(APP_IMAGE_LOAD_NO_VALIDATE, position.offset, position.size, image) != ESP_OK) {
        port_log(PORT_LOG_WARNING, tag,
                 "wake from deep sleep: the last app does not load, a normal boot follows");
        return false;
    }
    port_log(PORT_LOG_INFO, tag, "wake from deep sleep: the app at 0x%x starts without validation",
             (unsigned)position.offset);
    start(position);
    return true;
}

// ---- a boot attempt -----------------------------------------------------------------------------

static void boot_normally(struct app_image *image) {
    struct boot_table table;
    if (!boot_table_load(&table))
        port_halt(PORT_HALT_RESTART, "the bootloader found no valid partition table");
    struct boot_selection selection = boot_select(&table);
    if (selection.index == BOOT_NOTHING)
        port_halt(PORT_HALT_RESTART, "the bootloader cannot use otadata");
    selection = obey_pins(&table, selection);
    if (selection.index == BOOT_NOTHING || !load_something(&table, &selection, image)) {
        port_log(PORT_LOG_ERROR, tag, "nothing to boot");
        port_halt(PORT_HALT_RESTART, "the bootloader found no bootable app");
    }
}

void bootloader_choose(struct app_image *image) {
    // The reset reason is looked at only by builds that care: recoveries that differ in nothing else are then
    // the same.
    bool fast = (build()->skip_validate & SKIP_VALIDATE_DEEP_SLEEP) != 0 &&
                port_reset_reason() == PORT_RESET_DEEP_SLEEP;
    if (!fast || !wake_without_validation(image))
        boot_normally(image);
}

void bootloader_boot(void) {
    const char *outer = port_call_begin("bootloader");
    struct app_image image;
    bootloader_choose(&image);
    app_mapping_make(&image);
    port_call_end(outer);
}
