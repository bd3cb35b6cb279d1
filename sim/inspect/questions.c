#include "questions.h"

#include <inttypes.h>

#include "../../ota/app_startup.h"
#include "../../ota/include/esp_ota_ops.h"
#include "../../ota/otadata.h"

// ---- answers ------------------------------------------------------------------------------------

static void answer_partition(const esp_partition_t *partition, struct buffer *answer) {
    if (partition == NULL)
        buffer_text(answer, "NULL");
    else
        buffer_printf(answer, "%s at 0x%" PRIx32, partition->label, partition->address);
}

static void answer_code(esp_err_t code, struct buffer *answer) {
    buffer_text(answer, esp_err_to_name(code));
}

// ---- questions ----------------------------------------------------------------------------------

static void ask_running(struct buffer *answer) {
    answer_partition(esp_ota_get_running_partition(), answer);
}

static void ask_boot(struct buffer *answer) {
    answer_partition(esp_ota_get_boot_partition(), answer);
}

static void ask_next(struct buffer *answer) {
    answer_partition(esp_ota_get_next_update_partition(NULL), answer);
}

static void ask_state(struct buffer *answer) {
    esp_ota_img_states_t state;
    esp_err_t code = esp_ota_get_state_partition(esp_ota_get_running_partition(), &state);
    answer_code(code, answer);
    if (code == ESP_OK)
        buffer_printf(answer, ", %s",
                      (uint32_t)state == OTADATA_UNDEFINED ? "UNDEFINED"
                                                           : otadata_state_name((uint32_t)state));
}

static void ask_rollback_possible(struct buffer *answer) {
    buffer_text(answer, esp_ota_check_rollback_is_possible() ? "true" : "false");
}

static void ask_last_invalid(struct buffer *answer) {
    answer_partition(esp_ota_get_last_invalid_partition(), answer);
}

static void ask_confirm(struct buffer *answer) {
    answer_code(esp_ota_mark_app_valid_cancel_rollback(), answer);
}

static void ask_reject(struct buffer *answer) {
    answer_code(esp_ota_mark_app_invalid_rollback_and_reboot(), answer);
}

static void ask_begin(struct buffer *answer) {
    const esp_partition_t *next = esp_ota_get_next_update_partition(NULL);
    esp_ota_handle_t handle;
    answer_code(esp_ota_begin(next, OTA_SIZE_UNKNOWN, &handle), answer);
}

static void ask_select_next(struct buffer *answer) {
    answer_code(esp_ota_set_boot_partition(esp_ota_get_next_update_partition(NULL)), answer);
}

const struct question questions[] = {
    {"esp_ota_get_running_partition()", ask_running},
    {"esp_ota_get_boot_partition()", ask_boot},
    {"esp_ota_get_next_update_partition(NULL)", ask_next},
    {"esp_ota_get_state_partition(running)", ask_state},
    {"esp_ota_check_rollback_is_possible()", ask_rollback_possible},
    {"esp_ota_get_last_invalid_partition()", ask_last_invalid},
    {"esp_ota_mark_app_valid_cancel_rollback()", ask_confirm},
    {"esp_ota_mark_app_invalid_rollback_and_reboot()", ask_reject},
    {"esp_ota_begin(next, OTA_SIZE_UNKNOWN)", ask_begin},
    {"esp_ota_set_boot_partition(next), as it stands", ask_select_next},
    {NULL, NULL},
};

// ---- asking -------------------------------------------------------------------------------------

struct asking {
    const struct question *question;
    struct buffer *answer;
};

static void live(void *context) {
    const struct asking *asking = context;
    (void)app_startup();
    asking->question->ask(asking->answer);
}

void question_ask(const struct question *question, struct board *board, struct buffer *answer) {
    struct asking asking = {question, answer};
    const char *why = NULL;
    enum board_end end = board_run(board, live, &asking, &why);
    if (end == BOARD_RETURNED)
        return;
    answer->length = 0;
    buffer_printf(answer, "does not return: %s%s%s", board_end_name(end), why ? ", " : "", why ? why : "");
}
