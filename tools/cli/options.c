#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/utf8.h"
#include "../../sim/base/words.h"
#include "../../sim/report/report_text.h"
#include "commands.h"

#define HELP_COLUMN 28

struct option_parser option_parser_start(const char *command, const struct command_option *options, int argc,
                                         char **argv) {
    return (struct option_parser){
        .command = command, .options = options, .argc = argc, .argv = argv, .next = 1};
}

static void complain_about(const char *command, const char *format, va_list arguments) {
    struct buffer message = {0}, line = {0}, harmless = {0};
    buffer_vprintf(&message, format, arguments);
    utf8_one_line(&line, buffer_string(&message));
    text_no_commands(&harmless, buffer_string(&line));
    fprintf(stderr, "ota-sim %s: %s\n", command, buffer_string(&harmless));
    buffer_free(&message);
    buffer_free(&line);
    buffer_free(&harmless);
}

void complain(const char *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain_about(command, format, arguments);
    va_end(arguments);
}

int usage_error(const char *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain_about(command, format, arguments);
    va_end(arguments);
    fprintf(stderr, "`ota-sim %s --help` shows what there is.\n", command);
    return EXIT_USAGE;
}

// ---- options ------------------------------------------------------------------------------------

static const char *similar_option(const struct option_parser *parser, const char *word) {
    const char *names[64];
    size_t count = 0;
    for (const struct command_option *option = parser->options; option->name && count < 63; option++)
        names[count++] = option->name;
    names[count] = NULL;
    return nearest_word(word, names);
}

static enum option_event wrong_long(const struct option_parser *parser, const char *word) {
    const char *similar = similar_option(parser, word);
    if (similar)
        usage_error(parser->command, "there is no option --%s; did you mean --%s?", word, similar);
    else
        usage_error(parser->command, "there is no option --%s", word);
    return OPTION_WRONG;
}

// The value of an option that takes one: `attached`, or else the next argument.
static bool take_value(struct option_parser *parser, const char *shown, const char *meaning,
                       const char *attached, const char **value) {
    if (attached)
        *value = attached;
    else if (parser->next < parser->argc)
        *value = parser->argv[parser->next++];
    else
        usage_error(parser->command, "option %s needs a value: %s %s", shown, shown, meaning);
    return *value != NULL;
}

static enum option_event next_long(struct option_parser *parser, const char *text, size_t *index,
                                   const char **value) {
    size_t length = strcspn(text, "=");
    const char *attached = text[length] == '=' ? text + length + 1 : NULL;
    char word[64], shown[68];
    snprintf(word, sizeof word, "%.*s", (int)length, text);
    snprintf(shown, sizeof shown, "--%s", word);
    const struct command_option *option = parser->options;
    while (option->name && strcmp(option->name, word) != 0)
        option++;
    if (!option->name)
        return wrong_long(parser, word);
    *index = (size_t)(option - parser->options);
    if (option->value && option->value[0] == '[') {
        *value = attached;
        return OPTION_FOUND;
    }
    if (option->value)
        return take_value(parser, shown, option->value, attached, value) ? OPTION_FOUND : OPTION_WRONG;
    if (attached) {
        usage_error(parser->command, "option %s takes no value", shown);
        return OPTION_WRONG;
    }
    return OPTION_FOUND;
}

static enum option_event next_letter(struct option_parser *parser, size_t *index, const char **value) {
    char letter = *parser->cluster++;
    const char *rest = *parser->cluster ? parser->cluster : NULL;
    const struct command_option *option = parser->options;
    while (option->name && option->letter != letter)
        option++;
    if (!option->name) {
        usage_error(parser->command,
                    isprint((unsigned char)letter) ? "there is no option -%c" : "no option -\\x%02x",
                    (unsigned char)letter);
        return OPTION_WRONG;
    }
    *index = (size_t)(option - parser->options);
    parser->cluster = option->value ? NULL : rest;
    if (!option->value)
        return OPTION_FOUND;
    const char shown[] = {'-', letter, '\0'};
    return take_value(parser, shown, option->value, rest, value) ? OPTION_FOUND : OPTION_WRONG;
}

enum option_event option_next(struct option_parser *parser, size_t *index, const char **value) {
    *value = NULL;
    if (parser->cluster)
        return next_letter(parser, index, value);
    if (parser->next == parser->argc)
        return OPTIONS_END;
    const char *text = parser->argv[parser->next++];
    if (parser->only_operands || text[0] != '-' || text[1] == '\0') {
        *value = text;
        return OPERAND_FOUND;
    }
    if (strcmp(text, "--") == 0) {
        parser->only_operands = true;
        return option_next(parser, index, value);
    }
    if (text[1] == '-')
        return next_long(parser, text + 2, index, value);
    parser->cluster = text + 1;
    return next_letter(parser, index, value);
}

// ---- help ---------------------------------------------------------------------------------------

bool options_read(struct option_parser parser, option_taker *take, void *settings, const char **operands,
                  size_t room) {
    size_t index, count = 0;
    const char *value;
    enum option_event event;
    while ((event = option_next(&parser, &index, &value)) != OPTIONS_END) {
        if (event == OPTION_WRONG || (event == OPTION_FOUND && !take(settings, &parser, index, value)))
            return false;
        if (event == OPERAND_FOUND && count == room)
            return usage_error(parser.command, "`%s` is one file too many", value) == EXIT_MET;
        if (event == OPERAND_FOUND)
            operands[count++] = value;
    }
    return true;
}

void option_help(const char *command, const char *synopsis, const char *about,
                 const struct command_option *options) {
    printf("usage: ota-sim %s %s\n\n%s\n\noptions:\n", command, synopsis, about);
    for (const struct command_option *option = options; option->name; option++) {
        char left[64];
        char letter[5] = "    ";
        if (option->letter)
            snprintf(letter, sizeof letter, "-%c, ", option->letter);
        bool spaced = option->value && option->value[0] != '[';
        snprintf(left, sizeof left, "  %s--%s%s%s", letter, option->name, spaced ? " " : "",
                 option->value ? option->value : "");
        if (strlen(left) + 2 > HELP_COLUMN)
            printf("%s\n%*s%s\n", left, HELP_COLUMN, "", option->help);
        else
            printf("%-*s%s\n", HELP_COLUMN, left, option->help);
    }
}

// ---- values -------------------------------------------------------------------------------------

bool option_number(const char *command, const char *name, const char *text, uint64_t low, uint64_t high,
                   uint64_t *out) {
    char *end = NULL;
    errno = 0;
    unsigned long long number = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 0) : 0;
    if (end && *end == '\0' && errno == 0 && number >= low && number <= high) {
        *out = number;
        return true;
    }
    usage_error(command, "%s takes a whole number from %llu to %llu, not `%s`", name, (unsigned long long)low,
                (unsigned long long)high, text);
    return false;
}
