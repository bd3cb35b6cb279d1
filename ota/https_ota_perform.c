// esp_https_ota_perform: a piece of the image each call (HO-30 to HO-40).
#include <string.h>

#include "api_call.h"
#include "app_image.h"
#include "firmware.h"
#include "http_client.h"
#include "https_ota.h"

#define STATE_AS_CODE 2 // HO-39

static const char tag[] = "esp_https_ota";

// ---- the header ---------------------------------------------------------------------------------

esp_err_t https_ota_read_header(struct https_ota *ota) {
    uint32_t done = 0;
    for (uint32_t idle = 0; done < HTTPS_OTA_HEADER_SIZE;) {
        int got = esp_http_client_read(ota->client, ota->buffer + done, (int)(HTTPS_OTA_HEADER_SIZE - done));
        if (got == -ESP_ERR_HTTP_EAGAIN) {
            if (++idle == HTTPS_OTA_ROUNDS_MAX)
                https_ota_goes_on_for_ever("the server stalls, and the header is awaited without end");
            continue;
        }
        if (got <= 0)
            return refuse(tag, ESP_FAIL, "perform: the connection ended before the header of 1024 bytes");
        done += (uint32_t)got;
    }
    ota->header_read = true;
    return ESP_OK;
}

static esp_err_t check_inline(const struct https_ota *ota, const esp_image_header_t *header) {
    const struct firmware *ram = port_ram();
    if (header->chip_id != ram->target->chip_id)
        return refuse(tag, ESP_ERR_INVALID_VERSION, "perform: the image is for another chip");
    if (https_ota_profile()->https_revision_checked &&
        app_image_check_chip(header, ota->final->type == ESP_PARTITION_TYPE_BOOTLOADER, ram->app_build) !=
            ESP_OK)
        return refuse(tag, ESP_ERR_INVALID_VERSION, "perform: the image is for another chip revision");
    return ESP_OK;
}

// HO-34: would it run here?
static esp_err_t check_header(const struct https_ota *ota, const uint8_t *bytes) {
    esp_image_header_t header;
    esp_app_desc_t descriptor;
    if (!https_ota_profile()->https_chip_id_checked)
        return ESP_OK;
    memcpy(&header, bytes, sizeof header);
    memcpy(&descriptor, bytes + sizeof header + sizeof(esp_image_segment_header_t), sizeof descriptor);
    uint16_t chip = (uint16_t)header.chip_id, revision = header.min_chip_rev_full;
    https_ota_tell(ESP_HTTPS_OTA_VERIFY_CHIP_ID, &chip, sizeof chip);
    https_ota_tell(ESP_HTTPS_OTA_VERIFY_CHIP_REVISION, &revision, sizeof revision);
    if (!https_ota_profile()->has_skip_validate)
        return check_inline(ota, &header);
    bool spi_mode =
        ota->final->type == ESP_PARTITION_TYPE_APP && !port_ram()->app_build->https_ota.spi_mode_unverified;
    return esp_ota_check_image_validity(ota->final->type, &header, spi_mode ? &descriptor : NULL);
}

// ---- writing ------------------------------------------------------------------------------------

static esp_err_t write_piece(struct https_ota *ota, const void *bytes, uint32_t length) {
    esp_err_t code = esp_ota_write(ota->update, bytes, length);
    if (code == ESP_OK)
        ota->accepted += length;
    int32_t accepted = (int32_t)ota->accepted;
    https_ota_tell(ESP_HTTPS_OTA_WRITE_FLASH, &accepted, sizeof accepted);
    return code == ESP_OK ? ESP_ERR_HTTPS_OTA_IN_PROGRESS : code;
}

// What the callback makes of a piece. The output is its own.
static esp_err_t decrypt(struct https_ota *ota, uint32_t length, decrypt_cb_arg_t *out) {
    *out = (decrypt_cb_arg_t){.data_in = ota->buffer, .data_in_len = length};
    https_ota_tell(ESP_HTTPS_OTA_DECRYPT_CB, NULL, 0);
    return ota->decrypt(out, ota->decrypt_context);
}

static esp_err_t write_header(struct https_ota *ota) {
    const char *bytes = ota->buffer;
    uint32_t length = HTTPS_OTA_HEADER_SIZE;
    decrypt_cb_arg_t plain;
    if (ota->decrypt != NULL) {
        if (decrypt(ota, length, &plain) != ESP_OK || plain.data_out_len == 0)
            return refuse(tag, ESP_FAIL, "perform: the header is not decrypted");
        bytes = plain.data_out;
        length = (uint32_t)plain.data_out_len;
    }
    const uint32_t least =
        sizeof(esp_image_header_t) + sizeof(esp_image_segment_header_t) + sizeof(esp_app_desc_t);
    if (https_ota_has_header(ota)) {
        if (length < least)
            return refuse(tag, ESP_FAIL, "perform: fewer bytes than a header were decrypted");
        esp_err_t code = check_header(ota, (const uint8_t *)bytes);
        if (code != ESP_OK)
            return code;
    }
    return write_piece(ota, bytes, length);
}

