// The parser of answers: fed in every pair of pieces, it comes to the same (HO-22).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ota/http_response.h"
#include "ota/http_url.h"

struct parsed {
    struct http_response response;
    char headers[512], body[512];
    size_t body_length;
};

static void note_header(void *context, char *name, char *value) {
    struct parsed *parsed = context;
    size_t used = strlen(parsed->headers);
    (void)snprintf(parsed->headers + used, sizeof parsed->headers - used, "%s=%s;", name, value);
}

static void feed(struct parsed *parsed, const char *bytes, size_t length, size_t most) {
    size_t at = 0;
    while (at < length && !http_response_has_head(&parsed->response) && parsed->response.state != HTTP_BROKEN)
        at += http_response_take_head(&parsed->response, bytes + at, length - at, note_header, parsed);
    while (at < length && parsed->response.state < HTTP_COMPLETE) {
        size_t room = most;
        at += http_response_take_body(&parsed->response, bytes + at, length - at,
                                      parsed->body + parsed->body_length, &room);
        parsed->body_length += room;
    }
}

static void parse(const char *text, size_t length, size_t cut, size_t most, struct parsed *out) {
    memset(out, 0, sizeof *out);
    http_response_start(&out->response, false);
    feed(out, text, cut, most);
    feed(out, text + cut, length - cut, most);
    http_response_end(&out->response);
}

static const struct {
    const char *text;
    int state;
    uint16_t status;
    int64_t length;
    const char *headers, *body;
} answers[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", HTTP_COMPLETE, 200, 5, "Content-Length=5;",
     "hello"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", HTTP_BODY_BY_LENGTH, 200, 5, "Content-Length=5;",
     "hell"},
    {"HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nhello", HTTP_COMPLETE, 206, 2,
     "Content-Length=2;", "he"},
    {"HTTP/1.1 200\r\nA:  b c \t\r\n\r\nhello", HTTP_COMPLETE, 200, -1, "A=b c;", "hello"},
    {"\r\nHTTP/1.0 200 OK\n\nhello", HTTP_COMPLETE, 200, -1, "", "hello"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: z\r\n\r\nmore",
     HTTP_COMPLETE, 200, -1, "Transfer-Encoding=chunked;", "hello"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n5\r\nhello\r\n",
     HTTP_CHUNK_SIZE, 200, -1, "Transfer-Encoding=chunked;Content-Length=9;", "hello"},
    {"HTTP/1.1 204 No Content\r\n\r\n", HTTP_COMPLETE, 204, -1, "", ""},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", HTTP_COMPLETE, 304, 5, "Content-Length=5;",
     ""},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", HTTP_BROKEN, 200, 5,
     "Content-Length=5;", ""},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n", HTTP_BROKEN, 200, 5, "Content-Length=5x;", ""},
    {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", HTTP_BROKEN, 200, -1, "", ""},
    {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", HTTP_BROKEN, 200, -1, "", ""},
    {"HTTP/1.1 2x0 OK\r\n\r\n", HTTP_BROKEN, 0, -1, "", ""},
    {"<html>\r\n", HTTP_BROKEN, 0, -1, "", ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", HTTP_BROKEN, 200, -1,
     "Transfer-Encoding=chunked;", ""},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", HTTP_BROKEN, 200, -1,
     "Transfer-Encoding=chunked;", "he"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", HTTP_BROKEN, 200, -1,
     "Transfer-Encoding=chunked;", ""},
};

static void answers_are_parsed_however_they_come(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        size_t length = strlen(answers[i].text);
        for (size_t cut = 0; cut <= length; cut++) {
            struct parsed parsed;
            parse(answers[i].text, length, cut, 1 + cut % 5, &parsed);
            if ((int)parsed.response.state != answers[i].state || parsed.response.status != answers[i].status)
                fail_msg("answer %zu cut at %zu: state %d, status %u", i, cut, parsed.response.state,
                         parsed.response.status);
            if (answers[i].state != HTTP_BROKEN)
                assert_int_equal(parsed.response.content_length, answers[i].length);
            if (answers[i].state != HTTP_BROKEN)
                assert_string_equal(parsed.headers, answers[i].headers);
            assert_int_equal(parsed.body_length, strlen(answers[i].body));
            assert_memory_equal(parsed.body, answers[i].body, parsed.body_length);
        }
    }
}

static void lines_have_a_length(void **state) {
    (void)state;
    static char text[3 * HTTP_LINE_MAX];
    struct parsed *parsed = test_malloc(sizeof *parsed);
    memset(text, 'a', sizeof text);
    memcpy(text, "HTTP/1.1 200 OK\r\nA: ", 20);
    memset(parsed, 0, sizeof *parsed);
    http_response_start(&parsed->response, false);
    (void)http_response_take_head(&parsed->response, text, sizeof text, NULL, NULL);
    assert_int_equal(parsed->response.state, HTTP_BROKEN);
    assert_true(parsed->response.too_long);
    test_free(parsed);
}

static void connections_are_kept_or_not(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool keeps;
    } cases[] = {{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true},
                 {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n", false},
                 {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false},
                 {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", true},
                 {"HTTP/1.1 200 OK\r\n\r\n", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed parsed;
        parse(cases[i].text, strlen(cases[i].text), 3, 10, &parsed);
        assert_int_equal(parsed.response.keeps_alive, cases[i].keeps);
    }
}

// ---- URLs ---------------------------------------------------------------------------------------

static void urls_are_taken_apart(void **state) {
    (void)state;
    static const struct {
        const char *text, *host, *path, *user;
        uint32_t port;
        bool tls;
    } cases[] = {{"https://a.example/x?y=1#z", "a.example", "/x?y=1", "", 443, true},
                 {"HTTP://u:p@a.example:8080", "a.example", "/", "u:p", 8080, false},
                 {"http://a?q", "a", "/?q", "", 80, false},
                 {"https://[::1]:8443/", "::1", "/", "", 8443, true}};
    static const char *const wrong[] = {
        "ftp://a/",        "a.example/x", "http://",      "http://:80/",  "http://a:0/",
        "http://a:99999/", "http://a:x/", "http://[::1/", "http://a/b c", "/only"};
    struct http_url url;
    char user[HTTP_USER_MAX + 1];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(http_url_parse(cases[i].text, NULL, &url, user));
        assert_string_equal(url.host, cases[i].host);
        assert_string_equal(url.path, cases[i].path);
        assert_string_equal(user, cases[i].user);
        assert_int_equal(url.port, cases[i].port);
        assert_int_equal(url.tls, cases[i].tls);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(http_url_parse(wrong[i], NULL, &url, user));
    struct http_url base = url;
    assert_true(http_url_parse("/other", &base, &url, NULL));
    assert_string_equal(url.path, "/other");
    assert_true(http_url_same_origin(&base, &url));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_parsed_however_they_come),
        cmocka_unit_test(lines_have_a_length),
        cmocka_unit_test(connections_are_kept_or_not),
        cmocka_unit_test(urls_are_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
