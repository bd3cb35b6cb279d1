// The server: what each request gets, and how each connection goes.
#include <stdlib.h>
#include <string.h>

#include "../../ota/http_url.h"
#include "reader_contents.h"
#include "reader_names.h"
#include "reader_server.h"
#include "values.h"

#define FILE_MAX      (16u << 20) // bytes of one file
#define ROUTES_MAX    64u
#define URL_BYTES_MAX 1000u
#define RATE_MAX      (1ull << 32)
#define LATENCY_MAX   3600000000ull

// Which of a list of words, ended by NULL. False: reported.
static bool read_choice(struct reading *reading, const struct yaml_node *node, const char *what,
                        const char *const *words, int *out) {
    struct word list[16];
    size_t count = 0;
    for (; words[count] != NULL && count < 15; count++)
        list[count] = (struct word){words[count], (int)count};
    list[count] = (struct word){NULL, 0};
    return value_word(reading->diagnostics, node, what, "E0107", list, out);
}

// ---- the body -----------------------------------------------------------------------------------

static bool has_contents(struct fields *fields) {
    static const char *const kinds[] = {"image", "file", "text", "bytes", "fill", "random"};
    bool any = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        any = field(fields, kinds[i]) != NULL || any;
    return any;
}

static void read_body(struct reading *reading, struct fields *fields, struct server_answer *out) {
    const struct yaml_node *before = field(fields, "before");
    const char *text = before == NULL ? NULL : value_text(reading->diagnostics, before, "`before`");
    struct contents contents;
    if (text != NULL)
        buffer_text(&out->body, text);
    if (!has_contents(fields))
        return;
    const struct yaml_node *image = field(fields, "image");
    if (image != NULL && before == NULL)
        (void)find_image(reading, image, &out->image);
    if (read_contents(reading, fields, CONTENTS_FLASH | CONTENTS_PLACED, FILE_MAX, "the server", &contents)) {
        buffer_append(&out->body, contents.bytes.bytes, contents.bytes.length);
        buffer_free(&contents.bytes);
    }
    uint32_t kept;
    if (field_u32(fields, "truncate", 0, FILE_MAX, &kept) && kept < out->body.length) {
        out->body.length = kept;
        out->image = NO_IMAGE;
    }
}

// ---- the head -----------------------------------------------------------------------------------

static bool is_header_text(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return false;
    return true;
}

static void read_headers(struct reading *reading, const struct yaml_node *node, struct server_answer *out) {
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`headers`", "a mapping"),
                        "write {ETag: '\"1\"', Cache-Control: no-store}");
        return;
    }
    out->headers = memory_zeroed(node->count + 1, sizeof *out->headers);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const char *value = value_text(reading->diagnostics, pair->value, "a header");
        if (value == NULL)
            continue;
        if (!is_header_text(value) || !is_header_text(pair->key->text) ||
            strchr(pair->key->text, ':') != NULL) {
            (void)diagnostic_add(reading->diagnostics, "E0106", pair->key->mark, "that is no header of HTTP");
            continue;
        }
        out->headers[out->header_count].name = memory_text(pair->key->text);
        out->headers[out->header_count++].value = memory_text(value);
    }
}

// `exact`, `none`, `chunked`, or a number that need not be right.
static void read_length(struct reading *reading, const struct yaml_node *node, struct server_answer *out) {
    uint64_t number;
    int kind = LENGTH_EXACT;
    if (node->kind == YAML_KIND_SCALAR && number_parse(node->text, &number)) {
        out->length = LENGTH_STATED;
        (void)value_u64(reading->diagnostics, node, "`content_length`", 0, UINT32_MAX, &out->stated);
    } else if (read_choice(reading, node, "`content_length`", server_length_words, &kind)) {
        out->length = (enum server_length)kind;
    }
}

// {basic: "user:password"}
static void read_auth(struct reading *reading, const struct yaml_node *node, struct server_answer *out) {
    static const char *const kinds[] = {"basic", "digest", NULL};
    struct fields fields;
    char *both = NULL;
    if (!fields_open(&fields, reading->diagnostics, node, "`auth`"))
        return;
    const char *kind = field_one_of(&fields, kinds, true);
    if (kind != NULL && field_text(&fields, kind, HTTP_USER_MAX, &both)) {
        char *colon = strchr(both, ':');
        if (colon == NULL) {
            (void)diagnostic_add(reading->diagnostics, "E0106", node->mark, "write it as \"user:password\"");
        } else {
            *colon = '\0';
            out->auth = strcmp(kind, "basic") == 0 ? AUTH_BASIC : AUTH_DIGEST;
            out->user = memory_text(both);
            out->password = memory_text(colon + 1);
        }
    }
    free(both);
    fields_close(&fields);
}

