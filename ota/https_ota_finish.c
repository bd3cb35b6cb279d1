// The end of a download, questions about it, and all of it in one (HO-50 to HO-80).
#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "http_client.h"
#include "https_ota.h"

#define DESCRIPTOR_OFFSET 32u // IMG-10

static const char tag[] = "esp_https_ota";

// ---- descriptors before anything is written -----------------------------------------------------

// HO-51: a second call before perform has flash read that nobody wrote (HO-52).
static bool is_in_flash(const struct https_ota *ota, uint32_t size) {
    return ota->accepted >= DESCRIPTOR_OFFSET + size ||
           (ota->header_read && https_ota_profile()->https_resumption);
}

// Where in the buffer it is; NULL: nowhere.
static const char *fetch_descriptor(struct https_ota *ota, uint32_t size) {
    if (is_in_flash(ota, size))
        return esp_partition_read(ota->staging, DESCRIPTOR_OFFSET, ota->buffer, size) == ESP_OK ? ota->buffer
                                                                                                : NULL;
    if (!ota->header_read && https_ota_read_header(ota) != ESP_OK)
        return NULL;
    return ota->buffer + DESCRIPTOR_OFFSET;
}

static esp_err_t describe(struct https_ota *ota, void *out, uint32_t size, uint32_t magic_size,
                          uint32_t magic) {
    https_ota_tell(ESP_HTTPS_OTA_GET_IMG_DESC, NULL, 0);
    if (port_ram()->app_build->https_ota.decrypt_cb)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "get_img_desc: the image is encrypted");
    if (ota == NULL || out == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "get_img_desc: no such handle, or nowhere to write to");
    if (ota->state < OTA_BEGIN)
        return refuse(tag, ESP_ERR_INVALID_STATE, "get_img_desc: the download has not begun");
    if (ota->final == NULL || !https_ota_has_header(ota))
        return refuse(tag, ESP_FAIL, "get_img_desc: neither app nor bootloader");
    const char *descriptor = fetch_descriptor(ota, size);
    if (descriptor == NULL)
        return refuse(tag, ESP_FAIL, "get_img_desc: the header is not to be had");
    if (memcmp(descriptor, &magic, magic_size) != 0)
        return refuse(tag, ESP_FAIL, "get_img_desc: no descriptor there");
    memcpy(out, descriptor, size);
    return ESP_OK;
}

esp_err_t esp_https_ota_get_img_desc(esp_https_ota_handle_t https_ota_handle, esp_app_desc_t *new_app_info) {
    API_CALL(esp_err_t, describe(https_ota_of(https_ota_handle), new_app_info, sizeof *new_app_info, 4,
                                 ESP_APP_DESC_MAGIC_WORD));
}

esp_err_t esp_https_ota_get_bootloader_img_desc(esp_https_ota_handle_t https_ota_handle,
                                                esp_bootloader_desc_t *new_img_info) {
    API_CALL(esp_err_t, describe(https_ota_of(https_ota_handle), new_img_info, sizeof *new_img_info, 1,
                                 ESP_BOOTLOADER_DESC_MAGIC_BYTE));
}

// ---- finish and abort ---------------------------------------------------------------------------

// HO-62: it is the staging slot that boots.
static esp_err_t select_new(const struct https_ota *ota) {
    uint8_t subtype = (uint8_t)ota->final->subtype;
    bool slot = subtype >= ESP_PARTITION_SUBTYPE_APP_OTA_MIN && subtype < ESP_PARTITION_SUBTYPE_APP_OTA_MAX;
    esp_err_t code = slot ? esp_ota_set_boot_partition(ota->staging) : ESP_OK;
    if (code == ESP_OK) {
        uint32_t data = subtype;
        https_ota_tell(ESP_HTTPS_OTA_UPDATE_BOOT_PARTITION, &data, sizeof data);
    }
    return https_ota_profile()->https_finish_tells ? code : ESP_OK;
}

