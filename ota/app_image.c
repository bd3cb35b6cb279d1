#include "app_image.h"

#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "include/esp_image_format.h"
#include "load_address.h"
#include "map_pieces.h"
#include "port.h"
#include "recovery_bootloader.h"
#include "secure_version.h"

#define REGION_LIMIT      0x1000000u // 16 MiB (FL-13)
#define DESCRIPTOR_OFFSET 32u        // IMG-10
#define CHECKSUM_START    0xEFu      // IMG-15
#define CHECKSUM_ALIGN    16u
#define HASH_SIZE         32u
#define REVISION_UNSET    65535u
#define PAGE_LOG2_MIN     13u // IMG-12
#define PAGE_LOG2_MAX     18u
#define PIECE_MIN         0x2000u // no piece is smaller: the smallest page (CH-26)

// What is hashed of a first segment before the rest of it: with less the length of the rest underflows.
// Measured (D7): 4 bytes crash, 64 do not, and a segment of no bytes is passed over.
#define VERSION_END 8u

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "ESP-IDF's structures are read as they lie in flash");

static const char tag[] = "image";

// One verification under way.
struct walk {
    enum { WALK_VERIFY, WALK_LOAD, WALK_LOAD_NO_VALIDATE, WALK_HEADERS } kind;
    const struct chip_target *target;
    const struct firmware_build *build;
    uint32_t start, size; // the region
    bool is_bootloader;   // IMG-35
    uint32_t build_page;  // the MMU page size of the build that looks
    uint32_t position;    // of the next header
    struct port_checksum checksum;
    struct app_image *image;
};

static bool loads(const struct walk *walk) {
    return walk->kind == WALK_LOAD || walk->kind == WALK_LOAD_NO_VALIDATE;
}

// Errors come from the driver in an application, which bounds what it reads; the bootloader knows only one,
// and no bounds (CH-28).
static esp_err_t read_flash(const struct walk *walk, uint32_t address, void *buffer, uint32_t length) {
    if (!loads(walk) && (uint64_t)address + length > firmware_flash_size())
        return ESP_ERR_INVALID_ARG;
    if (!port_flash_read(address, buffer, length))
        return loads(walk) ? ESP_FAIL : ESP_ERR_FLASH_OP_FAIL;
    return ESP_OK;
}

// IMG-20: how large a region, and thereby a segment, may be.
static uint32_t region_limit(const struct walk *walk) {
    return chip_target_has_large_regions(walk->target, walk->build->profile) ? UINT32_MAX : REGION_LIMIT;
}

// ---- the header (IMG-21 to IMG-23) --------------------------------------------------------------

// Is a bound one that counts? (CH-31)
static bool is_set(uint32_t bound) {
    return bound != 0 && bound != REVISION_UNSET;
}

static bool exceeds(uint32_t revision, uint32_t maximum) {
    return is_set(maximum) && revision > maximum;
}

// The ESP32 has no eFuse bits that lift the maximum (CH-30).
static bool maximum_lifted(enum port_efuse field) {
    return port_ram()->target->chip_id != ESP_CHIP_ID_ESP32 && port_efuse_read(field) != 0;
}

// Before full revisions: byte 14 against the major number on the chips that had several, else the minor
// (RL-28).
static esp_err_t check_legacy_revision(const esp_image_header_t *header, uint32_t revision) {
    uint16_t chip = port_ram()->target->chip_id;
    bool major = chip == ESP_CHIP_ID_ESP32 || chip == ESP_CHIP_ID_ESP32S2 || chip == ESP_CHIP_ID_ESP32C2 ||
                 chip == ESP_CHIP_ID_ESP32H2;
    uint32_t own = major ? revision / 100 : revision % 100;
    return own >= header->min_chip_rev ? ESP_OK
                                       : refuse(tag, ESP_FAIL, "the image needs a later chip revision");
}

