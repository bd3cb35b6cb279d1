// What the chip model costs, each figure beside the least that the same work could cost in the same run:
// memcpy for flash, the bare SHA-256 of the image for a boot. The best of several rounds counts: other
// programs only ever make a round slower.
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../ota/bootloader.h"
#include "../../ota/partition_table.h"
#include "../../ota/port.h"
#include "../../sim/hw/board.h"
#include "../../sim/provision/app_image_builder.h"
#include "../../sim/provision/otadata_image.h"

#define ROUNDS        15
#define FLASH_SIZE    (4u << 20)
#define RANGE_SIZE    (1u << 20) // of each measurement
#define RANGE_ADDRESS 0x200000u
#define CHUNK_SIZE    4096u // what update code hands to esp_ota_write at a time
#define SLOT_ADDRESS  0x10000u
#define SLOT_SIZE     0x180000u
#define OTADATA       0xD000u

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void must(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "bench: %s\n", what);
        exit(3);
    }
}

struct figures { // seconds, the least so far; 0: not measured yet
    double copy, read, program, erase, hash, boot;
};

static void keep_least(double *figure, double seconds) {
    if (*figure == 0 || seconds < *figure)
        *figure = seconds;
}

struct transfer {
    uint8_t *data; // RANGE_SIZE random bytes
    uint8_t *copy; // as many
    struct figures *figures;
};

static void measure_copy(const struct transfer *transfer) {
    double start = seconds_now();
    for (uint32_t at = 0; at < RANGE_SIZE; at += CHUNK_SIZE) {
        memcpy(transfer->copy + at, transfer->data + at, CHUNK_SIZE);
        __asm__ volatile("" : : "r"(transfer->copy) : "memory"); // the copy is used
    }
    keep_least(&transfer->figures->copy, seconds_now() - start);
}

// Runs on the board, as firmware does.
static void measure_flash(void *context) {
    const struct transfer *transfer = context;
    double start = seconds_now();
    must(port_flash_erase(RANGE_ADDRESS, RANGE_SIZE), "an erase failed");
    double erased = seconds_now();
    for (uint32_t at = 0; at < RANGE_SIZE; at += CHUNK_SIZE)
        must(port_flash_write(RANGE_ADDRESS + at, transfer->data + at, CHUNK_SIZE), "a program failed");
    double programmed = seconds_now();
    for (uint32_t at = 0; at < RANGE_SIZE; at += CHUNK_SIZE)
        must(port_flash_read(RANGE_ADDRESS + at, transfer->copy + at, CHUNK_SIZE), "a read failed");
    double read = seconds_now();
    must(memcmp(transfer->copy, transfer->data, RANGE_SIZE) == 0,
         "the flash does not hold what was programmed");
    keep_least(&transfer->figures->erase, erased - start);
    keep_least(&transfer->figures->program, programmed - erased);
    keep_least(&transfer->figures->read, read - programmed);
}

static struct board *new_board(void) {
    struct board_config config = {.target = &chip_targets[0], .boot = bootloader_boot};
    must(nor_chip_custom(FLASH_SIZE, &config.chip), "no such chip");
    config.bootloader = firmware_build_default(release_profile_default(), config.target);
    config.app = config.bootloader;
    return board_new(&config);
}

// A table with otadata and two slots, and the image in the first.
static void provision(struct board *board, const struct buffer *image) {
    const struct partition_row rows[] = {
        {PARTITION_ROW_MAGIC, 1, 0x00, OTADATA, OTADATA_SIZE, "otadata", 0},
        {PARTITION_ROW_MAGIC, 0, 0x10, SLOT_ADDRESS, SLOT_SIZE, "ota_0", 0},
        {PARTITION_ROW_MAGIC, 0, 0x11, SLOT_ADDRESS + SLOT_SIZE, SLOT_SIZE, "ota_1", 0},
    };
    uint8_t table[PARTITION_TABLE_SIZE], otadata[OTADATA_SIZE];
    memset(table, 0xFF, sizeof table);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        partition_row_encode(&rows[i], table + i * PARTITION_ROW_SIZE);
    struct otadata_entry entry = otadata_entry_make(1, OTADATA_VALID);
    otadata_image_build(&entry, NULL, otadata);
    flash_set(board_flash(board), board_config(board)->app.partition_table_offset, table, sizeof table);
    flash_set(board_flash(board), OTADATA, otadata, sizeof otadata);
    flash_set(board_flash(board), SLOT_ADDRESS, image->bytes, (uint32_t)image->length);
}

// No digest cache: each boot hashes the image anew, as the chip does.
static void measure_boot(struct figures *figures) {
    struct app_image_options options = app_image_options_default();
    options.size = RANGE_SIZE;
    struct buffer image = {0};
    must(app_image_build(&options, &image, NULL), "no image");
    struct board *board = new_board();
    provision(board, &image);
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t digest[EVP_MAX_MD_SIZE];
        double start = seconds_now();
        must(EVP_Digest(image.bytes, image.length, digest, NULL, EVP_sha256(), NULL), "no SHA-256");
        double hashed = seconds_now();
        must(board_boot(board, PORT_RESET_POWER_ON, NULL) == BOARD_RETURNED, "the board does not boot");
        double booted = seconds_now();
        must(board_ram(board)->running_address == SLOT_ADDRESS, "the board booted something else");
        keep_least(&figures->hash, hashed - start);
        keep_least(&figures->boot, booted - hashed);
        board_power_off(board);
    }
    board_free(board);
    buffer_free(&image);
}

static void print_rate(const char *what, double seconds, double least) {
    printf("  %-28s %9.0f MB/s   %5.2f x memcpy\n", what, RANGE_SIZE / seconds / 1e6, least / seconds);
}

int main(void) {
    struct figures figures = {0};
    struct transfer transfer = {memory_new(RANGE_SIZE), memory_new(RANGE_SIZE), &figures};
    for (size_t i = 0; i < RANGE_SIZE; i++)
        transfer.data[i] = (uint8_t)(i * 2654435761u >> 13);
    struct board *board = new_board();
    for (int round = 0; round < ROUNDS; round++) {
        measure_copy(&transfer);
        must(board_run(board, measure_flash, &transfer, NULL) == BOARD_RETURNED, "the board stopped");
        board_journal_clear(board);
    }
    board_free(board);
    measure_boot(&figures);

    printf("chip model, 1 MiB in requests of 4096 bytes (erase: one request), best of %d rounds\n", ROUNDS);
    print_rate("memcpy", figures.copy, figures.copy);
    print_rate("read", figures.read, figures.copy);
    print_rate("program, journalled", figures.program, figures.copy);
    print_rate("erase", figures.erase, figures.copy);
    printf("boot with a 1 MiB image\n");
    printf("  %-28s %9.3f ms\n", "SHA-256 of those bytes", figures.hash * 1e3);
    printf("  %-28s %9.3f ms   %5.2f x SHA-256\n", "boot", figures.boot * 1e3, figures.boot / figures.hash);
    free(transfer.data);
    free(transfer.copy);
    return 0;
}
