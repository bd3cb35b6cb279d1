// `bench_bootloader [FILE...]`: what a boot costs by a genuine bootloader, executed as it is, beside our own of its release:
//
//   reset     each boot from its reset, its log written
//   resumed   as explorations use it: from where the bootloader first looks behind itself
//   ours      the bootloader of ota/
//
// Processor time of one thread. Without a file there is nothing to execute, which is said.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../ota/bootloader.h"
#include "../../ota/little_endian.h"
#include "../../sim/base/file.h"
#include "../../sim/hw/board.h"
#include "../../sim/machine/machine.h"
#include "../../sim/provision/app_image_builder.h"

#define APP            0x10000u
#define TABLE          0x8000u
#define APP_SIZE       0x1C000u // 112 KiB
#define SECONDS        1.0
#define BOOTLOADER_MAX 0x8000u

struct rate {
    double boots, instructions; // a second, a boot
};

static void need(bool condition, const char *what) {
    if (condition)
        return;
    fprintf(stderr, "bench_bootloader: %s\n", what);
    exit(3);
}

// A factory app of 112 KiB, erased but for that: the shortest way to an app.
static struct board *board_with(const struct buffer *bootloader, const struct chip_target *target,
                                void (*boot)(void)) {
    static const uint8_t row[32] = {0xAA, 0x50, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 'f'};
    struct buffer image = {0};
    struct error error = {0};
    struct board_config config = {.chip = *nor_chip_find("W25Q32JV"), .target = target, .boot = boot};
    config.app = config.bootloader = firmware_build_default(release_profile_find("v5.5"), target);
    struct app_image_options options = app_image_options_default();
    options.target = target;
    options.size = APP_SIZE;
    need(app_image_build(&options, &image, &error), error.message);
    struct board *board = board_new(&config);
    flash_set(board_flash(board), target->bootloader_offset, bootloader->bytes, (uint32_t)bootloader->length);
    flash_set(board_flash(board), TABLE, row, sizeof row);
    flash_set(board_flash(board), APP, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
    return board;
}

static void no_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    (void)context, (void)level, (void)tag, (void)line;
}

static const struct machine *executing; // which machine booted last

static void execute(void) {
    machine_bootloader();
    executing = machine_running();
}

static uint64_t instructions_so_far(void) {
    return executing == NULL ? 0 : machine_statistics(executing).instructions;
}

static struct rate rate_of(struct board *board) {
    const char *why = "";
    executing = NULL;
    need(board_boot(board, PORT_RESET_POWER_ON, &why) == BOARD_RETURNED, why); // makes the machine
    uint64_t before = instructions_so_far();
    clock_t start = clock();
    uint32_t boots = 0;
    double seconds = 0;
    for (; seconds < SECONDS; boots++, seconds = (double)(clock() - start) / CLOCKS_PER_SEC)
        need(board_boot(board, PORT_RESET_POWER_ON, &why) == BOARD_RETURNED, why);
    return (struct rate){boots / seconds, (double)(instructions_so_far() - before) / boots};
}

static void measure(const char *path) {
    struct buffer bootloader = {0};
    struct error error = {0};
    need(file_read(path, BOOTLOADER_MAX, &bootloader, &error), error.message);
    need(bootloader.length > 24, "no bootloader");
    bootloader.bytes[3] = (uint8_t)((bootloader.bytes[3] & 15) | 2 << 4); // 4 MiB, as the board has
    const struct chip_target *target = chip_target_by_id(le16_get(bootloader.bytes + 12));
    need(target != NULL && machine_supports(target), "no machine for its chip");
    struct board *genuine = board_with(&bootloader, target, execute);
    struct board *own = board_with(&bootloader, target, bootloader_boot);
    board_listen(genuine, no_line, NULL); // who listens hears all: no snapshot
    struct rate reset = rate_of(genuine);
    board_listen(genuine, NULL, NULL);
    struct rate resumed = rate_of(genuine), ours = rate_of(own);
    printf("  %-8s %12.0f %10.0f/s %12.0f %10.0f/s %10.0f/s %8.1f x\n", target->name, reset.instructions,
           reset.boots, resumed.instructions, resumed.boots, ours.boots, ours.boots / resumed.boots);
    board_free(genuine);
    board_free(own);
    buffer_free(&bootloader);
}

int main(int argc, char **argv) {
    printf("A boot by a genuine bootloader, an app of %u KiB:\n", APP_SIZE >> 10);
    if (argc == 1) {
        puts("  not measured: no bootloader was given");
        return 0;
    }
    printf("  %-8s %12s %12s %12s %12s %12s %10s\n", "chip", "instructions", "from reset", "instructions",
           "resumed", "ours", "ratio");
    for (int i = 1; i < argc; i++)
        measure(argv[i]);
    return 0;
}
