// The HTTP client's making, its settings and its headers.
#include "http_client.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api_call.h"
#include "firmware.h"

#define TIMEOUT_MS_DEFAULT   5000u // HO-22
#define REDIRECTIONS_DEFAULT 10u   // HO-16

static const char tag[] = "http_client";

// ---- making -------------------------------------------------------------------------------------

static struct esp_http_client *free_client(void) {
    struct http_ram *ram = port_http_ram();
    for (uint32_t i = 0; i < HTTP_CLIENTS_MAX; i++)
        if (!ram->clients[i].open)
            return &ram->clients[i];
    return NULL;
}

static bool copy_text(char *out, size_t size, const char *text) {
    if (strlen(text) >= size)
        return false;
    strcpy(out, text);
    return true;
}

// "user:password" of a URL.
static bool split_user(struct esp_http_client *client, char *user) {
    char *colon = strchr(user, ':');
    if (user[0] == '\0')
        return true;
    if (colon != NULL)
        *colon = '\0';
    client->has_user = true;
    return copy_text(client->user, sizeof client->user, user) &&
           copy_text(client->password, sizeof client->password, colon == NULL ? "" : colon + 1);
}

static bool url_of_parts(const esp_http_client_config_t *config, struct http_url *out) {
    char text[HTTP_URL_MAX + 1];
    bool tls = config->transport_type == HTTP_TRANSPORT_OVER_SSL;
    if (config->host == NULL)
        return false;
    int length = snprintf(text, sizeof text, "%s://%s%s%s%s", tls ? "https" : "http", config->host,
                          config->path == NULL ? "/" : config->path, config->query == NULL ? "" : "?",
                          config->query == NULL ? "" : config->query);
    return length > 0 && (size_t)length < sizeof text && http_url_parse(text, NULL, out, NULL);
}

static bool take_address(struct esp_http_client *client, const esp_http_client_config_t *config) {
    char user[HTTP_USER_MAX + 1] = "";
    if (config->url != NULL ? !http_url_parse(config->url, NULL, &client->url, user)
                            : !url_of_parts(config, &client->url))
        return false;
    if (config->url == NULL && config->port > 0)
        client->url.port = (uint32_t)config->port;
    if (config->username != NULL) {
        client->has_user = true;
        return copy_text(client->user, sizeof client->user, config->username) &&
               copy_text(client->password, sizeof client->password,
                         config->password == NULL ? "" : config->password);
    }
    return split_user(client, user);
}

static void take_trust(struct esp_http_client *client, const esp_http_client_config_t *config) {
    const char *pem = config->cert_pem;
    client->peer = (struct network_peer){
        .ca_pem = pem,
        .ca_length = pem == NULL             ? 0
                     : config->cert_len != 0 ? config->cert_len
                                             : strlen(pem) + 1,
        .ca_global = config->use_global_ca_store,
        .ca_bundle = config->crt_bundle_attach != NULL,
        .common_name = config->common_name,
        .common_name_unchecked = config->skip_cert_common_name_check,
        .tls_version = (enum network_tls_version)config->tls_version,
    };
}

static uint32_t number_or(int given, uint32_t otherwise) {
    return given == 0 ? otherwise : given < 0 ? 0 : (uint32_t)given;
}

static bool take_settings(struct esp_http_client *client, const esp_http_client_config_t *config) {
    client->auth = config->auth_type;
    client->method = config->method;
    client->timeout_ms = number_or(config->timeout_ms, TIMEOUT_MS_DEFAULT);
    client->follows = !config->disable_auto_redirect;
    client->redirections_max = number_or(config->max_redirection_count, REDIRECTIONS_DEFAULT);
    client->retries_max = number_or(config->max_authorization_retries, HTTP_RETRIES_DEFAULT);
    client->handler = config->event_handler;
    client->user_data = config->user_data;
    client->buffer_size = number_or(config->buffer_size, DEFAULT_HTTP_BUF_SIZE);
    return client->buffer_size <= HTTP_BUFFER_MAX &&
           copy_text(client->agent, sizeof client->agent,
                     config->user_agent == NULL ? "ESP32 HTTP Client/1.0" : config->user_agent);
}

