#include "flash_download.h"

#include "../hw/nor_chip.h"

#define INFLATE_CHUNK 32768u
#define ROM_PACKET    1024u // the ROM's sizes are rounded up to it, also at the very end of the chip (SP-41)
#define PADDING       0xFFu

static uint32_t sector_start(uint32_t address) {
    return address & ~(NOR_SECTOR_SIZE - 1);
}

static uint32_t sector_end(uint32_t address) {
    return sector_start(address + NOR_SECTOR_SIZE - 1);
}

static enum loader_error written(enum flash_access_result result) {
    switch (result) {
    case FLASH_ACCESS_DONE:
        return LOADER_OK;
    case FLASH_ACCESS_POWER_LOST:
        return LOADER_POWER_LOST;
    case FLASH_ACCESS_FAILED:
        break;
    }
    return LOADER_FLASH_WRITE_FAILED;
}

// ---- begin and end ------------------------------------------------------------------------------

static bool fits(const struct flash_access *flash, uint32_t offset, uint32_t size) {
    return offset < flash->size && size <= flash->size - offset + ROM_PACKET;
}

static enum loader_error erase_all(struct flash_download *download) {
    uint32_t end = sector_end(download->end);
    uint32_t start = download->erased_to;
    download->erased_to = end;
    return written(download->flash->erase(download->flash->context, start, end - start));
}

enum loader_error flash_download_begin(struct flash_download *download, const struct flash_access *flash,
                                       uint32_t offset, uint32_t size, bool deflated, bool erase_at_once) {
    flash_download_stop(download);
    if (size != 0 && !fits(flash, offset, size))
        return LOADER_INVALID_PARAMETER;
    *download = (struct flash_download){.flash = flash, .active = true, .deflated = deflated};
    download->next = download->end = offset;
    if (size == 0)
        return LOADER_OK;
    download->end = size > flash->size - offset ? flash->size : offset + size;
    download->erased_to = sector_start(offset);
    if (deflated) {
        download->stream_open = inflateInit(&download->stream) == Z_OK;
        if (!download->stream_open) {
            flash_download_stop(download);
            return LOADER_INFLATE_FAILED;
        }
    }
    enum loader_error error = erase_at_once ? erase_all(download) : LOADER_OK;
    if (error != LOADER_OK)
        flash_download_stop(download);
    return error;
}

enum loader_error flash_download_end(struct flash_download *download) {
    enum loader_error error = LOADER_OK;
    if (!download->active)
        error = LOADER_NOT_BEGUN;
    else if (download->next < download->end)
        error = LOADER_TOO_LITTLE_DATA;
    flash_download_stop(download);
    return error;
}

void flash_download_stop(struct flash_download *download) {
    if (download->stream_open)
        (void)inflateEnd(&download->stream);
    download->stream_open = false;
    download->active = false;
}

// ---- data ---------------------------------------------------------------------------------------

// Erases up to `end` and, where that is faster, ahead of it: a block when a whole one of the range is left
// (FL-4).
static enum loader_error erase_ahead(struct flash_download *download, uint32_t end) {
    uint32_t range_end = sector_end(download->end);
    while (download->erased_to < end) {
        bool block =
            download->erased_to % NOR_BLOCK_SIZE == 0 && range_end - download->erased_to >= NOR_BLOCK_SIZE;
        uint32_t unit = block ? NOR_BLOCK_SIZE : NOR_SECTOR_SIZE;
        enum loader_error error =
            written(download->flash->erase(download->flash->context, download->erased_to, unit));
        if (error != LOADER_OK)
            return error;
        download->erased_to += unit;
    }
    return LOADER_OK;
}

static bool is_padding(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != PADDING)
            return false;
    return true;
}

static enum loader_error write_bytes(struct flash_download *download, const uint8_t *bytes, size_t length) {
    uint32_t room = download->end - download->next;
    if (length > room) {
        if (!is_padding(bytes + room, length - room))
            return LOADER_TOO_MUCH_DATA;
        length = room;
    }
    if (length == 0)
        return LOADER_OK;
    uint32_t part = (uint32_t)length;
    enum loader_error error = erase_ahead(download, download->next + part);
    if (error == LOADER_OK)
        error = written(download->flash->program(download->flash->context, download->next, bytes, part));
    download->next += part;
    return error;
}

// One packet of the stream. Output is bounded by the announced range, however well the data were packed.
static enum loader_error inflate_bytes(struct flash_download *download, const uint8_t *bytes, size_t length) {
    uint8_t chunk[INFLATE_CHUNK];
    z_stream *stream = &download->stream;
    stream->next_in = (z_const Bytef *)bytes;
    stream->avail_in = (uInt)length;
    do {
        if (download->stream_ended || !download->stream_open)
            return stream->avail_in == 0 ? LOADER_OK : LOADER_TOO_MUCH_DATA;
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        int result = inflate(stream, Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return LOADER_INFLATE_FAILED;
        download->stream_ended = result == Z_STREAM_END;
        enum loader_error error = write_bytes(download, chunk, sizeof chunk - stream->avail_out);
        if (error != LOADER_OK)
            return error;
    } while (stream->avail_in != 0 || stream->avail_out == 0);
    return LOADER_OK;
}

enum loader_error flash_download_data(struct flash_download *download, const uint8_t *bytes, size_t length,
                                      bool deflated) {
    if (!download->active || download->deflated != deflated)
        return LOADER_NOT_BEGUN;
    enum loader_error error =
        deflated ? inflate_bytes(download, bytes, length) : write_bytes(download, bytes, length);
    if (error != LOADER_OK)
        flash_download_stop(download);
    return error;
}
