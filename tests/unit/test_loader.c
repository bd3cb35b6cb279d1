// The loader as a host sees it: requests in, replies out, on plain cells.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "ota/little_endian.h"
#include "sim/hw/flash.h"
#include "sim/serial/loader.h"
#include "sim/serial/register_map.h"
#include "sim/serial/slip.h"

#define CHIP_SIZE (1u << 20)
#define ROM_OK    "\0\0\0\0", 4
#define STUB_OK   "\0\0", 2

struct host {
    struct chip_identity identity;
    struct flash cells;
    unsigned erases;         // requests to the chip
    unsigned until_no_power; // requests to the chip until the power goes; 0: it stays
    struct loader *loader;
    struct buffer out;
    size_t seen; // bytes of `out` that were looked at
};

// ---- the chip -----------------------------------------------------------------------------------

static enum flash_access_result chip_request(struct host *host) {
    if (host->until_no_power > 0 && --host->until_no_power == 0)
        return FLASH_ACCESS_POWER_LOST;
    return FLASH_ACCESS_DONE;
}

static enum flash_access_result read_cells(void *context, uint32_t address, void *bytes, uint32_t length) {
    struct host *host = context;
    flash_read(&host->cells, address, bytes, length);
    return chip_request(host);
}

static enum flash_access_result program_cells(void *context, uint32_t address, const void *bytes,
                                              uint32_t length) {
    struct host *host = context;
    flash_program(&host->cells, address, bytes, length);
    return chip_request(host);
}

static enum flash_access_result erase_cells(void *context, uint32_t address, uint32_t length) {
    struct host *host = context;
    flash_erase(&host->cells, address, length);
    host->erases++;
    return chip_request(host);
}

// ---- the host -----------------------------------------------------------------------------------

static int set_up_target(void **state, const char *target) {
    struct host *host = memory_zeroed(1, sizeof *host);
    host->identity = (struct chip_identity){.target = chip_target_find(target),
                                            .mac = {0x24, 0x0A, 0xC4, 1, 2, 3},
                                            .revision = 3,
                                            .jedec_id = 0xC84014};
    flash_init(&host->cells, CHIP_SIZE);
    struct flash_access access = {host, CHIP_SIZE, read_cells, program_cells, erase_cells};
    host->loader = loader_new(&host->identity, &access);
    *state = host;
    return 0;
}

static int set_up(void **state) {
    return set_up_target(state, "esp32c3");
}

static int set_up_esp32(void **state) {
    return set_up_target(state, "esp32");
}

static int tear_down(void **state) {
    struct host *host = *state;
    loader_free(host->loader);
    flash_free(&host->cells);
    buffer_free(&host->out);
    free(host);
    return 0;
}

static void send(struct host *host, uint8_t opcode, uint32_t checksum, const void *data, size_t length) {
    struct buffer payload = {0}, frame = {0};
    uint8_t header[8] = {0, opcode};
    le16_put(header + 2, (uint16_t)length);
    le32_put(header + 4, checksum);
    buffer_append(&payload, header, sizeof header);
    buffer_append(&payload, data, length);
    slip_encode(&frame, payload.bytes, payload.length);
    loader_receive(host->loader, frame.bytes, frame.length, &host->out);
    buffer_free(&payload);
    buffer_free(&frame);
}

#define SEND_WORDS(host, opcode, ...)                                                                        \
    send_words(host, opcode, (const uint32_t[]){__VA_ARGS__}, sizeof(uint32_t[]){__VA_ARGS__} / 4)

static void send_words(struct host *host, uint8_t opcode, const uint32_t *words, size_t count) {
    uint8_t data[64];
    for (size_t i = 0; i < count; i++)
        le32_put(data + 4 * i, words[i]);
    send(host, opcode, 0, data, 4 * count);
}

static void send_packet(struct host *host, uint8_t opcode, const void *bytes, size_t length) {
    struct buffer data = {0};
    uint8_t header[16] = {0}, checksum = 0xEF;
    le32_put(header, (uint32_t)length);
    buffer_append(&data, header, sizeof header);
    buffer_append(&data, bytes, length);
    for (size_t i = 0; i < length; i++)
        checksum ^= ((const uint8_t *)bytes)[i];
    send(host, opcode, checksum, data.bytes, data.length);
    buffer_free(&data);
}

