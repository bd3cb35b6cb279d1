// Images: built from a few words, or loaded from a file; damaged when the scenario says so.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hw/unstable.h"
#include "../provision/app_image_reader.h"
#include "../provision/bootloader_image.h"
#include "../provision/nvs_image.h"
#include "reader_behaviour.h"
#include "reader_board.h"
#include "reader_contents.h"
#include "reader_file.h"
#include "reader_guest.h"
#include "reader_images.h"
#include "reader_names.h"
#include "reader_nvs.h"
#include "reader_partitions.h"
#include "values.h"

#define SIZE_DEFAULT     0x8000u // of an image that says nothing: a quick boot, and more than one block of flash
#define NVS_SIZE_DEFAULT 0x6000u // as the tables that ESP-IDF comes with have it
#define DAMAGES_MAX      64u

static void text_into(struct fields *fields, const char *name, char *out, size_t room) {
    char *text = NULL;
    if (field_text(fields, name, room - 1, &text))
        snprintf(out, room, "%s", text);
    free(text);
}

static void read_revision(struct fields *fields, const char *name, uint16_t *out) {
    const struct yaml_node *node = field(fields, name);
    char what[64];
    snprintf(what, sizeof what, "`%s`", name);
    uint32_t revision;
    if (node != NULL && value_revision(fields->diagnostics, node, what, &revision))
        *out = (uint16_t)revision;
}

static void read_chip(struct reading *reading, struct fields *fields, struct app_image_options *options) {
    const struct yaml_node *node = field(fields, "chip");
    const char *name = node == NULL ? NULL : value_text(reading->diagnostics, node, "`chip`");
    if (name == NULL)
        return;
    const struct chip_target *target = chip_target_find(name);
    if (target != NULL)
        options->target = target;
    else
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0205", node->mark, "there is no target `%s`", name),
            "an image's `chip` is a target such as esp32 or esp32c3");
}

// Keys of a built app.
static const char *const app_keys[] = {"version",
                                       "project",
                                       "idf_version",
                                       "compile_time",
                                       "compile_date",
                                       "secure_version",
                                       "size",
                                       "seed",
                                       "chip",
                                       "min_chip_revision",
                                       "max_chip_revision",
                                       "min_efuse_block_revision",
                                       "max_efuse_block_revision",
                                       "hash",
                                       "app",
                                       NULL};

static void read_options(struct reading *reading, struct fields *fields, struct app_image_options *options) {
    text_into(fields, "version", options->version, sizeof options->version);
    text_into(fields, "project", options->project, sizeof options->project);
    text_into(fields, "idf_version", options->idf_version, sizeof options->idf_version);
    text_into(fields, "compile_time", options->compile_time, sizeof options->compile_time);
    text_into(fields, "compile_date", options->compile_date, sizeof options->compile_date);
    field_u32(fields, "secure_version", 0, UINT32_MAX, &options->secure_version);
    field_u32(fields, "size", APP_IMAGE_SIZE_MIN, APP_IMAGE_SIZE_MAX, &options->size);
    field_u64(fields, "seed", 0, UINT64_MAX, &options->seed);
    read_chip(reading, fields, options);
    read_revision(fields, "min_chip_revision", &options->min_chip_revision);
    read_revision(fields, "max_chip_revision", &options->max_chip_revision);
    read_revision(fields, "min_efuse_block_revision", &options->min_efuse_block_revision);
    read_revision(fields, "max_efuse_block_revision", &options->max_efuse_block_revision);
    field_bool(fields, "hash", &options->hash_appended);
}

// ---- what it was built with ---------------------------------------------------------------------

// An app or a bootloader; each has the options of its kind.
static void read_build(struct reading *reading, struct fields *fields, struct scenario_image *image) {
    const struct board_config *board = &reading->scenario->board;
    const struct yaml_node *release = field(fields, "release"), *config = field(fields, "config");
    const struct release_profile *profile = release == NULL ? NULL : find_release(reading, release);
    image->build = image->is_bootloader ? board->bootloader : board->app;
    image->release_set = profile != NULL;
    if (profile != NULL)
        firmware_build_set_release(&image->build, profile);
    struct fields options;
    if (config != NULL && fields_open(&options, reading->diagnostics, config, "`config`")) {
        (image->is_bootloader ? read_build_options : read_app_options)(reading, &options, &image->build);
        fields_close(&options);
    }
    image->build_set = release != NULL || config != NULL;
}

// ---- an app -------------------------------------------------------------------------------------

