// What NVS keeps in RAM. Part of struct firmware: gone at every reset.
//
// The real code takes memory from the heap; these bounds stand for it, and what does not fit gives
// ESP_ERR_NO_MEM: running partitions of 1 MiB together, of at most 256 pages each.
#ifndef OTA_NVS_RAM_H
#define OTA_NVS_RAM_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_partition.h"
#include "include/nvs.h"
#include "nvs_entry.h"

#define NVS_PAGES_MAX      256u // of all running partitions together
#define NVS_STORAGES_MAX   8u   // partitions that run at a time
#define NVS_NAMESPACES_MAX 512u // of all running partitions together
#define NVS_HANDLES_MAX    64u
#define NVS_ITERATORS_MAX  16u

// NV-4. CORRUPT is the state in RAM of whatever is none of the others.
#define NVS_PAGE_UNINITIALIZED 0xFFFFFFFFu
#define NVS_PAGE_ACTIVE        0xFFFFFFFEu
#define NVS_PAGE_FULL          0xFFFFFFFCu
#define NVS_PAGE_FREEING       0xFFFFFFF8u
#define NVS_PAGE_CORRUPT       0xFFFFFFF0u

struct nvs_page {
    const esp_partition_t *partition;
    uint32_t base;  // offset in the partition, bytes
    uint32_t state; // one of the above
    uint32_t sequence;
    uint8_t version;    // of the format; kept over an erase (NV-50)
    uint8_t next;       // entry to write next; NVS_ENTRIES: none
    uint8_t hash_count; // of hashes[]
    uint32_t used;      // counter of WRITTEN entries, see NV-21
    uint32_t table[8];  // entry states as last read or programmed
    struct {
        uint32_t hash : 24, index : 8;
    } hashes[NVS_ENTRIES]; // of the first entry of each item, in the order in which they were met
};

struct nvs_storage {
    const esp_partition_t *partition; // NULL: free
    uint32_t page_count;
    struct nvs_page *pages; // one a sector, of nvs_ram.pages
    uint32_t next_sequence;
    uint32_t listed_count, free_count;
    uint8_t listed[NVS_PAGES_MAX]; // sectors in use, oldest first; the last one is the current page
    uint8_t free[NVS_PAGES_MAX];   // sectors to take, the next one first
};

struct nvs_namespace {
    const struct nvs_storage *storage;
    uint8_t index;
    char name[NVS_NS_NAME_MAX_SIZE];
};

struct nvs_open_handle {
    nvs_handle_t handle; // 0: free
    struct nvs_storage *storage;
    uint8_t name_space;
    nvs_open_mode_t mode;
};

struct nvs_opaque_iterator_t {
    bool open;
    struct nvs_storage *storage;
    int name_space; // -1: any
    nvs_type_t type;
    uint32_t listed_index; // where to go on: page in the list,
    uint32_t entry;        // and entry of it
    nvs_entry_info_t info; // of the item that it stands at
};

struct nvs_ram {
    bool used; // a partition was started since the reset: else all of this is zeros
    nvs_handle_t last_handle;
    struct nvs_open_handle handles[NVS_HANDLES_MAX];
    struct nvs_opaque_iterator_t iterators[NVS_ITERATORS_MAX];
    struct nvs_storage storages[NVS_STORAGES_MAX];
    uint32_t namespace_count;
    struct nvs_namespace namespaces[NVS_NAMESPACES_MAX]; // in the order in which they were met
    uint32_t pages_touched; // pages[] beyond have been all zeros since the reset: they need no clearing
    struct nvs_page pages[NVS_PAGES_MAX];
};

#endif