esp_err_t app_image_check_chip(const esp_image_header_t *header, bool is_bootloader,
                               const struct firmware_build *build) {
    if ((uint32_t)header->chip_id != port_ram()->target->chip_id)
        return refuse(tag, ESP_FAIL, "the image is for another chip");
    uint32_t revision = port_efuse_read(PORT_EFUSE_CHIP_REVISION);
    if (!build->profile->full_revisions)
        return check_legacy_revision(header, revision);
    if (revision < header->min_chip_rev_full) // even if that is 65535 (CH-31)
        return refuse(tag, ESP_FAIL, "the image needs a later chip revision");
    bool maximum_counts = !is_bootloader || build->profile->bootloader_max_revision_checked;
    if (maximum_counts && exceeds(revision, header->max_chip_rev_full) &&
        !maximum_lifted(PORT_EFUSE_IGNORE_MAX_REVISION))
        return refuse(tag, ESP_FAIL, "the image does not run on so late a chip revision");
    return ESP_OK;
}

static esp_err_t read_header(struct walk *walk) {
    esp_image_header_t *header = &walk->image->header;
    esp_err_t code = read_flash(walk, walk->start, header, sizeof *header);
    if (code != ESP_OK)
        return refuse(tag, code, "the image header cannot be read");
    // Without validation, v6.1 and older look at neither magic nor count. A slot that fails here then
    // overruns an array of theirs, which is a failure as well (IMG-45).
    if (header->magic != ESP_IMAGE_HEADER_MAGIC)
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "there is no image: wrong magic byte");
    if (walk->kind == WALK_VERIFY || walk->kind == WALK_LOAD) {
        code = app_image_check_chip(header, walk->is_bootloader, walk->build);
        if (code != ESP_OK)
            return code;
    }
    if (header->segment_count > ESP_IMAGE_MAX_SEGMENTS)
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "the image has too many segments");
    walk->image->hash_appended = header->hash_appended != 0;
    walk->position = walk->start + (uint32_t)sizeof *header;
    return ESP_OK;
}

// ---- segments (IMG-24 to IMG-30) ----------------------------------------------------------------

static uint32_t build_page_size(const struct chip_target *target, const struct firmware_build *build) {
    return build->mmu_page_log2 != 0
               ? (uint32_t)1 << build->mmu_page_log2
               : chip_target_default_page(target, build->profile, firmware_flash_size());
}

// IMG-26: on some chips the descriptor says how large the pages are. All but the newest releases believe any
// value, and shift by it as the CPU does (CH-22).
static esp_err_t read_page_size(struct walk *walk, uint32_t data) {
    const struct release_profile *profile = walk->build->profile;
    if (!chip_target_page_configurable(walk->target, profile) || !profile->page_size_from_descriptor)
        return ESP_OK;
    esp_app_desc_t descriptor;
    esp_err_t code = read_flash(walk, data, &descriptor, sizeof descriptor);
    if (code != ESP_OK || descriptor.magic_word != ESP_APP_DESC_MAGIC_WORD)
        return refuse(tag, ESP_FAIL, "the image has no app descriptor");
    uint32_t log2 = descriptor.mmu_page_size;
    if (profile->page_size_limited ? log2 >= PAGE_LOG2_MIN && log2 <= PAGE_LOG2_MAX : log2 != 0)
        walk->image->mmu_page_size = 1u << log2 % 32;
    return ESP_OK;
}

static bool is_mapped(const struct walk *walk, const esp_image_segment_header_t *segment) {
    return load_address_is_mapped(walk->target, walk->build->profile, walk->build_page, segment->load_addr);
}

static struct load_verdict judge_address(const struct walk *walk, const esp_image_segment_header_t *segment) {
    return load_address_judge(walk->target, walk->build, port_efuse_read(PORT_EFUSE_CHIP_REVISION),
                              segment->load_addr, segment->data_len);
}

