#include "report_console.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console_text.h"
#include "report_text.h"
#include "report_words.h"

#define TAIL_COLUMN 50u // where the facts of a scenario's line begin, when its name is short enough

static char *title_of(const struct result_scenario *scenario) {
    struct buffer text = {0};
    words_title(&text, scenario);
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
    else
        buffer_printf(out, "%" PRIu32 " expectation%s, %" PRIu64 " boot%s", all, all == 1 ? "" : "s",
                      scenario->boots, scenario->boots == 1 ? "" : "s");
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

// "ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during boot: A record is rewritten in place".
static void print_known_violation(const struct console_style *style, const struct result_violation *violation,
                                  struct buffer *out) {
    struct buffer label = {0}, what = {0};
    words_known_label(&label, violation);
    buffer_text(&label, ": ");
    buffer_printf(&what, "%s, %s", violation->invariant, violation->culprit ? violation->culprit : "");
    print_known(style, buffer_string(&label), buffer_string(&what), violation->why, out);
    buffer_free(&label);
    buffer_free(&what);
}

static void print_reach(const struct result_exploration *exploration, struct buffer *out) {
    if (exploration->partial)
        buffer_printf(out, "incomplete (%s), not all of it was explored", exploration->ended);
    else if (exploration->closed)
        buffer_printf(out, "closed: nothing new after %" PRIu32 " cuts in a row", exploration->depth);
    else
        buffer_printf(out, "not closed: at most %" PRIu32 " cut%s in a row", exploration->depth,
                      exploration->depth == 1 ? "" : "s");
}

// What was covered and how, in a few lines; what was left out or sampled is always told.
static void print_exploration(const struct result_exploration *exploration, const struct console_style *style,
                              struct buffer *out) {
    struct buffer text = {0};
    words_count(&text, exploration->crash_states);
    buffer_text(&text, " crash states, ");
    words_count(&text, exploration->distinct_states);
    buffer_text(&text, " distinct; ");
    words_count(&text, exploration->recoveries);
    buffer_text(&text, " recoveries run, ");
    words_count(&text, exploration->recoveries_saved);
    buffer_text(&text, " saved; ");
    print_reach(exploration, &text);
    buffer_printf(&text, "; in %.2f s", exploration->elapsed_s);
    buffer_text(out, "      ");
    wrapped(out, 8, 6, buffer_string(&text));
    text.length = 0;
    for (const char *note = exploration->notes; note && *note;) {
        size_t length = strcspn(note, "\n");
        buffer_printf(&text, "%.*s", (int)length, note);
        buffer_printf(out, "      %s", paint_begin(style, FAINT));
        wrapped(out, 8, 6, buffer_string(&text));
        buffer_text(out, paint_end(style));
        text.length = 0;
        note += length + (note[length] == '\n');
    }
    buffer_free(&text);
}

void console_scenario(const struct result_scenario *scenario, const struct console_style *style,
                      struct buffer *out) {
    char *title = title_of(scenario);
    struct buffer facts = {0};
    print_facts(scenario, &facts);
    painted(out, style, verdict_paint(scenario), verdict_word(scenario));
    size_t word = strlen(verdict_word(scenario)) < 6 ? 6 : strlen(verdict_word(scenario)) + 1;
    pad(out, strlen(verdict_word(scenario)), word);
    text_terminal(out, title);
    size_t used = word + columns(title);
    size_t start = used + 2 > TAIL_COLUMN ? used + 2 : TAIL_COLUMN;
    if (facts.length > 0 && start + facts.length <= CONSOLE_WIDTH) {
        pad(out, used, start);
        painted(out, style, FAINT, buffer_string(&facts));
    }
    buffer_text(out, "\n");
    if (scenario->exploration.ran)
        print_exploration(&scenario->exploration, style, out);
    for (size_t i = 0; i < scenario->known_bug_count; i++)
        print_known(style, "known bug: ", scenario->known_bugs[i], NULL, out);
    for (size_t i = 0; i < scenario->violation_count; i++) {
        const struct result_violation *violation = &scenario->violations[i];
        if (violation->known)
            print_known_violation(style, violation, out);
    }
    buffer_free(&facts);
    free(title);
}

// ---- what went wrong, in full -------------------------------------------------------------------

static void indented(struct buffer *out, const char *heading, const char *text) {
    if (!text)
        return;
    struct buffer clean = {0};
    text_terminal_lines(&clean, text);
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
        buffer_text(out, paint_begin(style, RED));
        for (size_t i = 0; i < carets && (start + i < length || i == 0); i++)
            buffer_text(out, "^");
        buffer_printf(out, "%s\n", paint_end(style));
    }
    buffer_free(&number);
}

static void detail_failure(const struct result_scenario *scenario, const struct result_failure *failure,
                           const struct console_style *style, struct buffer *out) {
    buffer_printf(out, "\n  %s", paint_begin(style, BOLD));
    wrapped(out, 4, 2, failure->message);
    buffer_text(out, paint_end(style));
    if (failure->line > 0)
        quote_source(scenario, failure, style, out);
    if (failure->step) {
        buffer_text(out, "  in ");
        text_terminal(out, failure->step);
        buffer_text(out, "\n");
    }
    indented(out, "what the device said:", failure->said);
    indented(out, "otadata:", failure->otadata);
    indented(out, "last flash operations:", failure->operations);
}

