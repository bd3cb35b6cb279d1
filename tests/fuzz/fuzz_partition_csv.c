// Arbitrary bytes as a partition table, CSV or binary: what is accepted survives the way to binary, to CSV
// and back.
#include <string.h>

#include "../../sim/provision/partition_binary.h"
#include "../../sim/provision/partition_convert.h"
#include "fuzz.h"

#define TEXT_SIZE_MAX (16u << 10)

// False: refused, with a message.
static bool convert(const void *input, size_t size, struct buffer *out) {
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_csv_notes notes = {0};
    bool accepted = partition_table_convert(input, size, &options, out, &notes);
    FUZZ_CHECK(accepted == (notes.failure == PARTITION_CSV_FINE));
    FUZZ_CHECK(accepted || (notes.message && notes.message[0]));
    partition_csv_notes_free(&notes);
    return accepted;
}

// Binary to CSV to binary. False: refused on the way, as a table with overlaps is.
static bool rewrite(const struct buffer *binary, struct buffer *out) {
    struct buffer csv = {0};
    bool accepted = convert(binary->bytes, binary->length, &csv) && convert(csv.bytes, csv.length, out);
    buffer_free(&csv);
    FUZZ_CHECK(!accepted || out->length == PARTITION_TABLE_SIZE);
    return accepted;
}

// Names lose blanks at their ends on the first way through CSV; after that nothing changes any more.
static void check_way_back(const struct buffer *binary) {
    struct buffer once = {0}, twice = {0};
    FUZZ_CHECK(binary->length == PARTITION_TABLE_SIZE);
    if (rewrite(binary, &once) && rewrite(&once, &twice))
        FUZZ_CHECK(memcmp(once.bytes, twice.bytes, PARTITION_TABLE_SIZE) == 0);
    buffer_free(&once);
    buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > TEXT_SIZE_MAX)
        return 0;
    struct buffer out = {0};
    if (convert(data, size, &out) && !partition_table_is_binary(data, size))
        check_way_back(&out);
    buffer_free(&out);
    return 0;
}
