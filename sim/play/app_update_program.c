#include "app_update_program.h"

#include <stdio.h>
#include <string.h>

#include "../../ota/include/esp_image_format.h"
#include "narration.h"
#include "play.h"
#include "telling.h"

struct program {
    struct execution *execution;
    const struct update_step *update;
    bool fallback;
    const struct call_step *call;
    esp_ota_handle_t *handle; // of the operation that the call is about
    struct step_outcome *out;
};

// Notes what a call returned; true when it was ESP_OK. Writes that went well are not worth a line each.
static bool note(const struct program *program, const char *call, esp_err_t code) {
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

// Chooses what boots next, and tells what becomes of it.
static void select_partition(const struct program *program, const esp_partition_t *partition,
                             const char *call, esp_err_t (*set)(const esp_partition_t *partition)) {
    reach(program->execution, EVENT_SELECTING, partition);
    bool good = note(program, call, set(partition));
    reach(program->execution, good ? EVENT_SELECTED : EVENT_REFUSED, partition);
}

// ---- open operations ----------------------------------------------------------------------------

static uint32_t count_open(const struct program *program, const esp_partition_t *partition) {
    const struct firmware *ram = board_ram(program->execution->board);
    uint32_t count = 0;
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++) {
        const struct ota_operation *operation = &ram->operations[i];
        count += operation->handle != 0 &&
                 (partition == NULL || operation->staging == partition || operation->final == partition);
    }
    return count;
}

// After a begin or resume, before which `open` operations were open.
static bool note_begin(const struct program *program, const char *call, const esp_partition_t *partition,
                       uint32_t open, esp_err_t code) {
    if (code != ESP_OK && count_open(program, NULL) > open)
        tell_moment(program->execution, EVENT_LEFT_OPEN);
    if (code == ESP_OK && count_open(program, partition) > 1)
        tell_moment(program->execution, EVENT_TWO_OPEN);
    return note(program, call, code);
}

// ---- the update in one --------------------------------------------------------------------------

static const esp_partition_t *find_label(const char *label) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, label);
}

static const esp_partition_t *update_partition(const struct program *program) {
    const char *label = program->update->partition;
    if (!label)
        return esp_ota_get_next_update_partition(NULL);
    const esp_partition_t *partition = find_label(label);
    if (program->fallback && partition && partition == esp_ota_get_running_partition())
        return esp_ota_get_next_update_partition(NULL);
    return partition;
}

static void update_program(void *context) {
    const struct program *program = context;
    const struct update_step *update = program->update;
    const struct scenario_image *image = &program->execution->scenario->images[update->image];
    const uint8_t *bytes = image->bytes.bytes;
    size_t length = image->bytes.length;

    const esp_partition_t *partition = update_partition(program);
    if (!partition) {
        note(program, "esp_partition_find_first", ESP_ERR_NOT_FOUND);
        return;
    }
    esp_ota_handle_t handle = 0;
    size_t size = update->size == SIZE_IS_IMAGE ? length : update->size;
    uint32_t open = count_open(program, NULL);
    if (!note_begin(program, "esp_ota_begin", partition, open, esp_ota_begin(partition, size, &handle)))
        return;
    for (size_t at = 0; at < length;) {
        size_t chunk = length - at < update->chunk ? length - at : update->chunk;
        if (!note(program, "esp_ota_write", esp_ota_write(handle, bytes + at, chunk)))
            return;
        at += chunk;
    }
    if (!note(program, "esp_ota_end", esp_ota_end(handle)))
        return;
    select_partition(program, partition, "esp_ota_set_boot_partition", esp_ota_set_boot_partition);
}

enum board_end run_update(struct execution *execution, const struct update_step *update, bool fallback,
                          struct step_outcome *out) {
    struct program program = {.execution = execution, .update = update, .fallback = fallback, .out = out};
    return board_run(execution->board, update_program, &program, &out->program_why);
}

// ---- single calls -------------------------------------------------------------------------------

// The app's variable for an operation's handle: 0 until a begin sets it, lost on every reset.
static esp_ota_handle_t *handle_variable(struct execution *execution, const char *name) {
    for (uint32_t i = 0; i < execution->handle_count; i++)
        if (strcmp(execution->handles[i].name, name) == 0)
            return &execution->handles[i].value;
    if (execution->handle_count == EXECUTION_HANDLES_MAX)
        return NULL;
    struct app_handle *handle = &execution->handles[execution->handle_count++];
    *handle = (struct app_handle){.name = name};
    return &handle->value;
}

