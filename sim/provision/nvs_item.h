// An NVS value outside of flash: what people write in a scenario, a CSV file or an expectation.
#ifndef SIM_PROVISION_NVS_ITEM_H
#define SIM_PROVISION_NVS_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/include/nvs.h"
#include "../base/buffer.h"

struct nvs_value {
    nvs_type_t type;     // an integer type, NVS_TYPE_STR or NVS_TYPE_BLOB
    uint64_t number;     // integers; negative ones as their two's complement in 64 bits
    struct buffer bytes; // strings (without a NUL) and blobs; owned
};

struct nvs_item {
    char name_space[NVS_NS_NAME_MAX_SIZE];
    char key[NVS_KEY_NAME_MAX_SIZE];
    struct nvs_value value;
};

// "u8" ... "i64", "string", "blob"; NULL: not a type of values.
const char *nvs_type_word(nvs_type_t type);
bool nvs_type_parse(const char *word, nvs_type_t *out);

bool nvs_type_is_signed(nvs_type_t type);
uint64_t nvs_type_largest(nvs_type_t type);  // of an integer type
uint64_t nvs_type_smallest(nvs_type_t type); // as nvs_value.number

bool nvs_value_equal(const struct nvs_value *a, const struct nvs_value *b);

// "u32 5", "string \"text\"", "blob 01 02 ... (12 bytes)"
void nvs_value_print(const struct nvs_value *value, struct buffer *out);

// The same value with memory of its own.
void nvs_value_copy(struct nvs_value *copy, const struct nvs_value *value);
void nvs_value_free(struct nvs_value *value);

// ---- on a board, as an app --------------------------------------------------------------------

// nvs_set_*, nvs_get_* of the value's type. A value that is got has memory of its own.
esp_err_t nvs_value_set(nvs_handle_t handle, const char *key, const struct nvs_value *value);
esp_err_t nvs_value_get(nvs_handle_t handle, const char *key, nvs_type_t type, struct nvs_value *out);

#endif
