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

static void reach(struct execution *execution, enum event_kind kind, const esp_partition_t *partition) {
    if (partition)
        tell_event(execution, kind, partition->address, STATE_NOT_RECORDED);
}

void program_select(const struct program *program, const esp_partition_t *partition, const char *call,
                    esp_err_t (*set)(const esp_partition_t *partition)) {
    reach(program->execution, EVENT_SELECTING, partition);
    bool good = program_note(program, call, set(partition));
    reach(program->execution, good ? EVENT_SELECTED : EVENT_REFUSED, partition);
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

// A download that can go on after a loss of power.
struct download {
    const struct program *program;
    nvs_handle_t store; // 0: nothing is kept
    uint32_t done;      // bytes that are there
};

static bool open_progress(struct download *download) {
    const struct nvs_name *name = download->program->update->progress;
    const char *call = NULL;
    if (name == NULL)
        return true;
    if (!program_note(download->program, "nvs_open", nvs_open_named(name, true, &download->store, &call)))
        return false;
    esp_err_t code = nvs_get_u32(download->store, name->key, &download->done);
    if (code != ESP_OK)
        download->done = 0; // nothing is known to be there
    return code == ESP_OK || code == ESP_ERR_NVS_NOT_FOUND ||
           program_note(download->program, "nvs_get_u32", code);
}

// What is about to become of the key: a value, or NULL for none.
static void tell_setting(const struct download *download, const struct nvs_value *value) {
    struct execution *execution = download->program->execution;
    tell_nvs(execution, EVENT_NVS_SETTING,
             nvs_watched_bits(execution->scenario, download->program->update->progress),
             value == NULL ? NVS_ABSENT : nvs_value_hash(value));
}

static bool commit(const struct download *download) {
    struct execution *execution = download->program->execution;
    if (!program_note(download->program, "nvs_commit", nvs_commit(download->store)))
        return false;
    tell_nvs(execution, EVENT_NVS_COMMITTED,
             nvs_watched_bits(execution->scenario, download->program->update->progress), NVS_ABSENT);
    return true;
}

static bool keep_progress(const struct download *download, size_t done) {
    const struct nvs_name *name = download->program->update->progress;
    const struct nvs_value value = {.type = NVS_TYPE_U32, .number = done};
    if (download->store != 0)
        tell_setting(download, &value);
    return download->store == 0 || (program_note(download->program, "nvs_set_u32",
                                                 nvs_set_u32(download->store, name->key, (uint32_t)done)) &&
                                    commit(download));
}

// Whatever came of it, the next update begins at its beginning.
static bool forget_progress(const struct download *download) {
    if (download->store == 0)
        return true;
    tell_setting(download, NULL);
    esp_err_t code = nvs_erase_key(download->store, download->program->update->progress->key);
    return code == ESP_ERR_NVS_NOT_FOUND ||
           (program_note(download->program, "nvs_erase_key", code) && commit(download));
}

static bool write_image(const struct download *download, esp_ota_handle_t handle, const uint8_t *bytes,
                        size_t length) {
    const struct program *program = download->program;
    bool first = program->update->progress_first;
    for (size_t at = download->done; at < length;) {
        size_t chunk = length - at < program->update->chunk ? length - at : program->update->chunk;
        if ((first && !keep_progress(download, at + chunk)) ||
            !program_note(program, "esp_ota_write", esp_ota_write(handle, bytes + at, chunk)) ||
            (!first && !keep_progress(download, at + chunk)))
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

// ---- the whole ----------------------------------------------------------------------------------

static void update_program(void *context) {
    const struct program *program = context;
    const struct update_step *update = program->update;
    const struct scenario_image *image = &program->execution->scenario->images[update->image];
    const uint8_t *bytes = image->bytes.bytes;
    size_t length = image->bytes.length;

    const esp_partition_t *partition = update_partition(program);
    if (!partition) {
        program_note(program, "esp_partition_find_first", ESP_ERR_NOT_FOUND);
        return;
    }
    if (refuses_version(program))
        return;
    esp_ota_handle_t handle = 0;
    size_t size = update->size == SIZE_IS_IMAGE ? length : update->size;
    struct download download = {.program = program};
    if (!open_progress(&download))
        return;
    uint32_t open = program_count_open(program, NULL);
    // Releases without the function leave an app nothing but to begin anew.
    bool can_resume = board_ram(program->execution->board)->app_build->profile->has_resume;
    if (!can_resume || download.done > length)
        download.done = 0;
    bool begun = download.done > 0
                     ? program_note_begin(program, "esp_ota_resume", partition, open,
                                          esp_ota_resume(partition, size, download.done, &handle))
                     : program_note_begin(program, "esp_ota_begin", partition, open,
                                          esp_ota_begin(partition, size, &handle));
    if (!begun || !write_image(&download, handle, bytes, length))
        return;
    esp_err_t end = esp_ota_end(handle);
    if (!forget_progress(&download) || !program_note(program, "esp_ota_end", end))
        return;
    program_select(program, partition, "esp_ota_set_boot_partition", esp_ota_set_boot_partition);
}

enum board_end run_update(struct execution *execution, const struct update_step *update, bool fallback,
                          struct step_outcome *out) {
    struct program program = {.execution = execution, .update = update, .fallback = fallback, .out = out};
    return board_run(execution->board, update_program, &program, &out->program_why);
}

void update_in_app(struct execution *execution, const struct update_step *update, struct step_outcome *out) {
    struct program program = {.execution = execution, .update = update, .out = out};
    update_program(&program);
}

void play_update(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_after_program(execution, run_update(execution, &step->as.update, false, out), out);
}
