#include "reset_lines.h"

enum reset_event reset_lines_set(struct reset_lines *lines, bool dtr, bool rts) {
    bool was_low = lines->held || lines->rising;
    lines->dtr = dtr;
    lines->rts = rts;
    lines->held = rts && !dtr;
    lines->rising = was_low && rts && dtr;
    if (lines->held)
        return was_low ? RESET_NOTHING : RESET_HELD;
    if (lines->rising || !was_low)
        return RESET_NOTHING;
    return dtr ? RESET_DOWNLOAD : RESET_FLASH;
}
