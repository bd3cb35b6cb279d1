// ota/port.h's flash: the driver's requests become operations of the chip, with time, journal, faults and
// power cuts.
#include "board_internal.h"
#include "fault_model.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/buffer.h"

// ---- reading ------------------------------------------------------------------------------------

static bool own_sector(const struct board *board, uint32_t address) {
    uint32_t sector = address / NOR_SECTOR_SIZE;
    return (board->own_sectors[sector / 64] >> (sector % 64)) & 1;
}

static void note_read(struct board *board, uint32_t address, uint32_t length,
                      void (*tell)(void *context, uint32_t address, uint32_t length)) {
    uint32_t size = board->config.chip.size;
    assert(length <= size && address <= size - length && "callers check bounds");
    if (board->asking.active)
        board_note_asked(board, ASKED_FLASH, address, length);
    if (!board->observed || board->asking.active)
        return;
    uint32_t end = address + length;
    while (address < end) { // runs of bytes that the program did not erase itself
        uint32_t run = address;
        while (run < end && !own_sector(board, run))
            run = (run | (NOR_SECTOR_SIZE - 1)) + 1;
        if (run > end)
            run = end;
        if (run > address)
            tell(board->observer.context, address, run - address);
        address = run < end ? (run | (NOR_SECTOR_SIZE - 1)) + 1 : end;
    }
}

void board_note_read(struct board *board, uint32_t address, uint32_t length) {
    note_read(board, address, length, board->observer.flash);
}

void board_note_record(struct board *board, uint32_t address, uint32_t length) {
    note_read(board, address, length,
              board->observer.record != NULL ? board->observer.record : board->observer.flash);
}

bool board_cells_disturbed(const struct board *board, uint32_t address, uint32_t length) {
    for (uint32_t i = 0; i < board->stuck_count; i++)
        if (board->stuck[i].address >= address && board->stuck[i].address - address < length)
            return true;
    return unstable_touches(board->nv.unstable, address, length);
}

// Makes what the flash holds what the read of that number shows.
static void disturb(const struct board *board, uint64_t number, uint32_t address, uint8_t *bytes,
                    uint32_t length) {
    unstable_disturb(board->nv.unstable, number, address, bytes, length);
    for (uint32_t i = 0; i < board->stuck_count; i++) {
        const struct stuck_bits *stuck = &board->stuck[i];
        if (stuck->address < address || stuck->address - address >= length)
            continue;
        uint8_t *byte = &bytes[stuck->address - address];
        *byte = stuck->value ? *byte | stuck->mask : *byte & (uint8_t)~stuck->mask;
    }
}

void board_read_cells(struct board *board, uint32_t address, void *buffer, uint32_t length) {
    flash_read(&board->nv.flash, address, buffer, length);
    if (board->stuck_count == 0 && board->nv.unstable == NULL)
        return;
    if (board_cells_disturbed(board, address, length))
        disturb(board, board->disturbed_reads++, address, buffer, length);
}

// Takes a planned fault out of the list when it is due.
static bool strikes(struct board *board, enum io_fault_kind kind, uint64_t count) {
    for (uint32_t i = 0; i < board->io_fault_count; i++) {
        if (board->io_faults[i].kind == kind && board->io_faults[i].due == count) {
            board->io_faults[i] = board->io_faults[--board->io_fault_count];
            board->statistics.injected_faults++;
            return true;
        }
    }
    return false;
}

static void power_must_be_on(struct board *board) {
    if (board->cut_at_time && board->time_ns >= board->cut_time_ns)
        board_lose_power(board);
}

// What every read request does; false: the chip reports an error.
static bool request_read(struct board *board, uint32_t length) {
    power_must_be_on(board);
    board->statistics.reads++;
    board->statistics.read_bytes += length;
    board->time_ns += (uint64_t)length * 1000 / board->config.chip.read_bytes_per_us;
    board->io_reads++;
    return board->io_fault_count == 0 || !strikes(board, IO_READ_ERROR, board->io_reads);
}

bool board_begin_read(struct board *board, uint32_t address, uint32_t length) {
    bool good = request_read(board, length);
    board_note_read(board, address, length);
    return good;
}

// ---- addresses beyond the chip's end, which go on at its beginning -------------------------------