static bool cannot_be_built(struct reading *reading, const struct yaml_node *node,
                            const struct scenario_image *image, const struct error *error) {
    diagnostic_add(reading->diagnostics, "E0308", node->mark, "the image `%s` cannot be built: %s",
                   image->name, error->message);
    return false;
}

static bool build_app(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                      struct scenario_image *image) {
    size_t errors = reading->diagnostics->error_count;
    struct app_image_options *options = &image->options;
    struct error error = {0};
    options->size = SIZE_DEFAULT;
    options->seed = mix64(reading->scenario->seed, reading->scenario->image_count);
    read_options(reading, fields, options);
    read_guest_of_image(reading, fields, image);
    if (reading->diagnostics->error_count != errors || !contents_afford(reading, node, options->size))
        return false;
    return app_image_build(options, &image->bytes, &error) || cannot_be_built(reading, node, image, &error);
}

// ---- contents that are no app -------------------------------------------------------------------

static bool build_bootloader(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                             struct scenario_image *image) {
    struct error error = {0};
    uint32_t flash_size;
    uint64_t seed = reading->scenario->image_count;
    read_chip(reading, fields, &image->options);
    read_build(reading, fields, image);
    return field_u32(fields, "bootloader", BOOTLOADER_FLASH_SIZE_MIN, BOOTLOADER_FLASH_SIZE_MAX,
                     &flash_size) &&
           (bootloader_image_build(image->options.target, &image->build, flash_size, seed, &image->bytes,
                                   &error) ||
            cannot_be_built(reading, node, image, &error));
}

static bool build_table(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                        struct scenario_image *image) {
    (void)node;
    return read_table_image(reading, field(fields, "partition_table"), &image->bytes);
}

static bool build_nvs(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                      struct scenario_image *image) {
    uint32_t size = NVS_SIZE_DEFAULT;
    (void)node;
    if (field(fields, "size") != NULL &&
        !field_u32(fields, "size", NVS_IMAGE_SIZE_MIN, NVS_IMAGE_SIZE_MAX, &size))
        return false;
    return read_nvs_contents(reading, field(fields, "nvs"), "`nvs`", size, &image->bytes);
}

static bool build_data(struct reading *reading, const struct yaml_node *node, struct fields *outer,
                       struct scenario_image *image) {
    struct fields fields;
    struct contents contents;
    (void)node;
    if (!fields_open(&fields, reading->diagnostics, field(outer, "data"), "`data`"))
        return false;
    bool repeated = field(&fields, "fill") != NULL || field(&fields, "random") != NULL;
    bool fine = (!repeated || field_required(&fields, "length", "say how many bytes: length: 4K") != NULL) &&
                read_contents(reading, &fields, CONTENTS_FILE | CONTENTS_PLACED, APP_IMAGE_SIZE_MAX,
                              "an image", &contents);
    if (fine) {
        buffer_append(&image->bytes, contents.bytes.bytes, contents.bytes.length);
        buffer_free(&contents.bytes);
    }
    fields_close(&fields);
    return fine;
}

static bool load(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                 struct scenario_image *image) {
    (void)node;
    bool fine = read_image_file(reading, fields, &image->bytes);
    struct app_image_summary summary;
    (void)app_image_describe_bytes(image->bytes.bytes, image->bytes.length, &summary);
    image->is_bootloader = summary.is_image && !summary.has_descriptor;
    return fine;
}

// ---- which of them it is ------------------------------------------------------------------------

// True: the image has bytes.
typedef bool build_image(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                         struct scenario_image *image);

static const struct image_source {
    const char *key;  // that says so
    const char *also; // the key of an app that has a meaning here, too; NULL: none
    build_image *build;
} sources[] = {{"bootloader", "chip", build_bootloader},
               {"partition_table", NULL, build_table},
               {"nvs", "size", build_nvs},
               {"data", NULL, build_data},
               {"file", NULL, load}};

#define SOURCES (sizeof sources / sizeof *sources)

static bool stands_alone(struct reading *reading, struct fields *fields, const struct image_source *source) {
    bool alone = true;
    for (size_t i = 0; app_keys[i] != NULL; i++) {
        if (source->also != NULL && strcmp(source->also, app_keys[i]) == 0)
            continue;
        if (field(fields, app_keys[i]) == NULL)
            continue;
        struct diagnostic *item =
            diagnostic_add(reading->diagnostics, "E0108", field_key(fields, app_keys[i])->mark,
                           "`%s` and `%s` exclude each other: `%s` is of an app that is built here",
                           source->key, app_keys[i], app_keys[i]);
        diagnostic_second(item, field_key(fields, source->key)->mark, "the other one");
        alone = false;
    }
    return alone;
}

