// The machine's inside, shared by the files that implement it. Nobody else includes this.
#ifndef SIM_MACHINE_MACHINE_INTERNAL_H
#define SIM_MACHINE_MACHINE_INTERNAL_H

#include "../base/buffer.h"
#include "../cpu/memory.h"
#include "../cpu/riscv.h"
#include "../cpu/xtensa.h"
#include "../hw/board.h"
#include "../hw/board_digest.h"
#include "machine_model.h"
#include "snapshot.h"
#include "symbols.h"

#define MMU_ENTRIES_MAX    256u
#define REGISTER_PAGES_MAX 1024u // 4 MiB of peripherals
#define FLASH_LINE         64u   // what a first look into a sector reads
#define FLASH_LINES        (NOR_SECTOR_SIZE / FLASH_LINE)
#define DIGESTS_MAX        4u

struct cached_sector { // of flash, as the windows show it
    uint64_t lines;    // that are here
    uint8_t bytes[NOR_SECTOR_SIZE];
};

struct digest {       // a SHA-256 that the bootloader computes
    uint32_t context; // its address in the bootloader's memory; 0: free
    struct board_digest *state;
};

struct machine {
    const struct machine_model *model;
    struct memory memory;
    union { // by the model's core
        struct riscv riscv;
        struct xtensa xtensa;
    };
    struct machine_statistics statistics;
    struct snapshots *snapshots;
    uint32_t rom_address; // of the function that was called last, and its number
    size_t rom_number;
    void (**rom_functions)(struct machine *machine); // of the model's ROM, by number; NULL: not known

    uint8_t *ram;
    struct memory_frame *frames; // one a page of RAM
    uint32_t frame_count;

    struct buffer rom;               // the genuine one; empty: its functions are done natively
    struct memory_frame *rom_frames; // one a page of it; NULL: none
    struct symbols *symbols;         // of the bootloader; NULL: not asked for yet, or none
    bool second_stage;               // it has left for the bootloader (genuine_rom.h)

    // Flash through the MMU.
    uint32_t mmu[MMU_ENTRIES_MAX];
    uint32_t mmu_index;
    uint32_t flash_size;
    struct cached_sector **sectors; // one a sector; NULL: not looked at since its mapping
    uint32_t sector_count;

    // Peripherals.
    uint32_t *registers[REGISTER_PAGES_MAX]; // one a page; NULL: nothing stored yet
    uint32_t random;
    bool flash_write_enabled;
    uint32_t sha[8]; // the accelerator's state

    struct digest digests[DIGESTS_MAX];
    struct buffer line; // of the console, so far
    uint64_t cycles_told;
    uint64_t started_us;  // the boot, by the board's clock
    uint32_t md5_context; // the one MD5 that runs
    struct buffer md5_input;
};

// ---- the end of a boot --------------------------------------------------------------------------

// The bootloader does what the machine does not know: ends the boot.
__attribute__((format(printf, 2, 3))) _Noreturn void machine_not_modelled(struct machine *machine,
                                                                          const char *format, ...);
// An address, with its name and line when there is an ELF file.
void machine_describe(struct machine *machine, uint32_t address, struct buffer *out);
// Says in the log where the program is (its own code, not the ROM function that it is in) when it does `what`: for stories with
// an ELF file.
void machine_tell_place(struct machine *machine, const char *what);
// The program is lost, and a watchdog resets the chip; `why` is a literal.
_Noreturn void machine_crash(struct machine *machine, const char *why);
// The board's clock follows the processor's.
void machine_tell_time(struct machine *machine);
void machine_pass_time(struct machine *machine, uint64_t us);
// The program reads what the ROM contains, which is not here: ends the boot. Returns for any other address.
void machine_refuse_rom_contents(struct machine *machine, uint32_t address);
// After what takes long: ends a boot that never ends by itself, however few instructions it takes.
void machine_watch_time(struct machine *machine);

// The processor has come to code that is not the program's: a ROM function is done, an app starts, or it is lost.
void machine_elsewhere(struct machine *machine, uint32_t pc);

// ---- flash_window.c -----------------------------------------------------------------------------

