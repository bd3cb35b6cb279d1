#include "gdb_stub.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/buffer.h"
#include "serve_link.h"

#define PACKET_MAX      4096u
#define BREAKPOINTS_MAX 64u
#define REGISTERS       32u // and pc behind them

struct gdb_stub {
    struct machine_debugger debugger;
    struct serve_link link;
    bool attached; // gdb has come; false again when it has left: the machine runs on unseen
    bool owes;     // gdb waits to be told that the machine has stopped
    bool stepping;
    uint32_t instructions; // that were looked at
    uint32_t breakpoints[BREAKPOINTS_MAX];
    size_t breakpoint_count;
};

// ---- packets ------------------------------------------------------------------------------------

// False: gdb has gone.
static bool read_byte(struct gdb_stub *stub, char *byte) {
    while (stub->attached) {
        ssize_t got = serve_link_read(&stub->link, byte, 1);
        if (got == 1)
            return true;
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd wait = {.fd = stub->link.fd, .events = POLLIN};
            (void)poll(&wait, 1, -1);
            continue;
        }
        stub->attached = false;
    }
    return false;
}

static void write_all(struct gdb_stub *stub, const char *bytes, size_t length) {
    while (stub->attached && length != 0) {
        ssize_t done = serve_link_write(&stub->link, bytes, length);
        if (done > 0) {
            bytes += done;
            length -= (size_t)done;
        } else if (done < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd wait = {.fd = stub->link.fd, .events = POLLOUT};
            (void)poll(&wait, 1, -1);
        } else {
            stub->attached = false;
        }
    }
}

static void reply(struct gdb_stub *stub, const char *text) {
    struct buffer packet = {0};
    uint8_t sum = 0;
    for (const char *at = text; *at != 0; at++)
        sum = (uint8_t)(sum + (uint8_t)*at);
    buffer_printf(&packet, "$%s#%02x", text, sum);
    write_all(stub, (const char *)packet.bytes, packet.length);
    buffer_free(&packet);
}

// The next packet's contents; what does not fit is not a command that is known here. False: gdb has gone.
static bool read_packet(struct gdb_stub *stub, char text[PACKET_MAX]) {
    char byte;
    do {
        if (!read_byte(stub, &byte))
            return false;
    } while (byte != '$');
    size_t length = 0;
    while (read_byte(stub, &byte) && byte != '#')
        if (length + 1 < PACKET_MAX)
            text[length++] = byte;
    text[length] = 0;
    char sum[2]; // the connection is TCP: nothing gets lost
    if (!read_byte(stub, &sum[0]) || !read_byte(stub, &sum[1]))
        return false;
    write_all(stub, "+", 1);
    return true;
}

// ---- commands -----------------------------------------------------------------------------------

static void put_word(struct buffer *out, uint32_t value) { // as it lies in memory
    for (int i = 0; i < 4; i++)
        buffer_printf(out, "%02x", (unsigned)(value >> 8 * i & 0xFF));
}

static uint32_t register_value(struct machine *machine, unsigned long number) {
    return number < REGISTERS ? machine_debug_register(machine, (unsigned)number) : machine_debug_pc(machine);
}

static void set_register(struct machine *machine, unsigned long number, uint32_t value) {
    if (number < REGISTERS)
        machine_debug_set_register(machine, (unsigned)number, value);
    else
        machine_debug_set_pc(machine, value);
}

static bool take_word(const char **hex, uint32_t *value) {
    unsigned byte;
    *value = 0;
    for (int i = 0; i < 4; i++, *hex += 2) {
        if (sscanf(*hex, "%2x", &byte) != 1)
            return false;
        *value |= (uint32_t)byte << 8 * i;
    }
    return true;
}

static void read_registers(struct gdb_stub *stub, struct machine *machine) {
    struct buffer out = {0};
    for (unsigned i = 0; i <= REGISTERS; i++)
        put_word(&out, register_value(machine, i));
    reply(stub, buffer_string(&out));
    buffer_free(&out);
}

static const char *write_registers(struct machine *machine, const char *hex) {
    uint32_t value;
    for (unsigned i = 0; i <= REGISTERS; i++) {
        if (!take_word(&hex, &value))
            return "E01";
        set_register(machine, i, value);
    }
    return "OK";
}

static const char *write_register(struct machine *machine, const char *text) {
    char *end;
    unsigned long number = strtoul(text, &end, 16);
    const char *hex = end + 1;
    uint32_t value;
    if (*end != '=' || number > REGISTERS || !take_word(&hex, &value))
        return "E01";
    set_register(machine, number, value);
    return "OK";
}

static void read_register(struct gdb_stub *stub, struct machine *machine, const char *text) {
    unsigned long number = strtoul(text, NULL, 16);
    struct buffer out = {0};
    if (number <= REGISTERS)
        put_word(&out, register_value(machine, number));
    reply(stub, number <= REGISTERS ? buffer_string(&out) : "E01");
    buffer_free(&out);
}

static void read_memory(struct gdb_stub *stub, struct machine *machine, const char *text) {
    unsigned address, length;
    struct buffer out = {0};
    uint8_t byte;
    bool fine = sscanf(text, "%x,%x", &address, &length) == 2 && length < PACKET_MAX / 2;
    for (unsigned i = 0; fine && i < length && machine_debug_read(machine, address + i, &byte); i++)
        buffer_printf(&out, "%02x", byte);
    reply(stub, out.length != 0 || (fine && length == 0) ? buffer_string(&out) : "E14");
    buffer_free(&out);
}

