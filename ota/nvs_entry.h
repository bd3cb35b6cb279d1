// An NVS entry as it lies in flash, and when one is to be believed (NV-6 to NV-11).
#ifndef OTA_NVS_ENTRY_H
#define OTA_NVS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#define NVS_PAGE_SIZE    4096u
#define NVS_TABLE_OFFSET 32u // entry states in a page (NV-1)
#define NVS_DATA_OFFSET  64u // entry 0
#define NVS_ENTRIES      126u
#define NVS_ENTRY_SIZE   32u

#define NVS_CHUNK_MAX  4000u // longest string or piece of a blob: 125 entries
#define NVS_CHUNKS_MAX 127u
#define NVS_KEY_MAX    15u // characters

// Types that only lie in flash; the others are those of nvs.h.
#define NVS_ITEM_LEGACY_BLOB 0x41 // whole in one item; not written any more
#define NVS_ITEM_BLOB_DATA   0x42 // a piece of a blob
#define NVS_ITEM_BLOB_INDEX  0x48

#define NVS_CHUNK_NONE      0xFF // chunk index of everything but blob data
#define NVS_VERSION_0_START 0x00 // chunks of a blob count from here
#define NVS_VERSION_1_START 0x80 // or, every other time, from here

struct nvs_entry {
    uint8_t name_space; // 0: the directory of namespaces
    uint8_t type;
    uint8_t span; // entries, this one included
    uint8_t chunk;
    uint32_t crc;
    uint8_t key[16];
    uint8_t value[8]; // see the accessors
};

void nvs_entry_decode(const uint8_t bytes[NVS_ENTRY_SIZE], struct nvs_entry *out);
void nvs_entry_encode(const struct nvs_entry *entry, uint8_t bytes[NVS_ENTRY_SIZE]);

// An entry for a value, its CRC set. Integers and the blob index: `value` of `length` bytes (1 to 8);
// variable-length types: the data, which go into the entries behind it.
struct nvs_entry nvs_entry_make(uint8_t name_space, uint8_t type, const char *key, uint8_t chunk,
                                const void *value, uint32_t length);
uint32_t nvs_entry_crc(const struct nvs_entry *entry);

// String, legacy blob, blob data.
bool nvs_type_is_variable(uint8_t type);
uint32_t nvs_entry_length(const struct nvs_entry *entry);      // of the data, in bytes; variable-length types
uint32_t nvs_entry_data_crc(const struct nvs_entry *entry);    // variable-length types
uint32_t nvs_entry_blob_length(const struct nvs_entry *entry); // blob index: bytes of the whole blob,
uint8_t nvs_entry_chunk_count(const struct nvs_entry *entry);  // its pieces,
uint8_t nvs_entry_chunk_start(const struct nvs_entry *entry);  // and the chunk index of the first

// Two versions of a blob share the chunk indices: of the same one?
bool nvs_same_version(uint8_t chunk, uint8_t other);

// Bytes of an integer, float or double: 1, 2, 4 or 8; other types: 0.
uint32_t nvs_type_size(uint8_t type);

// Is the entry consistent at place `index` of a page? `fully`: NV-11, otherwise only its CRC (NV-12).
// `floats`: the release knows the types of NV-114.
bool nvs_entry_consistent(const struct nvs_entry *entry, uint32_t index, bool fully, bool floats);

// What pages look for first: 24 bits of the CRC of namespace, key and chunk index (NV-33).
uint32_t nvs_hash(uint8_t name_space, const uint8_t key[16], uint8_t chunk);

// A key as entries hold it: cut to 15 characters and padded with zeros.
void nvs_key_pad(const char *key, uint8_t padded[16]);

#endif
