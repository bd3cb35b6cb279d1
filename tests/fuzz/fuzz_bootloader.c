// Arbitrary bytes as a genuine bootloader's code: whatever they do, the boot ends, and nothing outside the board is touched.
//
// The input is the code of a bootloader for an ESP32-C3 and for an ESP32, at its entry; the ROM finds it whole.
//
// Slow: a chip of 4 MiB is made and runs what it finds until its watchdog ends it.
#include <string.h>

#include "../../sim/hw/board.h"
#include "../../sim/machine/machine.h"
#include "../../sim/provision/app_image_builder.h"
#include "fuzz.h"

#define CODE_MAX 4096u

static void boot(const char *target, uint32_t entry, const uint8_t *bytes, size_t length) {
    struct board_config config = {
        .chip = *nor_chip_find("W25Q32JV"), .target = chip_target_find(target), .boot = machine_bootloader};
    config.app = config.bootloader = firmware_build_default(release_profile_default(), config.target);
    struct board *board = board_new(&config);
    struct app_image_segment segment = {entry, (uint32_t)length, bytes};
    struct buffer image = {0};
    app_image_assemble(&(struct app_image_parts){.magic = 0xE9,
                                                 .entry = entry,
                                                 .chip_id = config.target->chip_id,
                                                 .segments = &segment,
                                                 .segment_count = 1},
                       &image);
    flash_set(board_flash(board), config.target->bootloader_offset, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
    const char *why = NULL;
    enum board_end end = board_boot(board, PORT_RESET_POWER_ON, &why);
    if (end != BOARD_RETURNED && (why == NULL || why[0] == 0))
        __builtin_trap(); // an end without a reason
    board_free(board);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    size_t length = (size < CODE_MAX ? size : CODE_MAX) & ~(size_t)3;
    boot("esp32c3", 0x403CE710, bytes, length);
    boot("esp32", 0x40078000, bytes, length);
    return 0;
}
