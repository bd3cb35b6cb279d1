#include "loader.h"

#include <stdlib.h>
#include <string.h>

#include "../../ota/little_endian.h"
#include "loader_internal.h"

#define HEADER_SIZE      8u
#define DIRECTION_HOST   0x00u
#define DIRECTION_DEVICE 0x01u
#define OPCODE_SYNC      0x08u
#define BAUD_ROM         115200u

// ---- life ---------------------------------------------------------------------------------------

struct loader *loader_new(const struct chip_identity *identity, const struct flash_access *flash) {
    struct loader *loader = memory_zeroed(1, sizeof *loader);
    loader->identity = identity;
    loader->flash = *flash;
    loader_reset(loader);
    return loader;
}

static void stop_transfers(struct loader *loader) {
    loader->memory = (struct memory_download){0};
    flash_download_stop(&loader->download);
    flash_upload_stop(&loader->upload);
}

void loader_free(struct loader *loader) {
    if (loader == NULL)
        return;
    stop_transfers(loader);
    slip_decoder_free(&loader->decoder);
    buffer_free(&loader->reply);
    free(loader);
}

void loader_reset(struct loader *loader) {
    stop_transfers(loader);
    slip_decoder_reset(&loader->decoder);
    chip_registers_reset(&loader->registers, loader->identity);
    loader->state = LOADER_ROM;
    loader->baud = BAUD_ROM;
}

enum loader_state loader_state(const struct loader *loader) {
    return loader->state;
}

uint32_t loader_baud(const struct loader *loader) {
    return loader->baud;
}

// ---- replies ------------------------------------------------------------------------------------

// Header, data, status; the ROM pads its two status bytes with two zeros (SP-3).
static void send_reply(struct loader *loader, uint8_t opcode, const struct reply *reply,
                       enum loader_error error, struct buffer *out) {
    bool stub = loader->state == LOADER_STUB;
    uint8_t header[HEADER_SIZE] = {DIRECTION_DEVICE, opcode};
    const uint8_t status[4] = {error != LOADER_OK, loader_error_code(error, stub)};
    uint32_t data_length = error == LOADER_OK ? reply->length : 0;
    uint32_t status_length = stub ? 2 : 4;
    le16_put(header + 2, (uint16_t)(data_length + status_length));
    le32_put(header + 4, error == LOADER_OK ? reply->value : 0);
    struct buffer *payload = &loader->reply;
    payload->length = 0;
    buffer_append(payload, header, sizeof header);
    buffer_append(payload, reply->data, data_length);
    buffer_append(payload, status, status_length);
    slip_encode(out, payload->bytes, payload->length);
}

static void after_reply(struct loader *loader, enum aftermath aftermath, struct buffer *out) {
    switch (aftermath) {
    case AFTER_NOTHING:
        break;
    case AFTER_START_STUB:
        loader->state = LOADER_STUB;
        slip_encode(out, "OHAI", 4);
        break;
    case AFTER_SEND_FLASH:
        if (flash_upload_continue(&loader->upload, out) == LOADER_POWER_LOST)
            loader->state = LOADER_UNPOWERED;
        break;
    case AFTER_RESTART:
        loader_reset(loader);
        break;
    case AFTER_LEAVE:
        stop_transfers(loader);
        loader->state = LOADER_LEFT;
        break;
    }
}

// ---- requests -----------------------------------------------------------------------------------

static void refuse(struct loader *loader, uint8_t opcode, enum loader_error error, struct buffer *out) {
    send_reply(loader, opcode, &(struct reply){0}, error, out);
}

static bool parse(const uint8_t *payload, size_t length, struct request *out) {
    if (length < HEADER_SIZE || payload[0] != DIRECTION_HOST)
        return false;
    *out = (struct request){.opcode = payload[1],
                            .checksum = le32_get(payload + 4),
                            .data = payload + HEADER_SIZE,
                            .length = (uint32_t)(length - HEADER_SIZE)};
    return le16_get(payload + 2) == out->length;
}

bool loader_is_sync(const void *payload, size_t length) {
    static const uint8_t begin[] = {0x07, 0x07, 0x12, 0x20};
    struct request request;
    return parse(payload, length, &request) && request.opcode == OPCODE_SYNC &&
           request.length >= sizeof begin && memcmp(request.data, begin, sizeof begin) == 0;
}

static void answer(struct loader *loader, const struct request *request, struct buffer *out) {
    const struct loader_command *command = loader_command_find(loader, request->opcode);
    struct reply reply = {.copies = 1};
    enum loader_error error = LOADER_UNSUPPORTED;
    if (command != NULL)
        error = request->length < command->length ? LOADER_INVALID_MESSAGE
                                                  : command->handle(loader, request, &reply);
    if (error == LOADER_POWER_LOST) {
        loader->state = LOADER_UNPOWERED;
        return;
    }
    for (uint32_t i = 0; i < reply.copies; i++)
        send_reply(loader, request->opcode, &reply, error, out);
    if (error == LOADER_OK)
        after_reply(loader, reply.aftermath, out);
}

// A device's own frames that come back (a terminal that echoes) are no requests: answering them would never
// end.
static bool is_echo(const uint8_t *payload, size_t length) {
    return length >= HEADER_SIZE && payload[0] == DIRECTION_DEVICE;
}

static void take_frame(struct loader *loader, bool whole, struct buffer *out) {
    const uint8_t *payload = loader->decoder.payload.bytes;
    size_t length = loader->decoder.payload.length;
    struct request request;
    bool understood = whole && parse(payload, length, &request);
    if (loader->upload.active && !understood) {
        if (flash_upload_acknowledge(&loader->upload, payload, length, out) == LOADER_POWER_LOST)
            loader->state = LOADER_UNPOWERED;
        return;
    }
    flash_upload_stop(&loader->upload); // a request in the middle of it: the host has given up reading
    if (understood)
        answer(loader, &request, out);
    else if (!is_echo(payload, length))
        refuse(loader, length < 2 ? 0 : payload[1], LOADER_INVALID_MESSAGE, out);
}

void loader_receive(struct loader *loader, const void *bytes, size_t length, struct buffer *out) {
    const uint8_t *rest = bytes;
    while (length > 0 && (loader->state == LOADER_ROM || loader->state == LOADER_STUB)) {
        size_t used = 0;
        enum slip_result result = slip_decode(&loader->decoder, rest, length, &used);
        rest += used;
        length -= used;
        if (result != SLIP_MORE)
            take_frame(loader, result == SLIP_FRAME, out);
    }
}
