// The rules of the key-value store (docs/rules/nvs.md), each by a partition that is made for it: what start-up makes of planted
// contents, which operations a call is, and how releases differ.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nvs_flash.h"
#include "ota/crc32.h"
#include "ota/firmware.h"
#include "ota/little_endian.h"
#include "ota/nvs_page.h"
#include "sim/hw/board.h"
#include "sim/provision/nvs_image.h"

#define PAGES 4u

// ---- a partition --------------------------------------------------------------------------------

struct store {
    const struct release_profile *release;
    uint32_t pages;
    uint8_t bytes[PAGES * NVS_PAGE_SIZE];
    char operations[512]; // of the last run: "p0+32" is a program of 32 bytes at offset 0, "e4096" an erase
    esp_err_t code;       // for bodies to leave a result in
};

static struct store blank(const char *release, uint32_t pages) {
    struct store store = {.release = release_profile_find(release), .pages = pages};
    assert_non_null(store.release);
    memset(store.bytes, 0xFF, sizeof store.bytes);
    return store;
}

static void note_operations(const struct board *board, struct store *store) {
    const struct journal *journal = board_journal(board);
    size_t used = 0;
    store->operations[0] = 0;
    for (size_t i = 0; i < journal->count && used + 24 < sizeof store->operations; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        uint32_t at = entry->address - NVS_IMAGE_ADDRESS;
        int length = entry->kind == JOURNAL_ERASE
                         ? snprintf(store->operations + used, 24, "%se%u", used > 0 ? " " : "", (unsigned)at)
                         : snprintf(store->operations + used, 24, "%sp%u+%u", used > 0 ? " " : "",
                                    (unsigned)at, (unsigned)entry->length);
        used += (size_t)length;
    }
}

// Starts NVS and runs `body` as the application; what it left is in the store.
static void run(struct store *store, void (*body)(void *context)) {
    struct board *board = nvs_image_board(store->bytes, store->pages * NVS_PAGE_SIZE, store->release);
    board_journal_enable(board, true);
    assert_int_equal(board_run(board, body, store, NULL), BOARD_RETURNED);
    board_inspect(board, NVS_IMAGE_ADDRESS, store->bytes, store->pages * NVS_PAGE_SIZE);
    note_operations(board, store);
    board_free(board);
}

static void start(void *context) {
    ((struct store *)context)->code = nvs_flash_init();
}

static nvs_handle_t opened(void) {
    nvs_handle_t handle;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_open("n", NVS_READWRITE, &handle), ESP_OK);
    return handle;
}

// ---- planting -----------------------------------------------------------------------------------

static uint8_t *page_of(struct store *store, uint32_t page) {
    return store->bytes + page * NVS_PAGE_SIZE;
}

static uint8_t *entry_of(struct store *store, uint32_t page, uint32_t index) {
    return page_of(store, page) + NVS_DATA_OFFSET + index * NVS_ENTRY_SIZE;
}

static void plant_page(struct store *store, uint32_t page, uint32_t state, uint32_t sequence) {
    uint8_t *bytes = page_of(store, page);
    le32_put(bytes, state);
    le32_put(bytes + 4, sequence);
    bytes[8] = 0xFE;
    le32_put(bytes + 28, crc32_of_record(bytes + 4, 24));
}

static void plant_state(struct store *store, uint32_t page, uint32_t index, enum nvs_entry_state state) {
    uint8_t *word = page_of(store, page) + NVS_TABLE_OFFSET + index / 16 * 4;
    uint32_t shift = index % 16 * 2;
    le32_put(word, (le32_get(word) & ~(3u << shift)) | (uint32_t)state << shift);
}

static enum nvs_entry_state state_of(struct store *store, uint32_t page, uint32_t index) {
    uint32_t word = le32_get(page_of(store, page) + NVS_TABLE_OFFSET + index / 16 * 4);
    return (enum nvs_entry_state)(word >> index % 16 * 2 & 3);
}

// An entry, WRITTEN; its data are planted by the caller.
static void plant(struct store *store, uint32_t page, uint32_t index, struct nvs_entry entry) {
    nvs_entry_encode(&entry, entry_of(store, page, index));
    plant_state(store, page, index, NVS_ENTRY_WRITTEN);
}

