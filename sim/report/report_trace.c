#include "report_trace.h"

#include <string.h>

#include "json_value.h"
#include "report_words.h"

static const struct {
    const char *name, *title;
} tracks[] = {
    {"steps", "steps"},           {"calls", "firmware calls"}, {"flash", "flash operations"},
    {"boots", "what is running"}, {"power", "power"},
};
#define TRACK_COUNT (sizeof tracks / sizeof tracks[0])

static size_t track_number(const char *name) {
    size_t number = 0;
    while (number + 1 < TRACK_COUNT && strcmp(tracks[number].name, name) != 0)
        number++;
    return number + 1;
}

// One event a line. Takes `event` over.
static void print_event(struct buffer *out, json_t *event) {
    if (out->bytes[out->length - 1] != '[')
        buffer_text(out, ",");
    buffer_text(out, "\n");
    json_print(event, JSON_COMPACT, out);
    json_decref(event);
}

static json_t *event_new(const char *phase, const char *name, size_t process, size_t track) {
    json_t *event = json_object();
    json_put_text(event, "ph", phase);
    json_put_text(event, "name", name);
    json_put_count(event, "pid", process);
    json_put_count(event, "tid", track);
    return event;
}

// "process_name" and the like: what things are called, and in which order they are shown.
static void print_label(struct buffer *out, const char *kind, size_t process, size_t track, const char *key,
                        json_t *value) {
    json_t *event = event_new("M", kind, process, track), *arguments = json_object();
    json_put(arguments, key, value);
    json_put(event, "args", arguments);
    print_event(out, event);
}

static void print_labels(struct buffer *out, const struct result_scenario *scenario, size_t process) {
    struct buffer title = {0};
    words_title(&title, scenario);
    print_label(out, "process_name", process, 0, "name", json_value_text(buffer_string(&title)));
    print_label(out, "process_sort_index", process, 0, "sort_index", json_value_count(process));
    for (size_t i = 0; i < TRACK_COUNT; i++) {
        print_label(out, "thread_name", process, i + 1, "name", json_value_text(tracks[i].title));
        print_label(out, "thread_sort_index", process, i + 1, "sort_index", json_value_count(i + 1));
    }
    buffer_free(&title);
}

static void print_span(struct buffer *out, const struct result_event *span, size_t process) {
    json_t *event = event_new(span->mark ? "i" : "X", span->name, process, track_number(span->track));
    json_put_text(event, "cat", span->track);
    json_put(event, "ts", json_value_us(span->start_ns));
    if (span->mark)
        json_put_text(event, "s", "t"); // as wide as its track
    else
        json_put(event, "dur", json_value_us(span->duration_ns));
    if (span->length > 0) {
        struct buffer address = {0};
        json_t *arguments = json_object();
        buffer_printf(&address, "0x%x", span->address);
        json_put_text(arguments, "address", buffer_string(&address));
        json_put_count(arguments, "length", span->length);
        json_put(event, "args", arguments);
        buffer_free(&address);
    }
    print_event(out, event);
}

void report_trace(const struct result *result, const char *version, struct buffer *out) {
    json_t *about = json_object();
    json_put_text(about, "program", "ota-sim");
    json_put_text(about, "version", version);
    json_put_text(about, "clock", "simulated");
    buffer_text(out, "{\"displayTimeUnit\":\"ms\",\n\"otherData\":");
    json_print(about, JSON_COMPACT, out);
    buffer_text(out, ",\n\"traceEvents\":[");
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        print_labels(out, scenario, i + 1);
        for (size_t e = 0; e < scenario->event_count; e++)
            print_span(out, &scenario->events[e], i + 1);
    }
    buffer_text(out, "\n]}\n");
    json_decref(about);
}
