// libotasim: power cuts at every instant of your own code, from a unit test of your own.
//
//      static void update(void *context);   // what the device does; it may lose power anywhere in it
//      static void boot(void *context);     // what it does when the power is back; it may lose power there, too
//      static bool holds(void *context);    // and afterwards this must be true
//
//      otasim *board = otasim_new(&(otasim_options){.partitions = "store, data, 0x40, 0x9000, 16K\n"}, NULL);
//      otasim_result result;
//      otasim_explore(board, &(otasim_check){.update = update, .boot = boot, .holds = holds}, &result);
//      if (result.violations != 0)
//          printf("%s\n", result.address);
//      otasim_free(board);
//
// The three functions call esp_ota_*, esp_partition_*, esp_flash_* and nvs_* as on a chip (esp_*.h, beside this file): this
// library is ESP-IDF to them. They run in the caller's thread, may call esp_restart(), and must do the same each time: what they
// keep in variables, a loss of power does not take away, so `boot` has to begin anew with everything.
//
// Every program and erase is cut: before it, after it, and within it in the ways in which flash cells tear; recoveries are cut
// in turn until nothing new appears. Boards share nothing: each may be used by a thread of its own. Nothing is printed.
#ifndef OTASIM_H
#define OTASIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OTASIM_VERSION_MAJOR 0
#define OTASIM_VERSION_MINOR 1
#define OTASIM_ADDRESS_SIZE  256
#define OTASIM_TEXT_SIZE     512

typedef struct otasim otasim; // a board

typedef enum {
    OTASIM_OK,
    OTASIM_INVALID,   // an argument is wrong
    OTASIM_BAD_TABLE, // the partition table is wrong
    OTASIM_OUTSIDE,   // beyond the flash, or a partition that there is not
    OTASIM_TOO_LARGE, // for its partition
    OTASIM_ENDED,     // the program ended otherwise than by returning or restarting
    OTASIM_NOT_SETTLED, // without any cut, the device does not come to rest, or `holds` is false before the update
    OTASIM_NOT_THE_SAME,  // the functions do not do the same each time
    OTASIM_NO_SUCH_PLACE, // an address that no exploration of these functions gives
    OTASIM_INCOMPLETE     // there are more states than were asked for
} otasim_status;

// The text of a status. Static storage.
const char *otasim_status_text(otasim_status status);

typedef struct {
    const char *partitions; // a table as gen_esp32part.py reads it (CSV); NULL: there is none
    uint32_t flash_size;    // bytes, a power of two from 1 to 32 MiB; 0: 4 MiB
    const char *release;    // of ESP-IDF: "v5.5"; NULL: "v6.0"
    const char *target;     // "esp32c3"; NULL: "esp32"
    bool rollback;          // CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
} otasim_options;

// An erased board with that table. NULL: the options are wrong, and `error` (OTASIM_TEXT_SIZE bytes, or NULL) says how.
otasim *otasim_new(const otasim_options *options, char *error);
void otasim_free(otasim *board); // NULL is allowed

// What went wrong last on this board, for people; "" when nothing did. Until the next call.
const char *otasim_error(const otasim *board);

// ---- what the device starts with ----------------------------------------------------------------

// Bytes at an absolute address, as a programmer at the factory writes them.
otasim_status otasim_write(otasim *board, uint32_t address, const void *data, size_t length);
otasim_status otasim_read(const otasim *board, uint32_t address, void *buffer, size_t length);

// A whole app image of that version (at most 32 bytes) in an app partition, or its bytes for `update` to write: at most
// `capacity` are copied. Boards with an app are started by ESP-IDF's bootloader, others begin with `boot`.
otasim_status otasim_install(otasim *board, const char *partition, const char *version);
otasim_status otasim_image(otasim *board, const char *version, void *buffer, size_t capacity,
                           size_t *out_length);

// Runs code on the board, once and without cuts, as an app that has just been started: to format, to fill.
otasim_status otasim_run(otasim *board, void (*program)(void *context), void *context);

// ---- every cut ----------------------------------------------------------------------------------

typedef struct {
    void (*update)(void *context);
    void (*boot)(void *context);  // NULL: nothing
    bool (*holds)(void *context); // reads the board; what it writes is not kept
    void *context;
    uint32_t cuts;       // in a row, at most; 0: any number
    uint32_t boots;      // that the device has, to come to rest; 0: 16
    uint64_t states_max; // distinct crash states after which it ends; 0: no end
} otasim_check;

typedef struct {
    uint64_t states;     // crash states
    uint64_t recoveries; // that were run; all other states are known to come out the same
    uint64_t violations; // of these states; 0: `holds` after each
    uint32_t causes;     // operations that are to blame for them
    bool closed;         // it holds for any number of cuts
    char address
        [OTASIM_ADDRESS_SIZE];    // of the first violation: fewest cuts, then earliest; "" when there is none
    char story[OTASIM_TEXT_SIZE]; // what is cut there
} otasim_result;

// The board itself is left as it was. Any status but OTASIM_OK and OTASIM_INCOMPLETE: nothing was found out.
otasim_status otasim_explore(otasim *board, const otasim_check *check, otasim_result *result);

// Puts the board into the state of an address and lets it boot, so that a debugger can look: *holds says how it ended. The
// board is left as `boot` leaves it.
otasim_status otasim_replay(otasim *board, const otasim_check *check, const char *address, bool *holds);

#ifdef __cplusplus
}
#endif

#endif
