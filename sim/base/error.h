// An error that a person can act on.
#ifndef SIM_BASE_ERROR_H
#define SIM_BASE_ERROR_H

#include <stdbool.h>

// What went wrong, in words: the thing at fault first ("app.bin: ..."), then what is wrong, then what would
// be right. Callers give one in, zeroed; functions that return false have filled it.
struct error {
    char message[512]; // one line in which everything can be seen
    // The system could not write what was asked for (a full disk, a missing folder): nobody's input is at fault, and every
    // command ends with the status of an internal error.
    bool unwritten;
};

// Fills `error` (NULL is allowed) as printf does, and returns false, so that `return error_set(...)` reads
// well.
__attribute__((format(printf, 2, 3))) bool error_set(struct error *error, const char *format, ...);

#endif