static bool inside(const struct board *board, uint32_t address, uint32_t length) {
    return (uint64_t)address + length <= board->config.chip.size;
}

// The address that the chip takes, and in *length how many bytes come before its end.
static uint32_t fold(const struct board *board, uint32_t address, uint32_t *length) {
    address %= board->config.chip.size;
    if (*length > board->config.chip.size - address)
        *length = board->config.chip.size - address;
    return address;
}

static bool read_folded(struct board *board, uint32_t address, uint8_t *bytes, uint32_t length) {
    for (uint32_t done = 0; done < length;) {
        uint32_t part = length - done, from = fold(board, address + done, &part);
        if (!board_begin_read(board, from, part))
            return false;
        board_read_cells(board, from, bytes + done, part);
        done += part;
    }
    return true;
}

bool port_flash_read(uint32_t address, void *buffer, uint32_t length) {
    struct board *board = board_current();
    if (!inside(board, address, length))
        return read_folded(board, address, buffer, length);
    if (!board_begin_read(board, address, length))
        return false;
    board_read_cells(board, address, buffer, length);
    return true;
}

bool port_flash_read_record(uint32_t address, void *buffer, uint32_t length) {
    struct board *board = board_current();
    if (!inside(board, address, length))
        return read_folded(board, address, buffer, length);
    bool good = request_read(board, length);
    board_note_record(board, address, length);
    if (good)
        board_read_cells(board, address, buffer, length);
    return good;
}

static bool sha256_folded(struct board *board, uint32_t address, uint32_t length, uint8_t sha256[32]) {
    uint8_t *bytes = memory_new(length);
    bool done = read_folded(board, address, bytes, length);
    if (done)
        (void)EVP_Digest(bytes, length, sha256, NULL, EVP_sha256(), NULL);
    free(bytes);
    return done;
}

bool port_flash_sha256(uint32_t address, uint32_t length, uint8_t sha256[32]) {
    struct board *board = board_current();
    if (!inside(board, address, length))
        return sha256_folded(board, address, length, sha256);
    if (!board_begin_read(board, address, length))
        return false;
    if (!board_cells_disturbed(board, address, length)) {
        digest_of_range(board->digests, &board->nv.flash, address, length, sha256);
        return true;
    }
    uint8_t *bytes = memory_new(length);
    board_read_cells(board, address, bytes, length);
    (void)EVP_Digest(bytes, length, sha256, NULL, EVP_sha256(), NULL);
    free(bytes);
    return true;
}

// What a read of the range would show instead of what the flash holds, sector by sector: few are disturbed.
static uint8_t xor_of_disturbed(struct board *board, uint32_t address, uint32_t length) {
    uint8_t sum = checksum_of_range(board->digests, &board->nv.flash, address, length);
    uint64_t number = board->disturbed_reads++;
    for (uint32_t end = address + length, part; address < end; address += part) {
        uint8_t bytes[NOR_SECTOR_SIZE];
        part = NOR_SECTOR_SIZE - address % NOR_SECTOR_SIZE;
        part = part < end - address ? part : end - address;
        if (!board_cells_disturbed(board, address, part))
            continue;
        flash_read(&board->nv.flash, address, bytes, part);
        sum ^= xor_of_bytes(bytes, part);
        disturb(board, number, address, bytes, part);
        sum ^= xor_of_bytes(bytes, part);
    }
    return sum;
}

static uint8_t xor_of_cells(struct board *board, uint32_t address, uint32_t length) {
    board_note_read(board, address, length);
    return board_cells_disturbed(board, address, length)
               ? xor_of_disturbed(board, address, length)
               : checksum_of_range(board->digests, &board->nv.flash, address, length);
}

// Read when somebody asks for the value, cells that read differently each time as well: what a program that
// never asks has read must not depend on how cells are.
static bool checksum_inside(struct board *board, uint32_t address, uint32_t length,
                            struct port_checksum *sum) {
    if (!request_read(board, length))
        return false;
    if (sum->count == PORT_CHECKSUM_RANGES) {
        sum->start ^= xor_of_cells(board, address, length);
        return true;
    }
    sum->ranges[sum->count].address = address;
    sum->ranges[sum->count++].length = length;
    return true;
}

