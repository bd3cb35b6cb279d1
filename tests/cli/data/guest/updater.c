// An updater that takes an image from the scenario, selects it and confirms itself after a self-test. -DMISTAKE=1 has it
// select before the image is whole.
#include <stdio.h>
#include <stdlib.h>

#include "esp_ota_ops.h"
#include "esp_system.h"
#include "ota_sim.h"

static esp_err_t download(esp_ota_handle_t handle) {
    size_t size = ota_sim_image_size("new");
    uint8_t *chunk = malloc(512);
    esp_err_t code = chunk == NULL ? ESP_ERR_NO_MEM : ESP_OK;
    for (size_t at = 0; code == ESP_OK && at < size;) {
        size_t length = ota_sim_image_read("new", at, chunk, 512);
        code = esp_ota_write(handle, chunk, length);
        at += length;
    }
    free(chunk);
    return code;
}

static esp_err_t start_update(void) {
    const esp_partition_t *to = esp_ota_get_next_update_partition(NULL);
    esp_ota_handle_t handle;
    esp_err_t code = esp_ota_begin(to, OTA_WITH_SEQUENTIAL_WRITES, &handle);
    if (code == ESP_OK)
        code = download(handle);
    if (code == ESP_OK)
        code = esp_ota_end(handle);
    if (code == ESP_OK)
        code = esp_ota_set_boot_partition(to);
    return code;
}
OTA_SIM_CALL(start_update);

static esp_err_t set_channel(int number, const char *name) {
    printf("channel %d is %s\n", number, name);
    return number < 0 ? ESP_ERR_INVALID_ARG : ESP_OK;
}
OTA_SIM_CALL(set_channel, OTA_SIM_INT, OTA_SIM_TEXT);

static esp_err_t crash(void) {
    return *(volatile int *)4;
}
OTA_SIM_CALL(crash);

void app_main(void) {
    esp_ota_img_states_t state;
    printf("app_main runs\n");
    if (esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&
        state == ESP_OTA_IMG_PENDING_VERIFY)
        esp_ota_mark_app_valid_cancel_rollback();
}
