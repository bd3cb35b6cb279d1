// Images: built from a few words, or loaded from a file; damaged when the scenario says so.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hw/unstable.h"
#include "../provision/app_image_reader.h"
#include "../provision/bootloader_image.h"
#include "../provision/flash_file.h"
#include "reader_behaviour.h"
#include "reader_board.h"
#include "reader_contents.h"
#include "reader_images.h"
#include "reader_names.h"
#include "values.h"

#define SIZE_DEFAULT 0x8000u // of an image that says nothing: a quick boot, and more than one block of flash
#define DAMAGES_MAX  64u

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

static const char *const build_keys[] = {"version",
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
                                         "bootloader",
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

// ---- a built one, a loaded one ------------------------------------------------------------------

static bool build(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                  struct scenario_image *image) {
    size_t errors = reading->diagnostics->error_count;
    struct app_image_options *options = &image->options;
    options->size = SIZE_DEFAULT;
    options->seed = mix64(reading->scenario->seed, reading->scenario->image_count);
    read_options(reading, fields, options);
    if (reading->diagnostics->error_count != errors || !contents_afford(reading, node, options->size))
        return false;
    struct error error = {0};
    const struct board_config *board = &reading->scenario->board;
    uint32_t flash_size;
    bool bootloader =
        field_u32(fields, "bootloader", BOOTLOADER_FLASH_SIZE_MIN, BOOTLOADER_FLASH_SIZE_MAX, &flash_size);
    if (bootloader ? bootloader_image_build(options->target != NULL ? options->target : board->target,
                                            &board->bootloader, flash_size, &image->bytes, &error)
                   : app_image_build(options, &image->bytes, &error))
        return true;
    diagnostic_add(reading->diagnostics, "E0308", node->mark, "the image `%s` cannot be built: %s",
                   image->name, error.message);
    return false;
}

static bool load(struct reading *reading, const struct yaml_node *file, struct fields *fields,
                 struct scenario_image *image) {
    bool alone = true;
    for (size_t i = 0; build_keys[i] != NULL; i++) {
        if (field(fields, build_keys[i]) == NULL)
            continue;
        struct diagnostic *item =
            diagnostic_add(reading->diagnostics, "E0108", field_key(fields, build_keys[i])->mark,
                           "`file` and `%s` exclude each other: the file is taken as it is", build_keys[i]);
        diagnostic_second(item, field_key(fields, "file")->mark, "the other one");
        alone = false;
    }
    char *path = find_file(reading, file);
    if (path == NULL)
        return false;
    struct error error = {0};
    bool fine = app_image_file_read(path, NULL, &image->bytes, &error);
    if (!fine)
        diagnostic_add(reading->diagnostics, "E0312", file->mark, "%s", error.message);
    free(path);
    return fine && alone && contents_afford(reading, file, image->bytes.length);
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

// ---- what its app was built with ----------------------------------------------------------------

static void read_build(struct reading *reading, struct fields *fields, struct scenario_image *image) {
    const struct yaml_node *release = field(fields, "release"), *config = field(fields, "config");
    const struct release_profile *profile = release == NULL ? NULL : find_release(reading, release);
    image->build = reading->scenario->board.app;
    image->release_set = profile != NULL;
    if (profile != NULL)
        firmware_build_set_release(&image->build, profile);
    struct fields options;
    if (config != NULL && fields_open(&options, reading->diagnostics, config, "`config`")) {
        read_app_options(reading, &options, &image->build);
        fields_close(&options);
    }
    image->build_set = release != NULL || config != NULL;
}

// ---- all of them --------------------------------------------------------------------------------

// True: the image's bytes can be relied on.
static bool read_image(struct reading *reading, const struct yaml_node *node, struct scenario_image *image) {
    struct fields fields;
    char what[64];
    snprintf(what, sizeof what, "the image `%.32s`", image->name);
    if (!fields_open(&fields, reading->diagnostics, node, what))
        return false;
    const struct yaml_node *file = field(&fields, "file");
    bool fine = file != NULL ? load(reading, file, &fields, image) : build(reading, node, &fields, image);
    const struct yaml_node *damages = field(&fields, "damage");
    if (damages != NULL && fine)
        fine = damage(reading, damages, image);
    mark_behaviour(&fields);
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
