// What each request of the protocol does (SP-12 to SP-62).
#include "loader_internal.h"

#include <string.h>

#include "../../ota/little_endian.h"
#include "../hw/nor_chip.h"
#include "register_map.h"

#define SYNC_COPIES       8u          // SP-21
#define SYNC_VALUE_ROM    0x20120707u // any value but 0: the stub's
#define CHECKSUM_SEED     0xEFu       // SP-4
#define DATA_HEADER_SIZE  16u
#define REGISTER_ITEM     16u
#define SLOW_READ_MAX     64u // SP-52
#define READ_PIECE        65536u
#define BAUD_MAX          10000000u
#define SECURITY_INFO_API 0u

static uint32_t word(const struct request *request, uint32_t index) {
    return le32_get(request->data + 4 * index);
}

// ---- connection ---------------------------------------------------------------------------------

static enum loader_error handle_sync(struct loader *loader, const struct request *request,
                                     struct reply *reply) {
    (void)request;
    reply->copies = SYNC_COPIES;
    reply->value = loader->state == LOADER_STUB ? 0 : SYNC_VALUE_ROM;
    return LOADER_OK;
}

static enum loader_error handle_read_register(struct loader *loader, const struct request *request,
                                              struct reply *reply) {
    reply->value = chip_registers_read(&loader->registers, word(request, 0));
    return LOADER_OK;
}

static enum loader_error handle_write_register(struct loader *loader, const struct request *request,
                                               struct reply *reply) {
    if (request->length % REGISTER_ITEM != 0)
        return LOADER_INVALID_MESSAGE;
    for (uint32_t i = 0; i < request->length / 4; i += 4)
        if (chip_registers_write(&loader->registers, word(request, i), word(request, i + 1),
                                 word(request, i + 2)))
            reply->aftermath = AFTER_LEAVE;
    return LOADER_OK;
}

static enum loader_error handle_security_info(struct loader *loader, const struct request *request,
                                              struct reply *reply) {
    (void)request;
    reply->length = loader->registers.map->security_info;
    if (reply->length == 0)
        return LOADER_UNSUPPORTED;
    memset(reply->data, 0, 12); // flags, encryption counter, key purposes: a plain chip (SP-24)
    if (reply->length > 12) {
        le32_put(reply->data + 12, loader->identity->target->chip_id);
        le32_put(reply->data + 16, SECURITY_INFO_API);
    }
    return LOADER_OK;
}

static enum loader_error handle_change_baud(struct loader *loader, const struct request *request,
                                            struct reply *reply) {
    (void)reply;
    if (word(request, 0) == 0 || word(request, 0) > BAUD_MAX)
        return LOADER_INVALID_PARAMETER;
    loader->baud = word(request, 0);
    return LOADER_OK;
}

// Pins and geometry: the simulated flash chip is always there and knows its size.
static enum loader_error handle_nothing(struct loader *loader, const struct request *request,
                                        struct reply *reply) {
    (void)loader;
    (void)request;
    (void)reply;
    return LOADER_OK;
}

// ---- packets of data ----------------------------------------------------------------------------

// The bytes of a data packet; its header is the length, a running number that nobody needs, and two zeros.
static enum loader_error packet_of(const struct request *request, const uint8_t **bytes, uint32_t *length) {
    *bytes = request->data + DATA_HEADER_SIZE;
    *length = request->length - DATA_HEADER_SIZE;
    if (word(request, 0) != *length)
        return LOADER_INVALID_MESSAGE;
    uint8_t checksum = CHECKSUM_SEED;
    for (uint32_t i = 0; i < *length; i++)
        checksum ^= (*bytes)[i];
    return checksum == (uint8_t)request->checksum ? LOADER_OK : LOADER_BAD_CHECKSUM;
}

// ---- RAM ----------------------------------------------------------------------------------------

static enum loader_error handle_memory_begin(struct loader *loader, const struct request *request,
                                             struct reply *reply) {
    (void)reply;
    loader->memory = (struct memory_download){.active = true, .left = word(request, 0)};
    return LOADER_OK;
}

static enum loader_error handle_memory_data(struct loader *loader, const struct request *request,
                                            struct reply *reply) {
    (void)reply;
    if (!loader->memory.active)
        return LOADER_NOT_BEGUN;
    const uint8_t *bytes;
    uint32_t length;
    enum loader_error error = packet_of(request, &bytes, &length);
    if (error == LOADER_OK && length > loader->memory.left)
        error = LOADER_TOO_MUCH_DATA;
    if (error == LOADER_OK)
        loader->memory.left -= length;
    return error;
}

