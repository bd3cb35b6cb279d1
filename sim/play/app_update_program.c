#include "app_update_program.h"

#include <stdio.h>
#include <string.h>

#include "narration.h"
#include "nvs_look.h"
#include "play.h"
#include "program.h"
#include "telling.h"

// Writes that went well are not worth a line each.
bool program_note(const struct program *program, const char *call, esp_err_t code) {
    struct step_outcome *out = program->out;
    out->returned = true;
    out->call = call;
    out->code = code;
    if (code != ESP_OK || strcmp(call, "esp_ota_write") != 0)
        narrate(program->execution->narrator, 1, "%s: %s", call, esp_err_to_name(code));
    return code == ESP_OK;
}

void program_reach(const struct program *program, enum event_kind kind, const esp_partition_t *partition) {
    if (partition)
        tell_event(program->execution, kind, partition->address, STATE_NOT_RECORDED);
}

void program_select(const struct program *program, const esp_partition_t *partition, const char *call,
                    esp_err_t (*set)(const esp_partition_t *partition)) {
    program_reach(program, EVENT_SELECTING, partition);
    bool good = program_note(program, call, set(partition));
    program_reach(program, good ? EVENT_SELECTED : EVENT_REFUSED, partition);
}

// ---- open operations ----------------------------------------------------------------------------

uint32_t program_count_open(const struct program *program, const esp_partition_t *partition) {
    const struct firmware *ram = board_ram(program->execution->board);
    uint32_t count = 0;
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++) {
        const struct ota_operation *operation = &ram->operations[i];
        count += operation->handle != 0 &&
                 (partition == NULL || operation->staging == partition || operation->final == partition);
    }
    return count;
}

bool program_note_begin(const struct program *program, const char *call, const esp_partition_t *partition,
                        uint32_t open, esp_err_t code) {
    if (code != ESP_OK && program_count_open(program, NULL) > open)
        tell_moment(program->execution, EVENT_LEFT_OPEN);
    if (code == ESP_OK && program_count_open(program, partition) > 1)
        tell_moment(program->execution, EVENT_TWO_OPEN);
    return program_note(program, call, code);
}

// ---- the update in one --------------------------------------------------------------------------

const esp_partition_t *program_find_label(const char *label) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, label);
}

static const esp_partition_t *update_partition(const struct program *program) {
    const char *label = program->update->partition;
    if (!label)
        return esp_ota_get_next_update_partition(NULL);
    const esp_partition_t *partition = program_find_label(label);
    if (program->fallback && partition && partition == esp_ota_get_running_partition())
        return esp_ota_get_next_update_partition(NULL);
    return partition;
}

// ---- how far it came, in NVS --------------------------------------------------------------------

static bool open_store(const struct program *program, const struct nvs_name *name, nvs_handle_t *store) {
    const char *call = NULL;
    return program_note(program, "nvs_open", nvs_open_named(name, true, store, &call));
}

bool progress_open(struct download *download) {
    const struct nvs_name *name = download->program->update->progress;
    if (name == NULL)
        return true;
    if (!open_store(download->program, name, &download->store))
        return false;
    esp_err_t code = nvs_get_u32(download->store, name->key, &download->done);
    if (code != ESP_OK)
        download->done = 0; // nothing is known to be there
    return code == ESP_OK || code == ESP_ERR_NVS_NOT_FOUND ||
           program_note(download->program, "nvs_get_u32", code);
}

// What is about to become of a key: a value, or NULL for none.
static void tell_setting(const struct program *program, const struct nvs_name *name,
                         const struct nvs_value *value) {
    tell_nvs_setting(program->execution, name, value == NULL ? NVS_ABSENT : nvs_value_hash(value));
}

static bool commit(const struct program *program, const struct nvs_name *name, nvs_handle_t store) {
    struct execution *execution = program->execution;
    if (!program_note(program, "nvs_commit", nvs_commit(store)))
        return false;
    tell_nvs(execution, EVENT_NVS_COMMITTED, nvs_watched_bits(execution->scenario, name), NVS_ABSENT);
    return true;
}