static struct nvs_entry name_space(void) {
    const uint8_t number = 1;
    return nvs_entry_make(0, NVS_TYPE_U8, "n", NVS_CHUNK_NONE, &number, 1);
}

static struct nvs_entry number(const char *key, uint8_t value) {
    const uint8_t bytes[4] = {value};
    return nvs_entry_make(1, NVS_TYPE_U32, key, NVS_CHUNK_NONE, bytes, 4);
}

// A page with the namespace "n" at entry 0.
static struct store planted(const char *release, uint32_t state) {
    struct store store = blank(release, 3);
    plant_page(&store, 0, state, 0);
    plant(&store, 0, 0, name_space());
    return store;
}

static uint32_t got;

static void get_k(void *context) {
    struct store *store = context;
    got = UINT32_MAX;
    store->code = nvs_get_u32(opened(), "k", &got);
}

static void expect_k(struct store *store, uint32_t value) {
    struct store copy = *store;
    run(&copy, get_k);
    assert_int_equal(copy.code, value == UINT32_MAX ? ESP_ERR_NVS_NOT_FOUND : ESP_OK);
    assert_int_equal(got, value);
}

// ---- layout -------------------------------------------------------------------------------------

static void set_first(void *context) {
    (void)context;
    assert_int_equal(nvs_set_u8(opened(), "k", 5), ESP_OK);
}

// NV-1, NV-2, NV-3, NV-4, NV-5, NV-6, NV-10, NV-31, NV-41, NV-50: header, states, namespace and value, in the order in which they are programmed.
static void nv_1_to_6_a_first_value(void **state) {
    (void)state;
    static const uint8_t header[] = {0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFE};
    static const uint8_t crc[] = {0x84, 0x2D, 0xBA, 0xB9};
    struct store store = blank("v5.5", 3);
    run(&store, start);
    assert_int_equal(store.code, ESP_OK);
    assert_string_equal(store.operations, ""); // the header is written with the first item
    run(&store, set_first);
    assert_string_equal(store.operations, "p0+32 p64+32 p32+4 p96+32 p32+4");
    assert_memory_equal(store.bytes, header, sizeof header);
    assert_memory_equal(store.bytes + 28, crc, sizeof crc);
    assert_int_equal(le32_get(store.bytes + 32), 0xFFFFFFFA);
    const uint8_t *value = entry_of(&store, 0, 1);
    assert_memory_equal(value, ((const uint8_t[]){1, 0x01, 1, 0xFF}), 4);
    assert_string_equal((const char *)value + 8, "k");
    assert_memory_equal(value + 24, ((const uint8_t[]){5, 0xFF, 0xFF, 0xFF}), 4);
}

static void set_all_types(void *context) {
    (void)context;
    nvs_handle_t handle = opened();
    uint8_t narrow;
    int64_t wide;
    assert_int_equal(nvs_set_u8(handle, "u8", 1), ESP_OK);
    assert_int_equal(nvs_set_i8(handle, "i8", -1), ESP_OK);
    assert_int_equal(nvs_set_u16(handle, "u16", 2), ESP_OK);
    assert_int_equal(nvs_set_i16(handle, "i16", -2), ESP_OK);
    assert_int_equal(nvs_set_u32(handle, "u32", 3), ESP_OK);
    assert_int_equal(nvs_set_i32(handle, "i32", -3), ESP_OK);
    assert_int_equal(nvs_set_u64(handle, "u64", 4), ESP_OK);
    assert_int_equal(nvs_set_i64(handle, "i64", -4), ESP_OK);
    assert_int_equal(nvs_get_i64(handle, "i64", &wide), ESP_OK);
    assert_true(wide == -4);
    assert_int_equal(nvs_get_u8(handle, "i8", &narrow), ESP_ERR_NVS_NOT_FOUND);
}

// NV-7, NV-35, NV-86: a wrong type is not found.
static void nv_7_types(void **state) {
    (void)state;
    static const uint8_t types[] = {0x01, 0x11, 0x02, 0x12, 0x04, 0x14, 0x08, 0x18};
    struct store store = blank("v5.5", 3);
    run(&store, set_all_types);
    for (uint32_t i = 0; i < sizeof types; i++)
        assert_int_equal(entry_of(&store, 0, 1 + i)[1], types[i]);
}

