// A board on a scripted network, for tests of HTTP and of updates over it: what it asked for and what was posted.
#ifndef TESTS_UNIT_HTTPS_EXAMPLE_H
#define TESTS_UNIT_HTTPS_EXAMPLE_H

#include <stdio.h>

#include "board_example.h"
#include "esp_https_ota.h"
#include "sim/network/scripted_network.h"

struct https_example {
    struct scripted_network network;
    struct board *board;
    struct buffer image; // the file: version 2.0.0
    char requests[4096]; // "GET /fw.bin bytes=0-|..."
    char events[1024];   // "0 1 3:9 ..."
    uint32_t connections;
};

static inline void https_heard(void *context, const struct network_event *event) {
    struct https_example *example = context;
    if (event->kind == NETWORK_CONNECTS && event->result >= 0)
        example->connections++;
    if (event->kind != NETWORK_SENDS || event->length == 0)
        return;
    const char *text = (const char *)event->bytes, *range = memmem(text, event->length, "\r\nRange: ", 9);
    size_t used = strlen(example->requests),
           line = (size_t)((const char *)memchr(text, '\r', event->length) - text) - 9;
    used += (size_t)snprintf(example->requests + used, sizeof example->requests - used, "%s%.*s",
                             used == 0 ? "" : "|", (int)line, text);
    if (range != NULL)
        (void)snprintf(example->requests + used, sizeof example->requests - used, " %.*s",
                       (int)strcspn(range + 9, "\r"), range + 9);
}

static inline void https_posted(void *context, const char *base, int32_t id, const void *data,
                                uint32_t size) {
    struct https_example *example = context;
    size_t used = strlen(example->events);
    uint32_t value = 0;
    (void)base;
    if (data != NULL)
        memcpy(&value, data, size < 4 ? size : 4);
    used += (size_t)snprintf(example->events + used, sizeof example->events - used, "%s%d",
                             used == 0 ? "" : " ", id);
    if (data != NULL)
        (void)snprintf(example->events + used, sizeof example->events - used, ":%u", (unsigned)value);
}

static inline struct server_answer *https_route(struct https_example *example, const char *url,
                                                size_t answers) {
    struct server_script *script = &example->network.script;
    uint32_t bit = 0;
    for (size_t i = 0; i < script->route_count; i++)
        bit += (uint32_t)script->routes[i].count - 1;
    script->routes = memory_resize(script->routes, (script->route_count + 1) * sizeof *script->routes);
    struct server_route *route = &script->routes[script->route_count++];
    *route = (struct server_route){.url = memory_text(url),
                                   .answers = memory_zeroed(answers, sizeof *route->answers),
                                   .count = answers,
                                   .first_bit = bit};
    for (size_t i = 0; i < answers; i++)
        route->answers[i].chunk = 1000;
    return route->answers;
}

// A route that has the image, `answers` times.
static inline struct server_answer *https_file(struct https_example *example, const char *url,
                                               size_t answers) {
    struct server_answer *made = https_route(example, url, answers);
    for (size_t i = 0; i < answers; i++)
        buffer_append(&made[i].body, example->image.bytes, example->image.length);
    return made;
}

static inline void https_image(const char *version, uint32_t size, struct buffer *out) {
    struct app_image_options options = app_image_options_default();
    (void)snprintf(options.version, sizeof options.version, "%s", version);
    options.body_size = size;
    options.seed = 7;
    if (!app_image_build(&options, out, NULL))
        abort();
}

static const struct board_ear *https_ear(struct https_example *example) {
    static struct board_ear ear = {.network = https_heard, .posted = https_posted};
    ear.context = example;
    return &ear;
}

static inline void https_open(struct https_example *example, const char *release, uint32_t size) {
    *example = (struct https_example){.network = {.script = {.latency_us = 1000}}};
    https_image("2.0.0", size, &example->image);
    struct board_config config = example_config(release);
    config.app.https_ota.allow_http = true;
    config.app.https_ota.enable_partial_download = true;
    config.app.rollback = false;
    config.network = (struct board_network){&scripted_network_driver, &example->network};
    example->board = example_board(&config, EXAMPLE_SLOTS);
    static uint8_t blank[EXAMPLE_APP];
    memset(blank, 0xFF, sizeof blank);
    flash_set(board_flash(example->board), EXAMPLE_OTA_1, blank, sizeof blank);
    (void)example_boot(example->board, PORT_RESET_POWER_ON);
    board_overhear(example->board, https_ear(example));
}

static inline void https_close(struct https_example *example) {
    board_free(example->board);
    server_script_free(&example->network.script);
    buffer_free(&example->image);
}

#endif
