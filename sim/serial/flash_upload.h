// The stub's way of reading flash: frames of bare data, kept coming while the host acknowledges them, then an
// MD5 (SP-53).
#ifndef SIM_SERIAL_FLASH_UPLOAD_H
#define SIM_SERIAL_FLASH_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "../base/buffer.h"
#include "flash_access.h"
#include "loader_error.h"

#define FLASH_UPLOAD_PACKET_MAX 65536u
#define FLASH_UPLOAD_AHEAD_MAX  (256u << 10) // bytes sent and not acknowledged, whatever the host allows

// Start with zeros; free with flash_upload_stop.
struct flash_upload {
    const struct flash_access *flash;
    bool active;
    uint32_t start, length;
    uint32_t sent, acknowledged; // bytes
    uint32_t packet;             // bytes a frame
    uint32_t ahead;              // bytes that may be unacknowledged
    EVP_MD_CTX *md5;
};

enum loader_error flash_upload_begin(struct flash_upload *upload, const struct flash_access *flash,
                                     uint32_t start, uint32_t length, uint32_t packet,
                                     uint32_t packets_ahead);

// Appends as many frames as the host can take now. An error ends the upload, without a word to the host: the
// protocol has none.
enum loader_error flash_upload_continue(struct flash_upload *upload, struct buffer *out);

// The host says how many bytes it has. Anything but a number of bytes that were sent gives the upload up.
// Appends what follows from it.
enum loader_error flash_upload_acknowledge(struct flash_upload *upload, const uint8_t *payload, size_t length,
                                           struct buffer *out);

void flash_upload_stop(struct flash_upload *upload);

#endif
