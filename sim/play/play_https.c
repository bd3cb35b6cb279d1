// Updates by esp_https_ota, as an app contains them: in one, call by call, or going on where they were cut off.
#include <stdio.h>
#include <string.h>

#include "../../ota/include/esp_https_ota.h"
#include "narration.h"
#include "play.h"
#include "program.h"
#include "telling.h"

// ---- the configuration --------------------------------------------------------------------------

struct settings {
    esp_http_client_config_t http;
    esp_https_ota_config_t ota;
};

static esp_err_t attach_bundle(void *conf) {
    (void)conf;
    return ESP_OK;
}

// Turns every bit over, in place, and drops what belongs to the cipher's own header.
static esp_err_t decrypt(decrypt_cb_arg_t *args, void *user_ctx) {
    struct execution *execution = user_ctx;
    char *bytes = (char *)(uintptr_t)args->data_in;
    size_t dropped = execution->cipher_left < args->data_in_len ? execution->cipher_left : args->data_in_len;
    for (size_t i = dropped; i < args->data_in_len; i++)
        bytes[i] = (char)~bytes[i];
    execution->cipher_left -= (uint32_t)dropped;
    args->data_out = bytes + dropped;
    args->data_out_len = args->data_in_len - dropped;
    return ESP_OK;
}

static void set_http(const struct scenario *scenario, const struct https_download *download,
                     esp_http_client_config_t *out) {
    // The scripted network judges certificates by what its script says.
    static const char certificate[] = "-----BEGIN CERTIFICATE-----";
    *out = (esp_http_client_config_t){
        .url = download->url,
        .username = download->username,
        .password = download->password,
        .cert_pem = download->trust != TRUSTS_CERTIFICATE ? NULL
                    : scenario->ca_pem != NULL            ? scenario->ca_pem
                                                          : certificate,
        .use_global_ca_store = download->trust == TRUSTS_GLOBAL_STORE,
        .crt_bundle_attach = download->trust == TRUSTS_BUNDLE ? attach_bundle : NULL,
        .skip_cert_common_name_check = download->skip_cert_common_name_check,
        .common_name = download->common_name,
        .max_authorization_retries = download->max_authorization_retries,
        .keep_alive_enable = download->keep_alive_enable,
        .timeout_ms = (int)download->timeout_ms,
        .buffer_size = (int)download->buffer_size,
    };
}

// Within board_run.
static void set_up(const struct program *program, struct settings *out) {
    const struct https_download *download = program->update->download;
    const esp_partition_t *staging = download->staging == NULL ? NULL : program_find_label(download->staging);
    set_http(program->execution->scenario, download, &out->http);
    program->execution->cipher_left = download->enc_img_header_size;
    out->ota = (esp_https_ota_config_t){
        .http_config = &out->http,
        .bulk_flash_erase = download->bulk_flash_erase,
        .partial_http_download = download->partial_http_download,
        .max_http_request_size = (int)download->max_http_request_size,
        .ota_resumption = download->ota_resumption,
        .ota_image_bytes_written = download->ota_image_bytes_written,
        .decrypt_cb = download->decrypts ? decrypt : NULL,
        .decrypt_user_ctx = program->execution,
        .enc_img_header_size = (uint16_t)download->enc_img_header_size,
        .partition = {.staging = staging,
                      .final = download->final == NULL ? NULL : program_find_label(download->final),
                      .finalize_with_copy = download->finalize_with_copy},
    };
    if (program->fallback && staging != NULL && staging == esp_ota_get_running_partition())
        out->ota.partition.staging = NULL;
}

// ---- what is told of it -------------------------------------------------------------------------

struct selection {
    const struct program *program;
    const esp_partition_t *staging;
    bool reached;
};

// The instant from which on either image may boot is inside the component.
static void note_call(void *context, const char *name) {
    struct selection *selection = context;
    if (strcmp(name, "esp_ota_set_boot_partition") != 0)
        return;
    selection->reached = true;
    program_reach(selection->program, EVENT_SELECTING, selection->staging);
}

static void watch(struct selection *selection, const struct program *program,
                  const esp_partition_t *staging) {
    *selection = (struct selection){.program = program, .staging = staging};
    board_program_watch_calls(note_call, selection);
}

// True: the image was selected.
static bool settle(struct selection *selection, esp_err_t code) {
    const struct program *program = selection->program;
    board_program_watch_calls(NULL, NULL);
    if (!selection->reached)
        return false;
    bool tells = board_ram(program->execution->board)->app_build->profile->https_finish_tells;
    bool selected = code == ESP_OK && (tells || esp_ota_get_boot_partition() == selection->staging);
    program_reach(program, selected ? EVENT_SELECTED : EVENT_REFUSED, selection->staging);
    return selected;
}

// ---- how far it came, in a raw record -----------------------------------------------------------

// The record is a list of pairs, a number and its complement; the last right one counts.
#define RECORD_SIZE  4096u
#define RECORD_PAIRS (RECORD_SIZE / 8)

