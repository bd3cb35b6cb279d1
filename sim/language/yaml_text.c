#include "yaml_text.h"

#include <string.h>

#include "reader.h"

// ---- encoding -----------------------------------------------------------------------------------

// Decodes one UTF-8 character. 0: it is malformed, too long for its value, or a surrogate.
static size_t decode(const uint8_t *bytes, size_t room, uint32_t *character) {
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80              ? 1
                    : (bytes[0] & 0xE0u) == 0xC0 ? 2
                    : (bytes[0] & 0xF0u) == 0xE0 ? 3
                    : (bytes[0] & 0xF8u) == 0xF0 ? 4
                                                 : 0;
    if (length == 0 || length > room)
        return 0;
    uint32_t value = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0u) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3Fu);
    }
    bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if ((length > 1 && value < smallest[length]) || surrogate || value > 0x10FFFF)
        return 0;
    *character = value;
    return length;
}

// What YAML allows, but for the line ends that editors do not count as such.
static bool allowed(uint32_t character) {
    if (character < 0x20)
        return character == '\t' || character == '\n' || character == '\r';
    if (character >= 0x7F && character < 0xA0)
        return false;
    return character != 0x2028 && character != 0x2029 && character != 0xFEFF && character != 0xFFFE &&
           character != 0xFFFF;
}

static void report_character(struct diagnostics *diagnostics, struct source_mark mark, uint32_t character) {
    struct diagnostic *item = diagnostic_add(diagnostics, "E0004", mark,
                                             "the character U+%04X cannot stand in a scenario", character);
    if (character == 0)
        diagnostic_help(item, "a NUL byte: is this a binary file, or UTF-16 text?");
    else
        diagnostic_help(item, "remove it, or write it with an escape in double quotes: \"\\x%02x\"",
                        character);
}

static bool only_space(const struct buffer *text) {
    for (size_t i = 0; i < text->length; i++)
        if (strchr(" \t\r\n", text->bytes[i]) == NULL || text->bytes[i] == '\0')
            return false;
    return true;
}

bool yaml_text_check(struct diagnostics *diagnostics) {
    const struct buffer *text = &diagnostics->text;
    struct source_mark mark = {1, 1, 1};
    if (text->length > SCENARIO_FILE_MAX) {
        diagnostic_add(diagnostics, "E0002", mark, "the file is larger than %u KiB",
                       SCENARIO_FILE_MAX / 1024);
        return false;
    }
    if (only_space(text)) {
        struct diagnostic *item = diagnostic_add(diagnostics, "E0003", mark, "the file is empty");
        diagnostic_help(item, "`ota-sim new` writes a scenario to start from");
        return false;
    }
    size_t start = text->length >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (size_t at = start; at < text->length;) {
        uint32_t character = 0;
        size_t length = decode(text->bytes + at, text->length - at, &character);
        if (length == 0) {
            diagnostic_add(diagnostics, "E0004", mark, "the byte 0x%02X is not UTF-8 here", text->bytes[at]);
            return false;
        }
        if (!allowed(character)) {
            report_character(diagnostics, mark, character);
            return false;
        }
        at += length;
        bool crlf = character == '\r' && at < text->length && text->bytes[at] == '\n';
        bool line_ends = character == '\n' || (character == '\r' && !crlf);
        mark.line += line_ends;
        mark.column = line_ends ? 1 : mark.column + 1;
    }
    return true;
}

// ---- syntax -------------------------------------------------------------------------------------

// libyaml's words and ours. The first entry whose `problem` begins libyaml's counts.
static const struct problem {
    const char *problem, *message, *help;
} problems[] = {
    {"did not find expected key", "this does not fit into the mapping around it",
     "check the indentation (keys of one mapping begin in the same column) and whether a text needs quotes"},
    {"mapping values are not allowed", "a second `:` on this line, or a key that is indented too far",
     "put a text that contains `: ` into quotes; keys of one mapping begin in the same column"},
    {"did not find expected '-' indicator", "this does not fit into the list around it",
     "each item begins with `- ` in the same column"},
    {"did not find expected ',' or ']'", "this list in [ ] is not closed, or lacks a comma",
     "write [a, b, c]"},
    {"did not find expected ',' or '}'", "this mapping in { } is not closed, or lacks a comma",
     "write {key: value, key: value}"},
    {"could not find expected ':'", "this key has no `:` after it",
     "write `key: value`, with a space after the colon"},
    {"found unexpected end of stream", "the file ends inside a text in quotes", "close the quotes"},
    {"found character that cannot start any token", "a text cannot begin with this character",
     "indent with spaces, not tabs; put texts that begin with @ or ` into quotes"},
    {"found a tab character", "a tab where YAML wants spaces", "indent with spaces"},
    {"block sequence entries are not allowed", "a list cannot begin here",
     "put it on a line of its own below the key, or write [a, b]"},
    {"block mapping entries are not allowed", "a mapping cannot begin here",
     "put it on a line of its own below the key, or write {a: b}"},
    {"mapping keys are not allowed", "a key cannot begin here", "check the indentation"},
    {"found unknown escape character", "no such escape in a text in double quotes",
     "write \\\\ for a backslash, or use single quotes"},
    {"did not find expected hexdecimal number", "this escape needs hexadecimal digits", "such as \\x0a"},
    {"found undefined tag handle", "tags (`!something`) have no meaning in a scenario", "remove it"},
    {"did not find expected comment or line break", "nothing can stand behind `|` or `>` on its line",
     "begin the text on the next line"},
    {"did not find expected alphabetic or numeric character",
     "a name of letters and digits should follow here", "put a text that begins with & or * into quotes"},
    {"did not find expected node content", "a value should stand here", NULL},
    {"found a zero indentation", "an indentation of 0 is not possible", NULL},
    {"did not find expected <document start>", "this is outside of the scenario's mapping",
     "top-level keys begin in the first column"},
};

static struct source_mark mark_of(const yaml_mark_t *mark) {
    return (struct source_mark){(uint32_t)mark->line + 1, (uint32_t)mark->column + 1, 1};
}

// Contexts that are worth a second quote: where the thing began that went wrong.
static const char *context_label(const char *context) {
    static const char *const labels[][2] = {
        {"while parsing a block mapping", "the mapping begins here"},
        {"while parsing a flow mapping", "the mapping begins here"},
        {"while parsing a block collection", "the list begins here"},
        {"while parsing a flow sequence", "the list begins here"},
        {"while scanning a simple key", "the key"},
        {"while scanning a quoted scalar", "the text begins here"},
    };
    for (size_t i = 0; context != NULL && i < sizeof labels / sizeof *labels; i++)
        if (strcmp(context, labels[i][0]) == 0)
            return labels[i][1];
    return NULL;
}

void yaml_syntax_report(struct diagnostics *diagnostics, const yaml_parser_t *parser) {
    const char *problem = parser->problem == NULL ? "not YAML" : parser->problem;
    struct problem words = {problem, problem, NULL};
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        if (strncmp(problem, problems[i].problem, strlen(problems[i].problem)) == 0) {
            words = problems[i];
            break;
        }
    struct source_mark mark = mark_of(&parser->problem_mark), context = mark_of(&parser->context_mark);
    struct diagnostic *item = diagnostic_add(diagnostics, "E0005", mark, "%s", words.message);
    if (words.help != NULL)
        diagnostic_help(item, "%s", words.help);
    const char *label = context_label(parser->context);
    if (label != NULL && (context.line != mark.line || context.column != mark.column))
        diagnostic_second(item, context, "%s", label);
}
