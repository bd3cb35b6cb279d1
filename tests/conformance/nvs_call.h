// Calls of nvs vectors, made as the application makes them (section 8 of the vectors' description).
#ifndef TESTS_CONFORMANCE_NVS_CALL_H
#define TESTS_CONFORMANCE_NVS_CALL_H

#include "nvs.h"
#include "sim/hw/board.h"
#include "vector.h"

#define NVS_HANDLE_VARIABLES 256

struct nvs_application {
    nvs_handle_t handles[NVS_HANDLE_VARIABLES]; // 0: not bound since the last boot
};

// Runs one call on a board whose app runs. `result` gets the name of the code, `out` what the call gave (NULL:
// nothing; the caller's). False: the vector is malformed, or the program was stopped.
bool nvs_call(struct board *board, struct vector *vector, struct nvs_application *application,
              const json_t *call, const char **result, json_t **out);

#endif
