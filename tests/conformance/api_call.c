#include "api_call.h"

#include <string.h>

#include "esp_err.h"
#include "esp_system.h"

struct invocation {
    struct vector *vector;
    struct application *application;
    const json_t *arguments;
    const struct function *function;
    const uint8_t *data; // of a write
    size_t data_length;
    json_t *result; // made after the firmware has returned: a halt inside it leaves nothing behind
};

// ---- arguments (evaluated on the board, as the application would) -------------------------------

static uint32_t number_argument(struct invocation *call, size_t index) {
    return vector_number_value(call->vector, json_array_get(call->arguments, index), "a");
}

static const char *text_argument(struct invocation *call, size_t index) {
    const char *text = json_string_value(json_array_get(call->arguments, index));
    if (text == NULL)
        (void)vector_malformed(call->vector, "argument %zu must be a text", index);
    return text;
}

static const esp_partition_t *find(const char *label) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, label);
}

static const esp_partition_t *caller_copy(struct invocation *call, const char *label, uint32_t shift) {
    const esp_partition_t *original = find(label);
    struct application *application = call->application;
    if (original == NULL)
        return NULL;
    if (application->copy_count == CALLER_COPIES_MAX) {
        (void)vector_malformed(call->vector, "more than %u copied descriptors", CALLER_COPIES_MAX);
        return NULL;
    }
    esp_partition_t *copy = &application->copies[application->copy_count++];
    *copy = *original;
    copy->address += shift;
    copy->size -= shift;
    return copy;
}

// A label, "NULL", "copy:L" (the same elsewhere in memory) or "fake:L" (one sector further).
static const esp_partition_t *partition_argument(struct invocation *call, size_t index) {
    const char *text = text_argument(call, index);
    if (text == NULL || strcmp(text, "NULL") == 0)
        return NULL;
    if (strncmp(text, "copy:", 5) == 0)
        return caller_copy(call, text + 5, 0);
    if (strncmp(text, "fake:", 5) == 0)
        return caller_copy(call, text + 5, 0x1000);
    return find(text);
}

// The variable a number stands for; NULL: the text "NULL".
static esp_ota_handle_t *handle_variable(struct invocation *call, size_t index) {
    const json_t *argument = json_array_get(call->arguments, index);
    const char *text = json_string_value(argument);
    if (text != NULL && strcmp(text, "NULL") == 0)
        return NULL;
    json_int_t number = json_integer_value(argument);
    if (!json_is_integer(argument) || number < 0 || number >= HANDLE_VARIABLES_MAX) {
        (void)vector_malformed(call->vector, "argument %zu must be a handle variable", index);
        return NULL;
    }
    return &call->application->handles[number];
}

// The value of a variable, or the literal of "#v".
static esp_ota_handle_t handle_argument(struct invocation *call, size_t index) {
    const char *text = json_string_value(json_array_get(call->arguments, index));
    if (text != NULL && text[0] == '#') {
        char *end;
        unsigned long value = strtoul(text + 1, &end, 0);
        if (end == text + 1 || *end != '\0' || value > UINT32_MAX)
            (void)vector_malformed(call->vector, "argument %zu: not a handle: %s", index, text);
        return (esp_ota_handle_t)value;
    }
    const esp_ota_handle_t *variable = handle_variable(call, index);
    return variable == NULL ? 0 : *variable;
}

// ---- results ------------------------------------------------------------------------------------

static json_t *code_result(esp_err_t code) {
    return json_pack("{s:s}", "ret", esp_err_to_name(code));
}

static json_t *handle_result(esp_err_t code, const esp_ota_handle_t *variable) {
    return json_pack("{s:s,s:I}", "ret", esp_err_to_name(code), "handle",
                     (json_int_t)(variable == NULL ? 0 : *variable));
}

static json_t *partition_result(const esp_partition_t *partition) {
    return json_pack("{s:o}", "part", partition == NULL ? json_null() : json_string(partition->label));
}

// ---- the functions ------------------------------------------------------------------------------

static void call_begin(struct invocation *call) {
    esp_ota_handle_t *variable = handle_variable(call, 2);
    esp_err_t code = esp_ota_begin(partition_argument(call, 0), number_argument(call, 1), variable);
    call->result = handle_result(code, variable);
}

static void call_resume(struct invocation *call) {
    esp_ota_handle_t *variable = handle_variable(call, 3);
    esp_err_t code = esp_ota_resume(partition_argument(call, 0), number_argument(call, 1),
                                    number_argument(call, 2), variable);
    call->result = handle_result(code, variable);
}