// The next frame from the device.
static void take_frame(struct host *host, struct buffer *payload) {
    struct slip_decoder decoder = {0};
    size_t used = 0;
    assert_int_equal(
        slip_decode(&decoder, host->out.bytes + host->seen, host->out.length - host->seen, &used),
        SLIP_FRAME);
    host->seen += used;
    payload->length = 0;
    buffer_append(payload, decoder.payload.bytes, decoder.payload.length);
    slip_decoder_free(&decoder);
}

static void expect_silence(const struct host *host) {
    assert_int_equal(host->out.length, host->seen);
}

// A reply: opcode, value, and what follows on the header.
static void expect(struct host *host, uint8_t opcode, uint32_t value, const char *rest, size_t length) {
    struct buffer payload = {0};
    take_frame(host, &payload);
    assert_int_equal(payload.length, 8 + length);
    assert_int_equal(payload.bytes[0], 1);
    assert_int_equal(payload.bytes[1], opcode);
    assert_int_equal(le16_get(payload.bytes + 2), length);
    assert_int_equal(le32_get(payload.bytes + 4), value);
    assert_memory_equal(payload.bytes + 8, rest, length);
    buffer_free(&payload);
}

static void start_stub(struct host *host) {
    SEND_WORDS(host, 0x05, 16, 1, 0x1800, 0x40380000);
    expect(host, 0x05, 0, ROM_OK);
    send_packet(host, 0x07, "sixteen bytes...", 16);
    expect(host, 0x07, 0, ROM_OK);
    SEND_WORDS(host, 0x06, 0, 0x40380000);
    expect(host, 0x06, 0, ROM_OK);
    struct buffer payload = {0};
    take_frame(host, &payload);
    assert_int_equal(payload.length, 4);
    assert_memory_equal(payload.bytes, "OHAI", 4);
    buffer_free(&payload);
}

static uint32_t read_register(struct host *host, uint32_t address) {
    SEND_WORDS(host, 0x0A, address);
    struct buffer payload = {0};
    take_frame(host, &payload);
    uint32_t value = le32_get(payload.bytes + 4);
    buffer_free(&payload);
    return value;
}

static void write_register(struct host *host, uint32_t address, uint32_t value) {
    SEND_WORDS(host, 0x09, address, value, UINT32_MAX, 0);
    expect(host, 0x09, 0, ROM_OK);
}

// ---- connecting ---------------------------------------------------------------------------------

static void a_sync_is_answered_eight_times(void **state) {
    struct host *host = *state;
    SEND_WORDS(host, 0x08, 0x20120707, 0x55555555);
    for (int i = 0; i < 8; i++)
        expect(host, 0x08, 0x20120707, ROM_OK);
    expect_silence(host);
    start_stub(host);
    SEND_WORDS(host, 0x08, 0x20120707, 0x55555555);
    for (int i = 0; i < 8; i++)
        expect(host, 0x08, 0, STUB_OK); // how hosts know that a stub runs
}

static void the_chip_says_what_it_is(void **state) {
    struct host *host = *state;
    send(host, 0x14, 0, NULL, 0);
    expect(host, 0x14, 0, "\0\0\0\0\0\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0", 24);
    assert_int_equal(read_register(host, 0x40001000), 0x1B31506F);
    assert_int_equal(read_register(host, 0x60008844), 0xC4010203);
    assert_int_equal(read_register(host, 0x60008848), 0x240A);
    assert_int_equal(read_register(host, 0x60008850) >> 18 & 7, 3);
}

static void esp32_has_no_security_info(void **state) {
    struct host *host = *state;
    send(host, 0x14, 0, NULL, 0);
    expect(host, 0x14, 0, "\1\5\0\0", 4);
    expect_silence(host); // once: what is left over would be taken for the next answer
    assert_int_equal(read_register(host, 0x40001000), 0x00F01D83);
}

