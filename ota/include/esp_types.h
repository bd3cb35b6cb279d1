// The types of ESP-IDF's own headers.
#ifndef ESP_TYPES_H
#define ESP_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#endif
