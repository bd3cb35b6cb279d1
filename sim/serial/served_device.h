// A device on a serial line: a board, its download mode, its reset lines and its power. Bytes in, bytes out;
// sockets, files and clocks are outside.
//
//                     DTR/RTS, or SYNC on a line without them
//      +----------+ <------------------------------------------ +--------+
//      | DOWNLOAD |                                             |  APP   |  boots (only with .boots)
//      +----------+ ------------------------------------------> +--------+
//                     hard reset, host leaves, run user code
//
// A cut of the power leads to OFF from everywhere, power-on to what the boot pin says.
#ifndef SIM_SERIAL_SERVED_DEVICE_H
#define SIM_SERIAL_SERVED_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../hw/board.h"

struct served_device;

enum served_mode {
    SERVED_OFF,
    SERVED_HELD, // in reset: the host holds EN low
    SERVED_DOWNLOAD,
    SERVED_APP
};

// What the app does once the bootloader has started it.
enum served_app {
    SERVED_APP_RUNS,           // runs on without a word to the update code
    SERVED_APP_CONFIRMS,       // esp_ota_mark_app_valid_cancel_rollback
    SERVED_APP_CRASHES,        // panics first
    SERVED_APP_FAILS_SELF_TEST // esp_ota_mark_app_invalid_rollback_and_reboot
};

struct served_config {
    struct board_config board; // target: see chip_registers_known
    uint8_t mac[6];
    uint32_t chip_revision, block_revision; // major * 100 + minor; 0: what chips of the target have, and none
    bool boots; // a reset without the boot pin boots what is in flash; else it ends in download mode, too
    enum served_app app;
    void (*note)(void *context,
                 const char *line); // what happens to the device, for people; NULL: nobody listens
    uint64_t (*pass)(void *context, uint64_t ns); // the chip's time, see board_flash.h; NULL: none passes
    void *context;
};

// In download mode, flash erased.
struct served_device *served_device_new(const struct served_config *config);
void served_device_free(struct served_device *device);

struct board *served_device_board(struct served_device *device);
enum served_mode served_device_mode(const struct served_device *device);
const char *served_mode_name(enum served_mode mode); // "download mode"
bool served_device_has_stub(const struct served_device *device);
uint32_t served_device_baud(const struct served_device *device);

// Bytes from the host; appends the answer.
void served_device_receive(struct served_device *device, const void *bytes, size_t length,
                           struct buffer *out);

// A host opens the line. `has_lines`: DTR and RTS come through; else opening it stands for the reset into
// download mode.
void served_device_connect(struct served_device *device, bool has_lines);

// ... and closes it: on a line without DTR and RTS that stands for the hard reset with which hosts end.
void served_device_disconnect(struct served_device *device);

// DTR and RTS change (active = true). From here on until the host disconnects the line has them.
void served_device_lines(struct served_device *device, bool dtr, bool rts, struct buffer *out);

// The plug. Off: between two operations. On: boots, or download mode when the device does not boot.
void served_device_power_off(struct served_device *device);
void served_device_power_on(struct served_device *device);
void served_device_cut_after(struct served_device *device, uint64_t operations);

// True when the device has a boot to do. A device in a boot loop always has the next one: callers decide how
// fast time goes.
bool served_device_boot_pending(const struct served_device *device);

// One boot attempt and the app's beginning; appends what the console prints.
void served_device_boot(struct served_device *device, struct buffer *out);

#endif