static bool build(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                  struct scenario_image *image) {
    const char *keys[SOURCES + 1] = {NULL};
    size_t errors = reading->diagnostics->error_count;
    for (size_t i = 0; i < SOURCES; i++)
        keys[i] = sources[i].key;
    const char *key = field_one_of(fields, keys, false);
    for (size_t i = 0; key != NULL && i < SOURCES; i++)
        if (key == sources[i].key)
            return stands_alone(reading, fields, &sources[i]) &&
                   sources[i].build(reading, node, fields, image);
    return reading->diagnostics->error_count == errors && build_app(reading, node, fields, image);
}

// ---- damage -------------------------------------------------------------------------------------

static bool damage_one(struct reading *reading, const struct yaml_node *node, struct scenario_image *image) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`damage`"))
        return false;
    bool fine;
    uint32_t length = (uint32_t)image->bytes.length;
    if (field(&fields, "truncate") != NULL) {
        fine = field_u32(&fields, "truncate", 1, length, &length);
        image->bytes.length = length;
    } else {
        struct contents contents;
        fine = read_contents(reading, &fields, CONTENTS_FLIP, length, image->name, &contents);
        for (size_t i = 0; fine && i < contents.bytes.length; i++) {
            uint8_t *byte = &image->bytes.bytes[contents.at + i];
            *byte = contents.flip ? *byte ^ contents.bytes.bytes[i] : contents.bytes.bytes[i];
        }
        if (fine)
            buffer_free(&contents.bytes);
    }
    bool reseal = false;
    if (field_bool(&fields, "reseal", &reseal) && reseal && fine &&
        !app_image_seal(image->bytes.bytes, image->bytes.length)) {
        diagnostic_add(
            reading->diagnostics, "E0308", field_key(&fields, "reseal")->mark,
            "checksum and hash cannot be made right: the headers do not describe an image any more");
        fine = false;
    }
    fields_close(&fields);
    return fine;
}

static bool damage(struct reading *reading, const struct yaml_node *node, struct scenario_image *image) {
    if (node->kind != YAML_KIND_SEQUENCE)
        return damage_one(reading, node, image);
    if (node->count > DAMAGES_MAX) {
        diagnostic_add(reading->diagnostics, "E0009", node->mark, "more than %u damages to one image",
                       DAMAGES_MAX);
        return false;
    }
    bool fine = true;
    for (size_t i = 0; i < node->count; i++)
        fine = damage_one(reading, node->items[i], image) && fine;
    return fine;
}

// ---- all of them --------------------------------------------------------------------------------

// True: the image's bytes can be relied on.
static bool read_image(struct reading *reading, const struct yaml_node *node, struct scenario_image *image) {
    struct fields fields;
    char what[64];
    snprintf(what, sizeof what, "the image `%.32s`", image->name);
    if (!fields_open(&fields, reading->diagnostics, node, what))
        return false;
    image->is_bootloader = field(&fields, "bootloader") != NULL;
    bool fine = build(reading, node, &fields, image);
    const struct yaml_node *damages = field(&fields, "damage");
    if (damages != NULL && fine)
        fine = damage(reading, damages, image);
    mark_behaviour(&fields);
    if (field(&fields, "bootloader") == NULL)
        read_build(reading, &fields, image);
    fields_close(&fields);
    struct app_image_summary summary;
    app_image_describe_bytes(image->bytes.bytes, image->bytes.length, &summary);
    if (summary.has_descriptor)
        snprintf(image->version, sizeof image->version, "%s", summary.version);
    return fine;
}

void read_images(struct reading *reading, const struct yaml_node *node) {
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(reading->diagnostics, node, "`images`", "a mapping"),
                        "write `NAME: {version: 1.0.0}` lines below it");
        return;
    }
    if (node->count > IMAGES_MAX) {
        diagnostic_add(reading->diagnostics, "E0009", node->mark, "more than %u images", IMAGES_MAX);
        return;
    }
    struct scenario *scenario = reading->scenario;
    scenario->images = memory_zeroed(node->count + 1, sizeof *scenario->images);
    reading->image_broken = memory_zeroed(node->count + 1, sizeof *reading->image_broken);
    reading->image_used = memory_zeroed(node->count + 1, sizeof *reading->image_used);
    for (size_t i = 0; i < node->count; i++) {
        struct scenario_image *image = &scenario->images[i];
        image->name = memory_text(node->pairs[i].key->text);
        image->mark = node->pairs[i].key->mark;
        image->options = app_image_options_default();
        image->options.target = scenario->board.target;
        scenario->image_count = i + 1;
        reading->image_broken[i] = !read_image(reading, node->pairs[i].value, image);
    }
}
