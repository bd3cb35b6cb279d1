// Update operations: begin or resume, write, end or abort (AU-10 to AU-80).
//
// With flash encryption, writes would pass through a 16-byte tail buffer of the operation (AU-45, AU-72):
// write_data and end_operation are its places.
#include <string.h>

#include "api_call.h"
#include "app_image.h"
#include "app_otadata.h"
#include "firmware.h"
#include "include/esp_flash.h"
#include "include/esp_ota_ops.h"
#include "partition_table.h"
#include "port.h"

#define SECTOR_SIZE 4096u

static const char tag[] = "ota";

static const struct release_profile *profile(void) {
    return port_ram()->app_build->profile;
}

// ---- operations ---------------------------------------------------------------------------------

static struct ota_operation *find_operation(esp_ota_handle_t handle) {
    struct ota_operation *operations = port_ram()->operations;
    for (uint32_t i = 0; handle != 0 && i < FIRMWARE_OPERATIONS_MAX; i++)
        if (operations[i].handle == handle)
            return &operations[i];
    return NULL;
}

static bool is_in_use(const esp_partition_t *partition) {
    const struct ota_operation *operations = port_ram()->operations;
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++)
        if (operations[i].handle != 0 &&
            (operations[i].staging == partition || operations[i].final == partition))
            return true;
    return false;
}

// NULL: no memory.
static struct ota_operation *open_operation(const esp_partition_t *partition) {
    struct firmware *ram = port_ram();
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++) {
        if (ram->operations[i].handle == 0) {
            ram->operations[i] = (struct ota_operation){
                .handle = ++ram->last_handle, .staging = partition, .final = partition};
            return &ram->operations[i];
        }
    }
    return NULL;
}

static void close_operation(struct ota_operation *operation) {
    *operation = (struct ota_operation){0};
}

static void allow_dangerous_writes(const esp_partition_t *partition) {
    if (partition->type == ESP_PARTITION_TYPE_BOOTLOADER ||
        partition->type == ESP_PARTITION_TYPE_PARTITION_TABLE)
        port_ram()->dangerous_writes_allowed = true; // for good: nothing switches it back (AU-12)
}

// AU-12: an image staged for the bootloader counts as a bootloader image from now on (IMG-35).
static void prepare_target(const esp_partition_t *partition) {
    if (partition->type == ESP_PARTITION_TYPE_BOOTLOADER)
        port_ram()->bootloader_offset = partition->address;
    allow_dangerous_writes(partition);
}

// ---- begin --------------------------------------------------------------------------------------

static bool may_be_updated(const esp_partition_t *partition) {
    return app_is_slot(partition) ||
           (profile()->begin_accepts_data_partitions && partition->type != ESP_PARTITION_TYPE_APP);
}

static bool running_is_pending(void) {
    esp_ota_img_states_t state;
    return esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&
           state == ESP_OTA_IMG_PENDING_VERIFY;
}

// Rows 1 to 6 of AU-10. *listed: the list's pointer.
static esp_err_t check_begin(const esp_partition_t *partition, const esp_partition_t **listed) {
    const esp_partition_t *found = esp_partition_verify(partition);
    if (found == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "begin: the table has no such partition");
    if (!may_be_updated(found))
        return refuse(tag, ESP_ERR_INVALID_ARG, "begin: the partition is not an OTA slot");
    if (found->type == ESP_PARTITION_TYPE_APP) {
        if (found == esp_ota_get_running_partition())
            return refuse(tag, ESP_ERR_OTA_PARTITION_CONFLICT, "begin: the app runs from this partition");
        if (port_ram()->app_build->rollback && running_is_pending()) {
            return refuse(tag, ESP_ERR_OTA_ROLLBACK_INVALID_STATE,
                          "begin: the running app is not confirmed yet");
        }
    }
    if (profile()->operation_conflicts_refused && is_in_use(found))
        return refuse(tag, ESP_ERR_OTA_ALREADY_IN_PROGRESS, "begin: an open operation uses the partition");
    *listed = found;
    return ESP_OK;
}