static void set_long_strings(void *context) {
    static char text[4001];
    (void)context;
    nvs_handle_t handle = opened();
    size_t length = 0;
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(nvs_set_str(handle, "s", text), ESP_ERR_NVS_VALUE_TOO_LONG);
    text[3999] = 0;
    assert_int_equal(nvs_set_str(handle, "s", text), ESP_OK);
    assert_int_equal(nvs_get_str(handle, "s", NULL, &length), ESP_OK);
    assert_int_equal(length, 4000);
    length = 3999;
    assert_int_equal(nvs_get_str(handle, "s", text, &length), ESP_ERR_NVS_INVALID_LENGTH);
    assert_int_equal(length, 4000);
    assert_int_equal(nvs_get_str(handle, "s", text, NULL), ESP_ERR_NVS_INVALID_LENGTH);
}

// NV-8, NV-87.
static void nv_8_a_string_takes_at_most_a_page(void **state) {
    (void)state;
    struct store store = blank("v5.5", 3);
    run(&store, set_long_strings);
    assert_int_equal(entry_of(&store, 1, 0)[2], 126); // the namespace fills the first page's first entry
}

static void set_blob_twice(void *context) {
    (void)context;
    nvs_handle_t handle = opened();
    assert_int_equal(nvs_set_blob(handle, "b", "one", 3), ESP_OK);
    assert_int_equal(nvs_set_blob(handle, "b", "two", 3), ESP_OK);
}

// NV-9, NV-72, NV-75: a new version beside the old one; then the old index goes, and its piece.
static void nv_9_versions_of_a_blob_take_turns(void **state) {
    (void)state;
    struct store store = blank("v5.5", 3);
    run(&store, set_blob_twice);
    assert_int_equal(entry_of(&store, 0, 1)[3], 0x00);
    assert_int_equal(entry_of(&store, 0, 3)[1], 0x48);
    assert_int_equal(entry_of(&store, 0, 4)[3], 0x80);
    assert_int_equal(entry_of(&store, 0, 6)[29], 0x80);
    assert_int_equal(state_of(&store, 0, 1), NVS_ENTRY_ERASED);
    assert_int_equal(state_of(&store, 0, 3), NVS_ENTRY_ERASED);
    assert_int_equal(state_of(&store, 0, 4), NVS_ENTRY_WRITTEN);
}

