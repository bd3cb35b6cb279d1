// What was explored, a line each, and all of it together.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "console_text.h"
#include "report_text.h"
#include "report_words.h"

// Columns, the gap before them counted.
#define STATES_WIDTH     15u
#define RECOVERIES_WIDTH 12u
#define SAVED_WIDTH      9u
#define CUTS_WIDTH       6u
#define TIME_WIDTH       11u
#define NAME_WIDTH       (CONSOLE_WIDTH - STATES_WIDTH - RECOVERIES_WIDTH - SAVED_WIDTH - CUTS_WIDTH - TIME_WIDTH)

static bool has_several_releases(const struct result *result) {
    for (size_t i = 1; i < result->count; i++)
        if (strcmp(result->scenarios[i].release, result->scenarios[0].release) != 0)
            return true;
    return false;
}

static void print_right(struct buffer *out, size_t width, struct buffer *cell) {
    size_t length = columns(buffer_string(cell));
    buffer_printf(out, "%*s%s", length < width ? (int)(width - length) : 1, "", buffer_string(cell));
    cell->length = 0;
}

static void print_numbers(struct buffer *out, const struct result_exploration *exploration) {
    struct buffer cell = {0};
    words_count(&cell, exploration->crash_states);
    print_right(out, STATES_WIDTH, &cell);
    words_count(&cell, exploration->recoveries);
    print_right(out, RECOVERIES_WIDTH, &cell);
    if (exploration->crash_states > 0)
        buffer_printf(&cell, "%.1f %%",
                      100.0 * (double)exploration->recoveries_saved / (double)exploration->crash_states);
    print_right(out, SAVED_WIDTH, &cell);
    if (exploration->closed)
        buffer_text(&cell, "any");
    else if (exploration->ran)
        buffer_printf(&cell, "%s%" PRIu32, exploration->partial ? ">=" : "", exploration->depth);
    print_right(out, CUTS_WIDTH, &cell);
    words_duration(&cell, (uint64_t)(exploration->elapsed_s * 1e9));
    print_right(out, TIME_WIDTH, &cell);
    buffer_text(out, "\n");
    buffer_free(&cell);
}

static void add(struct result_exploration *sum, const struct result_exploration *exploration) {
    sum->crash_states += exploration->crash_states;
    sum->recoveries += exploration->recoveries;
    sum->recoveries_saved += exploration->recoveries_saved;
    sum->elapsed_s += exploration->elapsed_s;
}

static void print_name(struct buffer *out, const struct result_scenario *scenario, size_t folder,
                       bool with_release) {
    struct buffer release = {0};
    if (with_release)
        buffer_printf(&release, " [%s]", scenario->release);
    size_t taken = columns(buffer_string(&release));
    console_name(scenario->file + folder, NAME_WIDTH - taken, out);
    buffer_text(out, buffer_string(&release));
    buffer_free(&release);
}

void console_table(const struct result *result, const struct console_style *style, struct buffer *out) {
    struct result_exploration sum = {0};
    size_t count = 0;
    bool with_release = has_several_releases(result);
    for (size_t i = 0; i < result->count; i++)
        count += result->scenarios[i].exploration.ran;
    if (count < 2) // the scenario's own line says it
        return;
    buffer_printf(out, "\n%s%-*s%*s%*s%*s%*s%*s%s\n", paint_begin(style, FAINT), (int)NAME_WIDTH, "explored",
                  (int)STATES_WIDTH, "crash states", (int)RECOVERIES_WIDTH, "recoveries", (int)SAVED_WIDTH,
                  "saved", (int)CUTS_WIDTH, "cuts", (int)TIME_WIDTH, "time", paint_end(style));
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (!scenario->exploration.ran)
            continue;
        print_name(out, scenario, console_common_folder(result), with_release);
        print_numbers(out, &scenario->exploration);
        add(&sum, &scenario->exploration);
    }
    buffer_printf(out, "%-*s", (int)NAME_WIDTH, "all");
    print_numbers(out, &sum);
}
