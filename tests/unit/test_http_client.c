// esp_http_client by itself: what a configuration may say, its settings and headers, and a request in one (HO-16, HO-22).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "https_example.h"

static struct https_example example;
static int wrong; // line of the first check that did not hold; checks run in a program on the board

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition) && wrong == 0)                                                                      \
            wrong = __LINE__;                                                                                \
    } while (0)

static void run(void (*body)(void *context)) {
    wrong = 0;
    https_open(&example, "v6.0", 4096);
    https_file(&example, "/fw.bin", 1);
    assert_int_equal(board_run(example.board, body, NULL, NULL), BOARD_RETURNED);
    https_close(&example);
    assert_int_equal(wrong, 0);
}

static esp_http_client_handle_t client_of(const char *url) {
    esp_http_client_config_t config = {.url = url, .cert_pem = "-----"};
    return esp_http_client_init(&config);
}

// ---- making -------------------------------------------------------------------------------------

static void configurations(void *context) {
    (void)context;
    char long_text[4096], url[256];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    CHECK(esp_http_client_init(NULL) == NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){.timeout_ms = 1}) == NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){.url = "ftp:/nothing"}) == NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){.url = "http://h/", .is_async = true}) == NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){.url = "http://h/", .user_agent = long_text}) ==
          NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){.url = "http://h/", .username = long_text}) ==
          NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){
              .url = "http://h/", .username = "u", .password = long_text}) == NULL);
    CHECK(esp_http_client_init(&(esp_http_client_config_t){.url = "http://h/", .buffer_size = 1 << 30}) ==
          NULL);
    esp_http_client_handle_t parts =
        esp_http_client_init(&(esp_http_client_config_t){.host = "ota.example",
                                                         .path = "/a",
                                                         .query = "b=c",
                                                         .port = 8443,
                                                         .transport_type = HTTP_TRANSPORT_OVER_SSL,
                                                         .timeout_ms = -1,
                                                         .max_redirection_count = -1});
    CHECK(parts != NULL && esp_http_client_get_transport_type(parts) == HTTP_TRANSPORT_OVER_SSL);
    CHECK(esp_http_client_get_url(parts, url, sizeof url) == ESP_OK && strstr(url, "/a?b=c") != NULL);
    CHECK(esp_http_client_get_url(parts, url, 4) == ESP_FAIL);
    CHECK(esp_http_client_get_url(parts, url, 0) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_cleanup(parts) == ESP_OK);
    esp_http_client_handle_t plain = esp_http_client_init(&(esp_http_client_config_t){
        .host = "h", .username = "u", .password = "p", .cert_len = 3, .cert_pem = "abc"});
    CHECK(plain != NULL && esp_http_client_get_transport_type(plain) == HTTP_TRANSPORT_OVER_TCP);
    CHECK(esp_http_client_cleanup(plain) == ESP_OK);
    esp_http_client_handle_t user = client_of("https://me:secret@ota.example/");
    CHECK(user != NULL && esp_http_client_cleanup(user) == ESP_OK);
    CHECK(esp_http_client_close(NULL) == ESP_FAIL && esp_http_client_cleanup(NULL) == ESP_FAIL);
    size_t count = 0;
    while (client_of("http://h/") != NULL)
        count++;
    CHECK(count > 0 && count < 100); // and then there is none left
}

static void test_configurations(void **state) {
    (void)state;
    run(configurations);
}

// ---- headers and settings -----------------------------------------------------------------------

static void headers(void *context) {
    (void)context;
    esp_http_client_handle_t client = client_of("https://ota.example/fw.bin");
    char *value = NULL, name[64], long_text[4096];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    CHECK(esp_http_client_set_header(NULL, "A", "b") == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_header(client, NULL, "b") == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_header(client, "A", "b") == ESP_OK);
    CHECK(esp_http_client_set_header(client, "a", "c") == ESP_OK); // names have no case
    CHECK(esp_http_client_get_header(client, "A", &value) == ESP_OK && strcmp(value, "c") == 0);
    CHECK(esp_http_client_get_header(client, "B", &value) == ESP_OK && value == NULL);
    CHECK(esp_http_client_get_header(client, "A", NULL) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_get_header(NULL, "A", &value) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_get_header(client, NULL, &value) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_header(client, long_text, "b") == ESP_ERR_NO_MEM);
    CHECK(esp_http_client_set_header(client, "B", long_text) == ESP_ERR_NO_MEM);
    CHECK(esp_http_client_set_header(client, "A", NULL) == ESP_OK); // it goes
    CHECK(esp_http_client_get_header(client, "A", &value) == ESP_OK && value == NULL);
    CHECK(esp_http_client_delete_header(client, "A") == ESP_OK);
    CHECK(esp_http_client_delete_header(NULL, "A") == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_delete_header(client, NULL) == ESP_ERR_INVALID_ARG);
    esp_err_t code = ESP_OK;
    for (char i = 0; i < 64 && code == ESP_OK; i++) {
        memcpy(name, "X-0", 4);
        name[2] = (char)('0' + i);
        code = esp_http_client_set_header(client, name, "1");
    }
    CHECK(code == ESP_ERR_NO_MEM);
}