// CH-70, HW-41: burned bits stay, a command's register reads 0 again, and without 5A5A nothing is burned.
static void efuse_bits_are_burned_for_good(void **state) {
    struct host *host = *state; // an esp32c3: block 3 is read from offset 7C on
    write_register(host, 0x60008800, 5);
    write_register(host, 0x600089D4, 3u << 2 | 2);
    assert_int_equal(read_register(host, 0x6000887C), 0);
    write_register(host, 0x600089CC, 0x5A5A);
    write_register(host, 0x600089D4, 3u << 2 | 2);
    assert_int_equal(read_register(host, 0x600089D4), 0);
    assert_int_equal(read_register(host, 0x6000887C), 5);
    write_register(host, 0x60008800, 2);
    write_register(host, 0x600089D4, 3u << 2 | 2);
    assert_int_equal(read_register(host, 0x6000887C), 7); // bits only go to 1
    write_register(host, 0x600089D4, 15u << 2 | 2);       // no such block
    assert_int_equal(read_register(host, 0x6000887C), 7);
}

// CH-70 of chips whose words lie elsewhere; the revision is v0.3.
static void each_chip_has_its_registers(void **state) {
    (void)state;
    static const struct {
        const char *target;
        uint32_t mac_low, minor_at, minor_first;
        uint32_t mac_high;
    } table[] = {
        {"esp32", 0x3FF5A004, 0x3FF5A014, 24, 0x54240A},
        {"esp32s2", 0x3F41A044, 0x3F41A054, 4, 0x240A},
        {"esp32c2", 0x60008840, 0x60008844, 16, 0x240A},
        {"esp32c6", 0x600B0844, 0x600B0850, 18, 0xFFFE240A},
        {"esp32h21", 0x600B4044, 0x600B4058, 4, 0xFFFE240A},
        {"esp32p4", 0x5012D044, 0x5012D04C, 0, 0x240A},
        {"esp32s31", 0x20715050, 0x2071505C, 18, 0x240A},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        void *made = NULL;
        (void)set_up_target(&made, table[i].target);
        struct host *host = made;
        assert_int_equal(read_register(host, table[i].mac_low), 0xC4010203);
        uint32_t high = read_register(host, table[i].mac_low + 4),
                 kept = table[i].mac_high > 0xFFFFFF ? UINT32_MAX : 0xFFFF;
        assert_int_equal(high & kept, table[i].mac_high & kept);
        assert_int_equal(read_register(host, table[i].minor_at) >> table[i].minor_first & 3, 3);
        tear_down(&made);
    }
}

// CH-30: where each chip has the revision of its eFuse blocks; here v3.5, all bits that it takes to say so.
static void each_chip_has_the_revision_of_its_blocks(void **state) {
    (void)state;
    static const struct {
        const char *target;
        uint32_t minor_at, minor_first, major_at, major_first;
    } table[] = {
        {"esp32s2", 0x3F41A06C, 4, 0x3F41A050, 25},   {"esp32s3", 0x60007050, 24, 0x6000706C, 0},
        {"esp32c3", 0x60008850, 24, 0x6000886C, 0},   {"esp32c2", 0x60008844, 25, 0x60008844, 28},
        {"esp32c6", 0x600B0850, 27, 0x600B0850, 30},  {"esp32h2", 0x600B086C, 2, 0x600B086C, 5},
        {"esp32h21", 0x600B4050, 18, 0x600B4050, 21}, {"esp32h4", 0x600B1850, 26, 0x600B1850, 29},
        {"esp32c5", 0x600B484C, 8, 0x600B484C, 11},   {"esp32c61", 0x600B484C, 8, 0x600B484C, 11},
        {"esp32p4", 0x5012D04C, 8, 0x5012D04C, 11},   {"esp32s31", 0x2071505C, 26, 0x2071505C, 29},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct chip_target *target = chip_target_find(table[i].target);
        const struct register_map *map = register_map_find(target);
        struct chip_identity plain = {.target = target}, burned = {.target = target, .block_revision = 305};
        for (int part = 0; part < 2; part++) {
            uint32_t address = part == 0 ? table[i].minor_at : table[i].major_at;
            uint32_t first = part == 0 ? table[i].minor_first : table[i].major_first;
            uint32_t mask = part == 0 ? 7 : 3, before = 0, after = 0;
            assert_true(register_map_efuse(map, &plain, address, &before));
            assert_true(register_map_efuse(map, &burned, address, &after));
            assert_int_equal(before >> first & mask, 0);
            assert_int_equal(after >> first & mask, part == 0 ? 5 : 3);
        }
    }
}

