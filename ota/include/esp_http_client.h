// An HTTP client: ESP-IDF's component esp_http_client, its blocking use. Requests go over ota/network_port.h.
//
// Facts: names, fields and codes of the component's public header; HO-3, HO-5, HO-20, HO-22, RL-50. Lengths are
// bytes, times milliseconds. A client is one of a few (ota/http_ram.h) and gone after a reset. Strings of a
// configuration are copied but for certificates, which have to live as long as the client.
#ifndef ESP_HTTP_CLIENT_H
#define ESP_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_ERR_HTTP_MAX_REDIRECT          (ESP_ERR_HTTP_BASE + 1)
#define ESP_ERR_HTTP_CONNECT               (ESP_ERR_HTTP_BASE + 2)
#define ESP_ERR_HTTP_WRITE_DATA            (ESP_ERR_HTTP_BASE + 3)
#define ESP_ERR_HTTP_FETCH_HEADER          (ESP_ERR_HTTP_BASE + 4)
#define ESP_ERR_HTTP_INVALID_TRANSPORT     (ESP_ERR_HTTP_BASE + 5)
#define ESP_ERR_HTTP_CONNECTING            (ESP_ERR_HTTP_BASE + 6)
#define ESP_ERR_HTTP_EAGAIN                (ESP_ERR_HTTP_BASE + 7)
#define ESP_ERR_HTTP_CONNECTION_CLOSED     (ESP_ERR_HTTP_BASE + 8)
#define ESP_ERR_HTTP_NOT_MODIFIED          (ESP_ERR_HTTP_BASE + 9)   // HO-3
#define ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE (ESP_ERR_HTTP_BASE + 0xA) // HO-3
#define ESP_ERR_HTTP_READ_TIMEOUT          (ESP_ERR_HTTP_BASE + 0xB) // RL-50
#define ESP_ERR_HTTP_INCOMPLETE_DATA       (ESP_ERR_HTTP_BASE + 0xC) // RL-50
#define ESP_ERR_HTTP_REDIRECT_DOWNGRADE    (ESP_ERR_HTTP_BASE + 0xD) // HO-3
#define ESP_ERR_HTTP_HEADER_TOO_LONG       (ESP_ERR_HTTP_BASE + 0xE) // RL-50

#define DEFAULT_HTTP_BUF_SIZE 512

typedef struct esp_http_client *esp_http_client_handle_t;
typedef struct esp_http_client_event *esp_http_client_event_handle_t;

typedef enum {
    HTTP_EVENT_ERROR = 0,
    HTTP_EVENT_ON_CONNECTED,
    HTTP_EVENT_HEADERS_SENT,
    HTTP_EVENT_HEADER_SENT = HTTP_EVENT_HEADERS_SENT,
    HTTP_EVENT_ON_HEADER,
    HTTP_EVENT_ON_HEADERS_COMPLETE,
    HTTP_EVENT_ON_STATUS_CODE,
    HTTP_EVENT_ON_DATA,
    HTTP_EVENT_ON_FINISH,
    HTTP_EVENT_DISCONNECTED,
    HTTP_EVENT_REDIRECT
} esp_http_client_event_id_t;

typedef struct esp_http_client_event {
    esp_http_client_event_id_t event_id;
    esp_http_client_handle_t client;
    void *data; // ON_DATA: the body's bytes
    int data_len;
    void *user_data;
    char *header_key; // ON_HEADER
    char *header_value;
} esp_http_client_event_t;

typedef esp_err_t (*http_event_handle_cb)(esp_http_client_event_t *evt);

typedef enum {
    HTTP_TRANSPORT_UNKNOWN = 0,
    HTTP_TRANSPORT_OVER_TCP,
    HTTP_TRANSPORT_OVER_SSL
} esp_http_client_transport_t;

typedef enum {
    HTTP_METHOD_GET = 0,
    HTTP_METHOD_POST,
    HTTP_METHOD_PUT,
    HTTP_METHOD_PATCH,
    HTTP_METHOD_DELETE,
    HTTP_METHOD_HEAD,
    HTTP_METHOD_NOTIFY,
    HTTP_METHOD_SUBSCRIBE,
    HTTP_METHOD_UNSUBSCRIBE,
    HTTP_METHOD_OPTIONS,
    HTTP_METHOD_MAX
} esp_http_client_method_t;

typedef enum {
    HTTP_AUTH_TYPE_NONE = 0,
    HTTP_AUTH_TYPE_BASIC,
    HTTP_AUTH_TYPE_DIGEST
} esp_http_client_auth_type_t;

typedef enum {
    ESP_HTTP_CLIENT_TLS_VER_ANY = 0,
    ESP_HTTP_CLIENT_TLS_VER_TLS_1_2,
    ESP_HTTP_CLIENT_TLS_VER_TLS_1_3,
    ESP_HTTP_CLIENT_TLS_VER_MAX
} esp_http_client_proto_ver_t;