// NV-11, NV-12, by release: a number that says that it spans two entries has a right CRC.
static void nv_11_span_is_looked_at_since(void **state) {
    (void)state;
    static const struct {
        const char *before, *since;
    } lines[] = {{"v5.0.7", "v5.0.8"},
                 {"v5.1.5", "v5.1.6"},
                 {"v5.2.3", "v5.2.4"},
                 {"v5.3.1", "v5.3.2"},
                 {"v4.4", "v5.4.0"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (int fully = 0; fully < 2; fully++) {
            struct store store = planted(fully ? lines[i].since : lines[i].before, NVS_PAGE_ACTIVE);
            struct nvs_entry entry = number("k", 7);
            entry.span = 2;
            entry.crc = nvs_entry_crc(&entry);
            plant(&store, 0, 1, entry);
            run(&store, start);
            assert_int_equal(state_of(&store, 0, 1), fully ? NVS_ENTRY_ERASED : NVS_ENTRY_WRITTEN);
        }
    }
}

// ---- loading a page -----------------------------------------------------------------------------

// NV-20: a wrong header is no page, and the sector is erased when it is taken; a newer format ends start-up.
static void nv_20_headers(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    store.bytes[4] ^= 1;
    run(&store, set_first);
    assert_memory_equal(store.operations, "e0 p0+32", 8);
    store = planted("v5.5", NVS_PAGE_ACTIVE);
    store.bytes[8] = 0xFD;
    le32_put(store.bytes + 28, crc32_of_record(store.bytes + 4, 24));
    run(&store, start);
    assert_int_equal(store.code, ESP_ERR_NVS_NEW_VERSION_FOUND);
    store = planted("v5.5", NVS_PAGE_ACTIVE);
    store.bytes[8] = 0xFF; // the older format
    le32_put(store.bytes + 28, crc32_of_record(store.bytes + 4, 24));
    run(&store, start);
    assert_int_equal(store.code, ESP_OK);
}

// NV-22, NV-112: an entry that was begun is given up, its state first; newer releases then write zeros over it.
static void nv_22_half_written_entries(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    memset(entry_of(&store, 0, 1), 0x12, 20);
    run(&store, start);
    assert_string_equal(store.operations, "p32+4");
    assert_int_equal(state_of(&store, 0, 1), NVS_ENTRY_ERASED);
    static const char *const releases[] = {"v6.0.0", "v6.0.1"};
    for (int purges = 0; purges < 2; purges++) {
        store = planted(releases[purges], NVS_PAGE_ACTIVE);
        memset(entry_of(&store, 0, 1), 0x12, 20);
        run(&store, start);
        assert_string_equal(store.operations, purges ? "p32+4 p96+32" : "p32+4");
    }
}

// NV-23: states that cannot be, entries that are damaged, earlier duplicates, spans with a hole.
static void nv_23_an_active_page_is_walked(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    plant(&store, 0, 1, number("k", 1));
    plant_state(&store, 0, 1, NVS_ENTRY_ILLEGAL);
    plant(&store, 0, 2, number("x", 1));
    entry_of(&store, 0, 2)[24] ^= 4;
    plant(&store, 0, 3, number("k", 2));
    plant(&store, 0, 4, number("k", 3));
    plant(&store, 0, 5,
          nvs_entry_make(1, NVS_TYPE_STR, "s", NVS_CHUNK_NONE, "a text of more than one entry......", 36));
    plant_state(&store, 0, 6, NVS_ENTRY_WRITTEN);
    plant_state(&store, 0, 7, NVS_ENTRY_ERASED);
    plant(&store, 0, 8, number("y", 1));
    run(&store, start);
    static const enum nvs_entry_state expected[] = {NVS_ENTRY_WRITTEN, NVS_ENTRY_ERASED,  NVS_ENTRY_ERASED,
                                                    NVS_ENTRY_ERASED,  NVS_ENTRY_WRITTEN, NVS_ENTRY_ERASED,
                                                    NVS_ENTRY_ERASED,  NVS_ENTRY_ERASED,  NVS_ENTRY_WRITTEN};
    for (uint32_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(state_of(&store, 0, i), expected[i]);
    expect_k(&store, 3);
}

// NV-24, NV-107: the newest entry is damaged, and its predecessor goes with it.
static void nv_107_a_damaged_entry_takes_the_one_before(void **state) {
    (void)state;
    struct store store = planted("v6.0", NVS_PAGE_ACTIVE);
    plant(&store, 0, 1, number("k", 5));
    plant(&store, 0, 2, number("k", 6));
    expect_k(&store, 6);
    entry_of(&store, 0, 2)[24] ^= 1;
    expect_k(&store, UINT32_MAX);
}

// NV-25: no duplicates are looked for within a full page.
static void nv_25_a_full_page_is_walked(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    plant(&store, 0, 1, number("k", 5));
    plant(&store, 0, 2, number("k", 6));
    plant(&store, 0, 3, number("x", 6));
    entry_of(&store, 0, 3)[24] ^= 1;
    run(&store, start);
    assert_int_equal(state_of(&store, 0, 1), NVS_ENTRY_WRITTEN);
    assert_int_equal(state_of(&store, 0, 2), NVS_ENTRY_WRITTEN);
    assert_int_equal(state_of(&store, 0, 3), NVS_ENTRY_ERASED);
}

// ---- starting a partition -----------------------------------------------------------------------

// NV-40, NV-42: pages are in use by their numbers, wherever they lie.
static void nv_40_pages_by_number(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    plant_page(&store, 0, NVS_PAGE_FULL, 9);
    plant_page(&store, 1, NVS_PAGE_ACTIVE, 10);
    plant(&store, 1, 0, number("k", 2));
    run(&store, set_first);
    assert_memory_equal(store.operations, "p4192+32", 8); // behind the entry of the newer page
}

// NV-43: the new value stands on the current page, the old one on another.
static void nv_43_an_overwrite_across_pages_is_finished(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    plant(&store, 0, 1, number("k", 5));
    plant_page(&store, 1, NVS_PAGE_ACTIVE, 1);
    plant(&store, 1, 0, number("k", 6));
    run(&store, start);
    assert_string_equal(store.operations, "p32+4");
    expect_k(&store, 6);
}

// NV-44, NV-60, NV-63, NV-106: what was copied is thrown away and copied again, also when an erase has damaged it since.
static void nv_44_a_compaction_is_made_again(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FREEING);
    plant(&store, 0, 1, number("k", 5));
    plant_page(&store, 1, NVS_PAGE_ACTIVE, 1);
    plant(&store, 1, 0, name_space());
    plant(&store, 1, 1, number("k", 5));
    struct store torn = store;
    run(&store, start);
    assert_string_equal(store.operations, "e4096 p8192+32 p8256+32 p8224+4 p8288+32 p8224+4 e0");
    expect_k(&store, 5);
    memset(entry_of(&torn, 0, 1), 0, NVS_PAGE_SIZE - NVS_DATA_OFFSET - NVS_ENTRY_SIZE);
    expect_k(&torn, UINT32_MAX);
}

// NV-45, NV-49, NV-91: no page is left.
static void nv_45_no_page_is_left(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    plant_page(&store, 1, NVS_PAGE_FULL, 1);
    plant_page(&store, 2, NVS_PAGE_ACTIVE, 2);
    run(&store, start);
    assert_int_equal(store.code, ESP_ERR_NVS_NO_FREE_PAGES);
}

// NV-47, by release, and NV-48: an index without its piece, a piece without an index.
static void nv_47_blobs_are_checked_since(void **state) {
    (void)state;
    static const struct {
        const char *release;
        bool checked;
    } releases[] = {{"v4.4.7", false}, {"v4.4.8", true}, {"v5.0.6", false}, {"v5.0.7", true},
                    {"v5.1.3", false}, {"v5.1.4", true}, {"v5.2.1", false}, {"v5.2.2", true},
                    {"v5.3.0", true},  {"v6.1", true}};
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
        const uint8_t index[8] = {3, 0, 0, 0, 1, 0x00, 0xFF, 0xFF};
        struct store store = planted(releases[i].release, NVS_PAGE_ACTIVE);
        plant(&store, 0, 1, nvs_entry_make(1, NVS_ITEM_BLOB_INDEX, "b", NVS_CHUNK_NONE, index, 8));
        plant(&store, 0, 2, nvs_entry_make(1, NVS_ITEM_BLOB_DATA, "c", 0x00, "abc", 3));
        memcpy(entry_of(&store, 0, 3), "abc", 3);
        plant_state(&store, 0, 3, NVS_ENTRY_WRITTEN);
        run(&store, start);
        assert_int_equal(state_of(&store, 0, 1), releases[i].checked ? NVS_ENTRY_ERASED : NVS_ENTRY_WRITTEN);
        assert_int_equal(state_of(&store, 0, 2), NVS_ENTRY_ERASED);
        assert_int_equal(state_of(&store, 0, 3), NVS_ENTRY_ERASED);
    }
}

