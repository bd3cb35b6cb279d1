// ota-sim update: a simulated device, given as a dump of its flash, updates itself from a real server.
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/file.h"
#include "../../sim/inspect/dump.h"
#include "../../sim/network/real_network.h"
#include "../../sim/play/device_view.h"
#include "../../sim/play/execution.h"
#include "../../sim/play/heard.h"
#include "../../sim/play/narration.h"
#include "../../sim/play/provisioned_board.h"
#include "commands.h"
#include "options.h"
#include "terminal.h"

#define PEM_MAX        (4u << 20)
#define SOON_DAYS      30
#define ADDRESS_PREFIX "https_ota/"

enum option {
    OPTION_URL,
    OPTION_FLASH,
    OPTION_CACERT,
    OPTION_USER,
    OPTION_RELEASE,
    OPTION_ROLLBACK,
    OPTION_RESUME,
    OPTION_PARTIAL,
    OPTION_CUT,
    OPTION_OUTPUT,
    OPTION_JSON,
    OPTION_HELP
};

static const struct command_option options[] = {
    [OPTION_URL] = {"url", 0, "URL", "of the image"},
    [OPTION_FLASH] = {"flash", 'f', "FILE", "dump of the device's flash"},
    [OPTION_CACERT] = {"cacert", 0, "FILE", "PEM: the only authority that it trusts"},
    [OPTION_USER] = {"user", 'u', "NAME:WORD", "for a server that asks"},
    [OPTION_RELEASE] = {"release", 'r', "NAME", "its ESP-IDF (default: v6.0)"},
    [OPTION_ROLLBACK] = {"rollback", 0, NULL, "it is built with app rollback"},
    [OPTION_RESUME] = {"resume", 0, NULL, "its app keeps in NVS how far it came"},
    [OPTION_PARTIAL] = {"partial", 0, "BYTES", "by ranges of so many bytes"},
    [OPTION_CUT] = {"power-cut-at", 0, "ADDRESS", "cut there, as in replay; then try again"},
    [OPTION_OUTPUT] = {"output", 'o', "FILE", "the flash afterwards"},
    [OPTION_JSON] = {"json", 'j', NULL, "say it in JSON"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

struct wish {
    const char *url, *flash, *cacert, *output;
    char *user, *password; // owned
    const struct release_profile *release;
    bool rollback, resume, json, help, cuts;
    uint64_t partial, cut_operation;
    struct tear tear;
};

// ---- the command line ---------------------------------------------------------------------------

// "https_ota/1041/late:193", or "1041".
static bool read_address(const char *text, struct wish *out) {
    const char *at =
        strncmp(text, ADDRESS_PREFIX, strlen(ADDRESS_PREFIX)) == 0 ? text + strlen(ADDRESS_PREFIX) : text;
    char *end;
    out->cut_operation = strtoull(at, &end, 10);
    out->cuts = end != at && (*end == '\0' || (*end == '/' && tear_parse(end + 1, &out->tear)));
    return out->cuts ||
           usage_error("update", "`%s` is no address: write https_ota/OPERATION/TEAR", text) == EXIT_MET;
}

static bool read_user(const char *text, struct wish *out) {
    const char *colon = strchr(text, ':');
    if (colon == NULL)
        return usage_error("update", "--user takes NAME:PASSWORD") == EXIT_MET;
    out->user = memory_text(text);
    out->user[colon - text] = '\0';
    out->password = memory_text(colon + 1);
    return true;
}

static bool take(void *settings, struct option_parser *parser, size_t index, const char *value) {
    struct wish *wish = settings;
    (void)parser;
    switch ((enum option)index) {
    case OPTION_URL:
        wish->url = value;
        return true;
    case OPTION_FLASH:
        wish->flash = value;
        return true;
    case OPTION_CACERT:
        wish->cacert = value;
        return true;
    case OPTION_USER:
        return read_user(value, wish);
    case OPTION_RELEASE:
        wish->release = release_profile_find(value);
        return wish->release != NULL || usage_error("update", "there is no release `%s`", value) == EXIT_MET;
    case OPTION_ROLLBACK:
        wish->rollback = true;
        return true;
    case OPTION_RESUME:
        wish->resume = true;
        return true;
    case OPTION_PARTIAL:
        return option_number("update", "partial", value, 1024, INT32_MAX, &wish->partial);
    case OPTION_CUT:
        return read_address(value, wish);
    case OPTION_OUTPUT:
        wish->output = value;
        return true;
    case OPTION_JSON:
        wish->json = true;
        return true;
    case OPTION_HELP:
        break;
    }
    wish->help = true;
    return true;
}

// ---- the device ---------------------------------------------------------------------------------

struct session {
    const struct wish *wish;
    struct scenario scenario;
    struct buffer ca;
    struct real_network network;
    struct real_network_findings findings;
    struct board *board;
    struct execution execution;
    struct heard heard;
    struct narrator narrator;
    struct terminal terminal;
    json_t *said; // lines; NULL: they are printed
};

static void say(void *context, unsigned depth, const char *line) {
    struct session *session = context;
    struct buffer text = {0};
    if (session->said != NULL) {
        (void)json_array_append_new(session->said, json_string(line));
        return;
    }
    buffer_printf(&text, "%*s%s\n", (int)(2 * depth), "", line);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static struct step download_step(const struct wish *wish) {
    struct https_download *download = memory_zeroed(1, sizeof *download);
    struct step step = {.kind = STEP_HTTPS_OTA, .title = memory_text("https_ota")};
    *download = (struct https_download){.url = memory_text(wish->url),
                                        .trust = wish->cacert != NULL ? TRUSTS_CERTIFICATE : TRUSTS_BUNDLE,
                                        .username = wish->user == NULL ? NULL : memory_text(wish->user),
                                        .password = wish->user == NULL ? NULL : memory_text(wish->password),
                                        .keep_alive_enable = true,
                                        .partial_http_download = wish->partial != 0,
                                        .max_http_request_size = (uint32_t)wish->partial,
                                        .keep_every = 16384};
    step.as.update = (struct update_step){.image = NO_IMAGE, .chunk = 4096, .download = download};
    if (wish->resume) {
        step.as.update.progress = memory_zeroed(1, sizeof *step.as.update.progress);
        *step.as.update.progress =
            (struct nvs_name){.partition = "nvs", .name_space = "ota_sim", .key = "offset"};
    }
    return step;
}

static bool make_scenario(struct session *session, const struct dump *dump, struct error *error) {
    const struct wish *wish = session->wish;
    struct scenario *scenario = &session->scenario;
    const struct release_profile *release = wish->release != NULL ? wish->release : release_profile_default();
    *scenario = (struct scenario){.file = memory_text(wish->flash), .name = memory_text("update"), .seed = 1};
    scenario->board = dump_board_config(dump, release, wish->rollback ? DUMP_ROLLBACK : DUMP_PLAIN);
    scenario->board.app.https_ota.allow_http = true;
    scenario->board.app.https_ota.enable_partial_download = true;
    const struct flash *flash = &dump->device.flash;
    buffer_reserve(&scenario->dump, flash->size);
    for (uint32_t at = 0; at < flash->size; at += NOR_SECTOR_SIZE)
        buffer_append(&scenario->dump, flash_sector(flash, at), NOR_SECTOR_SIZE);
    scenario->nvs_used = wish->resume;
    scenario->steps = memory_zeroed(1, sizeof *scenario->steps);
    scenario->steps[0] = download_step(wish);
    scenario->step_count = 1;
    if (wish->cacert != NULL && !file_read(wish->cacert, PEM_MAX, &session->ca, error))
        return false;
    if (wish->cacert != NULL)
        scenario->ca_pem = buffer_string(&session->ca);
    session->network.findings = &session->findings;
    scenario->real_network = (struct board_network){&real_network_driver, &session->network};
    session->board = scenario_board_new(scenario, NULL, error);
    return session->board != NULL;
}

static bool open_session(struct session *session, struct error *error) {
    struct buffer bytes = {0};
    struct dump dump;
    bool fine = file_read(session->wish->flash, NOR_SIZE_MAX, &bytes, error) &&
                dump_read(bytes.bytes, bytes.length, &(struct dump_options){0}, &dump, error);
    buffer_free(&bytes);
    if (!fine)
        return false;
    fine = make_scenario(session, &dump, error);
    dump_free(&dump);
    return fine;
}

static void close_session(struct session *session) {
    board_free(session->board);
    heard_free(&session->heard);
    scenario_free(&session->scenario);
    buffer_free(&session->ca);
    json_decref(session->said);
}

// ---- what comes of it ---------------------------------------------------------------------------

// What hits devices in the field, and is no error here.
static size_t warn(const struct session *session, const char *warnings[8], uint32_t room) {
    const struct heard *heard = &session->heard;
    size_t count = 0;
    if (heard->status / 100 == 2 && heard->length < 0)
        warnings[count++] =
            "the server states no length: a download that ends early is noticed by the image's hash only";
    if (heard->length > 0 && (uint64_t)heard->length > room)
        warnings[count++] = "the file is larger than the slot that it goes to";
    if (heard->left_tls)
        warnings[count++] =
            "a redirection leads from https to http: releases before v5.5.5 and v6.1 follow it";
    if (heard->range_ignored)
        warnings[count++] =
            "the server ignores ranges: a resumed download starts afresh, or fails before v5.5.4";
    if (session->findings.certificate_seen && session->findings.certificate_days < SOON_DAYS)
        warnings[count++] = "the server's certificate expires within 30 days";
    if (!heard->was_tls && heard->request_count > 0)
        warnings[count++] = "the image came without TLS: anybody on the way can change it";
    return count;
}

static uint32_t room_of_update(struct session *session) {
    struct device_view view;
    uint32_t least = UINT32_MAX;
    device_view_read(session->board, &view);
    for (uint32_t i = 0; i < view.partition_count; i++)
        if (device_slot_of(&view.partitions[i]) >= 0 && view.partitions[i].size < least)
            least = view.partitions[i].size;
    return least;
}

struct outcome {
    esp_err_t code;
    bool returned, cut;
    char before[33], after[33], label[17];
};

static void play(struct session *session, struct outcome *out) {
    const struct step *download = &session->scenario.steps[0];
    struct execution *execution = &session->execution;
    struct step boot = {.kind = STEP_BOOT}, restart = {.kind = STEP_RESTART};
    struct step_outcome step = {0};
    execution_step(execution, 0, &boot, &step);
    memcpy(out->before, execution->boot.version, sizeof out->before);
    if (session->wish->cuts)
        board_cut_at_operation(session->board,
                               board_operations(session->board) + session->wish->cut_operation,
                               &session->wish->tear);
    execution_step(execution, 1, download, &step);
    out->cut = step.end == STEP_POWER_CUT;
    board_cut_cancel(session->board);
    if (out->cut)
        execution_step(execution, 2, download, &step);
    out->returned = step.returned;
    out->code = step.code;
    if (execution->app_runs) {
        struct step_outcome ignored;
        uint16_t status = session->heard.status;
        int64_t length = session->heard.length;
        uint32_t requests = session->heard.request_count;
        execution_step(execution, 3, &restart, &ignored);
        session->heard.status = status;
        session->heard.length = length;
        session->heard.request_count = requests;
    }
    memcpy(out->after, execution->app_runs ? execution->boot.version : "",
           execution->app_runs ? sizeof out->after : 1);
    memcpy(out->label, execution->boot.label, sizeof out->label);
}

static const char *result_of(const struct outcome *outcome) {
    return outcome->returned ? esp_err_to_name(outcome->code) : "nothing: the app did not come back from it";
}

static void print_text(struct session *session, const struct outcome *outcome, const char *const *warnings,
                       size_t count) {
    struct buffer text = {0};
    buffer_printf(&text, "\nesp_https_ota: %s\n", result_of(outcome));
    buffer_printf(&text, "before: %s; now: %s in %s\n",
                  outcome->before[0] != '\0' ? outcome->before : "no version",
                  outcome->after[0] != '\0' ? outcome->after : "no version",
                  outcome->label[0] != '\0' ? outcome->label : "no slot");
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "warning: %s\n", warnings[i]);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static void print_json(struct session *session, const struct outcome *outcome, const char *const *warnings,
                       size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, json_string(warnings[i]));
    json_t *all =
        json_pack("{s:s, s:b, s:s, s:s, s:s, s:i, s:I, s:O, s:o}", "result", result_of(outcome), "cut",
                  outcome->cut, "version_before", outcome->before, "version_after", outcome->after, "running",
                  outcome->label, "status", (int)session->heard.status, "length",
                  (json_int_t)session->heard.length, "log", session->said, "warnings", list);
    char *text = all == NULL ? NULL : json_dumps(all, JSON_INDENT(2));
    printf("%s\n", text == NULL ? "{}" : text);
    free(text);
    json_decref(all);
}

static bool keep_flash(struct session *session, struct error *error) {
    struct buffer bytes = {0};
    const struct flash *flash = board_flash(session->board);
    for (uint32_t at = 0; at < flash->size; at += NOR_SECTOR_SIZE)
        buffer_append(&bytes, flash_sector(flash, at), NOR_SECTOR_SIZE);
    bool fine = file_write(session->wish->output, bytes.bytes, bytes.length, error);
    buffer_free(&bytes);
    return fine;
}

static int run(struct session *session, struct error *error) {
    const struct wish *wish = session->wish;
    const char *warnings[8];
    struct outcome outcome = {0};
    uint32_t room = room_of_update(session);
    session->terminal = terminal_open(false);
    session->said = wish->json ? json_array() : NULL;
    session->narrator = (struct narrator){.line = say, .context = session};
    execution_init(&session->execution, &session->scenario, session->board);
    session->execution.narrator = &session->narrator;
    session->execution.heard = &session->heard;
    narrator_attach(&session->narrator, session->board);
    heard_listen(&session->heard, session->board, &session->narrator);
    play(session, &outcome);
    narrator_detach(&session->narrator);
    size_t count = warn(session, warnings, room);
    if (wish->json)
        print_json(session, &outcome, warnings, count);
    else
        print_text(session, &outcome, warnings, count);
    if (wish->output != NULL && !keep_flash(session, error)) {
        complain("update", "%s", error->message);
        return EXIT_USAGE;
    }
    return outcome.returned && outcome.code == ESP_OK ? EXIT_MET : EXIT_NOT_MET;
}

static int update(const struct wish *wish) {
    struct session session = {.wish = wish};
    struct error error = {0};
    int status = EXIT_USAGE;
    if (open_session(&session, &error))
        status = run(&session, &error);
    else
        complain("update", "%s", error.message);
    close_session(&session);
    return status;
}

int cmd_update(int argc, char **argv) {
    struct wish wish = {0};
    const char *operands[1];
    int status = EXIT_USAGE;
    if (!options_read(option_parser_start("update", options, argc, argv), take, &wish, operands, 0)) {
        free(wish.user);
        free(wish.password);
        return EXIT_USAGE;
    }
    if (wish.help) {
        option_help(
            "update", "--url URL --flash FILE [OPTIONS]",
            "A simulated device updates itself by esp_https_ota from a real server, over TCP and TLS:\n"
            "what it asks, what it gets, what it makes of that, and which version runs in the end.",
            options);
        status = EXIT_MET;
    } else if (wish.url == NULL || wish.flash == NULL) {
        status = usage_error("update", "--url and --flash are needed");
    } else {
        status = update(&wish);
    }
    free(wish.user);
    free(wish.password);
    return status;
}
