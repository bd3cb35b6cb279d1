// A growing run of bytes; as text it always ends in a NUL that is not counted.
#ifndef SIM_BASE_BUFFER_H
#define SIM_BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    uint8_t *bytes; // NULL while empty; owned
    size_t length;
    size_t capacity;
};

// Memory runs out only when the machine does: these end the process with a message then, so callers need no
// error path.
void buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
__attribute__((format(printf, 2, 3))) void buffer_printf(struct buffer *buffer, const char *format, ...);
void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments);

// The contents as a C string ("" when empty); valid until the next change.
const char *buffer_string(const struct buffer *buffer);

void buffer_free(struct buffer *buffer);

// malloc, calloc, realloc and strdup that end the process with a message when memory is out.
void *memory_new(size_t size);
void *memory_zeroed(size_t count, size_t size);
void *memory_resize(void *block, size_t size);
char *memory_text(const char *text);

#endif
