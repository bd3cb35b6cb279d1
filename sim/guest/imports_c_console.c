// printf and its kin: lines on the board's console, which is a serial port. Printing takes the time that it takes there, and
// what nobody can read any more is dropped.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/port.h"
#include "guest.h"
#include "imports.h"

#define BYTE_NS   86806u // ten bits at 115200 baud (CONFIG_ESP_CONSOLE_UART_BAUDRATE)
#define LINES_MAX 4096u  // of one start
#define PIECE     128u

// ---- lines --------------------------------------------------------------------------------------

static void end_line(struct guest_c_library *library) {
    library->line[library->line_length] = 0;
    library->line_length = 0;
    if (++library->lines < LINES_MAX)
        port_log(PORT_LOG_INFO, "app", "%s", library->line);
    else if (library->lines == LINES_MAX)
        port_log(PORT_LOG_WARNING, "app", "(more than %u lines since the start: the rest is left out)",
                 LINES_MAX);
}

static void put(const char *bytes, size_t length) {
    struct guest_c_library *library = guest_c_library();
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '\n')
            end_line(library);
        else if (library->line_length + 1 < sizeof library->line)
            library->line[library->line_length++] = bytes[i];
}

// Piece by piece, so that a flood of output meets the watchdog where it would.
static void print_bytes(const char *bytes, size_t length) {
    for (size_t at = 0; at < length; at += PIECE) {
        size_t piece = length - at < PIECE ? length - at : PIECE;
        put(bytes + at, piece);
        guest_computes(piece * BYTE_NS);
    }
}

// Padding by the gigabyte is as long as it would be, and nobody reads it.
static void print_filler(size_t length) {
    for (; length > 0; length -= length < PIECE ? length : PIECE)
        guest_computes((length < PIECE ? length : PIECE) * BYTE_NS);
}

__attribute__((format(printf, 1, 0))) static int print_v(const char *format, va_list arguments) {
    char text[1024];
    int length = vsnprintf(text, sizeof text, format, arguments);
    if (length < 0)
        return length;
    size_t shown = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    print_bytes(text, shown);
    print_filler((size_t)length - shown);
    return length;
}

// ---- streams ------------------------------------------------------------------------------------

// What a guest takes for a FILE.
static char console_stream, nothing_stream;
static void *const stdout_value = &console_stream, *const stderr_value = &console_stream,
                   *const stdin_value = &nothing_stream;

static void must_be_console(const void *stream) {
    if (stream != &console_stream)
        guest_panic("a stream that is neither stdout nor stderr: there are no files on the board");
}

