// What compilers call by themselves.
#include <stdint.h>

#include "guest_internal.h"

struct tls_index { // as the ABI lays it out
    uint64_t module, offset;
};

static void *thread_local_address(const struct tls_index *index) {
    return guest_tls(guest_running()) + index->offset;
}

// C++ without exceptions still asks for these.
static int guard_acquire(uint8_t *guard) {
    return guard[0] == 0;
}

static void guard_release(uint8_t *guard) {
    guard[0] = 1;
}

_Noreturn static void pure_virtual(void) {
    guest_panic("a pure virtual function was called");
}

static void nothing(void) {
}

static const struct import rows[] = {
    IMPORT_AS(__tls_get_addr, thread_local_address), IMPORT_AS(__sanitizer_cov_trace_pc, guest_counts_block),
    IMPORT_AS(__cxa_guard_acquire, guard_acquire),   IMPORT_AS(__cxa_guard_release, guard_release),
    IMPORT_AS(__cxa_guard_abort, nothing),           IMPORT_AS(__cxa_pure_virtual, pure_virtual),
    IMPORT_AS(__cxa_thread_atexit, nothing),
};

IMPORT_TABLE(imports_compiler, rows);