static esp_err_t check_segment_address(const struct walk *walk, const esp_image_segment_header_t *segment,
                                       uint32_t data) {
    uint32_t page = walk->image->mmu_page_size;
    if (is_mapped(walk, segment)) {
        if (data % page != segment->load_addr % page)
            return refuse(tag, ESP_ERR_IMAGE_INVALID, "a mapped segment is not aligned to its MMU page");
        return ESP_OK;
    }
    const char *why = loads(walk) ? judge_address(walk, segment).refused : NULL;
    return why != NULL ? refuse(tag, ESP_ERR_IMAGE_INVALID, why) : ESP_OK;
}

// The data is copied while it is read. What that destroys ends the bootloader.
static void copy_segment(const struct walk *walk, const esp_image_segment_header_t *segment) {
    if (!loads(walk) || is_mapped(walk, segment))
        return;
    const char *why = judge_address(walk, segment).crash;
    if (why != NULL)
        port_halt(PORT_HALT_HANG, why);
}

// IMG-28, on chips that have an eFuse block revision.
static esp_err_t check_block_revision(const esp_app_desc_t *descriptor) {
    uint32_t revision = port_efuse_read(PORT_EFUSE_BLOCK_REVISION);
    if (is_set(descriptor->min_efuse_blk_rev_full) && revision < descriptor->min_efuse_blk_rev_full)
        return refuse(tag, ESP_FAIL, "the image needs a later eFuse block revision");
    if (exceeds(revision, descriptor->max_efuse_blk_rev_full) &&
        !maximum_lifted(PORT_EFUSE_IGNORE_BLOCK_REVISION))
        return refuse(tag, ESP_FAIL, "the image does not run with so late an eFuse block revision");
    return ESP_OK;
}

// What the descriptor at the start of an app's first segment decides.
static esp_err_t check_descriptor(struct walk *walk, uint32_t data, uint32_t length) {
    bool block_revision =
        walk->target->chip_id != ESP_CHIP_ID_ESP32 && walk->build->profile->block_revision_checked;
    bool secure_version =
        walk->build->anti_rollback && walk->build->profile->loaded_secure_version_checked; // RL-20
    if (!block_revision && !secure_version)
        return ESP_OK;
    esp_app_desc_t descriptor;
    if (read_flash(walk, data, &descriptor, sizeof descriptor) != ESP_OK)
        return refuse(tag, ESP_FAIL, "the app descriptor cannot be read");
    if (block_revision) {
        esp_err_t code = check_block_revision(&descriptor);
        if (code != ESP_OK)
            return code;
    }
    if (secure_version) {
        if (descriptor.magic_word !=
            ESP_APP_DESC_MAGIC_WORD) { // CH-61: in the bootloader, the watchdog ends it
            port_halt(loads(walk) ? PORT_HALT_HANG : PORT_HALT_PANIC,
                      "assertion: the image has no app descriptor");
        }
        if (length < VERSION_END)
            port_halt(PORT_HALT_CRASH, "hashing runs away: the first segment ends before the secure version");
        walk->image->secure_version = descriptor.secure_version;
    }
    return ESP_OK;
}

// The first piece; and, until that was mended, every later one, as if another descriptor began there (RL-22, CH-27).
static esp_err_t check_descriptors(struct walk *walk, uint32_t data, uint32_t length) {
    esp_err_t code = check_descriptor(walk, data, length);
    if (!walk->build->profile->descriptor_checked_in_each_piece || length <= PIECE_MIN)
        return code;
    uint32_t piece = map_piece_size(loads(walk), data, walk->image->mmu_page_size);
    for (uint64_t at = piece; code == ESP_OK && at < length; at += piece)
        code = check_descriptor(walk, data + (uint32_t)at, length - (uint32_t)at);
    return code;
}

