// Arbitrary bytes as an sdkconfig: numbers stay in their ranges, and what is wrong is told with its line.
#include <string.h>

#include "../../sim/starter/sdkconfig.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buffer text = {0};
    struct sdkconfig config;
    struct error error = {0};
    buffer_append(&text, data, size);
    if (sdkconfig_is_one(&text)) {
        if (sdkconfig_read(&text, &config, &error)) {
            FUZZ_CHECK(config.flash_size <= 128u << 20 && config.secure_version <= 32);
            FUZZ_CHECK(strlen(config.table_file) < sizeof config.table_file);
        } else {
            FUZZ_CHECK(strncmp(error.message, "line ", 5) == 0);
        }
        sdkconfig_free(&config);
    }
    buffer_free(&text);
    return 0;
}
