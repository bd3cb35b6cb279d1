#include "app_image_reader.h"

#include <string.h>

#include <openssl/evp.h>

#include "../../ota/little_endian.h"
#include "app_image_builder.h"

#define HEADER_MAGIC     0xE9u
#define DESCRIPTOR_MAGIC 0xABCD5432u
#define CHECKSUM_SEED    0xEFu // IMG-15
#define TAIL_ALIGNMENT   16u
#define PIECE_SIZE       4096u

// Where the bytes come from: a flash, or memory.
struct source {
    const struct flash *flash; // NULL: `bytes`
    uint32_t address;
    const uint8_t *bytes;
    uint32_t length; // of the region
};

static bool read_source(const struct source *source, uint32_t offset, void *buffer, uint32_t length) {
    if (offset > source->length || length > source->length - offset)
        return false;
    if (source->flash != NULL)
        flash_read(source->flash, source->address + offset, buffer, length);
    else
        memcpy(buffer, source->bytes + offset, length);
    return true;
}

static void copy_text(char *text, const uint8_t *field, size_t size) {
    memcpy(text, field, size);
    text[size] = '\0';
}

static void read_header(const uint8_t *header, struct app_image_summary *out) {
    out->segment_count = header[1];
    out->chip_id = le16_get(header + 12);
    out->min_chip_revision = le16_get(header + 15);
    out->max_chip_revision = le16_get(header + 17);
    out->hash_appended = header[23] != 0;
}

static void read_descriptor(const struct source *source, struct app_image_summary *out) {
    uint8_t descriptor[APP_IMAGE_DESCRIPTOR_SIZE];
    if (!read_source(source, APP_IMAGE_DESCRIPTOR_OFFSET, descriptor, sizeof descriptor) ||
        le32_get(descriptor) != DESCRIPTOR_MAGIC)
        return;
    out->has_descriptor = true;
    out->secure_version = le32_get(descriptor + 4);
    copy_text(out->version, descriptor + 16, 32);
    copy_text(out->project, descriptor + 48, 32);
    copy_text(out->compile_time, descriptor + 80, 16);
    copy_text(out->compile_date, descriptor + 96, 16);
    copy_text(out->idf_version, descriptor + 112, 32);
}

#define BOOTLOADER_DESCRIPTOR_SIZE  80u // IMG-13
#define BOOTLOADER_DESCRIPTOR_MAGIC 0x50u

static void read_bootloader_descriptor(const struct source *source, struct app_image_summary *out) {
    uint8_t descriptor[BOOTLOADER_DESCRIPTOR_SIZE];
    if (out->has_descriptor ||
        !read_source(source, APP_IMAGE_DESCRIPTOR_OFFSET, descriptor, sizeof descriptor) ||
        descriptor[0] != BOOTLOADER_DESCRIPTOR_MAGIC || descriptor[1] != 0 || descriptor[2] != 0)
        return;
    out->is_bootloader = true;
    out->secure_version = descriptor[3];
    out->bootloader_version = le32_get(descriptor + 4);
    copy_text(out->idf_version, descriptor + 8, 32);
    copy_text(out->bootloader_date, descriptor + 40, 24);
}

static bool add_to_checksum(const struct source *source, uint32_t offset, uint32_t length,
                            uint8_t *checksum) {
    uint8_t piece[PIECE_SIZE];
    while (length > 0) {
        uint32_t step = length < PIECE_SIZE ? length : PIECE_SIZE;
        if (!read_source(source, offset, piece, step))
            return false;
        for (uint32_t i = 0; i < step; i++)
            *checksum ^= piece[i];
        offset += step;
        length -= step;
    }
    return true;
}

// Walks the segments. True: they end at *end, inside the region.
static bool walk_segments(const struct source *source, unsigned count, uint8_t *checksum, uint32_t *end) {
    uint32_t at = APP_IMAGE_HEADER_SIZE;
    *checksum = CHECKSUM_SEED;
    if (count > APP_IMAGE_SEGMENTS_MAX) // none at all is as good (IMG-23)
        return false;
    for (unsigned i = 0; i < count; i++) {
        uint8_t header[APP_IMAGE_SEGMENT_HEADER_SIZE];
        if (!read_source(source, at, header, sizeof header))
            return false;
        uint32_t length = le32_get(header + 4);
        at += APP_IMAGE_SEGMENT_HEADER_SIZE;
        if (length % 4 != 0 || length > source->length - at || !add_to_checksum(source, at, length, checksum))
            return false;
        at += length;
    }
    *end = at;
    return true;
}

