// Two tasks: one fetches pieces of an image, one writes them; a timer and a mutex beside them.
#include "esp_log.h"
#include "esp_ota_ops.h"
#include "esp_random.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/event_groups.h"
#include "freertos/queue.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "ota_sim.h"

struct piece {
    uint32_t length; // 0: that was all
    uint8_t bytes[512];
};

static QueueHandle_t pieces;
static EventGroupHandle_t events;

static void fetch(void *argument) {
    static struct piece piece;
    size_t at = 0;
    do {
        piece.length = (uint32_t)ota_sim_image_read("new", at, piece.bytes, sizeof piece.bytes);
        at += piece.length;
        xQueueSend(pieces, &piece, portMAX_DELAY);
        vTaskDelay(pdMS_TO_TICKS(10)); // the network
    } while (piece.length != 0);
    (void)argument;
    vTaskDelete(NULL);
}

static void write(void *argument) {
    const esp_partition_t *slot = esp_ota_get_next_update_partition(NULL);
    static struct piece piece;
    esp_ota_handle_t handle;
    (void)argument;
    ESP_ERROR_CHECK(esp_ota_begin(slot, OTA_SIZE_UNKNOWN, &handle));
    while (xQueueReceive(pieces, &piece, portMAX_DELAY) && piece.length != 0)
        ESP_ERROR_CHECK(esp_ota_write(handle, piece.bytes, piece.length));
    ESP_ERROR_CHECK(esp_ota_end(handle));
    ESP_ERROR_CHECK(esp_ota_set_boot_partition(slot));
    xEventGroupSetBits(events, BIT0);
    vTaskDelete(NULL);
}

static esp_err_t start_update(void) {
    pieces = xQueueCreate(1, sizeof(struct piece));
    events = xEventGroupCreate();
    if (xTaskCreate(fetch, "fetch", 4096, NULL, 5, NULL) != pdPASS ||
        xTaskCreate(write, "write", 4096, NULL, 4, NULL) != pdPASS)
        return ESP_ERR_NO_MEM;
    EventBits_t bits = xEventGroupWaitBits(events, BIT0, pdTRUE, pdTRUE, pdMS_TO_TICKS(60000));
    return (bits & BIT0) != 0 ? ESP_OK : ESP_ERR_TIMEOUT;
}
OTA_SIM_CALL(start_update);

static esp_err_t deadlock(void) {
    SemaphoreHandle_t mutex = xSemaphoreCreateMutex();
    xSemaphoreTake(mutex, portMAX_DELAY);
    xSemaphoreTake(mutex, portMAX_DELAY);
    return ESP_OK;
}
OTA_SIM_CALL(deadlock);

static void confirm(void *argument) {
    (void)argument;
    esp_ota_mark_app_valid_cancel_rollback();
}

void app_main(void) {
    esp_timer_handle_t timer;
    ESP_LOGI("app", "random %u, heap %d", (unsigned)esp_random() & 1, esp_get_free_heap_size() > 1000);
    ESP_ERROR_CHECK(esp_timer_create(&(esp_timer_create_args_t){.callback = confirm}, &timer));
    ESP_ERROR_CHECK(esp_timer_start_once(timer, 30000000)); // half a minute of good behaviour
}