// The bootloader and, since v5.1, the app map whatever the MMU reaches. Beyond that the bootloader ends in an
// assertion, but on ESP32, which maps by a call of ROM (CH-28).
static bool beyond_reach(const struct walk *walk, uint32_t data, uint32_t length) {
    uint64_t end = (uint64_t)data + length;
    if (!loads(walk) && walk->build->profile->app_reads_bounded_by_header)
        return end > firmware_flash_size();
    bool beyond = end > (uint64_t)walk->target->mmu_pages * walk->image->mmu_page_size;
    if (beyond && loads(walk) && walk->target->chip_id != ESP_CHIP_ID_ESP32)
        port_halt(PORT_HALT_HANG, "assertion: a segment lies beyond what the MMU reaches");
    return beyond && !loads(walk);
}

static esp_err_t read_segment_data(struct walk *walk, bool first, uint32_t data, uint32_t length) {
    if (beyond_reach(walk, data, length))
        return refuse(tag, ESP_FAIL, "a segment reaches beyond the flash");
    if (first && !walk->is_bootloader && length > 0) {
        esp_err_t code = check_descriptors(walk, data, length);
        if (code != ESP_OK)
            return code;
    }
    bool checksum_matters = walk->kind != WALK_LOAD_NO_VALIDATE;
    if (checksum_matters && length > 0 && !port_flash_checksum(data, length, &walk->checksum))
        return refuse(tag, ESP_FAIL, "a segment cannot be read");
    return ESP_OK;
}

static esp_err_t check_segment(struct walk *walk, uint32_t index) {
    esp_image_segment_header_t *segment = &walk->image->segments[index];
    bool first_of_app = index == 0 && !walk->is_bootloader;
    esp_err_t code = read_flash(walk, walk->position, segment, sizeof *segment);
    if (code != ESP_OK)
        return refuse(tag, code, "a segment header cannot be read");
    uint32_t data = walk->position + (uint32_t)sizeof *segment, length = segment->data_len;
    walk->image->segment_data[index] = data;
    if (length % 4 != 0 || length >= region_limit(walk))
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "a segment has an impossible length");
    if (first_of_app && length < sizeof(esp_app_desc_t) && walk->build->profile->short_first_segment_refused)
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "the first segment has no room for the app descriptor");
    if (first_of_app && (code = read_page_size(walk, data)) != ESP_OK)
        return code;
    code = check_segment_address(walk, segment, data);
    if (code == ESP_OK && walk->kind != WALK_HEADERS)
        code = read_segment_data(walk, index == 0, data, length);
    if (code == ESP_OK)
        copy_segment(walk, segment);
    walk->position = data + length;
    return code;
}

// ---- the tail (IMG-31 to IMG-36) ----------------------------------------------------------------

static esp_err_t check_checksum(const struct walk *walk, uint32_t length) {
    uint8_t expected;
    esp_err_t code = read_flash(walk, walk->start + length - 1, &expected, 1);
    if (code != ESP_OK)
        return refuse(tag, code, "the checksum cannot be read");
    return port_checksum_value(&walk->checksum) == expected
               ? ESP_OK
               : refuse(tag, ESP_ERR_IMAGE_INVALID, "the image's checksum is wrong");
}

static esp_err_t check_hash(const struct walk *walk) {
    uint8_t digest[HASH_SIZE];
    const struct app_image *image = walk->image;
    if (!port_flash_sha256(image->start, image->length - HASH_SIZE, digest))
        return refuse(tag, ESP_FAIL, "the image cannot be read");
    bool equal = memcmp(digest, image->digest, HASH_SIZE) == 0;
    return equal ? ESP_OK : refuse(tag, ESP_ERR_IMAGE_INVALID, "the image's SHA-256 is wrong");
}

