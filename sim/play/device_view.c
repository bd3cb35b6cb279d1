#include "device_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/include/esp_app_format.h"
#include "../provision/app_image_builder.h"
#include "recovery.h"

#define TYPE_APP         0x00u // PT, "Types"
#define TYPE_DATA        0x01u
#define SUBTYPE_OTADATA  0x00u
#define SUBTYPE_FACTORY  0x00u
#define SUBTYPE_OTA_0    0x10u
#define SUBTYPE_TEST     0x20u
#define SLOTS_MAX        16u
#define OTADATA_ENTRY_1  0x1000u     // OD-1
#define DESCRIPTOR_MAGIC 0xABCD5432u // IMG-10

static void read_table(struct board *board, struct device_view *view) {
    uint8_t table[PARTITION_TABLE_SIZE];
    uint32_t offset = board_config(board)->app.partition_table_offset;
    if (offset > board_flash(board)->size - sizeof table)
        return;
    board_inspect(board, offset, table, sizeof table);
    for (uint32_t i = 0; i < PARTITION_TABLE_ROWS_MAX; i++) {
        struct partition_row *row = &view->partitions[view->partition_count];
        partition_row_decode(table + i * PARTITION_ROW_SIZE, row);
        if (row->magic != PARTITION_ROW_MAGIC)
            return;
        view->partition_count++;
    }
}

static const struct partition_row *find_kind(const struct device_view *view, uint8_t type, uint32_t subtype) {
    for (uint32_t i = 0; i < view->partition_count; i++)
        if (view->partitions[i].type == type && view->partitions[i].subtype == subtype)
            return &view->partitions[i];
    return NULL;
}

void device_view_read(struct board *board, struct device_view *out) {
    memset(out, 0, sizeof *out);
    read_table(board, out);
    while (out->slot_count < SLOTS_MAX && find_kind(out, TYPE_APP, SUBTYPE_OTA_0 + out->slot_count))
        out->slot_count++;
    memset(out->entries, 0xFF, sizeof out->entries);
    out->otadata = find_kind(out, TYPE_DATA, SUBTYPE_OTADATA);
    if (!out->otadata || out->otadata->size < OTADATA_SIZE ||
        out->otadata->offset > board_flash(board)->size - OTADATA_SIZE)
        out->otadata = NULL;
    for (uint32_t i = 0; i < 2 && out->otadata; i++) {
        uint8_t bytes[OTADATA_ENTRY_SIZE];
        board_inspect_record(board, out->otadata->offset + i * OTADATA_ENTRY_1, bytes, sizeof bytes);
        otadata_decode(bytes, &out->entries[i]);
    }
}

const struct partition_row *device_partition_at(const struct device_view *view, uint32_t address) {
    for (uint32_t i = 0; i < view->partition_count; i++) {
        const struct partition_row *row = &view->partitions[i];
        if (address >= row->offset && address - row->offset < row->size)
            return row;
    }
    return NULL;
}

const struct partition_row *device_partition_labelled(const struct device_view *view, const char *label) {
    for (uint32_t i = 0; i < view->partition_count; i++)
        if (strcmp(view->partitions[i].label, label) == 0)
            return &view->partitions[i];
    return NULL;
}

int device_slot_of(const struct partition_row *partition) {
    bool is_slot = partition->type == TYPE_APP && partition->subtype >= SUBTYPE_OTA_0 &&
                   partition->subtype < SUBTYPE_OTA_0 + SLOTS_MAX;
    return is_slot ? (int)(partition->subtype - SUBTYPE_OTA_0) : -1;
}

const struct partition_row *device_slot(const struct device_view *view, uint32_t slot) {
    return slot < SLOTS_MAX ? find_kind(view, TYPE_APP, SUBTYPE_OTA_0 + slot) : NULL;
}

const struct partition_row *device_factory(const struct device_view *view) {
    return find_kind(view, TYPE_APP, SUBTYPE_FACTORY);
}

