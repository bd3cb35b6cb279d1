// The list of fault models. To add one, add its line here and its file: docs/how-to-add.md.
#ifndef SIM_HW_FAULT_LIST_H
#define SIM_HW_FAULT_LIST_H

// MODEL(NAME, symbol): FAULT_NAME is its bit, fault_symbol its row, which fault_*.c defines. Behind it
// TEAR(NAME, symbol) for each kind of tear that it makes: TEAR_NAME. Simple ones come before fine ones: in
// this order tears are tried, and the first that breaks something represents it.
// clang-format off
#define FAULT_MODELS(MODEL, TEAR)                                   \
    MODEL(CLEAN, clean)                 TEAR(CLEAN, clean)          \
    MODEL(PREFIX, prefix)               TEAR(PREFIX, prefix)        \
    MODEL(LATE_BITS, late_bits)         TEAR(LATE_BITS, late_bits)  \
    MODEL(PARTIAL_ERASE, partial_erase)                             \
        TEAR(ERASE_ZERO_FRONT, partial_erase)                       \
        TEAR(ERASE_ZERO_BACK, partial_erase)                        \
        TEAR(ERASE_PARTIAL, partial_erase)                          \
        TEAR(ERASE_WEAK, partial_erase)                             \
    MODEL(EARLY_BITS, early_bits)       TEAR(EARLY_BITS, early_bits)\
    MODEL(UNSTABLE, unstable)           TEAR(UNSTABLE, unstable)    \
    MODEL(BIT_ROT, bit_rot)             TEAR(BIT_ROT, bit_rot)      \
    MODEL(NEIGHBOUR, neighbour)         TEAR(NEIGHBOUR, neighbour)  \
    MODEL(IO_ERROR, io_error)           TEAR(IO_ERROR, io_error)    \
    MODEL(IO_DROPPED, io_dropped)       TEAR(IO_DROPPED, io_dropped)\
    MODEL(RESET, reset)                                             \
        TEAR(RESET_PANIC, reset)                                    \
        TEAR(RESET_WATCHDOG, reset)                                 \
        TEAR(RESET_BROWNOUT, reset)                                 \
    MODEL(EFUSE, efuse)                 TEAR(EFUSE_BITS, efuse)
// clang-format on

#endif
