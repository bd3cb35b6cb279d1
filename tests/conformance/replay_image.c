// image: the verifier on one image, as application and as bootloader, without and with anti-rollback (section
// 5).
#include "esp_err.h"
#include "ota/app_image.h"
#include "replay.h"

struct verification {
    enum app_image_mode mode;
    uint32_t offset, size;
    esp_err_t code;
    struct app_image image;
};

static void verify(void *context) {
    struct verification *job = context;
    // Which of the two programs verifies follows from whether an app runs.
    port_ram()->running_address = job->mode == APP_IMAGE_VERIFY ? job->offset : 0;
    job->code = app_image_verify(job->mode, job->offset, job->size, &job->image);
}

static const struct {
    const char *key;
    enum app_image_mode mode;
    enum machine_config config;
} views[] = {
    {"verify", APP_IMAGE_VERIFY, CONFIG_NO_ROLLBACK},
    {"load", APP_IMAGE_LOAD, CONFIG_NO_ROLLBACK},
    {"verify_ar", APP_IMAGE_VERIFY, CONFIG_ANTI_ROLLBACK_32},
    {"load_ar", APP_IMAGE_LOAD, CONFIG_ANTI_ROLLBACK_32},
};

static void replay_view(struct replay *replay, struct vector *vector, const struct flash *flash,
                        size_t view) {
    struct machine *machine = &replay->machine;
    struct verification job = {.mode = views[view].mode,
                               .offset = vector_number(vector, vector->json, "off"),
                               .size = vector_number(vector, vector->json, "size")};
    machine_load(machine, views[view].config, flash, 0);
    enum board_end end = board_run(machine->board, verify, &job, NULL);
    bool found = end == BOARD_RETURNED && job.code == ESP_OK;
    json_t *got = json_pack("{s:s}", "ret", end == BOARD_RETURNED ? esp_err_to_name(job.code) : "abort");
    if (found)
        (void)json_object_set_new(got, "len", json_integer(job.image.length));
    (void)vector_expect(vector, vector_object(vector, vector->json, views[view].key), got, "%s",
                        views[view].key);
    if (views[view].mode == APP_IMAGE_VERIFY && views[view].config == CONFIG_ANTI_ROLLBACK_32)
        (void)vector_expect(vector, json_object_get(vector->json, "sv"),
                            found ? json_integer(job.image.secure_version) : NULL, "sv");
}

void replay_image(struct replay *replay, struct vector *vector) {
    struct buffer bytes = {0};
    uint32_t offset = vector_number(vector, vector->json, "off");
    if (vector_hex(vector, vector->json, "hex", &bytes) &&
        (uint64_t)offset + bytes.length > MACHINE_FLASH_SIZE)
        (void)vector_malformed(vector, "the image ends beyond the flash");
    if (vector->problem.length == 0) {
        struct flash flash;
        flash_init(&flash, MACHINE_FLASH_SIZE);
        flash_set(&flash, offset, bytes.bytes, (uint32_t)bytes.length);
        for (size_t i = 0; i < sizeof views / sizeof *views; i++)
            replay_view(replay, vector, &flash, i);
        flash_free(&flash);
    }
    buffer_free(&bytes);
}
