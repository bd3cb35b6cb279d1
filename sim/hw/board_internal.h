// The board's inside, shared by the files that implement it. Nobody else includes this.
#ifndef SIM_HW_BOARD_INTERNAL_H
#define SIM_HW_BOARD_INTERNAL_H

#include <setjmp.h>

#include "board.h"
#include "digest_cache.h"

#define SECTORS_MAX (NOR_SIZE_MAX / NOR_SECTOR_SIZE)

struct mapping { // a range mapped for reading, kept up to date while the program lives
    struct mapping *next;
    uint32_t address, length;
    uint8_t bytes[];
};

struct io_fault {
    enum io_fault_kind kind;
    uint64_t due; // the count of requests or operations at which it strikes
};

struct stuck_bits {
    uint32_t address;
    uint8_t mask;
    bool value;
};

struct asking { // a question under way (port_question.c)
    bool active;
    bool from_outside;   // by board_find_answer
    bool spoiled;        // it looks at more than it said
    uint32_t start, end; // of its subject
    const struct port_question *question;
    const struct port_subject *subject;
    struct asked_read *reads; // owned
    size_t count, capacity;
    size_t before_seal; // reads before a seal that is being checked
};

struct board {
    struct board_config config;
    struct nv_state nv;
    struct firmware ram;
    struct firmware_build own_build; // of the app that runs, when it is not config.app

    uint64_t time_ns;
    uint64_t operations;
    struct board_statistics statistics;
    struct journal journal;
    bool journal_off;
    struct journal_entry unrecorded; // stands in for an entry while the journal is off
    uint32_t step;
    struct board_calls calls;             // of the firmware that the program is in
    uint32_t *erase_counts;               // one a sector
    struct known_bootloader *bootloaders; // config's; owned

    // The running program.
    bool running;
    uint64_t retained_epoch;
    jmp_buf escape;               // where port_halt and a loss of power go
    void (*leave)(void *context); // how the program leaves stacks of its own first; NULL: it has none
    void *leave_context;
    struct journal_origin (*origin)(void *context); // NULL: the program has no code of its own
    void *origin_context;
    void (*between)(void *context); // after each operation; NULL: the program has no tasks
    void *between_context;
    enum board_end end;
    const char *end_why;
    struct board_attachment attachments[BOARD_ATTACHMENTS];
    char not_modelled[320]; // what end_why is then
    struct mapping *mappings;
    uint32_t pin_hold_ms[PORT_PINS];
    board_listener *listener;
    void *listener_context;
    const struct board_tracer *tracer;

    // The network, once a program has asked for it.
    void *network; // the driver's
    struct http_ram *http;
    const struct board_ear *ear;
    void (*called)(void *context, const char *name);
    void *called_context;

    // Faults.
    bool cut_at_operation, cut_at_time;
    uint64_t cut_operation, cut_time_ns;
    struct tear cut_tear;
    enum board_end cut_end; // how the program ends then: BOARD_POWER_LOST, or by a reset
    struct io_fault *io_faults;
    uint32_t io_fault_count;
    uint64_t io_reads, io_programs, io_erases; // requests and operations tried so far, for io_fault.due
    struct stuck_bits *stuck;
    uint32_t stuck_count;
    uint64_t disturbed_reads;

    // Who watches what is read.
    struct board_observer observer;
    bool observed;
    struct asking asking;
    struct seals *seals;
    uint64_t touched_sectors[SECTORS_MAX / 64]; // changed by the program since board_observe
    uint32_t burned[PORT_EFUSE_FIELDS];         // eFuse bits, likewise
    uint64_t mixed_sectors[SECTORS_MAX / 64];   // programmed by it over what stood there
    // erased by the program since board_load: their contents are its own
    uint64_t own_sectors[SECTORS_MAX / 64];
    struct digest_cache *digests;
    const struct flash *likely; // contents that programs are likely to make
};

// The board that this thread runs.
struct board *board_current(void);

// The power goes now, or the reset comes that was planned: never returns.
_Noreturn void board_lose_power(struct board *board);

// Ends the running program: never returns.
_Noreturn void board_stop(struct board *board, enum board_end end, const char *why);

void board_release_mappings(struct board *board);

// The call that operations are told by; NULL: none.
const char *board_outer_call(const struct board *board);

void board_reset_network(struct board *board);
void board_free_network(struct board *board);

// Tells the observer about a read of flash that depends on what was there before the program ran.
void board_note_read(struct board *board, uint32_t address, uint32_t length);

// The same about the read of a record.
void board_note_record(struct board *board, uint32_t address, uint32_t length);

// What every read does before it looks at the cells; false: the chip reports an error.
bool board_begin_read(struct board *board, uint32_t address, uint32_t length);

// The same while a question is asked: the read is put aside.
void board_note_asked(struct board *board, enum asked_read_kind kind, uint32_t address, uint32_t length);

// A program that ends within a question: that is the answer.
void board_end_question(struct board *board, enum board_end end);

// Reads cells as the chip shows them: with stuck and unstable bits.
void board_read_cells(struct board *board, uint32_t address, void *buffer, uint32_t length);

// True when a read of the range would not show just what the flash holds.
bool board_cells_disturbed(const struct board *board, uint32_t address, uint32_t length);

#endif