static void call_write(struct invocation *call) {
    call->result = code_result(esp_ota_write(handle_argument(call, 0), call->data, call->data_length));
}

static void call_write_null(struct invocation *call) {
    call->result = code_result(esp_ota_write(handle_argument(call, 0), NULL, number_argument(call, 1)));
}

static void call_write_with_offset(struct invocation *call) {
    call->result = code_result(esp_ota_write_with_offset(handle_argument(call, 0), call->data,
                                                         call->data_length, number_argument(call, 1)));
}

static void call_end(struct invocation *call) {
    call->result = code_result(esp_ota_end(handle_argument(call, 0)));
}

static void call_abort(struct invocation *call) {
    call->result = code_result(esp_ota_abort(handle_argument(call, 0)));
}

static void call_set_final_partition(struct invocation *call) {
    call->result = code_result(esp_ota_set_final_partition(
        handle_argument(call, 0), partition_argument(call, 1), number_argument(call, 2) != 0));
}

static void call_set_boot_partition(struct invocation *call) {
    call->result = code_result(esp_ota_set_boot_partition(partition_argument(call, 0)));
}

static void call_set_boot_partition_skip_validate(struct invocation *call) {
    call->result = code_result(esp_ota_set_boot_partition_skip_validate(partition_argument(call, 0)));
}

static void call_get_boot_partition(struct invocation *call) {
    call->result = partition_result(esp_ota_get_boot_partition());
}

static void call_get_running_partition(struct invocation *call) {
    call->result = partition_result(esp_ota_get_running_partition());
}

static void call_get_next_update_partition(struct invocation *call) {
    call->result = partition_result(esp_ota_get_next_update_partition(partition_argument(call, 0)));
}

static void call_get_last_invalid_partition(struct invocation *call) {
    call->result = partition_result(esp_ota_get_last_invalid_partition());
}

static void call_get_state_partition(struct invocation *call) {
    esp_ota_img_states_t state = ESP_OTA_IMG_UNDEFINED;
    esp_err_t code = esp_ota_get_state_partition(partition_argument(call, 0), &state);
    call->result = code_result(code);
    if (code == ESP_OK)
        (void)json_object_set_new(call->result, "state", json_integer((json_int_t)(uint32_t)state));
}

static void call_get_partition_description(struct invocation *call) {
    esp_app_desc_t descriptor;
    esp_err_t code = esp_ota_get_partition_description(partition_argument(call, 0), &descriptor);
    call->result = code_result(code);
    if (code != ESP_OK)
        return;
    (void)json_object_set_new(call->result, "secure_version", json_integer(descriptor.secure_version));
    (void)json_object_set_new(call->result, "version_hex",
                              json_hex(descriptor.version, sizeof descriptor.version));
}

static void call_get_app_partition_count(struct invocation *call) {
    call->result = json_pack("{s:i}", "count", (int)esp_ota_get_app_partition_count());
}

static void call_check_rollback_is_possible(struct invocation *call) {
    call->result = json_pack("{s:b}", "bool", esp_ota_check_rollback_is_possible());
}

static void call_mark_valid(struct invocation *call) {
    call->result = code_result(esp_ota_mark_app_valid_cancel_rollback());
}

static void call_mark_invalid(struct invocation *call) {
    call->result = code_result(esp_ota_mark_app_invalid_rollback());
}

static void call_mark_invalid_and_reboot(struct invocation *call) {
    call->result = code_result(esp_ota_mark_app_invalid_rollback_and_reboot());
}

static void call_erase_last_boot_app_partition(struct invocation *call) {
    call->result = code_result(esp_ota_erase_last_boot_app_partition());
}

static void call_invalidate_inactive_slot(struct invocation *call) {
    call->result = code_result(esp_ota_invalidate_inactive_ota_data_slot());
}

static void call_restart(struct invocation *call) {
    (void)call;
    esp_restart();
}

