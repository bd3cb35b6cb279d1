// `ota-sim serve` at work: one served device, one line, one control socket, one flash file.
#ifndef TOOLS_CLI_SERVE_SERVER_H
#define TOOLS_CLI_SERVE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "../../sim/serial/served_device.h"

struct serve_options {
    const char *flash_file;
    uint32_t size;        // bytes, when the file has to be made; 0: 4 MiB, or as the file is
    const char *chip;     // flash chip by name; NULL: one of the file's size with W25Q64JV's figures
    const char *pty_link; // NULL: no link
    const char *tcp;      // NULL: a pseudo-terminal
    const char *control;  // NULL: no control socket
    bool realtime;
    bool wait;    // until no other process has the flash file
    bool verbose; // what happens to the device, and its console, on standard error
    bool cut;     // the power goes in the middle of the operation after `cut_after` of them
    uint64_t cut_after;
    struct served_config device; // board.chip, note, pass and context are filled in by serve()
};

// Serves until a signal or `quit` ends it. Returns an exit status of commands.h.
int serve(struct serve_options *options);

#endif