static void the_flash_id_comes_through_the_spi_registers(void **state) {
    struct host *host = *state;
    write_register(host, 0x60002028, 23); // 24 bits of answer
    write_register(host, 0x60002020, 7u << 28 | 0x9F);
    write_register(host, 0x60002058, 0);
    write_register(host, 0x60002000, 1u << 18);
    assert_int_equal(read_register(host, 0x60002000), 0); // through
    assert_int_equal(read_register(host, 0x60002058), 0x1440C8);
}

static void what_is_written_to_a_register_reads_back_masked(void **state) {
    struct host *host = *state;
    write_register(host, 0x60000000, 0x12345678);
    SEND_WORDS(host, 0x09, 0x60000000, 0xFFFFFFFF, 0x0000FF00, 0);
    expect(host, 0x09, 0, ROM_OK);
    assert_int_equal(read_register(host, 0x60000000), 0x1234FF78);
}

// ---- writing ------------------------------------------------------------------------------------

static void the_rom_erases_at_once_and_the_stub_as_data_come(void **state) {
    struct host *host = *state;
    SEND_WORDS(host, 0x02, 0x3000, 12, 0x400, 0x1000, 0);
    expect(host, 0x02, 0, ROM_OK);
    assert_int_equal(host->erases, 1);
    start_stub(host);
    SEND_WORDS(host, 0x02, 0x3000, 1, 0x4000, 0x1000);
    expect(host, 0x02, 0, STUB_OK);
    assert_int_equal(host->erases, 1);
    send_packet(host, 0x03, "data", 4);
    expect(host, 0x03, 0, STUB_OK);
    assert_int_equal(host->erases, 2);
    assert_memory_equal(flash_sector(&host->cells, 0x1000), "data", 4);
}

static void a_begin_of_nothing_erases_nothing(void **state) {
    struct host *host = *state;
    start_stub(host);
    SEND_WORDS(host, 0x02, 0, 0, 0x4000, 0);
    expect(host, 0x02, 0, STUB_OK);
    SEND_WORDS(host, 0x12, 1);
    expect(host, 0x12, 0, STUB_OK);
    assert_int_equal(host->erases, 0);
    assert_int_equal(loader_state(host->loader), LOADER_STUB);
}

static void a_wrong_checksum_writes_nothing_and_may_be_repeated(void **state) {
    struct host *host = *state;
    static const uint8_t packet[20] = {4};
    SEND_WORDS(host, 0x02, 0x1000, 4, 0x400, 0, 0);
    expect(host, 0x02, 0, ROM_OK);
    send(host, 0x03, 0x12, packet, sizeof packet);
    expect(host, 0x03, 0, "\1\7\0\0", 4);
    assert_int_equal(flash_sector(&host->cells, 0)[0], 0xFF);
    send(host, 0x03, 0xEF, packet, sizeof packet);
    expect(host, 0x03, 0, ROM_OK);
    assert_int_equal(flash_sector(&host->cells, 0)[0], 0);
}

static void padding_beyond_the_range_is_dropped_and_data_are_refused(void **state) {
    struct host *host = *state;
    uint8_t packet[8] = {1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFF};
    start_stub(host);
    SEND_WORDS(host, 0x02, 4, 1, 0x4000, CHIP_SIZE - 4);
    expect(host, 0x02, 0, STUB_OK);
    send_packet(host, 0x03, packet, sizeof packet);
    expect(host, 0x03, 0, STUB_OK);
    send_packet(host, 0x03, "x", 1);
    expect(host, 0x03, 0, "\1\xC9", 2);
}

static void a_stream_is_inflated_over_several_packets(void **state) {
    struct host *host = *state;
    static uint8_t plain[50000];
    uint8_t packed[5000];
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (uint8_t)(i / 300);
    uLongf length = sizeof packed;
    assert_int_equal(compress(packed, &length, plain, sizeof plain), Z_OK);
    start_stub(host);
    SEND_WORDS(host, 0x10, sizeof plain, 2, 0x4000, 0x20000);
    expect(host, 0x10, 0, STUB_OK);
    send_packet(host, 0x11, packed, 100);
    expect(host, 0x11, 0, STUB_OK);
    SEND_WORDS(host, 0x12, 1);
    expect(host, 0x12, 0, "\1\xC8", 2); // not all has come
    SEND_WORDS(host, 0x10, sizeof plain, 2, 0x4000, 0x20000);
    expect(host, 0x10, 0, STUB_OK);
    send_packet(host, 0x11, packed, 100);
    expect(host, 0x11, 0, STUB_OK);
    send_packet(host, 0x11, packed + 100, length - 100);
    expect(host, 0x11, 0, STUB_OK);
    SEND_WORDS(host, 0x12, 1);
    expect(host, 0x12, 0, STUB_OK);
    static uint8_t read[sizeof plain];
    flash_read(&host->cells, 0x20000, read, sizeof read);
    assert_memory_equal(read, plain, sizeof plain);
}

