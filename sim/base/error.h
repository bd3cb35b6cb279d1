// An error that a person can act on.
#ifndef SIM_BASE_ERROR_H
#define SIM_BASE_ERROR_H

#include <stdbool.h>

// What went wrong, in words: the thing at fault first ("app.bin: ..."), then what is wrong, then what would
// be right. Callers give one in, zeroed; functions that return false have filled it.
struct error {
    char message[512];
};

// Fills `error` (NULL is allowed) as printf does, and returns false, so that `return error_set(...)` reads
// well.
__attribute__((format(printf, 2, 3))) bool error_set(struct error *error, const char *format, ...);

#endif
