// Steps of esp_https_ota: all of it in one, and its functions by their names.
#include <stdlib.h>
#include <string.h>

#include "../../ota/http_ram.h"
#include "reader_https.h"
#include "reader_names.h"
#include "reader_server.h"
#include "reader_steps.h"
#include "values.h"

#define URL_BYTES_MAX 1000u

// ---- the configuration --------------------------------------------------------------------------

static void read_trust(struct reading *reading, struct fields *fields, struct https_download *out) {
    static const struct word words[] = {{"certificate", TRUSTS_CERTIFICATE},
                                        {"bundle", TRUSTS_BUNDLE},
                                        {"global_store", TRUSTS_GLOBAL_STORE},
                                        {"nothing", TRUSTS_NOTHING},
                                        {NULL, 0}};
    const struct yaml_node *node = field(fields, "trusts");
    int trust = TRUSTS_CERTIFICATE;
    if (node != NULL && value_word(reading->diagnostics, node, "`trusts`", "E0107", words, &trust))
        out->trust = (enum download_trust)trust;
    (void)field_bool(fields, "skip_cert_common_name_check", &out->skip_cert_common_name_check);
    (void)field_text(fields, "common_name", HTTP_HOST_MAX, &out->common_name);
}

static void read_http(struct reading *reading, struct fields *fields, struct https_download *out) {
    const struct yaml_node *timeout = field(fields, "timeout"),
                           *retries = field(fields, "max_authorization_retries");
    uint64_t us;
    uint32_t number;
    (void)field_text(fields, "username", HTTP_USER_MAX, &out->username);
    (void)field_text(fields, "password", HTTP_USER_MAX, &out->password);
    (void)field_bool(fields, "keep_alive_enable", &out->keep_alive_enable);
    (void)field_u32(fields, "buffer_size", 1, HTTP_BUFFER_MAX, &out->buffer_size);
    if (timeout != NULL && value_duration(reading->diagnostics, timeout, "`timeout`", &us))
        out->timeout_ms = us / 1000 > 3600000 ? 3600000 : us / 1000 == 0 ? 1 : (uint32_t)(us / 1000);
    if (retries != NULL && retries->kind == YAML_KIND_SCALAR && strcmp(retries->text, "-1") == 0)
        out->max_authorization_retries = -1;
    else if (retries != NULL &&
             value_u32(reading->diagnostics, retries, "`max_authorization_retries`", 1, 1000, &number))
        out->max_authorization_retries = (int32_t)number;
}

static void read_label(struct reading *reading, struct fields *fields, const char *name, char **out) {
    const struct yaml_node *node = field(fields, name);
    const struct partition_entry *partition = node == NULL ? NULL : find_partition(reading, node, name);
    if (partition != NULL)
        *out = memory_text(partition->name);
}

static void read_component(struct reading *reading, struct fields *fields, struct https_download *out) {
    (void)field_bool(fields, "bulk_flash_erase", &out->bulk_flash_erase);
    (void)field_bool(fields, "partial_http_download", &out->partial_http_download);
    (void)field_u32(fields, "max_http_request_size", 1, INT32_MAX, &out->max_http_request_size);
    (void)field_bool(fields, "ota_resumption", &out->ota_resumption);
    (void)field_u32(fields, "ota_image_bytes_written", 0, INT32_MAX, &out->ota_image_bytes_written);
    read_label(reading, fields, "staging", &out->staging);
    read_label(reading, fields, "final", &out->final);
    (void)field_bool(fields, "finalize_with_copy", &out->finalize_with_copy);
    (void)field_bool(fields, "decrypts", &out->decrypts);
    (void)field_u32(fields, "enc_img_header_size", 0, 65535, &out->enc_img_header_size);
    if (!out->partial_http_download)
        (void)field_idle(fields, "max_http_request_size", "`partial_http_download` is off");
    if (!out->ota_resumption)
        (void)field_idle(fields, "ota_image_bytes_written", "`ota_resumption` is off");
    if (out->final == NULL)
        (void)field_idle(fields, "finalize_with_copy", "no `final` is given");
}

// ---- how far it came ----------------------------------------------------------------------------

static void read_record(struct reading *reading, const struct yaml_node *node, struct https_download *out) {
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`record`"))
        return;
    const struct yaml_node *label =
        field_required(&fields, "partition", "where it is kept: partition: progress");
    const struct partition_entry *partition =
        label == NULL ? NULL : find_partition(reading, label, "`partition`");
    if (partition != NULL && (partition->type != 1 || partition->size < 4096))
        (void)diagnostic_add(reading->diagnostics, "E0207", label->mark,
                             "a record is kept in a data partition of at least 4 KiB");
    else if (partition != NULL)
        out->record = memory_text(partition->name);
    fields_close(&fields);
}