// ---- setting ------------------------------------------------------------------------------------

static void set_k_again(void *context) {
    (void)context;
    nvs_handle_t handle = opened();
    assert_int_equal(nvs_set_u32(handle, "k", 5), ESP_OK);
    assert_int_equal(nvs_set_u32(handle, "k", 6), ESP_OK);
    assert_int_equal(nvs_commit(handle), ESP_OK);
}

// NV-30, NV-70, NV-71, NV-77: the value that is there is not written; another one is an entry, its state, the old one's state.
static void nv_70_an_overwrite_is_three_programs(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    plant(&store, 0, 1, number("k", 5));
    run(&store, set_k_again);
    assert_string_equal(store.operations, "p128+32 p32+4 p32+4");
}

static void set_long_text(void *context) {
    (void)context;
    static char text[600];
    memset(text, 'x', sizeof text - 1);
    nvs_handle_t handle = opened();
    assert_int_equal(nvs_set_str(handle, "s", text), ESP_OK);
    assert_int_equal(nvs_erase_key(handle, "s"), ESP_OK);
}

// NV-30, NV-32: whole entries of data in one program, their states from the highest word down, then the tail.
static void nv_32_a_text_of_many_entries(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    run(&store, set_long_text);
    assert_string_equal(store.operations, "p96+32 p32+4 p128+576 p36+4 p32+4 p704+32 p36+4 p36+4 p32+4");
}

