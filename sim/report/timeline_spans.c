#include "timeline_spans.h"

#include <string.h>

static uint64_t end_of(const struct result_event *event) {
    return event->start_ns + event->duration_ns;
}

static bool is_of(const struct result_event *event, const char *track) {
    return strcmp(event->track, track) == 0;
}

// The event of the same track that comes next; NULL: none.
static const struct result_event *next_of(const struct result_scenario *scenario, size_t index) {
    const struct result_event *event = &scenario->events[index];
    for (size_t i = index + 1; i < scenario->event_count; i++)
        if (is_of(&scenario->events[i], event->track) && !scenario->events[i].mark)
            return &scenario->events[i];
    return NULL;
}

static struct timeline_span span_of(const struct result_event *event) {
    return (struct timeline_span){.track = event->track,
                                  .name = event->name,
                                  .start_ns = event->start_ns,
                                  .end_ns = end_of(event),
                                  .count = 1};
}

// Boots that hold no further span: "bootloader", "app new 2.0.0 in ota_1".
static size_t boot_spans(const struct result_scenario *scenario, struct timeline_span *out) {
    size_t count = 0;
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct result_event *event = &scenario->events[i];
        if (!is_of(event, "boots") || event->mark)
            continue;
        const struct result_event *next = next_of(scenario, i);
        bool holds_next = next && next->start_ns < end_of(event);
        if (!holds_next)
            out[count++] = span_of(event);
    }
    return count;
}

static size_t call_spans(const struct result_scenario *scenario, struct timeline_span *out) {
    size_t count = 0;
    uint64_t outer_end = 0;
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct result_event *event = &scenario->events[i];
        bool within = end_of(event) <= outer_end && event->start_ns < outer_end;
        bool told = strcmp(event->name, "bootloader") == 0; // by "boots"
        if (!is_of(event, "calls") || event->mark || event->duration_ns == 0 || within || told)
            continue;
        outer_end = end_of(event);
        struct timeline_span *last = count > 0 ? &out[count - 1] : NULL;
        if (last && strcmp(last->name, event->name) == 0) {
            last->end_ns = outer_end;
            last->count++;
        } else {
            out[count++] = span_of(event);
        }
    }
    return count;
}

// "power cut", "power off"
static size_t power_marks(const struct result_scenario *scenario, struct timeline_span *out) {
    size_t count = 0;
    for (size_t i = 0; i < scenario->event_count; i++)
        if (is_of(&scenario->events[i], "power") && scenario->events[i].mark)
            out[count++] = span_of(&scenario->events[i]);
    return count;
}

// Groups of `size` neighbours, in place.
static size_t group_spans(struct timeline_span *spans, size_t count, size_t size) {
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        if (i % size == 0) {
            spans[groups++] = spans[i];
            continue;
        }
        struct timeline_span *group = &spans[groups - 1];
        group->mixed = group->mixed || spans[i].mixed || strcmp(group->name, spans[i].name) != 0;
        group->end_ns = spans[i].end_ns;
        group->count += spans[i].count;
    }
    return groups;
}

static size_t at_most(struct timeline_span *spans, size_t count, size_t most) {
    return group_spans(spans, count, count > most ? (count + most - 1) / most : 1);
}

size_t timeline_spans(const struct result_scenario *scenario, size_t most, struct timeline_span *out) {
    static size_t (*const finders[])(const struct result_scenario *,
                                     struct timeline_span *) = {boot_spans, call_spans, power_marks};
    size_t count = 0, tracks = sizeof finders / sizeof finders[0];
    for (size_t i = 0; i < tracks; i++)
        count += at_most(out + count, finders[i](scenario, out + count), most / tracks);
    return count;
}

size_t timeline_operations(const struct result_scenario *scenario, struct result_moment *out) {
    static const char *const kinds[][2] = {{"program ", "program"}, {"erase ", "erase"}, {"burn ", "efuse"}};
    size_t count = 0;
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct result_event *event = &scenario->events[i];
        for (size_t kind = 0; is_of(event, "flash") && kind < sizeof kinds / sizeof kinds[0]; kind++)
            if (strncmp(event->name, kinds[kind][0], strlen(kinds[kind][0])) == 0)
                out[count++] = (struct result_moment){.start_ns = event->start_ns,
                                                      .duration_ns = event->duration_ns,
                                                      .kind = kinds[kind][1],
                                                      .call = "",
                                                      .address = event->address,
                                                      .length = event->length};
    }
    return count;
}