struct record {
    const esp_partition_t *partition;
    uint32_t next; // pair to write next
};

static uint32_t record_open(struct record *record, const char *label) {
    uint32_t pairs[RECORD_PAIRS][2], done = 0;
    record->partition = program_find_label(label);
    record->next = 0;
    if (record->partition == NULL || esp_partition_read(record->partition, 0, pairs, sizeof pairs) != ESP_OK)
        return 0;
    for (uint32_t i = 0; i < RECORD_PAIRS; i++) {
        if (pairs[i][0] != UINT32_MAX || pairs[i][1] != UINT32_MAX)
            record->next = i + 1;
        if (pairs[i][0] == ~pairs[i][1])
            done = pairs[i][0];
    }
    return done;
}

static bool record_keep(const struct program *program, struct record *record, uint32_t done) {
    const uint32_t pair[2] = {done, ~done};
    if (record->partition == NULL)
        return true;
    if (record->next == RECORD_PAIRS) {
        if (!program_note(program, "esp_partition_erase_range",
                          esp_partition_erase_range(record->partition, 0, RECORD_SIZE)))
            return false;
        record->next = 0;
    }
    return program_note(
        program, "esp_partition_write",
        esp_partition_write(record->partition, record->next++ * sizeof pair, pair, sizeof pair));
}

// ---- an app that goes on where it was cut off ---------------------------------------------------

struct resumable {
    struct download progress; // in NVS
    struct record record;     // in a partition of its own
    uint32_t kept;
};

static bool memory_open(const struct program *program, struct resumable *out, uint32_t *done) {
    const struct https_download *download = program->update->download;
    *out = (struct resumable){.progress = {.program = program}};
    if (!progress_open(&out->progress))
        return false;
    *done = download->record != NULL ? record_open(&out->record, download->record) : out->progress.done;
    out->kept = *done;
    return true;
}

static bool memory_keep(const struct program *program, struct resumable *memory, uint32_t done) {
    uint32_t least = program->update->download->keep_every;
    if (done >= memory->kept && done - memory->kept < least)
        return true;
    memory->kept = done;
    return progress_keep(&memory->progress, done) && record_keep(program, &memory->record, done);
}

static bool memory_forget(const struct program *program, struct resumable *memory) {
    return progress_forget(&memory->progress) && record_keep(program, &memory->record, 0);
}