typedef struct {
    const char *url; // takes precedence over host, port, path and query
    const char *host;
    int port; // 0: 80 or 443
    const char *username;
    const char *password;
    esp_http_client_auth_type_t auth_type; // that is sent unasked
    const char *path;
    const char *query;
    const char *cert_pem; // of the server or of its authority
    size_t cert_len;
    const char *client_cert_pem;
    size_t client_cert_len;
    const char *client_key_pem;
    size_t client_key_len;
    const char *client_key_password;
    size_t client_key_password_len;
    esp_http_client_proto_ver_t tls_version;
    const char *user_agent; // NULL: "ESP32 HTTP Client/1.0"
    esp_http_client_method_t method;
    int timeout_ms; // 0: 5000 (HO-22)
    bool disable_auto_redirect;
    int max_redirection_count;     // of perform; 0: 10
    int max_authorization_retries; // 0: 10, -1: none (HO-5)
    http_event_handle_cb event_handler;
    esp_http_client_transport_t transport_type; // when url says nothing
    int buffer_size;                            // for receiving; 0: 512
    int buffer_size_tx;                         // for sending; 0: 512
    void *user_data;
    bool is_async;
    bool use_global_ca_store;
    bool skip_cert_common_name_check;
    const char *common_name;
    esp_err_t (*crt_bundle_attach)(void *conf);
    bool keep_alive_enable;
    int keep_alive_idle;
    int keep_alive_interval;
    int keep_alive_count;
} esp_http_client_config_t;

// NULL: wrong configuration, or no client is left.
esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t *config);

// A whole request, redirections and authorization included; the body goes to the event handler.
esp_err_t esp_http_client_perform(esp_http_client_handle_t client);

esp_err_t esp_http_client_set_url(esp_http_client_handle_t client, const char *url);
esp_err_t esp_http_client_get_url(esp_http_client_handle_t client, char *url, const int len);
esp_err_t esp_http_client_set_post_field(esp_http_client_handle_t client, const char *data, int len);
int esp_http_client_get_post_field(esp_http_client_handle_t client, char **data);
esp_err_t esp_http_client_set_header(esp_http_client_handle_t client, const char *key, const char *value);
esp_err_t esp_http_client_get_header(esp_http_client_handle_t client, const char *key, char **value);
esp_err_t esp_http_client_delete_header(esp_http_client_handle_t client, const char *key);
esp_err_t esp_http_client_set_method(esp_http_client_handle_t client, esp_http_client_method_t method);
esp_err_t esp_http_client_set_username(esp_http_client_handle_t client, const char *username);
esp_err_t esp_http_client_set_password(esp_http_client_handle_t client, const char *password);
esp_err_t esp_http_client_set_authtype(esp_http_client_handle_t client,
                                       esp_http_client_auth_type_t auth_type);
esp_err_t esp_http_client_set_timeout_ms(esp_http_client_handle_t client, int timeout_ms);
esp_err_t esp_http_client_set_user_data(esp_http_client_handle_t client, void *data);
esp_err_t esp_http_client_get_user_data(esp_http_client_handle_t client, void **data);

// Connects unless connected, and sends the request's head, of a body of `write_len` bytes (-1: chunked).
esp_err_t esp_http_client_open(esp_http_client_handle_t client, int write_len);
int esp_http_client_write(esp_http_client_handle_t client, const char *buffer, int len); // bytes; -1: failed

// The body's length; 0: chunked or unknown; -1: failed; -ESP_ERR_HTTP_EAGAIN: not yet.
int64_t esp_http_client_fetch_headers(esp_http_client_handle_t client);
bool esp_http_client_is_chunked_response(esp_http_client_handle_t client);

// HO-22. 0: the end; negative: failed, or -ESP_ERR_HTTP_EAGAIN.
int esp_http_client_read(esp_http_client_handle_t client, char *buffer, int len);
int esp_http_client_read_response(esp_http_client_handle_t client, char *buffer, int len);
esp_err_t esp_http_client_flush_response(esp_http_client_handle_t client, int *len);
int esp_http_client_get_status_code(esp_http_client_handle_t client);
int64_t esp_http_client_get_content_length(esp_http_client_handle_t client); // -1: not stated
int64_t esp_http_client_get_content_range(esp_http_client_handle_t client);  // total of Content-Range; -1
bool esp_http_client_is_complete_data_received(esp_http_client_handle_t client);
esp_http_client_transport_t esp_http_client_get_transport_type(esp_http_client_handle_t client);

// 301, 302, 303, 307, 308 (HO-20): the next request goes where Location says.
esp_err_t esp_http_client_set_redirection(esp_http_client_handle_t client);
esp_err_t esp_http_client_reset_redirect_counter(esp_http_client_handle_t client);

// 401: the next request answers the challenge.
esp_err_t esp_http_client_add_auth(esp_http_client_handle_t client);

esp_err_t esp_http_client_close(esp_http_client_handle_t client);
esp_err_t esp_http_client_cleanup(esp_http_client_handle_t client);

#ifdef __cplusplus
}
#endif

#endif
