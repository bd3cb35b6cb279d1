#include "recipe.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "sim/provision/app_image_builder.h"

#define TEXT_MAX 31 // characters of version and name that are used

static void put32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void fill(uint32_t seed, uint8_t *bytes, uint32_t length) {
    for (uint32_t k = 0; k < length; k++)
        bytes[k] = (uint8_t)(seed * 31 + k * 7 + (k >> 8) * 13);
}

static void put_text(struct vector *vector, const json_t *recipe, const char *key, const char *otherwise,
                     uint8_t *field) {
    const char *text = json_object_get(recipe, key) == NULL ? otherwise : vector_text(vector, recipe, key);
    if (text != NULL)
        memcpy(field, text, strnlen(text, TEXT_MAX));
}

const struct recipe_defaults recipe_defaults_esp32 = {
    .chip_id = 0, .max_chip_revision = 399, .load_address = 0x3F400020, .entry = 0x40080000};

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void fill_descriptor(struct vector *vector, const json_t *recipe, uint8_t *descriptor) {
    put32(descriptor, 0xABCD5432);
    put32(descriptor + 4, vector_number_or(vector, recipe, "sv", 0));
    put_text(vector, recipe, "ver", "1.0.0", descriptor + 16);
    put_text(vector, recipe, "name", "ota-sim", descriptor + 48);
    memcpy(descriptor + 80, "12:00:00", 8);
    memcpy(descriptor + 96, "Jan  1 2026", 11);
    memcpy(descriptor + 112, "v6.2-sim", 8);
    put16(descriptor + 176, vector_number_or(vector, recipe, "minblk", 0));
    put16(descriptor + 178, vector_number_or(vector, recipe, "maxblk", 99));
    descriptor[180] = (uint8_t)vector_number_or(vector, recipe, "page", 16);
}

struct segments {
    struct app_image_segment items[UINT8_MAX];
    uint8_t count;
    struct buffer data; // of all segments, one after another
};

// Checks a length before memory is spent on it, and returns where its bytes go.
static uint8_t *more_data(struct vector *vector, struct segments *segments, uint32_t load_address,
                          uint32_t length) {
    if (length > RECIPE_IMAGE_MAX || segments->data.length + length > RECIPE_IMAGE_MAX ||
        segments->count == UINT8_MAX) {
        (void)vector_malformed(vector, "the image is larger than the flash");
        return NULL;
    }
    buffer_reserve(&segments->data, length);
    uint8_t *data = segments->data.bytes + segments->data.length;
    memset(data, 0, length);
    segments->data.length += length;
    segments->items[segments->count++] =
        (struct app_image_segment){.load_address = load_address, .length = length};
    return data;
}

static bool make_segments(struct vector *vector, const json_t *recipe, const struct recipe_defaults *defaults,
                          struct segments *segments) {
    uint32_t extra = vector_number_or(vector, recipe, "extra", 0);
    uint32_t seed = vector_number_or(vector, recipe, "seed", 0);
    if (extra > RECIPE_IMAGE_MAX)
        return vector_malformed(vector, "`extra` is larger than the flash");
    uint8_t *data =
        more_data(vector, segments, vector_number_or(vector, recipe, "load0", defaults->load_address),
                  APP_IMAGE_DESCRIPTOR_SIZE + extra);
    if (data == NULL)
        return false;
    fill_descriptor(vector, recipe, data);
    fill(seed, data + APP_IMAGE_DESCRIPTOR_SIZE, extra);

    size_t index;
    json_t *item;
    json_array_foreach (json_object_get(recipe, "segs"), index, item) {
        uint32_t address = vector_number_value(vector, json_array_get(item, 0), "segs");
        uint32_t length = vector_number_value(vector, json_array_get(item, 1), "segs");
        data = more_data(vector, segments, address, length);
        if (data == NULL)
            return false;
        fill(seed + 1 + (uint32_t)index, data, length);
    }
    const uint8_t *at = segments->data.bytes;
    for (unsigned i = 0; i < segments->count; i++) {
        segments->items[i].data = at;
        at += segments->items[i].length;
    }
    return true;
}

