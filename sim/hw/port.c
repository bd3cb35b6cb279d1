// ota/port.h but for flash and eFuse.
#include "board_internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct firmware *port_ram(void) {
    return &board_current()->ram;
}

// ---- what survives a reset ----------------------------------------------------------------------

void port_retained_read(uint32_t offset, void *buffer, uint32_t length) {
    assert(length <= PORT_RETAINED_SIZE && offset <= PORT_RETAINED_SIZE - length);
    struct board *board = board_current();
    if (board->observed)
        board->observer.retained(board->observer.context);
    memcpy(buffer, board->nv.retained + offset, length);
}

void port_retained_write(uint32_t offset, const void *data, uint32_t length) {
    assert(length <= PORT_RETAINED_SIZE && offset <= PORT_RETAINED_SIZE - length);
    memcpy(board_current()->nv.retained + offset, data, length);
}

enum port_reset_reason port_reset_reason(void) {
    struct board *board = board_current();
    if (board->observed)
        board->observer.reset_reason(board->observer.context);
    return board->nv.reset_reason;
}

// ---- pins, time, console ------------------------------------------------------------------------

uint32_t port_pin_hold_ms(enum port_pin pin) {
    return board_current()->pin_hold_ms[pin];
}

uint64_t port_time_us(void) {
    return board_current()->time_ns / 1000;
}

bool port_log_enabled(void) {
    return board_current()->listener != NULL;
}

void port_log(enum port_log_level level, const char *tag, const char *format, ...) {
    struct board *board = board_current();
    if (board->listener == NULL)
        return;
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    board->listener(board->listener_context, level, tag, line);
}

// ---- who is at work, and the end of it ----------------------------------------------------------

const char *port_call_begin(const char *name) {
    struct board *board = board_current();
    const char *outer = board_program_call();
    if (board->calls.depth < BOARD_CALLS_MAX)
        board->calls.names[board->calls.depth] = name;
    board->calls.depth++;
    if (board->called != NULL)
        board->called(board->called_context, name);
    if (board->tracer != NULL)
        board->tracer->call_begins(board->tracer->context, name);
    return outer;
}

void port_call_end(const char *outer) {
    struct board *board = board_current();
    (void)outer;
    board->calls.depth--;
    if (board->tracer != NULL)
        board->tracer->call_ends(board->tracer->context);
}

// Functions of esp_https_ota and esp_http_client are made of those of the update API: it is the latter that count, as
// hazards and what people know are told by them.
const char *board_outer_call(const struct board *board) {
    const struct board_calls *calls = &board->calls;
    for (uint32_t i = 0; i < calls->depth && i < BOARD_CALLS_MAX; i++)
        if (strncmp(calls->names[i], "esp_http", 8) != 0)
            return calls->names[i];
    return calls->depth == 0 ? NULL : calls->names[0];
}

const char *board_program_call(void) {
    return board_outer_call(board_current());
}

void board_program_exchange_calls(struct board_calls *calls) {
    struct board *board = board_current();
    struct board_calls before = board->calls;
    board->calls = *calls;
    *calls = before;
    if (board->tracer == NULL)
        return;
    for (uint32_t i = 0; i < before.depth; i++)
        board->tracer->call_ends(board->tracer->context);
    for (uint32_t i = 0; i < board->calls.depth && i < BOARD_CALLS_MAX; i++)
        board->tracer->call_begins(board->tracer->context, board->calls.names[i]);
}

_Noreturn void port_halt(enum port_halt how, const char *why) {
    static const enum board_end ends[] = {[PORT_HALT_RESTART] = BOARD_RESTARTED,
                                          [PORT_HALT_PANIC] = BOARD_PANICKED,
                                          [PORT_HALT_CRASH] = BOARD_CRASHED,
                                          [PORT_HALT_HANG] = BOARD_HUNG,
                                          [PORT_HALT_DEEP_SLEEP] = BOARD_SLEEPING};
    board_stop(board_current(), ends[how], why);
}
