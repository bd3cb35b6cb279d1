// The C library: functions that look at nothing but their arguments are the computer's own; what keeps something from call to
// call keeps it with the guest, and what asks the computer for something is answered by the board.
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>
#include <wchar.h>

#include "../../ota/port.h"
#include "guest.h"
#include "imports.h"

// ---- kept with the guest ------------------------------------------------------------------------

static int *error_number(void) {
    return &guest_c_library()->error_number;
}

static char *token(char *text, const char *separators) {
    return strtok_r(text, separators, &guest_c_library()->token);
}

// A linear congruential generator: the same numbers on every computer.
static int random_next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (int)(*state >> 1);
}

static int random_number(void) {
    return random_next(&guest_c_library()->random);
}

static void random_seed(unsigned seed) {
    guest_c_library()->random = seed;
}

static int random_with(unsigned *state) {
    uint32_t own = *state;
    int number = random_next(&own);
    *state = own;
    return number;
}

// ---- answered by the board ----------------------------------------------------------------------

// No clock was set: time since the board was powered, as on a device.
static time_t board_seconds(time_t *out) {
    time_t seconds = (time_t)(port_time_us() / 1000000);
    if (out != NULL)
        *out = seconds;
    return seconds;
}

static int board_time_of_day(struct timeval *out, void *zone) {
    uint64_t us = port_time_us();
    (void)zone;
    *out = (struct timeval){.tv_sec = (time_t)(us / 1000000), .tv_usec = (suseconds_t)(us % 1000000)};
    return 0;
}

static int board_clock(clockid_t clock, struct timespec *out) {
    uint64_t us = port_time_us();
    (void)clock;
    *out = (struct timespec){.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000 * 1000)};
    return 0;
}

static clock_t board_ticks(void) {
    return (clock_t)port_time_us();
}

static char *no_environment(const char *name) {
    (void)name;
    return NULL;
}

// ---- the end ------------------------------------------------------------------------------------

_Noreturn static void aborts(void) {
    guest_panic("abort() was called");
}

_Noreturn static void exits(int status) {
    guest_panic("exit(%d) was called", status);
}

_Noreturn static void assertion_fails(const char *expression, const char *file, unsigned line,
                                      const char *function) {
    guest_panic("assert failed: %s %s:%u (%s)", function, file, line, expression);
}

_Noreturn static void newlib_assertion_fails(const char *file, int line, const char *function,
                                             const char *expression) {
    guest_panic("assert failed: %s %s:%d (%s)", function == NULL ? "?" : function, file, line, expression);
}

_Noreturn static void stack_smashed(void) {
    guest_panic("Stack smashing protect failure!");
}

_Noreturn static void buffer_overflows(void) {
    guest_panic("a buffer overflow was detected");
}

static int at_exit(void (*function)(void)) {
    (void)function;
    return 0; // apps never exit
}

static int cxx_at_exit(void (*function)(void *), void *argument, void *module) {
    (void)function, (void)argument, (void)module;
    return 0;
}

// ---- with bounds that a compiler knows of (_FORTIFY_SOURCE) -------------------------------------

static void must_fit(size_t length, size_t room) {
    if (length > room)
        buffer_overflows();
}

static void *checked_memcpy(void *to, const void *from, size_t length, size_t room) {
    must_fit(length, room);
    return memcpy(to, from, length);
}

static void *checked_mempcpy(void *to, const void *from, size_t length, size_t room) {
    must_fit(length, room);
    return mempcpy(to, from, length);
}

static void *checked_memmove(void *to, const void *from, size_t length, size_t room) {
    must_fit(length, room);
    return memmove(to, from, length);
}

static void *checked_memset(void *to, int byte, size_t length, size_t room) {
    must_fit(length, room);
    return memset(to, byte, length);
}

static char *checked_strcpy(char *to, const char *from, size_t room) {
    must_fit(strlen(from) + 1, room);
    return strcpy(to, from);
}

static char *checked_stpcpy(char *to, const char *from, size_t room) {
    must_fit(strlen(from) + 1, room);
    return stpcpy(to, from);
}

static char *checked_strncpy(char *to, const char *from, size_t length, size_t room) {
    must_fit(length, room);
    return strncpy(to, from, length);
}

static char *checked_strcat(char *to, const char *from, size_t room) {
    must_fit(strlen(to) + strlen(from) + 1, room);
    return strcat(to, from);
}

static char *checked_strncat(char *to, const char *from, size_t length, size_t room) {
    must_fit(strlen(to) + strnlen(from, length) + 1, room);
    return strncat(to, from, length);
}

// ---- without what the computer's own take of its memory -----------------------------------------