// AU-13.
static esp_err_t erase_for(const esp_partition_t *partition, uint32_t image_size) {
    if (image_size == OTA_WITH_SEQUENTIAL_WRITES)
        return ESP_OK;
    if (image_size == 0 || image_size == OTA_SIZE_UNKNOWN)
        return esp_partition_erase_range(partition, 0, partition->size);
    uint32_t rounded =
        (image_size + SECTOR_SIZE - 1) / SECTOR_SIZE * SECTOR_SIZE; // sizes near 2^32 wrap to 0
    return esp_partition_erase_range(partition, 0, rounded);
}

static esp_err_t begin(const esp_partition_t *partition, uint32_t image_size, esp_ota_handle_t *out_handle) {
    if (partition == NULL || out_handle == NULL)
        return ESP_ERR_INVALID_ARG;
    const esp_partition_t *listed;
    esp_err_t code = check_begin(partition, &listed);
    if (code != ESP_OK)
        return code;
    bool erase_first = !profile()->begin_failure_keeps_operation;
    if (erase_first && (code = erase_for(listed, image_size)) != ESP_OK)
        return code;
    struct ota_operation *operation = open_operation(listed);
    if (operation == NULL)
        return ESP_ERR_NO_MEM;
    operation->sequential_erase = image_size == OTA_WITH_SEQUENTIAL_WRITES;
    *out_handle = operation->handle;
    prepare_target(listed);
    if (!erase_first && (code = erase_for(listed, image_size)) != ESP_OK)
        return code; // the operation stays open (AU-14)
    if (port_ram()->app_build->rollback && app_is_slot(listed) && profile()->begin_erases_inactive_entry)
        (void)esp_ota_invalidate_inactive_ota_data_slot(); // AU-22
    return ESP_OK;
}

esp_err_t esp_ota_begin(const esp_partition_t *partition, size_t image_size, esp_ota_handle_t *out_handle) {
    API_CALL(esp_err_t, begin(partition, (uint32_t)image_size, out_handle));
}

// ---- resume -------------------------------------------------------------------------------------

static esp_err_t check_resume(const esp_partition_t *partition, const esp_partition_t **listed) {
    const esp_partition_t *found = esp_partition_verify(partition);
    if (found == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "resume: the table has no such partition");
    if (!may_be_updated(found))
        return refuse(tag, ESP_ERR_INVALID_ARG, "resume: the partition is not an OTA slot");
    if (found == esp_ota_get_running_partition())
        return refuse(tag, ESP_ERR_OTA_PARTITION_CONFLICT, "resume: the app runs from this partition");
    if (profile()->resume_checks_pending && port_ram()->app_build->rollback &&
        found->type == ESP_PARTITION_TYPE_APP && running_is_pending()) {
        return refuse(tag, ESP_ERR_OTA_ROLLBACK_INVALID_STATE,
                      "resume: the running app is not confirmed yet");
    }
    if (profile()->operation_conflicts_refused && is_in_use(found))
        return refuse(tag, ESP_ERR_OTA_ALREADY_IN_PROGRESS, "resume: an open operation uses the partition");
    *listed = found;
    return ESP_OK;
}

static esp_err_t resume(const esp_partition_t *partition, uint32_t erase_size, uint32_t image_offset,
                        esp_ota_handle_t *out_handle) {
    if (!profile()->has_resume)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "this release has no esp_ota_resume");
    if (partition == NULL || out_handle == NULL || image_offset > partition->size)
        return ESP_ERR_INVALID_ARG;
    const esp_partition_t *listed;
    esp_err_t code = check_resume(partition, &listed);
    if (code != ESP_OK)
        return code;
    struct ota_operation *operation = open_operation(listed);
    if (operation == NULL)
        return ESP_ERR_NO_MEM;
    operation->sequential_erase = erase_size == OTA_WITH_SEQUENTIAL_WRITES;
    operation->wrote_size = image_offset;
    operation->resumed = true;
    prepare_target(listed);
    *out_handle = operation->handle;
    return ESP_OK;
}