bool port_flash_checksum(uint32_t address, uint32_t length, struct port_checksum *sum) {
    struct board *board = board_current();
    for (uint32_t done = 0; done < length;) {
        uint32_t part = length - done, from = fold(board, address + done, &part);
        if (!checksum_inside(board, from, part, sum))
            return false;
        done += part;
    }
    return true;
}

uint8_t port_checksum_value(const struct port_checksum *sum) {
    uint8_t value = sum->start;
    for (uint32_t i = 0; i < sum->count; i++)
        value ^= xor_of_cells(board_current(), sum->ranges[i].address, sum->ranges[i].length);
    return value;
}

uint32_t port_flash_size(void) {
    return board_current()->config.chip.size;
}

// ---- mappings -----------------------------------------------------------------------------------

const void *port_flash_map(uint32_t address, uint32_t length) {
    struct board *board = board_current();
    if (!inside(board, address, length) || !board_begin_read(board, address, length))
        return NULL;
    struct mapping *mapping = memory_new(sizeof *mapping + length);
    *mapping = (struct mapping){.next = board->mappings, .address = address, .length = length};
    board->mappings = mapping;
    board_read_cells(board, address, mapping->bytes, length);
    return mapping->bytes;
}

void port_flash_unmap(const void *bytes) {
    struct board *board = board_current();
    for (struct mapping **place = &board->mappings; *place != NULL; place = &(*place)->next) {
        if ((*place)->bytes == bytes) {
            struct mapping *mapping = *place;
            *place = mapping->next;
            free(mapping);
            return;
        }
    }
}

static void refresh_mappings(struct board *board, uint32_t address, uint32_t length) {
    for (struct mapping *mapping = board->mappings; mapping != NULL; mapping = mapping->next)
        if (mapping->address < address + length && address < mapping->address + mapping->length)
            board_read_cells(board, mapping->address, mapping->bytes, mapping->length);
}

// ---- changing -----------------------------------------------------------------------------------

static void touch(struct board *board, uint32_t address, uint32_t length) {
    for (uint32_t sector = address / NOR_SECTOR_SIZE; sector <= (address + length - 1) / NOR_SECTOR_SIZE;
         sector++)
        board->touched_sectors[sector / 64] |= (uint64_t)1 << (sector % 64);
}

// What is programmed lies over what an earlier program left there, unless this one erased it.
static void mix(struct board *board, uint32_t address, uint32_t length) {
    for (uint32_t sector = address / NOR_SECTOR_SIZE; sector <= (address + length - 1) / NOR_SECTOR_SIZE;
         sector++)
        if (!own_sector(board, sector * NOR_SECTOR_SIZE))
            board->mixed_sectors[sector / 64] |= (uint64_t)1 << (sector % 64);
}

static void own(struct board *board, uint32_t address, uint32_t length) {
    uint32_t first = address / NOR_SECTOR_SIZE, end = (address + length) / NOR_SECTOR_SIZE;
    for (uint32_t sector = first; sector < end; sector++) {
        board->own_sectors[sector / 64] |= (uint64_t)1 << (sector % 64);
        board->erase_counts[sector]++;
    }
}

// Writes into the journal; time passes.
static struct journal_entry *record(struct board *board, enum journal_kind kind, uint32_t address,
                                    uint32_t length, const void *data, enum journal_result result) {
    struct journal_entry *entry = &board->unrecorded;
    board->journal.operations = board->operations;
    if (board->journal_off)
        *entry = journal_measure(&board->config.chip, kind, address, length);
    else
        entry = journal_append(&board->journal, kind, address, length, data);
    entry->retained = board->journal_off ? 0 : journal_retained_row(&board->journal, board->nv.retained);
    entry->result = result;
    entry->step = board->step;
    entry->call = board->calls.depth == 0 ? "" : board_outer_call(board);
    if (board->origin != NULL)
        entry->origin = board->origin(board->origin_context);
    entry->start_ns = board->time_ns;
    board->time_ns += entry->duration_ns;
    board->operations += entry->operation_count;
    return entry;
}