const struct partition_row *device_test(const struct device_view *view) {
    return find_kind(view, TYPE_APP, SUBTYPE_TEST);
}

// ---- otadata ------------------------------------------------------------------------------------

uint32_t device_state_of(const struct device_view *view, const struct partition_row *partition) {
    int slot = partition ? device_slot_of(partition) : -1;
    if (slot < 0 || view->slot_count == 0 || !view->otadata)
        return STATE_NOT_RECORDED;
    for (int i = 0; i < 2; i++) {
        const struct otadata_entry *entry = &view->entries[i];
        if (entry->crc == otadata_crc(entry->seq) &&
            otadata_slot(entry->seq, view->slot_count) == (uint32_t)slot)
            return entry->state;
    }
    return STATE_NOT_RECORDED;
}

struct slot_record device_record(const struct device_view *view, int index) {
    const struct otadata_entry *entry = &view->entries[index];
    if (!view->otadata || view->slot_count == 0 || otadata_is_empty(entry))
        return (struct slot_record){.slot = SLOT_NONE};
    return (struct slot_record){(int32_t)otadata_slot(entry->seq, view->slot_count), entry->state};
}

const char *device_state_name(uint32_t state) {
    if (state == STATE_NOT_RECORDED)
        return "not recorded";
    if (state == OTADATA_UNDEFINED)
        return "UNDEFINED";
    return otadata_state_name(state);
}

static void print_entry(const struct device_view *view, int index, struct buffer *out) {
    const struct otadata_entry *entry = &view->entries[index];
    buffer_printf(out, "otadata[%d]  ", index);
    if (entry->seq == OTADATA_SEQ_BLANK && entry->state == OTADATA_UNDEFINED && entry->crc == UINT32_MAX) {
        buffer_text(out, "blank");
        return;
    }
    if (entry->seq == OTADATA_SEQ_BLANK)
        buffer_text(out, "seq blank");
    else
        buffer_printf(out, "seq %" PRIu32, entry->seq);
    if (entry->state <= OTADATA_ABORTED || entry->state == OTADATA_UNDEFINED)
        buffer_printf(out, "  %s", device_state_name(entry->state));
    else
        buffer_printf(out, "  state 0x%08" PRIx32, entry->state);
    uint32_t crc = otadata_crc(entry->seq);
    if (entry->crc != crc)
        buffer_printf(out, "  crc 0x%08" PRIx32 " wrong, 0x%08" PRIx32 " is right", entry->crc, crc);
    if (otadata_is_empty(entry) || view->slot_count == 0)
        return;
    const struct partition_row *slot = device_slot(view, otadata_slot(entry->seq, view->slot_count));
    buffer_printf(out, "  -> %s", slot ? slot->label : "no partition");
    if (otadata_active(view->entries) == index)
        buffer_text(out, "  (active)");
}

void device_otadata_print(const struct device_view *view, struct buffer *out) {
    if (!view->otadata) {
        buffer_text(out, "no otadata partition");
        return;
    }
    print_entry(view, 0, out);
    buffer_text(out, "\n");
    print_entry(view, 1, out);
}

// ---- images -------------------------------------------------------------------------------------

static bool has_descriptor(const struct buffer *image, const uint8_t *descriptor) {
    return image->length >= APP_IMAGE_DESCRIPTOR_OFFSET + APP_IMAGE_DESCRIPTOR_SIZE &&
           memcmp(image->bytes + APP_IMAGE_DESCRIPTOR_OFFSET, descriptor, APP_IMAGE_DESCRIPTOR_SIZE) == 0;
}

static bool stands_at(struct board *board, uint32_t address, const struct buffer *image) {
    uint8_t bytes[NOR_SECTOR_SIZE];
    if (image->length > board_flash(board)->size - address)
        return false;
    for (uint32_t done = 0; done < image->length;) {
        uint32_t rest = (uint32_t)image->length - done, part = rest < sizeof bytes ? rest : sizeof bytes;
        board_inspect(board, address + done, bytes, part);
        if (memcmp(bytes, image->bytes + done, part) != 0)
            return false;
        done += part;
    }
    return true;
}

