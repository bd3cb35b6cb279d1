// The board: a NOR chip, eFuse, RTC memory, a clock and power. Implements ota/port.h for the thread that runs
// it.
//
// A board is either off, or its RAM holds a program. board_boot() powers it through the bootloader;
// board_run() runs app code. Both end when the program returns, halts or the power goes. After anything but a
// return, RAM is gone: nothing of it reaches the next boot.
#ifndef SIM_HW_BOARD_H
#define SIM_HW_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/firmware.h"
#include "../../ota/port.h"
#include "../base/error.h"
#include "flash.h"
#include "journal.h"
#include "network.h"
#include "nor_chip.h"
#include "nv_state.h"
#include "tear.h"

struct board;

struct guest_files;

struct board_config {
    struct nor_chip chip;
    const struct chip_target *target;
    struct firmware_build bootloader;
    struct firmware_build app;
    // The second-stage bootloader, which every reset runs: bootloader_boot of ota/ or one that keeps its contract.
    // NULL: a board that is never booted.
    void (*boot)(void);
    // Bootloaders that may lie in flash, for a `boot` that begins with ROM; the board takes a copy.
    const struct known_bootloader *bootloaders;
    uint32_t bootloader_count;
    // For a `boot` that is executed (sim/machine); borrowed, NULL: none.
    const struct buffer *mask_rom; // the ELF file of the ROM below it
    const char *boot_elf;          // path of the ELF file of its program: names and lines for its log
    const struct machine_debugger *debugger; // looks into boots that somebody listens to
    struct board_network network;            // without a driver: there is none
    // The user's own code, for boards whose apps or bootloader it is (sim/guest); borrowed, NULL: none.
    const struct guest_files *guests;
    uint8_t guest_fill; // what its memory holds that it never initialised
};

// The board's flash is erased, its eFuse blank but for the chip revision (chip_target.revision).
// Never NULL.
struct board *board_new(const struct board_config *config);
// Another one of the same making, with the same caches; its contents are a new board's.
struct board *board_new_like(const struct board *board);
void board_free(struct board *board);

const struct board_config *board_config(const struct board *board);

// ---- what is in it: for provisioning, expectations and reports, not for firmware ----------------

struct flash *board_flash(struct board *board);
struct firmware *board_ram(struct board *board);
uint32_t board_efuse(const struct board *board, enum port_efuse field);
void board_efuse_set(struct board *board, enum port_efuse field, uint32_t value); // provisioning: any value
uint32_t board_erase_count(const struct board *board, uint32_t address); // erases of that sector so far

struct board_statistics {
    uint64_t reads, read_bytes;
    uint64_t programs, program_bytes; // operations of the chip
    uint64_t sector_erases, block_erases;
    uint64_t efuse_burns;
    uint64_t boots;
    uint64_t power_cuts, injected_faults;
};
const struct board_statistics *board_statistics(const struct board *board);
// Reads since board_load that met cells which need not show what the flash holds, and so may differ the next
// time.
uint64_t board_disturbed_reads(const struct board *board);
uint64_t board_time_ns(const struct board *board);
void board_time_pass(struct board *board, uint64_t ns); // the app waits
const struct journal *board_journal(const struct board *board);
void board_journal_clear(struct board *board);
void board_journal_enable(struct board *board,
                          bool enabled); // off: operations are counted and timed, not recorded
void board_step_set(struct board *board, uint32_t step); // recorded in the journal's entries from now on

// Pins from the next boot on.
void board_pin_hold(struct board *board, enum port_pin pin, uint32_t ms);

// Console lines of the firmware; NULL: nobody listens (fast).
typedef void board_listener(void *context, enum port_log_level level, const char *tag, const char *line);
void board_listen(struct board *board, board_listener *listener, void *context);

// ---- running ------------------------------------------------------------------------------------

enum board_end {
    BOARD_RETURNED,    // the program came back; RAM is as it left it
    BOARD_RESTARTED,   // esp_restart, or the bootloader gave up
    BOARD_PANICKED,    // abort or assertion
    BOARD_CRASHED,     // CPU exception
    BOARD_HUNG,        // nothing went on until a watchdog reset the chip
    BOARD_SLEEPING,    // deep sleep
    BOARD_WATCHDOG,    // a planned reset came due: by a watchdog,
    BOARD_BROWNED_OUT, // or by the brown-out detector (by a panic: BOARD_PANICKED)
    BOARD_POWER_LOST,  // a planned cut came due
    BOARD_NOT_MODELLED // the program did what nobody knows the outcome of: no verdict may rest on it
};

const char *board_end_name(enum board_end end); // "restarted"

// Runs code on the board until it returns or is stopped. `why` (may be NULL) gets a literal that says why it
// was stopped.
enum board_end board_run(struct board *board, void (*program)(void *context), void *context,
                         const char **why);

