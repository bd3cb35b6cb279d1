// One recorded call of a public function: decoded from JSON, made on the board, its result in JSON again
// (sections 4.1 and 4.2).
#ifndef TESTS_CONFORMANCE_API_CALL_H
#define TESTS_CONFORMANCE_API_CALL_H

#include "esp_ota_ops.h"
#include "esp_partition.h"
#include "machine.h"
#include "vector.h"

#define HANDLE_VARIABLES_MAX 64u
#define CALLER_COPIES_MAX    256u // descriptors that the caller owns, over a whole vector

// What the application itself keeps between its calls.
struct application {
    esp_ota_handle_t handles[HANDLE_VARIABLES_MAX]; // 0 at each boot
    esp_partition_t copies[CALLER_COPIES_MAX];
    size_t copy_count;
    struct buffer *images; // that the calls write: `new`
    size_t image_count;
};

// Makes one call. The result as recorded: {"ret":...}, {"part":...} ..., {"end":"restart"} or
// {"end":"abort"}; NULL: the vector is malformed. `end` tells how the call ended.
json_t *api_call(struct machine *machine, struct vector *vector, struct application *application,
                 const json_t *call, enum board_end *end);

#endif