static void set_key_too_long(void *context) {
    ((struct store *)context)->code = nvs_set_u8(opened(), "a_key_that_is_too_long", 1);
}

static void fill_page(struct store *store, uint32_t page, uint32_t from) {
    char key[16];
    for (uint32_t i = from; i < NVS_ENTRIES; i++) {
        (void)snprintf(key, sizeof key, "f%u.%u", (unsigned)page, (unsigned)i);
        plant(store, page, i, number(key, 1));
    }
}

// NV-50, NV-51, NV-60, NV-61: a full page is left before the key is looked at.
static void nv_51_a_key_too_long_costs_a_page(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    run(&store, set_key_too_long);
    assert_int_equal(store.code, ESP_ERR_NVS_KEY_TOO_LONG);
    assert_string_equal(store.operations, "");
    store = planted("v5.5", NVS_PAGE_FULL);
    fill_page(&store, 0, 1);
    run(&store, set_key_too_long);
    assert_int_equal(store.code, ESP_ERR_NVS_KEY_TOO_LONG);
    assert_string_equal(store.operations, "p4096+32");
}

static void set_new(void *context) {
    ((struct store *)context)->code = nvs_set_u8(opened(), "new", 1);
}

// NV-62 by release, NV-65, NV-66: the page with most to gain goes; its sector to the end of the free ones; numbers wrap.
static void nv_62_compaction(void **state) {
    (void)state;
    static const char *const releases[] = {"v5.5.2", "v5.5.3"};
    for (int freeing_first = 0; freeing_first < 2; freeing_first++) {
        struct store store = planted(releases[freeing_first], NVS_PAGE_FULL);
        fill_page(&store, 0, 1);
        plant_page(&store, 1, NVS_PAGE_ACTIVE, UINT32_MAX);
        fill_page(&store, 1, 0);
        for (uint32_t i = 2; i < NVS_ENTRIES; i++)
            plant_state(&store, 1, i, NVS_ENTRY_ERASED);
        store.bytes[2 * NVS_PAGE_SIZE + 100] = 0x55; // corrupt: it has to be erased before it is taken
        run(&store, set_new);
        assert_int_equal(store.code, ESP_OK);
        const char *order = freeing_first ? "p4096+4 p4096+4 e8192 " : "p4096+4 e8192 p4096+4 ";
        assert_memory_equal(store.operations, order, strlen(order));
        assert_int_equal(le32_get(page_of(&store, 2) + 4), 0); // behind UINT32_MAX
        assert_int_equal(page_of(&store, 1)[0], 0xFF);
    }
}

// NV-64: everything is in use.
static void nv_64_no_room_is_left(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    fill_page(&store, 0, 1);
    plant_page(&store, 1, NVS_PAGE_ACTIVE, 1);
    fill_page(&store, 1, 0);
    run(&store, set_new);
    assert_int_equal(store.code, ESP_ERR_NVS_NOT_ENOUGH_SPACE);
}

static void set_large_blob(void *context) {
    static uint8_t data[5000];
    for (uint32_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + i / 256);
    ((struct store *)context)->code = nvs_set_blob(opened(), "b", data, sizeof data);
}

static void set_too_large_a_blob(void *context) {
    static uint8_t data[8001];
    ((struct store *)context)->code = nvs_set_blob(opened(), "b", data, sizeof data);
}

// NV-73, NV-92, NV-105 by release: pieces fill pages; the same blob again is written anew where pieces are compared by CRC.
static void nv_105_a_blob_of_two_pieces_counts_as_changed_since(void **state) {
    (void)state;
    static const struct {
        const char *release;
        bool anew;
    } releases[] = {{"v5.1.6", false}, {"v5.1.7", true}, {"v5.2.6", false}, {"v5.2.7", true},
                    {"v5.3.4", false}, {"v5.3.5", true}, {"v5.4.3", false}, {"v5.4.4", true},
                    {"v5.5.1", false}, {"v5.5.2", true}, {"v6.0.0", true}};
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
        struct store store = blank(releases[i].release, PAGES);
        run(&store, set_large_blob);
        assert_int_equal(entry_of(&store, 0, 1)[2], 125);
        assert_int_equal(entry_of(&store, 1, 0)[3], 1);
        run(&store, set_large_blob);
        assert_int_equal(store.operations[0] != 0, releases[i].anew);
    }
    struct store store = blank("v5.5", 3);
    run(&store, set_too_large_a_blob);
    assert_int_equal(store.code, ESP_ERR_NVS_VALUE_TOO_LONG);
}

