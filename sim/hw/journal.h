// The journal: everything that changed what survives a power cut, in order.
//
// An entry is one request to the driver, or one eFuse burn. Its *operations* are what the chip does one after
// another: programs of at most 64 bytes (FL-3), sector and block erases (FL-4), burns. They follow from the
// entry by a rule, so they are not stored: walk them with a cursor. A power cut falls between two operations
// or inside one.
#ifndef SIM_HW_JOURNAL_H
#define SIM_HW_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/port.h"
#include "../base/buffer.h"
#include "nor_chip.h"

enum journal_kind { JOURNAL_PROGRAM, JOURNAL_ERASE, JOURNAL_EFUSE };

enum journal_result {
    JOURNAL_DONE,
    JOURNAL_FAILED,  // an injected fault: the operation reported an error and changed nothing
    JOURNAL_DROPPED, // an injected fault: it reported success and changed nothing
    JOURNAL_TORN     // the power went during it; `tear` of the board says how far it came
};

struct journal_entry {
    enum journal_kind kind;
    enum journal_result result; // of the whole entry: a request with a faulty operation is split around it
    bool continues;             // the same driver request as the entry before (split by a fault)
    enum port_efuse field;      // JOURNAL_EFUSE
    uint32_t address;           // bytes; JOURNAL_EFUSE: bits burned
    uint32_t length;            // bytes; JOURNAL_EFUSE: the field's value after it
    size_t data;                // JOURNAL_PROGRAM: where its bytes begin in journal.data
    uint64_t first_operation;   // number of its first operation, from 0
    uint32_t operation_count;
    uint32_t step;           // what the scenario was doing: its step's index, or what the board's owner set
    uint32_t retained;       // which row of journal.retained RTC memory was
    const char *call;        // the outermost firmware call ("esp_ota_write", "bootloader"); a literal
    struct journal_origin {  // the place in the user's own code that made that call; NULL, 0: none did
        const void *program; // its struct guest_file
        uint64_t place;
    } origin;
    uint64_t start_ns; // simulated
    uint64_t duration_ns;
};

struct journal {
    const struct nor_chip *chip; // for the operations' durations
    struct journal_entry *entries;
    size_t count, capacity;
    struct buffer data;
    struct buffer
        retained; // what RTC memory held, each time that it was something else: rows of PORT_RETAINED_SIZE
    uint64_t operations; // in all
};

struct journal_operation {
    enum journal_kind kind;
    uint64_t number;
    uint32_t address, length; // as in the entry; erase: 4096 or 65536
    const uint8_t *data;      // JOURNAL_PROGRAM; valid until the journal grows
    const uint8_t *retained;  // RTC memory meanwhile; as long
    uint64_t start_ns, duration_ns;
    const struct journal_entry *entry;
};

// Walks operations in order. Start with {.journal = j}; valid while the journal does not change.
struct journal_cursor {
    const struct journal *journal;
    size_t entry;     // of the operation that comes next
    uint32_t within;  // bytes of the entry that are behind the cursor
    uint64_t number;  // of the operation that comes next
    uint64_t time_ns; // its start, when within != 0
};

bool journal_next(struct journal_cursor *cursor, struct journal_operation *out);

// A cursor whose next operation is `number` (<= journal->operations).
struct journal_cursor journal_seek(const struct journal *journal, uint64_t number);

// An entry for a request, with its number of operations and duration, without recording it.
struct journal_entry journal_measure(const struct nor_chip *chip, enum journal_kind kind, uint32_t address,
                                     uint32_t length);

// Appends a request; `data` (programs only) is copied. Returns the new entry, to be filled with who and when;
// valid until the next one. Its duration and number of operations are set.
struct journal_entry *journal_append(struct journal *journal, enum journal_kind kind, uint32_t address,
                                     uint32_t length, const void *data);

// The row for what RTC memory holds now (PORT_RETAINED_SIZE bytes), a new one when it is not the last.
uint32_t journal_retained_row(struct journal *journal, const uint8_t *retained);

// Length of the operation that begins `within` bytes into a request: a program of at most 64 bytes that
// crosses neither a page nor the driver's chunk of 8192 bytes (FL-3, PA-61), or a sector or block erase
// (FL-4).
uint32_t journal_operation_length(enum journal_kind kind, uint32_t address, uint32_t length, uint32_t within);

// How long an operation takes on the chip.
uint64_t journal_operation_ns(const struct nor_chip *chip, enum journal_kind kind, uint32_t length);

// Forgets the entries, keeps the memory; operations go on counting from `operations`.
void journal_clear(struct journal *journal);
void journal_free(struct journal *journal);

#endif
