// A request and its answer: sent, awaited, read (HO-20, HO-22).
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api_call.h"
#include "firmware.h"
#include "http_client.h"

static const char tag[] = "http_client";

static const char *const methods[] = {
    [HTTP_METHOD_GET] = "GET",
    [HTTP_METHOD_POST] = "POST",
    [HTTP_METHOD_PUT] = "PUT",
    [HTTP_METHOD_PATCH] = "PATCH",
    [HTTP_METHOD_DELETE] = "DELETE",
    [HTTP_METHOD_HEAD] = "HEAD",
    [HTTP_METHOD_NOTIFY] = "NOTIFY",
    [HTTP_METHOD_SUBSCRIBE] = "SUBSCRIBE",
    [HTTP_METHOD_UNSUBSCRIBE] = "UNSUBSCRIBE",
    [HTTP_METHOD_OPTIONS] = "OPTIONS",
};

static const struct release_profile *profile(void) {
    return port_ram()->app_build->profile;
}

// ---- connecting ---------------------------------------------------------------------------------

static const char *why_no_connection(int32_t result) {
    switch (result) {
    case NETWORK_NO_NAME:
        return "connect: DNS knows no such host";
    case NETWORK_REFUSED:
        return "connect: nobody listens there";
    case NETWORK_TLS_FAILED:
        return "connect: the TLS handshake failed";
    case NETWORK_TIMEOUT:
        return "connect: nothing within the time-out";
    default:
        return "connect: there is no connection";
    }
}

static esp_err_t connect_client(struct esp_http_client *client) {
    if (client->connection >= 0)
        return ESP_OK;
    client->peer.host = client->url.host;
    client->peer.port = client->url.port;
    client->peer.tls = client->url.tls;
    int32_t result = port_network_connect(&client->peer, client->timeout_ms);
    if (result < 0) {
        http_client_tell(client, HTTP_EVENT_ERROR, NULL, 0);
        return refuse(tag, ESP_ERR_HTTP_CONNECT, why_no_connection(result));
    }
    client->connection = result;
    client->raw_at = client->raw_count = 0;
    http_client_tell(client, HTTP_EVENT_ON_CONNECTED, NULL, 0);
    return ESP_OK;
}

// ---- the head of a request ----------------------------------------------------------------------

struct head {
    char *text;
    size_t length, room;
    bool fits;
};

__attribute__((format(printf, 2, 3))) static void add(struct head *head, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(head->text + head->length, head->room - head->length, format, arguments);
    va_end(arguments);
    head->fits = head->fits && more >= 0 && (size_t)more < head->room - head->length;
    if (head->fits)
        head->length += (size_t)more;
}

static void add_host(struct head *head, const struct http_url *url) {
    bool usual = url->port == (url->tls ? 443u : 80u);
    if (usual)
        add(head, "Host: %s\r\n", url->host);
    else
        add(head, "Host: %s:%u\r\n", url->host, (unsigned)url->port);
}

static esp_err_t write_head(struct esp_http_client *client, int body_length) {
    struct head head = {.text = port_http_ram()->request, .room = HTTP_REQUEST_MAX, .fits = true};
    const char *method = methods[client->method];
    add(&head, "%s %s HTTP/1.1\r\n", method, client->url.path);
    add_host(&head, &client->url);
    if (http_client_header(client, "User-Agent") == NULL)
        add(&head, "User-Agent: %s\r\n", client->agent);
    for (uint32_t i = 0; i < client->header_count; i++)
        add(&head, "%s: %s\r\n", client->headers[i].name, client->headers[i].value);
    if (body_length < 0)
        add(&head, "Transfer-Encoding: chunked\r\n");
    else
        add(&head, "Content-Length: %d\r\n", body_length);
    if (http_client_header(client, "Authorization") == NULL &&
        !http_client_authorize(client, method, head.text + head.length, head.room - head.length))
        head.fits = false;
    head.length += head.fits ? strlen(head.text + head.length) : 0;
    add(&head, "\r\n");
    if (!head.fits)
        return refuse(tag, ESP_ERR_NO_MEM, "open: the request's head is too long for this firmware");
    int32_t sent =
        port_network_send(client->connection, head.text, (uint32_t)head.length, client->timeout_ms);
    return sent == (int32_t)head.length
               ? ESP_OK
               : refuse(tag, ESP_ERR_HTTP_WRITE_DATA, "open: the request is not sent");
}

