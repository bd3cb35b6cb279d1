// The calls: esp_ota_* functions that a scenario can make, what they take and what they give.
#include <assert.h>
#include <string.h>

#include "call_row.h"
#include "step_row.h"

static const struct call_row rows[] = {
    [CALL_BEGIN] = {.name = "begin",
                    .word = "begin",
                    .main = "partition",
                    .takes = TAKES_PARTITION | TAKES_IMAGE | TAKES_SIZE | OPENS_HANDLE,
                    .partition = DEFAULT_NEXT,
                    .part = BEGINS_UPDATE,
                    .help = "opens an operation; `image` is for `size: image`"},
    [CALL_RESUME] = {.name = "resume",
                     .word = "resume",
                     .main = "partition",
                     .takes = TAKES_PARTITION | TAKES_IMAGE | TAKES_SIZE | TAKES_OFFSET | OPENS_HANDLE,
                     .partition = DEFAULT_NEXT,
                     .part = BEGINS_UPDATE,
                     .help = "opens an operation that goes on at `offset`"},
    [CALL_WRITE] = {.name = "write",
                    .word = "write",
                    .main = "image",
                    .takes = NEEDS_IMAGE | TAKES_OFFSET | TAKES_LENGTH | TAKES_HANDLE,
                    .part = WRITES_UPDATE,
                    .help = "appends the image, or `length` bytes of it from `offset`"},
    [CALL_WRITE_WITH_OFFSET] = {.name = "write_with_offset",
                                .word = "write_with_offset",
                                .main = "image",
                                .takes = NEEDS_IMAGE | TAKES_OFFSET | TAKES_LENGTH | TAKES_HANDLE,
                                .part = WRITES_UPDATE,
                                .help = "the same, to the same `offset` of the partition"},
    [CALL_SET_FINAL_PARTITION] = {.name = "set_final_partition",
                                  .word = "set_final_partition",
                                  .main = "partition",
                                  .takes = TAKES_PARTITION | TAKES_COPY | TAKES_HANDLE,
                                  .partition = DEFAULT_NEXT,
                                  .help = "where the image goes in the end"},
    [CALL_END] = {.name = "end",
                  .word = "end",
                  .main = "handle",
                  .takes = TAKES_HANDLE,
                  .help = "closes the operation and validates the image"},
    [CALL_ABORT] = {.name = "abort",
                    .word = "abort",
                    .main = "handle",
                    .takes = TAKES_HANDLE,
                    .part = ABORTS_UPDATE,
                    .help = "gives the operation up"},
    [CALL_SET_BOOT_PARTITION] = {.name = "set_boot_partition",
                                 .word = "set_boot",
                                 .main = "partition",
                                 .takes = TAKES_PARTITION,
                                 .partition = DEFAULT_NEXT,
                                 .part = SELECTS_UPDATE,
                                 .help = "selects what boots next"},
    [CALL_SET_BOOT_PARTITION_SKIP_VALIDATE] = {.name = "set_boot_partition_skip_validate",
                                               .word = "set_boot_skip_validate",
                                               .main = "partition",
                                               .takes = TAKES_PARTITION,
                                               .partition = DEFAULT_NEXT,
                                               .part = SELECTS_UPDATE,
                                               .help = "the same, without a look at the image"},
    [CALL_MARK_VALID] = {.name = "mark_app_valid_cancel_rollback",
                         .word = "confirm",
                         .help = "the running app confirms itself"},
    [CALL_MARK_INVALID] = {.name = "mark_app_invalid_rollback",
                           .word = "mark_invalid",
                           .help = "the running app gives itself up; no restart"},
    [CALL_MARK_INVALID_AND_REBOOT] = {.name = "mark_app_invalid_rollback_and_reboot",
                                      .word = "mark_invalid_and_reboot",
                                      .resets = true,
                                      .help = "the running app gives itself up and restarts"},
    [CALL_ERASE_LAST_BOOT_APP] = {.name = "erase_last_boot_app_partition",
                                  .word = "erase_last_boot_app",
                                  .help = "erases the app that ran before"},
    [CALL_INVALIDATE_INACTIVE] = {.name = "invalidate_inactive_ota_data_slot",
                                  .word = "invalidate_inactive",
                                  .help = "erases the record that is not active"},
    [CALL_GET_BOOT_PARTITION] = {.name = "get_boot_partition",
                                 .word = "query",
                                 .gives = GIVES_PARTITION,
                                 .help = "gives what boots next"},
    [CALL_GET_RUNNING_PARTITION] = {.name = "get_running_partition",
                                    .word = "query",
                                    .gives = GIVES_PARTITION,
                                    .help = "gives what runs"},
    [CALL_GET_NEXT_UPDATE_PARTITION] = {.name = "get_next_update_partition",
                                        .word = "query",
                                        .main = "partition",
                                        .takes = TAKES_PARTITION,
                                        .gives = GIVES_PARTITION,
                                        .help = "gives where an update goes, from `partition` on"},
    [CALL_GET_LAST_INVALID_PARTITION] = {.name = "get_last_invalid_partition",
                                         .word = "query",
                                         .gives = GIVES_PARTITION,
                                         .help = "gives the slot that failed last"},
    [CALL_GET_STATE] = {.name = "get_state_partition",
                        .word = "query",
                        .main = "partition",
                        .takes = TAKES_PARTITION,
                        .partition = DEFAULT_RUNNING,
                        .gives = GIVES_STATE,
                        .help = "gives what otadata says of a slot"},
    [CALL_GET_DESCRIPTION] = {.name = "get_partition_description",
                              .word = "query",
                              .main = "partition",
                              .takes = TAKES_PARTITION,
                              .partition = DEFAULT_RUNNING,
                              .gives = GIVES_VERSION,
                              .help = "reads an image's descriptor; `result` is its version"},
    [CALL_GET_PARTITION_COUNT] = {.name = "get_app_partition_count",
                                  .word = "query",
                                  .gives = GIVES_NUMBER,
                                  .help = "gives how many slots there are"},
    [CALL_CHECK_ROLLBACK_POSSIBLE] = {.name = "check_rollback_is_possible",
                                      .word = "query",
                                      .gives = GIVES_TRUTH,
                                      .help = "gives whether another slot could boot"},
    [CALL_CHECK_IMAGE_VALIDITY] = {.name = "check_image_validity",
                                   .word = "query",
                                   .main = "image",
                                   .takes = NEEDS_IMAGE,
                                   .help = "judges an image by its header and descriptor"},
    [CALL_PARTITION_ERASE] = {.name = "esp_partition_erase_range",
                              .word = "partition_erase",
                              .main = "partition",
                              .takes = NEEDS_PARTITION | TAKES_OFFSET | TAKES_LENGTH,
                              .help = "erases `length` bytes from `offset`, or all of it"},
    [CALL_PARTITION_WRITE] =
        {.name = "esp_partition_write",
         .word = "partition_write",
         .main = "partition",
         .takes = NEEDS_PARTITION | TAKES_OFFSET | NEEDS_BYTES,
         .help = "programs `bytes`, `text`, `fill`, `random`, `image` or `file` at `offset`"},
    [CALL_PARTITION_READ] = {.name = "esp_partition_read",
                             .word = "partition_read",
                             .main = "partition",
                             .takes = NEEDS_PARTITION | TAKES_OFFSET | TAKES_LENGTH,
                             .gives = GIVES_BYTES,
                             .help = "reads; `result` is the first 32 bytes"},
    [CALL_PARTITION_MMAP] = {.name = "esp_partition_mmap",
                             .word = "partition_mmap",
                             .main = "partition",
                             .takes = NEEDS_PARTITION | TAKES_OFFSET | TAKES_LENGTH,
                             .gives = GIVES_BYTES,
                             .help = "maps for reading until the next reset; `result` is the first 32 bytes"},
    [CALL_FLASH_ERASE] = {.name = "esp_flash_erase_region",
                          .word = "flash_erase",
                          .main = "address",
                          .takes = NEEDS_ADDRESS | TAKES_LENGTH,
                          .help = "erases `length` bytes at a place of flash"},
    [CALL_FLASH_WRITE] = {.name = "esp_flash_write",
                          .word = "flash_write",
                          .main = "address",
                          .takes = NEEDS_ADDRESS | NEEDS_BYTES,
                          .help = "programs bytes at a place of flash"},
    [CALL_FLASH_READ] = {.name = "esp_flash_read",
                         .word = "flash_read",
                         .main = "address",
                         .takes = NEEDS_ADDRESS | TAKES_LENGTH,
                         .gives = GIVES_BYTES,
                         .help = "reads a place of flash; `result` is the first 32 bytes"},
    [CALL_FLASH_PROTECTION] = {.name = "esp_flash_set_dangerous_write_protection",
                               .word = "flash_protection",
                               .main = "protect",
                               .takes = TAKES_PROTECT,
                               .help =
                                   "`no` lets writes to table and running app through, until the next reset"},
};

static_assert(sizeof rows / sizeof *rows == CALL_COUNT, "a call without its row");

const struct call_row *call_row(enum ota_call call) {
    assert((size_t)call < CALL_COUNT);
    return &rows[call];
}

bool call_returns_code(const struct call_row *row) {
    switch (row->gives) {
    case GIVES_CODE:
    case GIVES_STATE:
    case GIVES_VERSION:
    case GIVES_BYTES:
        return true;
    case GIVES_PARTITION:
    case GIVES_NUMBER:
    case GIVES_TRUTH:
        break;
    }
    return false;
}

bool call_find(const char *name, enum ota_call *out) {
    for (size_t i = 0; i < CALL_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *out = (enum ota_call)i;
            return true;
        }
    return false;
}
