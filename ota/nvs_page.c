// Programming and erasing within a page.
#include "nvs_page.h"

#include <string.h>

#include "crc32.h"
#include "firmware.h"
#include "little_endian.h"
#include "port.h"

#define HEADER_SIZE     32u
#define FORMAT_VERSION  0xFE
#define STATES_PER_WORD 16u
#define TABLE_WORDS     8u

static const struct release_profile *profile(void) {
    return port_ram()->app_build->profile;
}

enum nvs_purge nvs_repair_purge(void) {
    return profile()->nvs_purges ? NVS_PURGE : NVS_KEEP_DATA;
}

bool nvs_consistent(const struct nvs_entry *entry, uint32_t index) {
    return nvs_entry_consistent(entry, index, profile()->nvs_full_consistency, profile()->nvs_floats);
}

uint32_t nvs_entry_offset(const struct nvs_page *page, uint32_t index) {
    return page->base + NVS_DATA_OFFSET + index * NVS_ENTRY_SIZE;
}

static esp_err_t program(const struct nvs_page *page, uint32_t offset, const void *data, uint32_t length) {
    return esp_partition_write(page->partition, offset, data, length);
}

// ---- header -------------------------------------------------------------------------------------

esp_err_t nvs_page_set_state(struct nvs_page *page, uint32_t state) {
    uint8_t word[4];
    le32_put(word, state);
    esp_err_t code = program(page, page->base, word, sizeof word);
    if (code == ESP_OK)
        page->state = state;
    return code;
}

esp_err_t nvs_page_activate(struct nvs_page *page) {
    uint8_t header[HEADER_SIZE];
    memset(header, 0xFF, sizeof header);
    le32_put(header, NVS_PAGE_ACTIVE);
    le32_put(header + 4, page->sequence);
    header[8] = page->version;
    le32_put(header + 28, crc32_of_record(header + 4, 24));
    esp_err_t code = program(page, page->base, header, sizeof header);
    if (code == ESP_OK)
        page->state = NVS_PAGE_ACTIVE;
    return code;
}

esp_err_t nvs_page_erase(struct nvs_page *page) {
    esp_err_t code = esp_partition_erase_range(page->partition, page->base, NVS_PAGE_SIZE);
    if (code != ESP_OK)
        return code;
    page->state = NVS_PAGE_UNINITIALIZED;
    page->next = 0;
    page->used = 0;
    page->hash_count = 0;
    memset(page->table, 0xFF, sizeof page->table);
    return ESP_OK;
}

// ---- entry states -------------------------------------------------------------------------------

enum nvs_entry_state nvs_page_entry_state(const struct nvs_page *page, uint32_t index) {
    return (enum nvs_entry_state)(page->table[index / STATES_PER_WORD] >> 2 * (index % STATES_PER_WORD) & 3);
}

static void put_state(struct nvs_page *page, uint32_t index, enum nvs_entry_state state) {
    uint32_t *word = &page->table[index / STATES_PER_WORD], shift = 2 * (index % STATES_PER_WORD);
    *word = (*word & ~(3u << shift)) | (uint32_t)state << shift;
}

static esp_err_t program_word(const struct nvs_page *page, uint32_t word) {
    uint8_t bytes[4];
    le32_put(bytes, page->table[word]);
    return program(page, page->base + NVS_TABLE_OFFSET + 4 * word, bytes, sizeof bytes);
}

esp_err_t nvs_page_set_entry_state(struct nvs_page *page, uint32_t index, enum nvs_entry_state state) {
    put_state(page, index, state);
    return program_word(page, index / STATES_PER_WORD);
}

// Entries [first, end); each word once, the highest first.
static esp_err_t set_states(struct nvs_page *page, uint32_t first, uint32_t end, enum nvs_entry_state state) {
    uint32_t word = (end - 1) / STATES_PER_WORD;
    for (uint32_t i = end; i-- > first;) {
        put_state(page, i, state);
        if (i == first || (i - 1) / STATES_PER_WORD != word) {
            esp_err_t code = program_word(page, word);
            if (code != ESP_OK)
                return code;
            word--;
        }
    }
    return ESP_OK;
}

// ---- entries ------------------------------------------------------------------------------------

esp_err_t nvs_page_read_entry(const struct nvs_page *page, uint32_t index, struct nvs_entry *out) {
    uint8_t bytes[NVS_ENTRY_SIZE];
    esp_err_t code = esp_partition_read(page->partition, nvs_entry_offset(page, index), bytes, sizeof bytes);
    if (code == ESP_OK)
        nvs_entry_decode(bytes, out);
    return code;
}

// NV-31: 32 bytes where the next entry goes, and only then its state.
esp_err_t nvs_page_append(struct nvs_page *page, const uint8_t bytes[NVS_ENTRY_SIZE]) {
    esp_err_t code = program(page, nvs_entry_offset(page, page->next), bytes, NVS_ENTRY_SIZE);
    if (code == ESP_OK)
        code = nvs_page_set_entry_state(page, page->next, NVS_ENTRY_WRITTEN);
    if (code == ESP_OK) {
        page->used++;
        page->next++;
    }
    return code;
}

static esp_err_t append_item(struct nvs_page *page, const struct nvs_entry *entry) {
    uint8_t bytes[NVS_ENTRY_SIZE];
    nvs_entry_encode(entry, bytes);
    uint32_t index = page->next;
    esp_err_t code = nvs_page_append(page, bytes);
    if (code == ESP_OK)
        nvs_page_list_item(page, entry, index);
    return code;
}

