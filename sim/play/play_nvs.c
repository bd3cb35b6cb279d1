// Steps that read and write keys of NVS, and the actions of apps that do.
#include "../../ota/include/nvs_flash.h"
#include "narration.h"
#include "nvs_look.h"
#include "play.h"
#include "telling.h"

struct program {
    struct execution *execution;
    const struct step *step;
    struct step_outcome *out;
    struct nvs_value value; // what is set
};

static esp_err_t get(const struct program *program, nvs_handle_t handle) {
    const struct nvs_step *nvs = &program->step->as.nvs;
    struct nvs_value value;
    struct buffer text = {0};
    esp_err_t code = nvs_value_get(handle, nvs->name.key, nvs->value.type, &value);
    if (code != ESP_OK)
        return code;
    nvs_value_print(&value, &text);
    narrate(program->execution->narrator, 1, "%s/%s is %s", nvs->name.name_space, nvs->name.key,
            buffer_string(&text));
    if (nvs_type_largest(value.type) != 0) {
        program->out->has_number = true;
        program->out->number = value.number;
    }
    buffer_free(&text);
    nvs_value_free(&value);
    return ESP_OK;
}

static esp_err_t change(const struct program *program, nvs_handle_t handle, const char **call) {
    const struct nvs_step *nvs = &program->step->as.nvs;
    switch (program->step->kind) {
    case STEP_NVS_SET:
        *call = "nvs_set";
        return nvs_value_set(handle, nvs->name.key, &program->value);
    case STEP_NVS_COUNT:
        *call = "nvs_set_u32";
        return nvs_value_set(handle, nvs->name.key, &program->value);
    case STEP_NVS_ERASE:
        *call = nvs->name.key[0] != '\0' ? "nvs_erase_key" : "nvs_erase_all";
        return nvs->name.key[0] != '\0' ? nvs_erase_key(handle, nvs->name.key) : nvs_erase_all(handle);
    case STEP_NVS_COMMIT:
        *call = "nvs_commit";
        return nvs_commit(handle);
    default:
        *call = "nvs_get";
        return get(program, handle);
    }
}

// nvs_count: one more than there is, or as much as it may be; a counter that is not there was 0.
static esp_err_t count_on(struct program *program, nvs_handle_t handle, const char **call) {
    uint32_t number = 0;
    *call = "nvs_get_u32";
    esp_err_t code = nvs_get_u32(handle, program->step->as.nvs.name.key, &number);
    uint32_t most = program->step->as.nvs.at_most;
    program->value = (struct nvs_value){.type = NVS_TYPE_U32, .number = number < most ? number + 1u : number};
    program->out->has_number = true;
    program->out->number = program->value.number;
    return code == ESP_ERR_NVS_NOT_FOUND ? ESP_OK : code;
}

// The whole partition. What was in it is neither committed nor gone until that has come to its end.
static void erase_partition(const struct program *program) {
    const struct nvs_name *name = &program->step->as.nvs.name;
    struct execution *execution = program->execution;
    struct step_outcome *out = program->out;
    out->call = "nvs_flash_erase_partition";
    tell_nvs_setting(execution, name, NVS_ABSENT);
    out->code = nvs_flash_erase_partition(name->partition);
    if (out->code == ESP_OK)
        tell_nvs(execution, EVENT_NVS_COMMITTED, nvs_watched_bits(execution->scenario, name), NVS_ABSENT);
}

static bool sets_or_erases(enum step_kind kind) {
    return kind == STEP_NVS_SET || kind == STEP_NVS_COUNT || kind == STEP_NVS_ERASE;
}

// Between nvs_open and nvs_close.
static esp_err_t act_on_handle(struct program *program, nvs_handle_t handle) {
    const struct nvs_step *nvs = &program->step->as.nvs;
    enum step_kind kind = program->step->kind;
    const char **call = &program->out->call;
    esp_err_t code = kind == STEP_NVS_COUNT ? count_on(program, handle, call) : ESP_OK;
    if (code == ESP_OK && sets_or_erases(kind))
        tell_nvs_setting(program->execution, &nvs->name,
                         kind == STEP_NVS_ERASE ? NVS_ABSENT : nvs_value_hash(&program->value));
    if (code == ESP_OK)
        code = change(program, handle, call);
    if (code == ESP_OK && nvs->commit) {
        *call = "nvs_commit";
        code = nvs_commit(handle);
    }
    if (code == ESP_OK && (nvs->commit || kind == STEP_NVS_COMMIT))
        tell_nvs(program->execution, EVENT_NVS_COMMITTED,
                 nvs_watched_bits(program->execution->scenario, &nvs->name), NVS_ABSENT);
    return code;
}

static void nvs_program(void *context) {
    struct program *program = context;
    const struct nvs_name *name = &program->step->as.nvs.name;
    struct step_outcome *out = program->out;
    nvs_handle_t handle;
    out->returned = true;
    if (program->step->kind == STEP_NVS_FLASH_ERASE) {
        erase_partition(program);
    } else {
        out->code = nvs_open_named(name, program->step->kind != STEP_NVS_GET, &handle, &out->call);
        if (out->code == ESP_OK) {
            out->code = act_on_handle(program, handle);
            nvs_close(handle);
        }
    }
    narrate(program->execution->narrator, 1, "%s: %s", out->call, esp_err_to_name(out->code));
}

static void play_nvs(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct program program = {execution, step, out, step->as.nvs.value};
    play_after_program(execution, board_run(execution->board, nvs_program, &program, &out->program_why), out);
}

void nvs_step_program(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct program program = {execution, step, out, step->as.nvs.value};
    nvs_program(&program);
}

void play_nvs_set(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_get(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_count(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_erase(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_commit(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
void play_nvs_flash_erase(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_nvs(execution, step, out);
}
