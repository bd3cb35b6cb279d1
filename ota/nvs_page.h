// One page of an NVS partition: a sector with a header, entry states and 126 entries (NV-1 to NV-63).
//
// A page's RAM follows what it programs. Flash errors pass through unchanged.
#ifndef OTA_NVS_PAGE_H
#define OTA_NVS_PAGE_H

#include "include/esp_err.h"
#include "nvs_ram.h"

#define NVS_ANY 0xFF // namespace, type or chunk index that matches all

enum nvs_entry_state {
    NVS_ENTRY_ERASED = 0,
    NVS_ENTRY_ILLEGAL = 1,
    NVS_ENTRY_WRITTEN = 2,
    NVS_ENTRY_EMPTY = 3
};

// Whether erased entries are also overwritten with zeros (NV-112).
enum nvs_purge { NVS_KEEP_DATA, NVS_PURGE };

// As the release does it in repairs.
enum nvs_purge nvs_repair_purge(void);

// Reads a sector and repairs what a cut left in it (NV-20 to NV-25). ESP_ERR_NVS_NEW_VERSION_FOUND.
esp_err_t nvs_page_load(struct nvs_page *page, const esp_partition_t *partition, uint32_t base);

// The parts of it that meet what a cut left half-way: state, sequence number and version from the header (NV-20), and
// whether an entry's first word is anything but blank (NV-22).
esp_err_t nvs_page_load_header(struct nvs_page *page);
esp_err_t nvs_page_entry_begun(const struct nvs_page *page, uint32_t index, bool *begun);

enum nvs_entry_state nvs_page_entry_state(const struct nvs_page *page, uint32_t index);
esp_err_t nvs_page_read_entry(const struct nvs_page *page, uint32_t index, struct nvs_entry *out);
esp_err_t nvs_page_set_state(struct nvs_page *page, uint32_t state);
esp_err_t nvs_page_set_entry_state(struct nvs_page *page, uint32_t index, enum nvs_entry_state state);

bool nvs_consistent(const struct nvs_entry *entry, uint32_t index); // as the release checks it

// NV-30: the item at `index`, or only that entry when there is none to be believed.
esp_err_t nvs_page_erase_item(struct nvs_page *page, uint32_t index, enum nvs_purge purge);

// One entry, whatever it is; the counter stays as it is (NV-22).
esp_err_t nvs_page_erase_entry(struct nvs_page *page, uint32_t index, enum nvs_purge purge);

// Zeros over every item of the namespace that is ERASED and consistent (NV-112).
esp_err_t nvs_page_purge(const struct nvs_page *page, uint8_t name_space);

// The whole sector. The page is UNINITIALIZED then.
esp_err_t nvs_page_erase(struct nvs_page *page);

// Programs a header with the page's sequence number; the page is ACTIVE then.
esp_err_t nvs_page_activate(struct nvs_page *page);

// NV-50, NV-31, NV-32. ESP_ERR_NVS_PAGE_FULL, ESP_ERR_NVS_KEY_TOO_LONG, ESP_ERR_NVS_VALUE_TOO_LONG.
esp_err_t nvs_page_write(struct nvs_page *page, uint8_t name_space, uint8_t type, const char *key,
                         uint8_t chunk, const void *value, uint32_t length);

// Enters an item into the page's search list.
void nvs_page_list_item(struct nvs_page *page, const struct nvs_entry *entry, uint32_t index);

// Takes it out again.
void nvs_page_unlist_item(struct nvs_page *page, uint32_t index);

// The first listed item at `from` or behind it with this hash; NVS_ENTRIES: none.
uint32_t nvs_page_find_hash(const struct nvs_page *page, uint32_t hash, uint32_t from);

// Where an entry lies in the partition, in bytes.
uint32_t nvs_entry_offset(const struct nvs_page *page, uint32_t index);

// NV-31: 32 bytes where the next entry goes, and only then its state.
esp_err_t nvs_page_append(struct nvs_page *page, const uint8_t bytes[NVS_ENTRY_SIZE]);

struct nvs_query {
    uint8_t name_space; // or NVS_ANY
    uint8_t type;       // or NVS_ANY
    const char *key;    // cut to 15 characters; NULL: any
    uint8_t chunk;      // or NVS_ANY
    int chunk_start;    // of a blob index; -1: any
    uint32_t from;      // entry to begin at
};

// The first match (NV-34). ESP_ERR_NVS_NOT_FOUND, ESP_ERR_NVS_TYPE_MISMATCH. Inconsistent entries that are
// met are erased.
esp_err_t nvs_page_find(struct nvs_page *page, const struct nvs_query *query, uint32_t *index,
                        struct nvs_entry *entry);

// The first item of any kind from entry `from` on. ESP_ERR_NVS_NOT_FOUND.
esp_err_t nvs_page_next_item(struct nvs_page *page, uint32_t from, uint32_t *index, struct nvs_entry *entry);

// Where the next item may begin.
uint32_t nvs_item_end(uint32_t index, const struct nvs_entry *entry);

// Data of the variable-length item at `index`; a wrong CRC erases it: ESP_ERR_NVS_NOT_FOUND (NV-88).
esp_err_t nvs_page_read_data(struct nvs_page *page, uint32_t index, const struct nvs_entry *entry, void *out);

// Whether the item's data are these bytes, and their CRC is the stored one.
esp_err_t nvs_page_compare_data(const struct nvs_page *page, uint32_t index, const struct nvs_entry *entry,
                                const void *data, bool *equal);

// Copies every item to a fresh page (NV-63). ESP_FAIL: damage would lead out of a page.
esp_err_t nvs_page_copy_items(const struct nvs_page *from, struct nvs_page *to);

// Bytes that one more piece of a blob may have here (NV-73).
uint32_t nvs_page_room(const struct nvs_page *page);

#endif
