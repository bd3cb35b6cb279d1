// libotasim: a board, and the explorer with functions of the caller's instead of a scenario's.
#include "include/otasim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/bootloader.h"
#include "../provision/app_image_builder.h"
#include "../provision/partition_binary.h"
#include "../provision/partition_csv.h"
#include "library_board.h"

// ---- errors -------------------------------------------------------------------------------------

const char *otasim_status_text(otasim_status status) {
    static const char *const texts[] = {
        [OTASIM_OK] = "good",
        [OTASIM_INVALID] = "an argument is wrong",
        [OTASIM_BAD_TABLE] = "the partition table is wrong",
        [OTASIM_OUTSIDE] = "beyond the flash, or no such partition",
        [OTASIM_TOO_LARGE] = "too large for its partition",
        [OTASIM_ENDED] = "the program did not come to its end",
        [OTASIM_NOT_SETTLED] = "without any cut the device does not come to rest, or what must hold does not",
        [OTASIM_NOT_THE_SAME] = "the functions do not do the same each time",
        [OTASIM_NO_SUCH_PLACE] = "no such address",
        [OTASIM_INCOMPLETE] = "there are more states than were asked for",
    };
    return (unsigned)status < sizeof texts / sizeof *texts ? texts[status] : "unknown";
}

const char *otasim_error(const otasim *board) {
    return board == NULL ? "" : board->error;
}

otasim_status library_fail(otasim *board, otasim_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(board->error, sizeof board->error, format, arguments);
    va_end(arguments);
    return status;
}

// ---- making a board -----------------------------------------------------------------------------

static bool say(char *error, const char *what, const char *value) {
    if (error != NULL)
        (void)snprintf(error, OTASIM_TEXT_SIZE, "%s: %s", what, value);
    return false;
}

static bool config_make(const otasim_options *options, struct board_config *out, char *error) {
    const char *release_name = options->release == NULL ? "v6.0" : options->release;
    const char *target = options->target == NULL ? "esp32" : options->target;
    uint32_t size = options->flash_size == 0 ? 4u << 20 : options->flash_size;
    const struct release_profile *release = release_profile_find(release_name);
    memset(out, 0, sizeof *out);
    out->boot = bootloader_boot;
    out->target = chip_target_find(target);
    if (out->target == NULL)
        return say(error, "there is no such target", target);
    if (release == NULL)
        return say(error, "there is no such release of ESP-IDF", release_name);
    if (!nor_chip_custom(size, &out->chip))
        return say(error, "the size of the flash", "a power of two from 1 to 32 MiB");
    out->app = firmware_build_default(release, out->target);
    out->app.rollback = options->rollback;
    out->app.rollback_unsaid = out->app.confirm_on_startup = false;
    out->bootloader = out->app;
    return true;
}

static bool table_write(otasim *library, const char *csv, char *error) {
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_csv_notes notes = {0};
    struct buffer bytes = {0};
    options.flash_size_mb = library->config.chip.size >> 20;
    options.release = library->config.app.profile;
    bool good = partition_csv_parse(csv, strlen(csv), &options, &library->table, &notes) &&
                partition_table_layout_encode(&library->table, &options, &bytes, &notes);
    if (good)
        flash_set(board_flash(library->board), options.table_offset, bytes.bytes, (uint32_t)bytes.length);
    else
        (void)say(error, "the partition table", notes.message == NULL ? "it is wrong" : notes.message);
    buffer_free(&bytes);
    partition_csv_notes_free(&notes);
    return good;
}

otasim *otasim_new(const otasim_options *options, char *error) {
    static const otasim_options defaults;
    struct board_config config;
    if (options == NULL)
        options = &defaults;
    if (!config_make(options, &config, error))
        return NULL;
    otasim *library = memory_zeroed(1, sizeof *library);
    library->config = config;
    library->board = board_new(&library->config);
    if (options->partitions != NULL && !table_write(library, options->partitions, error)) {
        otasim_free(library);
        return NULL;
    }
    return library;
}

void otasim_free(otasim *library) {
    if (library == NULL)
        return;
    partition_table_layout_free(&library->table);
    board_free(library->board);
    free(library);
}

// ---- what it starts with ------------------------------------------------------------------------

static bool outside(const otasim *library, uint32_t address, size_t length) {
    uint32_t size = library->config.chip.size;
    return length > size || address > size - length;
}