// Images that share a descriptor differ in other bytes: the longest one that stands there as a whole, or else
// the first.
static int32_t find_image(struct board *board, const struct scenario *scenario, uint32_t address,
                          const uint8_t *descriptor) {
    int32_t first = -1, whole = -1;
    uint32_t count = 0;
    for (size_t i = 0; i < scenario->image_count; i++) {
        if (!has_descriptor(&scenario->images[i].bytes, descriptor))
            continue;
        first = count++ == 0 ? (int32_t)i : first;
    }
    for (size_t i = 0; i < scenario->image_count && count > 1; i++) {
        const struct buffer *bytes = &scenario->images[i].bytes;
        if (has_descriptor(bytes, descriptor) && stands_at(board, address, bytes) &&
            (whole < 0 || bytes->length > scenario->images[whole].bytes.length))
            whole = (int32_t)i;
    }
    return whole >= 0 ? whole : first;
}

static void tell_image(const struct scenario *scenario, struct device_image *image) {
    if (image->index < 0)
        (void)snprintf(image->words, sizeof image->words, "%s",
                       image->version[0] ? image->version : "without version");
    else
        (void)snprintf(image->words, sizeof image->words, "%.30s%s%s", scenario->images[image->index].name,
                       image->version[0] ? " " : "", image->version);
}

void device_image_read(struct board *board, const struct scenario *scenario, uint32_t address,
                       struct device_image *out) {
    *out = (struct device_image){.index = -1};
    uint8_t bytes[APP_IMAGE_DESCRIPTOR_SIZE];
    if (address > board_flash(board)->size - APP_IMAGE_DESCRIPTOR_OFFSET - sizeof bytes) {
        tell_image(scenario, out);
        return;
    }
    board_inspect(board, address + APP_IMAGE_DESCRIPTOR_OFFSET, bytes, sizeof bytes);
    out->index = find_image(board, scenario, address, bytes);
    esp_app_desc_t descriptor;
    memcpy(&descriptor, bytes, sizeof descriptor);
    if (descriptor.magic_word == DESCRIPTOR_MAGIC) {
        memcpy(out->version, descriptor.version, sizeof descriptor.version);
        out->secure_version = descriptor.secure_version;
    }
    tell_image(scenario, out);
}

// Bytes of the image up to its checksum (IMG-1, IMG-15); 0: what stands there has not the shape of one.
static uint32_t hashed_length(struct board *board, const struct partition_row *partition) {
    esp_image_header_t header;
    uint32_t flash_size = board_flash(board)->size, size = partition->size;
    if (partition->offset >= flash_size || size > flash_size - partition->offset || size < sizeof header)
        return 0;
    board_inspect(board, partition->offset, &header, sizeof header);
    if (header.magic != ESP_IMAGE_HEADER_MAGIC || header.segment_count > ESP_IMAGE_MAX_SEGMENTS)
        return 0;
    uint32_t at = sizeof header;
    for (uint32_t i = 0; i < header.segment_count; i++) {
        esp_image_segment_header_t segment;
        if (size - at < sizeof segment)
            return 0;
        board_inspect(board, partition->offset + at, &segment, sizeof segment);
        at += (uint32_t)sizeof segment;
        if (segment.data_len > size - at)
            return 0;
        at += segment.data_len;
    }
    at = (at | 15u) + 1; // padded so that the checksum ends 16 bytes
    return at <= size ? at : 0;
}

uint64_t device_image_content(struct board *board, const struct partition_row *partition) {
    uint32_t length = partition ? hashed_length(board, partition) : 0;
    if (length == 0)
        return CONTENT_NO_IMAGE;
    uint8_t sha256[32];
    uint64_t content;
    board_inspect_sha256(board, partition->offset, length, sha256);
    memcpy(&content, sha256, sizeof content);
    return content == 0 || content == CONTENT_NO_IMAGE ? 1 : content;
}
