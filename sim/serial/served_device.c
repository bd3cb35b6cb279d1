#include "served_device.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../ota/include/esp_ota_ops.h"
#include "board_flash.h"
#include "loader.h"
#include "reset_lines.h"
#include "slip.h"

struct served_device {
    struct served_config config;
    struct board *board;
    struct board_flash flash;
    struct chip_identity identity;
    struct loader *loader;
    struct reset_lines lines;
    struct slip_decoder listener; // finds a SYNC while an app runs
    enum served_mode mode;
    bool connected, has_lines;
    bool boot_pending;
    enum port_reset_reason boot_reason;
};

static void note(struct served_device *device, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct served_device *device, const char *format, ...) {
    if (device->config.note == NULL)
        return;
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    device->config.note(device->config.context, line);
}

// ---- life ---------------------------------------------------------------------------------------

struct served_device *served_device_new(const struct served_config *config) {
    struct served_device *device = memory_zeroed(1, sizeof *device);
    device->config = *config;
    device->board = board_new(&config->board);
    board_journal_enable(device->board, false); // nobody looks back, and a served device runs for days
    if (config->chip_revision != 0)
        board_efuse_set(device->board, PORT_EFUSE_CHIP_REVISION, config->chip_revision);
    board_efuse_set(device->board, PORT_EFUSE_BLOCK_REVISION, config->block_revision);
    device->flash =
        (struct board_flash){.board = device->board, .pass = config->pass, .pass_context = config->context};
    device->identity =
        (struct chip_identity){.target = config->board.target,
                               .revision = board_efuse(device->board, PORT_EFUSE_CHIP_REVISION),
                               .block_revision = config->block_revision,
                               .jedec_id = config->board.chip.jedec_id};
    for (size_t i = 0; i < sizeof device->identity.mac; i++)
        device->identity.mac[i] = config->mac[i];
    struct flash_access access = board_flash_access(&device->flash);
    device->loader = loader_new(&device->identity, &access);
    device->mode = SERVED_DOWNLOAD;
    return device;
}

void served_device_free(struct served_device *device) {
    if (device == NULL)
        return;
    loader_free(device->loader);
    slip_decoder_free(&device->listener);
    board_free(device->board);
    free(device);
}

struct board *served_device_board(struct served_device *device) {
    return device->board;
}

enum served_mode served_device_mode(const struct served_device *device) {
    return device->mode;
}

const char *served_mode_name(enum served_mode mode) {
    static const char *const names[] = {[SERVED_OFF] = "off",
                                        [SERVED_HELD] = "held in reset",
                                        [SERVED_DOWNLOAD] = "download mode",
                                        [SERVED_APP] = "app"};
    return names[mode];
}

bool served_device_has_stub(const struct served_device *device) {
    return device->mode == SERVED_DOWNLOAD && loader_state(device->loader) == LOADER_STUB;
}

uint32_t served_device_baud(const struct served_device *device) {
    return loader_baud(device->loader);
}

// ---- resets and power ---------------------------------------------------------------------------

static void enter_download(struct served_device *device) {
    loader_reset(device->loader);
    slip_decoder_reset(&device->listener);
    device->boot_pending = false;
    device->mode = SERVED_DOWNLOAD;
}

static void start_flash(struct served_device *device, enum port_reset_reason reason) {
    enter_download(device);
    if (!device->config.boots)
        return;
    device->mode = SERVED_APP;
    device->boot_pending = true;
    device->boot_reason = reason;
}

static void lose_power(struct served_device *device) {
    enter_download(device);
    device->mode = SERVED_OFF;
    note(device, "power lost after %llu flash operations",
         (unsigned long long)board_operations(device->board));
}

void served_device_power_off(struct served_device *device) {
    if (device->mode == SERVED_OFF)
        return;
    board_power_off(device->board);
    lose_power(device);
}

void served_device_power_on(struct served_device *device) {
    if (device->mode != SERVED_OFF)
        return;
    start_flash(device, PORT_RESET_POWER_ON);
    note(device, "power on: %s", served_mode_name(device->mode));
}

void served_device_cut_after(struct served_device *device, uint64_t operations) {
    board_flash_cut_after(&device->flash, operations);
}

void served_device_connect(struct served_device *device, bool has_lines) {
    device->connected = true;
    device->has_lines = has_lines;
}

void served_device_disconnect(struct served_device *device) {
    if (device->connected && !device->has_lines && device->mode == SERVED_DOWNLOAD)
        start_flash(device, PORT_RESET_POWER_ON);
    device->lines = (struct reset_lines){0};
    device->connected = device->has_lines = false;
}

// Hosts look for these words when they get no answer (SP-22).
static void announce(struct served_device *device, bool download, struct buffer *out) {
    buffer_printf(out, "\r\nota-sim %s, boot:0x%x (%s)\r\n", device->config.board.target->title,
                  download ? 0x3 : 0x13, download ? "waiting for download" : "from flash");
}

