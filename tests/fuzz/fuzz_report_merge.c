// Arbitrary bytes as the report of a shard: what is merged alone can be merged no further, and says how it
// ends.
#include <string.h>

#include "../../sim/report/report_merge.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct report_part part = {.name = "input"};
    struct report_merged merged, again;
    struct error error = {0};
    buffer_append(&part.text, data, size);
    if (report_merge(&part, 1, &merged, &error)) {
        struct report_part whole = {.name = "whole", .text = merged.json};
        FUZZ_CHECK(merged.status >= 0 && merged.status <= 130);
        FUZZ_CHECK(!report_merge(&whole, 1, &again, &error));
        report_merged_free(&merged);
    } else {
        FUZZ_CHECK(error.message[0]);
    }
    buffer_free(&part.text);
    return 0;
}
