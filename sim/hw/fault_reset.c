// No loss of power: a reset, and the flash chip ends the operation that it is at. sim/explore/resets.c walks them.
#include <string.h>

#include "fault_model.h"

static void apply_reset(struct nv_state *state, const struct journal_operation *operation,
                        const struct tear *tear) {
    (void)tear; // why the next start happens is said when the cut ends: fault_reset_reason
    nv_state_apply(state, operation);
    memcpy(state->retained, operation->retained, sizeof state->retained);
}

static void describe_panic(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "the app had panicked");
}

static void describe_watchdog(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "the watchdog had bitten");
}

static void describe_brownout(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "the supply had browned out");
}

enum port_reset_reason fault_reset_reason(const struct tear *tear) {
    switch (tear->kind) {
    case TEAR_RESET_PANIC:
        return PORT_RESET_PANIC;
    case TEAR_RESET_WATCHDOG:
        return PORT_RESET_WATCHDOG;
    case TEAR_RESET_BROWNOUT:
        return PORT_RESET_BROWNOUT;
    default:
        return PORT_RESET_POWER_ON; // all others: the power comes back
    }
}

const struct fault_model fault_reset = {
    .name = "reset",
    .plural = "resets",
    .meaning =
        "a reset without loss of power: RAM is gone, the chip ends its operation, the next start sees why",
    .tried = "panic, watchdog and brown-out, at each operation; what follows are power cuts",
    .source =
        "A processor reset does not stop the flash chip: an erase goes on over it (littlefs issue 225), and "
        "commands that are sent meanwhile are ignored (littlefs issue 986). So ROM finds no bootloader until "
        "the chip is done, and tries again.",
    .scope = FAULT_RESETS,
    .operations = FAULT_OF_PROGRAMS | FAULT_OF_ERASES,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_RESET_PANIC,
               .name = "panic",
               .examples = {"panic"},
               .apply = apply_reset,
               .describe = describe_panic},
              {.kind = TEAR_RESET_WATCHDOG,
               .name = "watchdog",
               .examples = {"watchdog"},
               .apply = apply_reset,
               .describe = describe_watchdog},
              {.kind = TEAR_RESET_BROWNOUT,
               .name = "brownout",
               .examples = {"brownout"},
               .apply = apply_reset,
               .describe = describe_brownout}},
};