static bool
takes_target(enum ota_call call) { // a partition to write or to choose; without one named: the next
    return call == CALL_BEGIN || call == CALL_RESUME || call == CALL_SET_FINAL_PARTITION ||
           call == CALL_SET_BOOT_PARTITION || call == CALL_SET_BOOT_PARTITION_SKIP_VALIDATE;
}

// The argument of calls that take a partition. False: there is none of that name.
static bool call_partition(const struct program *program, const esp_partition_t **out) {
    const struct call_step *call = program->call;
    *out = NULL;
    if (call->partition && strcmp(call->partition, "NULL") == 0)
        return true;
    if (call->partition)
        *out = find_label(call->partition);
    else if (takes_target(call->call))
        *out = esp_ota_get_next_update_partition(NULL);
    else if (call->call == CALL_GET_STATE || call->call == CALL_GET_DESCRIPTION)
        *out = esp_ota_get_running_partition();
    else
        return true; // the call takes none, or NULL by default
    return *out != NULL || note(program, "esp_partition_find_first", ESP_ERR_NOT_FOUND);
}

static void note_partition(const struct program *program, const char *call,
                           const esp_partition_t *partition) {
    struct step_outcome *out = program->out;
    narrate(program->execution->narrator, 1, "%s: %s", call, partition ? partition->label : "NULL");
    out->call = call;
    out->has_partition = true;
    out->partition_null = partition == NULL;
    if (partition)
        memcpy(out->partition, partition->label, sizeof out->partition);
}

static void note_number(const struct program *program, const char *call, uint64_t number) {
    struct step_outcome *out = program->out;
    narrate(program->execution->narrator, 1, "%s: %llu", call, (unsigned long long)number);
    out->call = call;
    out->has_number = true;
    out->number = number;
}

struct call_data {                      // what a call is handed besides partition and handle
    const struct scenario_image *image; // NULL: the call names none
    const uint8_t *bytes;               // to write; NULL: none
    uint32_t length;
    uint32_t size; // what begin is told
};

static struct call_data data_of(const struct program *program) {
    const struct scenario *scenario = program->execution->scenario;
    const struct call_step *call = program->call;
    struct call_data data = {.size = call->size};
    if (call->image >= scenario->image_count)
        return data;
    data.image = &scenario->images[call->image];
    uint32_t all = (uint32_t)data.image->bytes.length;
    if (call->offset <= all) {
        data.bytes = data.image->bytes.bytes + call->offset;
        data.length = call->length < all - call->offset ? call->length : all - call->offset;
    }
    if (call->size == SIZE_IS_IMAGE)
        data.size = all;
    return data;
}

// Calls of an open operation.
static void call_operation(const struct program *program, const esp_partition_t *partition) {
    const struct call_step *call = program->call;
    esp_ota_handle_t *handle = program->handle;
    struct call_data data = data_of(program);
    uint32_t open = count_open(program, NULL);
    switch (call->call) {
    case CALL_BEGIN:
        note_begin(program, "esp_ota_begin", partition, open, esp_ota_begin(partition, data.size, handle));
        break;
    case CALL_RESUME:
        note_begin(program, "esp_ota_resume", partition, open,
                   esp_ota_resume(partition, data.size, call->offset, handle));
        break;
    case CALL_WRITE:
        note(program, "esp_ota_write", esp_ota_write(*handle, data.bytes, data.length));
        break;
    case CALL_WRITE_WITH_OFFSET:
        note(program, "esp_ota_write_with_offset",
             esp_ota_write_with_offset(*handle, data.bytes, data.length, call->offset));
        break;
    case CALL_SET_FINAL_PARTITION:
        note(program, "esp_ota_set_final_partition",
             esp_ota_set_final_partition(*handle, partition, call->flag));
        break;
    case CALL_END:
        note(program, "esp_ota_end", esp_ota_end(*handle));
        break;
    default:
        note(program, "esp_ota_abort", esp_ota_abort(*handle));
    }
}