// For programs with stacks of their own (sim/guest), while they run. When such a program is to end, `leave` is called on
// the stack that it happens to be on. It returns when that is the one which board_run was called on, and otherwise goes
// there and calls board_escape, which ends what was to end.
void board_program_leaves_by(void (*leave)(void *context), void *context);
_Noreturn void board_escape(void);

// And for those whose tasks take turns: after each operation of the chip, `between` is called, where the program may go on
// elsewhere; erases of many sectors then are so many requests. Whoever gives the turn to another task exchanges the calls that
// the two are in: `calls` gets those of the task that ran, and holds those of the one that runs from now on.
#define BOARD_CALLS_MAX 16u
struct board_calls {
    uint32_t depth;
    const char *names[BOARD_CALLS_MAX]; // outermost first
};
void board_program_between_operations(void (*between)(void *context), void *context);
// Asked before each operation, which place in the program's own code it comes from.
void board_program_tells_origin(struct journal_origin (*origin)(void *context), void *context);
void board_program_exchange_calls(struct board_calls *calls);
const char *board_program_call(void); // the outermost call that the program is in; NULL: none

// Runs code on the board that only asks: when it has returned, RAM, clock, counts and planned faults are as if
// it had not run. What it reads is seen by the observer.
enum board_end board_ask(struct board *board, void (*program)(void *context), void *context);

// For programs that are executed, not called (sim/machine), while they run: `ns` pass, or the program ends with
// BOARD_NOT_MODELLED and says why.
void board_program_pass_time(uint64_t ns);
__attribute__((format(printf, 1, 2))) _Noreturn void board_stop_not_modelled(const char *format, ...);

// What was said last; "": no program has ended so since board_new or board_load. Whoever gives a verdict has to ask.
const char *board_not_modelled(const struct board *board);

// What belongs to the running board from boot to boot and is no part of the chip: the machine that executes its bootloader, the
// instances of the user's own code. `free` is called with `state` when the board goes.
enum board_attachment_place { BOARD_MACHINE, BOARD_GUESTS, BOARD_ATTACHMENTS };
struct board_attachment {
    void *state;
    void (*free)(void *state);
};
struct board_attachment *board_attachment(enum board_attachment_place place);
const struct board_config *board_running_config(void);
// Of the running board: another one each time that its retained memory was lost.
uint64_t board_retained_epoch(void);

// One boot attempt: clears RAM, sets the reset reason, runs the second-stage bootloader (board_config.boot).
// BOARD_RETURNED: an image was started, see board_ram()->running_address; the board is ready for
// board_run. Otherwise nothing runs.
enum board_end board_boot(struct board *board, enum port_reset_reason reason, const char **why);

// RAM as the bootloader leaves it to the app that it started at `address` (of a partition of `size` bytes);
// what else that app had in RAM before is gone. The board is ready for board_run.
void board_enter_app(struct board *board, uint32_t address, uint32_t size);

// The app that runs was built with these options (copied) rather than with board_config.app: until the next reset.
void board_app_is_built(struct board *board, const struct firmware_build *build);

// What the next start is taken for, as the state that was loaded says.
enum port_reset_reason board_next_reset_reason(const struct board *board);

// Which reset reason follows from how the last program ended.
enum port_reset_reason board_reset_reason_after(enum board_end end);

// Power goes now, between two programs: RAM, retained memory and mappings are lost.
void board_power_off(struct board *board);

// ---- who is at work, as it happens: for traces --------------------------------------------------

struct board_tracer {
    void *context;
    void (*boot_begins)(void *context, enum port_reset_reason reason);
    void (*call_begins)(void *context, const char *name); // a firmware function; a literal
    void (*call_ends)(void *context);                     // the one that began last
    // The bootloader, or a program of board_run. Calls that it was in end with it.
    void (*program_ends)(void *context, enum board_end end);
};

// Tells `tracer` (borrowed; NULL: nobody, the default) from now on.
void board_trace(struct board *board, const struct board_tracer *tracer);

// ---- faults -------------------------------------------------------------------------------------

// The power goes at operation `number` (counted over the board's life, see journal.h) in the way `tear` says.
// One cut at a time; TEAR_CLEAN: right before it. Fires once.
void board_cut_at_operation(struct board *board, uint64_t number, const struct tear *tear);

// The power goes at a simulated time: an operation running then is cut in proportion (a program at that byte;
// an erase first while it fills with zeros, then while cells come back), else the next access finds the power
// gone.
void board_cut_at_time(struct board *board, uint64_t time_ns);

// The cut that is planned is no loss of power but a reset, which ends the program with `end` (BOARD_PANICKED,
// BOARD_WATCHDOG, BOARD_BROWNED_OUT). RAM is gone, RTC memory stays. The flash chip ends the operation that it is at;
// what is sent to it meanwhile it ignores (NP-14), so that ROM finds no bootloader until then, and tries again: the
// boot that follows begins when the operation has ended. An eFuse burn is not begun.
void board_cut_is_reset(struct board *board, enum board_end end);
bool board_cut_pending(const struct board *board);
void board_cut_cancel(struct board *board);
uint64_t board_operations(const struct board *board); // so far; the next operation's number

