#include <stdio.h>
#include <string.h>

#include "../provision/app_image_builder.h"
#include "../provision/otadata_image.h"
#include "twin.h"

#define OTADATA 0xD000u
#define APPS    0x10000u
#define APP     0x20000u // of each app partition

static uint32_t draw(uint64_t *state, uint32_t below) { // splitmix64
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % below);
}

static struct otadata_entry random_entry(uint64_t *state) {
    static const uint32_t states[] = {OTADATA_NEW,     OTADATA_PENDING_VERIFY, OTADATA_VALID,
                                      OTADATA_INVALID, OTADATA_ABORTED,        OTADATA_UNDEFINED};
    struct otadata_entry entry = otadata_entry_make(1 + draw(state, 6), states[draw(state, 6)]);
    if (draw(state, 8) == 0)
        entry.crc ^= 1u << draw(state, 32);
    return entry;
}

static void put_image(const struct twin_settings *settings, uint64_t *state, uint32_t address,
                      struct flash *out) {
    struct app_image_options options = app_image_options_default();
    options.target = settings->target;
    options.size = 0x6000 + draw(state, 0x4000);
    options.seed = draw(state, 1000) + 1;
    options.secure_version = draw(state, 4);
    struct buffer image = {0};
    if (draw(state, 8) == 0 || !app_image_build(&options, &image, NULL))
        return; // a blank slot
    if (draw(state, 4) == 0)
        image.bytes[draw(state, (uint32_t)image.length)] ^= (uint8_t)(1u << draw(state, 8));
    flash_set(out, address, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
}

static void put_row(struct flash *out, uint32_t at, uint8_t type, uint8_t subtype, uint32_t offset,
                    uint32_t size, const char *label) {
    uint8_t row[32] = {0xAA, 0x50, type, subtype}; // PT-1
    for (unsigned i = 0; i < 4; i++) {
        row[4 + i] = (uint8_t)(offset >> 8 * i);
        row[8 + i] = (uint8_t)(size >> 8 * i);
    }
    (void)snprintf((char *)row + 12, 16, "%s", label);
    flash_set(out, at, row, sizeof row);
}

void twin_random_flash(const struct twin_settings *settings, uint64_t seed, struct flash *out) {
    uint64_t state = seed * 2654435761u + 1;
    uint32_t slots = 1 + draw(&state, 3), apps = slots + draw(&state, 2);
    bool factory = apps > slots;
    flash_init(out, 2u << 20);
    uint32_t table = settings->build.partition_table_offset;
    put_row(out, table, 1, 0, OTADATA, OTADATA_SIZE, "otadata");
    for (uint32_t i = 0; i < apps; i++) {
        char label[16];
        bool is_factory = factory && i == 0;
        uint32_t slot = i - (factory ? 1 : 0), address = APPS + i * APP;
        (void)snprintf(label, sizeof label, is_factory ? "factory" : "ota_%u", (unsigned)slot);
        put_row(out, table + 32 * (i + 1), 0, (uint8_t)(is_factory ? 0 : 0x10 + slot), address, APP, label);
        put_image(settings, &state, address, out);
    }
    struct otadata_entry entries[2] = {random_entry(&state), random_entry(&state)};
    uint8_t otadata[OTADATA_SIZE];
    otadata_image_build(draw(&state, 4) == 0 ? NULL : &entries[0], draw(&state, 4) == 0 ? NULL : &entries[1],
                        otadata);
    flash_set(out, OTADATA, otadata, sizeof otadata);
}
