#include "partition_notes.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"

static char *format_text(const char *format, va_list arguments) {
    struct buffer text = {0};
    buffer_vprintf(&text, format, arguments);
    char *copy = memory_text(buffer_string(&text));
    buffer_free(&text);
    return copy;
}

bool partition_csv_fail(struct partition_csv_notes *notes, enum partition_csv_failure failure, uint32_t line,
                        const char *format, ...) {
    if (notes->failure != PARTITION_CSV_FINE)
        return false;
    va_list arguments;
    va_start(arguments, format);
    notes->failure = failure;
    notes->line = line;
    notes->message = format_text(format, arguments);
    va_end(arguments);
    return false;
}

void partition_csv_warn(struct partition_csv_notes *notes, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    notes->warnings = memory_resize(notes->warnings, (notes->warning_count + 1) * sizeof *notes->warnings);
    notes->warnings[notes->warning_count++] = format_text(format, arguments);
    va_end(arguments);
}

void partition_csv_notes_free(struct partition_csv_notes *notes) {
    free(notes->message);
    for (size_t i = 0; i < notes->warning_count; i++)
        free(notes->warnings[i]);
    free(notes->warnings);
    *notes = (struct partition_csv_notes){0};
}

const char *partition_csv_failure_name(enum partition_csv_failure failure) {
    switch (failure) {
    case PARTITION_CSV_INPUT_ERROR:
        return "InputError";
    case PARTITION_CSV_VALIDATION_ERROR:
        return "ValidationError";
    case PARTITION_CSV_PACK_ERROR:
        return "struct.error";
    default:
        return "";
    }
}

const char *partition_csv_notes_line(struct partition_csv_notes *notes) {
    for (char *end = notes->message; end != NULL && (end = strchr(end, '\n')) != NULL;)
        *end = ' ';
    return notes->message == NULL ? "" : notes->message;
}