// ---- faults -------------------------------------------------------------------------------------

static void read_ends(struct reading *reading, const struct yaml_node *node, struct server_answer *out) {
    static const char *const places[] = {"body", "head", NULL};
    struct fields fields;
    int how = ENDS_CLOSED, place = 0;
    if (!fields_open(&fields, reading->diagnostics, node, "`ends`"))
        return;
    (void)field_required(&fields, "after", "after how many bytes: after: 1000");
    (void)field_u64(&fields, "after", 0, FILE_MAX, &out->end_after);
    const struct yaml_node *in = field(&fields, "in"), *word = field(&fields, "how");
    if (in != NULL)
        (void)read_choice(reading, in, "`in`", places, &place);
    if (word != NULL)
        (void)read_choice(reading, word, "`how`", server_end_words, &how);
    out->end = (enum server_end)how;
    out->end_in_head = place == 1;
    out->stall_us = STALL_FOR_EVER;
    const struct yaml_node *duration = field(&fields, "for");
    if (duration != NULL && out->end != ENDS_STALLED)
        (void)diagnostic_add(reading->diagnostics, "E0404", duration->mark, "`for` belongs to `how: stall`");
    else if (duration != NULL)
        (void)value_duration(reading->diagnostics, duration, "`for`", &out->stall_us);
    fields_close(&fields);
}

// ---- an answer ----------------------------------------------------------------------------------

static void read_answer_fields(struct reading *reading, struct fields *fields, struct server_answer *out) {
    const struct yaml_node *node;
    uint32_t status;
    int ranges;
    read_body(reading, fields, out);
    if (field_u32(fields, "status", 100, 599, &status))
        out->status = (uint16_t)status;
    (void)field_text(fields, "redirect", URL_BYTES_MAX, &out->redirect);
    if ((node = field(fields, "headers")) != NULL)
        read_headers(reading, node, out);
    if ((node = field(fields, "content_length")) != NULL)
        read_length(reading, node, out);
    (void)field_u32(fields, "chunk", 1, FILE_MAX, &out->chunk);
    if ((node = field(fields, "ranges")) != NULL &&
        read_choice(reading, node, "`ranges`", server_ranges_words, &ranges))
        out->ranges = (enum server_ranges)ranges;
    if ((node = field(fields, "auth")) != NULL)
        read_auth(reading, node, out);
    (void)field_bool(fields, "closes", &out->closes);
    if ((node = field(fields, "delay")) != NULL)
        (void)value_duration(reading->diagnostics, node, "`delay`", &out->delay_us);
    (void)field_u64(fields, "rate", 1, RATE_MAX, &out->rate);
    if ((node = field(fields, "ends")) != NULL)
        read_ends(reading, node, out);
}

static void read_answer(struct reading *reading, const struct yaml_node *node, struct server_answer *out) {
    struct fields fields;
    *out = (struct server_answer){.chunk = 1024, .image = NO_IMAGE};
    if (node->kind == YAML_KIND_SCALAR) { // `/fw.bin: new`
        if (find_image(reading, node, &out->image) && !reading->image_broken[out->image] &&
            contents_afford(reading, node, reading->scenario->images[out->image].bytes.length)) {
            const struct buffer *bytes = &reading->scenario->images[out->image].bytes;
            buffer_append(&out->body, bytes->bytes, bytes->length);
        }
        return;
    }
    if (!fields_open(&fields, reading->diagnostics, node, "an answer"))
        return;
    read_answer_fields(reading, &fields, out);
    fields_close(&fields);
}

// ---- turns --------------------------------------------------------------------------------------

// Bits in which requests are counted. False: too many are told apart.
static bool take_bits(struct reading *reading, const struct yaml_node *node, size_t count, uint32_t *first) {
    *first = reading->requests_counted;
    reading->requests_counted += (uint32_t)count - 1;
    if (reading->requests_counted < SERVER_TURNS_MAX)
        return true;
    (void)diagnostic_add(reading->diagnostics, "E0009", node->mark,
                         "a server tells at most %u requests apart, of all URLs and hosts together",
                         SERVER_TURNS_MAX);
    return false;
}