void window_reset(struct machine *machine);
bool window_load(struct machine *machine, uint32_t address, unsigned size, uint32_t *value);
bool window_contains(const struct machine *machine, uint32_t address);
// Where in flash an address of a window lies. False: no valid entry serves it.
bool window_flash_address(const struct machine *machine, uint32_t address, uint32_t *flash_address);
// Which entry of the MMU serves an address. False: none of a window.
bool window_entry_of(const struct machine *machine, uint32_t address, uint32_t *entry);
void window_set_entry(struct machine *machine, uint32_t entry, uint32_t value);
void window_forget_flash(struct machine *machine, uint32_t flash_address, uint32_t length);
uint32_t window_page_size(const struct machine *machine);
bool window_entry_valid(const struct machine *machine, uint32_t entry);

// ---- registers.c, flash_controller.c, efuse_controller.c, sha_accelerator.c ---------------------

bool register_load(struct machine *machine, uint32_t address, unsigned size, uint32_t *value);
bool register_store(struct machine *machine, uint32_t address, unsigned size, uint32_t value);
uint32_t register_stored(const struct machine *machine, uint32_t address);
void register_keep(struct machine *machine, uint32_t address, uint32_t value);
void registers_reset(struct machine *machine);
uint32_t machine_random(struct machine *machine);
uint32_t machine_reset_reason(struct machine *machine);

// True when the address is one of the controller's that does more than to store.
bool flash_controller_load(struct machine *machine, uint32_t address, uint32_t *value);
bool flash_controller_store(struct machine *machine, uint32_t address, uint32_t value);
// What the chip answers to a command that only asks.
uint32_t flash_controller_answer(struct machine *machine, uint32_t opcode);
bool sha_accelerator_c3_load(struct machine *machine, uint32_t address, uint32_t *value);
bool sha_accelerator_c3_store(struct machine *machine, uint32_t address, uint32_t value);
bool efuse_controller_load(struct machine *machine, uint32_t address, uint32_t *value);
bool efuse_controller_store(struct machine *machine, uint32_t address, uint32_t value);
// A register of the block, which only stores.
bool sha_accelerator_holds_text(const struct machine *machine, uint32_t address);
bool sha_accelerator_store(struct machine *machine, uint32_t address, uint32_t value);

// ---- rom_stage.c, rom_functions.c, app_start.c --------------------------------------------------

// Loads the bootloader as the mask ROM does. Returns its entry address; ends the boot when it cannot.
uint32_t rom_stage_load(struct machine *machine);
// Reads flash as the ROM does: addresses beyond the chip begin again (HW-21).
void rom_stage_read(struct machine *machine, uint32_t address, void *bytes, uint32_t length);

// The processor stands at a ROM function: does what it does and returns from it. False: there is none here.
bool rom_function_call(struct machine *machine, uint32_t address);
void rom_functions_find(struct machine *machine);

// The arguments and the result of the ROM function that was called.
uint32_t machine_argument(struct machine *machine, unsigned number);
void machine_return(struct machine *machine, uint32_t value);
void machine_return_64(struct machine *machine, uint64_t value);
// Memory at an argument; ends the boot as the processor's exception would when nothing is there.
void machine_read(struct machine *machine, uint32_t address, void *bytes, uint32_t length);
void machine_write(struct machine *machine, uint32_t address, const void *bytes, uint32_t length);
uint32_t machine_read_word(struct machine *machine, uint32_t address);

void rom_printf(struct machine *machine);
void console_put(struct machine *machine, char character);

void rom_sha_init(struct machine *machine);
void rom_sha_update(struct machine *machine);
void rom_sha_finish(struct machine *machine);
void rom_md5_init(struct machine *machine);
void rom_md5_update(struct machine *machine);
void rom_md5_final(struct machine *machine);
void rom_mbedtls_md5_starts(struct machine *machine);
void rom_mbedtls_md5_update(struct machine *machine);
void rom_mbedtls_md5_finish(struct machine *machine);
void digests_reset(struct machine *machine);

// The processor is about to execute something that is not the bootloader's: an app, or its end.
void app_start(struct machine *machine, uint32_t pc);

#endif