static bool perform_all(const struct program *program, struct resumable *memory,
                        esp_https_ota_handle_t handle) {
    bool before = program->update->progress_first;
    esp_err_t code;
    while ((code = esp_https_ota_perform(handle)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS) {
        uint32_t done = (uint32_t)esp_https_ota_get_image_len_read(handle);
        // Before the bytes are there: as an app that counts what it asks for.
        if (!memory_keep(program, memory, before ? done + RECORD_SIZE : done))
            return false;
    }
    return program_note(program, "esp_https_ota_perform", code);
}

static bool update_by_calls(const struct program *program) {
    struct settings settings;
    struct resumable memory;
    struct selection selection;
    esp_https_ota_handle_t handle = NULL;
    uint32_t done = 0;
    set_up(program, &settings);
    if (!memory_open(program, &memory, &done))
        return false;
    // Releases without it leave an app nothing but to begin anew.
    settings.ota.ota_resumption = board_ram(program->execution->board)->app_build->profile->https_resumption;
    settings.ota.ota_image_bytes_written = done;
    const esp_partition_t *staging = settings.ota.partition.staging != NULL
                                         ? settings.ota.partition.staging
                                         : esp_ota_get_next_update_partition(NULL);
    if (!program_note(program, "esp_https_ota_begin", esp_https_ota_begin(&settings.ota, &handle)))
        return false;
    if (!perform_all(program, &memory, handle) || !memory_forget(program, &memory)) {
        (void)esp_https_ota_abort(handle);
        return false;
    }
    watch(&selection, program, staging);
    esp_err_t code = esp_https_ota_finish(handle);
    bool selected = settle(&selection, code);
    return program_note(program, "esp_https_ota_finish", code) && selected;
}

// ---- in one -------------------------------------------------------------------------------------

static bool update_in_one(const struct program *program) {
    struct settings settings;
    struct selection selection;
    set_up(program, &settings);
    watch(&selection, program,
          settings.ota.partition.staging != NULL ? settings.ota.partition.staging
                                                 : esp_ota_get_next_update_partition(NULL));
    esp_err_t code = esp_https_ota(&settings.ota);
    bool selected = settle(&selection, code);
    return program_note(program, "esp_https_ota", code) && selected;
}

bool https_update(const struct program *program) {
    const struct update_step *update = program->update;
    uint32_t open = program_count_open(program, NULL);
    bool remembers = update->progress != NULL || update->download->record != NULL;
    bool selected = remembers ? update_by_calls(program) : update_in_one(program);
    if (program_count_open(program, NULL) > open)
        tell_moment(program->execution, EVENT_LEFT_OPEN);
    return selected;
}

void play_https_ota(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_update(execution, step, out);
}

// ---- call by call -------------------------------------------------------------------------------

struct call {
    struct program program;
    const struct step *step;
};

static void run_call(struct execution *execution, const struct step *step, struct step_outcome *out,
                     void (*body)(void *context)) {
    struct call call = {.program = {.execution = execution, .update = &step->as.update, .out = out},
                        .step = step};
    play_after_program(execution, board_run(execution->board, body, &call, &out->program_why), out);
}

static void begin(void *context) {
    const struct call *call = context;
    struct settings settings;
    set_up(&call->program, &settings);
    esp_err_t code = esp_https_ota_begin(&settings.ota, &call->program.execution->https_handle);
    (void)program_note(&call->program, "esp_https_ota_begin", code);
}

void play_https_ota_begin(struct execution *execution, const struct step *step, struct step_outcome *out) {
    run_call(execution, step, out, begin);
}

static void perform(void *context) {
    const struct call *call = context;
    esp_err_t code = ESP_ERR_HTTPS_OTA_IN_PROGRESS;
    for (uint32_t i = 0; i < call->step->as.https.times && code == ESP_ERR_HTTPS_OTA_IN_PROGRESS; i++)
        code = esp_https_ota_perform(call->program.execution->https_handle);
    (void)program_note(&call->program, "esp_https_ota_perform", code);
}

void play_https_ota_perform(struct execution *execution, const struct step *step, struct step_outcome *out) {
    run_call(execution, step, out, perform);
}

static void finish(void *context) {
    const struct call *call = context;
    struct selection selection;
    watch(&selection, &call->program, esp_ota_get_next_update_partition(NULL));
    esp_err_t code = esp_https_ota_finish(call->program.execution->https_handle);
    call->program.out->selected = settle(&selection, code);
    call->program.execution->https_handle = NULL;
    (void)program_note(&call->program, "esp_https_ota_finish", code);
}

void play_https_ota_finish(struct execution *execution, const struct step *step, struct step_outcome *out) {
    run_call(execution, step, out, finish);
}

static void abort_download(void *context) {
    const struct call *call = context;
    esp_err_t code = esp_https_ota_abort(call->program.execution->https_handle);
    call->program.execution->https_handle = NULL;
    (void)program_note(&call->program, "esp_https_ota_abort", code);
}

void play_https_ota_abort(struct execution *execution, const struct step *step, struct step_outcome *out) {
    run_call(execution, step, out, abort_download);
}

// ---- questions ----------------------------------------------------------------------------------

static void describe(void *context) {
    const struct call *call = context;
    struct step_outcome *out = call->program.out;
    esp_app_desc_t app;
    esp_bootloader_desc_t loader;
    bool of_app = call->step->kind == STEP_HTTPS_OTA_GET_IMG_DESC;
    void *handle = call->program.execution->https_handle;
    esp_err_t code = of_app ? esp_https_ota_get_img_desc(handle, &app)
                            : esp_https_ota_get_bootloader_img_desc(handle, &loader);
    (void)program_note(&call->program,
                       of_app ? "esp_https_ota_get_img_desc" : "esp_https_ota_get_bootloader_img_desc", code);
    out->has_text = code == ESP_OK;
    if (out->has_text && of_app)
        memcpy(out->text, app.version, sizeof app.version);
    else if (out->has_text)
        (void)snprintf(out->text, sizeof out->text, "%u", (unsigned)loader.version);
}

void play_https_ota_get_img_desc(struct execution *execution, const struct step *step,
                                 struct step_outcome *out) {
    run_call(execution, step, out, describe);
}

void play_https_ota_get_bootloader_img_desc(struct execution *execution, const struct step *step,
                                            struct step_outcome *out) {
    run_call(execution, step, out, describe);
}

static void count(void *context) {
    const struct call *call = context;
    struct step_outcome *out = call->program.out;
    void *handle = call->program.execution->https_handle;
    enum step_kind kind = call->step->kind;
    int number = kind == STEP_HTTPS_OTA_IS_COMPLETE          ? esp_https_ota_is_complete_data_received(handle)
                 : kind == STEP_HTTPS_OTA_GET_IMAGE_LEN_READ ? esp_https_ota_get_image_len_read(handle)
                 : kind == STEP_HTTPS_OTA_GET_IMAGE_SIZE     ? esp_https_ota_get_image_size(handle)
                                                             : esp_https_ota_get_status_code(handle);
    out->has_number = true;
    out->number = (uint32_t)number;
}

void play_https_ota_is_complete_data_received(struct execution *execution, const struct step *step,
                                              struct step_outcome *out) {
    run_call(execution, step, out, count);
}

void play_https_ota_get_image_len_read(struct execution *execution, const struct step *step,
                                       struct step_outcome *out) {
    run_call(execution, step, out, count);
}

void play_https_ota_get_image_size(struct execution *execution, const struct step *step,
                                   struct step_outcome *out) {
    run_call(execution, step, out, count);
}

void play_https_ota_get_status_code(struct execution *execution, const struct step *step,
                                    struct step_outcome *out) {
    run_call(execution, step, out, count);
}