static esp_http_client_handle_t init(const esp_http_client_config_t *config) {
    struct esp_http_client *client = config == NULL || config->is_async ? NULL : free_client();
    if (client == NULL)
        return NULL;
    memset(client, 0, offsetof(struct esp_http_client, raw));
    client->connection = -1;
    client->range_total = -1;
    client->response.content_length = -1;
    if (!take_address(client, config) || !take_settings(client, config)) {
        (void)refuse(tag, ESP_FAIL, "init: the URL or a setting is wrong");
        return NULL;
    }
    take_trust(client, config);
    client->open = true;
    return client;
}

esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t *config) {
    API_CALL(esp_http_client_handle_t, init(config));
}

void http_client_tell(struct esp_http_client *client, esp_http_client_event_id_t id, void *data, int length) {
    esp_http_client_event_t event = {
        .event_id = id, .client = client, .data = data, .data_len = length, .user_data = client->user_data};
    if (client->handler != NULL)
        (void)client->handler(&event);
}

void http_client_drop(struct esp_http_client *client) {
    if (client->connection < 0)
        return;
    port_network_close(client->connection);
    client->connection = -1;
    client->raw_at = client->raw_count = 0;
    http_client_tell(client, HTTP_EVENT_DISCONNECTED, NULL, 0);
}

esp_err_t esp_http_client_close(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_FAIL;
    http_client_drop(client);
    return ESP_OK;
}

esp_err_t esp_http_client_cleanup(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_FAIL;
    http_client_drop(client);
    client->open = false;
    return ESP_OK;
}

// ---- headers of the request ---------------------------------------------------------------------

static struct http_text_header *find_header(struct esp_http_client *client, const char *name) {
    for (uint32_t i = 0; i < client->header_count; i++)
        if (strcasecmp(client->headers[i].name, name) == 0)
            return &client->headers[i];
    return NULL;
}

const char *http_client_header(const struct esp_http_client *client, const char *name) {
    const struct http_text_header *header = find_header((struct esp_http_client *)client, name);
    return header == NULL ? NULL : header->value;
}

// No value: the header goes.
esp_err_t esp_http_client_set_header(esp_http_client_handle_t client, const char *key, const char *value) {
    if (client == NULL || key == NULL)
        return ESP_ERR_INVALID_ARG;
    if (value == NULL)
        return esp_http_client_delete_header(client, key);
    if (strlen(key) >= sizeof client->headers->name || strlen(value) > HTTP_VALUE_MAX)
        return refuse(tag, ESP_ERR_NO_MEM, "set_header: it is too long for this firmware");
    struct http_text_header *header = find_header(client, key);
    if (header == NULL && client->header_count == HTTP_HEADERS_MAX)
        return refuse(tag, ESP_ERR_NO_MEM, "set_header: too many headers for this firmware");
    if (header == NULL)
        header = &client->headers[client->header_count++];
    strcpy(header->name, key);
    strcpy(header->value, value);
    return ESP_OK;
}

esp_err_t esp_http_client_get_header(esp_http_client_handle_t client, const char *key, char **value) {
    if (client == NULL || key == NULL || value == NULL)
        return ESP_ERR_INVALID_ARG;
    struct http_text_header *header = find_header(client, key);
    *value = header == NULL ? NULL : header->value;
    return ESP_OK;
}

esp_err_t esp_http_client_delete_header(esp_http_client_handle_t client, const char *key) {
    if (client == NULL || key == NULL)
        return ESP_ERR_INVALID_ARG;
    struct http_text_header *header = find_header(client, key);
    if (header == NULL)
        return ESP_OK;
    struct http_text_header *end = &client->headers[--client->header_count];
    memmove(header, header + 1, (size_t)(end - header) * sizeof *header);
    return ESP_OK;
}

// ---- settings -----------------------------------------------------------------------------------