static void a_stream_that_unpacks_to_more_than_was_said_is_stopped(void **state) {
    struct host *host = *state;
    static uint8_t plain[200000];
    uint8_t packed[2000];
    uLongf length = sizeof packed;
    assert_int_equal(compress(packed, &length, plain, sizeof plain), Z_OK);
    start_stub(host);
    SEND_WORDS(host, 0x10, 0x1000, 1, 0x4000, 0);
    expect(host, 0x10, 0, STUB_OK);
    send_packet(host, 0x11, packed, length);
    expect(host, 0x11, 0, "\1\xC9", 2);
    assert_int_equal(flash_sector(&host->cells, 0x1000)[0], 0xFF);
}

// ---- reading, checking, erasing -----------------------------------------------------------------

static void the_stub_sends_frames_while_they_are_acknowledged(void **state) {
    struct host *host = *state;
    uint8_t acknowledgement[4];
    struct buffer frame = {0}, ack = {0};
    flash_program(&host->cells, 0, "begin", 5);
    start_stub(host);
    SEND_WORDS(host, 0xD2, 0, 2500, 1000, 2);
    expect(host, 0xD2, 0, STUB_OK);
    take_frame(host, &frame);
    assert_memory_equal(frame.bytes, "begin", 5);
    take_frame(host, &frame);
    assert_int_equal(frame.length, 1000);
    expect_silence(host); // two are on their way
    for (uint32_t got = 1000; got <= 2500; got = got == 2000 ? 2500 : got + 1000) {
        le32_put(acknowledgement, got);
        ack.length = 0;
        slip_encode(&ack, acknowledgement, 4);
        loader_receive(host->loader, ack.bytes, ack.length, &host->out);
        if (got == 1000) {
            take_frame(host, &frame);
            assert_int_equal(frame.length, 500);
        }
    }
    take_frame(host, &frame);
    assert_int_equal(frame.length, 16); // the digest
    expect_silence(host);
    buffer_free(&frame);
    buffer_free(&ack);
}

static void digests_are_text_from_the_rom_and_bytes_from_the_stub(void **state) {
    struct host *host = *state;
    flash_program(&host->cells, 0x100, "abc", 3);
    SEND_WORDS(host, 0x13, 0x100, 3, 0, 0);
    expect(host, 0x13, 0, "900150983cd24fb0d6963f7d28e17f72\0\0\0\0", 36);
    start_stub(host);
    SEND_WORDS(host, 0x13, 0x100, 3, 0, 0);
    expect(host, 0x13, 0, "\x90\x01\x50\x98\x3c\xd2\x4f\xb0\xd6\x96\x3f\x7d\x28\xe1\x7f\x72\0\0", 18);
}

static void ranges_outside_the_chip_are_refused(void **state) {
    struct host *host = *state;
    SEND_WORDS(host, 0x02, 0x1000, 4, 0x400, CHIP_SIZE, 0);
    expect(host, 0x02, 0, "\1\1\0\0", 4);
    SEND_WORDS(host, 0x02, CHIP_SIZE, 4, 0x400, 0x1000, 0);
    expect(host, 0x02, 0, "\1\1\0\0", 4);
    SEND_WORDS(host, 0x0E, CHIP_SIZE - 32, 64);
    expect(host, 0x0E, 0, "\1\1\0\0", 4);
    SEND_WORDS(host, 0x0E, 0, 65);
    expect(host, 0x0E, 0, "\1\x0A\0\0", 4);
    start_stub(host);
    SEND_WORDS(host, 0xD1, CHIP_SIZE - 0x1000, 0x2000);
    expect(host, 0xD1, 0, "\1\xC2", 2);
    SEND_WORDS(host, 0xD1, 0x800, 0x1000);
    expect(host, 0xD1, 0, "\1\xC2", 2);
    SEND_WORDS(host, 0xD2, UINT32_MAX, 2, 0x1000, 64);
    expect(host, 0xD2, 0, "\1\xC2", 2);
    assert_int_equal(host->erases, 0);
}