bool progress_keep(const struct download *download, size_t done) {
    const struct program *program = download->program;
    const struct nvs_name *name = program->update->progress;
    const struct nvs_value value = {.type = NVS_TYPE_U32, .number = done};
    if (download->store == 0)
        return true;
    tell_setting(program, name, &value);
    return program_note(program, "nvs_set_u32", nvs_set_u32(download->store, name->key, (uint32_t)done)) &&
           commit(program, name, download->store);
}

bool progress_forget(const struct download *download) {
    const struct program *program = download->program;
    const struct nvs_name *name = program->update->progress;
    if (download->store == 0)
        return true;
    tell_setting(program, name, NULL);
    esp_err_t code = nvs_erase_key(download->store, name->key);
    return code == ESP_ERR_NVS_NOT_FOUND ||
           (program_note(program, "nvs_erase_key", code) && commit(program, name, download->store));
}

static bool write_image(const struct download *download, esp_ota_handle_t handle, const uint8_t *bytes,
                        size_t length) {
    const struct program *program = download->program;
    bool first = program->update->progress_first;
    for (size_t at = download->done; at < length;) {
        size_t chunk = length - at < program->update->chunk ? length - at : program->update->chunk;
        if ((first && !progress_keep(download, at + chunk)) ||
            !program_note(program, "esp_ota_write", esp_ota_write(handle, bytes + at, chunk)) ||
            (!first && !progress_keep(download, at + chunk)))
            return false;
        at += chunk;
    }
    return true;
}

// ---- versions that the app does not take --------------------------------------------------------

static bool holds_version(const esp_partition_t *partition, const char *version) {
    esp_app_desc_t descriptor;
    return partition != NULL && esp_ota_get_partition_description(partition, &descriptor) == ESP_OK &&
           strncmp(descriptor.version, version, sizeof descriptor.version) == 0;
}

// As ESP-IDF's examples compare them: by what the descriptors say.
static bool refuses_version(const struct program *program) {
    const struct update_step *update = program->update;
    const char *version = program->execution->scenario->images[update->image].version;
    bool refused = ((update->refuses & REFUSES_RUNNING) != 0 &&
                    holds_version(esp_ota_get_running_partition(), version)) ||
                   ((update->refuses & REFUSES_LAST_INVALID) != 0 &&
                    holds_version(esp_ota_get_last_invalid_partition(), version));
    if (refused)
        program_note(program, "the app's comparison of versions", ESP_ERR_INVALID_VERSION);
    return refused;
}

// ---- which version was tried, in NVS ------------------------------------------------------------

// True: this version was, and that is the end of it.
static bool was_tried(const struct program *program, const char *version) {
    const struct nvs_name *name = program->update->tried;
    char last[sizeof program->execution->scenario->images->version] = "";
    size_t length = sizeof last;
    nvs_handle_t store;
    if (name == NULL || !open_store(program, name, &store))
        return false;
    bool tried = nvs_get_str(store, name->key, last, &length) == ESP_OK && strcmp(last, version) == 0;
    nvs_close(store);
    if (tried)
        narrate(program->execution->narrator, 1, "%s/%s says that %s was tried already: no update",
                name->name_space, name->key, version);
    return tried;
}

static bool note_try(const struct program *program, const char *version) {
    const struct nvs_name *name = program->update->tried;
    struct nvs_value value = {.type = NVS_TYPE_STR};
    nvs_handle_t store;
    if (name == NULL)
        return true;
    if (!open_store(program, name, &store))
        return false;
    buffer_text(&value.bytes, version);
    tell_setting(program, name, &value);
    nvs_value_free(&value);
    return program_note(program, "nvs_set_str", nvs_set_str(store, name->key, version)) &&
           commit(program, name, store);
}