// ---- erasing, listing ---------------------------------------------------------------------------

static void erase_k(void *context) {
    struct store *store = context;
    nvs_handle_t handle = opened();
    store->code = nvs_erase_key(handle, "k");
    assert_int_equal(nvs_erase_key(handle, "none"), ESP_ERR_NVS_NOT_FOUND);
}

// NV-80, NV-103: one item goes, and another of the same key comes to light.
static void nv_103_erasing_takes_one_item(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    plant(&store, 0, 1, nvs_entry_make(1, NVS_TYPE_U8, "k", NVS_CHUNK_NONE, "\1", 1));
    plant_page(&store, 1, NVS_PAGE_ACTIVE, 1);
    plant(&store, 1, 0, number("k", 6));
    run(&store, erase_k);
    assert_int_equal(store.code, ESP_OK);
    expect_k(&store, 6);
    run(&store, erase_k);
    expect_k(&store, UINT32_MAX);
}

static void erase_all(void *context) {
    (void)context;
    nvs_handle_t handle = opened();
    assert_int_equal(nvs_erase_all(handle), ESP_OK);
    assert_int_equal(nvs_erase_all(handle), ESP_OK);
    assert_int_equal(nvs_flash_deinit(), ESP_OK);
    assert_int_equal(nvs_flash_deinit(), ESP_ERR_NVS_NOT_INITIALIZED);
}

// NV-81, NV-83: item by item; the namespace stays.
static void nv_81_erasing_all(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_ACTIVE);
    plant(&store, 0, 1, number("k", 1));
    plant(&store, 0, 2, number("l", 1));
    run(&store, erase_all);
    assert_string_equal(store.operations, "p32+4 p32+4");
    assert_int_equal(state_of(&store, 0, 0), NVS_ENTRY_WRITTEN);
}

static void erase_partition(void *context) {
    ((struct store *)context)->code = nvs_flash_erase();
}

static void get_as_first_namespace(void *context) {
    struct store *store = context;
    nvs_handle_t handle;
    got = UINT32_MAX;
    assert_int_equal(nvs_flash_init(), ESP_OK);
    assert_int_equal(nvs_open("other", NVS_READWRITE, &handle), ESP_OK);
    store->code = nvs_get_u32(handle, "k", &got);
}

// NV-82, NV-104: ascending; without the page of the names another namespace gets the values.
static void nv_104_values_without_names(void **state) {
    (void)state;
    struct store store = planted("v5.5", NVS_PAGE_FULL);
    plant_page(&store, 1, NVS_PAGE_ACTIVE, 1);
    plant(&store, 1, 0, number("k", 6));
    struct store cut = store;
    run(&store, erase_partition);
    assert_string_equal(store.operations, "e0");
    memset(cut.bytes, 0xFF, NVS_PAGE_SIZE);
    run(&cut, get_as_first_namespace);
    assert_int_equal(cut.code, ESP_OK);
    assert_int_equal(got, 6);
}

static void open_many(void *context) {
    (void)context;
    nvs_handle_t handle;
    char name[16];
    assert_int_equal(nvs_flash_init(), ESP_OK);
    for (int i = 1; i <= 254; i++) {
        (void)snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(nvs_open(name, NVS_READWRITE, &handle), ESP_OK);
        nvs_close(handle);
    }
    assert_int_equal(nvs_open("one more", NVS_READWRITE, &handle), ESP_ERR_NVS_NOT_ENOUGH_SPACE);
    assert_int_equal(nvs_open("a name of 15 chr", NVS_READWRITE, &handle), ESP_ERR_NVS_NOT_ENOUGH_SPACE);
    assert_int_equal(nvs_open("none", NVS_READONLY, &handle), ESP_ERR_NVS_NOT_FOUND);
}