// Carries out a run of operations that nothing disturbs.
static void carry_out(struct board *board, enum journal_kind kind, uint32_t address, uint32_t length,
                      const uint8_t *data) {
    const struct journal_entry *entry = record(board, kind, address, length, data, JOURNAL_DONE);
    touch(board, address, length);
    if (kind == JOURNAL_PROGRAM) {
        mix(board, address, length);
        board->io_programs += entry->operation_count;
        board->statistics.programs += entry->operation_count;
        board->statistics.program_bytes += length;
        flash_program_sharing(&board->nv.flash, board->likely, address, data, length);
        unstable_programmed(&board->nv.unstable, address, data, length);
        return;
    }
    uint32_t sectors = length / NOR_SECTOR_SIZE, per_block = NOR_BLOCK_SIZE / NOR_SECTOR_SIZE;
    uint32_t blocks =
        (sectors - entry->operation_count) / (per_block - 1); // operations = blocks + sectors - 16 * blocks
    board->io_erases += entry->operation_count;
    board->statistics.block_erases += blocks;
    board->statistics.sector_erases += entry->operation_count - blocks;
    flash_erase(&board->nv.flash, address, length);
    unstable_erased(&board->nv.unstable, address, length);
    own(board, address, length);
}

// The tear that a cut at a moment of an operation makes.
static struct tear tear_in_proportion(enum journal_kind kind, uint32_t length, uint64_t done_ns,
                                      uint64_t all_ns) {
    if (kind == JOURNAL_PROGRAM)
        return (struct tear){.kind = TEAR_PREFIX, .a = (uint32_t)(length * done_ns / all_ns)};
    if (kind == JOURNAL_EFUSE)
        return (struct tear){.kind = TEAR_CLEAN};
    uint64_t half = all_ns / 2; // first all cells go to 0, then they come back (NP-3)
    if (done_ns < half)
        return (struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = (uint32_t)(length * done_ns / half)};
    return (struct tear){.kind = TEAR_ERASE_PARTIAL,
                         .a = (uint32_t)(256 * (done_ns - half) / (all_ns - half))};
}

// Cuts the power at this operation when that is planned.
static void maybe_cut(struct board *board, enum journal_kind kind, uint32_t address, uint32_t length,
                      const uint8_t *data, enum port_efuse field) {
    uint64_t duration = journal_operation_ns(&board->config.chip, kind, length);
    struct tear tear = board->cut_tear;
    if (board->cut_at_time && board->cut_time_ns < board->time_ns + duration) {
        uint64_t done = board->cut_time_ns > board->time_ns ? board->cut_time_ns - board->time_ns : 0;
        tear = tear_in_proportion(kind, length, done, duration);
    } else if (!board->cut_at_operation || board->cut_operation != board->operations) {
        return;
    }
    if (board->cut_end != BOARD_POWER_LOST && kind != JOURNAL_EFUSE) {
        carry_out(board, kind, address, length, data); // the chip goes on by itself (NP-14)
    } else if (board->cut_end == BOARD_POWER_LOST && tear.kind != TEAR_CLEAN) {
        struct journal_entry *entry = record(board, kind, address, length, data, JOURNAL_TORN);
        entry->field = field;
        struct journal_operation operation = {
            .kind = kind, .address = address, .length = length, .data = data, .entry = entry};
        nv_state_apply_torn(&board->nv, &operation, &tear);
    }
    board_lose_power(board);
}

// An operation that a fault keeps from happening.
static void misfire(struct board *board, enum journal_kind kind, uint32_t address, uint32_t length,
                    const uint8_t *data, enum journal_result result) {
    (void)record(board, kind, address, length, data, result);
    if (kind == JOURNAL_PROGRAM)
        board->io_programs++;
    else
        board->io_erases++;
}

// A request in which something may go wrong: operation by operation, undisturbed runs kept together in the
// journal.
static bool carry_out_carefully(struct board *board, enum journal_kind kind, uint32_t address,
                                uint32_t length, const uint8_t *data) {
    bool program = kind == JOURNAL_PROGRAM, continues = false;
    for (uint32_t within = 0; within < length;) {
        uint32_t part = journal_operation_length(kind, address, length, within);
        const uint8_t *bytes = program ? data + within : NULL;
        maybe_cut(board, kind, address + within, part, bytes, PORT_EFUSE_FIELDS);
        uint64_t tried = (program ? board->io_programs : board->io_erases) + 1;
        bool failed = strikes(board, program ? IO_PROGRAM_ERROR : IO_ERASE_ERROR, tried);
        if (failed || strikes(board, program ? IO_PROGRAM_DROPPED : IO_ERASE_DROPPED, tried))
            misfire(board, kind, address + within, part, bytes, failed ? JOURNAL_FAILED : JOURNAL_DROPPED);
        else
            carry_out(board, kind, address + within, part, bytes);
        if (!board->journal_off)
            board->journal.entries[board->journal.count - 1].continues = continues;
        continues = true;
        within += part;
        refresh_mappings(board, address, within);
        if (failed)
            return false;
    }
    return true;
}

