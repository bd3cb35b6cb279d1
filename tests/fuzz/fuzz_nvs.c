// A damaged NVS partition: start-up, a listing, sets and erases end; what start-up accepted holds what was set.
//
// An input is read from the front; what is missing counts as zeros:
//
//      byte 0      release profile, modulo their number
//      byte 1      bit 0: CRCs of headers and entries are made right after the damage
//      then        records of three bytes: where (16 bits, modulo the partition), what is turned over there
#include <string.h>

#include "../../ota/crc32.h"
#include "../../ota/include/nvs_flash.h"
#include "../../ota/little_endian.h"
#include "../../ota/nvs_entry.h"
#include "../../sim/hw/board.h"
#include "../../sim/inspect/nvs_view.h"
#include "../../sim/provision/nvs_image.h"
#include "fuzz.h"

#define SIZE 0x3000u

static struct nvs_item item(const char *key, nvs_type_t type, size_t length) {
    struct nvs_item made = {.name_space = "n", .value = {.type = type, .number = length}};
    (void)snprintf(made.key, sizeof made.key, "%s", key);
    for (size_t i = 0; i < length && (type == NVS_TYPE_STR || type == NVS_TYPE_BLOB); i++) {
        buffer_append(&made.value.bytes, "x", 1);
        made.value.number = 0;
    }
    return made;
}

// Two pages of values of all kinds, a blob over both.
static void build(struct buffer *out, const struct release_profile *release) {
    struct nvs_item items[] = {item("a", NVS_TYPE_U8, 5),      item("b", NVS_TYPE_I64, 7),
                               item("text", NVS_TYPE_STR, 90), item("blob", NVS_TYPE_BLOB, 4500),
                               item("last", NVS_TYPE_U32, 9),  item("small", NVS_TYPE_BLOB, 20)};
    struct error error = {0};
    FUZZ_CHECK(nvs_image_build(items, sizeof items / sizeof *items, SIZE, release, out, &error));
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        nvs_value_free(&items[i].value);
}

static void make_right(uint8_t *page) {
    le32_put(page + 28, crc32_of_record(page + 4, 24));
    for (uint32_t i = 0; i < NVS_ENTRIES; i++) {
        struct nvs_entry entry;
        uint8_t *bytes = page + NVS_DATA_OFFSET + i * NVS_ENTRY_SIZE;
        nvs_entry_decode(bytes, &entry);
        entry.crc = nvs_entry_crc(&entry);
        nvs_entry_encode(&entry, bytes);
    }
}

static void use(void *context) {
    (void)context;
    nvs_handle_t handle;
    uint32_t value = 0;
    char text[128] = {0};
    size_t length = sizeof text;
    if (nvs_flash_init() != ESP_OK || nvs_open("n", NVS_READWRITE, &handle) != ESP_OK)
        return;
    (void)nvs_get_str(handle, "text", text, &length);
    if (nvs_set_u32(handle, "new", 42) == ESP_OK)
        FUZZ_CHECK(nvs_get_u32(handle, "new", &value) != ESP_OK || value == 42);
    (void)nvs_set_blob(handle, "blob", text, sizeof text);
    (void)nvs_erase_key(handle, "last");
    (void)nvs_erase_all(handle);
    (void)nvs_flash_deinit();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint32_t releases = 0;
    while (release_profiles[releases].name != NULL)
        releases++;
    const struct release_profile *release = &release_profiles[size > 0 ? data[0] % releases : 0];
    struct buffer bytes = {0};
    build(&bytes, release);
    for (size_t at = 2; at + 3 <= size; at += 3)
        bytes.bytes[le16_get(data + at) % SIZE] ^= data[at + 2];
    for (uint32_t page = 0; page < SIZE && size > 1 && (data[1] & 1) != 0; page += NVS_PAGE_SIZE)
        make_right(bytes.bytes + page);
    struct nvs_view view;
    struct buffer text = {0};
    struct error error = {0};
    FUZZ_CHECK(nvs_view_read(bytes.bytes, bytes.length, release, &view, &error));
    nvs_view_text(&view, true, &text);
    nvs_view_free(&view);
    struct board *board = nvs_image_board(bytes.bytes, SIZE, release);
    (void)board_run(board, use, NULL, NULL);
    board_free(board);
    buffer_free(&text);
    buffer_free(&bytes);
    return 0;
}
