// What the bootloader does right before the jump: it maps the app's code and data (CH-24, HW-23).
#ifndef OTA_APP_MAPPING_H
#define OTA_APP_MAPPING_H

struct app_image;

// Maps an image that was loaded. When that cannot be done the image has been chosen and recorded all the
// same: the bootloader aborts and hangs until the watchdog resets the chip, and there is no fall-back
// (HW-115, HW-120). Ends with port_halt(PORT_HALT_HANG) then.
void app_mapping_make(const struct app_image *image);

#endif