void served_device_lines(struct served_device *device, bool dtr, bool rts, struct buffer *out) {
    device->has_lines = true;
    enum reset_event event = reset_lines_set(&device->lines, dtr, rts);
    if (device->mode == SERVED_OFF)
        return;
    switch (event) {
    case RESET_NOTHING:
        break;
    case RESET_HELD:
        enter_download(device);
        device->mode = SERVED_HELD;
        break;
    case RESET_FLASH:
        start_flash(device, PORT_RESET_POWER_ON);
        note(device, "reset: %s", served_mode_name(device->mode));
        if (device->mode == SERVED_DOWNLOAD)
            announce(device, true, out);
        break;
    case RESET_DOWNLOAD:
        enter_download(device);
        note(device, "reset: download mode");
        announce(device, true, out);
        break;
    }
}

// ---- bytes --------------------------------------------------------------------------------------

static void receive_in_download(struct served_device *device, const uint8_t *bytes, size_t length,
                                struct buffer *out) {
    loader_receive(device->loader, bytes, length, out);
    if (loader_state(device->loader) == LOADER_UNPOWERED)
        lose_power(device);
    else if (loader_state(device->loader) == LOADER_LEFT)
        start_flash(device, PORT_RESET_SOFTWARE);
}

// An app does not answer the loader's requests. On a line without DTR and RTS a SYNC stands for the reset
// that the host cannot do.
static void receive_in_app(struct served_device *device, const uint8_t *bytes, size_t length,
                           struct buffer *out) {
    while (length > 0 && !device->has_lines && device->mode == SERVED_APP) {
        size_t used = 0;
        enum slip_result result = slip_decode(&device->listener, bytes, length, &used);
        bytes += used;
        length -= used;
        const struct buffer *payload = &device->listener.payload;
        if (result != SLIP_FRAME || !loader_is_sync(payload->bytes, payload->length))
            continue;
        struct buffer frame = {0};
        slip_encode(&frame, payload->bytes, payload->length);
        note(device, "a host asks for download mode");
        enter_download(device);
        receive_in_download(device, frame.bytes, frame.length, out);
        receive_in_download(device, bytes, length, out);
        buffer_free(&frame);
    }
}

void served_device_receive(struct served_device *device, const void *bytes, size_t length,
                           struct buffer *out) {
    if (device->mode == SERVED_DOWNLOAD)
        receive_in_download(device, bytes, length, out);
    else if (device->mode == SERVED_APP)
        receive_in_app(device, bytes, length, out);
}

// ---- booting ------------------------------------------------------------------------------------

struct console {
    struct board *board;
    struct buffer *out;
};

static void print_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    static const char letters[] = {[PORT_LOG_ERROR] = 'E', [PORT_LOG_WARNING] = 'W', [PORT_LOG_INFO] = 'I'};
    struct console *console = context;
    buffer_printf(console->out, "%c (%llu) %s: %s\r\n", letters[level],
                  (unsigned long long)(board_time_ns(console->board) / 1000000), tag, line);
}

static void run_app(void *context) {
    const struct served_device *device = context;
    const esp_partition_t *running = esp_ota_get_running_partition();
    esp_app_desc_t description;
    bool described = running != NULL && esp_ota_get_partition_description(running, &description) == ESP_OK;
    port_log(PORT_LOG_INFO, "app", "%.32s %.32s runs from %s", described ? description.project_name : "app",
             described ? description.version : "(no version)", running == NULL ? "?" : running->label);
    switch (device->config.app) {
    case SERVED_APP_RUNS:
        break;
    case SERVED_APP_CONFIRMS:
        port_log(PORT_LOG_INFO, "app", "self-test passed; confirming: %s",
                 esp_err_to_name(esp_ota_mark_app_valid_cancel_rollback()));
        break;
    case SERVED_APP_CRASHES:
        port_halt(PORT_HALT_PANIC, "the app crashes at start");
    case SERVED_APP_FAILS_SELF_TEST:
        port_log(PORT_LOG_ERROR, "app", "self-test failed: %s",
                 esp_err_to_name(esp_ota_mark_app_invalid_rollback_and_reboot()));
        break;
    }
}

static enum board_end boot_and_run(struct served_device *device, const char **why) {
    board_flash_arm(&device->flash);
    enum board_end end = board_boot(device->board, device->boot_reason, why);
    if (end == BOARD_RETURNED)
        end = board_run(device->board, run_app, device, why);
    return end;
}

void served_device_boot(struct served_device *device, struct buffer *out) {
    if (!device->boot_pending)
        return;
    device->boot_pending = false;
    struct console console = {device->board, out};
    announce(device, false, out);
    board_listen(device->board, print_line, &console);
    const char *why = "";
    enum board_end end = boot_and_run(device, &why);
    board_listen(device->board, NULL, NULL);
    if (end == BOARD_POWER_LOST) {
        device->flash.cut_planned = false;
        lose_power(device);
    } else if (end != BOARD_RETURNED) {
        buffer_printf(out, "ota-sim %s: %s\r\n", board_end_name(end), why);
        device->boot_pending = true;
        device->boot_reason = board_reset_reason_after(end);
    }
}

bool served_device_boot_pending(const struct served_device *device) {
    return device->boot_pending;
}
