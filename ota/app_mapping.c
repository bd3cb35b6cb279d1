#include "app_mapping.h"

#include <stddef.h>

#include "app_image.h"
#include "firmware.h"
#include "load_address.h"
#include "port.h"

#define PAGE_8K (8u << 10)

static _Noreturn void give_up(const char *why) {
    port_log(PORT_LOG_ERROR, "boot", "%s; the bootloader aborts, and the watchdog resets the chip", why);
    port_halt(PORT_HALT_HANG, why);
}

// The MMU's page for an image's: sizes that the chip lacks select its largest (CH-23).
static uint32_t mmu_page(const struct chip_target *target, uint32_t page) {
    uint32_t largest = 64u << 10;
    for (uint32_t log2 = 0; log2 < 32; log2++)
        if ((target->page_sizes >> log2 & 1) != 0)
            largest = 1u << log2;
    return (target->page_sizes & page) != 0 ? page : largest;
}

// Maps one segment into its window.
static void map_segment(const struct app_image *image, size_t index, struct address_range window) {
    const esp_image_segment_header_t *segment = &image->segments[index];
    uint32_t page = image->mmu_page_size, unit = mmu_page(port_ram()->target, page);
    uint32_t start = segment->load_addr & ~(page - 1), from = image->segment_data[index] & ~(page - 1);
    uint64_t end = (uint64_t)segment->load_addr + segment->data_len;
    if (start % unit != 0 || from % unit != 0)
        give_up("a mapped segment is not aligned to the page that the MMU has");
    if (start < window.start || end > window.end)
        give_up("a mapped segment reaches beyond its window");
}

// ---- chips with a window each for data and code: the last segment of each kind counts (CH-24) ----

// The index of the last segment in a window, or the image's count: there is none.
static size_t last_in(const struct app_image *image, struct address_range window) {
    size_t found = image->header.segment_count;
    for (size_t i = 0; i < image->header.segment_count; i++) {
        uint32_t address = image->segments[i].load_addr;
        if (address >= window.start && address < window.end)
            found = i;
    }
    return found;
}

static void map_two_windows(const struct app_image *image, const struct chip_target *target,
                            const struct release_profile *profile) {
    struct address_range code = load_address_irom(target, image->build_mmu_page_size);
    struct address_range data = load_address_drom(target, profile, image->build_mmu_page_size);
    size_t of_data = last_in(image, data), of_code = last_in(image, code);
    if (of_data == image->header.segment_count || of_code == image->header.segment_count)
        give_up("the app has no segment of mapped data, or none of mapped code");
    if (target->irom_window_end != 0)
        code.end = target->irom_window_end;
    map_segment(image, of_data, data);
    map_segment(image, of_code, code);
}

// ---- chips with one window: exactly two mapped segments -----------------------------------------

static void map_one_window(const struct app_image *image, const struct chip_target *target,
                           const struct release_profile *profile) {
    struct address_range window = load_address_drom(target, profile, image->build_mmu_page_size);
    struct address_range ram = chip_target_external(target, profile);
    size_t mapped[2] = {0, 0}, count = 0;
    for (size_t i = 0; i < image->header.segment_count; i++) {
        if (load_address_is_mapped(target, profile, image->build_mmu_page_size,
                                   image->segments[i].load_addr)) {
            mapped[count % 2] = i;
            count++;
        }
    }
    if (count != 2)
        give_up("assertion: the app has not exactly two mapped segments");
    if (image->mmu_page_size == PAGE_8K)
        give_up("the bootloader cannot map pages of 8 KiB"); // HW-123, observed on v6.1
    for (size_t i = 0; i < 2; i++) {
        uint32_t address = image->segments[mapped[i]].load_addr;
        bool external = address >= ram.start && address < ram.end;
        if (!external) // external RAM is mapped by the app itself
            map_segment(image, mapped[i], window);
    }
}

void app_mapping_make(const struct app_image *image) {
    const struct firmware *ram = port_ram();
    const struct release_profile *profile = ram->bootloader_build->profile;
    if (!profile->unmapped_app_aborts)
        return;
    if (ram->target->one_bus)
        map_one_window(image, ram->target, profile);
    else
        map_two_windows(image, ram->target, profile);
}