otasim_status otasim_write(otasim *library, uint32_t address, const void *data, size_t length) {
    if (library == NULL || (data == NULL && length != 0))
        return OTASIM_INVALID;
    if (outside(library, address, length))
        return library_fail(library, OTASIM_OUTSIDE, "%zu bytes at 0x%x: the flash ends at 0x%x", length,
                            (unsigned)address, (unsigned)library->config.chip.size);
    flash_set(board_flash(library->board), address, data, (uint32_t)length);
    return OTASIM_OK;
}

otasim_status otasim_read(const otasim *library, uint32_t address, void *buffer, size_t length) {
    if (library == NULL || (buffer == NULL && length != 0))
        return OTASIM_INVALID;
    if (outside(library, address, length))
        return OTASIM_OUTSIDE;
    flash_read(board_flash(library->board), address, buffer, (uint32_t)length);
    return OTASIM_OK;
}

static bool build(otasim *library, const char *version, struct buffer *out) {
    struct app_image_options options = app_image_options_default();
    struct error error = {0};
    if (strlen(version) >= sizeof options.version) {
        (void)library_fail(library, OTASIM_INVALID, "version \"%s\": at most 32 bytes", version);
        return false;
    }
    options.target = library->config.target;
    options.body_size = 4096;
    for (const char *letter = version; *letter != '\0'; letter++)
        options.seed = options.seed * 31 + (uint8_t)*letter;
    memcpy(options.version, version, strlen(version) + 1);
    bool good = app_image_build(&options, out, &error);
    if (!good)
        (void)library_fail(library, OTASIM_INVALID, "%s", error.message);
    return good;
}

otasim_status otasim_install(otasim *library, const char *partition, const char *version) {
    if (library == NULL || partition == NULL || version == NULL)
        return OTASIM_INVALID;
    const struct partition_entry *entry = partition_find(&library->table, partition);
    struct buffer image = {0};
    if (entry == NULL || entry->type != TYPE_APP)
        return library_fail(library, OTASIM_OUTSIDE, "the table has no app partition \"%s\"", partition);
    if (!build(library, version, &image))
        return OTASIM_INVALID;
    otasim_status status = OTASIM_OK;
    if ((int64_t)image.length > entry->size)
        status = library_fail(library, OTASIM_TOO_LARGE, "%zu bytes in %s, which has %lld", image.length,
                              partition, (long long)entry->size);
    else
        flash_set(board_flash(library->board), (uint32_t)entry->offset, image.bytes, (uint32_t)image.length);
    library->has_app = library->has_app || status == OTASIM_OK;
    buffer_free(&image);
    return status;
}

otasim_status otasim_image(otasim *library, const char *version, void *buffer, size_t capacity,
                           size_t *out_length) {
    if (library == NULL || version == NULL || out_length == NULL || (buffer == NULL && capacity != 0))
        return OTASIM_INVALID;
    struct buffer image = {0};
    if (!build(library, version, &image))
        return OTASIM_INVALID;
    *out_length = image.length;
    if (capacity != 0)
        memcpy(buffer, image.bytes, image.length < capacity ? image.length : capacity);
    buffer_free(&image);
    return OTASIM_OK;
}

// ---- running ------------------------------------------------------------------------------------

otasim_status otasim_run(otasim *library, void (*program)(void *context), void *context) {
    if (library == NULL || program == NULL)
        return OTASIM_INVALID;
    const char *why = "";
    enum board_end end = library_start(library, library->board, PORT_RESET_POWER_ON, &why);
    if (end != BOARD_RETURNED)
        return library_fail(library, OTASIM_ENDED, "the bootloader: %s", why);
    end = board_run(library->board, program, context, &why);
    board_power_off(library->board);
    if (end != BOARD_RETURNED && end != BOARD_RESTARTED)
        return library_fail(library, OTASIM_ENDED, "%s", why);
    return OTASIM_OK;
}

otasim_status otasim_explore(otasim *library, const otasim_check *check, otasim_result *result) {
    if (result == NULL)
        return OTASIM_INVALID;
    *result = (otasim_result){0};
    if (library == NULL || check == NULL || check->update == NULL || check->holds == NULL)
        return OTASIM_INVALID;
    struct library_recording recording;
    otasim_status status = library_record(library, check, &recording);
    if (status == OTASIM_OK)
        status = library_explore(&recording, result);
    library_recording_free(&recording);
    return status;
}

otasim_status otasim_replay(otasim *library, const otasim_check *check, const char *address, bool *holds) {
    if (library == NULL || check == NULL || check->update == NULL || check->holds == NULL ||
        address == NULL || holds == NULL)
        return OTASIM_INVALID;
    struct library_recording recording;
    otasim_status status = library_record(library, check, &recording);
    if (status == OTASIM_OK)
        status = library_replay(&recording, address, holds);
    library_recording_free(&recording);
    return status;
}
