// What somebody with a flash reader sees on a board: partitions, otadata, the images' descriptors.
// Unobtrusive, but seen by the board's observer (board_inspect), so that outcomes that depend on it are
// remembered rightly.
#ifndef SIM_PLAY_DEVICE_VIEW_H
#define SIM_PLAY_DEVICE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/otadata.h"
#include "../../ota/partition_table.h"
#include "../base/buffer.h"
#include "../explore/recovery.h"
#include "../hw/board.h"
#include "../language/scenario.h"

struct device_view {
    uint32_t partition_count;
    struct partition_row partitions[PARTITION_TABLE_ROWS_MAX];
    uint32_t slot_count;                 // OTA slots as the application counts them (OD-17)
    const struct partition_row *otadata; // into `partitions`; NULL: none
    struct otadata_entry entries[2];     // blank when there is no otadata
};

// The view must not be copied: `otadata` points into it.
void device_view_read(struct board *board, struct device_view *out);

const struct partition_row *device_partition_at(const struct device_view *view, uint32_t address);
const struct partition_row *device_partition_labelled(const struct device_view *view, const char *label);

// The slot number of an OTA app partition; -1: it is none.
int device_slot_of(const struct partition_row *partition);

const struct partition_row *device_factory(const struct device_view *view); // NULL: there is none
const struct partition_row *device_test(const struct device_view *view);

// The partition of a slot; NULL: there is none.
const struct partition_row *device_slot(const struct device_view *view, uint32_t slot);

// What otadata says of a partition, as esp_ota_get_state_partition finds it (AU-130); STATE_NOT_RECORDED when
// no entry speaks of it.
uint32_t device_state_of(const struct device_view *view, const struct partition_row *partition);

// What an otadata entry says.
struct slot_record device_record(const struct device_view *view, int entry);

// "NEW", "PENDING_VERIFY", ..., "UNDEFINED", "not recorded"; else the number.
const char *device_state_name(uint32_t state);

// Both entries decoded, a line each: "otadata[0]  seq 3  VALID  -> ota_0  (active)".
void device_otadata_print(const struct device_view *view, struct buffer *out);

// ---- images -------------------------------------------------------------------------------------

struct device_image {
    char version[33]; // "" when there is no descriptor
    uint32_t secure_version;
    int32_t index;                // into scenario.images; -1: none of them
    char words[IMAGE_WORDS_SIZE]; // for people: "old 1.0.0", by the scenario's name; "1.0.0" when it has none
};

// The image in the partition that begins at `address`: it is the scenario's by its descriptor and, when several have the
// same, by all of its bytes.
void device_image_read(struct board *board, const struct scenario *scenario, uint32_t address,
                       struct device_image *out);

#define CONTENT_NO_IMAGE UINT64_MAX

// What the image in a partition (NULL: none) consists of: equal for equal bytes up to its end, its hash left
// out. CONTENT_NO_IMAGE: there is no image of the right shape. Never 0.
uint64_t device_image_content(struct board *board, const struct partition_row *partition);

#endif