static const struct function {
    const char *name;
    size_t arguments;
    bool has_data;
    void (*call)(struct invocation *call);
} functions[] = {
    {"begin", 3, false, call_begin},
    {"resume", 4, false, call_resume},
    {"write", 1, true, call_write},
    {"write_null", 2, false, call_write_null},
    {"write_with_offset", 2, true, call_write_with_offset},
    {"end", 1, false, call_end},
    {"abort", 1, false, call_abort},
    {"set_final_partition", 3, false, call_set_final_partition},
    {"set_boot_partition", 1, false, call_set_boot_partition},
    {"set_boot_partition_skip_validate", 1, false, call_set_boot_partition_skip_validate},
    {"get_boot_partition", 0, false, call_get_boot_partition},
    {"get_running_partition", 0, false, call_get_running_partition},
    {"get_next_update_partition", 1, false, call_get_next_update_partition},
    {"get_last_invalid_partition", 0, false, call_get_last_invalid_partition},
    {"get_state_partition", 1, false, call_get_state_partition},
    {"get_partition_description", 1, false, call_get_partition_description},
    {"get_app_partition_count", 0, false, call_get_app_partition_count},
    {"check_rollback_is_possible", 0, false, call_check_rollback_is_possible},
    {"mark_app_valid_cancel_rollback", 0, false, call_mark_valid},
    {"mark_app_invalid_rollback", 0, false, call_mark_invalid},
    {"mark_app_invalid_rollback_and_reboot", 0, false, call_mark_invalid_and_reboot},
    {"erase_last_boot_app_partition", 0, false, call_erase_last_boot_app_partition},
    {"invalidate_inactive_ota_data_slot", 0, false, call_invalidate_inactive_slot},
    {"restart", 0, false, call_restart},
};

static const struct function *find_function(struct vector *vector, const json_t *call) {
    const char *name = vector_text(vector, call, "f");
    for (size_t i = 0; name != NULL && i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, name) == 0)
            return &functions[i];
    (void)vector_malformed(vector, "no function is called `%s`", name != NULL ? name : "");
    return NULL;
}

// ---- a call -------------------------------------------------------------------------------------

// Bytes off to off + len of an image, as far as it has them: the recorder's chunks may end beyond it, or
// before they begin.
static bool find_image_bytes(struct invocation *call, const json_t *data) {
    uint32_t index = vector_number(call->vector, data, "img");
    uint32_t offset = vector_number(call->vector, data, "off");
    json_int_t length = json_integer_value(json_object_get(data, "len"));
    if (index >= call->application->image_count)
        return vector_malformed(call->vector, "`d` names image %u, which `new` does not have", index);
    if (length < -(json_int_t)UINT32_MAX || length > UINT32_MAX)
        return vector_malformed(call->vector, "`len` must fit 32 bits");
    const struct buffer *image = &call->application->images[index];
    json_int_t end = (json_int_t)offset + length;
    if (end > (json_int_t)image->length)
        end = (json_int_t)image->length;
    call->data = image->bytes + (offset < image->length ? offset : image->length);
    call->data_length = end > (json_int_t)offset ? (size_t)(end - offset) : 0;
    return true;
}

// The bytes of a write: part of an image or literal ones, which `literal` owns.
static bool find_data(struct invocation *call, const json_t *data, struct buffer *literal) {
    if (json_object_get(data, "hex") == NULL)
        return find_image_bytes(call, data);
    bool fine = vector_hex(call->vector, data, "hex", literal);
    buffer_reserve(literal, 0); // an empty chunk has an address, too
    call->data = literal->bytes;
    call->data_length = literal->length;
    return fine;
}

static void program(void *context) {
    struct invocation *call = context;
    call->function->call(call);
}

json_t *api_call(struct machine *machine, struct vector *vector, struct application *application,
                 const json_t *call, enum board_end *end) {
    struct invocation invocation = {.vector = vector, .application = application};
    struct buffer literal = {0};
    invocation.function = find_function(vector, call);
    invocation.arguments = vector_array(vector, call, "a");
    if (invocation.function == NULL || invocation.arguments == NULL)
        return NULL;
    if (json_array_size(invocation.arguments) != invocation.function->arguments) {
        (void)vector_malformed(vector, "%s takes %zu arguments", invocation.function->name,
                               invocation.function->arguments);
        return NULL;
    }
    if (!invocation.function->has_data || find_data(&invocation, json_object_get(call, "d"), &literal)) {
        *end = board_run(machine->board, program, &invocation, NULL);
        if (*end != BOARD_RETURNED)
            invocation.result = json_pack("{s:s}", "end", *end == BOARD_RESTARTED ? "restart" : "abort");
    }
    buffer_free(&literal);
    if (vector->problem.length == 0)
        return invocation.result;
    json_decref(invocation.result);
    return NULL;
}
