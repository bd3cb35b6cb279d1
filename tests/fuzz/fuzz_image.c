// Arbitrary bytes as an application image: bootloader, update code and reports each judge it without harm,
// and agree on whether it is whole.
#include <string.h>

#include "../../ota/app_image.h"
#include "../../sim/hw/board.h"
#include "../../sim/provision/app_image_reader.h"
#include "fuzz.h"

#define SLOT_ADDRESS 0x10000u
#define SLOT_SIZE    0x10000u

static void verify_program(void *context) {
    bool *verified = context;
    struct app_image image;
    esp_app_desc_t descriptor;
    *verified = app_image_verify(APP_IMAGE_VERIFY, SLOT_ADDRESS, SLOT_SIZE, &image) == ESP_OK;
    FUZZ_CHECK(!*verified || (image.start == SLOT_ADDRESS && image.length <= SLOT_SIZE));
    (void)app_image_metadata(SLOT_ADDRESS, SLOT_SIZE, &image);
    (void)app_image_descriptor(SLOT_ADDRESS, &descriptor);
}

// Besides coming back, judging an image may end in an exception (D7: a hash that runs away) or an assertion
// (IMG-36: no descriptor where anti-rollback needs one), which in the bootloader waits for the watchdog (CH-61).
static bool has_ended_well(enum board_end end) {
    return end == BOARD_RETURNED || end == BOARD_CRASHED || end == BOARD_PANICKED || end == BOARD_HUNG;
}

static void load_program(void *context) {
    const enum app_image_mode *mode = context;
    struct app_image image;
    (void)app_image_verify(*mode, SLOT_ADDRESS, SLOT_SIZE, &image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > SLOT_SIZE)
        return 0;
    struct board_config config = {.target = &chip_targets[0]};
    FUZZ_CHECK(nor_chip_custom(1u << 20, &config.chip));
    config.app = firmware_build_default(release_profile_default(), config.target);
    config.app.rollback = config.app.anti_rollback = true;
    config.bootloader = config.app;
    struct board *board = board_new(&config);
    flash_set(board_flash(board), SLOT_ADDRESS, data, (uint32_t)size);

    bool verified = false;
    enum board_end end = board_run(board, verify_program, &verified, NULL);
    FUZZ_CHECK(has_ended_well(end));
    enum app_image_mode modes[] = {APP_IMAGE_LOAD, APP_IMAGE_LOAD_NO_VALIDATE};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        end = board_run(board, load_program, &modes[i], NULL);
        FUZZ_CHECK(has_ended_well(end));
    }

    struct app_image_summary summary;
    bool whole = app_image_describe(board_flash(board), SLOT_ADDRESS, SLOT_SIZE, &summary);
    FUZZ_CHECK(whole || !verified); // the firmware also looks at chip and revisions, never at less
    struct buffer line = {0};
    app_image_summary_print(&summary, &line);
    FUZZ_CHECK(strchr(buffer_string(&line), '\n') == NULL);
    buffer_free(&line);
    board_free(board);
    return 0;
}