// ---- leaving, failing ---------------------------------------------------------------------------

static void the_stub_goes_back_to_the_rom_and_the_rom_into_flash(void **state) {
    struct host *host = *state;
    start_stub(host);
    SEND_WORDS(host, 0x02, 0, 0, 0x4000, 0);
    expect(host, 0x02, 0, STUB_OK);
    SEND_WORDS(host, 0x04, 0);
    expect(host, 0x04, 0, STUB_OK);
    assert_int_equal(loader_state(host->loader), LOADER_ROM);
    SEND_WORDS(host, 0x02, 0, 0, 0x400, 0, 0);
    expect(host, 0x02, 0, ROM_OK);
    SEND_WORDS(host, 0x04, 1);
    expect(host, 0x04, 0, ROM_OK);
    assert_int_equal(loader_state(host->loader), LOADER_LEFT);
    SEND_WORDS(host, 0x08, 0x20120707);
    expect_silence(host);
}

static void without_power_nothing_is_answered(void **state) {
    struct host *host = *state;
    start_stub(host);
    host->until_no_power = 1;
    SEND_WORDS(host, 0xD1, 0, 0x1000);
    expect_silence(host);
    assert_int_equal(loader_state(host->loader), LOADER_UNPOWERED);
    SEND_WORDS(host, 0x08, 0x20120707);
    expect_silence(host);
    loader_reset(host->loader);
    SEND_WORDS(host, 0x0A, 0);
    expect(host, 0x0A, 0, ROM_OK);
}

static void unknown_and_malformed_requests_get_an_error(void **state) {
    struct host *host = *state;
    SEND_WORDS(host, 0xD0, 0);
    expect(host, 0xD0, 0, "\1\5\0\0", 4); // the stub's
    SEND_WORDS(host, 0x02, 1);
    expect(host, 0x02, 0, "\1\5\0\0", 4); // too short
    send_packet(host, 0x03, "x", 1);
    expect(host, 0x03, 0, "\1\6\0\0", 4); // not begun
    loader_receive(host->loader, "\xC0\0\x0A\xC0", 4, &host->out);
    expect(host, 0x0A, 0, "\1\5\0\0", 4);
    loader_receive(host->loader, "\xC0\1\x08\4\0\0\0\0\0\0\0\0\0\xC0", 14, &host->out);
    expect_silence(host); // its own answer that came back
    start_stub(host);
    SEND_WORDS(host, 0x19, 0);
    expect(host, 0x19, 0, "\1\xFF", 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_sync_is_answered_eight_times),
        TEST(the_chip_says_what_it_is),
        cmocka_unit_test_setup_teardown(esp32_has_no_security_info, set_up_esp32, tear_down),
        TEST(efuse_bits_are_burned_for_good),
        cmocka_unit_test(each_chip_has_its_registers),
        cmocka_unit_test(each_chip_has_the_revision_of_its_blocks),
        TEST(the_flash_id_comes_through_the_spi_registers),
        TEST(what_is_written_to_a_register_reads_back_masked),
        TEST(the_rom_erases_at_once_and_the_stub_as_data_come),
        TEST(a_begin_of_nothing_erases_nothing),
        TEST(a_wrong_checksum_writes_nothing_and_may_be_repeated),
        TEST(padding_beyond_the_range_is_dropped_and_data_are_refused),
        TEST(a_stream_is_inflated_over_several_packets),
        TEST(a_stream_that_unpacks_to_more_than_was_said_is_stopped),
        TEST(the_stub_sends_frames_while_they_are_acknowledged),
        TEST(digests_are_text_from_the_rom_and_bytes_from_the_stub),
        TEST(ranges_outside_the_chip_are_refused),
        TEST(the_stub_goes_back_to_the_rom_and_the_rom_into_flash),
        TEST(without_power_nothing_is_answered),
        TEST(unknown_and_malformed_requests_get_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
