// The eFuse secure version: the number of ones in a field that only grows (EF rules).
//
// Bootloader and application may be built with different field widths, so the functions take the build that
// asks.
#ifndef OTA_SECURE_VERSION_H
#define OTA_SECURE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_err.h"

struct firmware_build;

uint32_t secure_version_read(const struct firmware_build *build);                      // EF-10
bool secure_version_check(const struct firmware_build *build, uint32_t version);       // EF-11: may it run?
esp_err_t secure_version_update(const struct firmware_build *build, uint32_t version); // EF-12, EF-13

#endif
