// The chip's download mode: the ROM loader and, once a host has uploaded its flasher stub, that stub. Bytes
// in, bytes out.
//
// The stub is not executed: what a host uploads is thrown away, and from MEM_END on the loader answers as the
// stub does (SP-71).
#ifndef SIM_SERIAL_LOADER_H
#define SIM_SERIAL_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "chip_registers.h"
#include "flash_access.h"

struct loader;

enum loader_state {
    LOADER_ROM,
    LOADER_STUB,
    LOADER_LEFT,     // the host started what is in flash: nothing is answered any more
    LOADER_UNPOWERED // the power went during a flash operation: nothing is answered any more
};

// `identity` is borrowed and must be of a known target (chip_registers_known); `flash` is copied, its context
// borrowed.
struct loader *loader_new(const struct chip_identity *identity, const struct flash_access *flash);
void loader_free(struct loader *loader);

// As after a reset into download mode: the ROM listens.
void loader_reset(struct loader *loader);

enum loader_state loader_state(const struct loader *loader);

// Takes what came in over the serial line and appends what goes out. Replies of one call are bounded by
// FLASH_UPLOAD_AHEAD_MAX and the input's length; hosts that flood the line are slowed down by calling less
// often.
void loader_receive(struct loader *loader, const void *bytes, size_t length, struct buffer *out);

// True when these bytes hold a SYNC request: how a chip that runs an app is told apart from one that a host
// tries to talk to.
bool loader_is_sync(const void *payload, size_t length);

// The speed that the host asked for last, in baud.
uint32_t loader_baud(const struct loader *loader);

#endif
