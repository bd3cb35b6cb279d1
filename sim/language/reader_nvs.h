// Reads names, values and contents of NVS.
#ifndef SIM_LANGUAGE_READER_NVS_H
#define SIM_LANGUAGE_READER_NVS_H

#include "reading.h"

// What of a name is read besides the partition.
enum nvs_key_use { NVS_PARTITION_ONLY, NVS_KEY_NONE, NVS_KEY_OPTIONAL, NVS_KEY_REQUIRED };

extern const char *const nvs_type_words[]; // "u8" to "blob", then NULL

// `partition`, `namespace` and `key` of an open mapping. False: reported.
bool read_nvs_name(struct reading *reading, struct fields *fields, enum nvs_key_use use,
                   struct nvs_name *out);

// Invariants speak of this key.
void nvs_watch(struct reading *reading, const struct yaml_node *node, const struct nvs_name *name);

// The key, all keys of the namespace, or all of the partition are erased.
void nvs_watch_erased(struct reading *reading, const struct yaml_node *node, const struct nvs_name *name);

// One of `u8` ... `i64`, `string`, `blob` of an open mapping. False: reported, nothing is owned.
bool read_nvs_value(struct reading *reading, struct fields *fields, struct nvs_value *out);

// `{entries: ...}` or `{csv: ...}`: `size` bytes of a partition that holds them are appended. False: reported.
bool read_nvs_contents(struct reading *reading, const struct yaml_node *node, const char *place,
                       uint32_t size, struct buffer *out);

// `{NAMESPACE: {KEY: {u32: 5} or absent}}`: calls `add` with each; it takes the memory over.
void read_nvs_expected(struct reading *reading, const struct yaml_node *node,
                       void (*add)(void *context, const struct yaml_node *key, struct nvs_expected *expected),
                       void *context);

#endif