static esp_err_t check_seal(const struct walk *walk, uint32_t length) {
    struct app_image *image = walk->image;
    bool checked = walk->kind == WALK_VERIFY || walk->kind == WALK_LOAD;
    esp_err_t code = checked ? check_checksum(walk, length) : ESP_OK;
    if (code == ESP_OK && image->hash_appended) {
        code = read_flash(walk, walk->start + length, image->digest, HASH_SIZE);
        length += HASH_SIZE;
    }
    if (code != ESP_OK)
        return code;
    if (length > walk->size)
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "the image does not fit its partition");
    image->length = length;
    return checked && image->hash_appended && !walk->is_bootloader ? check_hash(walk) : ESP_OK;
}

// Signatures belong here: with signature checking on, their verification takes the place of check_hash
// (IMG-34).
static esp_err_t check_tail(const struct walk *walk) {
    uint32_t length = walk->position - walk->start;
    length = (length + 1 + CHECKSUM_ALIGN - 1) / CHECKSUM_ALIGN * CHECKSUM_ALIGN;
    bool checked = walk->kind == WALK_VERIFY || walk->kind == WALK_LOAD;
    bool sealed = checked && walk->image->hash_appended && !walk->is_bootloader;
    if (checked && length > walk->size && port_answer_suffices()) // whatever checksum and SHA-256 are
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "the image does not fit its partition");
    if (sealed && port_seal_broken(walk->start, length))
        return refuse(tag, ESP_ERR_IMAGE_INVALID, "the image's SHA-256 is wrong");
    esp_err_t code = check_seal(walk, length);
    if (sealed && (code == ESP_OK || code == ESP_ERR_IMAGE_INVALID))
        port_seal_checked(walk->start, length, code == ESP_OK);
    return code;
}

static esp_err_t check_secure_version(const struct walk *walk) {
    if (loads(walk) && walk->build->anti_rollback && walk->build->profile->loaded_secure_version_checked &&
        !secure_version_check(walk->build, walk->image->secure_version))
        return refuse(tag, ESP_FAIL, "the image's secure version is below that of the eFuse");
    return ESP_OK;
}

// ---- the whole ----------------------------------------------------------------------------------

static esp_err_t walk_image(struct walk *walk) {
    if (walk->size > region_limit(walk))
        return refuse(tag, ESP_ERR_INVALID_ARG, "the region is too large for an image");
    esp_err_t code = read_header(walk);
    for (uint32_t i = 0; code == ESP_OK && i < walk->image->header.segment_count; i++)
        code = check_segment(walk, i);
    if (code == ESP_OK)
        code = check_tail(walk);
    return code == ESP_OK ? check_secure_version(walk) : code;
}

static esp_err_t examine(struct walk *walk, uint32_t start, uint32_t size, struct app_image *out) {
    const struct firmware *ram = port_ram();
    *out = (struct app_image){.start = start};
    walk->target = ram->target;
    walk->build = loads(walk) ? ram->bootloader_build : ram->app_build;
    walk->start = start;
    walk->size = size;
    uint32_t recovery; // counts where the release knows it (CH-45, RL-33)
    walk->is_bootloader = start == ram->target->bootloader_offset ||
                          (ram->bootloader_offset != 0 && start == ram->bootloader_offset) ||
                          (chip_target_has_recovery(ram->target, walk->build->profile) &&
                           recovery_bootloader_address(&recovery) && start == recovery);
    walk->checksum = (struct port_checksum){.start = CHECKSUM_START};
    walk->image = out;
    walk->build_page = build_page_size(walk->target, walk->build);
    out->mmu_page_size = out->build_mmu_page_size = walk->build_page;
    esp_err_t code = walk_image(walk);
    if (code != ESP_OK)
        *out = (struct app_image){0};
    return code;
}

esp_err_t app_image_verify(enum app_image_mode mode, uint32_t start, uint32_t size, struct app_image *out) {
    struct walk walk = {.kind = mode == APP_IMAGE_VERIFY ? WALK_VERIFY
                                : mode == APP_IMAGE_LOAD ? WALK_LOAD
                                                         : WALK_LOAD_NO_VALIDATE};
    return examine(&walk, start, size, out);
}

