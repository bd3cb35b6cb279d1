// The processor's exceptions, while a guest runs: what a panic on the board is, and never an end of ota-sim. And a guest that
// runs on and on without telling how much it computes is brought to an end.
//
// A handler only notes what happened and has the thread go on in the panic handler, on a stack that is whole.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "guest_internal.h"

#define SIGNAL_STACK_SIZE (64u << 10)
#define TICK_S            1 // of the computer's time that the thread computes
#define TICK_SOON_NS      5000000
#define TICKS_MAX         10u // for one start of a guest; one that counts its time is bounded by the board's watchdog
#define TICKS_MAX_COUNTED 120u

static const int exceptions[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
#define EXCEPTION_COUNT (sizeof exceptions / sizeof *exceptions)

// ---- a thread that runs guests ------------------------------------------------------------------

struct watch {
    struct guest *guest; // NULL: none runs
    uint64_t starts, starts_at_tick;
    unsigned ticks;
    timer_t timer;
    uint8_t *stack; // of the handlers
};
static _Thread_local struct watch *watch;
static struct sigaction before[EXCEPTION_COUNT]; // what was in place before ours

// ---- exceptions ---------------------------------------------------------------------------------

// None of a guest's: what was in place takes it.
static void pass_on(int signal) {
    for (size_t i = 0; i < EXCEPTION_COUNT; i++)
        if (exceptions[i] == signal)
            (void)sigaction(signal, &before[i], NULL);
}

#ifdef __x86_64__
static void note(struct guest_fault *fault, int signal, const siginfo_t *info, const ucontext_t *context) {
    static const int by_dwarf[] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                   REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                   REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    fault->signal = signal;
    fault->address = (uintptr_t)info->si_addr;
    fault->code = info->si_code;
    for (unsigned i = 0; i < GUEST_REGISTERS; i++)
        fault->registers[i] = (uint64_t)context->uc_mcontext.gregs[by_dwarf[i]];
}

static uint64_t program_counter(const ucontext_t *context) {
    return (uint64_t)context->uc_mcontext.gregs[REG_RIP];
}

// As if `where` had been called, on the panic handler's stack.
static void go_on_at(const struct guest *guest, ucontext_t *context, void (*where)(void)) {
    uintptr_t top = ((uintptr_t)guest->panic_stack + GUEST_PANIC_STACK_SIZE) & ~(uintptr_t)15;
    context->uc_mcontext.gregs[REG_RSP] = (greg_t)(top - 8);
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)where;
}
#else
// Guests run on x86-64 (guest_elf.c takes none elsewhere), so that no exception is one's. The registers of another processor
// belong here, and its stubs into guest_linkage.c.
static void note(struct guest_fault *fault, int signal, const siginfo_t *info, const ucontext_t *context) {
    (void)fault, (void)signal, (void)info, (void)context;
}

static uint64_t program_counter(const ucontext_t *context) {
    (void)context;
    return 0;
}

static void go_on_at(const struct guest *guest, ucontext_t *context, void (*where)(void)) {
    (void)guest, (void)context, (void)where;
    abort();
}
#endif

static void on_exception(int signal, siginfo_t *info, void *context) {
    if (watch == NULL || watch->guest == NULL || !rtos_runs()) {
        pass_on(signal);
        return;
    }
    struct guest *guest = watch->guest;
    note(&guest->fault, signal, info, context);
    watch->guest = NULL; // an exception of the panic handler's own is ours
    go_on_at(guest, context, guest_faulted);
}

// ---- time ---------------------------------------------------------------------------------------

static void set_timer(long seconds, long ns) {
    struct itimerspec when = {.it_interval = {seconds, ns}, .it_value = {seconds, ns}};
    (void)timer_settime(watch->timer, 0, &when, NULL);
}

// Only in the guest's own code can it be ended; if something that it called is at work, the next tick comes soon.
static void on_tick(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    if (watch == NULL || watch->guest == NULL || !rtos_runs())
        return;
    struct guest *guest = watch->guest;
    if (watch->starts != watch->starts_at_tick) {
        watch->starts_at_tick = watch->starts;
        watch->ticks = 0;
        set_timer(TICK_S, 0);
        return;
    }
    if (++watch->ticks < (guest->file->counts_time ? TICKS_MAX_COUNTED : TICKS_MAX))
        return;
    if (!guest_contains(guest, program_counter(context))) {
        set_timer(0, TICK_SOON_NS);
        return;
    }
    set_timer(TICK_S, 0);
    watch->guest = NULL;
    go_on_at(guest, context, guest_endless);
}

// ---- taking and giving back ---------------------------------------------------------------------

static pthread_key_t end_of_thread;

static void forget_thread(void *context) {
    struct watch *own = context;
    stack_t off = {.ss_flags = SS_DISABLE};
    (void)timer_delete(own->timer);
    (void)sigaltstack(&off, NULL);
    free(own->stack);
    free(own);
    watch = NULL;
}

// Whoever runs tests may have put handlers of his own in place since then.
static void take_exceptions(void) {
    static pthread_mutex_t taking = PTHREAD_MUTEX_INITIALIZER;
    struct sigaction action = {.sa_sigaction = on_exception,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER},
                     now;
    (void)sigaction(SIGSEGV, NULL, &now);
    if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_exception)
        return;
    (void)pthread_mutex_lock(&taking);
    for (size_t i = 0; i < EXCEPTION_COUNT; i++) {
        (void)sigaction(exceptions[i], &action, &now);
        if ((now.sa_flags & SA_SIGINFO) == 0 || now.sa_sigaction != on_exception)
            before[i] = now;
    }
    (void)pthread_mutex_unlock(&taking);
}

static void install(void) {
    struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    (void)sigaction(SIGVTALRM, &action, NULL);
    if (pthread_key_create(&end_of_thread, forget_thread) != 0)
        abort();
}

static void prepare_thread(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, install);
    struct watch *own = memory_zeroed(1, sizeof *own);
    own->stack = memory_new(SIGNAL_STACK_SIZE);
    stack_t stack = {.ss_sp = own->stack, .ss_size = SIGNAL_STACK_SIZE};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    if (sigaltstack(&stack, NULL) != 0 || timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &own->timer) != 0 ||
        pthread_setspecific(end_of_thread, own) != 0)
        abort(); // a computer that has none of these left
    watch = own;
    set_timer(TICK_S, 0);
}

void guest_faults_watch(struct guest *guest) {
    if (guest == NULL) {
        if (watch != NULL)
            watch->guest = NULL;
        return;
    }
    if (watch == NULL)
        prepare_thread();
    take_exceptions();
    watch->starts++;
    watch->guest = guest;
}
