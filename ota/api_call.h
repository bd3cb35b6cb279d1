// What every public function does around its work: it tells the port that it runs, so that the journal knows
// which call caused an operation, and a refusal says why on the console.
#ifndef OTA_API_CALL_H
#define OTA_API_CALL_H

#include "include/esp_err.h"
#include "port.h"

// The body of a public function: evaluates `work` as a call of its own name and returns the value, which is
// of type `type`.
#define API_CALL(type, work)                                                                                 \
    do {                                                                                                     \
        const char *outer_call_ = port_call_begin(__func__);                                                 \
        type value_ = (work);                                                                                \
        port_call_end(outer_call_);                                                                          \
        return value_;                                                                                       \
    } while (0)

// Returns `code` after a line that says why.
static inline esp_err_t refuse(const char *tag, esp_err_t code, const char *why) {
    if (port_log_enabled())
        port_log(PORT_LOG_ERROR, tag, "%s (%s)", why, esp_err_to_name(code));
    return code;
}

// A failed assertion of the real code: the panic handler resets the chip.
static inline void require(bool condition, const char *why) {
    if (!condition)
        port_halt(PORT_HALT_PANIC, why);
}

#endif