static int print_to_v(void *stream, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static int print_to_v(void *stream, const char *format, va_list arguments) {
    must_be_console(stream);
    return print_v(format, arguments);
}

__attribute__((format(printf, 1, 2))) static int print(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = print_v(format, arguments);
    va_end(arguments);
    return length;
}

__attribute__((format(printf, 2, 3))) static int print_to(void *stream, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = print_to_v(stream, format, arguments);
    va_end(arguments);
    return length;
}

static int print_line(const char *text) {
    print_bytes(text, strlen(text));
    print_bytes("\n", 1);
    return 1;
}

static int print_text(const char *text, void *stream) {
    must_be_console(stream);
    print_bytes(text, strlen(text));
    return 1;
}

static int print_byte_to(int byte, void *stream) {
    char character = (char)byte;
    must_be_console(stream);
    print_bytes(&character, 1);
    return (unsigned char)byte;
}

static int print_byte(int byte) {
    return print_byte_to(byte, &console_stream);
}

static size_t print_items(const void *items, size_t size, size_t count, void *stream) {
    size_t length;
    must_be_console(stream);
    if (__builtin_mul_overflow(size, count, &length))
        return 0;
    print_bytes(items, length);
    return count;
}

static void print_error(const char *what) {
    (void)print("%s: %s\n", what, strerror(guest_c_library()->error_number));
}

static int flush(void *stream) {
    if (stream != NULL)
        must_be_console(stream);
    return 0;
}

static int no_input(void *stream) {
    (void)stream;
    return EOF;
}

// ---- with a compiler's checks (_FORTIFY_SOURCE): flag, or flag and room, in front of the format --

__attribute__((format(printf, 2, 3))) static int checked_print(int flag, const char *format, ...) {
    va_list arguments;
    (void)flag;
    va_start(arguments, format);
    int length = print_v(format, arguments);
    va_end(arguments);
    return length;
}

__attribute__((format(printf, 3, 4))) static int checked_print_to(void *stream, int flag, const char *format,
                                                                  ...) {
    va_list arguments;
    (void)flag;
    va_start(arguments, format);
    int length = print_to_v(stream, format, arguments);
    va_end(arguments);
    return length;
}

__attribute__((format(printf, 2, 0))) static int checked_print_v(int flag, const char *format,
                                                                 va_list arguments) {
    (void)flag;
    return print_v(format, arguments);
}

__attribute__((format(printf, 3, 0))) static int checked_print_to_v(void *stream, int flag,
                                                                    const char *format, va_list arguments) {
    (void)flag;
    return print_to_v(stream, format, arguments);
}

__attribute__((format(printf, 5, 0))) static int
checked_format_v(char *out, size_t length, int flag, size_t room, const char *format, va_list arguments) {
    (void)flag;
    if (length > room)
        guest_panic("a buffer overflow was detected");
    return vsnprintf(out, length, format, arguments);
}

__attribute__((format(printf, 5, 6))) static int checked_format(char *out, size_t length, int flag,
                                                                size_t room, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int all = checked_format_v(out, length, flag, room, format, arguments);
    va_end(arguments);
    return all;
}

__attribute__((format(printf, 4, 0))) static int checked_sprintf_v(char *out, int flag, size_t room,
                                                                   const char *format, va_list arguments) {
    (void)flag;
    int all = vsnprintf(out, room, format, arguments);
    if (all >= 0 && (size_t)all >= room)
        guest_panic("a buffer overflow was detected");
    return all;
}

__attribute__((format(printf, 4, 5))) static int checked_sprintf(char *out, int flag, size_t room,
                                                                 const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int all = checked_sprintf_v(out, flag, room, format, arguments);
    va_end(arguments);
    return all;
}

#define STREAM(name, value)                                                                                  \
    { #name, NULL, NULL, IMPORT_OBJECT, sizeof(void *), &(value) }

// clang-format off
static const struct import rows[] = {
    IMPORT_AS(printf, print), IMPORT_AS(vprintf, print_v), IMPORT_AS(fprintf, print_to), IMPORT_AS(vfprintf, print_to_v),
    IMPORT_AS(puts, print_line), IMPORT_AS(fputs, print_text), IMPORT_AS(fputc, print_byte_to), IMPORT_AS(putc, print_byte_to),
    IMPORT_AS(putchar, print_byte), IMPORT_AS(fwrite, print_items), IMPORT_AS(perror, print_error), IMPORT_AS(fflush, flush),
    IMPORT_AS(getc, no_input), IMPORT_AS(fgetc, no_input), IMPORT_AS(getchar, no_input),
    IMPORT_AS(__printf_chk, checked_print), IMPORT_AS(__fprintf_chk, checked_print_to),
    IMPORT_AS(__vprintf_chk, checked_print_v), IMPORT_AS(__vfprintf_chk, checked_print_to_v),
    IMPORT_AS(__snprintf_chk, checked_format), IMPORT_AS(__vsnprintf_chk, checked_format_v),
    IMPORT_AS(__sprintf_chk, checked_sprintf), IMPORT_AS(__vsprintf_chk, checked_sprintf_v),
    STREAM(stdout, stdout_value), STREAM(stderr, stderr_value), STREAM(stdin, stdin_value),
};
// clang-format on

IMPORT_TABLE(imports_c_console, rows);
