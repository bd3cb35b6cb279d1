// Arbitrary traffic on a served device's serial line: whatever a host sends, the loader stays within the
// chip, and every byte that it sends back belongs to a well-formed frame.
//
// An input is read from the front as a list of records; byte 0 chooses the target:
//
//      00..3F  raw bytes, as many as the number says
//      40..BF  a request: opcode, length (one byte), that many bytes of data; framed and with a right header
//      C0..EF  a data packet: opcode, length (one byte), repeats (one byte), the bytes; checksum and header
//      are right F0..FF  a reset
#include <string.h>

#include "../../sim/hw/flash.h"
#include "../../sim/serial/loader.h"
#include "../../sim/serial/slip.h"
#include "fuzz.h"

#define CHIP_SIZE (1u << 20)
#define OUT_MAX   (4u << 20)

struct input {
    const uint8_t *bytes;
    size_t left;
};

static uint8_t take(struct input *input) {
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->bytes++;
}

// At most `length` bytes; fewer at the input's end.
static const uint8_t *take_run(struct input *input, size_t *length) {
    const uint8_t *run = input->bytes;
    *length = *length < input->left ? *length : input->left;
    input->bytes += *length;
    input->left -= *length;
    return run;
}

// ---- the chip -----------------------------------------------------------------------------------

static void check_range(uint32_t address, uint32_t length) {
    FUZZ_CHECK(length > 0 && address < CHIP_SIZE && length <= CHIP_SIZE - address);
}

static enum flash_access_result read_cells(void *context, uint32_t address, void *bytes, uint32_t length) {
    check_range(address, length);
    flash_read(context, address, bytes, length);
    return FLASH_ACCESS_DONE;
}

static enum flash_access_result program_cells(void *context, uint32_t address, const void *bytes,
                                              uint32_t length) {
    check_range(address, length);
    flash_program(context, address, bytes, length);
    return FLASH_ACCESS_DONE;
}

static enum flash_access_result erase_cells(void *context, uint32_t address, uint32_t length) {
    check_range(address, length);
    FUZZ_CHECK(address % NOR_SECTOR_SIZE == 0 && length % NOR_SECTOR_SIZE == 0);
    flash_erase(context, address, length);
    return FLASH_ACCESS_DONE;
}

// ---- the host -----------------------------------------------------------------------------------

static void send_request(struct loader *loader, uint8_t opcode, uint8_t checksum, const uint8_t *data,
                         size_t length, struct buffer *out) {
    const uint8_t header[] = {0, opcode, (uint8_t)length, (uint8_t)(length >> 8), checksum, 0, 0, 0};
    struct buffer payload = {0}, frame = {0};
    buffer_append(&payload, header, sizeof header);
    buffer_append(&payload, data, length);
    slip_encode(&frame, payload.bytes, payload.length);
    loader_receive(loader, frame.bytes, frame.length, out);
    buffer_free(&payload);
    buffer_free(&frame);
}

static void send_packet(struct loader *loader, struct input *input, struct buffer *out) {
    uint8_t opcode = take(input), repeats = 0, checksum = 0xEF;
    size_t length = take(input);
    repeats = take(input);
    const uint8_t *run = take_run(input, &length);
    struct buffer data = {0};
    size_t all = length * repeats;
    const uint8_t header[16] = {(uint8_t)all, (uint8_t)(all >> 8)};
    buffer_append(&data, header, sizeof header);
    for (unsigned i = 0; i < repeats; i++)
        buffer_append(&data, run, length);
    for (size_t i = sizeof header; i < data.length; i++)
        checksum ^= data.bytes[i];
    if (data.length <= UINT16_MAX)
        send_request(loader, opcode, checksum, data.bytes, data.length, out);
    buffer_free(&data);
}

static void send_record(struct loader *loader, struct input *input, struct buffer *out) {
    uint8_t kind = take(input);
    if (kind < 0x40) {
        size_t length = kind;
        const uint8_t *run = take_run(input, &length);
        loader_receive(loader, run, length, out);
    } else if (kind < 0xC0) {
        uint8_t opcode = take(input);
        size_t length = take(input);
        const uint8_t *run = take_run(input, &length);
        send_request(loader, opcode, 0, run, length, out);
    } else if (kind < 0xF0) {
        send_packet(loader, input, out);
    } else {
        loader_reset(loader);
    }
}

// Frames stand one behind the other, each between two C0 of its own, and none is empty.
static void check_frames(const struct buffer *out) {
    struct slip_decoder decoder = {0};
    size_t decoded = 0;
    for (size_t done = 0; done < out->length;) {
        size_t used = 0;
        FUZZ_CHECK(out->bytes[done] == 0xC0);
        FUZZ_CHECK(slip_decode(&decoder, out->bytes + done, out->length - done, &used) == SLIP_FRAME);
        FUZZ_CHECK(decoder.payload.length > 0);
        done += used;
        decoded++;
    }
    FUZZ_CHECK((out->length == 0) == (decoded == 0));
    slip_decoder_free(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"esp32", "esp32c3", "esp32s3"};
    struct input input = {data, size};
    struct chip_identity identity = {
        .target = chip_target_find(names[take(&input) % 3]), .revision = 3, .jedec_id = 0xEF4014};
    struct flash cells;
    flash_init(&cells, CHIP_SIZE);
    struct flash_access access = {&cells, CHIP_SIZE, read_cells, program_cells, erase_cells};
    struct loader *loader = loader_new(&identity, &access);
    struct buffer out = {0};
    while (input.left > 0 && out.length < OUT_MAX)
        send_record(loader, &input, &out);
    check_frames(&out);
    buffer_free(&out);
    loader_free(loader);
    flash_free(&cells);
    return 0;
}