// Field by field: what lies between them would be learned as well.
static void copy_image(struct app_image *out, const struct app_image *image) {
    out->start = image->start;
    out->length = image->length;
    memcpy(&out->header, &image->header, sizeof out->header);
    memcpy(out->segments, image->segments, sizeof out->segments);
    memcpy(out->segment_data, image->segment_data, sizeof out->segment_data);
    out->mmu_page_size = image->mmu_page_size;
    out->build_mmu_page_size = image->build_mmu_page_size;
    out->secure_version = image->secure_version;
    out->hash_appended = image->hash_appended;
    memcpy(out->digest, image->digest, sizeof out->digest);
}

static void find_whole(const struct port_subject *subject, struct port_answer *answer, void *more) {
    struct app_image image;
    esp_err_t code =
        app_image_verify((enum app_image_mode)subject->mode, subject->start, subject->size, &image);
    bool whole = code == ESP_OK, told = port_log_enabled(); // why not matters to the console only
    *answer = (struct port_answer){.yes = whole, .number = !whole && told ? (uint32_t)code : 0};
    if (whole)
        copy_image(more, &image);
}

bool app_image_is_whole(enum app_image_mode mode, uint32_t start, uint32_t size, struct app_image *out,
                        esp_err_t *why_not) {
    static const struct port_question question = {"is this image whole?", sizeof(struct app_image),
                                                  find_whole};
    struct port_subject subject = {start, size, (uint32_t)mode};
    struct port_answer answer;
    port_ask(&question, &subject, &answer, out);
    *why_not = answer.yes ? ESP_OK : (esp_err_t)answer.number;
    return answer.yes;
}

esp_err_t app_image_metadata(uint32_t start, uint32_t size, struct app_image *out) {
    struct walk walk = {.kind = WALK_HEADERS};
    return examine(&walk, start, size, out);
}

esp_err_t app_image_descriptor(uint32_t start, esp_app_desc_t *out) {
    if (!firmware_in_bootloader() &&
        (uint64_t)start + DESCRIPTOR_OFFSET + sizeof *out > firmware_flash_size())
        return ESP_ERR_INVALID_ARG;
    if (!port_flash_read(start + DESCRIPTOR_OFFSET, out, sizeof *out))
        return ESP_ERR_FLASH_OP_FAIL;
    return out->magic_word == ESP_APP_DESC_MAGIC_WORD ? ESP_OK : ESP_ERR_NOT_FOUND;
}

// ---- the application's public view --------------------------------------------------------------

static esp_err_t examine_for_app(bool headers_only, const esp_partition_pos_t *part,
                                 esp_image_metadata_t *data) {
    if (part == NULL || data == NULL)
        return ESP_ERR_INVALID_ARG;
    struct app_image image;
    esp_err_t code = headers_only ? app_image_metadata(part->offset, part->size, &image)
                                  : app_image_verify(APP_IMAGE_VERIFY, part->offset, part->size, &image);
    *data = (esp_image_metadata_t){.start_addr = image.start,
                                   .image = image.header,
                                   .image_len = image.length,
                                   .secure_version = image.secure_version,
                                   .mmu_page_size = image.mmu_page_size};
    memcpy(data->segments, image.segments, sizeof data->segments);
    memcpy(data->segment_data, image.segment_data, sizeof data->segment_data);
    memcpy(data->image_digest, image.digest, sizeof data->image_digest);
    return code;
}

esp_err_t esp_image_verify(esp_image_load_mode_t mode, const esp_partition_pos_t *part,
                           esp_image_metadata_t *data) {
    (void)mode; // silence concerns the console only
    API_CALL(esp_err_t, examine_for_app(false, part, data));
}

esp_err_t esp_image_get_metadata(const esp_partition_pos_t *part, esp_image_metadata_t *metadata) {
    API_CALL(esp_err_t, examine_for_app(true, part, metadata));
}
