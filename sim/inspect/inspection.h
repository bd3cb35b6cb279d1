// Everything that a flash dump tells, in one struct; and the struct as text and as JSON. The renderings judge
// nothing.
#ifndef SIM_INSPECT_INSPECTION_H
#define SIM_INSPECT_INSPECTION_H

#include "../base/buffer.h"
#include "../report/result.h"
#include "contents.h"
#include "forecast.h"
#include "nvs_view.h"

// An NVS partition of the dump that is not blank.
struct nvs_partition_view {
    char label[17];
    uint32_t address;
    struct nvs_view view;
};

struct inspection {
    struct dump dump;
    struct table_view table;
    struct problem_list problems;
    struct otadata_contents otadata;
    struct image_list images;
    struct nvs_partition_view *nvs; // owned
    size_t nvs_count;
    struct forecast forecast;
};

// Any bytes can be inspected, unless there are none or more than 32 MiB. `out` is uninitialised before; free
// it.
bool inspect(const void *bytes, size_t length, const struct dump_options *options, struct inspection *out,
             struct error *error);
void inspection_free(struct inspection *inspection);

// For people; bytes of the dump cannot move a terminal's cursor.
void inspection_text(const struct inspection *inspection, struct buffer *out);

#define INSPECTION_JSON_FORMAT "ota-sim-inspection/1"
#define INSPECTION_JSON_MARK   "\"format\": \"ota-sim-inspection/"

// For programs: docs/host-tools.md says what is in it. `what_if`: a run that started from this dump, or NULL.
void inspection_json(const struct inspection *inspection, const struct result *what_if, struct buffer *out);

// One line each, as both renderings and the diff use them.
void otadata_verdict_print(const struct otadata_verdict *verdict,
                           struct buffer *out);                            // "seq 3, VALID, CRC right"
void image_view_print(const struct image_view *image, struct buffer *out); // "app 2.0.0, whole, 197616 bytes"
void boot_answer_print(const struct boot_answer *answer, struct buffer *out); // "ota_1 boots"

// How two dumps differ, in these terms: a line each, nothing when they do not. True: they are the same, byte
// for byte.
bool inspection_diff(const struct inspection *a, const struct inspection *b, struct buffer *out);

#endif
