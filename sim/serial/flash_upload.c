#include "flash_upload.h"

#include "../../ota/little_endian.h"
#include "slip.h"

enum loader_error flash_upload_begin(struct flash_upload *upload, const struct flash_access *flash,
                                     uint32_t start, uint32_t length, uint32_t packet,
                                     uint32_t packets_ahead) {
    flash_upload_stop(upload);
    if (start > flash->size || length > flash->size - start)
        return LOADER_INVALID_PARAMETER;
    if (packet == 0 || packet > FLASH_UPLOAD_PACKET_MAX || packets_ahead == 0)
        return LOADER_INVALID_PARAMETER;
    uint32_t packets_max = FLASH_UPLOAD_AHEAD_MAX / packet;
    *upload =
        (struct flash_upload){.flash = flash,
                              .active = true,
                              .start = start,
                              .length = length,
                              .packet = packet,
                              .ahead = packet * (packets_ahead < packets_max ? packets_ahead : packets_max),
                              .md5 = EVP_MD_CTX_new()};
    if (upload->md5 == NULL || EVP_DigestInit_ex(upload->md5, EVP_md5(), NULL) != 1) {
        flash_upload_stop(upload);
        return LOADER_FLASH_READ_FAILED;
    }
    return LOADER_OK;
}

static void finish(struct flash_upload *upload, struct buffer *out) {
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    (void)EVP_DigestFinal_ex(upload->md5, digest, &length);
    slip_encode(out, digest, length);
    flash_upload_stop(upload);
}

static enum loader_error send_packet(struct flash_upload *upload, struct buffer *out) {
    uint8_t bytes[FLASH_UPLOAD_PACKET_MAX];
    uint32_t left = upload->length - upload->sent;
    uint32_t part = left < upload->packet ? left : upload->packet;
    switch (upload->flash->read(upload->flash->context, upload->start + upload->sent, bytes, part)) {
    case FLASH_ACCESS_DONE:
        break;
    case FLASH_ACCESS_FAILED:
        return LOADER_FLASH_READ_FAILED;
    case FLASH_ACCESS_POWER_LOST:
        return LOADER_POWER_LOST;
    }
    (void)EVP_DigestUpdate(upload->md5, bytes, part);
    slip_encode(out, bytes, part);
    upload->sent += part;
    return LOADER_OK;
}

// A window that is half empty is filled in one go: packet by packet, every acknowledgement would cost the
// line a write of its own.
enum loader_error flash_upload_continue(struct flash_upload *upload, struct buffer *out) {
    bool fill = upload->sent - upload->acknowledged <= upload->ahead / 2;
    while (fill && upload->sent < upload->length && upload->sent - upload->acknowledged < upload->ahead) {
        enum loader_error error = send_packet(upload, out);
        if (error != LOADER_OK) {
            flash_upload_stop(upload);
            return error;
        }
    }
    if (upload->acknowledged == upload->length)
        finish(upload, out);
    return LOADER_OK;
}

enum loader_error flash_upload_acknowledge(struct flash_upload *upload, const uint8_t *payload, size_t length,
                                           struct buffer *out) {
    uint32_t acknowledged = length == 4 ? le32_get(payload) : UINT32_MAX;
    if (acknowledged > upload->sent || acknowledged < upload->acknowledged) {
        flash_upload_stop(upload);
        return LOADER_INVALID_MESSAGE;
    }
    upload->acknowledged = acknowledged;
    return flash_upload_continue(upload, out);
}

void flash_upload_stop(struct flash_upload *upload) {
    EVP_MD_CTX_free(upload->md5);
    upload->md5 = NULL;
    upload->active = false;
}
