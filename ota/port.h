// The only door from the firmware to hardware.
//
// Everything in ota/ that touches flash, eFuse, retained memory, pins, time or the console does so through
// these functions. A simulator (sim/hw) implements them; so could a real chip. They act on the board that the
// calling thread has switched on; calling one without a board is a programming error and aborts the process.
//
// Addresses are absolute flash addresses in bytes; lengths are in bytes and 32-bit, as on the chip.
#ifndef OTA_PORT_H
#define OTA_PORT_H

#include <stdbool.h>
#include <stdint.h>

struct firmware;

// ---- RAM ----------------------------------------------------------------------------------------

// The firmware's whole mutable state. It is all zeros after every reset except for the constants that
// firmware.h lists as such; nothing outlives a reset here. Owned by the board.
struct firmware *port_ram(void);

// ---- NOR flash ----------------------------------------------------------------------------------

// Size of the flash chip in bytes (1 to 32 MiB).
uint32_t port_flash_size(void);

// Reads `length` bytes. False: the chip reported an error, the buffer's contents are unspecified. Here and
// below, addresses beyond the chip's end go on at its beginning: a chip ignores the upper bits of an address
// (CH-28, HW-21). Who must not reach there checks bounds first, since each layer has its own error code for
// that.
bool port_flash_read(uint32_t address, void *buffer, uint32_t length);

// The same, of a record (otadata.h): who reads so learns nothing of the bytes but its gist, and otherwise only writes
// them back. A simulator may then take records of the same gist for one another.
bool port_flash_read_record(uint32_t address, void *buffer, uint32_t length);

// One driver request: the driver slices it into chunks of 8192 bytes and those into programs of at most 64
// bytes that never cross a 256-byte page, ascending (FL-3, PA-61). Bits only go 1 -> 0 (FL-2). False: an
// operation failed, the earlier slices are done.
bool port_flash_write(uint32_t address, const void *data, uint32_t length);

// One driver request: sector and 64 KiB block erases, ascending (FL-4). Address and length are multiples of
// 4096. False: an operation failed, the earlier ones are done.
bool port_flash_erase(uint32_t address, uint32_t length);

// As the chip's SHA peripheral fed by the flash cache: SHA-256 over a range. False: a read failed.
bool port_flash_sha256(uint32_t address, uint32_t length, uint8_t digest[32]);

// XOR of all bytes of some ranges (IMG-15). Start with the value that they are folded into; reading a range
// adds it, and what came out is known only to who asks for the value. False: the read failed.
#define PORT_CHECKSUM_RANGES 16u
struct port_checksum {
    uint8_t start; // what the ranges are folded into
    uint32_t count;
    struct {
        uint32_t address, length;
    } ranges[PORT_CHECKSUM_RANGES];
};
bool port_flash_checksum(uint32_t address, uint32_t length, struct port_checksum *sum);
uint8_t port_checksum_value(const struct port_checksum *sum);

// Maps a range for reading. The bytes follow later writes and erases (PA-41). The mapping lives until
// port_flash_unmap or reset. NULL: a read failed or there is no memory. Marks the whole range as read.
const void *port_flash_map(uint32_t address, uint32_t length);
void port_flash_unmap(const void *mapping);

// ---- questions: when all that the firmware learns of a region of flash is an answer -------------

// A region of flash, and in which sense the question is meant.
struct port_subject {
    uint32_t start, size, mode;
};

struct port_answer {
    bool yes;
    uint32_t number;
};

// `find` reads flash and eFuse and nothing else; equal contents, equal answer. What it finds must not leave it
// but in the answer (and on the console).
struct port_question {
    const char *name;
    uint32_t more_size; // bytes that belong to the answer besides
    void (*find)(const struct port_subject *subject, struct port_answer *answer, void *more);
};

// As a call of question->find, with `more` (of question->more_size bytes) zeroed. A simulator may note that only
// the answer was learned.
void port_ask(const struct port_question *question, const struct port_subject *subject,
              struct port_answer *answer, void *more);

// True while a question is asked whose answer alone is of use, on a chip that reports no errors: what would only tell
// the console which of several checks fails can be left out.
bool port_answer_suffices(void);

// A seal is a SHA-256 that stands right behind the bytes that it covers. True: it is broken for certain,
// nothing that is known has that digest; false: that has to be found out. Whoever then does, and learns
// nothing else of these bytes, tells with port_seal_checked what came out.
bool port_seal_broken(uint32_t start, uint32_t length);
void port_seal_checked(uint32_t start, uint32_t length, bool whole);

