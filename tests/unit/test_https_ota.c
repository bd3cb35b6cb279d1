// esp_https_ota over a scripted network, rule by rule (HO, RL-41 to RL-50).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "https_example.h"

#define URL "https://ota.example/fw.bin"

static struct https_example example;

static const esp_http_client_config_t plain_http = {
    .url = URL, .cert_pem = "-----", .keep_alive_enable = true};

static const esp_partition_t *slot(int number) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_OTA(number), NULL);
}

static enum board_end run(void (*body)(void *context)) {
    return board_run(example.board, body, NULL, NULL);
}

// A program that updates in one, and what it gave. The configuration wraps HTTP's in every release (HO-6).
static esp_https_ota_config_t config;
static esp_err_t code;
static bool selected;

static void update_in_one(void *context) {
    (void)context;
    code = esp_https_ota(&config);
    selected = esp_ota_get_boot_partition() == slot(1);
}

static esp_err_t update(void) {
    assert_int_equal(run(update_in_one), BOARD_RETURNED);
    return code;
}

// A download call by call, which resumption needs.
static void update_by_calls(void *context) {
    (void)context;
    static esp_https_ota_handle_t handle;
    code = esp_https_ota_begin(&config, &handle);
    if (code != ESP_OK)
        return;
    while ((code = esp_https_ota_perform(handle)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS)
        continue;
    if (code == ESP_OK)
        code = esp_https_ota_finish(handle);
    else
        (void)esp_https_ota_abort(handle);
    selected = esp_ota_get_boot_partition() == slot(1);
}

static esp_err_t resume(void) {
    assert_int_equal(run(update_by_calls), BOARD_RETURNED);
    return code;
}

static void set_up(const char *release, uint32_t size) {
    https_open(&example, release, size);
    config = (esp_https_ota_config_t){.http_config = &plain_http};
    selected = false;
}

static struct server_answer *serve(const char *release, uint32_t size) {
    set_up(release, size);
    return https_file(&example, "/fw.bin", 1);
}

static void done(void) {
    https_close(&example);
}

// ---- the plain case -----------------------------------------------------------------------------

static void an_update_in_one(void **state) { // HO-1, HO-3, HO-18, HO-32, HO-35, HO-38, HO-62, HO-80
    (void)state;
    (void)serve("v6.1", 20000);
    assert_int_equal(update(), ESP_OK);
    assert_true(selected);
    assert_string_equal(example.requests, "GET /fw.bin");
    assert_int_equal(strncmp(example.events, "0 1 3:0 4:0 6:1024 6:2048 ", 26), 0);
    assert_non_null(strstr(example.events, " 7:17 8"));
    done();
}

static void events_by_release(void **state) { // HO-2, RL-44
    (void)state;
    (void)serve("v5.4", 2000);
    assert_int_equal(update(), ESP_OK);
    assert_int_equal(strncmp(example.events, "0 1 3:0 5:1024 ", 15), 0);
    assert_non_null(strstr(example.events, " 6:17 7"));
    done();
    (void)serve("v5.0.0", 2000);
    assert_int_equal(update(), ESP_OK);
    assert_string_equal(example.events, "");
    done();
}

static void begin_looks_at_its_arguments(void **state) { // HO-10, HO-11
    (void)state;
    (void)serve("v6.1", 2000);
    config.http_config = NULL;
    assert_int_equal(resume(), ESP_ERR_INVALID_ARG);
    assert_string_equal(example.events, "0");
    assert_int_equal(update(), ESP_ERR_INVALID_ARG);
    done();
    (void)serve("v6.1", 2000);
    esp_http_client_config_t http = {.url = URL};
    config.http_config = &http;
    assert_int_equal(update(), ESP_OK);
    struct firmware_build build = board_config(example.board)->app;
    build.https_ota.allow_http = false;
    board_app_is_built(example.board, &build);
    assert_int_equal(update(), ESP_ERR_INVALID_ARG);
    done();
}

static esp_err_t refuse_client(esp_http_client_handle_t client) {
    assert_non_null(client);
    return 0x7777;
}

static void clients_and_callbacks_fail(void **state) { // HO-14
    (void)state;
    (void)serve("v6.1", 2000);
    config.http_client_init_cb = refuse_client;
    assert_int_equal(update(), 0x7777);
    const esp_http_client_config_t wrong = {.url = "gopher://a", .cert_pem = "-"};
    config.http_config = &wrong;
    assert_int_equal(update(), ESP_FAIL);
    done();
}

// ---- statuses -----------------------------------------------------------------------------------

static void expect_status(const char *release, uint16_t status, esp_err_t expected) {
    serve(release, 2000)->status = status;
    assert_int_equal(update(), expected);
    done();
}

static void statuses_decide(void **state) { // HO-20, HO-21, RL-44
    (void)state;
    expect_status("v6.1", 404, ESP_FAIL);
    expect_status("v6.1", 403, ESP_FAIL);
    expect_status("v6.1", 503, ESP_FAIL);
    expect_status("v6.1", 304, ESP_ERR_HTTP_NOT_MODIFIED);
    expect_status("v6.1", 416, ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE);
    expect_status("v5.4", 416, ESP_FAIL);
    expect_status("v5.4", 304, ESP_FAIL); // accepted, and no header follows
    expect_status("v6.1", 201, ESP_OK);
    expect_status("v6.1", 302, ESP_ERR_INVALID_ARG); // without Location
    expect_status("v4.4.0", 303, ESP_OK);            // RL-42: no redirection
}

static void redirections_are_followed(void **state) { // HO-20, RL-50
    (void)state;
    set_up("v5.5.4", 3000);
    https_route(&example, "/fw.bin", 1)->redirect = memory_text("https://b.example/x");
    https_route(&example, "https://b.example/x", 1)->redirect = memory_text("http://b.example:8080/y");
    (void)https_file(&example, "http://b.example:8080/y", 1);
    assert_int_equal(update(), ESP_OK);
    assert_string_equal(example.requests, "GET /fw.bin|GET /x|GET /y");
    assert_int_equal(example.connections, 3);
    done();
    set_up("v6.1", 3000);
    https_route(&example, "/fw.bin", 1)->redirect = memory_text("http://ota.example/y");
    assert_int_equal(update(), ESP_ERR_HTTP_REDIRECT_DOWNGRADE);
    done();
    set_up("v6.1", 3000);
    https_route(&example, "/fw.bin", 1)->redirect = memory_text("/fw.bin");
    assert_int_equal(run(update_in_one), BOARD_HUNG); // no limit on the count
    done();
}

static void authorization_is_answered(void **state) { // HO-5, HO-20, RL-44
    (void)state;
    esp_http_client_config_t http = plain_http;
    http.username = "device";
    http.password = "secret";
    for (int kind = AUTH_BASIC; kind <= AUTH_DIGEST; kind++) {
        struct server_answer *answer = serve("v6.1", 3000);
        answer->auth = (enum server_auth)kind;
        answer->user = memory_text("device");
        answer->password = memory_text("secret");
        config.http_config = &http;
        assert_int_equal(update(), ESP_OK);
        assert_string_equal(example.requests, "GET /fw.bin|GET /fw.bin");
        assert_int_equal(example.connections, 1);
        done();
    }
    struct server_answer *answer = serve("v6.1", 3000);
    answer->auth = AUTH_BASIC;
    answer->user = memory_text("device");
    answer->password = memory_text("another");
    http.max_authorization_retries = 2;
    config.http_config = &http;
    assert_int_equal(update(), ESP_FAIL);
    assert_string_equal(example.requests, "GET /fw.bin|GET /fw.bin|GET /fw.bin");
    http.max_authorization_retries = -1;
    example.requests[0] = '\0';
    assert_int_equal(update(), ESP_FAIL);
    assert_string_equal(example.requests, "GET /fw.bin");
    done();
}

// ---- bodies -------------------------------------------------------------------------------------

static void bodies_end_in_their_ways(void **state) { // HO-22, HO-37
    (void)state;
    serve("v6.1", 5000)->length = LENGTH_CHUNKED;
    assert_int_equal(update(), ESP_OK);
    assert_true(selected);
    done();
    serve("v6.1", 5000)->length = LENGTH_NONE;
    assert_int_equal(update(), ESP_OK);
    assert_true(selected);
    done();
    struct server_answer *answer = serve("v6.1", 5000);
    answer->length = LENGTH_STATED;
    answer->stated = example.image.length + 1; // one byte never comes
    answer->closes = true;
    assert_int_equal(update(), ESP_FAIL);
    assert_false(selected);
    done();
    answer = serve("v6.1", 5000);
    answer->length = LENGTH_STATED;
    answer->stated = example.image.length - 1; // the last byte belongs to nobody
    assert_int_equal(update(), ESP_ERR_OTA_VALIDATE_FAILED);
    done();
    answer = serve("v6.1", 5000);
    answer->length = LENGTH_CHUNKED;
    answer->end = ENDS_CLOSED;
    answer->end_after = 3000; // inside a chunk
    assert_int_equal(update(), ESP_FAIL);
    done();
}

static void short_images_cannot_be_installed(void **state) { // HO-33
    (void)state;
    (void)serve("v6.1", 400);
    assert_true(example.image.length < 1024);
    assert_int_equal(update(), ESP_FAIL);
    done();
}

static void stalls_are_waited_for(void **state) { // HO-22, HO-33, HO-37
    (void)state;
    struct server_answer *answer = serve("v6.1", 5000);
    answer->end = ENDS_STALLED;
    answer->end_after = 500;
    answer->stall_us = 17000000;
    assert_int_equal(update(), ESP_OK);
    done();
    answer = serve("v6.1", 5000);
    answer->end = ENDS_STALLED;
    answer->end_after = 3000;
    answer->stall_us = 12000000;
    assert_int_equal(update(), ESP_OK);
    done();
    answer = serve("v6.1", 5000);
    answer->end = ENDS_STALLED;
    answer->end_after = 3000;
    answer->stall_us = STALL_FOR_EVER;
    assert_int_equal(run(update_in_one), BOARD_HUNG);
    done();
}

static void wrong_chips_are_refused(void **state) { // HO-34, RL-41
    (void)state;
    static const struct {
        const char *release;
        esp_err_t code;
    } cases[] = {{"v6.1", ESP_ERR_INVALID_VERSION},
                 {"v5.4", ESP_ERR_INVALID_VERSION},
                 {"v4.4.0", ESP_ERR_OTA_VALIDATE_FAILED}};
    for (size_t i = 0; i < 3; i++) {
        serve(cases[i].release, 5000)->body.bytes[12] = 5;
        assert_int_equal(update(), cases[i].code);
        done();
    }
    struct server_answer *answer = serve("v6.1", 5000);
    answer->body.bytes[32 + 181] = 1;
    assert_int_equal(update(), ESP_ERR_OTA_SPI_MODE_MISMATCH);
    struct firmware_build build = board_config(example.board)->app;
    build.https_ota.spi_mode_unverified = true;
    board_app_is_built(example.board, &build);
    assert_int_equal(update(), ESP_ERR_OTA_VALIDATE_FAILED); // by its hash
    done();
}

static void garbage_before_the_image(void **state) {
    (void)state;
    struct server_answer *answer = https_route((set_up("v6.1", 3000), &example), "/fw.bin", 1);
    buffer_text(&answer->body, "<html>");
    buffer_append(&answer->body, example.image.bytes, example.image.length);
    assert_int_equal(update(), ESP_ERR_INVALID_VERSION);
    done();
}

// ---- resumption ---------------------------------------------------------------------------------

static void resumption_asks_for_a_range(void **state) { // HO-13, HO-15, HO-36, RL-45
    (void)state;
    (void)serve("v6.1", 9000);
    config.ota_resumption = true;
    assert_int_equal(update(), ESP_ERR_NOT_SUPPORTED); // HO-80
    assert_int_equal(resume(), ESP_OK);
    assert_string_equal(example.requests, "GET /fw.bin bytes=0-");
    assert_true(selected);
    done();

    struct server_answer *answer = serve("v6.1", 9000);
    answer->end = ENDS_RESET;
    answer->end_after = 5000;
    config.ota_resumption = true;
    assert_int_equal(resume(), ESP_FAIL);
    answer->end = ENDS_WELL;
    config.ota_image_bytes_written = 4096;
    assert_int_equal(resume(), ESP_OK);
    assert_string_equal(example.requests, "GET /fw.bin bytes=0-|GET /fw.bin bytes=4096-");
    assert_true(selected);
    config.ota_image_bytes_written = 1023; // too little to go on from
    assert_int_equal(resume(), ESP_OK);
    assert_non_null(strstr(example.requests, "4096-|GET /fw.bin bytes=0-"));
    done();
}

static void ranges_may_be_ignored_or_refused(void **state) { // HO-17, HO-20, RL-45
    (void)state;
    static const struct {
        const char *release;
        enum server_ranges ranges;
        esp_err_t code;
        const char *requests;
    } cases[] = {
        {"v6.1", RANGES_IGNORED, ESP_OK, "GET /fw.bin bytes=2048-|GET /fw.bin"},
        {"v6.1", RANGES_REFUSED, ESP_OK, "GET /fw.bin bytes=2048-|GET /fw.bin"},
        {"v5.5.3", RANGES_IGNORED, ESP_ERR_OTA_VALIDATE_FAILED, "GET /fw.bin bytes=2048-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        serve(cases[i].release, 9000)->ranges = cases[i].ranges;
        config.ota_resumption = true;
        config.ota_image_bytes_written = 2048;
        assert_int_equal(resume(), cases[i].code);
        assert_string_equal(example.requests, cases[i].requests);
        assert_int_equal(selected, cases[i].code == ESP_OK);
        done();
    }
    (void)serve("v5.5.3", 9000);
    config.ota_resumption = true;
    assert_int_equal(resume(), ESP_OK);
    assert_string_equal(example.requests, "GET /fw.bin");
    done();
    (void)serve("v5.4", 9000);
    config.ota_resumption = true;
    assert_int_equal(resume(), ESP_ERR_NOT_SUPPORTED);
    done();
}

static void a_count_ahead_of_flash_leaves_a_hole(void **state) { // HO-95, HO-96
    (void)state;
    (void)serve("v6.1", 9000);
    config.ota_resumption = true;
    config.ota_image_bytes_written = 8192; // and nothing was written
    uint8_t old[8192] = {0};
    flash_set(board_flash(example.board), EXAMPLE_OTA_1, old, sizeof old);
    assert_int_equal(resume(), ESP_ERR_OTA_VALIDATE_FAILED);
    assert_false(selected);
    done();
}

// ---- partial downloads --------------------------------------------------------------------------

static esp_err_t partial(const char *release, uint32_t most) {
    (void)serve(release, 20000);
    config.partial_http_download = true;
    config.max_http_request_size = (int)most;
    return update();
}

static void partial_downloads_go_by_ranges(void **state) { // HO-16, HO-38
    (void)state;
    assert_int_equal(partial("v6.1", 0), ESP_OK);
    assert_string_equal(example.requests, "HEAD /fw.bin|GET /fw.bin");
    done();
    assert_int_equal(partial("v6.1", 8192), ESP_OK);
    assert_string_equal(example.requests, "HEAD /fw.bin|GET /fw.bin bytes=0-8191|GET /fw.bin "
                                          "bytes=8192-16383|GET /fw.bin bytes=16384-");
    assert_true(selected);
    assert_int_equal(example.connections, 2); // HEAD's is closed
    done();
    assert_int_equal(partial("v5.4.3", 8192), ESP_OK);
    assert_int_equal(example.connections, 4); // RL-48
    done();
}

static void set_head_status(uint16_t status) {
    struct server_route *route = &example.network.script.routes[0];
    route->answers = memory_resize(route->answers, 2 * sizeof *route->answers);
    route->answers[1] = route->answers[0];
    route->answers[0] = (struct server_answer){.status = status};
    route->count = 2;
}

static void a_length_has_to_be_found(void **state) { // HO-16, RL-41, RL-49
    (void)state;
    static const struct {
        const char *release;
        uint16_t status;
        esp_err_t code;
        const char *requests;
    } cases[] = {
        {"v6.1", 405, ESP_OK, "HEAD /fw.bin|GET /fw.bin bytes=0-0|GET /fw.bin"},
        {"v6.1", 304, ESP_ERR_HTTP_NOT_MODIFIED, "HEAD /fw.bin"},
        {"v6.0", 304, ESP_OK, "HEAD /fw.bin|GET /fw.bin bytes=0-0|GET /fw.bin"},
        {"v5.5", 405, ESP_FAIL, "HEAD /fw.bin"},
        {"v4.4.0", 405, ESP_FAIL, "HEAD /fw.bin"}, // begin gives ESP_OK and no handle
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)serve(cases[i].release, 20000);
        set_head_status(cases[i].status);
        config.partial_http_download = true;
        assert_int_equal(update(), cases[i].code);
        assert_string_equal(example.requests, cases[i].requests);
        done();
    }
    serve("v6.1", 20000)->length = LENGTH_CHUNKED;
    config.partial_http_download = true;
    assert_int_equal(update(), ESP_FAIL);
    done();
    serve("v5.5", 20000)->length = LENGTH_CHUNKED;
    config.partial_http_download = true;
    assert_int_equal(update(), ESP_OK); // and nothing is selected: HO-38, HO-63
    assert_false(selected);
    done();
}

static void a_partial_download_trusts_what_it_gets(void **state) { // HO-21, HO-38
    (void)state;
    serve("v6.1", 20000)->ranges = RANGES_IGNORED; // all of it, for a range
    config.partial_http_download = true;
    config.max_http_request_size = 8192;
    assert_int_equal(update(), ESP_OK);
    assert_string_equal(example.requests, "HEAD /fw.bin|GET /fw.bin bytes=0-8191");
    done();
}

static void resumed_ranges(void **state) { // HO-16: its table, and a partial download that is resumed
    (void)state;
    (void)serve("v6.1", 20000);
    config.partial_http_download = config.ota_resumption = true;
    config.max_http_request_size = 4096;
    config.ota_image_bytes_written = 16384;
    assert_int_equal(resume(), ESP_ERR_OTA_VALIDATE_FAILED); // what was there was not that image
    size_t length = example.image.length;
    char expected[200];
    (void)snprintf(expected, sizeof expected, "HEAD /fw.bin|GET /fw.bin bytes=16384-%zu",
                   length > 4096 + 16384 ? (size_t)(16384 + 4096 - 1) : length);
    assert_int_equal(strncmp(example.requests, expected, strlen(expected)), 0);
    done();
}

// ---- erasing ------------------------------------------------------------------------------------

static uint64_t erased(void) {
    uint64_t bytes = 0;
    struct journal_cursor cursor = {.journal = board_journal(example.board)};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation))
        if (operation.kind == JOURNAL_ERASE && operation.address >= EXAMPLE_OTA_0)
            bytes += operation.length;
    return bytes;
}