static void forget_answer(struct esp_http_client *client) {
    http_response_start(&client->response, client->method == HTTP_METHOD_HEAD);
    client->location[0] = '\0';
    client->range_total = -1;
    client->received = 0;
}

static esp_err_t open_request(struct esp_http_client *client, int write_len) {
    bool spent = client->response.status != 0 &&
                 (client->response.state != HTTP_COMPLETE || !client->response.keeps_alive);
    if (spent) // what is left of the answer before would be taken for the next one
        http_client_drop(client);
    esp_err_t code = connect_client(client);
    if (code == ESP_OK) {
        forget_answer(client);
        code = write_head(client, write_len);
    }
    if (code == ESP_OK)
        http_client_tell(client, HTTP_EVENT_HEADERS_SENT, NULL, 0);
    else
        http_client_drop(client);
    return code;
}

esp_err_t esp_http_client_open(esp_http_client_handle_t client, int write_len) {
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    API_CALL(esp_err_t, open_request(client, write_len));
}

int esp_http_client_write(esp_http_client_handle_t client, const char *buffer, int len) {
    if (client == NULL || client->connection < 0 || len < 0)
        return -1;
    int32_t sent =
        len == 0 ? 0 : port_network_send(client->connection, buffer, (uint32_t)len, client->timeout_ms);
    return sent < 0 ? -1 : sent;
}

// ---- the answer's head --------------------------------------------------------------------------

// Receives into the empty buffer. 1 to its size, or a network_result.
static int32_t fill_raw(struct esp_http_client *client) {
    if (client->connection < 0)
        return NETWORK_RESET;
    int32_t received =
        port_network_receive(client->connection, client->raw, client->buffer_size, client->timeout_ms);
    client->raw_at = 0;
    client->raw_count = received > 0 ? (uint32_t)received : 0;
    return received;
}

static void keep_text(char *out, size_t size, const char *value) {
    size_t length = strlen(value);
    if (length >= size)
        length = size - 1;
    memcpy(out, value, length);
    out[length] = '\0';
}

// "bytes 0-0/1234".
static int64_t range_total(const char *value) {
    const char *slash = strrchr(value, '/');
    int64_t total = 0;
    if (slash == NULL || slash[1] < '0' || slash[1] > '9')
        return -1;
    for (const char *at = slash + 1; *at >= '0' && *at <= '9'; at++) {
        if (total > INT64_MAX / 10 - 1)
            return -1;
        total = total * 10 + (*at - '0');
    }
    return total;
}

static void see_header(void *context, char *name, char *value) {
    struct esp_http_client *client = context;
    esp_http_client_event_t event = {.event_id = HTTP_EVENT_ON_HEADER,
                                     .client = client,
                                     .user_data = client->user_data,
                                     .header_key = name,
                                     .header_value = value};
    if (strcasecmp(name, "Location") == 0) {
        keep_text(client->location, sizeof client->location, value);
    } else if (strcasecmp(name, "WWW-Authenticate") == 0) {
        keep_text(client->challenge, sizeof client->challenge, value);
        client->nonce_count = 0;
    } else if (strcasecmp(name, "Content-Range") == 0) {
        client->range_total = range_total(value);
    }
    if (client->handler != NULL)
        (void)client->handler(&event);
}

static int64_t broken_head(struct esp_http_client *client) {
    if (client->response.too_long && profile()->https_header_too_long)
        return refuse(tag, -ESP_ERR_HTTP_HEADER_TOO_LONG, "fetch_headers: a header is too long");
    return refuse(tag, ESP_FAIL, "fetch_headers: what came is no answer in HTTP");
}

