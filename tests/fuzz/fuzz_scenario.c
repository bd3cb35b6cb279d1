// Arbitrary text as a scenario file: it is read, or there is an error that says why; nothing is leaked either
// way.
#include "../../sim/language/diagnostic_render.h"
#include "../../sim/language/reader.h"
#include "fuzz.h"

#define TEXT_SIZE_MAX (16u << 10) // longer texts cost time and reach nothing new

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > TEXT_SIZE_MAX)
        return 0;
    const char *text = (const char *)data;
    struct diagnostics diagnostics = {.path = "fuzz.yaml"};
    struct scenario scenario;
    bool read = scenario_read_text("fuzz.yaml", text, size, &diagnostics, &scenario);
    FUZZ_CHECK(read == (diagnostics.error_count == 0));
    struct buffer rendered = {0};
    diagnostics_render(&diagnostics, false, &rendered);
    FUZZ_CHECK(diagnostics.error_count == 0 || rendered.length > 0);
    buffer_free(&rendered);
    diagnostics_free(&diagnostics);
    if (read)
        scenario_free(&scenario);
    return 0;
}
