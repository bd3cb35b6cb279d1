#include "image_verdict.h"

#include <string.h>

#include "../../ota/app_image.h"
#include "../base/utf8.h"
#include "../hw/board.h"

#define SLOT_ADDRESS 0x10000u
#define SLOT_STEP    0x10000u
#define RELEASES_MAX 32u

struct judging {
    enum app_image_mode mode;
    uint32_t room;
    esp_err_t code;
};

static void judge(void *context) {
    struct judging *judging = context;
    struct app_image image;
    judging->code = app_image_verify(judging->mode, SLOT_ADDRESS, judging->room, &image);
}

// Every line of the checks is a reason.
static void note_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    (void)level;
    (void)tag;
    struct buffer *lines = context;
    buffer_text(lines, lines->length > 0 ? "; " : "");
    utf8_one_line(lines, line);
}

static bool judge_as(struct board *board, const char *who, enum app_image_mode mode, uint32_t room,
                     struct buffer *out) {
    struct judging judging = {.mode = mode, .room = room};
    struct buffer reasons = {0};
    board_listen(board, note_line, &reasons);
    enum board_end end = board_run(board, judge, &judging, NULL);
    board_listen(board, NULL, NULL);
    bool fine = end == BOARD_RETURNED && judging.code == ESP_OK;
    buffer_printf(out, "%s: %s", who,
                  end != BOARD_RETURNED ? board_end_name(end) : esp_err_to_name(judging.code));
    if (!fine && reasons.length > 0)
        buffer_printf(out, " (%s)", buffer_string(&reasons));
    buffer_free(&reasons);
    return fine;
}

// One release's answer as a text.
static bool answer(const void *bytes, uint32_t length, uint32_t room, const struct chip_target *target,
                   const struct release_profile *release, struct buffer *out) {
    struct board_config config = {.target = target};
    uint32_t size = NOR_SIZE_MIN;
    while (size < SLOT_ADDRESS + room)
        size *= 2;
    (void)nor_chip_custom(size, &config.chip); // the caller's room fits 32 MiB
    config.app = config.bootloader = firmware_build_default(release, target);
    struct board *board = board_new(&config);
    flash_set(board_flash(board), SLOT_ADDRESS, bytes, length);
    bool fine = judge_as(board, "the app's check", APP_IMAGE_VERIFY, room, out);
    buffer_text(out, ", ");
    fine = judge_as(board, "the bootloader's", APP_IMAGE_LOAD, room, out) && fine;
    board_free(board);
    return fine;
}

bool image_verdict(const void *bytes, size_t length, uint32_t room, const struct chip_target *target,
                   const struct release_profile *release, struct buffer *out) {
    struct buffer answers[RELEASES_MAX] = {0};
    bool fine = true;
    if (room < length)
        room = ((uint32_t)length + SLOT_STEP - 1) / SLOT_STEP * SLOT_STEP;
    const struct release_profile *first = release != NULL ? release : release_profiles;
    size_t count = 0;
    for (; count < RELEASES_MAX && first[count].name && (release == NULL || count == 0); count++)
        fine = answer(bytes, (uint32_t)length, room, target, &first[count], &answers[count]) && fine;
    for (size_t i = 0; i < count; i++) {
        if (answers[i].length == 0)
            continue;
        buffer_text(out, first[i].name);
        for (size_t j = i + 1; j < count; j++)
            if (answers[j].length > 0 &&
                strcmp(buffer_string(&answers[i]), buffer_string(&answers[j])) == 0) {
                buffer_printf(out, " %s", first[j].name);
                answers[j].length = 0;
            }
        buffer_printf(out, ": %s\n", buffer_string(&answers[i]));
    }
    for (size_t i = 0; i < count; i++)
        buffer_free(&answers[i]);
    return fine;
}