enum io_fault_kind { IO_READ_ERROR, IO_PROGRAM_ERROR, IO_PROGRAM_DROPPED, IO_ERASE_ERROR, IO_ERASE_DROPPED };

// The n-th read request / program / erase operation from now on (1 = the next) is hit. Several may be
// pending.
void board_io_fault(struct board *board, enum io_fault_kind kind, uint64_t nth);
uint32_t board_io_faults_pending(const struct board *board);

// A cell that always reads `value`, or cells that read differently each time. `mask` selects bits of the
// byte.
void board_stuck_bits(struct board *board, uint32_t address, uint8_t mask, bool value);
void board_unstable_bits(struct board *board, uint32_t address, uint8_t mask, uint64_t seed);

// ---- everything that survives a power cut -------------------------------------------------------

// `out` is uninitialised before; takes microseconds.
void board_save(const struct board *board, struct nv_state *out);

// RAM, clock, statistics, journal and planned faults start afresh.
void board_load(struct board *board, const struct nv_state *state);

// ---- what a program read before it wrote it (for memoisation) -----------------------------------

// Called for every read of bytes whose contents the program did not itself determine since board_observe:
// whole sectors erased since then are its own. Also for eFuse fields, retained memory and the reset reason.
// NULL: nobody watches.
struct board_answer {
    enum board_end end; // BOARD_RETURNED: there is an answer; else the question ended the program so
    struct port_answer answer;
    struct content_hash more; // of what belongs to the answer besides; 0: nothing
};

struct board_observer {
    void *context;
    void (*flash)(void *context, uint32_t address, uint32_t length);
    void (*efuse)(void *context, enum port_efuse field);
    void (*retained)(void *context);
    void (*reset_reason)(void *context);
    // The program learned the answer of a question (port_ask) and nothing else of what was read to find it.
    // `answer` is NULL: that could not be kept apart, the reads follow one by one. NULL: questions are never
    // kept apart.
    // `burned`: eFuse bits, by field, that the program has burned since board_observe; they count as well.
    void (*question)(void *context, const struct port_question *question, const struct port_subject *subject,
                     const uint32_t burned[PORT_EFUSE_FIELDS], const struct board_answer *answer);
    // As `flash`, of reads that learn no more than a record's gist (port_flash_read_record). NULL: they are told as
    // all others.
    void (*record)(void *context, uint32_t address, uint32_t length);
};
void board_observe(struct board *board, const struct board_observer *observer);

// True when the program has, since board_observe, programmed the sector of `address` without having erased it before.
bool board_mixed_sector(const struct board *board, uint32_t address);

// ---- questions, asked from outside --------------------------------------------------------------

// What the answer of a question depends on. A seal stands for all bytes of `length` from `address` and the
// digest behind them, of which only one thing was learned: whether it is whole.
struct asked_read {
    enum asked_read_kind { ASKED_FLASH, ASKED_EFUSE, ASKED_SEAL } kind;
    uint32_t address, length; // ASKED_EFUSE: the field, 0
    bool whole;               // ASKED_SEAL
};

struct asked { // `reads`: borrowed, until the board is next asked
    struct board_answer answer;
    const struct asked_read *reads;
    size_t read_count;
};

// Asks a question about other contents than the board's own, at no time and unseen. False: the question
// reads beyond its subject, so that no answer could stand for its reads.
bool board_find_answer(struct board *board, const struct flash *flash,
                       const uint32_t efuse[PORT_EFUSE_FIELDS], const struct port_question *question,
                       const struct port_subject *subject, struct asked *out);

// Images that are known by their digests (seals.h), for questions; borrowed. NULL, the default: none.
struct seals;
void board_use_seals(struct board *board, struct seals *seals);

// Reads flash as an expectation does: no time passes, nothing is counted, but the observer sees it.
void board_inspect(struct board *board, uint32_t address, void *buffer, uint32_t length);
// As port_flash_read_record does.
void board_inspect_record(struct board *board, uint32_t address, void *buffer, uint32_t length);
uint32_t board_inspect_efuse(struct board *board, enum port_efuse field);
void board_inspect_sha256(struct board *board, uint32_t address, uint32_t length, uint8_t sha256[32]);

// Contents that programs are likely to make (flash_program_sharing): borrowed, must outlive the board or be
// replaced; NULL: none (the default).
void board_share_with(struct board *board, const struct flash *likely);

// Digests are remembered there (digest_cache.h); borrowed. NULL (the default): always computed.
struct digest_cache;
void board_use_digest_cache(struct board *board, struct digest_cache *cache);

#endif