static void print_exposure(const struct result_scenario *scenario, const struct result_violation *violation,
                           struct buffer *out) {
    struct buffer text = {0};
    words_exposure(&text, scenario, violation);
    buffer_text(out, "  ");
    wrapped(out, 2, 2, buffer_string(&text));
    buffer_free(&text);
}

static void detail_violation(const struct result_scenario *scenario, const struct result_violation *violation,
                             const struct console_style *style, struct buffer *out) {
    struct buffer title = {0};
    buffer_printf(&title, "%s is violated%s%s", violation->invariant, violation->culprit ? " by " : "",
                  violation->culprit ? violation->culprit : "");
    buffer_printf(out, "\n  %s", paint_begin(style, BOLD));
    wrapped(out, 4, 2, buffer_string(&title));
    buffer_text(out, paint_end(style));
    buffer_free(&title);
    if (violation->hazard)
        buffer_printf(out, "  this is ESP-IDF %s: %s\n", violation->hazard, violation->hazard_title);
    buffer_text(out, "  ");
    wrapped(out, 2, 2, violation->story ? violation->story : "");
    print_exposure(scenario, violation, out);
    if (violation->cuts != 0) {
        indented(out, "before the cut:", violation->before);
        indented(out, "after the cut:", violation->after);
    }
    struct buffer replay = {0};
    words_replay(&replay, scenario, violation);
    buffer_text(out, "  replay: ");
    text_terminal(out, buffer_string(&replay));
    buffer_text(out, "\n");
    buffer_free(&replay);
    if (violation->mismatch) {
        buffer_text(out, "  ");
        wrapped(out, 2, 2, violation->mismatch);
    }
    indented(out, "to declare it as known:", violation->entry);
}

static void headline(const struct result_scenario *scenario, const struct console_style *style,
                     struct buffer *out) {
    char *title = title_of(scenario);
    painted(out, style, RED, verdict_word(scenario));
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
    bool told_by_summary =
        scenario->failure_count == 0 && scenario->violation_count == 0 && !scenario->error_help;
    bool fine = scenario->verdict == VERDICT_PASS || scenario->verdict == VERDICT_INCOMPLETE;
    if (fine || told_by_summary)
        return;
    buffer_text(out, "\n");
    headline(scenario, style, out);
    indented(out, "what to write instead:", scenario->error_help);
    for (size_t i = 0; i < scenario->failure_count; i++)
        detail_failure(scenario, &scenario->failures[i], style, out);
    for (size_t i = 0; i < scenario->violation_count; i++)
        if (!scenario->violations[i].known)
            detail_violation(scenario, &scenario->violations[i], style, out);
}

// ---- the end ------------------------------------------------------------------------------------

// "FILE [RELEASE]: reason". An error's message says itself where it is.
static void print_reason(const struct result_scenario *scenario, struct buffer *out) {
    struct buffer text = {0}, reason = {0};
    words_reason(&reason, scenario);
    if (strncmp(buffer_string(&reason), scenario->file, strlen(scenario->file)) != 0) {
        char *title = title_of(scenario);
        buffer_printf(&text, "%s: ", title);
        free(title);
    }
    buffer_text(&text, buffer_string(&reason));
    wrapped(out, 6, 6, buffer_string(&text));
    buffer_free(&text);
    buffer_free(&reason);
}

// A release that is no tag yet says so, once.
static void print_remarks(const struct result *result, struct buffer *out) {
    for (size_t i = 0; i < result->count; i++) {
        const char *release = result->scenarios[i].release;
        bool again = false;
        for (size_t k = 0; k < i && !again; k++)
            again = strcmp(result->scenarios[k].release, release) == 0;
        const char *remark = again ? NULL : words_release_remark(release);
        if (remark == NULL)
            continue;
        buffer_text(out, "note: ");
        wrapped(out, 6, 6, remark);
    }
}

void console_summary(const struct result *result, double elapsed_s, const struct console_style *style,
                     struct buffer *out) {
    struct result_totals totals = result_totals(result);
    buffer_text(out, "\n");
    for (size_t i = 0; i < result->count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (scenario->verdict == VERDICT_PASS)
            continue;
        painted(out, style, RED, verdict_word(scenario));
        pad(out, strlen(verdict_word(scenario)), 6);
        print_reason(scenario, out);
    }
    print_remarks(result, out);
    struct buffer line = {0};
    buffer_printf(&line, "%zu scenario%s: %zu passed, %zu failed, ", totals.scenarios,
                  totals.scenarios == 1 ? "" : "s", totals.passed, totals.failed);
    if (totals.incomplete > 0)
        buffer_printf(&line, "%zu incomplete, ", totals.incomplete);
    buffer_printf(&line, "%zu error%s, in %.2f s", totals.errors, totals.errors == 1 ? "" : "s", elapsed_s);
    painted(out, style, totals.passed == totals.scenarios ? GREEN : RED, buffer_string(&line));
    buffer_text(out, result->partial ? "  (not all of it was run)\n" : "\n");
    buffer_free(&line);
}