static void test_headers(void **state) {
    (void)state;
    run(headers);
}

static void settings(void *context) {
    (void)context;
    esp_http_client_handle_t client = client_of("https://ota.example/fw.bin");
    char url[128], *post = NULL, *type = NULL, long_text[4096];
    void *data = NULL;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    CHECK(esp_http_client_set_url(NULL, "/") == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_url(client, NULL) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_url(client, long_text) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_url(client, "http://me@other.example/x") == ESP_OK);
    CHECK(esp_http_client_set_url(client, "/y") == ESP_OK); // of the same server
    CHECK(esp_http_client_get_url(client, url, sizeof url) == ESP_OK &&
          strcmp(url, "http://other.example/y") == 0);
    CHECK(esp_http_client_get_url(NULL, url, sizeof url) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_post_field(NULL, "a", 1) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_post_field(client, "a=b", 3) == ESP_OK);
    CHECK(esp_http_client_get_post_field(client, &post) == 3 && post != NULL);
    CHECK(esp_http_client_get_header(client, "content-type", &type) == ESP_OK && type != NULL);
    CHECK(esp_http_client_set_post_field(client, "c", 1) == ESP_OK); // keeps the header that is there
    CHECK(esp_http_client_set_post_field(client, NULL, 9) == ESP_OK &&
          esp_http_client_get_post_field(client, &post) == 0);
    CHECK(esp_http_client_set_method(NULL, HTTP_METHOD_GET) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_method(client, HTTP_METHOD_MAX) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_method(client, HTTP_METHOD_HEAD) == ESP_OK);
    CHECK(esp_http_client_set_username(NULL, "a") == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_username(client, "a") == ESP_OK &&
          esp_http_client_set_username(client, NULL) == ESP_OK);
    CHECK(esp_http_client_set_username(client, long_text) == ESP_ERR_NO_MEM);
    CHECK(esp_http_client_set_password(NULL, "a") == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_password(client, "a") == ESP_OK &&
          esp_http_client_set_password(client, NULL) == ESP_OK);
    CHECK(esp_http_client_set_password(client, long_text) == ESP_ERR_NO_MEM);
    CHECK(esp_http_client_set_authtype(NULL, HTTP_AUTH_TYPE_BASIC) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_authtype(client, HTTP_AUTH_TYPE_BASIC) == ESP_OK);
    CHECK(esp_http_client_set_timeout_ms(NULL, 1) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_timeout_ms(client, 0) == ESP_OK);
    CHECK(esp_http_client_set_user_data(NULL, url) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_set_user_data(client, url) == ESP_OK);
    CHECK(esp_http_client_get_user_data(NULL, &data) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_get_user_data(client, NULL) == ESP_ERR_INVALID_ARG);
    CHECK(esp_http_client_get_user_data(client, &data) == ESP_OK && data == url);
}

static void test_settings(void **state) {
    (void)state;
    run(settings);
}

// ---- a request ----------------------------------------------------------------------------------

static unsigned told[16]; // events by their id

static esp_err_t count(esp_http_client_event_t *event) {
    told[event->event_id % 16]++;
    return ESP_OK;
}

static void request(void *context) {
    (void)context;
    memset(told, 0, sizeof told);
    esp_http_client_config_t config = {
        .url = "https://ota.example/fw.bin", .cert_pem = "-----", .event_handler = count};
    esp_http_client_handle_t client = esp_http_client_init(&config);
    CHECK(client != NULL && esp_http_client_perform(client) == ESP_OK);
    CHECK(esp_http_client_get_status_code(client) == 200);
    CHECK(esp_http_client_get_content_length(client) > 0 && !esp_http_client_is_chunked_response(client));
    CHECK(esp_http_client_get_content_range(client) == -1);
    CHECK(esp_http_client_is_complete_data_received(client));
    CHECK(told[HTTP_EVENT_ON_CONNECTED] == 1 && told[HTTP_EVENT_ON_DATA] > 0 &&
          told[HTTP_EVENT_ON_FINISH] == 1);
    CHECK(esp_http_client_close(client) == ESP_OK && told[HTTP_EVENT_DISCONNECTED] == 1);
    CHECK(esp_http_client_set_url(client, "/none") == ESP_OK && esp_http_client_perform(client) == ESP_OK);
    CHECK(esp_http_client_get_status_code(client) == 404);
}

static void test_request(void **state) {
    (void)state;
    run(request);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configurations),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