static const char *write_memory(struct machine *machine, const char *text) {
    unsigned address, length, byte;
    int at = 0;
    if (sscanf(text, "%x,%x:%n", &address, &length, &at) != 2 || at == 0)
        return "E01";
    for (unsigned i = 0; i < length; i++)
        if (sscanf(text + at + 2 * i, "%2x", &byte) != 1 ||
            !machine_debug_write(machine, address + i, (uint8_t)byte))
            return "E14";
    return "OK";
}

static const char *breakpoint(struct gdb_stub *stub, bool set, const char *text) {
    unsigned kind, address;
    if (sscanf(text, "%x,%x", &kind, &address) != 2 || kind > 1)
        return ""; // watchpoints are not known
    size_t at = 0;
    while (at < stub->breakpoint_count && stub->breakpoints[at] != address)
        at++;
    if (set && at == BREAKPOINTS_MAX)
        return "E01";
    if (set && at == stub->breakpoint_count)
        stub->breakpoints[stub->breakpoint_count++] = address;
    if (!set && at < stub->breakpoint_count)
        stub->breakpoints[at] = stub->breakpoints[--stub->breakpoint_count];
    return "OK";
}

static const char target_description[] =
    "l<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
    "<architecture>riscv:rv32</architecture></target>";

// True: the machine goes on.
static bool execute(struct gdb_stub *stub, struct machine *machine, const char *text) {
    const char *answer = "";
    switch (text[0]) {
    case '?':
        answer = "S05";
        break;
    case 'g':
        read_registers(stub, machine);
        return false;
    case 'G':
        answer = write_registers(machine, text + 1);
        break;
    case 'p':
        read_register(stub, machine, text + 1);
        return false;
    case 'P':
        answer = write_register(machine, text + 1);
        break;
    case 'm':
        read_memory(stub, machine, text + 1);
        return false;
    case 'M':
        answer = write_memory(machine, text + 1);
        break;
    case 'Z':
    case 'z':
        answer = breakpoint(stub, text[0] == 'Z', text + 1);
        break;
    case 'H':
        answer = "OK";
        break;
    case 's':
    case 'c':
        stub->stepping = text[0] == 's';
        stub->owes = true;
        return true;
    case 'D':
        reply(stub, "OK");
        stub->attached = false;
        return true;
    case 'k':
        stub->attached = false;
        return true;
    case 'q':
        if (strncmp(text, "qSupported", 10) == 0)
            answer = "PacketSize=1000;qXfer:features:read+";
        else if (strncmp(text, "qXfer:features:read:target.xml:0,", 33) == 0)
            answer = target_description;
        else if (strcmp(text, "qAttached") == 0)
            answer = "1";
        break;
    default:
        break;
    }
    reply(stub, answer);
    return false;
}

// ---- the machine --------------------------------------------------------------------------------

static bool is_breakpoint(const struct gdb_stub *stub, uint32_t pc) {
    for (size_t i = 0; i < stub->breakpoint_count; i++)
        if (stub->breakpoints[i] == pc)
            return true;
    return false;
}

// gdb may interrupt a machine that runs: a byte 3.
static bool is_interrupted(struct gdb_stub *stub) {
    char byte = 0;
    return serve_link_read(&stub->link, &byte, 1) == 1 && byte == 3;
}

#define INSTRUCTIONS_BETWEEN_LOOKS 4096u

static void before_instruction(void *context, struct machine *machine, uint32_t pc) {
    struct gdb_stub *stub = context;
    if (!stub->attached)
        return;
    bool stops = stub->stepping || is_breakpoint(stub, pc) ||
                 (++stub->instructions % INSTRUCTIONS_BETWEEN_LOOKS == 0 && is_interrupted(stub));
    if (!stops)
        return;
    char text[PACKET_MAX];
    if (stub->owes)
        reply(stub, "S05");
    stub->owes = false;
    while (read_packet(stub, text))
        if (execute(stub, machine, text))
            return;
}

// ---- life ---------------------------------------------------------------------------------------

struct gdb_stub *gdb_stub_open(unsigned port, struct error *error) {
    struct gdb_stub *stub = memory_zeroed(1, sizeof *stub);
    char address[32];
    (void)snprintf(address, sizeof address, "127.0.0.1:%u", port);
    stub->debugger = (struct machine_debugger){stub, before_instruction};
    if (!serve_link_open_tcp(&stub->link, address, error)) {
        free(stub);
        return NULL;
    }
    const char *where = strstr(stub->link.address, "//");
    fprintf(stderr, "gdb-multiarch -ex \"target remote %s\"\n", where == NULL ? address : where + 2);
    while (!serve_link_accept(&stub->link)) {
        struct pollfd wait = {.fd = serve_link_descriptor(&stub->link), .events = POLLIN};
        (void)poll(&wait, 1, -1);
    }
    stub->attached = true;
    stub->stepping = true; // stops before the first instruction
    return stub;
}

void gdb_stub_close(struct gdb_stub *stub) {
    if (stub == NULL)
        return;
    if (stub->attached && stub->owes)
        reply(stub, "W00");
    serve_link_close(&stub->link);
    free(stub);
}

const struct machine_debugger *gdb_stub_debugger(struct gdb_stub *stub) {
    return &stub->debugger;
}
