// ota-sim explain: what is behind the code of a complaint, and behind a hazard of the platform.
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../../sim/base/words.h"
#include "../../sim/language/diagnostic.h"
#include "../../sim/report/report_text.h"
#include "../../sim/verdict/explain.h"
#include "../../sim/verdict/hazards_page.h"
#include "../../sim/verdict/platform_hazards.h"
#include "commands.h"
#include "options.h"
#include "terminal.h"

#define CODES_MAX    255u
#define GROUP_LENGTH 3u // "E01" of E0101: codes that begin alike speak of the same thing

enum { OPTION_LIST, OPTION_PAGE, OPTION_HELP };

static const struct command_option explain_options[] = {
    [OPTION_LIST] = {"list", 'l', NULL, "list all codes and hazards"},
    [OPTION_PAGE] = {"page", 0, NULL, "all hazards of ESP-IDF as a page, docs/hazards.md"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

static void print(struct buffer *text) {
    struct terminal terminal = terminal_open(false);
    terminal_write(&terminal, text);
    buffer_free(text);
}

// Codes that begin with the first `length` characters of `prefix`.
static void append_codes(struct buffer *text, const char *prefix, size_t length) {
    for (size_t i = 0; diagnostic_code(i); i++)
        if (strncasecmp(diagnostic_code(i), prefix, length) == 0)
            buffer_printf(text, "%s  %s\n", diagnostic_code(i), diagnostic_title(diagnostic_code(i)));
}

static void append_hazards(struct buffer *text) {
    for (size_t i = 0; i < platform_hazard_count; i++)
        buffer_printf(text, "%-5s  %s\n", platform_hazards[i].id, platform_hazards[i].title);
}

static int list(void) {
    struct buffer text = {0};
    append_codes(&text, "", 0);
    append_hazards(&text);
    print(&text);
    return EXIT_MET;
}

static int no_such_code(const char *code) {
    const char *codes[CODES_MAX + 1] = {0};
    for (size_t i = 0; i < CODES_MAX && diagnostic_code(i); i++)
        codes[i] = diagnostic_code(i);
    const char *near = nearest_word(code, codes);
    struct buffer text = {0};
    buffer_text(&text, "ota-sim explain: there is no code `");
    text_terminal(&text, code);
    buffer_text(&text, "`");
    if (near)
        buffer_printf(&text, "; did you mean %s (%s)?", near, diagnostic_title(near));
    buffer_text(&text, "\n");
    size_t told = text.length;
    if (strlen(code) >= GROUP_LENGTH)
        append_codes(&text, code, GROUP_LENGTH);
    if (text.length == told)
        buffer_text(&text, "`ota-sim explain --list` lists them.\n");
    terminal_complain(&text);
    buffer_free(&text);
    return EXIT_USAGE;
}

static int page(void) {
    struct buffer text = {0};
    platform_hazards_page(&text);
    print(&text);
    return EXIT_MET;
}

#define LINE_COLUMNS 88u

// Markdown for people at a terminal: its words, folded.
static void append_folded(struct buffer *out, const char *markdown) {
    size_t column = 0;
    for (const char *word = markdown; *word != 0;) {
        size_t length = strcspn(word, " ");
        bool first = column == 0;
        if (!first && column + 1 + length > LINE_COLUMNS) {
            buffer_text(out, "\n");
            column = 0;
            first = true;
        }
        buffer_printf(out, "%s%.*s", first ? "" : " ", (int)length, word);
        column += length + (first ? 0 : 1);
        word += length + strspn(word + length, " ");
    }
    buffer_text(out, "\n");
}

static int explain_hazard(const struct platform_hazard *hazard) {
    struct buffer text = {0}, line = {0};
    buffer_printf(&text, "%s: %s\n\n", hazard->id, hazard->title);
    append_folded(&text, hazard->text);
    buffer_printf(&line, "What to do: %s", hazard->remedy);
    buffer_text(&text, "\n");
    append_folded(&text, buffer_string(&line));
    buffer_text(&text, "\nESP-IDF: ");
    platform_hazard_releases(hazard, &text);
    buffer_text(&text, "\n");
    if (hazard->link)
        buffer_printf(&text, "Reported: %s\n", hazard->link);
    for (size_t i = 0; i < HAZARD_REPLAYS_MAX && hazard->replays[i].scenario; i++)
        buffer_printf(&text, "Shown by: ota-sim %s %s%s%s\n",
                      hazard->replays[i].address ? "replay" : "run -v", hazard->replays[i].scenario,
                      hazard->replays[i].address ? " " : "",
                      hazard->replays[i].address ? hazard->replays[i].address : "");
    print(&text);
    buffer_free(&line);
    return EXIT_MET;
}

static int explain(const char *code) {
    const struct platform_hazard *hazard = platform_hazard_find(code);
    if (hazard)
        return explain_hazard(hazard);
    const char *explanation = diagnostic_explanation(code);
    if (!explanation)
        return no_such_code(code);
    struct buffer text = {0};
    for (size_t i = 0; diagnostic_code(i); i++)
        if (strcasecmp(diagnostic_code(i), code) == 0)
            buffer_printf(&text, "%s: %s\n\n%s", diagnostic_code(i), diagnostic_title(code), explanation);
    print(&text);
    return EXIT_MET;
}

int cmd_explain(int argc, char **argv) {
    struct option_parser parser = option_parser_start("explain", explain_options, argc, argv);
    size_t index = 0;
    const char *value = NULL, *code = NULL;
    for (enum option_event event; (event = option_next(&parser, &index, &value)) != OPTIONS_END;) {
        if (event == OPTION_WRONG)
            return EXIT_USAGE;
        if (event == OPTION_FOUND && index == OPTION_LIST)
            return list();
        if (event == OPTION_FOUND && index == OPTION_PAGE)
            return page();
        if (event == OPTION_FOUND) {
            option_help("explain", "CODE | --list",
                        "Tells more about a complaint by its code, such as E0101, or about a hazard of\n"
                        "ESP-IDF itself by its number, such as Z1.",
                        explain_options);
            return EXIT_MET;
        }
        if (code)
            return usage_error("explain", "one code at a time: `%s` is too much", value);
        code = value;
    }
    return code ? explain(code) : usage_error("explain", "which code? Or --list for all of them");
}
