// What the device of a dump would do next: the bootloader's decision, and what the update API would answer
// the app that then runs; under each release and each build of the firmware, equal answers grouped.
#ifndef SIM_INSPECT_FORECAST_H
#define SIM_INSPECT_FORECAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/otadata.h"
#include "table_review.h"

#define FORECAST_ATTEMPTS_MAX 4u // boots in a row that start nothing, until more of them cannot help

// Sets of (release, build): bit release index * DUMP_BUILDS + build.
typedef uint64_t forecast_members;

// "all releases, with and without rollback"; "v4.4 to v5.4 with rollback; ..." One line.
void forecast_members_print(forecast_members members, struct buffer *out);
// Of a patch level: that of its line.
forecast_members forecast_member(const struct release_profile *release, enum dump_build build);

struct boot_answer {
    forecast_members members;
    bool starts;       // an app runs in the end
    char label[17];    // of its partition; "" when it lies in none
    uint32_t address;  // of that partition
    uint32_t attempts; // boot attempts it took
    char *end;         // why nothing starts, or why the app ends at once; NULL
    char *reasons;     // the bootloader's own account, one decision a line; owned
    bool otadata_changed;
    struct otadata_entry after[2]; // otadata once the app runs
    uint32_t secure_version;       // burned once the app runs
};

#define FORECAST_QUESTIONS_MAX 12u

struct call_answer {
    forecast_members members;
    bool asked;                            // an app runs that can be asked
    char *answers[FORECAST_QUESTIONS_MAX]; // by question; owned
};

struct forecast {
    struct boot_answer *boots;
    size_t boot_count;
    struct call_answer *calls;
    size_t call_count;
};

// The question as app code asks it; NULL: there is no such question.
const char *forecast_question(size_t index);

void forecast_make(const struct dump *dump, const struct table_view *table, struct forecast *out);
void forecast_free(struct forecast *forecast);

// The group that a release and build belong to. Never NULL for a forecast that was made.
const struct boot_answer *forecast_boot_of(const struct forecast *forecast,
                                           const struct release_profile *release, enum dump_build build);

#endif
