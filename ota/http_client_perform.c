// What goes on by itself after an answer: redirection, authorization, and the request in one (HO-16, HO-20).
#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "http_client.h"

static const char tag[] = "http_client";

static const struct release_profile *profile(void) {
    return port_ram()->app_build->profile;
}

// ---- redirection --------------------------------------------------------------------------------

bool http_client_redirects(uint16_t status) {
    bool newer = status == 303 || status == 308;
    return status == 301 || status == 302 || status == 307 || (newer && profile()->https_303_308);
}

esp_err_t http_client_redirect(struct esp_http_client *client, bool same_scheme) {
    struct http_url target;
    if (client->location[0] == '\0')
        return refuse(tag, ESP_ERR_INVALID_ARG, "set_redirection: the answer has no Location");
    if (!http_url_parse(client->location, &client->url, &target, NULL))
        return refuse(tag, ESP_ERR_INVALID_ARG, "set_redirection: Location is no URL");
    if (same_scheme && client->url.tls && !target.tls)
        return refuse(tag, ESP_ERR_HTTP_REDIRECT_DOWNGRADE, "set_redirection: from https to another scheme");
    if (!http_url_same_origin(&client->url, &target) && profile()->https_authorization_dropped) {
        (void)esp_http_client_delete_header(client, "Authorization");
        client->has_user = false;
    }
    if (http_url_same_origin(&client->url, &target) && client->connection >= 0)
        (void)esp_http_client_flush_response(client, NULL);
    else
        http_client_drop(client);
    client->url = target;
    http_client_tell(client, HTTP_EVENT_REDIRECT, NULL, 0);
    client->redirections++;
    return ESP_OK;
}

esp_err_t esp_http_client_set_redirection(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    return http_client_redirect(client, profile()->https_scheme_kept);
}

esp_err_t esp_http_client_reset_redirect_counter(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    client->redirections = 0;
    return ESP_OK;
}

// ---- authorization ------------------------------------------------------------------------------

esp_err_t esp_http_client_add_auth(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    if (client->response.status != 401)
        return ESP_FAIL;
    if (strncmp(client->challenge, "Digest", 6) == 0)
        client->auth = HTTP_AUTH_TYPE_DIGEST;
    else if (strncmp(client->challenge, "Basic", 5) == 0)
        client->auth = HTTP_AUTH_TYPE_BASIC;
    else {
        client->auth = HTTP_AUTH_TYPE_NONE;
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "add_auth: no challenge, or one that is not known");
    }
    return ESP_OK;
}

// ---- the request in one -------------------------------------------------------------------------

static esp_err_t send_body(struct esp_http_client *client) {
    int left = client->post_length;
    if (left > 0 && esp_http_client_write(client, client->post, left) != left)
        return ESP_ERR_HTTP_WRITE_DATA;
    return ESP_OK;
}

static esp_err_t read_all(struct esp_http_client *client) {
    char waste[DEFAULT_HTTP_BUF_SIZE];
    int got;
    while ((got = esp_http_client_read(client, waste, sizeof waste)) > 0)
        continue;
    if (got == -ESP_ERR_HTTP_EAGAIN)
        return profile()->https_incomplete_data ? ESP_ERR_HTTP_READ_TIMEOUT : ESP_ERR_HTTP_EAGAIN;
    if (got < 0 || client->response.state != HTTP_COMPLETE)
        return profile()->https_incomplete_data ? ESP_ERR_HTTP_INCOMPLETE_DATA
                                                : ESP_ERR_HTTP_CONNECTION_CLOSED;
    return ESP_OK;
}

static esp_err_t exchange(struct esp_http_client *client) {
    esp_err_t code = esp_http_client_open(client, client->post_length);
    if (code == ESP_OK)
        code = send_body(client);
    if (code != ESP_OK)
        return code;
    int64_t length = esp_http_client_fetch_headers(client);
    if (length == -ESP_ERR_HTTP_EAGAIN)
        return profile()->https_incomplete_data ? ESP_ERR_HTTP_READ_TIMEOUT : ESP_ERR_HTTP_EAGAIN;
    if (length < 0)
        return ESP_ERR_HTTP_FETCH_HEADER;
    return read_all(client);
}

// True: another request has to follow. An error is in *code.
static bool goes_on(struct esp_http_client *client, uint32_t *retries, esp_err_t *code) {
    uint16_t status = client->response.status;
    if (client->follows && http_client_redirects(status)) {
        if (client->redirections >= client->redirections_max)
            *code = refuse(tag, ESP_ERR_HTTP_MAX_REDIRECT, "perform: too many redirections");
        else
            *code = http_client_redirect(client, profile()->https_scheme_kept);
        return *code == ESP_OK;
    }
    if (status != 401 || *retries == 0 || !client->has_user)
        return false;
    --*retries;
    return esp_http_client_add_auth(client) == ESP_OK;
}

static esp_err_t perform(struct esp_http_client *client) {
    uint32_t retries = client->retries_max;
    esp_err_t code;
    if (profile()->https_redirections_reset)
        client->redirections = 0;
    do {
        code = exchange(client);
        if (code != ESP_OK)
            http_client_drop(client);
    } while (code == ESP_OK && goes_on(client, &retries, &code));
    if (code == ESP_OK && !client->response.keeps_alive)
        http_client_drop(client);
    return code;
}

esp_err_t esp_http_client_perform(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    API_CALL(esp_err_t, perform(client));
}
