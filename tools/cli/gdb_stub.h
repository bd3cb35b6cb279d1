// The far end of gdb's remote protocol for a machine that boots: registers, memory, breakpoints, step, continue.
#ifndef TOOLS_CLI_GDB_STUB_H
#define TOOLS_CLI_GDB_STUB_H

#include "../../sim/base/error.h"
#include "../../sim/machine/machine_debug.h"

struct gdb_stub;

// Waits for gdb at 127.0.0.1:`port` (0: any free one) and says where on standard error. NULL: the port is not to be had.
struct gdb_stub *gdb_stub_open(unsigned port, struct error *error);
// Tells gdb that there are no more boots.
void gdb_stub_close(struct gdb_stub *stub);

// For board_config.debugger; borrowed from the stub.
const struct machine_debugger *gdb_stub_debugger(struct gdb_stub *stub);

#endif
