// The machine that the vectors were recorded on: ESP32 v3.0, 4 MiB flash, table at 0x8000 (section 1 of the
// vectors' description). One board a configuration is made once and loaded afresh for each vector.
#ifndef TESTS_CONFORMANCE_MACHINE_H
#define TESTS_CONFORMANCE_MACHINE_H

#include "ota/partition_table.h"
#include "sim/hw/board.h"
#include "vector.h"

#define MACHINE_FLASH_SIZE   (4u << 20)
#define MACHINE_TABLE_OFFSET 0x8000u
#define MACHINE_TABLE_MAX    0x1000u

enum machine_config {
    CONFIG_NO_ROLLBACK,
    CONFIG_ROLLBACK,
    CONFIG_ANTI_ROLLBACK_32,
    CONFIG_ANTI_ROLLBACK_4,
    CONFIGS
};

struct machine_partition {
    struct partition_row row;
    bool touched; // by an operation since machine_forget_touched
};

// A write or erase that the region protection answered with a panic. It changed nothing, yet the vectors list
// it.
struct refused_request {
    bool pending; // not yet taken
    bool erase;
    uint32_t address, length;
};

struct machine {
    struct board *boards[CONFIGS];
    struct board *board; // of the vector at hand
    struct nv_state blank;
    struct machine_partition partitions[PARTITION_TABLE_ROWS_MAX]; // rows of the vector's table, in order
    size_t partition_count;
    const struct partition_row *otadata; // NULL: the table has none
    struct refused_request refused;
};

void machine_init(struct machine *machine, const struct release_profile *profile);
void machine_clear(struct machine *machine);

// Loads a board with these flash contents and secure version mask (all four configurations exist). The board
// is off.
void machine_load(struct machine *machine, enum machine_config config, const struct flash *flash,
                  uint32_t efuse);

// Loads what `cfg`, `pt`, `ota`, `ef` and `img` of a boot or api vector say. False: the vector is malformed.
bool machine_load_vector(struct machine *machine, struct vector *vector);

// One boot attempt: {"boot":label|null, "end":"booted"|"reset"|"crash", "ops":[...]}.
json_t *machine_start(struct machine *machine, enum port_reset_reason reason, bool *booted);

// What changed the flash or an eFuse since the last call, one element a request to the driver; last, a
// refused one.
json_t *machine_take_operations(struct machine *machine);

// Both otadata entries in hex ([] without otadata), and the secure version mask.
json_t *machine_otadata(struct machine *machine);
json_t *machine_efuse(struct machine *machine);

// CRC-32 of each whole partition that an operation touched, by label.
json_t *machine_touched(struct machine *machine);
void machine_forget_touched(struct machine *machine);

#endif
