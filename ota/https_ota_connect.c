// Requests of a download: what follows from a status, and the ranges of a partial one (HO-16, HO-20, HO-38).
#include <inttypes.h>
#include <stdio.h>

#include "api_call.h"
#include "firmware.h"
#include "http_client.h"
#include "https_ota.h"

static const char tag[] = "esp_https_ota";

// ---- one request --------------------------------------------------------------------------------

static esp_err_t send_request(struct https_ota *ota) {
    struct esp_http_client *client = ota->client;
    esp_err_t code = esp_http_client_open(client, client->post_length);
    if (code != ESP_OK)
        return code;
    if (client->post_length > 0 &&
        esp_http_client_write(client, client->post, client->post_length) != client->post_length)
        return refuse(tag, ESP_FAIL, "begin: the request's body is not sent");
    int64_t length = esp_http_client_fetch_headers(client);
    return length < 0 ? (esp_err_t)length : ESP_OK;
}

// HO-20, row 401.
static esp_err_t authorize(struct https_ota *ota) {
    const struct release_profile *profile = https_ota_profile();
    if (profile->https_401_limited) {
        if (ota->retries == 0)
            return refuse(tag, ESP_FAIL, "begin: the server takes no authorization");
        ota->retries--;
    }
    esp_err_t code = esp_http_client_add_auth(ota->client);
    return profile->https_304_416 ? code : ESP_OK;
}

static esp_err_t judge_status(const struct https_ota *ota, uint16_t status) {
    bool told_apart = https_ota_profile()->https_304_416;
    bool resumes = ota->resumption && !ota->partial && https_ota_profile()->https_range_from_zero;
    if (status == 304 && told_apart)
        return ESP_ERR_HTTP_NOT_MODIFIED;
    if (status == 416 && told_apart)
        return refuse(tag, ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE, "begin: the server has no such range (416)");
    if (status >= 400)
        return refuse(tag, ESP_FAIL, "begin: the server's status is an error");
    if (resumes && status != 206)
        return refuse(tag, ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE, "begin: the server ignores the range");
    return ESP_OK;
}

void https_ota_goes_on_for_ever(const char *why) {
    port_halt(PORT_HALT_HANG, why);
}

esp_err_t https_ota_connect(struct https_ota *ota) {
    for (uint32_t round = 0; round < HTTPS_OTA_ROUNDS_MAX; round++) {
        esp_err_t code = send_request(ota);
        if (code != ESP_OK)
            return code;
        uint16_t status = ota->client->response.status;
        bool redirected = http_client_redirects(status);
        if (!redirected && status != 401)
            return judge_status(ota, status);
        code = redirected ? esp_http_client_set_redirection(ota->client) : authorize(ota);
        if (code != ESP_OK)
            return code;
        (void)esp_http_client_flush_response(ota->client, NULL);
    }
    https_ota_goes_on_for_ever("the server redirects, or asks who is there, without end");
}

// ---- the length ---------------------------------------------------------------------------------

// Releases before RL-49 look at the status themselves.
static esp_err_t ask_first_byte(struct https_ota *ota) {
    if (https_ota_profile()->https_head_304)
        return https_ota_connect(ota);
    esp_err_t code = send_request(ota);
    uint16_t status = ota->client->response.status;
    if (code == ESP_OK && status != 200 && status != 206)
        code = refuse(tag, ESP_FAIL, "begin: the server tells no length");
    return code;
}

static esp_err_t length_by_range(struct https_ota *ota) {
    struct esp_http_client *client = ota->client;
    (void)esp_http_client_set_method(client, HTTP_METHOD_GET);
    esp_err_t code = esp_http_client_set_header(client, "Range", "bytes=0-0");
    if (code == ESP_OK)
        code = ask_first_byte(ota);
    if (code != ESP_OK)
        return code;
    uint16_t status = client->response.status;
    if (status != 200 && status != 206)
        return refuse(tag, ESP_FAIL, "begin: the server tells no length");
    ota->image_length = status == 200 ? client->response.content_length : client->range_total;
    return esp_http_client_delete_header(client, "Range");
}

static esp_err_t length_by_head(struct https_ota *ota, bool *handle_lost) {
    const struct release_profile *profile = https_ota_profile();
    struct esp_http_client *client = ota->client;
    (void)esp_http_client_set_method(client, HTTP_METHOD_HEAD);
    esp_err_t code = esp_http_client_perform(client);
    uint16_t status = client->response.status;
    if (code != ESP_OK)
        return refuse(tag, code, "begin: HEAD fails");
    if (status == 200) {
        ota->image_length = client->response.content_length;
        return ESP_OK;
    }
    if (status == 304 && profile->https_head_304)
        return ESP_ERR_HTTP_NOT_MODIFIED;
    if (profile->https_head_fallback)
        return length_by_range(ota);
    *handle_lost = !profile->https_chip_id_checked;
    return refuse(tag, *handle_lost ? ESP_OK : ESP_FAIL, "begin: HEAD gives another status than 200");
}

esp_err_t https_ota_find_length(struct https_ota *ota, bool *handle_lost) {
    esp_err_t code = length_by_head(ota, handle_lost);
    if (code != ESP_OK || *handle_lost)
        return code;
    if (ota->image_length < 0 && https_ota_profile()->https_length_required)
        return refuse(tag, ESP_FAIL, "begin: a partial download needs a length");
    if (ota->image_length >= 0)
        ota->image_length -= ota->encrypted_header;
    (void)esp_http_client_set_method(ota->client, HTTP_METHOD_GET);
    return esp_http_client_close(ota->client);
}

// ---- ranges -------------------------------------------------------------------------------------

static esp_err_t set_range(struct https_ota *ota, uint64_t first, uint64_t last, bool open_end) {
    char value[64];
    if (open_end)
        (void)snprintf(value, sizeof value, "bytes=%" PRIu64 "-", first);
    else
        (void)snprintf(value, sizeof value, "bytes=%" PRIu64 "-%" PRIu64, first, last);
    return esp_http_client_set_header(ota->client, "Range", value);
}

esp_err_t https_ota_ask_first_range(struct https_ota *ota, uint32_t at) {
    if (!ota->partial) {
        bool asks = ota->resumption && (at > 0 || https_ota_profile()->https_range_from_zero);
        return asks ? set_range(ota, at, 0, true) : ESP_OK;
    }
    if (ota->image_length < 0)
        return ESP_OK; // in older releases: no length, no range
    uint64_t length = (uint64_t)ota->image_length, most = (uint64_t)ota->request_max + at;
    uint64_t end = length > most ? most - 1 : length; // the rule's own "not length - 1"
    if (end - at < length)
        return set_range(ota, at, end, false);
    return ESP_OK;
}

esp_err_t https_ota_ask_next_range(struct https_ota *ota) {
    uint64_t at = (uint64_t)ota->accepted + ota->encrypted_header;
    uint64_t rest = (uint64_t)ota->image_length - ota->accepted;
    esp_err_t code = set_range(ota, at, at + ota->request_max - 1, rest <= ota->request_max);
    if (!ota->keeps_connection)
        (void)esp_http_client_close(ota->client);
    if (code == ESP_OK)
        code = https_ota_connect(ota);
    return code == ESP_OK ? ESP_OK : refuse(tag, ESP_FAIL, "perform: the next range is not to be had");
}
