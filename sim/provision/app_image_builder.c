#include "app_image_builder.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../../ota/little_endian.h"

#define HEADER_MAGIC          0xE9u
#define DESCRIPTOR_MAGIC      0xABCD5432u
#define CHECKSUM_SEED         0xEFu // IMG-15
#define TAIL_ALIGNMENT        16u   // IMG-15
#define WP_PIN_DISABLED       0xEEu
#define SPEED_40MHZ_SIZE_4MIB 0x20u // FL 2.2, FL-6
#define PAGE_LOG2_MIN         13u   // IMG-12
#define PAGE_LOG2_MAX         18u
#define NOT_COPIED_UP_TO      4096u        // images up to this size have nothing that is copied to RAM
#define MAPPED_CODE_MIN       4u           // a bootloader starts no app without mapped code (HW-120)
#define DEFAULT_PAGE          (64u * 1024) // fits every smaller one as well (CH-20)
#define COPIED_DATA_MAX       (16u * 1024) // what is loaded into RAM; small, so that it fits every chip
#define COPIED_DATA_SKIP      0x2000u      // the start of ESP32's data RAM belongs to ROM

static size_t round_up(size_t value, size_t step) {
    return (value + step - 1) / step * step;
}

// ---- the parts ----------------------------------------------------------------------------------

static void append_header(const struct app_image_parts *parts, struct buffer *out) {
    uint8_t header[APP_IMAGE_HEADER_SIZE] = {0};
    header[0] = parts->magic;
    header[1] = parts->segment_count;
    header[2] = parts->spi_mode;
    header[3] = parts->spi_speed_and_size;
    le32_put(header + 4, parts->entry);
    header[8] = WP_PIN_DISABLED;
    le16_put(header + 12, parts->chip_id);
    header[14] = parts->min_revision_legacy;
    le16_put(header + 15, parts->min_chip_revision);
    le16_put(header + 17, parts->max_chip_revision);
    header[23] = parts->hash_appended;
    buffer_append(out, header, sizeof header);
}

static uint8_t checksum(uint8_t start, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        start ^= bytes[i];
    return start;
}

static void append_hash(struct buffer *out, size_t begin) {
    uint8_t hash[APP_IMAGE_HASH_SIZE];
    unsigned length = sizeof hash;
    if (EVP_Digest(out->bytes + begin, out->length - begin, hash, &length, EVP_sha256(), NULL) != 1)
        abort(); // SHA-256 is part of every libcrypto: only a lack of memory gets here
    buffer_append(out, hash, sizeof hash);
}

void app_image_assemble(const struct app_image_parts *parts, struct buffer *out) {
    size_t begin = out->length;
    append_header(parts, out);
    uint8_t sum = CHECKSUM_SEED;
    for (size_t i = 0; i < parts->segment_count; i++) {
        const struct app_image_segment *segment = &parts->segments[i];
        uint8_t header[APP_IMAGE_SEGMENT_HEADER_SIZE];
        le32_put(header, segment->load_address);
        le32_put(header + 4, segment->length);
        buffer_append(out, header, sizeof header);
        buffer_append(out, segment->data, segment->length);
        sum = checksum(sum, segment->data, segment->length);
    }
    static const uint8_t zeros[TAIL_ALIGNMENT];
    size_t length = out->length - begin;
    buffer_append(out, zeros, round_up(length + 1, TAIL_ALIGNMENT) - length - 1);
    buffer_append(out, &sum, 1);
    if (parts->hash_appended)
        append_hash(out, begin);
}

bool app_image_seal(uint8_t *image, size_t length) {
    if (length < APP_IMAGE_HEADER_SIZE)
        return false;
    size_t at = APP_IMAGE_HEADER_SIZE;
    uint8_t sum = CHECKSUM_SEED;
    for (unsigned i = 0; i < image[1]; i++) {
        if (length - at < APP_IMAGE_SEGMENT_HEADER_SIZE)
            return false;
        uint32_t segment = le32_get(image + at + 4);
        at += APP_IMAGE_SEGMENT_HEADER_SIZE;
        if (segment > length - at)
            return false;
        sum = checksum(sum, image + at, segment);
        at += segment;
    }
    size_t body = round_up(at + 1, TAIL_ALIGNMENT);
    bool hash = image[23] != 0;
    if (body + (hash ? APP_IMAGE_HASH_SIZE : 0) > length)
        return false;
    image[body - 1] = sum;
    if (hash) {
        struct buffer copy = {0};
        buffer_append(&copy, image, body);
        append_hash(&copy, 0);
        memcpy(image + body, copy.bytes + body, APP_IMAGE_HASH_SIZE);
        buffer_free(&copy);
    }
    return true;
}

// ---- an image as a build makes it ---------------------------------------------------------------