// ---- states -------------------------------------------------------------------------------------

// HO-31.
static size_t erase_argument(const struct https_ota *ota) {
    if (!ota->bulk_erase)
        return OTA_WITH_SEQUENTIAL_WRITES;
    bool known = ota->image_length > 0 && https_ota_profile()->https_bulk_exact;
    return known ? (size_t)ota->image_length : OTA_SIZE_UNKNOWN;
}

static void set_final(struct https_ota *ota) {
    if (ota->final == NULL) // HO-19
        port_halt(PORT_HALT_CRASH, "staging and final partition are the same pointer: NULL is dereferenced");
    if (https_ota_profile()->has_final_partition)
        (void)esp_ota_set_final_partition(ota->update, ota->final, ota->finalize_with_copy);
}

static esp_err_t start_writing(struct https_ota *ota) {
    esp_err_t code = esp_ota_begin(ota->staging, erase_argument(ota), &ota->update);
    if (code != ESP_OK)
        return code;
    set_final(ota);
    ota->state = OTA_IN_PROGRESS;
    if (!https_ota_has_header(ota) && https_ota_profile()->https_data_unread)
        return ESP_ERR_HTTPS_OTA_IN_PROGRESS;
    if (!ota->header_read && (code = https_ota_read_header(ota)) != ESP_OK)
        return code;
    return write_header(ota);
}

static esp_err_t complete(struct https_ota *ota) {
    if (!ota->partial || ota->accepted == ota->image_length) {
        ota->state = OTA_SUCCESS;
        return ESP_OK;
    }
    if ((int64_t)ota->accepted > ota->image_length)
        return ESP_OK; // HO-38: and the state says that it goes on
    esp_err_t code = https_ota_ask_next_range(ota);
    return code == ESP_OK ? ESP_ERR_HTTPS_OTA_IN_PROGRESS : code;
}

static esp_err_t decrypt_and_write(struct https_ota *ota, uint32_t length) {
    decrypt_cb_arg_t plain;
    esp_err_t code = decrypt(ota, length, &plain);
    if (code != ESP_OK)
        return code;
    if (plain.data_out_len == 0)
        return STATE_AS_CODE;
    return write_piece(ota, plain.data_out, (uint32_t)plain.data_out_len);
}

static esp_err_t go_on(struct https_ota *ota) {
    int got = esp_http_client_read(ota->client, ota->buffer, (int)ota->buffer_size);
    if (got > 0)
        ota->idle = 0;
    if (got > 0)
        return ota->decrypt != NULL ? decrypt_and_write(ota, (uint32_t)got)
                                    : write_piece(ota, ota->buffer, (uint32_t)got);
    if (got == -ESP_ERR_HTTP_EAGAIN) {
        if (++ota->idle == HTTPS_OTA_ROUNDS_MAX)
            https_ota_goes_on_for_ever("the server stalls, and the rest is awaited without end");
        return ESP_ERR_HTTPS_OTA_IN_PROGRESS;
    }
    if (got < 0)
        return refuse(tag, ESP_FAIL, "perform: the download fails");
    if (!esp_http_client_is_complete_data_received(ota->client))
        return refuse(tag, ESP_FAIL, "perform: the connection closed before all had come");
    return complete(ota);
}

static esp_err_t resume(struct https_ota *ota) {
    esp_err_t code = esp_ota_resume(ota->staging, erase_argument(ota), ota->start, &ota->update);
    if (code != ESP_OK)
        return code;
    set_final(ota);
    ota->state = OTA_IN_PROGRESS;
    return go_on(ota);
}

static esp_err_t perform(struct https_ota *ota) {
    if (ota == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "perform: no such handle");
    switch (ota->state) {
    case OTA_BEGIN:
        return start_writing(ota);
    case OTA_RESUME:
        return resume(ota);
    case OTA_IN_PROGRESS:
        return go_on(ota);
    case OTA_INIT:
    case OTA_SUCCESS:
        break;
    }
    return refuse(tag, ESP_FAIL, "perform: the download is in no state for it");
}

esp_err_t esp_https_ota_perform(esp_https_ota_handle_t https_ota_handle) {
    API_CALL(esp_err_t, perform(https_ota_of(https_ota_handle)));
}
