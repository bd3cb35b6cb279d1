// What a bootloader says on its console of how it came to its choice. Ours has words of its own, so that not the lines are
// compared but what they tell: which app partitions were refused, in which order.
#ifndef SIM_TWIN_TWIN_LOG_H
#define SIM_TWIN_TWIN_LOG_H

#include <stdbool.h>

#include "../../ota/port.h"
#include "../base/buffer.h"

struct twin_log { // zeroed at the start; to be cleared at the end
    struct buffer lines;
    struct buffer refused; // "ota_1 factory "
    bool speaks; // something else than the ROM has said something: the bootloader was built with its log on
};

void twin_log_line(void *context, enum port_log_level level, const char *tag, const char *line);
bool twin_log_same(const struct twin_log *a, const struct twin_log *b);
void twin_log_print(const struct twin_log *log, struct buffer *out);
void twin_log_clear(struct twin_log *log);

#endif
