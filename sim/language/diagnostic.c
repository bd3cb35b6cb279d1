#include "diagnostic.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void item_free(struct diagnostic *item) {
    free(item->message);
    free(item->label);
    free(item->second_label);
    free(item->help);
    *item = (struct diagnostic){0};
}

static char *formatted(const char *format, va_list arguments) {
    struct buffer text = {0};
    buffer_vprintf(&text, format, arguments);
    char *copy = memory_text(buffer_string(&text));
    buffer_free(&text);
    return copy;
}

struct diagnostic *diagnostic_add(struct diagnostics *diagnostics, const char *code, struct source_mark mark,
                                  const char *format, ...) {
    bool warning = code[0] == 'W';
    if (warning)
        diagnostics->warning_count++;
    else
        diagnostics->error_count++;

    struct diagnostic *item = &diagnostics->overflow;
    if (diagnostics->count < DIAGNOSTICS_MAX) {
        if (diagnostics->items == NULL)
            diagnostics->items = memory_zeroed(DIAGNOSTICS_MAX, sizeof *diagnostics->items);
        item = &diagnostics->items[diagnostics->count++];
    }
    item_free(item);
    snprintf(item->code, sizeof item->code, "%s", code);
    item->warning = warning;
    item->mark = mark;
    va_list arguments;
    va_start(arguments, format);
    item->message = formatted(format, arguments);
    va_end(arguments);
    return item;
}

void diagnostic_label(struct diagnostic *item, const char *format, ...) {
    free(item->label);
    va_list arguments;
    va_start(arguments, format);
    item->label = formatted(format, arguments);
    va_end(arguments);
}

void diagnostic_help(struct diagnostic *item, const char *format, ...) {
    free(item->help);
    va_list arguments;
    va_start(arguments, format);
    item->help = formatted(format, arguments);
    va_end(arguments);
}

void diagnostic_second(struct diagnostic *item, struct source_mark mark, const char *format, ...) {
    free(item->second_label);
    item->second = mark;
    va_list arguments;
    va_start(arguments, format);
    item->second_label = formatted(format, arguments);
    va_end(arguments);
}

static bool stands_before(struct source_mark a, struct source_mark b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

void diagnostics_sort(struct diagnostics *diagnostics) {
    for (size_t i = 1; i < diagnostics->count; i++) {
        struct diagnostic item = diagnostics->items[i];
        size_t place = i;
        for (; place > 0 && stands_before(item.mark, diagnostics->items[place - 1].mark); place--)
            diagnostics->items[place] = diagnostics->items[place - 1];
        diagnostics->items[place] = item;
    }
}

void diagnostics_note_file(struct diagnostics *diagnostics, const char *path) {
    diagnostics->files = memory_resize(diagnostics->files, (diagnostics->file_count + 1) * sizeof(char *));
    diagnostics->files[diagnostics->file_count++] = memory_text(path);
}

void diagnostics_free(struct diagnostics *diagnostics) {
    for (size_t i = 0; i < diagnostics->count; i++)
        item_free(&diagnostics->items[i]);
    item_free(&diagnostics->overflow);
    for (size_t i = 0; i < diagnostics->file_count; i++)
        free(diagnostics->files[i]);
    free(diagnostics->files);
    free(diagnostics->items);
    buffer_free(&diagnostics->text);
    *diagnostics = (struct diagnostics){.path = diagnostics->path};
}