static void read_memory(struct reading *reading, struct fields *fields, struct update_step *update) {
    const struct yaml_node *progress = field(fields, "progress"), *record = field(fields, "record");
    struct https_download *download = update->download;
    if (progress != NULL && record != NULL)
        (void)diagnostic_add(reading->diagnostics, "E0404", record->mark,
                             "`progress` and `record`: an app keeps one of them");
    if (progress != NULL)
        read_progress(reading, progress, update);
    else if (record != NULL)
        read_record(reading, record, download);
    (void)field_u32(fields, "keep_every", 1, NOR_SIZE_MAX, &download->keep_every);
    if (progress == NULL && record == NULL)
        (void)field_idle(fields, "keep_every", "neither `progress` nor `record` is given");
    if ((progress != NULL || record != NULL) && download->ota_resumption)
        (void)field_idle(fields, "ota_resumption", "with `progress` or `record` the app resumes by itself");
}

// ---- what a download is given -------------------------------------------------------------------

static bool read_url(struct reading *reading, const struct yaml_node *node, struct https_download *out) {
    const char *text = value_text(reading->diagnostics, node, "`url`");
    if (text == NULL)
        return false;
    if (strlen(text) > URL_BYTES_MAX) {
        (void)diagnostic_add(reading->diagnostics, "E0109", node->mark, "`url` takes at most %u bytes",
                             URL_BYTES_MAX);
        return false;
    }
    out->url = memory_text(text);
    return true;
}

bool read_download_step(struct reading *reading, const struct yaml_node *node, const char *what,
                        struct update_step *update) {
    *update = (struct update_step){.image = NO_IMAGE, .chunk = 4096};
    struct https_download *download = update->download = memory_zeroed(1, sizeof *download);
    struct fields fields;
    bool fine = true;
    if (!reading->scenario->has_server && !reading->no_server_needed)
        diagnostic_help(
            diagnostic_add(reading->diagnostics, "E0103", node->mark, "the scenario has no `server`"),
            "say what it has: server: {files: {/fw.bin: IMAGE}}");
    if (node->kind == YAML_KIND_SCALAR) {
        fine = read_url(reading, node, download);
    } else {
        if (!fields_open(&fields, reading->diagnostics, node, what))
            return false;
        const struct yaml_node *url =
            field_required(&fields, "url", "where it is: url: https://ota.example/fw.bin");
        fine = url != NULL && read_url(reading, url, download);
        read_trust(reading, &fields, download);
        read_http(reading, &fields, download);
        read_component(reading, &fields, download);
        read_memory(reading, &fields, update);
        fields_close(&fields);
    }
    if (fine)
        update->image = server_image_at(reading, download->url);
    return fine;
}

// ---- steps --------------------------------------------------------------------------------------

const struct key_row https_ota_keys[] = {
    {"url", "required text", "of the image"},
    {"trusts", "words(certificate|bundle|global_store|nothing)",
     "what the server's certificate is held against; default `certificate`; `nothing` needs `allow_http`"},
    {"skip_cert_common_name_check", "truth", "a certificate may bear any name"},
    {"common_name", "text", "that the certificate has to bear"},
    {"username", "text", "for a server that asks"},
    {"password", "text", "for a server that asks"},
    {"max_authorization_retries", "any_scalar", "after 401; default 10; -1: none"},
    {"keep_alive_enable", "truth", "the connection is kept between ranges, where the release does that"},
    {"timeout", "@duration", "default 5s"},
    {"buffer_size", "number(1..65536)", "bytes a piece, at least 1024"},
    {"bulk_flash_erase", "truth", "erased at the start, not sector by sector"},
    {"partial_http_download", "truth", "by several requests with ranges"},
    {"max_http_request_size", "number(1..2147483647)", "bytes of such a request; default 64K"},
    {"ota_resumption", "truth", "from `ota_image_bytes_written` on; v5.5+; not in one call"},
    {"ota_image_bytes_written", "number(0..2147483647)", "bytes that are there already"},
    {"staging", "text", "label of the partition to write to; v5.5+"},
    {"final", "text", "label of the partition that the image is for; v5.5+"},
    {"finalize_with_copy", "truth", "it is copied there in the end"},
    {"decrypts", "truth", "decrypt_cb turns every bit over; needs `decrypt_cb`"},
    {"enc_img_header_size", "number(0..65535)", "bytes of the file that are no part of the image"},
    {"progress", "%progress", "a key in NVS that says how far it came: the app goes on from there"},
    {"record", "%record", "the same in a raw record of a data partition"},
    {"keep_every", "number(1..)", "bytes between two notes of it; default: after each piece"},
    KEYS_END};

const struct key_row https_record_keys[] = {
    {"partition", "required text", "label of a data partition of at least 4 KiB, of the app's own"},
    KEYS_END};

static void release_download(struct step *step) {
    update_step_release(&step->as.update);
}

static void read_https_ota(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_HTTPS_OTA;
    if (read_download_step(reading, node, "`https_ota`", &step->as.update))
        set_title(step, "https_ota %s", step->as.update.download->url);
}