// NV-46, NV-84.
static void nv_84_there_are_254_namespaces(void **state) {
    (void)state;
    struct store store = blank("v5.5", PAGES);
    run(&store, open_many);
    run(&store, start); // they are read again, page by page
    assert_int_equal(store.code, ESP_OK);
}

static void read_damaged_blob(void *context) {
    struct store *store = context;
    char value[8];
    size_t length = sizeof value;
    nvs_handle_t handle = opened();
    esp_err_t first = nvs_get_blob(handle, "b", value, &length);
    esp_err_t second = nvs_get_blob(handle, "b", value, &length);
    store->code = nvs_get_blob(handle, "b", value, &length);
    assert_int_equal(first, ESP_ERR_NVS_NOT_FOUND);
    assert_int_equal(second, ESP_FAIL);
}

// NV-88: the piece goes at the first look, the rest at the second.
static void nv_88_damaged_data_are_erased_when_read(void **state) {
    (void)state;
    struct store store = blank("v5.5", 3);
    run(&store, set_blob_twice);
    entry_of(&store, 0, 5)[0] ^= 1;
    run(&store, read_damaged_blob);
    assert_int_equal(store.code, ESP_ERR_NVS_NOT_FOUND);
    assert_int_equal(state_of(&store, 0, 6), NVS_ENTRY_ERASED);
}

static void count_and_list(void *context) {
    (void)context;
    nvs_handle_t handle = opened();
    nvs_stats_t stats;
    nvs_iterator_t at;
    nvs_entry_info_t info;
    size_t used;
    assert_int_equal(nvs_get_stats(NULL, &stats), ESP_OK);
    assert_int_equal(stats.used_entries, 4);
    assert_int_equal(stats.namespace_count, 1);
    assert_int_equal(nvs_get_used_entry_count(handle, &used), ESP_OK);
    assert_int_equal(used, 3);
    assert_int_equal(nvs_entry_find("nvs", "n", NVS_TYPE_BLOB, &at), ESP_OK);
    assert_int_equal(nvs_entry_info(at, &info), ESP_OK);
    assert_int_equal(info.type, NVS_TYPE_BLOB);
    assert_int_equal(nvs_entry_next(&at), ESP_ERR_NVS_NOT_FOUND); // a blob appears once
}

// NV-21, NV-89, NV-90.
static void nv_89_counting_and_listing(void **state) {
    (void)state;
    struct store store = blank("v5.5", 3);
    run(&store, set_blob_twice);
    run(&store, count_and_list);
    assert_string_equal(store.operations, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nv_1_to_6_a_first_value),
        cmocka_unit_test(nv_7_types),
        cmocka_unit_test(nv_8_a_string_takes_at_most_a_page),
        cmocka_unit_test(nv_9_versions_of_a_blob_take_turns),
        cmocka_unit_test(nv_11_span_is_looked_at_since),
        cmocka_unit_test(nv_20_headers),
        cmocka_unit_test(nv_22_half_written_entries),
        cmocka_unit_test(nv_23_an_active_page_is_walked),
        cmocka_unit_test(nv_107_a_damaged_entry_takes_the_one_before),
        cmocka_unit_test(nv_25_a_full_page_is_walked),
        cmocka_unit_test(nv_40_pages_by_number),
        cmocka_unit_test(nv_43_an_overwrite_across_pages_is_finished),
        cmocka_unit_test(nv_44_a_compaction_is_made_again),
        cmocka_unit_test(nv_45_no_page_is_left),
        cmocka_unit_test(nv_47_blobs_are_checked_since),
        cmocka_unit_test(nv_70_an_overwrite_is_three_programs),
        cmocka_unit_test(nv_32_a_text_of_many_entries),
        cmocka_unit_test(nv_51_a_key_too_long_costs_a_page),
        cmocka_unit_test(nv_62_compaction),
        cmocka_unit_test(nv_64_no_room_is_left),
        cmocka_unit_test(nv_105_a_blob_of_two_pieces_counts_as_changed_since),
        cmocka_unit_test(nv_103_erasing_takes_one_item),
        cmocka_unit_test(nv_81_erasing_all),
        cmocka_unit_test(nv_104_values_without_names),
        cmocka_unit_test(nv_84_there_are_254_namespaces),
        cmocka_unit_test(nv_88_damaged_data_are_erased_when_read),
        cmocka_unit_test(nv_89_counting_and_listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