// ---- the whole ----------------------------------------------------------------------------------

// Opens the operation; false: refused.
static bool begin(struct download *download, const esp_partition_t *partition, size_t length,
                  esp_ota_handle_t *handle) {
    const struct program *program = download->program;
    uint32_t open = program_count_open(program, NULL);
    size_t size = program->update->size == SIZE_IS_IMAGE ? length : program->update->size;
    // Releases without the function leave an app nothing but to begin anew.
    bool can_resume = board_ram(program->execution->board)->app_build->profile->has_resume;
    if (!can_resume || download->done > length)
        download->done = 0;
    return download->done > 0 ? program_note_begin(program, "esp_ota_resume", partition, open,
                                                   esp_ota_resume(partition, size, download->done, handle))
                              : program_note_begin(program, "esp_ota_begin", partition, open,
                                                   esp_ota_begin(partition, size, handle));
}

// Only apps are chosen: a table, a bootloader, data are what they are from here on. True: the rest of the update is
// to be done.
static bool put_in_force(const struct program *program, const esp_partition_t *partition) {
    if (partition->type != ESP_PARTITION_TYPE_APP)
        return true;
    program_select(program, partition, "esp_ota_set_boot_partition", esp_ota_set_boot_partition);
    return program->out->code == ESP_OK;
}

// The order of what is written to NVS and to otadata is the scenario's.
static bool finish(const struct download *download, const esp_partition_t *partition, const char *version,
                   esp_err_t end) {
    const struct program *program = download->program;
    const struct update_step *update = program->update;
    if (!progress_forget(download) || !program_note(program, "esp_ota_end", end) ||
        (!update->tried_late && !note_try(program, version)))
        return false;
    bool done = put_in_force(program, partition);
    if (done && update->tried_late)
        (void)note_try(program, version);
    return done;
}

// The bytes go to another partition first, and from there to the one that they are for.
static bool set_final(const struct program *program, esp_ota_handle_t handle, const esp_partition_t *final) {
    if (program->update->staging == NULL || program_note(program, "esp_ota_set_final_partition",
                                                         esp_ota_set_final_partition(handle, final, true)))
        return true;
    (void)esp_ota_abort(handle); // of a release that cannot do it: an app ends it there
    return false;
}

// True: the image was selected, or lies where it belongs.
static bool update(const struct program *program) {
    const struct update_step *update = program->update;
    const struct scenario_image *image = &program->execution->scenario->images[update->image];
    const esp_partition_t *partition = update_partition(program);
    const esp_partition_t *staging =
        update->staging == NULL ? partition : program_find_label(update->staging);
    struct download download = {.program = program};
    esp_ota_handle_t handle = 0;
    bool named = update->partition != NULL || update->staging != NULL;
    if (named && (!partition || !staging))
        return program_note(program, "esp_partition_find_first", ESP_ERR_NOT_FOUND);
    if (refuses_version(program) || was_tried(program, image->version) || !progress_open(&download) ||
        !begin(&download, staging, image->bytes.length, &handle) || !set_final(program, handle, partition) ||
        !write_image(&download, handle, image->bytes.bytes, image->bytes.length))
        return false;
    return finish(&download, partition, image->version, esp_ota_end(handle));
}

static void update_program(void *context) {
    const struct program *program = context;
    bool https = program->update->download != NULL;
    program->out->selected = https ? https_update(program) : update(program);
}

enum board_end run_update(struct execution *execution, const struct update_step *update, bool fallback,
                          struct step_outcome *out) {
    struct program program = {.execution = execution, .update = update, .fallback = fallback, .out = out};
    return board_run(execution->board, update_program, &program, &out->program_why);
}

void update_in_app(struct execution *execution, const struct update_step *step, struct step_outcome *out) {
    struct program program = {.execution = execution, .update = step, .out = out};
    update_program(&program);
}

void play_update(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_after_program(execution, run_update(execution, &step->as.update, false, out), out);
}