static int64_t fetch_headers(struct esp_http_client *client) {
    struct http_response *response = &client->response;
    while (!http_response_has_head(response)) {
        if (client->raw_at == client->raw_count) {
            int32_t received = fill_raw(client);
            if (received == NETWORK_TIMEOUT)
                return refuse(tag, -ESP_ERR_HTTP_EAGAIN, "fetch_headers: nothing within the time-out");
            if (received <= 0)
                return refuse(tag, ESP_FAIL, "fetch_headers: the connection is closed");
        }
        client->raw_at += (uint32_t)http_response_take_head(
            response, client->raw + client->raw_at, client->raw_count - client->raw_at, see_header, client);
        if (response->state == HTTP_BROKEN)
            return broken_head(client);
    }
    http_client_tell(client, HTTP_EVENT_ON_STATUS_CODE, NULL, 0);
    http_client_tell(client, HTTP_EVENT_ON_HEADERS_COMPLETE, NULL, 0);
    return response->content_length > 0 ? response->content_length : 0;
}

int64_t esp_http_client_fetch_headers(esp_http_client_handle_t client) {
    if (client == NULL)
        return ESP_FAIL;
    API_CALL(int64_t, fetch_headers(client));
}

// ---- the answer's body --------------------------------------------------------------------------

// Takes what the buffer holds. Bytes of the body.
static int take_raw(struct esp_http_client *client, char *buffer, int length) {
    size_t room = (size_t)length;
    client->raw_at += (uint32_t)http_response_take_body(&client->response, client->raw + client->raw_at,
                                                        client->raw_count - client->raw_at, buffer, &room);
    client->received += (int64_t)room;
    if (room > 0)
        http_client_tell(client, HTTP_EVENT_ON_DATA, buffer, (int)room);
    if (room > 0 && client->response.state == HTTP_COMPLETE)
        http_client_tell(client, HTTP_EVENT_ON_FINISH, NULL, 0);
    return (int)room;
}

// Nothing came. What there is counts; what is none has a reason.
static int read_nothing(struct esp_http_client *client, int32_t received, int done) {
    if (received == NETWORK_CLOSED)
        http_response_end(&client->response);
    if (done > 0 || received == NETWORK_CLOSED)
        return done;
    return received == NETWORK_TIMEOUT ? -ESP_ERR_HTTP_EAGAIN : ESP_FAIL;
}

static int read_body(struct esp_http_client *client, char *buffer, int length) {
    int done = 0;
    while (done < length && client->response.state < HTTP_COMPLETE) {
        if (client->raw_at == client->raw_count) {
            int32_t received = fill_raw(client);
            if (received <= 0)
                return read_nothing(client, received, done);
        }
        done += take_raw(client, buffer + done, length - done);
    }
    if (done == 0 && client->response.state == HTTP_BROKEN)
        return refuse(tag, ESP_FAIL, "read: the chunks of the answer are broken");
    return done;
}

int esp_http_client_read(esp_http_client_handle_t client, char *buffer, int len) {
    if (client == NULL || buffer == NULL || len < 0 || !http_response_has_head(&client->response))
        return ESP_FAIL;
    API_CALL(int, read_body(client, buffer, len));
}

int esp_http_client_read_response(esp_http_client_handle_t client, char *buffer, int len) {
    int done = 0;
    while (done < len) {
        int more = esp_http_client_read(client, buffer + done, len - done);
        if (more <= 0)
            return done;
        done += more;
    }
    return done;
}

esp_err_t esp_http_client_flush_response(esp_http_client_handle_t client, int *len) {
    char waste[256];
    int done = 0, more;
    if (client == NULL)
        return ESP_ERR_INVALID_ARG;
    while ((more = esp_http_client_read(client, waste, sizeof waste)) > 0)
        done += more;
    if (len != NULL)
        *len = done;
    return more == 0 ? ESP_OK : ESP_FAIL;
}
