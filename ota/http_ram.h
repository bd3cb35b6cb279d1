// The heap of HTTP clients and downloads. Apart from struct firmware, as it is large and most programs never take it;
// gone at every reset all the same.
//
// The real code takes memory from the heap; these bounds stand for it, and what does not fit gives ESP_ERR_NO_MEM.
#ifndef OTA_HTTP_RAM_H
#define OTA_HTTP_RAM_H

#include "http_response.h"
#include "http_url.h"
#include "include/esp_http_client.h"
#include "include/esp_https_ota.h"
#include "include/esp_ota_ops.h"
#include "network_port.h"

#define HTTP_CLIENTS_MAX 4u
#define HTTP_HEADERS_MAX 16u    // that a request has of its own
#define HTTP_VALUE_MAX   767u   // bytes of such a header's value
#define HTTP_BUFFER_MAX  65536u // of buffer_size
#define HTTP_REQUEST_MAX 16384u // bytes of a request's head
#define HTTPS_OTA_MAX    2u     // downloads at a time

struct http_text_header {
    char name[48];
    char value[HTTP_VALUE_MAX + 1];
};

struct esp_http_client {
    bool open;
    struct http_url url;
    char user[HTTP_USER_MAX + 1], password[HTTP_USER_MAX + 1];
    bool has_user;
    esp_http_client_auth_type_t auth;
    char agent[64];
    esp_http_client_method_t method;
    uint32_t timeout_ms, redirections, redirections_max, retries_max;
    bool follows;
    http_event_handle_cb handler;
    void *user_data;
    struct network_peer peer; // host and port are filled in when it connects
    const char *post;
    int post_length;
    struct http_text_header headers[HTTP_HEADERS_MAX];
    uint32_t header_count;
    uint32_t nonce_count; // requests that the challenge at hand has answered

    int32_t connection; // -1: none
    struct http_response response;
    bool answered;                   // a status was seen
    char location[HTTP_URL_MAX + 1]; // of the answer at hand; "": none
    char challenge[HTTP_VALUE_MAX + 1];
    int64_t range_total; // of Content-Range; -1
    int64_t received;    // bytes of the body
    uint32_t buffer_size;
    uint32_t raw_at, raw_count; // of `raw`: received, not taken yet
    char raw[HTTP_BUFFER_MAX];
};

struct https_ota {
    bool open;
    enum https_ota_state { OTA_INIT, OTA_BEGIN, OTA_IN_PROGRESS, OTA_SUCCESS, OTA_RESUME } state; // HO-1
    struct esp_http_client *client;
    const esp_partition_t *staging, *final;
    bool finalize_with_copy;
    bool bulk_erase, partial, resumption, keeps_connection;
    bool header_read;
    uint32_t request_max, retries;
    int64_t image_length; // -1: not known
    uint32_t accepted, start;
    uint32_t idle; // performs in a row that nothing came for
    esp_ota_handle_t update;
    decrypt_cb_t decrypt;
    void *decrypt_context;
    uint16_t encrypted_header;
    uint32_t buffer_size;
    char buffer[HTTP_BUFFER_MAX];
};

struct http_ram {
    struct esp_http_client clients[HTTP_CLIENTS_MAX];
    struct https_ota downloads[HTTPS_OTA_MAX];
    char request[HTTP_REQUEST_MAX]; // the head that is being sent
};

#endif