static void swap(uint8_t *a, uint8_t *b, size_t size) {
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

typedef int comparison(const void *a, const void *b);

static void sift_down(uint8_t *items, size_t from, size_t count, size_t size, comparison *compare) {
    for (size_t child; (child = 2 * from + 1) < count; from = child) {
        if (child + 1 < count && compare(items + child * size, items + (child + 1) * size) < 0)
            child++;
        if (compare(items + from * size, items + child * size) >= 0)
            return;
        swap(items + from * size, items + child * size, size);
    }
}

// Heap sort: the comparison is the guest's, which may end in the middle of it.
static void sort(void *items, size_t count, size_t size, comparison *compare) {
    for (size_t i = count / 2; i > 0; i--)
        sift_down(items, i - 1, count, size, compare);
    for (size_t end = count; end > 1; end--) {
        swap(items, (uint8_t *)items + (end - 1) * size, size);
        sift_down(items, 0, end - 1, size, compare);
    }
}

static struct tm *utc_r(const time_t *seconds, struct tm *out) {
    return gmtime_r(seconds, out);
}

// ---- all of them --------------------------------------------------------------------------------

#define OWN(name, function)                                                                                  \
    { #name, (void (*)(void))(function), NULL, IMPORT_FUNCTION, 0, NULL }
#define PURE(name)                                                                                           \
    { #name, (void (*)(void))(name), NULL, IMPORT_FUNCTION, 0, NULL }

// clang-format off
static const struct import rows[] = {
    OWN(__errno_location, error_number), OWN(__errno, error_number),
    OWN(strtok, token), OWN(rand, random_number), OWN(random, random_number), OWN(srand, random_seed),
    OWN(srandom, random_seed), OWN(rand_r, random_with),
    OWN(time, board_seconds), OWN(gettimeofday, board_time_of_day), OWN(clock_gettime, board_clock), OWN(clock, board_ticks),
    OWN(getenv, no_environment), OWN(secure_getenv, no_environment),
    OWN(abort, aborts), OWN(exit, exits), OWN(_exit, exits), OWN(_Exit, exits), OWN(__assert_fail, assertion_fails),
    OWN(__assert_func, newlib_assertion_fails), OWN(__stack_chk_fail, stack_smashed), OWN(__chk_fail, buffer_overflows),
    OWN(atexit, at_exit), OWN(__cxa_atexit, cxx_at_exit),
    OWN(__memcpy_chk, checked_memcpy), OWN(__mempcpy_chk, checked_mempcpy), OWN(__memmove_chk, checked_memmove),
    OWN(__memset_chk, checked_memset), OWN(__strcpy_chk, checked_strcpy), OWN(__stpcpy_chk, checked_stpcpy),
    OWN(__strncpy_chk, checked_strncpy), OWN(__strcat_chk, checked_strcat), OWN(__strncat_chk, checked_strncat),
    OWN(qsort, sort), OWN(localtime_r, utc_r), PURE(gmtime_r), PURE(mktime), PURE(strftime), PURE(difftime),
    PURE(memcpy), PURE(mempcpy), PURE(memmove), PURE(memset), PURE(memcmp), PURE(memchr), PURE(memrchr), PURE(memmem),
    PURE(bcmp), PURE(bzero), PURE(explicit_bzero),
    PURE(strlen), PURE(strnlen), PURE(strcpy), PURE(stpcpy), PURE(strncpy), PURE(stpncpy), PURE(strcat), PURE(strncat),
    PURE(strcmp), PURE(strncmp), PURE(strcasecmp), PURE(strncasecmp), PURE(strcoll), PURE(strchr), PURE(strrchr),
    PURE(strchrnul), PURE(strstr), PURE(strcasestr), PURE(strspn), PURE(strcspn), PURE(strpbrk), PURE(strsep), PURE(strtok_r),
    PURE(strtol), PURE(strtoul), PURE(strtoll), PURE(strtoull), PURE(strtof), PURE(strtod), PURE(strtold), PURE(strtoimax),
    PURE(strtoumax), PURE(atoi), PURE(atol), PURE(atoll), PURE(atof),
    PURE(snprintf), PURE(vsnprintf), PURE(sprintf), PURE(vsprintf), PURE(sscanf), PURE(vsscanf),
    PURE(abs), PURE(labs), PURE(llabs), PURE(div), PURE(ldiv), PURE(lldiv), PURE(bsearch),
    PURE(isalnum), PURE(isalpha), PURE(isblank), PURE(iscntrl), PURE(isdigit), PURE(isgraph), PURE(islower), PURE(isprint),
    PURE(ispunct), PURE(isspace), PURE(isupper), PURE(isxdigit), PURE(tolower), PURE(toupper),
    PURE(__ctype_b_loc), PURE(__ctype_tolower_loc), PURE(__ctype_toupper_loc),
    PURE(ffs), PURE(_setjmp), PURE(longjmp), PURE(wcslen), PURE(wmemcpy), PURE(wmemset), PURE(wmemmove),
    PURE(sqrt), PURE(sqrtf), PURE(pow), PURE(powf), PURE(exp), PURE(expf), PURE(exp2), PURE(log), PURE(logf), PURE(log2),
    PURE(log10), PURE(sin), PURE(sinf), PURE(cos), PURE(cosf), PURE(tan), PURE(atan), PURE(atan2), PURE(fabs), PURE(fabsf),
    PURE(floor), PURE(floorf), PURE(ceil), PURE(ceilf), PURE(round), PURE(roundf), PURE(lround), PURE(lroundf), PURE(trunc),
    PURE(truncf), PURE(fmod), PURE(fmodf), PURE(fmin), PURE(fmax), PURE(fminf), PURE(fmaxf), PURE(ldexp), PURE(frexp),
};
// clang-format on

IMPORT_TABLE(imports_c, rows);