const struct step_row step_https_ota = {
    .verb = "https_ota",
    .form = "https_ota: URL",
    .help = "esp_https_ota; call by call, and from where it came, with `progress` or `record`",
    .alone = "text",
    .keys = https_ota_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_https_ota,
    .release = release_download,
};

static void read_https_ota_begin(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_HTTPS_OTA_BEGIN;
    if (read_download_step(reading, node, "`https_ota_begin`", &step->as.update))
        set_title(step, "https_ota_begin %s", step->as.update.download->url);
    if (step->as.update.progress != NULL || step->as.update.download->record != NULL)
        (void)diagnostic_add(reading->diagnostics, "E0404", node->mark,
                             "`progress` and `record` belong to `https_ota`, which does all of it");
}

const struct step_row step_https_ota_begin = {
    .verb = "https_ota_begin",
    .form = "https_ota_begin: URL",
    .help = "esp_https_ota_begin, as `https_ota`; the handle is kept for the calls that follow",
    .alone = "text",
    .keys = https_ota_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_https_ota_begin,
    .release = release_download,
};

// `- https_ota_perform`, `{times: 3}`, `{times: all}`.
static void read_https_ota_perform(struct reading *reading, const struct yaml_node *node, struct step *step) {
    struct fields fields;
    step->kind = STEP_HTTPS_OTA_PERFORM;
    step->as.https.times = 1;
    set_title(step, "https_ota_perform");
    if (yaml_is_null(node))
        return;
    if (!fields_open(&fields, reading->diagnostics, node, "`https_ota_perform`"))
        return;
    const struct yaml_node *times = field_required(&fields, "times", "how often: times: 3, or times: all");
    if (times != NULL && times->kind == YAML_KIND_SCALAR && same_word(times->text, "all"))
        step->as.https.times = UINT32_MAX;
    else
        (void)field_u32(&fields, "times", 1, 1000000, &step->as.https.times);
    fields_close(&fields);
}

static const struct key_row perform_keys[] = {
    {"times", "required words(all) / number(1..1000000)",
     "how often; `all`: while it returns ESP_ERR_HTTPS_OTA_IN_PROGRESS, as apps do"},
    KEYS_END};

const struct step_row step_https_ota_perform = {
    .verb = "https_ota_perform",
    .form = "https_ota_perform",
    .help = "esp_https_ota_perform, once or `{times: all}`; ends early when it fails or is done",
    .alone = "nothing",
    .keys = perform_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_https_ota_perform,
};

// Steps without arguments.
#define PLAIN_STEP(NAME, symbol, has_code, text)                                                             \
    static void read_##symbol(struct reading *reading, const struct yaml_node *node, struct step *step) {    \
        step->kind = STEP_##NAME;                                                                            \
        set_title(step, #symbol);                                                                            \
        if (!yaml_is_null(node))                                                                             \
            value_wrong_type(reading->diagnostics, node, "`" #symbol "`", "alone: it takes no arguments");   \
    }                                                                                                        \
    const struct step_row step_##symbol = {                                                                  \
        .verb = #symbol,                                                                                     \
        .form = #symbol,                                                                                     \
        .help = text,                                                                                        \
        .alone = "nothing",                                                                                  \
        .needs_app = true,                                                                                   \
        .runs_firmware = true,                                                                               \
        .returns_code = has_code,                                                                            \
        .read = read_##symbol,                                                                               \
    }

PLAIN_STEP(HTTPS_OTA_FINISH, https_ota_finish, true, "esp_https_ota_finish");
PLAIN_STEP(HTTPS_OTA_ABORT, https_ota_abort, true, "esp_https_ota_abort");
PLAIN_STEP(HTTPS_OTA_GET_IMG_DESC, https_ota_get_img_desc, true,
           "esp_https_ota_get_img_desc; `result` is the version");
PLAIN_STEP(HTTPS_OTA_GET_BOOTLOADER_IMG_DESC, https_ota_get_bootloader_img_desc, true,
           "esp_https_ota_get_bootloader_img_desc; `result` is the version");
PLAIN_STEP(HTTPS_OTA_IS_COMPLETE, https_ota_is_complete_data_received, false,
           "esp_https_ota_is_complete_data_received; `result` is 1 or 0");
PLAIN_STEP(HTTPS_OTA_GET_IMAGE_LEN_READ, https_ota_get_image_len_read, false,
           "esp_https_ota_get_image_len_read; `result` is that, 4294967295 for -1");
PLAIN_STEP(HTTPS_OTA_GET_IMAGE_SIZE, https_ota_get_image_size, false,
           "esp_https_ota_get_image_size; `result` is that, 4294967295 for -1");
PLAIN_STEP(HTTPS_OTA_GET_STATUS_CODE, https_ota_get_status_code, false,
           "esp_https_ota_get_status_code; `result` is that, 4294967295 for -1");