// Whether a planned cut or fault could strike within a request.
static bool may_be_disturbed(const struct board *board, enum journal_kind kind, uint32_t address,
                             uint32_t length) {
    if (board->io_fault_count != 0 || board->cut_at_time)
        return true;
    if (!board->cut_at_operation)
        return false;
    struct journal_entry whole = journal_measure(&board->config.chip, kind, address, length);
    return board->cut_operation - board->operations <
           whole.operation_count; // a cut already behind wraps to a large number
}

static bool request(struct board *board, enum journal_kind kind, uint32_t address, uint32_t length,
                    const uint8_t *data) {
    uint32_t size = board->config.chip.size;
    assert(length <= size && address <= size - length && "callers check bounds");
    assert(kind == JOURNAL_PROGRAM || (address | length) % NOR_SECTOR_SIZE == 0);
    power_must_be_on(board);
    if (length == 0)
        return true;
    if (may_be_disturbed(board, kind, address, length))
        return carry_out_carefully(board, kind, address, length, data);
    carry_out(board, kind, address, length, data);
    if (board->mappings != NULL)
        refresh_mappings(board, address, length);
    return true;
}

// One request, or one a part when it goes over the chip's end.
static bool request_folded(struct board *board, enum journal_kind kind, uint32_t address, uint32_t length,
                           const uint8_t *data) {
    if (inside(board, address, length))
        return request(board, kind, address, length, data);
    for (uint32_t done = 0; done < length;) {
        uint32_t part = length - done, from = fold(board, address + done, &part);
        if (!request(board, kind, from, part, data == NULL ? NULL : data + done))
            return false;
        done += part;
    }
    return true;
}

// Other tasks of the program may get their turn.
static void between_operations(struct board *board) {
    if (board->between != NULL)
        board->between(board->between_context);
}

bool port_flash_write(uint32_t address, const void *data, uint32_t length) {
    struct board *board = board_current();
    bool good = request_folded(board, JOURNAL_PROGRAM, address, length, data);
    between_operations(board);
    return good;
}

// The driver gives up the processor between two erases, so that tasks see flash in between.
bool port_flash_erase(uint32_t address, uint32_t length) {
    struct board *board = board_current();
    if (board->between == NULL)
        return request_folded(board, JOURNAL_ERASE, address, length, NULL);
    for (uint32_t within = 0; within < length;) {
        uint32_t part = journal_operation_length(JOURNAL_ERASE, address, length, within);
        bool good = request_folded(board, JOURNAL_ERASE, address + within, part, NULL);
        between_operations(board);
        if (!good)
            return false;
        within += part;
    }
    return true;
}

// ---- eFuse --------------------------------------------------------------------------------------

uint32_t port_efuse_read(enum port_efuse field) {
    assert(field < PORT_EFUSE_FIELDS);
    return board_inspect_efuse(board_current(), field);
}

bool port_efuse_burn(enum port_efuse field, uint32_t bits) {
    struct board *board = board_current();
    power_must_be_on(board);
    uint32_t before = board_inspect_efuse(board, field);
    if ((before & bits) != 0)
        return false; // programming a burned bit again is refused (EF-13)
    if (bits == 0)
        return true;
    maybe_cut(board, JOURNAL_EFUSE, bits, before | bits, NULL, field);
    record(board, JOURNAL_EFUSE, bits, before | bits, NULL, JOURNAL_DONE)->field = field;
    if (field != PORT_EFUSE_APP_STARTS && field != PORT_EFUSE_REQUESTS) // no product burns those
        board->statistics.efuse_burns++;
    board->burned[field] |= bits;
    board->nv.efuse[field] |= bits;
    between_operations(board);
    return true;
}
