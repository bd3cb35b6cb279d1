// A download by esp_https_ota, as a scenario writes it: the fields of the component's configuration by their names.
#ifndef SIM_LANGUAGE_HTTPS_DOWNLOAD_H
#define SIM_LANGUAGE_HTTPS_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum download_trust { TRUSTS_CERTIFICATE, TRUSTS_BUNDLE, TRUSTS_GLOBAL_STORE, TRUSTS_NOTHING };

struct https_download {
    char *url;
    enum download_trust trust;
    bool skip_cert_common_name_check;
    char *common_name, *username, *password; // NULL: none
    bool keep_alive_enable;
    uint32_t timeout_ms, buffer_size;  // 0: the component's own
    int32_t max_authorization_retries; // 0: the component's own
    bool bulk_flash_erase, partial_http_download;
    uint32_t max_http_request_size;
    bool ota_resumption;
    uint32_t ota_image_bytes_written;
    char *staging, *final; // labels; NULL: not given
    bool finalize_with_copy;
    bool decrypts; // decrypt_cb turns every bit over
    uint32_t enc_img_header_size;
    char *record;        // label of a data partition in which the app keeps how far it came; NULL: none
    uint32_t keep_every; // bytes between two notes of it; 0: after each piece
};

void https_download_free(struct https_download *download);

#endif