static bool hash_is_right(const struct source *source, uint32_t length) {
    uint8_t computed[APP_IMAGE_HASH_SIZE], stored[APP_IMAGE_HASH_SIZE], piece[PIECE_SIZE];
    if (!read_source(source, length, stored, sizeof stored))
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fine = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (uint32_t at = 0; fine && at < length; at += PIECE_SIZE) {
        uint32_t step = length - at < PIECE_SIZE ? length - at : PIECE_SIZE;
        fine = read_source(source, at, piece, step) && EVP_DigestUpdate(context, piece, step) == 1;
    }
    fine = fine && EVP_DigestFinal_ex(context, computed, NULL) == 1;
    EVP_MD_CTX_free(context);
    return fine && memcmp(computed, stored, sizeof stored) == 0;
}

static bool all_erased(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0xFF)
            return false;
    return true;
}

static bool describe(const struct source *source, struct app_image_summary *out) {
    *out = (struct app_image_summary){0};
    uint8_t header[APP_IMAGE_HEADER_SIZE];
    if (!read_source(source, 0, header, sizeof header))
        return false;
    out->blank = all_erased(header, sizeof header);
    if (header[0] != HEADER_MAGIC)
        return false;
    read_header(header, out);
    read_descriptor(source, out);
    read_bootloader_descriptor(source, out);
    uint8_t checksum, stored;
    uint32_t end;
    if (!walk_segments(source, out->segment_count, &checksum, &end))
        return false;
    uint32_t length = (end + TAIL_ALIGNMENT) / TAIL_ALIGNMENT * TAIL_ALIGNMENT; // room for the checksum byte
    if (!read_source(source, length - 1, &stored, 1))
        return false;
    out->checksum_ok = stored == checksum;
    out->hash_ok = !out->hash_appended || hash_is_right(source, length);
    out->length = length + (out->hash_appended ? APP_IMAGE_HASH_SIZE : 0);
    out->is_image = out->length <= source->length;
    return out->is_image && out->checksum_ok && out->hash_ok;
}

bool app_image_describe(const struct flash *flash, uint32_t address, uint32_t region,
                        struct app_image_summary *out) {
    if (address > flash->size)
        address = flash->size;
    struct source source = {.flash = flash, .address = address, .length = region};
    if (source.length > flash->size - address)
        source.length = flash->size - address;
    return describe(&source, out);
}

bool app_image_describe_bytes(const void *bytes, size_t length, struct app_image_summary *out) {
    struct source source = {.bytes = bytes, .length = length > UINT32_MAX ? UINT32_MAX : (uint32_t)length};
    return describe(&source, out);
}

// ---- for people ---------------------------------------------------------------------------------

static void print_text(const char *text, struct buffer *out) {
    for (; *text != '\0'; text++)
        if (*text >= ' ' && *text <= '~')
            buffer_append(out, text, 1);
        else
            buffer_printf(out, "\\x%02x", (unsigned char)*text);
}

void app_image_summary_print(const struct app_image_summary *summary, struct buffer *out) {
    if (summary->blank) {
        buffer_text(out, "blank");
        return;
    }
    if (summary->has_descriptor) {
        print_text(summary->project[0] != '\0' ? summary->project : "app", out);
        buffer_text(out, " ");
        print_text(summary->version, out);
        buffer_text(out, ", ");
    }
    if (!summary->is_image) {
        buffer_text(out, "not a whole image");
        return;
    }
    buffer_printf(out, "%u bytes", summary->length);
    if (summary->has_descriptor)
        buffer_printf(out, ", secure version %u", summary->secure_version);
    if (!summary->checksum_ok)
        buffer_text(out, ", wrong checksum");
    else if (!summary->hash_ok)
        buffer_text(out, ", wrong hash");
    else if (!summary->hash_appended)
        buffer_text(out, ", without hash");
}
