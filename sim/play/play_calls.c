// Steps that make one call of the update API.
#include <stdio.h>
#include <string.h>

#include "../../ota/include/esp_flash.h"
#include "../../ota/include/esp_image_format.h"
#include "../language/call_row.h"
#include "../language/step_row.h"
#include "device_view.h"
#include "narration.h"
#include "play.h"
#include "program.h"
#include "telling.h"

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

// The argument of calls that take a partition. False: there is none of that name.
static bool find_partition(const struct program *program, const esp_partition_t **out) {
    const struct call_step *call = program->call;
    *out = NULL;
    if (call->partition != NULL && strcmp(call->partition, "NULL") == 0)
        return true;
    if (call->partition != NULL) {
        *out = program_find_label(call->partition);
    } else {
        switch (call_row(call->call)->partition) {
        case DEFAULT_NEXT: // NULL where there is no slot: an app hands that on
            *out = esp_ota_get_next_update_partition(NULL);
            return true;
        case DEFAULT_RUNNING:
            *out = esp_ota_get_running_partition();
            break;
        case DEFAULT_NULL:
            return true;
        }
    }
    return *out != NULL || program_note(program, "esp_partition_find_first", ESP_ERR_NOT_FOUND);
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

// ---- of an open operation -----------------------------------------------------------------------

static void call_begin(const struct program *program, const esp_partition_t *partition) {
    uint32_t open = program_count_open(program, NULL);
    program_note_begin(program, "esp_ota_begin", partition, open,
                       esp_ota_begin(partition, data_of(program).size, program->handle));
}

static void call_resume(const struct program *program, const esp_partition_t *partition) {
    uint32_t open = program_count_open(program, NULL);
    esp_err_t code = esp_ota_resume(partition, data_of(program).size, program->call->offset, program->handle);
    program_note_begin(program, "esp_ota_resume", partition, open, code);
}

static void call_write(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    struct call_data data = data_of(program);
    program_note(program, "esp_ota_write", esp_ota_write(*program->handle, data.bytes, data.length));
}

static void call_write_with_offset(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    struct call_data data = data_of(program);
    program_note(program, "esp_ota_write_with_offset",
                 esp_ota_write_with_offset(*program->handle, data.bytes, data.length, program->call->offset));
}

static void call_set_final_partition(const struct program *program, const esp_partition_t *partition) {
    program_note(program, "esp_ota_set_final_partition",
                 esp_ota_set_final_partition(*program->handle, partition, program->call->flag));
}

static void call_end(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    program_note(program, "esp_ota_end", esp_ota_end(*program->handle));
}

static void call_abort(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    program_note(program, "esp_ota_abort", esp_ota_abort(*program->handle));
}

// ---- that choose what boots next ----------------------------------------------------------------

static void call_set_boot_partition(const struct program *program, const esp_partition_t *partition) {
    program_select(program, partition, "esp_ota_set_boot_partition", esp_ota_set_boot_partition);
}

static void call_set_boot_partition_skip_validate(const struct program *program,
                                                  const esp_partition_t *partition) {
    program_select(program, partition, "esp_ota_set_boot_partition_skip_validate",
                   esp_ota_set_boot_partition_skip_validate);
}

static void call_mark_app_valid_cancel_rollback(const struct program *program,
                                                const esp_partition_t *partition) {
    (void)partition;
    tell_event_of_running(program->execution, EVENT_CONFIRMING);
    if (program_note(program, "esp_ota_mark_app_valid_cancel_rollback",
                     esp_ota_mark_app_valid_cancel_rollback()))
        tell_event_of_running(program->execution, EVENT_CONFIRMED);
}

// Nothing comes of a rejection that is refused: the app goes on as what it was.
static void note_rejection(const struct program *program, const char *call, esp_err_t code) {
    program_note(program, call, code);
    if (code != ESP_OK)
        tell_event_of_running(program->execution, EVENT_STAYS);
}

static void call_mark_app_invalid_rollback(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    tell_event_of_running(program->execution, EVENT_REJECTED);
    note_rejection(program, "esp_ota_mark_app_invalid_rollback", esp_ota_mark_app_invalid_rollback());
}

static void call_mark_app_invalid_rollback_and_reboot(const struct program *program,
                                                      const esp_partition_t *partition) {
    (void)partition;
    tell_event_of_running(program->execution, EVENT_REJECTED);
    note_rejection(program, "esp_ota_mark_app_invalid_rollback_and_reboot",
                   esp_ota_mark_app_invalid_rollback_and_reboot());
}

static void call_erase_last_boot_app_partition(const struct program *program,
                                               const esp_partition_t *partition) {
    (void)partition;
    program_note(program, "esp_ota_erase_last_boot_app_partition", esp_ota_erase_last_boot_app_partition());
}

static void call_invalidate_inactive_ota_data_slot(const struct program *program,
                                                   const esp_partition_t *partition) {
    (void)partition;
    program_note(program, "esp_ota_invalidate_inactive_ota_data_slot",
                 esp_ota_invalidate_inactive_ota_data_slot());
}

// ---- that only ask ------------------------------------------------------------------------------

static void call_get_boot_partition(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    note_partition(program, "esp_ota_get_boot_partition", esp_ota_get_boot_partition());
}

static void call_get_running_partition(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    note_partition(program, "esp_ota_get_running_partition", esp_ota_get_running_partition());
}

static void call_get_next_update_partition(const struct program *program, const esp_partition_t *partition) {
    note_partition(program, "esp_ota_get_next_update_partition",
                   esp_ota_get_next_update_partition(partition));
}

static void call_get_last_invalid_partition(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    note_partition(program, "esp_ota_get_last_invalid_partition", esp_ota_get_last_invalid_partition());
}

static void call_get_state_partition(const struct program *program, const esp_partition_t *partition) {
    esp_ota_img_states_t state;
    if (program_note(program, "esp_ota_get_state_partition", esp_ota_get_state_partition(partition, &state)))
        note_number(program, "esp_ota_get_state_partition", (uint32_t)state);
}

static void call_get_partition_description(const struct program *program, const esp_partition_t *partition) {
    esp_app_desc_t descriptor;
    if (program_note(program, "esp_ota_get_partition_description",
                     esp_ota_get_partition_description(partition, &descriptor))) {
        program->out->has_text = true;
        snprintf(program->out->text, sizeof program->out->text, "%.32s", descriptor.version);
    }
}

static void call_get_app_partition_count(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    note_number(program, "esp_ota_get_app_partition_count", esp_ota_get_app_partition_count());
}

static void call_check_rollback_is_possible(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    note_number(program, "esp_ota_check_rollback_is_possible", esp_ota_check_rollback_is_possible());
}

static void call_check_image_validity(const struct program *program, const esp_partition_t *partition) {
    (void)partition;
    const struct buffer *bytes = &program->execution->scenario->images[program->call->image].bytes;
    esp_image_header_t header;
    esp_app_desc_t descriptor;
    bool complete = bytes->length >= APP_IMAGE_DESCRIPTOR_OFFSET + sizeof descriptor;
    if (complete) {
        memcpy(&header, bytes->bytes, sizeof header);
        memcpy(&descriptor, bytes->bytes + APP_IMAGE_DESCRIPTOR_OFFSET, sizeof descriptor);
    }
    program_note(program, "esp_ota_check_image_validity",
                 esp_ota_check_image_validity(ESP_PARTITION_TYPE_APP, complete ? &header : NULL,
                                              complete ? &descriptor : NULL));
}

// ---- past the update API ------------------------------------------------------------------------

// Who writes to the record or outside of all partitions does what nobody promised anything of.
static void told_as_found(const struct program *program, uint32_t address) {
    struct device_view view;
    device_view_read(program->execution->board, &view);
    const struct partition_row *partition = NULL;
    for (uint32_t i = 0; i < view.partition_count; i++)
        if (address - view.partitions[i].offset < view.partitions[i].size)
            partition = &view.partitions[i];
    if (partition == NULL || partition == view.otadata)
        tell_found(program->execution);
}

static uint32_t rest(const struct call_step *call, uint32_t size, uint32_t from) {
    return call->length != UINT32_MAX ? call->length : from < size ? size - from : 0;
}

static uint32_t rest_of(const struct program *program, const esp_partition_t *partition) {
    return partition == NULL ? 0 : rest(program->call, partition->size, program->call->offset);
}

static void note_bytes(const struct program *program, const uint8_t *bytes, uint32_t length) {
    struct step_outcome *out = program->out;
    out->has_text = out->has_bytes = true;
    out->text[0] = 0;
    for (uint32_t i = 0, at = 0; i < length && i < 32; i++)
        at +=
            (uint32_t)snprintf(out->text + at, sizeof out->text - at, "%s%02x", i == 0 ? "" : " ", bytes[i]);
    narrate(program->execution->narrator, 1, "%s", out->text);
}

static void call_esp_partition_erase_range(const struct program *program, const esp_partition_t *partition) {
    if (partition != NULL)
        told_as_found(program, partition->address);
    program_note(program, "esp_partition_erase_range",
                 esp_partition_erase_range(partition, program->call->offset, rest_of(program, partition)));
}

static void call_esp_partition_write(const struct program *program, const esp_partition_t *partition) {
    const struct buffer *data = &program->call->data;
    if (partition != NULL)
        told_as_found(program, partition->address);
    program_note(program, "esp_partition_write",
                 esp_partition_write(partition, program->call->offset, data->bytes, data->length));
}

static void call_esp_partition_read(const struct program *program, const esp_partition_t *partition) {
    uint32_t length = rest_of(program, partition);
    buffer_reserve(program->scratch, length < NOR_SIZE_MAX ? length + 1 : 1);
    if (program_note(program, "esp_partition_read",
                     esp_partition_read(partition, program->call->offset, program->scratch->bytes, length)))
        note_bytes(program, program->scratch->bytes, length);
}

static void call_esp_partition_mmap(const struct program *program, const esp_partition_t *partition) {
    uint32_t length = rest_of(program, partition);
    const void *bytes = NULL;
    esp_partition_mmap_handle_t handle;
    if (program_note(program, "esp_partition_mmap",
                     esp_partition_mmap(partition, program->call->offset, length, ESP_PARTITION_MMAP_DATA,
                                        &bytes, &handle)))
        note_bytes(program, bytes, length);
}

static void call_esp_flash_erase_region(const struct program *program, const esp_partition_t *partition) {
    const struct call_step *call = program->call;
    (void)partition;
    told_as_found(program, call->address);
    program_note(
        program, "esp_flash_erase_region",
        esp_flash_erase_region(NULL, call->address, rest(call, firmware_flash_size(), call->address)));
}

static void call_esp_flash_write(const struct program *program, const esp_partition_t *partition) {
    const struct call_step *call = program->call;
    (void)partition;
    told_as_found(program, call->address);
    program_note(program, "esp_flash_write",
                 esp_flash_write(NULL, call->data.bytes, call->address, (uint32_t)call->data.length));
}

static void call_esp_flash_read(const struct program *program, const esp_partition_t *partition) {
    const struct call_step *call = program->call;
    uint32_t length = rest(call, firmware_flash_size(), call->address);
    (void)partition;
    buffer_reserve(program->scratch, length < NOR_SIZE_MAX ? length + 1 : 1);
    if (program_note(program, "esp_flash_read",
                     esp_flash_read(NULL, program->scratch->bytes, call->address, length)))
        note_bytes(program, program->scratch->bytes, length);
}

static void call_esp_flash_set_dangerous_write_protection(const struct program *program,
                                                          const esp_partition_t *partition) {
    (void)partition;
    program_note(program, "esp_flash_set_dangerous_write_protection",
                 esp_flash_set_dangerous_write_protection(NULL, program->call->flag));
}

// ---- the step -----------------------------------------------------------------------------------

// By number; a call without one does not compile.
static void (*const calls[])(const struct program *program, const esp_partition_t *partition) = {
#define CALL(NAME, symbol) [CALL_##NAME] = call_##symbol,
    CALLS(CALL)
#undef CALL
};

static void call_program(void *context) {
    const struct program *program = context;
    const esp_partition_t *partition;
    if (find_partition(program, &partition))
        calls[program->call->call](program, partition);
}

void play_firmware_call(struct execution *execution, const struct step *step, struct step_outcome *out) {
    const struct call_step *call = &step->as.call;
    struct buffer scratch = {0};
    struct program program = {.execution = execution, .call = call, .out = out, .scratch = &scratch};
    program.handle = handle_variable(execution, call->handle ? call->handle : "handle");
    if (program.handle == NULL)
        play_impossible(out, "more than %u handle variables", EXECUTION_HANDLES_MAX);
    else
        play_after_program(execution, board_run(execution->board, call_program, &program, &out->program_why),
                           out);
    buffer_free(&scratch);
}