// NV-32: whole entries in one program, their states, then the rest padded.
static esp_err_t append_data(struct nvs_page *page, const uint8_t *data, uint32_t length) {
    uint32_t entries = length / NVS_ENTRY_SIZE, rest = length % NVS_ENTRY_SIZE;
    if (entries > 0) {
        esp_err_t code = program(page, nvs_entry_offset(page, page->next), data, length - rest);
        if (code == ESP_OK)
            code = set_states(page, page->next, page->next + entries, NVS_ENTRY_WRITTEN);
        if (code != ESP_OK)
            return code;
        page->used += entries;
        page->next = (uint8_t)(page->next + entries);
    }
    if (rest == 0)
        return ESP_OK;
    uint8_t tail[NVS_ENTRY_SIZE];
    memset(tail, 0xFF, sizeof tail);
    memcpy(tail, data + length - rest, rest);
    return nvs_page_append(page, tail);
}

esp_err_t nvs_page_write(struct nvs_page *page, uint8_t name_space, uint8_t type, const char *key,
                         uint8_t chunk, const void *value, uint32_t length) {
    if (page->state == NVS_PAGE_UNINITIALIZED) {
        esp_err_t code = nvs_page_activate(page);
        if (code != ESP_OK)
            return code;
    }
    if (page->state == NVS_PAGE_FULL)
        return ESP_ERR_NVS_PAGE_FULL;
    if (strnlen(key, NVS_KEY_MAX + 1) > NVS_KEY_MAX)
        return ESP_ERR_NVS_KEY_TOO_LONG;
    if (length > NVS_CHUNK_MAX)
        return ESP_ERR_NVS_VALUE_TOO_LONG;
    struct nvs_entry entry = nvs_entry_make(name_space, type, key, chunk, value, length);
    if (page->next + entry.span > NVS_ENTRIES)
        return ESP_ERR_NVS_PAGE_FULL;
    esp_err_t code = append_item(page, &entry);
    if (code == ESP_OK && entry.span > 1)
        code = append_data(page, value, length);
    return code;
}

uint32_t nvs_page_room(const struct nvs_page *page) {
    if (page->state == NVS_PAGE_UNINITIALIZED)
        return NVS_CHUNK_MAX;
    if (page->state == NVS_PAGE_FULL || page->next >= NVS_ENTRIES - 1)
        return 0;
    return (NVS_ENTRIES - 1 - page->next) * NVS_ENTRY_SIZE;
}

// ---- erasing ------------------------------------------------------------------------------------

static esp_err_t zero_entries(const struct nvs_page *page, uint32_t first, uint32_t end) {
    static const uint8_t zeros[NVS_ENTRY_SIZE];
    for (uint32_t i = first; i < end; i++) {
        esp_err_t code = program(page, nvs_entry_offset(page, i), zeros, sizeof zeros);
        if (code != ESP_OK)
            return code;
    }
    return ESP_OK;
}

esp_err_t nvs_page_erase_entry(struct nvs_page *page, uint32_t index, enum nvs_purge purge) {
    page->used -= nvs_page_entry_state(page, index) == NVS_ENTRY_WRITTEN;
    esp_err_t code = nvs_page_set_entry_state(page, index, NVS_ENTRY_ERASED);
    return code == ESP_OK && purge == NVS_PURGE ? zero_entries(page, index, index + 1) : code;
}

esp_err_t nvs_page_purge(const struct nvs_page *page, uint8_t name_space) {
    esp_err_t code = ESP_OK;
    if (page->state == NVS_PAGE_UNINITIALIZED || page->state == NVS_PAGE_CORRUPT)
        return code;
    for (uint32_t i = 0; i < NVS_ENTRIES && code == ESP_OK;) {
        struct nvs_entry entry;
        uint32_t end = i + 1;
        code = nvs_page_read_entry(page, i, &entry);
        if (code == ESP_OK && nvs_page_entry_state(page, i) == NVS_ENTRY_ERASED &&
            nvs_consistent(&entry, i)) {
            end = nvs_item_end(i, &entry);
            if (entry.name_space == name_space)
                code = zero_entries(page, i, end);
        }
        i = end;
    }
    return code;
}

// Where the item that begins at `index` ends and what erasing it takes from the counter.
static esp_err_t measure_erase(const struct nvs_page *page, uint32_t index, uint32_t *end,
                               uint32_t *written) {
    struct nvs_entry entry;
    *end = index + 1;
    *written = 0;
    if (nvs_page_entry_state(page, index) != NVS_ENTRY_WRITTEN)
        return ESP_OK;
    esp_err_t code = nvs_page_read_entry(page, index, &entry);
    if (code != ESP_OK)
        return code;
    if (nvs_consistent(&entry, index))
        *end = nvs_item_end(index, &entry);
    for (uint32_t i = index; i < *end; i++)
        *written += nvs_page_entry_state(page, i) == NVS_ENTRY_WRITTEN;
    return ESP_OK;
}

esp_err_t nvs_page_erase_item(struct nvs_page *page, uint32_t index, enum nvs_purge purge) {
    uint32_t end, written;
    esp_err_t code = measure_erase(page, index, &end, &written);
    if (code != ESP_OK)
        return code;
    nvs_page_unlist_item(page, index);
    page->used -= written;
    code = set_states(page, index, end, NVS_ENTRY_ERASED);
    if (code == ESP_OK && purge == NVS_PURGE)
        code = zero_entries(page, index, end);
    if (end > page->next)
        page->next = (uint8_t)end;
    return code;
}
