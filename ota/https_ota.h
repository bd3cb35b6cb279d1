// Shared by the files of esp_https_ota. Nobody but the firmware includes this.
#ifndef OTA_HTTPS_OTA_H
#define OTA_HTTPS_OTA_H

#include "http_ram.h"
#include "release_profile.h"

#define HTTPS_OTA_HEADER_SIZE 1024u  // read before anything is written (HO-5)
#define HTTPS_OTA_REQUEST_MAX 65536u // of max_http_request_size (HO-2)
#define HTTPS_OTA_ROUNDS_MAX  1000u  // requests of one call after which nobody believes in an end

const struct release_profile *https_ota_profile(void);

// Posts an event of HO-2, numbered as the release does.
void https_ota_tell(esp_https_ota_event_t event, const void *data, uint32_t size);

// Sends the request and follows what its status says (HO-20).
esp_err_t https_ota_connect(struct https_ota *ota);

// Whose count does not end: a device would go on until somebody switches it off. It ends as a hang does.
_Noreturn void https_ota_goes_on_for_ever(const char *why);

// How long the image is, before any of it is asked for (HO-16). *handle_lost: v4.4 itself gives ESP_OK and no handle.
esp_err_t https_ota_find_length(struct https_ota *ota, bool *handle_lost);

// Range for the partial download's piece from `at` on (HO-16, HO-38).
esp_err_t https_ota_ask_first_range(struct https_ota *ota, uint32_t at);
esp_err_t https_ota_ask_next_range(struct https_ota *ota);

// HO-33.
esp_err_t https_ota_read_header(struct https_ota *ota);

// A handle that is open; NULL: it is not.
struct https_ota *https_ota_of(esp_https_ota_handle_t handle);

// Is `final` an app or a bootloader?
bool https_ota_has_header(const struct https_ota *ota);

#endif
