#include "twin_log.h"

#include <stdio.h>
#include <string.h>

// The label of the partition that a line says is refused; false: it says nothing of the kind.
static bool refused_partition(const char *line, char label[16]) {
    unsigned slot;
    int end = 0;
    if (sscanf(line, "OTA app partition slot %u is not bootable%n", &slot, &end) == 1 && end > 0) {
        (void)snprintf(label, 16, "ota_%u", slot);
        return true;
    }
    if (strcmp(line, "Factory app partition is not bootable") == 0) {
        (void)snprintf(label, 16, "factory");
        return true;
    }
    const char *at = strstr(line, " at 0x"); // ours
    if (at == NULL || strstr(at, " does not load") == NULL || at - line > 15)
        return false;
    (void)snprintf(label, 16, "%.*s", (int)(at - line), line);
    return true;
}

void twin_log_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    static const char levels[] = {[PORT_LOG_ERROR] = 'E', [PORT_LOG_WARNING] = 'W', [PORT_LOG_INFO] = 'I'};
    struct twin_log *log = context;
    char label[16];
    log->speaks = log->speaks || (strcmp(tag, "rom") != 0 && strcmp(tag, "console") != 0);
    buffer_printf(&log->lines, "    %c %s: %s\n", levels[level], tag, line);
    if (refused_partition(line, label))
        buffer_printf(&log->refused, "%s ", label);
}

bool twin_log_same(const struct twin_log *a, const struct twin_log *b) {
    return a->refused.length == b->refused.length &&
           (a->refused.length == 0 || memcmp(a->refused.bytes, b->refused.bytes, a->refused.length) == 0);
}

void twin_log_print(const struct twin_log *log, struct buffer *out) {
    buffer_append(out, log->lines.bytes, log->lines.length);
}

void twin_log_clear(struct twin_log *log) {
    buffer_free(&log->lines);
    buffer_free(&log->refused);
    log->speaks = false;
}
