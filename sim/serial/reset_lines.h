// The two control lines of a development board: RTS pulls the chip's EN low, DTR its boot pin (SP-82).
//
// Boards cross-couple them, so that both together pull neither, and a capacitor lets EN rise late. So a host
// that releases RTS last still finds the boot pin low when the chip starts.
#ifndef SIM_SERIAL_RESET_LINES_H
#define SIM_SERIAL_RESET_LINES_H

#include <stdbool.h>

enum reset_event {
    RESET_NOTHING,
    RESET_HELD,    // the chip is held in reset
    RESET_FLASH,   // it starts what is in flash
    RESET_DOWNLOAD // it starts in download mode
};

// Start with zeros: both lines inactive, the chip runs.
struct reset_lines {
    bool dtr, rts;
    bool held;   // EN is low
    bool rising; // both lines are active after EN was low: it rises slowly, the boot pin is not sampled yet
};

enum reset_event reset_lines_set(struct reset_lines *lines, bool dtr, bool rts);

#endif
