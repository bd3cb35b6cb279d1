// Arbitrary bytes as a flash dump. They are inspected as they are, and laid out as table, otadata and image
// behind each other where a device has them; both answers are rendered in every form.
//
// Slow: each dump is booted and asked under every release and build, which is what the command does.
#include <string.h>

#include "../../sim/inspect/inspection.h"
#include "fuzz.h"

#define INPUT_SIZE_MAX 0x20000u
#define TABLE_AT       0x8000u
#define TABLE_SIZE     0xC00u
#define OTADATA_AT     0xD000u
#define IMAGE_AT       0x10000u
#define DUMP_SIZE      0x40000u

static void inspect_and_render(const uint8_t *bytes, size_t length) {
    struct dump_options options = {0};
    struct inspection inspection;
    struct error error = {0};
    struct buffer text = {0}, json = {0}, difference = {0};
    bool fine = inspect(bytes, length, &options, &inspection, &error);
    FUZZ_CHECK(fine == (length > 0));
    if (!fine)
        return;
    inspection_text(&inspection, &text);
    inspection_json(&inspection, NULL, &json);
    FUZZ_CHECK(strchr(buffer_string(&text), '\x1b') == NULL); // nothing that moves a cursor
    FUZZ_CHECK(json.length > 2 && json.bytes[0] == '{');
    FUZZ_CHECK(inspection_diff(&inspection, &inspection, &difference) && difference.length == 0);
    buffer_free(&text);
    buffer_free(&json);
    buffer_free(&difference);
    inspection_free(&inspection);
}

// The first bytes become the partition table, the next 64 the two otadata entries, the rest an image.
static size_t lay_out(const uint8_t *data, size_t size, uint8_t *dump) {
    memset(dump, 0xFF, DUMP_SIZE);
    size_t table = size < TABLE_SIZE ? size : TABLE_SIZE;
    memcpy(dump + TABLE_AT, data, table);
    for (size_t i = table; i < size && i < table + 64; i++)
        dump[OTADATA_AT + (i - table) / 32 * 0x1000 + (i - table) % 32] = data[i];
    if (size > table + 64)
        memcpy(dump + IMAGE_AT, data + table + 64, size - table - 64);
    return DUMP_SIZE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t dump[DUMP_SIZE];
    if (size > INPUT_SIZE_MAX)
        return 0;
    inspect_and_render(data, size);
    inspect_and_render(dump, lay_out(data, size, dump));
    return 0;
}
