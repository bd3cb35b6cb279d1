// What an NVS partition holds: pages and entries as they lie there, the values that the library finds, and what
// its start-up would repair.
#ifndef SIM_INSPECT_NVS_VIEW_H
#define SIM_INSPECT_NVS_VIEW_H

#include "../../ota/nvs_page.h"
#include "../../ota/release_profile.h"
#include "../base/error.h"
#include "../provision/nvs_csv.h"

struct nvs_entry_view {
    enum nvs_entry_state state;
    bool is_data;    // of the item before it
    bool consistent; // an item that is to be believed
    bool data_right; // CRC of its data; true for items without
    struct nvs_entry entry;
};

struct nvs_page_view {
    uint32_t state;      // NVS_PAGE_...; NVS_PAGE_CORRUPT: none that the library writes
    uint32_t state_word; // as it lies there
    bool header_right;   // CRC
    uint32_t sequence;
    uint8_t version;
    uint32_t written, erased, empty, illegal; // entries
    struct nvs_entry_view entries[NVS_ENTRIES];
};

struct nvs_view {
    struct nvs_page_view *pages; // as they lie there; owned
    uint32_t page_count;
    bool blank;               // all FF
    esp_err_t start;          // what start-up gives
    uint64_t repairs;         // its flash operations
    char *repair_text;        // what they change, a line each; owned
    struct nvs_items values;  // found after it
    struct nvs_items damaged; // found, but their data cannot be read: only names and types
    nvs_stats_t statistics;   // after start-up; zeros when that failed
};

// `length`: a multiple of 4096, at most NVS_IMAGE_SIZE_MAX. False: it is not.
bool nvs_view_read(const uint8_t *bytes, size_t length, const struct release_profile *release,
                   struct nvs_view *out, struct error *error);
void nvs_view_free(struct nvs_view *view);

// Nothing is damaged, and start-up succeeds without a repair.
bool nvs_view_healthy(const struct nvs_view *view);

const char *nvs_page_state_name(uint32_t state); // "ACTIVE"

// For people. `entries`: each entry has a line, else each page.
void nvs_view_text(const struct nvs_view *view, bool entries, struct buffer *out);

#define NVS_JSON_FORMAT "ota-sim-nvs/1"
#define NVS_JSON_MARK   "\"format\": \"ota-sim-nvs/"

// For programs: docs/nvs.md says what is in it; a file of its own begins with a member `format`.
struct json_t *nvs_view_json(const struct nvs_view *view);

// How the values of two partitions differ, a line each. True: they do not.
bool nvs_view_diff(const struct nvs_view *a, const struct nvs_view *b, struct buffer *out);

#endif
