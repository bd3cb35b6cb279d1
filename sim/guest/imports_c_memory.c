// malloc and its kin, over the guest's heap.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"
#include "imports.h"

static void *take(size_t size) {
    void *block = guest_heap_take(size, 1);
    if (block == NULL)
        guest_c_library()->error_number = ENOMEM;
    return block;
}

static void *take_zeroed(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    void *block = take(bytes);
    return block == NULL ? NULL : memset(block, 0, bytes);
}

static void *take_aligned(size_t align, size_t size) {
    return (align & (align - 1)) != 0 ? NULL : guest_heap_take(size, align);
}

static int take_posix(void **out, size_t align, size_t size) {
    void *block = take_aligned(align, size);
    if (block == NULL)
        return ENOMEM;
    *out = block;
    return 0;
}

static void *resize_array(void *block, size_t count, size_t size) {
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : guest_heap_resize(block, bytes);
}

static size_t usable(void *block) {
    return block == NULL ? 0 : guest_heap_size_of(block);
}

// ---- texts --------------------------------------------------------------------------------------

static char *copy_bytes(const char *text, size_t length) {
    char *copy = take(length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

static char *copy_text(const char *text) {
    return copy_bytes(text, strlen(text));
}

static char *copy_text_to(const char *text, size_t length) {
    return copy_bytes(text, strnlen(text, length));
}

__attribute__((format(printf, 2, 0))) static int print_new_v(char **out, const char *format,
                                                             va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    *out = length < 0 ? NULL : take((size_t)length + 1);
    if (*out != NULL)
        (void)vsnprintf(*out, (size_t)length + 1, format, again);
    va_end(again);
    return *out == NULL ? -1 : length;
}

__attribute__((format(printf, 2, 3))) static int print_new(char **out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = print_new_v(out, format, arguments);
    va_end(arguments);
    return length;
}

// ---- C++ ----------------------------------------------------------------------------------------

static void *operator_new(size_t size) {
    void *block = guest_heap_take(size, 1);
    if (block == NULL)
        guest_panic("operator new: there is no memory for %zu bytes", size);
    return block;
}

static void operator_delete_sized(void *block, size_t size) {
    (void)size;
    guest_heap_give_back(block);
}

// clang-format off
static const struct import rows[] = {
    IMPORT_AS(malloc, take), IMPORT_AS(free, guest_heap_give_back), IMPORT_AS(calloc, take_zeroed),
    IMPORT_AS(realloc, guest_heap_resize), IMPORT_AS(reallocarray, resize_array), IMPORT_AS(cfree, guest_heap_give_back),
    IMPORT_AS(aligned_alloc, take_aligned), IMPORT_AS(memalign, take_aligned), IMPORT_AS(posix_memalign, take_posix),
    IMPORT_AS(malloc_usable_size, usable),
    IMPORT_AS(strdup, copy_text), IMPORT_AS(strndup, copy_text_to), IMPORT_AS(__strdup, copy_text),
    IMPORT_AS(asprintf, print_new), IMPORT_AS(vasprintf, print_new_v),
    IMPORT_AS(_Znwm, operator_new), IMPORT_AS(_Znam, operator_new), IMPORT_AS(_ZdlPv, guest_heap_give_back),
    IMPORT_AS(_ZdaPv, guest_heap_give_back), IMPORT_AS(_ZdlPvm, operator_delete_sized),
    IMPORT_AS(_ZdaPvm, operator_delete_sized),
};
// clang-format on

IMPORT_TABLE(imports_c_memory, rows);
