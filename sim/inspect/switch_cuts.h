// What a power cut during a host tool's switch of slots can do: every way in which each of its flash
// operations can tear, and what boots from what is left.
#ifndef SIM_INSPECT_SWITCH_CUTS_H
#define SIM_INSPECT_SWITCH_CUTS_H

#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../hw/fault_model.h"
#include "dump.h"

#define SWITCH_OUTCOMES_MAX 24u

struct switch_outcome {
    bool starts;
    char label[17];       // of the partition that boots
    uint64_t states;      // crash states that lead there
    uint64_t exposure_ns; // of the simulated time of the switch
    bool both_lost;       // in some of these states no record of otadata counts any more
    char example[128];    // one of them: "erase of sector 0xd000, zero-front:512"
};

struct switch_cuts {
    struct switch_outcome before, after; // without a cut: what boots before the switch and after it
    struct switch_outcome outcomes[SWITCH_OUTCOMES_MAX];
    size_t outcome_count;
    uint64_t operations, states, both_lost_states, both_lost_ns, duration_ns;
};

// A range that is erased and then written back, page by page.
struct switch_write {
    uint32_t address;
    struct buffer bytes; // whole sectors; borrowed
    // As the genuine tools do it (HT-4, HT-5): a process of esptool that erases, the restart with which it leaves the
    // device, and another one whose stub erases again what it writes, pages of FF too. False: one erase, and what is
    // erased stays so.
    bool as_genuine_tools;
};

// `dump` holds the flash before the switch.
void switch_cuts_explore(const struct dump *dump, uint32_t otadata_address, const struct switch_write *write,
                         const struct release_profile *release, enum dump_build build,
                         struct switch_cuts *out);

void switch_cuts_print(const struct switch_cuts *cuts, struct buffer *out);

#endif