struct app_image_options app_image_options_default(void) {
    return (struct app_image_options){
        .version = "1.0.0",
        .project = "app",
        .idf_version = "v6.0",
        .compile_time = "12:00:00",
        .compile_date = "Jan  1 2026",
        .max_chip_revision = UINT16_MAX,
        .max_efuse_block_revision = UINT16_MAX,
        .spi_mode = 2, // DIO, the default of a build
        .hash_appended = true,
    };
}

static const struct chip_target *target_of(const struct app_image_options *options) {
    return options->target != NULL ? options->target : &chip_targets[0];
}

// How an image's data is divided among segments: mapped data, copied data, mapped code, padding.
enum part { MAPPED_DATA, COPIED_DATA, MAPPED_CODE, PADDING, PARTS_MAX };

struct plan {
    uint32_t lengths[PARTS_MAX]; // 0: no such segment
    unsigned count;
    uint32_t image_length;
};

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint32_t range_room(struct address_range range) {
    return (range.end - range.start) / 2; // where data and code share a range, each gets a half
}

// Which segments an image of about `size` bytes has.
static unsigned segments_wanted(const struct chip_target *target, uint32_t size, bool wanted[PARTS_MAX]) {
    bool large = size > NOT_COPIED_UP_TO;
    wanted[MAPPED_DATA] = true;
    wanted[COPIED_DATA] = large && target->dram.end - target->dram.start > COPIED_DATA_SKIP + COPIED_DATA_MAX;
    wanted[MAPPED_CODE] = true;
    wanted[PADDING] = size / 2 > smaller(range_room(target->drom), range_room(target->irom));
    unsigned count = 0;
    for (int i = 0; i < PARTS_MAX; i++)
        count += wanted[i];
    return count;
}

// Divides `data` bytes (a multiple of 4, at least the descriptor and some code), none of the wanted parts
// empty.
static void divide(const struct chip_target *target, const bool wanted[PARTS_MAX], uint32_t data,
                   struct plan *plan) {
    uint32_t rest = data - APP_IMAGE_DESCRIPTOR_SIZE;
    plan->lengths[COPIED_DATA] = wanted[COPIED_DATA] ? smaller(COPIED_DATA_MAX, rest / 8 & ~3u) : 0;
    uint32_t code = smaller(range_room(target->irom), rest / 2) & ~3u;
    plan->lengths[MAPPED_CODE] = code < MAPPED_CODE_MIN ? MAPPED_CODE_MIN : code;
    rest -= plan->lengths[COPIED_DATA] + plan->lengths[MAPPED_CODE];
    uint32_t mapped = wanted[PADDING] ? smaller(range_room(target->drom), rest / 2) & ~3u : rest;
    plan->lengths[MAPPED_DATA] = APP_IMAGE_DESCRIPTOR_SIZE + mapped;
    plan->lengths[PADDING] = rest - mapped;
}

static bool plan_image(const struct app_image_options *options, struct plan *plan, struct error *error) {
    *plan = (struct plan){0};
    const struct chip_target *target = target_of(options);
    uint32_t hash = options->hash_appended ? APP_IMAGE_HASH_SIZE : 0;
    uint32_t smallest = APP_IMAGE_SIZE_MIN - APP_IMAGE_HASH_SIZE + hash;
    if (options->size > APP_IMAGE_SIZE_MAX || options->body_size > APP_IMAGE_SIZE_MAX - 4096)
        return error_set(error, "an image of %u bytes is too large: at most %u",
                         options->size > 0 ? options->size : options->body_size, APP_IMAGE_SIZE_MAX);
    if (options->size != 0 && options->size < smallest)
        return error_set(error, "an image of %u bytes is too small: at least %u", options->size, smallest);
    bool wanted[PARTS_MAX];
    uint32_t about = options->size != 0 ? options->size : APP_IMAGE_SIZE_MIN + options->body_size;
    plan->count = segments_wanted(target, about, wanted);
    uint32_t headers = APP_IMAGE_HEADER_SIZE + plan->count * APP_IMAGE_SEGMENT_HEADER_SIZE;
    uint32_t body = (uint32_t)round_up(options->body_size, 4);
    uint32_t data = APP_IMAGE_DESCRIPTOR_SIZE + (body < MAPPED_CODE_MIN ? MAPPED_CODE_MIN : body);
    if (options->size != 0) // as much data as leaves room for the checksum byte
        data = ((uint32_t)round_up(options->size, TAIL_ALIGNMENT) - hash - headers - 1) & ~3u;
    divide(target, wanted, data, plan);
    plan->image_length = (uint32_t)round_up(headers + data + 1, TAIL_ALIGNMENT) + hash;
    return true;
}

uint32_t app_image_length(const struct app_image_options *options) {
    struct plan plan;
    return plan_image(options, &plan, NULL) ? plan.image_length : 0;
}

static void put_text(uint8_t *field, size_t size, const char *text) {
    memcpy(field, text, strnlen(text, size));
}

