#include "report_markdown.h"

#include <inttypes.h>
#include <string.h>

#include "report_text.h"
#include "report_words.h"

// What is kept free for the words that something was left out.
#define LAST_WORDS 256u

// ---- text ---------------------------------------------------------------------------------------

// Text in a paragraph or table cell: one line, and nothing in it means anything.
static void print_plain(struct buffer *out, const char *text) {
    struct buffer clean = {0};
    text_terminal(&clean, text);
    for (const char *letter = buffer_string(&clean); *letter; letter++) {
        if (strchr("\\`*_{}[]<>()#!|~", *letter))
            buffer_text(out, "\\");
        buffer_append(out, *letter == '\n' || *letter == '\t' ? " " : letter, 1);
    }
    buffer_free(&clean);
}

// A block of text as it stands: inside a fence that is longer than any run of backticks in it.
static void print_block(struct buffer *out, const char *text) {
    struct buffer lines = {0}, clean = {0};
    size_t longest = 2, run = 0;
    text_terminal_lines(&lines, text);
    text_no_commands(&clean, buffer_string(&lines));
    buffer_free(&lines);
    for (const char *letter = buffer_string(&clean); *letter; letter++) {
        run = *letter == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    struct buffer fence = {0};
    for (size_t i = 0; i <= longest; i++)
        buffer_text(&fence, "`");
    bool ends = clean.length > 0 && clean.bytes[clean.length - 1] == '\n';
    buffer_printf(out, "\n%stext\n%s%s%s\n", buffer_string(&fence), buffer_string(&clean), ends ? "" : "\n",
                  buffer_string(&fence));
    buffer_free(&fence);
    buffer_free(&clean);
}

// ---- the table ----------------------------------------------------------------------------------

static void print_row(struct buffer *out, const struct result_scenario *scenario) {
    static const char *const marks[] = {[VERDICT_PASS] = "✅ pass",
                                        [VERDICT_FAIL] = "❌ **fail**",
                                        [VERDICT_INCOMPLETE] = "⚠️ **incomplete**",
                                        [VERDICT_ERROR] = "⚠️ **error**"};
    const struct result_exploration *exploration = &scenario->exploration;
    struct buffer title = {0};
    words_title(&title, scenario);
    buffer_text(out, "| ");
    print_plain(out, buffer_string(&title));
    buffer_printf(out, " | %s | %" PRIu32 " | ", marks[scenario->verdict],
                  scenario->expectations_met + scenario->expectations_failed);
    if (exploration->ran)
        words_count(out, exploration->crash_states);
    buffer_printf(out, " | %s |\n",
                  !exploration->ran     ? ""
                  : exploration->closed ? "any number of cuts"
                                        : "bounded");
    buffer_free(&title);
}

static void print_table(struct buffer *out, const struct result *result) {
    buffer_text(out, "| scenario | result | expectations | crash states | holds for |\n"
                     "| --- | --- | ---: | ---: | --- |\n");
    for (size_t i = 0; i < result->count; i++) {
        struct buffer row = {0};
        print_row(&row, &result->scenarios[i]);
        if (out->length + row.length > REPORT_MARKDOWN_MAX / 2) {
            buffer_printf(out, "\n%zu more scenarios.\n", result->count - i);
            buffer_free(&row);
            return;
        }
        buffer_append(out, row.bytes, row.length);
        buffer_free(&row);
    }
}

// ---- what went wrong ----------------------------------------------------------------------------

static void print_failure(struct buffer *out, const struct result_scenario *scenario,
                          const struct result_failure *failure) {
    buffer_text(out, "\n**");
    print_plain(out, failure->message);
    buffer_text(out, "**");
    if (failure->step) {
        buffer_text(out, " in ");
        print_plain(out, failure->step);
    }
    if (failure->line > 0)
        buffer_printf(out, ", line %" PRIu32, failure->line);
    buffer_text(out, "\n");
    struct buffer block = {0};
    if (failure->said)
        buffer_printf(&block, "%s\n", failure->said);
    if (failure->otadata)
        buffer_printf(&block, "%s\n", failure->otadata);
    buffer_text(&block, "rerun: ");
    words_rerun(&block, scenario);
    print_block(out, buffer_string(&block));
    buffer_free(&block);
}

static void print_violation(struct buffer *out, const struct result_scenario *scenario,
                            const struct result_violation *violation) {
    struct buffer exposure = {0}, replay = {0};
    words_exposure(&exposure, scenario, violation);
    words_replay(&replay, scenario, violation);
    buffer_text(out, "\n**");
    print_plain(out, violation->invariant);
    buffer_text(out, " is violated.** ");
    print_plain(out, violation->story ? violation->story : "");
    buffer_text(out, "\n\n");
    print_plain(out, buffer_string(&exposure));
    buffer_text(out, "\n");
    print_block(out, buffer_string(&replay));
    buffer_free(&exposure);
    buffer_free(&replay);
}

static void print_details(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer title = {0};
    words_title(&title, scenario);
    buffer_text(out, "\n### ");
    print_plain(out, buffer_string(&title));
    buffer_text(out, "\n");
    if (scenario->error)
        print_block(out, scenario->error);
    for (size_t i = 0; i < scenario->failure_count; i++)
        print_failure(out, scenario, &scenario->failures[i]);
    for (size_t i = 0; i < scenario->violation_count; i++)
        if (!scenario->violations[i].known)
            print_violation(out, scenario, &scenario->violations[i]);
    buffer_free(&title);
}

// What scenarios declare: nothing to do about it now, but not to be forgotten either.
static void print_known(struct buffer *out, const struct result_scenario *scenario) {
    struct buffer title = {0};
    words_title(&title, scenario);
    for (size_t i = 0; i < scenario->known_bug_count; i++) {
        buffer_text(out, "- ");
        print_plain(out, buffer_string(&title));
        buffer_text(out, ": ");
        print_plain(out, scenario->known_bugs[i]);
        buffer_text(out, "\n");
    }
    for (size_t i = 0; i < scenario->violation_count; i++) {
        const struct result_violation *violation = &scenario->violations[i];
        if (!violation->known)
            continue;
        buffer_text(out, "- ");
        print_plain(out, buffer_string(&title));
        struct buffer label = {0};
        words_known_label(&label, violation);
        buffer_printf(out, ": %s: %s, ", buffer_string(&label), violation->invariant);
        print_plain(out, violation->culprit ? violation->culprit : "");
        buffer_text(out, ": ");
        print_plain(out, violation->why ? violation->why : "");
        buffer_free(&label);
        buffer_text(out, "\n");
    }
    buffer_free(&title);
}

// ---- the whole ----------------------------------------------------------------------------------

static void print_head(struct buffer *out, const struct result *result) {
    struct result_totals totals = result_totals(result);
    buffer_printf(out, "## ota-sim: %zu passed, %zu failed, %s%zu error%s\n\n", totals.passed, totals.failed,
                  totals.incomplete > 0 ? "some incomplete, " : "", totals.errors,
                  totals.errors == 1 ? "" : "s");
    if (result->partial)
        buffer_text(out, "Interrupted: not all of it was run.\n\n");
}

// Adds a section to `text` and empties it. False: it does not fit, and `text` says so.
static bool add_section(struct buffer *text, struct buffer *section) {
    bool fits = text->length + section->length + LAST_WORDS <= REPORT_MARKDOWN_MAX;
    if (!fits)
        buffer_text(text, "\nThere is more: it does not fit into a job summary. Other reports have it.\n");
    else if (section->length > 0)
        buffer_append(text, section->bytes, section->length);
    buffer_free(section);
    return fits;
}

void report_markdown(const struct result *result, const char *version, struct buffer *out) {
    struct buffer text = {0}, section = {0};
    bool fits = true;
    print_head(&text, result);
    print_table(&text, result);
    for (size_t i = 0; i < result->count && fits; i++) {
        if (result->scenarios[i].verdict != VERDICT_PASS)
            print_details(&section, &result->scenarios[i]);
        fits = add_section(&text, &section);
    }
    for (size_t i = 0; i < result->count; i++)
        print_known(&section, &result->scenarios[i]);
    if (fits && section.length > 0) {
        buffer_text(&text, "\n### Declared as known\n\n");
        (void)add_section(&text, &section);
    }
    buffer_free(&section);
    buffer_printf(&text, "\n<sub>ota-sim %s</sub>\n", version);
    buffer_append(out, text.bytes, text.length);
    buffer_free(&text);
}
