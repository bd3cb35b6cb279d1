#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *block, size_t size) {
    if (block == NULL && size != 0) {
        (void)fprintf(stderr, "ota-sim: out of memory (%zu bytes wanted)\n", size);
        abort();
    }
    return block;
}

void *memory_new(size_t size) {
    return or_die(malloc(size), size);
}

void *memory_zeroed(size_t count, size_t size) {
    return or_die(calloc(count, size), count);
}

void *memory_resize(void *block, size_t size) {
    return or_die(realloc(block, size), size);
}

char *memory_text(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(memory_new(size), text, size);
}

void buffer_reserve(struct buffer *buffer, size_t more) {
    size_t wanted = buffer->length + more + 1; // + 1: the NUL
    if (wanted <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity < wanted)
        capacity *= 2;
    buffer->bytes = memory_resize(buffer->bytes, capacity);
    buffer->capacity = capacity;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length) {
    buffer_reserve(buffer, length);
    if (length != 0)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = 0;
}

void buffer_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(buffer, format, arguments);
    va_end(arguments);
}

void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length <= 0)
        return;
    buffer_reserve(buffer, (size_t)length);
    (void)vsnprintf((char *)buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
    buffer->length += (size_t)length;
}

const char *buffer_string(const struct buffer *buffer) {
    return buffer->length == 0 ? "" : (const char *)buffer->bytes;
}

void buffer_free(struct buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