static void erases_follow_the_configuration(void **state) { // HO-31, HO-90
    (void)state;
    static const struct {
        const char *release;
        bool bulk;
        enum server_length length;
        uint64_t erased;
    } cases[] = {{"v6.1", false, LENGTH_EXACT, 0x6000},
                 {"v6.1", true, LENGTH_EXACT, 0x6000},
                 {"v6.1", true, LENGTH_CHUNKED, EXAMPLE_APP},
                 {"v5.2", true, LENGTH_EXACT, EXAMPLE_APP}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        serve(cases[i].release, 0x5800)->length = cases[i].length;
        config.bulk_flash_erase = cases[i].bulk;
        assert_int_equal(update(), ESP_OK);
        assert_int_equal(erased(), cases[i].erased);
        done();
    }
}

// ---- call by call -------------------------------------------------------------------------------

static void ask_before_and_after(void *context) { // HO-30, HO-50, HO-51, HO-70
    (void)context;
    esp_https_ota_handle_t handle = NULL;
    esp_app_desc_t descriptor;
    esp_bootloader_desc_t loader;
    assert_int_equal(esp_https_ota_perform(NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_https_ota_get_image_size(NULL), -1);
    assert_int_equal(esp_https_ota_get_status_code(NULL), -1);
    assert_int_equal(esp_https_ota_get_img_desc(NULL, &descriptor), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    assert_int_equal(esp_https_ota_get_img_desc(handle, NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_https_ota_get_img_desc(handle, &descriptor), ESP_OK);
    assert_string_equal(descriptor.version, "2.0.0");
    assert_int_equal(esp_https_ota_get_image_len_read(handle), -1);
    assert_int_equal(esp_https_ota_get_image_size(handle), (int)example.image.length);
    assert_int_equal(esp_https_ota_get_status_code(handle), 200);
    assert_false(esp_https_ota_is_complete_data_received(handle));
    assert_int_equal(esp_https_ota_perform(handle), ESP_ERR_HTTPS_OTA_IN_PROGRESS);
    assert_int_equal(esp_https_ota_get_image_len_read(handle), 1024);
    assert_int_equal(esp_https_ota_get_img_desc(handle, &descriptor), ESP_OK); // from flash
    assert_int_equal(esp_https_ota_get_bootloader_img_desc(handle, &loader), ESP_FAIL);
    while ((code = esp_https_ota_perform(handle)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS)
        continue;
    assert_int_equal(code, ESP_OK);
    assert_true(esp_https_ota_is_complete_data_received(handle));
    assert_int_equal(esp_https_ota_perform(handle), ESP_FAIL); // HO-30: SUCCESS is no state to go on from
    assert_int_equal(esp_https_ota_finish(handle), ESP_OK);
    assert_int_equal(esp_https_ota_finish(handle), ESP_ERR_INVALID_ARG); // HO-65
    assert_int_equal(esp_https_ota_abort(handle), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_https_ota_finish(NULL), ESP_ERR_INVALID_ARG);
}

static void questions_are_answered(void **state) {
    (void)state;
    (void)serve("v6.1", 9000);
    assert_int_equal(run(ask_before_and_after), BOARD_RETURNED);
    assert_non_null(strstr(example.events, " 2 "));
    assert_non_null(strstr(example.events, " 9")); // HO-64: the event comes first
    done();
}

static void describe_twice(void *context) { // HO-52
    (void)context;
    esp_https_ota_handle_t handle = NULL;
    esp_app_desc_t descriptor;
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    assert_int_equal(esp_https_ota_get_img_desc(handle, &descriptor), ESP_OK);
    code = esp_https_ota_get_img_desc(handle, &descriptor);
    esp_err_t next;
    while ((next = esp_https_ota_perform(handle)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS)
        continue;
    selected = next == ESP_OK && esp_https_ota_finish(handle) == ESP_OK;
}

static void a_second_description_spoils_the_download(void **state) {
    (void)state;
    (void)serve("v6.1", 9000);
    example_image(example.board, EXAMPLE_OTA_1, 0);
    assert_int_equal(run(describe_twice), BOARD_RETURNED);
    assert_int_equal(code, ESP_OK); // of the old image there
    assert_false(selected);
    done();
    (void)serve("v5.4", 9000);
    assert_int_equal(run(describe_twice), BOARD_RETURNED);
    assert_true(selected);
    done();
}

static void end_early(void *context) { // HO-60, HO-63, HO-64
    (void)context;
    esp_https_ota_handle_t handle = NULL;
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    assert_int_equal(esp_https_ota_finish(handle), ESP_OK); // nothing to end
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    assert_int_equal(esp_https_ota_perform(handle), ESP_ERR_HTTPS_OTA_IN_PROGRESS);
    assert_int_equal(esp_https_ota_abort(handle), ESP_OK);
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(esp_https_ota_perform(handle), ESP_ERR_HTTPS_OTA_IN_PROGRESS);
    assert_int_equal(esp_https_ota_finish(handle), ESP_ERR_OTA_VALIDATE_FAILED);
}

static void finish_and_abort_before_the_end(void **state) {
    (void)state;
    (void)serve("v6.1", 9000);
    assert_int_equal(run(end_early), BOARD_RETURNED);
    done();
}

static void look_at_a_resumed_one(void *context) { // HO-71, HO-40
    (void)context;
    esp_https_ota_handle_t handle = NULL;
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    assert_int_equal(esp_https_ota_get_image_len_read(handle), 4096);
    assert_int_equal(esp_https_ota_perform(handle), ESP_ERR_HTTPS_OTA_IN_PROGRESS);
    assert_int_equal(esp_https_ota_get_image_len_read(handle), 4096 + 1024);
    assert_int_equal(esp_https_ota_abort(handle), ESP_OK);
}

static void a_resumed_count_is_known(void **state) {
    (void)state;
    (void)serve("v6.1", 9000);
    config.ota_resumption = true;
    config.ota_image_bytes_written = 4096;
    assert_int_equal(run(look_at_a_resumed_one), BOARD_RETURNED);
    done();
}

static void stop_when_whole(void *context) { // HO-63: OK, and nothing was selected
    (void)context;
    esp_https_ota_handle_t handle = NULL;
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    while (esp_https_ota_get_image_len_read(handle) < (int)example.image.length)
        assert_int_equal(esp_https_ota_perform(handle), ESP_ERR_HTTPS_OTA_IN_PROGRESS);
    assert_int_equal(esp_https_ota_finish(handle), ESP_OK);
    selected = esp_ota_get_boot_partition() == slot(1);
}

static void ok_and_nothing_selected(void **state) {
    (void)state;
    serve("v6.1", 9000)->length = LENGTH_NONE;
    assert_int_equal(run(stop_when_whole), BOARD_RETURNED);
    assert_false(selected);
    done();
}

// ---- partitions ---------------------------------------------------------------------------------

static void choose_partitions(void *context) { // HO-19, HO-62
    const int *which = context;
    config.partition.staging = slot(1);
    config.partition.final = *which == 0 ? slot(1) : *which == 1 ? slot(0) : NULL;
    code = esp_https_ota(&config);
    selected = esp_ota_get_boot_partition() == slot(1);
}

static void staging_and_final(void **state) {
    (void)state;
    int which = 0;
    (void)serve("v6.1", 9000);
    assert_int_equal(board_run(example.board, choose_partitions, &which, NULL), BOARD_CRASHED);
    done();
    which = 1; // the staging slot boots, whatever is final
    (void)serve("v6.1", 9000);
    assert_int_equal(board_run(example.board, choose_partitions, &which, NULL), BOARD_RETURNED);
    assert_int_equal(code, ESP_OK);
    assert_true(selected);
    done();
    which = 2;
    (void)serve("v5.4", 9000);
    assert_int_equal(board_run(example.board, choose_partitions, &which, NULL), BOARD_RETURNED);
    assert_int_equal(code, ESP_ERR_NOT_SUPPORTED);
    done();
}

static void into_data(void *context) { // HO-32, RL-47
    (void)context;
    config.partition.staging = slot(1);
    config.partition.final =
        esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, NULL);
    code = esp_https_ota(&config);
}

static void data_has_no_header(void **state) {
    (void)state;
    struct server_answer *answer = https_route((set_up("v6.1", 2000), &example), "/fw.bin", 1);
    buffer_text(&answer->body, "some data");
    assert_int_equal(run(into_data), BOARD_RETURNED);
    assert_int_equal(code, ESP_OK);
    done();
    answer = https_route((set_up("v5.5.3", 2000), &example), "/fw.bin", 1);
    buffer_text(&answer->body, "some data");
    assert_int_equal(run(into_data), BOARD_RETURNED);
    assert_int_equal(code, ESP_FAIL);
    done();
}

// ---- decryption ---------------------------------------------------------------------------------

static char plain[65536];
static uint32_t calls, fails_at, empty_at;

static esp_err_t turn_over(decrypt_cb_arg_t *args, void *user_ctx) {
    assert_ptr_equal(user_ctx, plain);
    if (++calls == fails_at)
        return 0x1234;
    for (size_t i = 0; i < args->data_in_len; i++)
        plain[i] = (char)~args->data_in[i];
    args->data_out = plain;
    args->data_out_len = calls == empty_at ? 0 : args->data_in_len;
    return ESP_OK;
}

static esp_err_t decrypted(uint32_t fails, uint32_t empty) {
    struct server_answer *answer = serve("v6.1", 9000);
    for (size_t i = 0; i < answer->body.length; i++)
        answer->body.bytes[i] = (uint8_t)~answer->body.bytes[i];
    struct firmware_build build = board_config(example.board)->app;
    build.https_ota.decrypt_cb = true;
    board_app_is_built(example.board, &build);
    config.decrypt_cb = turn_over;
    config.decrypt_user_ctx = plain;
    calls = 0;
    fails_at = fails;
    empty_at = empty;
    return resume();
}

static void images_are_decrypted(void **state) { // HO-12, HO-34, HO-39, HO-50
    (void)state;
    assert_int_equal(decrypted(0, 0), ESP_OK);
    assert_true(selected);
    assert_non_null(strstr(example.events, "0 1 5 3:0 4:0 6:1024 5 6:2048"));
    config.decrypt_cb = NULL;
    assert_int_equal(resume(), ESP_ERR_INVALID_ARG);
    config.decrypt_cb = turn_over;
    config.ota_resumption = true;
    assert_int_equal(resume(), ESP_ERR_NOT_SUPPORTED);
    done();
    assert_int_equal(decrypted(1, 0), ESP_FAIL);
    done();
    assert_int_equal(decrypted(3, 0), 0x1234);
    done();
    assert_int_equal(decrypted(0, 3), 2);
    done();
}

// ---- connections --------------------------------------------------------------------------------

static void connections_fail(void **state) { // HO-3, HO-60, HO-65
    (void)state;
    for (int how = CONNECTS_NO_NAME; how <= CONNECTS_UNTRUSTED; how++) {
        (void)serve("v6.1", 3000);
        example.network.script.hosts = memory_zeroed(1, sizeof *example.network.script.hosts);
        example.network.script.host_count = 1;
        enum server_connecting *turns = memory_zeroed(2, sizeof *turns);
        turns[0] = (enum server_connecting)how;
        example.network.script.hosts[0] =
            (struct server_host){.host = memory_text("ota.example"), .turns = turns, .count = 2};
        assert_int_equal(update(), ESP_ERR_HTTP_CONNECT);
        assert_int_equal(update(), ESP_OK); // the second time it works, and the board remembers
        done();
    }
}

static void finish_that_cannot_select(void *context) { // RL-43
    (void)context;
    esp_https_ota_handle_t handle = NULL;
    assert_int_equal(esp_https_ota_begin(&config, &handle), ESP_OK);
    while ((code = esp_https_ota_perform(handle)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS)
        continue;
    board_io_fault(example.board, IO_ERASE_ERROR, 1);
    code = esp_https_ota_finish(handle);
}

static void finish_tells_by_release(void **state) {
    (void)state;
    (void)serve("v5.2", 3000);
    assert_int_equal(run(finish_that_cannot_select), BOARD_RETURNED);
    assert_int_not_equal(code, ESP_OK);
    done();
    (void)serve("v5.1.2", 3000);
    assert_int_equal(run(finish_that_cannot_select), BOARD_RETURNED);
    assert_int_equal(code, ESP_OK);
    done();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_in_one),
        cmocka_unit_test(events_by_release),
        cmocka_unit_test(begin_looks_at_its_arguments),
        cmocka_unit_test(clients_and_callbacks_fail),
        cmocka_unit_test(statuses_decide),
        cmocka_unit_test(redirections_are_followed),
        cmocka_unit_test(authorization_is_answered),
        cmocka_unit_test(bodies_end_in_their_ways),
        cmocka_unit_test(short_images_cannot_be_installed),
        cmocka_unit_test(stalls_are_waited_for),
        cmocka_unit_test(wrong_chips_are_refused),
        cmocka_unit_test(garbage_before_the_image),
        cmocka_unit_test(resumption_asks_for_a_range),
        cmocka_unit_test(ranges_may_be_ignored_or_refused),
        cmocka_unit_test(a_count_ahead_of_flash_leaves_a_hole),
        cmocka_unit_test(partial_downloads_go_by_ranges),
        cmocka_unit_test(a_length_has_to_be_found),
        cmocka_unit_test(a_partial_download_trusts_what_it_gets),
        cmocka_unit_test(resumed_ranges),
        cmocka_unit_test(erases_follow_the_configuration),
        cmocka_unit_test(questions_are_answered),
        cmocka_unit_test(a_second_description_spoils_the_download),
        cmocka_unit_test(finish_and_abort_before_the_end),
        cmocka_unit_test(a_resumed_count_is_known),
        cmocka_unit_test(ok_and_nothing_selected),
        cmocka_unit_test(staging_and_final),
        cmocka_unit_test(data_has_no_header),
        cmocka_unit_test(images_are_decrypted),
        cmocka_unit_test(connections_fail),
        cmocka_unit_test(finish_tells_by_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
