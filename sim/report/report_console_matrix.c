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
           folder = console_common_folder(result);
    buffer_printf(out, "\n%-*s", (int)room, "");
    for (size_t r = 0; r < releases.count; r++)
        buffer_printf(out, " %-*s", (int)releases.widths[r], releases.names[r]);
    end_row(out);
    for (size_t first = 0, next; first < result->count; first = next) {
        const char *file = result->scenarios[first].file;
        for (next = first + 1; next < result->count && strcmp(result->scenarios[next].file, file) == 0;)
            next++;
        console_name(file + folder, room, out);
        for (size_t r = 0; r < releases.count; r++)
            matrix_cell(result, first, releases.names[r], releases.widths[r], style, out);
        end_row(out);
    }
}