static esp_err_t finish(struct https_ota *ota) {
    if (ota == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "finish: no such handle");
    if (ota->state < OTA_BEGIN)
        return refuse(tag, ESP_FAIL, "finish: the download has not begun");
    bool writes = ota->state == OTA_SUCCESS || ota->state == OTA_IN_PROGRESS;
    esp_err_t code = writes ? esp_ota_end(ota->update) : ESP_OK;
    (void)esp_http_client_cleanup(ota->client);
    if (code == ESP_OK && ota->state == OTA_SUCCESS && ota->final->type == ESP_PARTITION_TYPE_APP)
        code = select_new(ota);
    ota->open = false;
    https_ota_tell(ESP_HTTPS_OTA_FINISH, NULL, 0);
    return code;
}

esp_err_t esp_https_ota_finish(esp_https_ota_handle_t https_ota_handle) {
    API_CALL(esp_err_t, finish(https_ota_of(https_ota_handle)));
}

static esp_err_t abort_download(struct https_ota *ota) {
    https_ota_tell(ESP_HTTPS_OTA_ABORT, NULL, 0);
    if (ota == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "abort: no such handle");
    if (ota->state < OTA_BEGIN)
        return refuse(tag, ESP_FAIL, "abort: the download has not begun");
    bool writes = ota->state == OTA_SUCCESS || ota->state == OTA_IN_PROGRESS;
    esp_err_t code = writes ? esp_ota_abort(ota->update) : ESP_OK;
    (void)esp_http_client_cleanup(ota->client);
    ota->open = false;
    return code;
}

esp_err_t esp_https_ota_abort(esp_https_ota_handle_t https_ota_handle) {
    API_CALL(esp_err_t, abort_download(https_ota_of(https_ota_handle)));
}

// ---- questions ----------------------------------------------------------------------------------

bool esp_https_ota_is_complete_data_received(esp_https_ota_handle_t https_ota_handle) {
    const struct https_ota *ota = https_ota_of(https_ota_handle);
    if (ota == NULL)
        return false;
    return ota->partial ? ota->accepted == ota->image_length
                        : esp_http_client_is_complete_data_received(ota->client);
}

int esp_https_ota_get_image_len_read(esp_https_ota_handle_t https_ota_handle) {
    const struct https_ota *ota = https_ota_of(https_ota_handle);
    return ota == NULL || ota->state < OTA_IN_PROGRESS ? -1 : (int)ota->accepted;
}

int esp_https_ota_get_image_size(esp_https_ota_handle_t https_ota_handle) {
    const struct https_ota *ota = https_ota_of(https_ota_handle);
    return ota == NULL || ota->state < OTA_BEGIN ? -1 : (int)ota->image_length;
}

int esp_https_ota_get_status_code(esp_https_ota_handle_t https_ota_handle) {
    const struct https_ota *ota = https_ota_of(https_ota_handle);
    if (!https_ota_profile()->https_status_code) {
        (void)refuse(tag, ESP_ERR_NOT_SUPPORTED, "this release has no esp_https_ota_get_status_code");
        return -1;
    }
    return ota == NULL || ota->client == NULL ? -1 : ota->client->response.status;
}

// ---- all of it in one ---------------------------------------------------------------------------

static esp_err_t update(const esp_https_ota_config_t *config) {
    esp_https_ota_handle_t handle = NULL;
    if (config == NULL || config->http_config == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "no configuration");
    if (config->ota_resumption)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "esp_https_ota does not resume");
    esp_err_t code = esp_https_ota_begin(config, &handle);
    if (code == ESP_OK && handle == NULL)
        code = ESP_FAIL;
    if (code != ESP_OK)
        return code;
    do
        code = esp_https_ota_perform(handle);
    while (code == ESP_ERR_HTTPS_OTA_IN_PROGRESS);
    if (code != ESP_OK) {
        (void)esp_https_ota_abort(handle);
        return code;
    }
    return esp_https_ota_finish(handle);
}

esp_err_t esp_https_ota(const esp_https_ota_config_t *ota_config) {
    API_CALL(esp_err_t, update(ota_config));
}
