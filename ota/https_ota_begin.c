// esp_https_ota_begin: checks, connects, chooses the partitions (HO-10 to HO-19).
#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "http_client.h"
#include "https_ota.h"

#define LEAST_TO_RESUME 1024u // HO-13

static const char tag[] = "esp_https_ota";

const struct release_profile *https_ota_profile(void) {
    return port_ram()->app_build->profile;
}

// Before v5.5 there is no event of the chip revision.
void https_ota_tell(esp_https_ota_event_t event, const void *data, uint32_t size) {
    const struct release_profile *profile = https_ota_profile();
    if (!profile->https_events ||
        (event == ESP_HTTPS_OTA_VERIFY_CHIP_REVISION && !profile->https_revision_checked))
        return;
    bool later = event > ESP_HTTPS_OTA_VERIFY_CHIP_REVISION && !profile->https_revision_checked;
    port_event_post(ESP_HTTPS_OTA_EVENT, (int32_t)event - later, data, size);
}

// ---- handles ------------------------------------------------------------------------------------

struct https_ota *https_ota_of(esp_https_ota_handle_t handle) {
    struct https_ota *ota = handle;
    return ota != NULL && ota->open ? ota : NULL;
}

static struct https_ota *free_download(void) {
    struct http_ram *ram = port_http_ram();
    for (uint32_t i = 0; i < HTTPS_OTA_MAX; i++)
        if (!ram->downloads[i].open) {
            memset(&ram->downloads[i], 0, offsetof(struct https_ota, buffer));
            return &ram->downloads[i];
        }
    return NULL;
}

bool https_ota_has_header(const struct https_ota *ota) {
    return ota->final->type == ESP_PARTITION_TYPE_APP || ota->final->type == ESP_PARTITION_TYPE_BOOTLOADER;
}

// ---- the configuration --------------------------------------------------------------------------

// HO-11: plain HTTP is nothing that happens by mistake.
static bool trusts(const esp_http_client_config_t *http) {
    return http->cert_pem != NULL || http->use_global_ca_store || http->crt_bundle_attach != NULL ||
           port_ram()->app_build->https_ota.allow_http;
}

// What the release's component has no field for.
static esp_err_t check_fields(const esp_https_ota_config_t *config) {
    const struct release_profile *profile = https_ota_profile();
    bool final = config->partition.staging != NULL || config->partition.final != NULL;
    if (config->ota_resumption && !profile->https_resumption)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "begin: this release has no ota_resumption");
    if (final && !profile->has_final_partition)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "begin: this release has no staging and final partition");
    if (config->partial_http_download && profile->https_partial_is_option &&
        !port_ram()->app_build->https_ota.enable_partial_download)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED,
                      "begin: partial_http_download needs ESP_HTTPS_OTA_ENABLE_PARTIAL_DOWNLOAD");
    if (config->enc_img_header_size != 0 && !profile->https_encrypted_header_size)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "begin: this release has no enc_img_header_size");
    if (config->buffer_caps != 0 && !profile->https_buffer_caps)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "begin: this release has no buffer_caps");
    return ESP_OK;
}

// HO-10 to HO-12. *keeps: the caller's handle stays as it is.
static esp_err_t check(const esp_https_ota_config_t *config, bool *keeps) {
    if (config == NULL || config->http_config == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "begin: no configuration");
    if (!trusts(config->http_config))
        return refuse(tag, ESP_ERR_INVALID_ARG,
                      "begin: no certificate, no bundle, and ESP_HTTPS_OTA_ALLOW_HTTP is off");
    if (!port_ram()->app_build->https_ota.decrypt_cb)
        return check_fields(config);
    *keeps = config->decrypt_cb == NULL || config->ota_resumption;
    if (config->decrypt_cb == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "begin: no decrypt_cb");
    if (config->ota_resumption)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "begin: what is decrypted cannot be resumed");
    return check_fields(config);
}

static void take_settings(struct https_ota *ota, const esp_https_ota_config_t *config) {
    const esp_http_client_config_t *http = config->http_config;
    bool decrypts = port_ram()->app_build->https_ota.decrypt_cb;
    uint32_t wanted = http->buffer_size > 0 ? (uint32_t)http->buffer_size : DEFAULT_HTTP_BUF_SIZE;
    ota->bulk_erase = config->bulk_flash_erase;
    ota->partial = config->partial_http_download;
    ota->request_max =
        config->max_http_request_size > 0 ? (uint32_t)config->max_http_request_size : HTTPS_OTA_REQUEST_MAX;
    ota->resumption = config->ota_resumption;
    ota->start = config->ota_resumption && config->ota_image_bytes_written >= LEAST_TO_RESUME
                     ? (uint32_t)config->ota_image_bytes_written
                     : 0;
    ota->keeps_connection = http->keep_alive_enable && https_ota_profile()->https_connection_kept;
    ota->buffer_size = wanted > HTTPS_OTA_HEADER_SIZE ? wanted : HTTPS_OTA_HEADER_SIZE;
    ota->retries = http->max_authorization_retries == 0  ? HTTP_RETRIES_DEFAULT
                   : http->max_authorization_retries < 0 ? 0
                                                         : (uint32_t)http->max_authorization_retries;
    ota->image_length = -1;
    if (decrypts) {
        ota->decrypt = config->decrypt_cb;
        ota->decrypt_context = config->decrypt_user_ctx;
        ota->encrypted_header = config->enc_img_header_size;
    }
}