// The second word is the entry point; 0 means "stay" (SP-73). A program that a host starts out of the stub
// would be the host's own: it is not executed either, and the stub goes on.
static enum loader_error handle_memory_end(struct loader *loader, const struct request *request,
                                           struct reply *reply) {
    if (!loader->memory.active)
        return LOADER_NOT_BEGUN;
    loader->memory.active = false;
    if (word(request, 1) != 0 && loader->state == LOADER_ROM)
        reply->aftermath = AFTER_START_STUB;
    return LOADER_OK;
}

// ---- writing and erasing flash ------------------------------------------------------------------

static enum loader_error begin(struct loader *loader, const struct request *request, bool deflated) {
    return flash_download_begin(&loader->download, &loader->flash, word(request, 3), word(request, 0),
                                deflated, loader->state == LOADER_ROM);
}

static enum loader_error handle_flash_begin(struct loader *loader, const struct request *request,
                                            struct reply *reply) {
    (void)reply;
    return begin(loader, request, false);
}

static enum loader_error handle_deflated_begin(struct loader *loader, const struct request *request,
                                               struct reply *reply) {
    (void)reply;
    return begin(loader, request, true);
}

static enum loader_error data(struct loader *loader, const struct request *request, bool deflated) {
    const uint8_t *bytes;
    uint32_t length;
    enum loader_error error = packet_of(request, &bytes, &length);
    return error != LOADER_OK ? error : flash_download_data(&loader->download, bytes, length, deflated);
}

static enum loader_error handle_flash_data(struct loader *loader, const struct request *request,
                                           struct reply *reply) {
    (void)reply;
    return data(loader, request, false);
}

static enum loader_error handle_deflated_data(struct loader *loader, const struct request *request,
                                              struct reply *reply) {
    (void)reply;
    return data(loader, request, true);
}

// The ROM leaves download mode at the end in any case; the stub stays with 1 and goes back to the ROM loader
// with 0 (SP-44, SP-83).
static enum loader_error handle_flash_end(struct loader *loader, const struct request *request,
                                          struct reply *reply) {
    if (loader->state == LOADER_ROM) {
        flash_download_stop(&loader->download);
        reply->aftermath = AFTER_LEAVE;
        return LOADER_OK;
    }
    if (word(request, 0) == 0)
        reply->aftermath = AFTER_RESTART;
    return flash_download_end(&loader->download);
}

static enum loader_error handle_run_user_code(struct loader *loader, const struct request *request,
                                              struct reply *reply) {
    (void)loader;
    (void)request;
    reply->copies = 0;
    reply->aftermath = AFTER_LEAVE;
    return LOADER_OK;
}

static enum loader_error erase(struct loader *loader, uint32_t address, uint32_t length) {
    if (address % NOR_SECTOR_SIZE != 0 || length % NOR_SECTOR_SIZE != 0 || address > loader->flash.size ||
        length > loader->flash.size - address)
        return LOADER_INVALID_PARAMETER;
    if (length == 0)
        return LOADER_OK;
    switch (loader->flash.erase(loader->flash.context, address, length)) {
    case FLASH_ACCESS_DONE:
        return LOADER_OK;
    case FLASH_ACCESS_POWER_LOST:
        return LOADER_POWER_LOST;
    case FLASH_ACCESS_FAILED:
        break;
    }
    return LOADER_FLASH_WRITE_FAILED;
}

static enum loader_error handle_erase_chip(struct loader *loader, const struct request *request,
                                           struct reply *reply) {
    (void)request;
    (void)reply;
    return erase(loader, 0, loader->flash.size);
}

static enum loader_error handle_erase_region(struct loader *loader, const struct request *request,
                                             struct reply *reply) {
    (void)reply;
    return erase(loader, word(request, 0), word(request, 1));
}

// ---- reading and checking flash -----------------------------------------------------------------

static enum loader_error read_cells(struct loader *loader, uint32_t address, uint8_t *bytes,
                                    uint32_t length) {
    switch (loader->flash.read(loader->flash.context, address, bytes, length)) {
    case FLASH_ACCESS_DONE:
        return LOADER_OK;
    case FLASH_ACCESS_POWER_LOST:
        return LOADER_POWER_LOST;
    case FLASH_ACCESS_FAILED:
        break;
    }
    return LOADER_FLASH_READ_FAILED;
}

static bool inside(const struct loader *loader, uint32_t address, uint32_t length) {
    return address <= loader->flash.size && length <= loader->flash.size - address;
}

static enum loader_error handle_read_slow(struct loader *loader, const struct request *request,
                                          struct reply *reply) {
    uint32_t address = word(request, 0), length = word(request, 1);
    if (length > SLOW_READ_MAX)
        return LOADER_READ_TOO_LONG;
    if (!inside(loader, address, length))
        return LOADER_INVALID_PARAMETER;
    reply->length = SLOW_READ_MAX; // however little was asked for
    memset(reply->data, 0, sizeof reply->data);
    return length == 0 ? LOADER_OK : read_cells(loader, address, reply->data, length);
}

