#include "report_console.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report_text.h"

#define WIDTH       80u
#define TAIL_COLUMN 50u // where the facts of a scenario's line begin, when its name is short enough

enum paint { PLAIN, GREEN, RED, YELLOW, BOLD, FAINT };

static const char *escape(const struct console_style *style, enum paint paint) {
    static const char *const escapes[] = {"", "\033[32m", "\033[31m", "\033[33m", "\033[1m", "\033[2m"};
    return style->colour ? escapes[paint] : "";
}

static void painted(struct buffer *out, const struct console_style *style, enum paint paint,
                    const char *text) {
    buffer_text(out, escape(style, paint));
    text_terminal(out, text);
    if (style->colour && paint != PLAIN)
        buffer_text(out, "\033[0m");
}

// Characters on the screen, taking each UTF-8 character for one column.
static size_t columns(const char *text) {
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void pad(struct buffer *out, size_t from, size_t to) {
    buffer_printf(out, "%*s", from < to ? (int)(to - from) : 2, "");
}

static bool is_known(const struct result_scenario *scenario) {
    bool known = scenario->known_bug_count > 0;
    for (size_t i = 0; i < scenario->violation_count; i++)
        known |= scenario->violations[i].known;
    return known && scenario->verdict == VERDICT_PASS;
}

static enum paint paint_of(const struct result_scenario *scenario) {
    if (scenario->verdict != VERDICT_PASS)
        return RED;
    return is_known(scenario) ? YELLOW : GREEN;
}

static const char *word_of(const struct result_scenario *scenario) {
    switch (scenario->verdict) {
    case VERDICT_PASS:
        return "PASS";
    case VERDICT_FAIL:
        return "FAIL";
    case VERDICT_ERROR:
        break;
    }
    return "ERROR";
}

// "scenarios/powerloss.yaml [v6.0]"
static char *title_of(const struct result_scenario *scenario) {
    struct buffer text = {0};
    buffer_text(&text, scenario->file);
    if (scenario->release && scenario->release[0])
        buffer_printf(&text, " [%s]", scenario->release);
    char *title = memory_text(buffer_string(&text));
    buffer_free(&text);
    return title;
}

// ---- a line a scenario --------------------------------------------------------------------------

static void print_facts(const struct result_scenario *scenario, struct buffer *out) {
    if (scenario->verdict == VERDICT_ERROR)
        return;
    uint32_t failed = scenario->expectations_failed, all = scenario->expectations_met + failed;
    if (failed > 0 && scenario->verdict == VERDICT_FAIL)
        buffer_printf(out, "%" PRIu32 " of %" PRIu32 " expectations not met", failed, all);
    else if (scenario->exploration.ran)
        buffer_printf(out, "%" PRIu64 " crash states", scenario->exploration.crash_states);
    else
        buffer_printf(out, "%" PRIu32 " expectation%s, %" PRIu64 " boot%s", all, all == 1 ? "" : "s",
                      scenario->boots, scenario->boots == 1 ? "" : "s");
}

// Words of `text`, in lines of at most WIDTH columns that are indented by `depth`. The first line has `used`
// columns already.
static void wrapped(struct buffer *out, unsigned depth, size_t used, const char *text) {
    struct buffer clean = {0};
    text_terminal(&clean, text);
    char *rest = memory_text(buffer_string(&clean)), *copy = rest, *word;
    bool first = true;
    while ((word = strsep(&rest, " \n")) != NULL) {
        size_t length = columns(word);
        if (used > depth && used + length + !first > WIDTH) {
            buffer_printf(out, "\n%*s", (int)depth, "");
            used = depth;
            first = true;
        }
        buffer_printf(out, "%s%s", first ? "" : " ", word);
        used += length + !first;
        first = false;
    }
    buffer_text(out, "\n");
    free(copy);
    buffer_free(&clean);
}

static void print_known(const struct console_style *style, const char *label, const char *what,
                        const char *why, struct buffer *out) {
    struct buffer text = {0};
    buffer_printf(&text, "%s%s%s", what, why ? ": " : "", why ? why : "");
    buffer_text(out, "      ");
    painted(out, style, YELLOW, label);
    wrapped(out, 8, 6 + strlen(label), buffer_string(&text));
    buffer_free(&text);
}

void console_scenario(const struct result_scenario *scenario, const struct console_style *style,
                      struct buffer *out) {
    char *title = title_of(scenario);
    struct buffer facts = {0};
    print_facts(scenario, &facts);
    painted(out, style, paint_of(scenario), word_of(scenario));
    pad(out, strlen(word_of(scenario)), 6);
    text_terminal(out, title);
    size_t used = 6 + columns(title);
    size_t start = used + 2 > TAIL_COLUMN ? used + 2 : TAIL_COLUMN;
    if (facts.length > 0 && start + facts.length <= WIDTH) {
        pad(out, used, start);
        painted(out, style, FAINT, buffer_string(&facts));
    }
    buffer_text(out, "\n");
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        print_known(style, "known bug: ", scenario->known_bugs[i], NULL, out);
    for (size_t i = 0; i < scenario->violation_count; i++) {
        const struct result_violation *violation = &scenario->violations[i];
        if (violation->known)
            print_known(style, "known violation: ", violation->invariant, violation->why, out);
    }
    buffer_free(&facts);
    free(title);
}

// ---- what went wrong, in full -------------------------------------------------------------------

static void indented(struct buffer *out, const char *heading, const char *text) {
    if (!text)
        return;
    struct buffer clean = {0};
    text_terminal(&clean, text);
    buffer_printf(out, "  %s\n", heading);
    text_indented(out, 4, buffer_string(&clean));
    buffer_free(&clean);
}

// The scenario's line with carets under the part that asked for it.
static void quote_source(const struct result_scenario *scenario, const struct result_failure *failure,
                         const struct console_style *style, struct buffer *out) {
    struct buffer number = {0};
    buffer_printf(&number, "%" PRIu32, failure->line);
    int gutter = (int)number.length;
    buffer_printf(out, "  %*s", gutter, "");
    painted(out, style, FAINT, "--> ");
    text_terminal(out, scenario->file);
    buffer_printf(out, ":%" PRIu32 ":%" PRIu32 "\n", failure->line, failure->column);
    if (failure->source) {
        buffer_printf(out, "  %s | ", buffer_string(&number));
        text_terminal(out, failure->source);
        buffer_printf(out, "\n  %*s | ", gutter, "");
        size_t length = columns(failure->source);
        size_t start = failure->column > 0 ? failure->column - 1 : 0;
        size_t carets = failure->length > 0 ? failure->length : 1;
        for (size_t i = 0; i < start && i < length; i++)
            buffer_text(out, failure->source[i] == '\t' ? "\t" : " ");
        buffer_text(out, escape(style, RED));
        for (size_t i = 0; i < carets && (start + i < length || i == 0); i++)
            buffer_text(out, "^");
        buffer_printf(out, "%s\n", style->colour ? "\033[0m" : "");
    }
    buffer_free(&number);
}

static void detail_failure(const struct result_scenario *scenario, const struct result_failure *failure,
                           const struct console_style *style, struct buffer *out) {
    buffer_text(out, "\n  ");
    painted(out, style, BOLD, failure->message);
    buffer_text(out, "\n");
    if (failure->line > 0)
        quote_source(scenario, failure, style, out);
    if (failure->step) {
        buffer_text(out, "  in ");
        text_terminal(out, failure->step);
        buffer_text(out, "\n");
    }
    indented(out, "otadata:", failure->otadata);
    indented(out, "last flash operations:", failure->operations);
}

static void print_exposure(const struct result_scenario *scenario, const struct result_violation *violation,
                           struct buffer *out) {
    double exposure_ms = (double)violation->exposure_ns / 1e6,
           run_s = (double)scenario->exploration.run_ns / 1e9;
    buffer_printf(out, "  %" PRIu64 " crash state%s; exposed for %.3f ms", violation->states,
                  violation->states == 1 ? "" : "s", exposure_ms);
    if (run_s > 0)
        buffer_printf(out, " of %.3f s, %.2g %%", run_s, exposure_ms / 10.0 / run_s);
    if (violation->per_million >= 0)
        buffer_printf(out, "; %.3g per million updates", violation->per_million);
    buffer_text(out, "\n");
}

static void detail_violation(const struct result_scenario *scenario, const struct result_violation *violation,
                             const struct console_style *style, struct buffer *out) {
    buffer_text(out, "\n  ");
    painted(out, style, BOLD, violation->invariant);
    buffer_text(out, " is violated\n");
    struct buffer clean = {0};
    text_terminal(&clean, violation->story);
    text_indented(out, 2, buffer_string(&clean));
    buffer_free(&clean);
    print_exposure(scenario, violation, out);
    indented(out, "before the cut:", violation->before);
    indented(out, "after the cut:", violation->after);
    buffer_text(out, "  replay: ota-sim replay ");
    if (scenario->release && scenario->release[0])
        buffer_printf(out, "--release %s ", scenario->release);
    text_terminal(out, scenario->file);
    buffer_text(out, " ");
    text_terminal(out, violation->address);
    buffer_text(out, "\n");
}

static void headline(const struct result_scenario *scenario, const struct console_style *style,
                     struct buffer *out) {
    char *title = title_of(scenario);
    painted(out, style, RED, word_of(scenario));
    buffer_text(out, " ");
    painted(out, style, BOLD, title);
    if (scenario->name && strcmp(scenario->name, scenario->file) != 0) {
        buffer_text(out, ": ");
        text_terminal(out, scenario->name);
    }
    buffer_text(out, "\n");
    free(title);
}

void console_details(const struct result_scenario *scenario, const struct console_style *style,
                     struct buffer *out) {
    bool told_by_summary = scenario->failure_count == 0 && scenario->violation_count == 0;
    if (scenario->verdict == VERDICT_PASS || told_by_summary)
        return;
    buffer_text(out, "\n");
    headline(scenario, style, out);
    for (size_t i = 0; i < scenario->failure_count; i++)
        detail_failure(scenario, &scenario->failures[i], style, out);
    for (size_t i = 0; i < scenario->violation_count; i++)
        if (!scenario->violations[i].known)
            detail_violation(scenario, &scenario->violations[i], style, out);
}

// ---- scenarios and releases ---------------------------------------------------------------------

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
                                                               : word_of(scenario);
        buffer_text(out, " ");
        painted(out, style, paint_of(scenario), word);
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
    size_t room = taken + NAME_MIN < WIDTH ? WIDTH - taken : NAME_MIN, folder = common_folder(result);
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

// ---- the end ------------------------------------------------------------------------------------

static const char *first_reason(const struct result_scenario *scenario) {
    if (scenario->error)
        return scenario->error;
    if (scenario->failure_count > 0)
        return scenario->failures[0].message;
    for (size_t i = 0; i < scenario->violation_count; i++)
        if (!scenario->violations[i].known)
            return scenario->violations[i].invariant;
    return "";
}

// "FILE [RELEASE]: reason". An error's message says itself where it is.
static void print_reason(const struct result_scenario *scenario, struct buffer *out) {
    const char *reason = first_reason(scenario);
    struct buffer text = {0};
    if (strncmp(reason, scenario->file, strlen(scenario->file)) != 0) {
        char *title = title_of(scenario);
        buffer_printf(&text, "%s: ", title);
        free(title);
    }
    buffer_text(&text, reason);
    wrapped(out, 6, 6, buffer_string(&text));
    buffer_free(&text);
}

void console_summary(const struct result *result, double elapsed_s, const struct console_style *style,
                     struct buffer *out) {
    struct result_totals totals = result_totals(result);
    buffer_text(out, "\n");
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (scenario->verdict == VERDICT_PASS)
            continue;
        painted(out, style, RED, word_of(scenario));
        pad(out, strlen(word_of(scenario)), 6);
        print_reason(scenario, out);
    }
    struct buffer line = {0};
    buffer_printf(&line, "%zu scenario%s: %zu passed, %zu failed, %zu error%s, in %.2f s", totals.scenarios,
                  totals.scenarios == 1 ? "" : "s", totals.passed, totals.failed, totals.errors,
                  totals.errors == 1 ? "" : "s", elapsed_s);
    painted(out, style, totals.passed == totals.scenarios ? GREEN : RED, buffer_string(&line));
    buffer_text(out, result->partial ? "  (interrupted: not all of it was run)\n" : "\n");
    buffer_free(&line);
}