esp_err_t esp_ota_resume(const esp_partition_t *partition, const size_t erase_size, const size_t image_offset,
                         esp_ota_handle_t *out_handle) {
    API_CALL(esp_err_t, resume(partition, (uint32_t)erase_size, (uint32_t)image_offset, out_handle));
}

// ---- the final partition ------------------------------------------------------------------------

static esp_err_t set_final_partition(esp_ota_handle_t handle, const esp_partition_t *final,
                                     bool finalize_with_copy) {
    if (!profile()->has_final_partition)
        return refuse(tag, ESP_ERR_NOT_SUPPORTED, "this release has no esp_ota_set_final_partition");
    if (final == NULL)
        return ESP_ERR_INVALID_ARG;
    struct ota_operation *operation = find_operation(handle);
    if (operation == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "set_final_partition: no such handle");
    if (operation->wrote_size != 0 && !operation->resumed)
        return refuse(tag, ESP_ERR_INVALID_STATE, "set_final_partition: bytes have been written already");
    if (final == operation->staging)
        return ESP_OK;
    const esp_partition_t *listed = esp_partition_verify(final);
    if (listed == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "set_final_partition: the table has no such partition");
    operation->final = listed;
    operation->finalize_with_copy = finalize_with_copy;
    if (listed->type == ESP_PARTITION_TYPE_BOOTLOADER)
        port_ram()->bootloader_offset = operation->staging->address;
    allow_dangerous_writes(listed);
    return ESP_OK;
}

esp_err_t esp_ota_set_final_partition(esp_ota_handle_t handle, const esp_partition_t *final,
                                      bool finalize_with_copy) {
    API_CALL(esp_err_t, set_final_partition(handle, final, finalize_with_copy));
}

// ---- write --------------------------------------------------------------------------------------

// AU-42: the sectors that this write is the first to reach.
static esp_err_t erase_ahead(const struct ota_operation *operation, uint32_t size) {
    uint32_t position = operation->wrote_size;
    bool next_too = profile()->sequential_write_erases_next; // RL-11, RL-12
    uint32_t first = position / SECTOR_SIZE, last = (position + size - (next_too ? 0 : 1)) / SECTOR_SIZE;
    if (position % SECTOR_SIZE != 0)
        first++;
    if (first > last)
        return ESP_OK;
    return esp_partition_erase_range(operation->staging, first * SECTOR_SIZE,
                                     (last - first + 1) * SECTOR_SIZE);
}

// AU-43: do the first bytes look like what the final partition is for?
static bool begins_right(const esp_partition_t *final, const uint8_t *data, uint32_t size) {
    if (final->type == ESP_PARTITION_TYPE_APP || final->type == ESP_PARTITION_TYPE_BOOTLOADER)
        return data[0] == ESP_IMAGE_HEADER_MAGIC;
    if (final->type == ESP_PARTITION_TYPE_PARTITION_TABLE) {
        if (size <
            2) // D10: earlier releases compare a byte that lies behind the data; it is taken as a wrong one
            return profile()->table_magic_needs_two_bytes;
        return data[0] == (ESP_PARTITION_MAGIC & 0xFF) && data[1] == ESP_PARTITION_MAGIC >> 8;
    }
    return true;
}

static esp_err_t write_data(esp_ota_handle_t handle, const void *data, uint32_t size) {
    if (data == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "write: no data");
    if (size == 0 && !profile()->empty_write_needs_operation)
        return ESP_OK;
    struct ota_operation *operation = find_operation(handle);
    if (operation == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "write: no such handle");
    esp_err_t code = operation->sequential_erase ? erase_ahead(operation, size) : ESP_OK;
    if (code != ESP_OK)
        return code;
    if (operation->wrote_size == 0 && size > 0 && !begins_right(operation->final, data, size))
        return refuse(tag, ESP_ERR_OTA_VALIDATE_FAILED, "write: the first bytes have the wrong magic");
    code = esp_partition_write(operation->staging, operation->wrote_size, data, size);
    if (code == ESP_OK)
        operation->wrote_size += size;
    return code;
}