// ---- eFuse: bits go 0 -> 1 once -----------------------------------------------------------------

enum port_efuse {
    PORT_EFUSE_SECURE_VERSION,        // thermometer-coded, at most 32 bits (EF-1)
    PORT_EFUSE_CHIP_REVISION,         // major * 100 + minor, fused at the factory
    PORT_EFUSE_BLOCK_REVISION,        // major * 100 + minor
    PORT_EFUSE_IGNORE_MAX_REVISION,   // DISABLE_WAFER_VERSION_MAJOR
    PORT_EFUSE_IGNORE_BLOCK_REVISION, // DISABLE_BLK_VERSION_MAJOR
    PORT_EFUSE_FLASH_CRYPT_COUNT,     // flash encryption is on when the number of ones is odd
    PORT_EFUSE_SECURE_BOOT,           // 1: Secure Boot V2 is on
    PORT_EFUSE_REVOKED_DIGESTS,       // one bit a public key digest
    PORT_EFUSE_CODING_SCHEME,         // of the block that holds the secure version; 0 = none (EF-2)
    PORT_EFUSE_APP_STARTS,            // of the user's block: in which apps of a simulation count their starts
    PORT_EFUSE_REQUESTS,              // likewise: requests that the server of a simulation tells apart
    PORT_EFUSE_RECOVERY_BOOTLOADER,   // where it lies, in sectors; 0: nowhere; FFF: switched off (CH-43)
    PORT_EFUSE_FIELDS
};

uint32_t port_efuse_read(enum port_efuse field);

// ORs `bits` into the field in one burn transaction. False: the burn failed, or a bit is already burned
// (EF-13).
bool port_efuse_burn(enum port_efuse field, uint32_t bits);

// ---- what else survives a reset, and why there was one ------------------------------------------

#define PORT_RETAINED_SIZE 32u // bytes of RTC memory kept over every reset but a loss of power (BL-63)

void port_retained_read(uint32_t offset, void *buffer, uint32_t length);
void port_retained_write(uint32_t offset, const void *data, uint32_t length);

enum port_reset_reason {
    PORT_RESET_POWER_ON,
    PORT_RESET_SOFTWARE, // esp_restart, or the bootloader gave up
    PORT_RESET_PANIC,    // abort, assertion, CPU exception
    PORT_RESET_WATCHDOG,
    PORT_RESET_DEEP_SLEEP, // wake from deep sleep
    PORT_RESET_BROWNOUT
};

enum port_reset_reason port_reset_reason(void);

// ---- pins, time, console ------------------------------------------------------------------------

enum port_pin { PORT_PIN_FACTORY_RESET, PORT_PIN_APP_TEST, PORT_PINS };

// How long the pin has its active level from this boot on, in milliseconds; 0: it is not held (BL-45).
uint32_t port_pin_hold_ms(enum port_pin pin);

// Simulated time since the board was first powered, in microseconds.
uint64_t port_time_us(void);

enum port_log_level { PORT_LOG_ERROR, PORT_LOG_WARNING, PORT_LOG_INFO };

// True when somebody listens: lets hot paths skip the formatting.
bool port_log_enabled(void);

// One console line, without a newline: the firmware's own account of what it decides and why. `tag` names the
// module.
__attribute__((format(printf, 3, 4))) void port_log(enum port_log_level level, const char *tag,
                                                    const char *format, ...);

// ---- who is at work -----------------------------------------------------------------------------

// Public functions say that they run, so that the journal can tell which call caused an operation. The
// outermost one counts. `name` must be a string literal. Returns what to hand to port_call_end.
const char *port_call_begin(const char *name);
void port_call_end(const char *outer);

// ---- the end of a program -----------------------------------------------------------------------

enum port_halt {
    PORT_HALT_RESTART,   // esp_restart(), or the bootloader resets the chip
    PORT_HALT_PANIC,     // abort() or a failed assertion: the panic handler resets the chip
    PORT_HALT_CRASH,     // CPU exception (the panic handler resets the chip, too)
    PORT_HALT_HANG,      // nothing goes on until a watchdog resets the chip (CH-61)
    PORT_HALT_DEEP_SLEEP // the chip sleeps until a wake-up resets it
};

// Ends the running program. `why` is a string literal, for people. RAM is gone afterwards.
_Noreturn void port_halt(enum port_halt how, const char *why);

#endif
