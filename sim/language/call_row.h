// What is to be known of each call of the firmware that a step can make: a row.
#ifndef SIM_LANGUAGE_CALL_ROW_H
#define SIM_LANGUAGE_CALL_ROW_H

#include "scenario.h"

enum call_argument { // bits
    TAKES_PARTITION = 1,
    TAKES_IMAGE = 2,
    NEEDS_IMAGE = 4,
    TAKES_HANDLE = 8,
    OPENS_HANDLE = 16,
    TAKES_SIZE = 32,
    TAKES_OFFSET = 64,
    TAKES_LENGTH = 128,
    TAKES_COPY = 256,
    NEEDS_BYTES = 512, // `bytes`, `fill`, `image`, ...
    NEEDS_ADDRESS = 1024,
    TAKES_PROTECT = 2048,
    NEEDS_PARTITION = 4096 // NULL has to be said
};

enum call_result {
    GIVES_CODE,
    GIVES_PARTITION,
    GIVES_NUMBER,
    GIVES_TRUTH,
    GIVES_STATE,   // and a code
    GIVES_VERSION, // and a code
    GIVES_BYTES    // and a code
};

// The partition that a call is about when the step names none.
enum call_default { DEFAULT_NULL, DEFAULT_NEXT, DEFAULT_RUNNING };

struct call_row {
    const char *name; // the function, without esp_ota_: the step's verb
    const char *word; // in addresses of crash states: "confirm"
    const char *main; // the argument that may be given alone: `write: new`; NULL: it takes none
    unsigned takes;   // bits of enum call_argument
    enum call_default partition;
    enum call_result gives;
    bool resets; // it is meant to end in a reset
    // What it is to an update that is made of calls (update_lookup.h).
    enum { OF_NO_UPDATE, BEGINS_UPDATE, WRITES_UPDATE, SELECTS_UPDATE, ABORTS_UPDATE } part;
    const char *help; // one line, Markdown: what the function does
};

#define CALL_COUNT_ONE(NAME, symbol) +1
#define CALL_COUNT                   (0 CALLS(CALL_COUNT_ONE))
const struct call_row *call_row(enum ota_call call);

bool call_returns_code(const struct call_row *row);

// The call of that name; false: there is none.
bool call_find(const char *name, enum ota_call *out);

#endif