// Header, segments and checksum, without a hash.
static void assemble(struct vector *vector, const json_t *recipe, const struct recipe_defaults *defaults,
                     const struct segments *segments, struct buffer *out) {
    struct app_image_parts parts = {
        .magic = (uint8_t)vector_number_or(vector, recipe, "magic", 0xE9),
        .spi_mode = 2,
        .spi_speed_and_size = 0x20,
        .entry = vector_number_or(vector, recipe, "entry", defaults->entry),
        .chip_id = (uint16_t)vector_number_or(vector, recipe, "chip", defaults->chip_id),
        .min_chip_revision = (uint16_t)vector_number_or(vector, recipe, "minrev", 0),
        .max_chip_revision =
            (uint16_t)vector_number_or(vector, recipe, "maxrev", defaults->max_chip_revision),
        .segments = segments->items,
        .segment_count = segments->count,
    };
    app_image_assemble(&parts, out);
    out->bytes[1] = (uint8_t)vector_number_or(vector, recipe, "nseg", segments->count);
    out->bytes[23] = (uint8_t)vector_number_or(vector, recipe, "hash", 1);
}

static void append_hash(struct buffer *image) {
    uint8_t hash[APP_IMAGE_HASH_SIZE];
    if (EVP_Digest(image->bytes, image->length, hash, NULL, EVP_sha256(), NULL) != 1)
        abort(); // SHA-256 is part of every libcrypto: only a lack of memory gets here
    buffer_append(image, hash, sizeof hash);
}

// Overwrites bytes; the image grows when they reach beyond its end.
static bool apply_patch(struct vector *vector, const json_t *patch, struct buffer *image) {
    uint32_t offset = vector_number_value(vector, json_array_get(patch, 0), "patch");
    struct buffer bytes = {0};
    bool fine = vector_hex_value(vector, json_array_get(patch, 1), "patch", &bytes);
    if (fine && (offset > image->length || offset + bytes.length > RECIPE_IMAGE_MAX))
        fine = vector_malformed(vector, "`patch` lies beyond the image");
    if (fine) {
        size_t inside = bytes.length < image->length - offset ? bytes.length : image->length - offset;
        if (inside > 0)
            memcpy(image->bytes + offset, bytes.bytes, inside);
        if (bytes.length > inside)
            buffer_append(image, bytes.bytes + inside, bytes.length - inside);
    }
    buffer_free(&bytes);
    return fine;
}

static bool apply_patches(struct vector *vector, const json_t *patches, struct buffer *image) {
    size_t index;
    json_t *patch;
    json_array_foreach (patches, index, patch)
        if (!apply_patch(vector, patch, image))
            return false;
    return true;
}

// What makes the image differ from one that tools build.
static bool damage(struct vector *vector, const json_t *recipe, struct buffer *image) {
    if (!apply_patches(vector, json_object_get(recipe, "pre"), image))
        return false;
    if (image->bytes[23] != 0)
        append_hash(image);
    if (!apply_patches(vector, json_object_get(recipe, "patch"), image))
        return false;
    uint32_t cut = vector_number_or(vector, recipe, "cut", UINT32_MAX);
    if (cut < image->length)
        image->length = cut;
    return true;
}

static bool check(struct vector *vector, const json_t *recipe, const struct buffer *image) {
    const json_t *length = json_object_get(recipe, "n"), *crc = json_object_get(recipe, "crc");
    if (length != NULL && json_integer_value(length) != (json_int_t)image->length)
        return vector_malformed(vector, "an image recipe gives %zu bytes, `n` says otherwise", image->length);
    json_t *own = json_crc(image->bytes, image->length);
    bool equal = crc == NULL || json_equal(crc, own) != 0;
    json_decref(own);
    return equal || vector_malformed(vector, "an image recipe gives other bytes than `crc` says");
}

bool recipe_build(struct vector *vector, const json_t *recipe, const struct recipe_defaults *defaults,
                  struct buffer *out) {
    if (!json_is_object(recipe))
        return vector_malformed(vector, "an image recipe must be an object");
    struct buffer image = {0};
    struct segments segments = {0};
    bool done = make_segments(vector, recipe, defaults, &segments);
    if (done) {
        assemble(vector, recipe, defaults, &segments, &image);
        done = damage(vector, recipe, &image) && check(vector, recipe, &image) && vector->problem.length == 0;
    }
    if (done)
        buffer_append(out, image.bytes, image.length);
    buffer_free(&segments.data);
    buffer_free(&image);
    return done;
}