esp_err_t esp_http_client_set_url(esp_http_client_handle_t client, const char *url) {
    struct http_url parsed;
    char user[HTTP_USER_MAX + 1];
    if (client == NULL || url == NULL)
        return ESP_ERR_INVALID_ARG;
    if (!http_url_parse(url, &client->url, &parsed, user) || !split_user(client, user))
        return refuse(tag, ESP_ERR_INVALID_ARG, "set_url: it is no URL, or too long");
    if (!http_url_same_origin(&parsed, &client->url))
        http_client_drop(client);
    client->url = parsed;
    return ESP_OK;
}

esp_err_t esp_http_client_get_url(esp_http_client_handle_t client, char *url, const int len) {
    if (client == NULL || url == NULL || len <= 0)
        return ESP_ERR_INVALID_ARG;
    int written = snprintf(url, (size_t)len, "%s://%s%s", client->url.tls ? "https" : "http",
                           client->url.host, client->url.path);
    return written < len ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_http_client_set_post_field(esp_http_client_handle_t client, const char *data, int len) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    client->post = data;
    client->post_length = data == NULL ? 0 : len;
    if (data != NULL && http_client_header(client, "Content-Type") == NULL)
        return esp_http_client_set_header(client, "Content-Type", "application/x-www-form-urlencoded");
    return ESP_OK;
}

int esp_http_client_get_post_field(esp_http_client_handle_t client, char **data) {
    if (client->post != NULL)
        *data = (char *)client->post;
    return client->post_length;
}

esp_err_t esp_http_client_set_method(esp_http_client_handle_t client, esp_http_client_method_t method) {
    if (client == NULL || (unsigned)method >= HTTP_METHOD_MAX)
        return ESP_ERR_INVALID_ARG;
    client->method = method;
    return ESP_OK;
}

esp_err_t esp_http_client_set_username(esp_http_client_handle_t client, const char *username) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    client->has_user = username != NULL;
    return copy_text(client->user, sizeof client->user, username == NULL ? "" : username) ? ESP_OK
                                                                                          : ESP_ERR_NO_MEM;
}

esp_err_t esp_http_client_set_password(esp_http_client_handle_t client, const char *password) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    return copy_text(client->password, sizeof client->password, password == NULL ? "" : password)
               ? ESP_OK
               : ESP_ERR_NO_MEM;
}

esp_err_t esp_http_client_set_authtype(esp_http_client_handle_t client,
                                       esp_http_client_auth_type_t auth_type) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    client->auth = auth_type;
    return ESP_OK;
}

esp_err_t esp_http_client_set_timeout_ms(esp_http_client_handle_t client, int timeout_ms) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    client->timeout_ms = number_or(timeout_ms, TIMEOUT_MS_DEFAULT);
    return ESP_OK;
}

esp_err_t esp_http_client_set_user_data(esp_http_client_handle_t client, void *data) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    client->user_data = data;
    return ESP_OK;
}

esp_err_t esp_http_client_get_user_data(esp_http_client_handle_t client, void **data) {
    if (client == NULL || data == NULL)
        return ESP_ERR_INVALID_ARG;
    *data = client->user_data;
    return ESP_OK;
}

// ---- what the answer said -----------------------------------------------------------------------

bool esp_http_client_is_chunked_response(esp_http_client_handle_t client) {
    return client->response.content_length < 0; // HO-22: what states no length counts as chunked
}

int esp_http_client_get_status_code(esp_http_client_handle_t client) {
    return client->response.status;
}

int64_t esp_http_client_get_content_length(esp_http_client_handle_t client) {
    return client->response.content_length;
}

int64_t esp_http_client_get_content_range(esp_http_client_handle_t client) {
    return client->range_total;
}

bool esp_http_client_is_complete_data_received(esp_http_client_handle_t client) {
    const struct http_response *response = &client->response;
    if (response->content_length < 0)
        return response->state == HTTP_COMPLETE;
    return client->received == response->content_length;
}

esp_http_client_transport_t esp_http_client_get_transport_type(esp_http_client_handle_t client) {
    return client->url.tls ? HTTP_TRANSPORT_OVER_SSL : HTTP_TRANSPORT_OVER_TCP;
}