// ---- connecting ---------------------------------------------------------------------------------

static esp_err_t prepare_client(const esp_https_ota_config_t *config, struct https_ota *ota, bool *lost) {
    bool early = https_ota_profile()->https_init_before_head;
    ota->client = esp_http_client_init(config->http_config);
    if (ota->client == NULL)
        return refuse(tag, ESP_FAIL, "begin: no HTTP client");
    esp_err_t code = ESP_OK;
    if (early && config->http_client_init_cb != NULL)
        code = config->http_client_init_cb(ota->client);
    if (code == ESP_OK && ota->partial)
        code = https_ota_find_length(ota, lost);
    if (code == ESP_OK && !early && !*lost && config->http_client_init_cb != NULL)
        code = config->http_client_init_cb(ota->client);
    return code;
}

// HO-17: what was there is nothing to go on with; a download from the beginning.
static esp_err_t start_afresh(struct https_ota *ota) {
    ota->resumption = false;
    ota->start = 0;
    (void)esp_http_client_delete_header(ota->client, "Range");
    (void)esp_http_client_close(ota->client);
    esp_err_t code = ota->partial ? https_ota_ask_first_range(ota, 0) : ESP_OK;
    return code == ESP_OK ? https_ota_connect(ota) : code;
}

static esp_err_t connect_download(struct https_ota *ota) {
    esp_err_t code = https_ota_ask_first_range(ota, ota->start);
    if (code == ESP_OK)
        code = https_ota_connect(ota);
    if (code == ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE && ota->resumption)
        code = start_afresh(ota);
    return code;
}

// ---- partitions ---------------------------------------------------------------------------------

// HO-19.
static esp_err_t choose_partitions(const esp_https_ota_config_t *config, struct https_ota *ota) {
    const esp_partition_t *staging = config->partition.staging, *final = config->partition.final;
    ota->staging = staging != NULL ? esp_partition_verify(staging) : esp_ota_get_next_update_partition(NULL);
    if (ota->staging == NULL)
        return refuse(tag, ESP_FAIL, "begin: there is no partition to write to");
    if (final == NULL) {
        ota->final = ota->staging;
    } else if (final != staging) {
        ota->final = esp_partition_verify(final);
        ota->finalize_with_copy = config->partition.finalize_with_copy;
        if (ota->final == NULL)
            return refuse(tag, ESP_FAIL, "begin: the final partition is not in the table");
    } // the same pointer in both: final stays NULL
    return ota->buffer_size <= HTTP_BUFFER_MAX ? ESP_OK : refuse(tag, ESP_ERR_NO_MEM, "begin: no memory");
}

static void fail(struct https_ota *ota) {
    (void)esp_http_client_cleanup(ota->client);
    ota->open = false;
}

static esp_err_t open_download(const esp_https_ota_config_t *config, struct https_ota *ota, bool *lost) {
    take_settings(ota, config);
    esp_err_t code = prepare_client(config, ota, lost);
    if (code != ESP_OK || *lost)
        return code;
    code = connect_download(ota);
    if (code != ESP_OK)
        return code;
    https_ota_tell(ESP_HTTPS_OTA_CONNECTED, NULL, 0);
    if (!ota->partial) {
        int64_t length = ota->client->response.content_length;
        ota->image_length = length < 0 ? -1 : length - ota->encrypted_header;
    }
    code = choose_partitions(config, ota);
    ota->accepted = ota->start;
    ota->state = ota->start > 0 ? OTA_RESUME : OTA_BEGIN;
    return code;
}

static esp_err_t begin(const esp_https_ota_config_t *config, esp_https_ota_handle_t *handle) {
    bool keeps = false, lost = false;
    https_ota_tell(ESP_HTTPS_OTA_START, NULL, 0);
    if (handle == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "begin: no place for the handle");
    esp_err_t code = check(config, &keeps);
    if (!keeps)
        *handle = NULL;
    if (code != ESP_OK)
        return code;
    struct https_ota *ota = free_download();
    if (ota == NULL)
        return refuse(tag, ESP_ERR_NO_MEM, "begin: too many downloads for this firmware");
    ota->open = true;
    code = open_download(config, ota, &lost);
    if (code != ESP_OK || lost)
        fail(ota);
    else
        *handle = ota;
    return code;
}

esp_err_t esp_https_ota_begin(const esp_https_ota_config_t *ota_config, esp_https_ota_handle_t *handle) {
    API_CALL(esp_err_t, begin(ota_config, handle));
}
