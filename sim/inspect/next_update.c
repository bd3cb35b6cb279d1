#include "next_update.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../play/recovery.h"
#include "../provision/app_image_builder.h"

#define SLOT_0           0x10u
#define LATE_BIT_SAMPLES 64u // as a scenario that says nothing
#define ERASES_MAX       8u
#define CHUNK            4096u
#define NEW_VERSION      "next"

// ---- can it be done at all? ---------------------------------------------------------------------

static uint32_t smallest_slot(const struct table_view *table) {
    uint32_t smallest = UINT32_MAX;
    for (uint32_t slot = 0; slot < table->slot_count; slot++) {
        const struct partition_row *row = table_find(table, 0, (uint8_t)(SLOT_0 + slot));
        if (row && row->size < smallest)
            smallest = row->size;
    }
    return smallest;
}

static bool check(const struct inspection *inspection, const struct boot_answer *boot, struct error *error) {
    if (!boot->starts)
        return error_set(error, "no update can be tried: nothing boots (%s)", boot->end);
    if (inspection->table.slot_count == 0)
        return error_set(error, "no update can be tried: the partition table has no OTA slot");
    if (!inspection->otadata.present)
        return error_set(error, "no update can be tried: the partition table has no usable otadata");
    const struct partition_row *first = table_find(&inspection->table, 0, SLOT_0);
    if (inspection->table.slot_count == 1 && first && first->offset == boot->address)
        return error_set(error, "no update can be tried: the only OTA slot is the one that runs");
    return true;
}

// ---- the scenario -------------------------------------------------------------------------------

// The running app's successor: same project and secure version, another version.
static bool add_image(const struct inspection *inspection, const struct boot_answer *boot,
                      struct scenario *out, struct error *error) {
    struct scenario_image *image = memory_zeroed(1, sizeof *image);
    out->images = image;
    out->image_count = 1;
    image->name = memory_text(NEW_VERSION);
    image->options = app_image_options_default();
    image->options.target = inspection->dump.target;
    snprintf(image->options.version, sizeof image->options.version, "%s", NEW_VERSION);
    for (size_t i = 0; i < inspection->images.count; i++) {
        const struct image_view *old = &inspection->images.items[i];
        if (old->address != boot->address || !old->summary.has_descriptor)
            continue;
        memcpy(image->options.project, old->summary.project, sizeof image->options.project);
        image->options.secure_version = old->summary.secure_version;
    }
    uint32_t room = smallest_slot(&inspection->table) & ~0xFu;
    image->options.size = room < NEXT_UPDATE_SIZE ? room : NEXT_UPDATE_SIZE;
    memcpy(image->version, image->options.version, sizeof image->version);
    image->behaviour = app_behaviour_of(APP_CONFIRM);
    return app_image_build(&image->options, &image->bytes, error);
}

static void add_steps(struct scenario *out) {
    out->steps = memory_zeroed(3, sizeof *out->steps);
    out->step_count = 3;
    out->steps[0] = (struct step){.kind = STEP_BOOT, .title = memory_text("boot")};
    out->steps[1] = (struct step){.kind = STEP_UPDATE,
                                  .title = memory_text("update the next slot"),
                                  .as.update = {.chunk = CHUNK, .size = OTA_SIZE_UNKNOWN}};
    out->steps[2] = (struct step){.kind = STEP_RESTART, .title = memory_text("restart")};
}

bool next_update_scenario(const struct inspection *inspection, const char *file,
                          const struct release_profile *release, enum dump_build build, struct scenario *out,
                          struct error *error) {
    *out = (struct scenario){0};
    const struct boot_answer *boot = forecast_boot_of(&inspection->forecast, release, build);
    if (!check(inspection, boot, error))
        return false;
    out->file = memory_text(file);
    out->name = memory_text("the next update of this device");
    out->seed = 1;
    out->board = dump_board_config(&inspection->dump, release, build);
    const struct flash *flash = &inspection->dump.device.flash;
    buffer_reserve(&out->dump, flash->size);
    for (uint32_t at = 0; at < flash->size; at += NOR_SECTOR_SIZE)
        buffer_append(&out->dump, flash_sector(flash, at), NOR_SECTOR_SIZE);
    out->efuse[PORT_EFUSE_SECURE_VERSION] = inspection->dump.device.efuse[PORT_EFUSE_SECURE_VERSION];
    out->efuse_set[PORT_EFUSE_SECURE_VERSION] = true;
    out->default_behaviour = app_behaviour_of(APP_CONFIRM);
    add_steps(out);
    out->explore = (struct scenario_exploration){.enabled = true,
                                                 .fault_models = fault_models_default(),
                                                 .invariants = INVARIANTS_DEFAULT,
                                                 .retry = true,
                                                 .boots_max = RECOVERY_BOOTS_MAX_DEFAULT,
                                                 .late_bit_samples = LATE_BIT_SAMPLES,
                                                 .erases_max = ERASES_MAX,
                                                 .last_step = UINT32_MAX};
    if (add_image(inspection, boot, out, error))
        return true;
    scenario_free(out);
    return false;
}