static void fill_descriptor(const struct app_image_options *options, uint8_t *descriptor) { // IMG-10
    le32_put(descriptor, DESCRIPTOR_MAGIC);
    le32_put(descriptor + 4, options->secure_version);
    put_text(descriptor + 16, 32, options->version);
    put_text(descriptor + 48, 32, options->project);
    put_text(descriptor + 80, 16, options->compile_time);
    put_text(descriptor + 96, 16, options->compile_date);
    put_text(descriptor + 112, 32, options->idf_version);
    le16_put(descriptor + 176, options->min_efuse_block_revision);
    le16_put(descriptor + 178, options->max_efuse_block_revision);
    descriptor[180] = options->mmu_page_log2;
    descriptor[181] = options->spi_mode;
}

// Where the segments' data come from. SplitMix64: small, fast, and well mixed for any seed.
static void fill_random(uint64_t seed, uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i += 8) {
        seed += 0x9E3779B97F4A7C15u;
        uint64_t mixed = seed;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
        mixed ^= mixed >> 31;
        for (size_t j = 0; j < 8 && i + j < length; j++)
            bytes[i + j] = (uint8_t)(mixed >> 8 * j);
    }
}

// Load addresses; mapped ones agree with the place in the image modulo the page (IMG-30).
static uint32_t load_address(const struct chip_target *target, enum part part, uint32_t page, uint32_t offset,
                             uint32_t mapped_data_length) {
    switch (part) {
    case MAPPED_DATA:
        return target->drom.start + offset % page;
    case COPIED_DATA:
        return target->dram.start + COPIED_DATA_SKIP;
    case MAPPED_CODE: {
        bool shared = target->irom.start == target->drom.start;
        uint32_t behind = shared ? (uint32_t)round_up(offset % page + mapped_data_length, page) : 0;
        return target->irom.start + behind + offset % page;
    }
    default:
        return 0; // IMG-5
    }
}

static unsigned lay_out(const struct plan *plan, const struct chip_target *target, uint32_t page,
                        const uint8_t *data, struct app_image_segment segments[PARTS_MAX]) {
    unsigned count = 0;
    uint32_t offset = APP_IMAGE_HEADER_SIZE;
    for (enum part part = MAPPED_DATA; part < PARTS_MAX; part++) {
        uint32_t length = plan->lengths[part];
        if (length == 0)
            continue;
        offset += APP_IMAGE_SEGMENT_HEADER_SIZE;
        segments[count].load_address = load_address(target, part, page, offset, plan->lengths[MAPPED_DATA]);
        segments[count].length = length;
        segments[count].data = data;
        count++;
        data += length;
        offset += length;
    }
    return count;
}

bool app_image_build(const struct app_image_options *options, struct buffer *out, struct error *error) {
    const struct chip_target *target = target_of(options);
    if (options->mmu_page_log2 != 0 &&
        (options->mmu_page_log2 < PAGE_LOG2_MIN || options->mmu_page_log2 > PAGE_LOG2_MAX))
        return error_set(error, "an MMU page of 2^%u bytes: 2^%u to 2^%u exist", options->mmu_page_log2,
                         PAGE_LOG2_MIN, PAGE_LOG2_MAX);
    struct plan plan;
    if (!plan_image(options, &plan, error))
        return false;
    uint32_t page = target->page_configurable_since != 0 && options->mmu_page_log2 != 0
                        ? 1u << options->mmu_page_log2
                        : DEFAULT_PAGE;
    size_t length = 0;
    for (int i = 0; i < PARTS_MAX; i++)
        length += plan.lengths[i];
    uint8_t *data = memory_zeroed(length, 1);
    fill_descriptor(options, data);
    fill_random(options->seed, data + APP_IMAGE_DESCRIPTOR_SIZE, length - APP_IMAGE_DESCRIPTOR_SIZE);
    if (options->elf_sha256_set)
        memcpy(data + APP_IMAGE_ELF_HASH_OFFSET, options->elf_sha256, sizeof options->elf_sha256);
    else // of an ELF file that does not exist
        fill_random(~options->seed, data + APP_IMAGE_ELF_HASH_OFFSET, sizeof options->elf_sha256);

    struct app_image_segment segments[PARTS_MAX];
    struct app_image_parts parts = {
        .magic = HEADER_MAGIC,
        .spi_mode = options->spi_mode,
        .spi_speed_and_size = SPEED_40MHZ_SIZE_4MIB,
        .entry = target->default_entry,
        .chip_id = target->chip_id,
        .min_chip_revision = options->min_chip_revision,
        .max_chip_revision = options->max_chip_revision,
        .hash_appended = options->hash_appended,
        .segments = segments,
        .segment_count = (uint8_t)lay_out(&plan, target, page, data, segments),
    };
    app_image_assemble(&parts, out);
    free(data);
    return true;
}
