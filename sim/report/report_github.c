#include "report_github.h"

#include <inttypes.h>
#include <string.h>

#include "report_text.h"
#include "report_words.h"

#define ANNOTATIONS_MAX 10u // of a kind, that GitHub shows of a step

// ---- one annotation -----------------------------------------------------------------------------

// The text of a command: what would end the line is written as %XX; in a property also what ends that.
static void print_escaped(struct buffer *out, const char *text, const char *special) {
    struct buffer clean = {0};
    text_utf8(&clean, text);
    for (const char *letter = buffer_string(&clean); *letter; letter++)
        if (strchr(special, *letter))
            buffer_printf(out, "%%%02X", (unsigned char)*letter);
        else
            buffer_append(out, letter, 1);
    buffer_free(&clean);
}

static void print_property(struct buffer *out, const char *name, const char *text) {
    buffer_printf(out, "%s=", name);
    print_escaped(out, text, "%\r\n:,");
}

struct annotations {
    const char *kind;   // "error"
    size_t count, room; // so far; how many may be shown
    struct buffer *out;
};

struct place {
    uint32_t line, column, length; // 0: not known
};

static void annotate(struct annotations *list, const struct result_scenario *scenario,
                     const struct place *place, const char *title, const char *message) {
    if (++list->count > list->room)
        return;
    buffer_printf(list->out, "::%s ", list->kind);
    print_property(list->out, "file", scenario->file);
    if (place->line > 0)
        buffer_printf(list->out, ",line=%" PRIu32, place->line);
    if (place->line > 0 && place->column > 0)
        buffer_printf(list->out, ",col=%" PRIu32, place->column);
    if (place->line > 0 && place->column > 0 && place->length > 0)
        buffer_printf(list->out, ",endColumn=%" PRIu32, place->column + place->length);
    buffer_text(list->out, ",");
    print_property(list->out, "title", title);
    buffer_text(list->out, "::");
    print_escaped(list->out, message, "%\r\n");
    buffer_text(list->out, "\n");
}

// ---- what there is to annotate ------------------------------------------------------------------

static void annotate_failure(struct annotations *list, const struct result_scenario *scenario,
                             const struct result_failure *failure, const char *title) {
    struct place place = {failure->line, failure->column, failure->length};
    struct buffer message = {0};
    buffer_text(&message, failure->message);
    if (failure->step)
        buffer_printf(&message, "\nin %s", failure->step);
    if (failure->said)
        buffer_printf(&message, "\n%s", failure->said);
    if (failure->otadata)
        buffer_printf(&message, "\n%s", failure->otadata);
    annotate(list, scenario, &place, title, buffer_string(&message));
    buffer_free(&message);
}

static void annotate_violation(struct annotations *list, const struct result_scenario *scenario,
                               const struct result_violation *violation, const char *title) {
    struct place place = {.line = violation->line};
    struct buffer message = {0};
    buffer_printf(&message, "%s is violated", violation->invariant);
    if (violation->culprit)
        buffer_printf(&message, " by %s", violation->culprit);
    if (violation->known) {
        buffer_text(&message, ": ");
        words_known_label(&message, violation);
        buffer_printf(&message, ": %s", violation->why ? violation->why : "");
    } else {
        buffer_printf(&message, ": %s\n", violation->story ? violation->story : "");
        words_exposure(&message, scenario, violation);
        buffer_text(&message, "\nreplay: ");
        words_replay(&message, scenario, violation);
    }
    annotate(list, scenario, &place, title, buffer_string(&message));
    buffer_free(&message);
}

static void annotate_scenario(struct annotations *errors, struct annotations *notices,
                              const struct result_scenario *scenario) {
    struct buffer title = {0};
    buffer_text(&title, scenario->name);
    if (scenario->release[0])
        buffer_printf(&title, " [%s]", scenario->release);
    if (scenario->error) {
        struct place place = {.line = scenario->error_line, .column = scenario->error_column};
        annotate(errors, scenario, &place, buffer_string(&title), scenario->error);
    }
    for (size_t i = 0; i < scenario->failure_count; i++)
        annotate_failure(errors, scenario, &scenario->failures[i], buffer_string(&title));
    for (size_t i = 0; i < scenario->violation_count; i++) {
        const struct result_violation *violation = &scenario->violations[i];
        annotate_violation(violation->known ? notices : errors, scenario, violation, buffer_string(&title));
    }
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        annotate(notices, scenario, &(struct place){0}, buffer_string(&title), scenario->known_bugs[i]);
    buffer_free(&title);
}

static void annotate_all(struct annotations *errors, struct annotations *notices,
                         const struct result *result) {
    for (size_t i = 0; i < result->count; i++)
        annotate_scenario(errors, notices, &result->scenarios[i]);
}

// How many of `count` may be shown so that, when not all fit, there is room to say so.
static size_t room_for(size_t count) {
    return count > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : ANNOTATIONS_MAX;
}

static void tell_rest(const struct annotations *list) {
    if (list->count > list->room)
        buffer_printf(list->out, "::%s title=ota-sim::%zu more like these: see the job summary\n", list->kind,
                      list->count - list->room);
}

void report_github_annotations(const struct result *result, const char *version, struct buffer *out) {
    (void)version;
    struct annotations errors = {.kind = "error", .out = out}, notices = {.kind = "notice", .out = out};
    annotate_all(&errors, &notices, result); // counts: nothing has room yet
    errors.room = room_for(errors.count);
    notices.room = room_for(notices.count);
    errors.count = notices.count = 0;
    annotate_all(&errors, &notices, result);
    tell_rest(&errors);
    tell_rest(&notices);
}