esp_err_t esp_ota_write(esp_ota_handle_t handle, const void *data, size_t size) {
    API_CALL(esp_err_t, write_data(handle, data, (uint32_t)size));
}

static esp_err_t write_with_offset(esp_ota_handle_t handle, const void *data, uint32_t size,
                                   uint32_t offset) {
    struct ota_operation *operation = find_operation(handle);
    if (data == NULL || operation == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "write_with_offset: no data or no such handle");
    require(!operation->sequential_erase,
            "assertion: write_with_offset on an operation with sequential erase");
    esp_err_t code = esp_partition_write(operation->staging, offset, data, size);
    if (code == ESP_OK)
        operation->wrote_size += size;
    return code;
}

esp_err_t esp_ota_write_with_offset(esp_ota_handle_t handle, const void *data, size_t size, uint32_t offset) {
    API_CALL(esp_err_t, write_with_offset(handle, data, (uint32_t)size, offset));
}

// ---- end and abort ------------------------------------------------------------------------------

static esp_err_t verify_table(const esp_partition_t *staging) {
    const void *table;
    esp_partition_mmap_handle_t mapping;
    esp_err_t code =
        esp_partition_mmap(staging, 0, PARTITION_TABLE_SIZE, ESP_PARTITION_MMAP_DATA, &table, &mapping);
    if (code != ESP_OK)
        return code;
    uint32_t rows;
    code = partition_table_verify(table, firmware_flash_size(), profile(), &rows);
    esp_partition_munmap(mapping);
    return code == ESP_OK ? ESP_OK
                          : refuse(tag, ESP_ERR_OTA_VALIDATE_FAILED, "end: the partition table is not valid");
}

// AU-73: by what the bytes are for, where they are.
static esp_err_t verify_written(const struct ota_operation *operation) {
    const esp_partition_t *staging = operation->staging;
    struct app_image image;
    switch (operation->final->type) {
    case ESP_PARTITION_TYPE_APP:
    case ESP_PARTITION_TYPE_BOOTLOADER:
        if (app_image_verify(APP_IMAGE_VERIFY, staging->address, staging->size, &image) != ESP_OK)
            return refuse(tag, ESP_ERR_OTA_VALIDATE_FAILED, "end: the image is not valid");
        return ESP_OK;
    case ESP_PARTITION_TYPE_PARTITION_TABLE:
        return verify_table(staging);
    default:
        return ESP_OK;
    }
}

static esp_err_t finish(const struct ota_operation *operation) {
    if (operation->wrote_size == 0)
        return refuse(tag, ESP_ERR_INVALID_ARG, "end: nothing was written");
    esp_err_t code = verify_written(operation);
    if (code == ESP_OK && operation->finalize_with_copy)
        code = esp_partition_copy(operation->final, 0, operation->staging, 0, operation->final->size);
    return code;
}

static esp_err_t end_operation(esp_ota_handle_t handle) {
    struct ota_operation *operation = find_operation(handle);
    if (operation == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "end: no such handle");
    esp_err_t code = finish(operation);
    if (operation->final->type == ESP_PARTITION_TYPE_BOOTLOADER)
        port_ram()->bootloader_offset = 0; // the primary one again (AU-76)
    close_operation(operation);
    return code;
}

esp_err_t esp_ota_end(esp_ota_handle_t handle) {
    API_CALL(esp_err_t, end_operation(handle));
}

static esp_err_t abort_operation(esp_ota_handle_t handle) {
    struct ota_operation *operation = find_operation(handle);
    if (operation == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "abort: no such handle");
    close_operation(operation);
    return ESP_OK;
}

esp_err_t esp_ota_abort(esp_ota_handle_t handle) {
    API_CALL(esp_err_t, abort_operation(handle));
}
