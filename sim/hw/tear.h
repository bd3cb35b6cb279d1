// One way in which one operation tears: which kind, and its numbers. What each kind does to cells stands in
// the file of its physical cause, fault_*.c; the list of them all is in fault_model.h.
#ifndef SIM_HW_TEAR_H
#define SIM_HW_TEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "fault_list.h"

// TEAR_CLEAN, TEAR_PREFIX, ...: what `a`, `b` and `seed` mean for each stands in its file.
enum tear_kind {
#define NO_MODEL(NAME, symbol)
#define TEAR_KIND(NAME, symbol) TEAR_##NAME,
    FAULT_MODELS(NO_MODEL, TEAR_KIND)
#undef NO_MODEL
#undef TEAR_KIND
        TEAR_KIND_COUNT
};

#define TEAR_NO_BIT UINT32_MAX // `b` of kinds that take one bit or two

struct tear {
    enum tear_kind kind;
    uint32_t a, b;
    uint64_t seed;
};

#define TEAR_TEXT_SIZE 64u

// The form that addresses use, into a buffer of TEAR_TEXT_SIZE bytes: "clean", "prefix:12", "late:3,17",
// "partial:128,s7".
void tear_format(const struct tear *tear, char *text);

// The reverse; false when `text` is not of that form.
bool tear_parse(const char *text, struct tear *out);

#endif
