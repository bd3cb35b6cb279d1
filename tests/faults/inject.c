// Preloaded before a program: one call of one function fails, as the environment says, and all others work.
//
//   OTA_SIM_INJECT=FUNCTION:N      the N-th call fails (from 1, counted from main on, over all threads)
//   OTA_SIM_INJECT_COUNT=FILE      writes down how often each function was called
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// clang-format off
#define FUNCTIONS(F)                                                    \
    F(malloc, ENOMEM) F(calloc, ENOMEM) F(realloc, ENOMEM)              \
    F(open, EMFILE) F(read, EIO) F(write, ENOSPC) F(pwrite, ENOSPC)     \
    F(fsync, EIO) F(rename, EACCES) F(linkat, ENOSPC) F(fchmod, EPERM)  \
    F(flock, ENOLCK) F(ftruncate, ENOSPC) F(mmap, ENOMEM)               \
    F(pthread_create, EAGAIN)
// clang-format on

enum {
#define NUMBER(name, error) FUNCTION_##name,
    FUNCTIONS(NUMBER)
#undef NUMBER
        FUNCTION_COUNT
};
static const char *const names[] = {
#define NAME(name, error) #name,
    FUNCTIONS(NAME)
#undef NAME
};
static const int errors[] = {
#define ERROR(name, error) error,
    FUNCTIONS(ERROR)
#undef ERROR
};

static atomic_ulong counts[FUNCTION_COUNT];
static unsigned long failing_call;
static int failing_function = -1;
static atomic_bool armed;

static int fails(int function) {
    if (!atomic_load(&armed))
        return 0;
    unsigned long count = atomic_fetch_add(&counts[function], 1) + 1;
    if (function != failing_function || count != failing_call)
        return 0;
    errno = errors[function];
    return 1;
}

// ---- the functions ------------------------------------------------------------------------------

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

// Our own calls and those of libraries that bear it. Left out is libcrypto, whose start-up uses what it could not allocate.
static int memory_fails(int function, const void *caller) {
    Dl_info place;
    if (!atomic_load(&armed) ||
        (dladdr(caller, &place) != 0 && place.dli_fname != NULL && strstr(place.dli_fname, "libcrypto")))
        return 0;
    return fails(function);
}

void *malloc(size_t size) {
    return memory_fails(FUNCTION_malloc, __builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return memory_fails(FUNCTION_calloc, __builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    return memory_fails(FUNCTION_realloc, __builtin_return_address(0)) ? NULL : __libc_realloc(block, size);
}

#define REAL(result, name, ...) ((result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, int) : 0;
    va_end(arguments);
    return fails(FUNCTION_open) ? -1 : REAL(int, open, const char *, int, ...)(path, flags, mode);
}

ssize_t read(int descriptor, void *bytes, size_t length) {
    return fails(FUNCTION_read) ? -1 : REAL(ssize_t, read, int, void *, size_t)(descriptor, bytes, length);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
    return fails(FUNCTION_write) ? -1
                                 : REAL(ssize_t, write, int, const void *, size_t)(descriptor, bytes, length);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    return fails(FUNCTION_pwrite)
               ? -1
               : REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(descriptor, bytes, length, offset);
}

int fsync(int descriptor) {
    return fails(FUNCTION_fsync) ? -1 : REAL(int, fsync, int)(descriptor);
}

int rename(const char *from, const char *to) {
    return fails(FUNCTION_rename) ? -1 : REAL(int, rename, const char *, const char *)(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    return fails(FUNCTION_linkat) ? -1
                                  : REAL(int, linkat, int, const char *, int, const char *,
                                         int)(from_folder, from, to_folder, to, flags);
}

int fchmod(int descriptor, mode_t mode) {
    return fails(FUNCTION_fchmod) ? -1 : REAL(int, fchmod, int, mode_t)(descriptor, mode);
}

int flock(int descriptor, int operation) {
    return fails(FUNCTION_flock) ? -1 : REAL(int, flock, int, int)(descriptor, operation);
}

int ftruncate(int descriptor, off_t length) {
    return fails(FUNCTION_ftruncate) ? -1 : REAL(int, ftruncate, int, off_t)(descriptor, length);
}

void *mmap(void *place, size_t length, int protection, int flags, int descriptor, off_t offset) {
    return fails(FUNCTION_mmap) ? MAP_FAILED
                                : REAL(void *, mmap, void *, size_t, int, int, int,
                                       off_t)(place, length, protection, flags, descriptor, offset);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument) {
    return fails(FUNCTION_pthread_create)
               ? EAGAIN
               : REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *),
                      void *)(thread, attributes, start, argument);
}

// ---- from main on -------------------------------------------------------------------------------

static int (*real_main)(int, char **, char **);

static void write_counts(void) {
    atomic_store(&armed, 0);
    const char *path = getenv("OTA_SIM_INJECT_COUNT");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL)
        return;
    for (int i = 0; i < FUNCTION_COUNT; i++)
        fprintf(file, "%s %lu\n", names[i], atomic_load(&counts[i]));
    fclose(file);
}

static int armed_main(int argc, char **argv, char **environment) {
    const char *wish = getenv("OTA_SIM_INJECT");
    const char *colon = wish == NULL ? NULL : strchr(wish, ':');
    for (int i = 0; colon != NULL && i < FUNCTION_COUNT; i++)
        if (strlen(names[i]) == (size_t)(colon - wish) && strncmp(names[i], wish, strlen(names[i])) == 0)
            failing_function = i;
    failing_call = colon == NULL ? 0 : strtoul(colon + 1, NULL, 10);
    atomic_store(&armed, 1);
    int status = real_main(argc, argv, environment);
    write_counts();
    return status;
}

int __libc_start_main(int (*start)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*end)(void), void *stack) {
    real_main = start;
    return REAL(int, __libc_start_main, int (*)(int, char **, char **), int, char **, void (*)(void),
                void (*)(void), void (*)(void), void *)(armed_main, argc, argv, init, fini, end, stack);
}