// Calls that choose what boots next.
static void call_selection(const struct program *program, const esp_partition_t *partition) {
    struct execution *execution = program->execution;
    switch (program->call->call) {
    case CALL_SET_BOOT_PARTITION:
        select_partition(program, partition, "esp_ota_set_boot_partition", esp_ota_set_boot_partition);
        break;
    case CALL_SET_BOOT_PARTITION_SKIP_VALIDATE:
        select_partition(program, partition, "esp_ota_set_boot_partition_skip_validate",
                         esp_ota_set_boot_partition_skip_validate);
        break;
    case CALL_MARK_VALID:
        tell_event_of_running(execution, EVENT_CONFIRMING);
        if (note(program, "esp_ota_mark_app_valid_cancel_rollback", esp_ota_mark_app_valid_cancel_rollback()))
            tell_event_of_running(execution, EVENT_CONFIRMED);
        break;
    case CALL_MARK_INVALID:
        tell_event_of_running(execution, EVENT_REJECTED);
        note(program, "esp_ota_mark_app_invalid_rollback", esp_ota_mark_app_invalid_rollback());
        break;
    case CALL_MARK_INVALID_AND_REBOOT:
        tell_event_of_running(execution, EVENT_REJECTED);
        note(program, "esp_ota_mark_app_invalid_rollback_and_reboot",
             esp_ota_mark_app_invalid_rollback_and_reboot());
        break;
    case CALL_ERASE_LAST_BOOT_APP:
        note(program, "esp_ota_erase_last_boot_app_partition", esp_ota_erase_last_boot_app_partition());
        break;
    default:
        note(program, "esp_ota_invalidate_inactive_ota_data_slot",
             esp_ota_invalidate_inactive_ota_data_slot());
    }
}

static void check_validity(const struct program *program) {
    const struct buffer *bytes = &program->execution->scenario->images[program->call->image].bytes;
    esp_image_header_t header;
    esp_app_desc_t descriptor;
    bool complete = bytes->length >= APP_IMAGE_DESCRIPTOR_OFFSET + sizeof descriptor;
    if (complete) {
        memcpy(&header, bytes->bytes, sizeof header);
        memcpy(&descriptor, bytes->bytes + APP_IMAGE_DESCRIPTOR_OFFSET, sizeof descriptor);
    }
    note(program, "esp_ota_check_image_validity",
         esp_ota_check_image_validity(ESP_PARTITION_TYPE_APP, complete ? &header : NULL,
                                      complete ? &descriptor : NULL));
}

// Calls that only ask.
static void call_query(const struct program *program, const esp_partition_t *partition) {
    esp_ota_img_states_t state;
    esp_app_desc_t descriptor;
    switch (program->call->call) {
    case CALL_GET_BOOT_PARTITION:
        note_partition(program, "esp_ota_get_boot_partition", esp_ota_get_boot_partition());
        break;
    case CALL_GET_RUNNING_PARTITION:
        note_partition(program, "esp_ota_get_running_partition", esp_ota_get_running_partition());
        break;
    case CALL_GET_NEXT_UPDATE_PARTITION:
        note_partition(program, "esp_ota_get_next_update_partition",
                       esp_ota_get_next_update_partition(partition));
        break;
    case CALL_GET_LAST_INVALID_PARTITION:
        note_partition(program, "esp_ota_get_last_invalid_partition", esp_ota_get_last_invalid_partition());
        break;
    case CALL_GET_STATE:
        if (note(program, "esp_ota_get_state_partition", esp_ota_get_state_partition(partition, &state)))
            note_number(program, "esp_ota_get_state_partition", (uint32_t)state);
        break;
    case CALL_GET_DESCRIPTION:
        note(program, "esp_ota_get_partition_description",
             esp_ota_get_partition_description(partition, &descriptor));
        break;
    case CALL_GET_PARTITION_COUNT:
        note_number(program, "esp_ota_get_app_partition_count", esp_ota_get_app_partition_count());
        break;
    case CALL_CHECK_ROLLBACK_POSSIBLE:
        note_number(program, "esp_ota_check_rollback_is_possible", esp_ota_check_rollback_is_possible());
        break;
    default:
        check_validity(program);
    }
}

static void call_program(void *context) {
    const struct program *program = context;
    enum ota_call call = program->call->call;
    const esp_partition_t *partition;
    if (!call_partition(program, &partition))
        return;
    if (call >= CALL_GET_BOOT_PARTITION)
        call_query(program, partition);
    else if (call >= CALL_SET_BOOT_PARTITION)
        call_selection(program, partition);
    else
        call_operation(program, partition);
}

enum board_end run_call(struct execution *execution, const struct call_step *call, struct step_outcome *out) {
    struct program program = {.execution = execution, .call = call, .out = out};
    program.handle = handle_variable(execution, call->handle ? call->handle : "handle");
    if (!program.handle) {
        out->end = STEP_IMPOSSIBLE;
        snprintf(out->problem, sizeof out->problem, "more than %u handle variables", EXECUTION_HANDLES_MAX);
        return BOARD_RETURNED;
    }
    return board_run(execution->board, call_program, &program, &out->program_why);
}

// ---- the steps ----------------------------------------------------------------------------------

void play_update(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_after_program(execution, run_update(execution, &step->as.update, false, out), out);
}

void play_call(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_after_program(execution, run_call(execution, &step->as.call, out), out);
}