static void read_route(struct reading *reading, const struct yaml_pair *pair, struct server_route *out) {
    const struct yaml_node *value = pair->value;
    bool list = value->kind == YAML_KIND_SEQUENCE;
    size_t count = list ? value->count : 1;
    struct http_url url;
    const char *text = pair->key->text;
    if (text[0] != '/' && !http_url_parse(text, NULL, &url, NULL))
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0106", pair->key->mark, "`%s` is no URL", text),
            "write a path, /fw.bin, for any host, or all of it: https://host/fw.bin");
    if (count == 0 || count > SERVER_TURNS_MAX) {
        (void)diagnostic_add(reading->diagnostics, count == 0 ? "E0110" : "E0009", value->mark,
                             "1 to %u answers, here %zu", SERVER_TURNS_MAX, count);
        return;
    }
    if (!take_bits(reading, value, count, &out->first_bit))
        return;
    out->url = memory_text(text);
    out->answers = memory_zeroed(count, sizeof *out->answers);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        read_answer(reading, list ? value->items[i] : value, &out->answers[i]);
}

static void read_files(struct reading *reading, const struct yaml_node *node, struct server_script *out) {
    if (node->kind != YAML_KIND_MAPPING || node->count == 0 || node->count > ROUTES_MAX) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`files`", "a mapping of up to 64 URLs"),
                        "write {/fw.bin: IMAGE}");
        return;
    }
    out->routes = memory_zeroed(node->count, sizeof *out->routes);
    for (size_t i = 0; i < node->count; i++) {
        read_route(reading, &node->pairs[i], &out->routes[out->route_count]);
        out->route_count += out->routes[out->route_count].url != NULL;
    }
}

static void read_hosts(struct reading *reading, const struct yaml_node *node, struct server_script *out) {
    if (node->kind != YAML_KIND_MAPPING || node->count > ROUTES_MAX) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`hosts`", "a mapping"),
                        "write {ota.example.com: no_name}");
        return;
    }
    out->hosts = memory_zeroed(node->count + 1, sizeof *out->hosts);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->pairs[i].value;
        struct server_host *host = &out->hosts[out->host_count];
        bool list = value->kind == YAML_KIND_SEQUENCE;
        size_t count = list ? value->count : 1;
        if (count == 0 || !take_bits(reading, value, count, &host->first_bit))
            continue;
        out->host_count++;
        host->host = memory_text(node->pairs[i].key->text);
        host->turns = memory_zeroed(count, sizeof *host->turns);
        host->count = count;
        for (size_t j = 0; j < count; j++) {
            int how = CONNECTS;
            (void)read_choice(reading, list ? value->items[j] : value, "how a connection goes",
                              server_connecting_words, &how);
            host->turns[j] = (enum server_connecting)how;
        }
    }
}

void read_server(struct reading *reading, const struct yaml_node *node) {
    struct server_script *out = &reading->scenario->network.script;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`server`"))
        return;
    reading->scenario->has_server = true;
    out->latency_us = 20000;
    const struct yaml_node *latency = field(&fields, "latency"), *hosts = field(&fields, "hosts");
    const struct yaml_node *files = field_required(&fields, "files", "what it has: files: {/fw.bin: IMAGE}");
    if (latency != NULL && value_duration(reading->diagnostics, latency, "`latency`", &out->latency_us) &&
        out->latency_us > LATENCY_MAX)
        (void)diagnostic_add(reading->diagnostics, "E0106", latency->mark, "`latency` is at most 1h");
    (void)field_u64(&fields, "rate", 1, RATE_MAX, &out->rate);
    if (files != NULL)
        read_files(reading, files, out);
    if (hosts != NULL)
        read_hosts(reading, hosts, out);
    fields_close(&fields);
}

// ---- looking up ---------------------------------------------------------------------------------

// Follows redirections, as a device does.
uint32_t server_image_at(const struct reading *reading, const char *url) {
    const struct server_script *script = &reading->scenario->network.script;
    struct http_url at;
    if (!http_url_parse(url, NULL, &at, NULL))
        return NO_IMAGE;
    for (uint32_t hop = 0; hop < 10; hop++) {
        const struct server_answer *answer = NULL;
        for (size_t i = 0; i < script->route_count; i++) {
            const struct server_route *route = &script->routes[i];
            struct http_url of = at;
            bool meant = http_url_parse(route->url, &at, &of, NULL) && http_url_same_origin(&of, &at) &&
                         strcmp(of.path, at.path) == 0;
            if (meant && (answer == NULL || route->url[0] != '/'))
                answer = &route->answers[route->count - 1];
        }
        if (answer == NULL)
            return NO_IMAGE;
        if (answer->redirect == NULL || !http_url_parse(answer->redirect, &at, &at, NULL))
            return answer->image;
    }
    return NO_IMAGE;
}
