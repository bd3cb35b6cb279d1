// The loader's inside, shared by loader.c (frames, dispatch) and loader_commands.c (what each request does).
#ifndef SIM_SERIAL_LOADER_INTERNAL_H
#define SIM_SERIAL_LOADER_INTERNAL_H

#include "flash_download.h"
#include "flash_upload.h"
#include "loader.h"
#include "loader_error.h"
#include "slip.h"

struct memory_download { // RAM: counted and thrown away
    bool active;
    uint32_t left; // bytes
};

struct loader {
    const struct chip_identity *identity;
    struct flash_access flash;
    enum loader_state state;
    struct chip_registers registers;
    struct slip_decoder decoder;
    struct memory_download memory;
    struct flash_download download;
    struct flash_upload upload;
    struct buffer reply; // scratch
    uint32_t baud;
};

struct request {
    uint8_t opcode;
    uint32_t checksum;
    const uint8_t *data;
    uint32_t length;
};

// What happens when the reply is on its way.
enum aftermath {
    AFTER_NOTHING,
    AFTER_START_STUB, // says OHAI
    AFTER_SEND_FLASH,
    AFTER_RESTART, // back into the ROM loader
    AFTER_LEAVE    // into what is in flash
};

struct reply {
    uint32_t value;
    uint8_t data[64];
    uint32_t length; // of data
    uint32_t copies; // 0: none
    enum aftermath aftermath;
};

enum { IN_ROM = 1, IN_STUB = 2 };

struct loader_command {
    uint8_t opcode;
    uint8_t where;   // IN_ROM, IN_STUB or both
    uint32_t length; // the least that its data must have
    enum loader_error (*handle)(struct loader *loader, const struct request *request, struct reply *reply);
};

// NULL: there is no such command in the loader's present state.
const struct loader_command *loader_command_find(const struct loader *loader, uint8_t opcode);

#endif
