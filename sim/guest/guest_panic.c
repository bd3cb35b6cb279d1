// The panic handler: what a guest does wrong is told on the console, as a device tells it, and ends in a reset of the board.
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/port.h"
#include "../hw/board.h"
#include "coroutine.h"
#include "guest_internal.h"

static const char tag[] = "panic";

// ---- the stack ----------------------------------------------------------------------------------

static bool read_word(void *context, uint64_t address, uint64_t *word) {
    const struct guest *guest = context;
    if (address % sizeof *word != 0 ||
        !(guest_stacks_contain(guest, address) || guest_contains(guest, address)))
        return false;
    memcpy(word, (const void *)(uintptr_t)address, sizeof *word);
    return true;
}

static void tell_frame(void *context, const char *place) {
    (void)context;
    port_log(PORT_LOG_ERROR, tag, "  at %s", place);
}

// From where the exception struck; outside of the guest's code, from where it called what is there.
static void begin_walk(const struct guest *guest, struct guest_walk *walk) {
    const struct guest_call_place *last = &guest->linkage.calls->last;
    memcpy(walk->registers, guest->fault.registers, sizeof walk->registers);
    walk->exact = true;
    uint64_t pc = walk->registers[GUEST_REGISTER_PC], sp = walk->registers[GUEST_REGISTER_STACK], word;
    if (guest->fault.signal != 0 && guest_contains(guest, pc))
        return;
    walk->exact = false;
    if (guest->fault.signal != 0 && pc == guest->fault.address && read_word(walk->context, sp, &word) &&
        guest_contains(guest, word)) { // a call of what is no function
        walk->registers[GUEST_REGISTER_PC] = word;
        walk->registers[GUEST_REGISTER_STACK] = sp + sizeof word;
        return;
    }
    memset(walk->registers, 0, sizeof walk->registers);
    walk->registers[GUEST_REGISTER_PC] = last->pc;
    walk->registers[GUEST_REGISTER_STACK] = last->sp + sizeof word;
    walk->registers[GUEST_REGISTER_FRAME] = last->frame;
}

static void tell_stack(void *context) {
    struct guest *guest = context;
    struct guest_walk walk = {.file = guest->file,
                              .base = (uintptr_t)guest->memory.base,
                              .read = read_word,
                              .frame = tell_frame,
                              .context = guest};
    begin_walk(guest, &walk);
    guest_walk_stack(&walk);
}

// ---- the end ------------------------------------------------------------------------------------

_Noreturn static void end(struct guest *guest, enum port_halt how) {
    guest->ended_by_itself = true;
    port_halt(how, guest->why);
}

_Noreturn void guest_panic(const char *format, ...) {
    struct guest *guest = guest_running();
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(guest->why, sizeof guest->why, format, arguments);
    va_end(arguments);
    if (port_log_enabled()) {
        struct coroutine handler; // the stack of the task may be all but full
        port_log(PORT_LOG_ERROR, tag, "%s", guest->why);
        coroutine_prepare(&handler, guest->panic_stack, GUEST_PANIC_STACK_SIZE, tell_stack, guest);
        (void)coroutine_resume(&handler);
    }
    end(guest, PORT_HALT_PANIC);
}

_Noreturn void guest_stack_overflows(void) {
    guest_panic("a stack overflow: less than %u bytes of a task's stack are left", GUEST_STACK_RESERVE);
}

static const char *name_of(const struct guest *guest) {
    const struct guest_fault *fault = &guest->fault;
    switch (fault->signal) {
    case SIGFPE:
        return fault->code == FPE_INTDIV ? "IntegerDivideByZero" : "an arithmetic exception";
    case SIGILL:
        return "IllegalInstruction";
    case SIGTRAP:
        return "a breakpoint";
    default:
        return fault->registers[GUEST_REGISTER_PC] == fault->address ? "InstrFetchProhibited"
                                                                     : "LoadStoreProhibited";
    }
}

_Noreturn void guest_faulted(void) {
    struct guest *guest = guest_running();
    const struct guest_fault *fault = &guest->fault;
    if (guest_stack_guards(guest, fault->address) ||
        guest_stack_guards(guest, fault->registers[GUEST_REGISTER_STACK]))
        (void)snprintf(guest->why, sizeof guest->why, "a stack overflow");
    else if (fault->signal == SIGSEGV && fault->address < GUEST_PAGE)
        (void)snprintf(guest->why, sizeof guest->why, "%s: a null pointer (0x%02llx)", name_of(guest),
                       (unsigned long long)fault->address);
    else
        (void)snprintf(guest->why, sizeof guest->why, "%s",
                       name_of(guest)); // addresses differ from run to run
    if (port_log_enabled()) {
        port_log(PORT_LOG_ERROR, tag, "Guru Meditation Error: %s", guest->why);
        tell_stack(guest);
    }
    end(guest, PORT_HALT_CRASH);
}

_Noreturn void guest_endless(void) {
    board_stop_not_modelled(
        "the code on the board runs on and on; how long a device would wait cannot be told, since it was "
        "not built to count its steps: build it with -fsanitize-coverage=trace-pc");
}