static enum loader_error handle_read(struct loader *loader, const struct request *request,
                                     struct reply *reply) {
    reply->aftermath = AFTER_SEND_FLASH;
    return flash_upload_begin(&loader->upload, &loader->flash, word(request, 0), word(request, 1),
                              word(request, 2), word(request, 3));
}

static enum loader_error digest_range(struct loader *loader, EVP_MD_CTX *md5, uint32_t address,
                                      uint32_t length, uint8_t digest[EVP_MAX_MD_SIZE]) {
    uint8_t piece[READ_PIECE];
    if (md5 == NULL || EVP_DigestInit_ex(md5, EVP_md5(), NULL) != 1)
        return LOADER_FLASH_READ_FAILED;
    while (length != 0) {
        uint32_t part = length < READ_PIECE ? length : READ_PIECE;
        enum loader_error error = read_cells(loader, address, piece, part);
        if (error != LOADER_OK)
            return error;
        (void)EVP_DigestUpdate(md5, piece, part);
        address += part;
        length -= part;
    }
    (void)EVP_DigestFinal_ex(md5, digest, NULL);
    return LOADER_OK;
}

// The ROM writes the digest in hexadecimal, the stub as bytes (SP-54).
static enum loader_error handle_md5(struct loader *loader, const struct request *request,
                                    struct reply *reply) {
    static const char digits[] = "0123456789abcdef";
    if (!inside(loader, word(request, 0), word(request, 1)))
        return LOADER_INVALID_PARAMETER;
    uint8_t digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *md5 = EVP_MD_CTX_new();
    enum loader_error error = digest_range(loader, md5, word(request, 0), word(request, 1), digest);
    EVP_MD_CTX_free(md5);
    if (error != LOADER_OK)
        return error;
    if (loader->state == LOADER_STUB) {
        memcpy(reply->data, digest, 16);
        reply->length = 16;
        return LOADER_OK;
    }
    for (uint32_t i = 0; i < 16; i++) {
        reply->data[2 * i] = (uint8_t)digits[digest[i] >> 4];
        reply->data[2 * i + 1] = (uint8_t)digits[digest[i] & 15];
    }
    reply->length = 32;
    return LOADER_OK;
}

// ---- the list -----------------------------------------------------------------------------------

static const struct loader_command loader_commands[] = {
    {0x02, IN_ROM | IN_STUB, 16, handle_flash_begin},
    {0x03, IN_ROM | IN_STUB, DATA_HEADER_SIZE, handle_flash_data},
    {0x04, IN_ROM | IN_STUB, 4, handle_flash_end},
    {0x05, IN_ROM | IN_STUB, 16, handle_memory_begin},
    {0x06, IN_ROM | IN_STUB, 8, handle_memory_end},
    {0x07, IN_ROM | IN_STUB, DATA_HEADER_SIZE, handle_memory_data},
    {0x08, IN_ROM | IN_STUB, 0, handle_sync},
    {0x09, IN_ROM | IN_STUB, REGISTER_ITEM, handle_write_register},
    {0x0A, IN_ROM | IN_STUB, 4, handle_read_register},
    {0x0B, IN_ROM | IN_STUB, 24, handle_nothing}, // SPI_SET_PARAMS
    {0x0D, IN_ROM | IN_STUB, 4, handle_nothing},  // SPI_ATTACH
    {0x0E, IN_ROM, 8, handle_read_slow},
    {0x0F, IN_ROM | IN_STUB, 8, handle_change_baud},
    {0x10, IN_ROM | IN_STUB, 16, handle_deflated_begin},
    {0x11, IN_ROM | IN_STUB, DATA_HEADER_SIZE, handle_deflated_data},
    {0x12, IN_ROM | IN_STUB, 4, handle_flash_end},
    {0x13, IN_ROM | IN_STUB, 8, handle_md5},
    {0x14, IN_ROM | IN_STUB, 0, handle_security_info},
    {0xD0, IN_STUB, 0, handle_erase_chip},
    {0xD1, IN_STUB, 8, handle_erase_region},
    {0xD2, IN_STUB, 16, handle_read},
    {0xD3, IN_STUB, 0, handle_run_user_code},
};

const struct loader_command *loader_command_find(const struct loader *loader, uint8_t opcode) {
    unsigned here = loader->state == LOADER_STUB ? IN_STUB : IN_ROM;
    for (size_t i = 0; i < sizeof loader_commands / sizeof loader_commands[0]; i++)
        if (loader_commands[i].opcode == opcode && (loader_commands[i].where & here) != 0)
            return &loader_commands[i];
    return NULL;
}
