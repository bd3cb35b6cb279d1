// Scenarios down, releases across.
#include <string.h>

#include "console_text.h"
#include "report_text.h"

#define RELEASES_MAX 16u
#define CELL_WIDTH   5u  // "known"
#define NAME_MIN     20u // columns that a scenario's name always gets

struct releases {
    const char *names[RELEASES_MAX];
    size_t widths[RELEASES_MAX]; // of the columns, the gap before them not counted
    size_t count;
};

static struct releases releases_of(const struct result *result) {
    struct releases releases = {0};
    for (size_t i = 0; i < result->count; i++) {
        const char *release = result->scenarios[i].release;
        bool new = release &&release[0] && releases.count < RELEASES_MAX;
        for (size_t r = 0; r < releases.count && new; r++)
            new = strcmp(releases.names[r], release) != 0;
        if (!new)
            continue;
        size_t width = strlen(release);
        releases.widths[releases.count] = width > CELL_WIDTH ? width : CELL_WIDTH;
        releases.names[releases.count++] = release;
    }
    return releases;
}

static void matrix_cell(const struct result *result, size_t first, const char *release, size_t width,
                        const struct console_style *style, struct buffer *out) {
    const char *file = result->scenarios[first].file;
    for (size_t i = first; i < result->count && strcmp(result->scenarios[i].file, file) == 0; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (strcmp(scenario->release, release) != 0)
            continue;
        const char *word = is_known(scenario)                  ? "known"
                           : scenario->verdict == VERDICT_PASS ? "pass"
                                                               : verdict_word(scenario);
        buffer_text(out, " ");
        painted(out, style, verdict_paint(scenario), word);
        buffer_printf(out, "%*s", (int)(width - strlen(word)), "");
        return;
    }
    buffer_printf(out, " %-*s", (int)width, "-");
}

// How many leading characters all files have in common, up to a slash: they say nothing in a table.
static size_t common_folder(const struct result *result) {
    const char *first = result->scenarios[0].file;
    size_t common = strlen(first);
    for (size_t i = 0; i < result->count; i++) {
        size_t same = 0;
        while (same < common && result->scenarios[i].file[same] == first[same])
            same++;
        common = same;
    }
    while (common > 0 && first[common - 1] != '/')
        common--;
    return common;
}

// Without folder and ending; of a long name the middle is left out.
static void matrix_name(const char *name, size_t room, struct buffer *out) {
    const char *dot = strrchr(name, '.');
    size_t length = dot && !strchr(dot, '/') ? (size_t)(dot - name) : strlen(name);
    struct buffer text = {0}, clean = {0};
    if (length > room) {
        size_t tail = (room - 3) / 2, head = room - 3 - tail;
        buffer_printf(&text, "%.*s...%.*s", (int)head, name, (int)tail, name + length - tail);
    } else {
        buffer_append(&text, name, length);
    }
    text_terminal(&clean, buffer_string(&text));
    size_t used = columns(buffer_string(&clean));
    buffer_printf(out, "%s%*s", buffer_string(&clean), used < room ? (int)(room - used) : 0, "");
    buffer_free(&text);
    buffer_free(&clean);
}

static void end_row(struct buffer *out) {
    while (out->length > 0 && out->bytes[out->length - 1] == ' ')
        out->length--;
    buffer_text(out, "\n");
}

void console_matrix(const struct result *result, const struct console_style *style, struct buffer *out) {
    struct releases releases = releases_of(result);
    if (releases.count < 2)
        return;
    size_t taken = 0;
    for (size_t r = 0; r < releases.count; r++)
        taken += releases.widths[r] + 1;
    size_t room = taken + NAME_MIN < CONSOLE_WIDTH ? CONSOLE_WIDTH - taken : NAME_MIN,
           folder = common_folder(result);
    buffer_printf(out, "\n%-*s", (int)room, "");
    for (size_t r = 0; r < releases.count; r++)
        buffer_printf(out, " %-*s", (int)releases.widths[r], releases.names[r]);
    end_row(out);
    for (size_t first = 0, next; first < result->count; first = next) {
        const char *file = result->scenarios[first].file;
        for (next = first + 1; next < result->count && strcmp(result->scenarios[next].file, file) == 0;)
            next++;
        matrix_name(file + folder, room, out);
        for (size_t r = 0; r < releases.count; r++)
            matrix_cell(result, first, releases.names[r], releases.widths[r], style, out);
        end_row(out);
    }
}
