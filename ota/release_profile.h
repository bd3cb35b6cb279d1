// What differs between ESP-IDF releases in ways that decide whether a device survives an update.
//
// A profile is a row of named behaviours. Code asks for a behaviour, never for a version number; only tables
// that hold a figure for each release (loader_memory.c) compare versions. The ids D1 to D16 are those of the
// measured matrix that the project's conformance vectors were recorded with, RL- the rules that say which
// patch of each line a change came with.
#ifndef OTA_RELEASE_PROFILE_H
#define OTA_RELEASE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "release_behaviours.h"
#include "release_version.h"

struct release_profile {
    const char *name; // "v6.0", "v5.5.1"; what --release takes
    const char *tag;  // the tag or commit that behaves like this: "v6.0.2"
    uint32_t version; // RELEASE(6, 0, 2)
#define RELEASE_FIELD(name, rule, has, text) bool name;
    RELEASE_BEHAVIOURS(RELEASE_FIELD, )
#undef RELEASE_FIELD
};

// One profile a line, oldest first, ended by a NULL name: "v5.5" is the line's newest patch level.
extern const struct release_profile release_profiles[];

// Every patch level by its tag, oldest first, ended by a NULL name.
extern const struct release_profile release_patches[];

// Everything in which releases differ, what nothing here is asked about too; ended by a NULL name.
struct release_change {
    const char *name, *rule, *text; // as in release_behaviours.h
    const char *needs; // what is not modelled, and would have to be; NULL: it is a field of the profile
    bool (*has)(uint32_t version);
};

extern const struct release_change release_changes[];

// The profile that a scenario gets when it names none ("v6.0").
const struct release_profile *release_profile_default(void);

// By the name of a line ("v5.5", "master"), by that of a patch level ("v5.5.1", "v6.1-beta1"), or by the tag of a
// line. NULL: no such release.
const struct release_profile *release_profile_find(const char *name);

// NULL: it is a tag, which nothing changes any more. Else in words what it stands for, and that it may change.
const char *release_profile_remark(const struct release_profile *profile);

// The line that a profile belongs to; itself when it is one. Its place in release_profiles is
// `line - release_profiles`.
const struct release_profile *release_profile_line(const struct release_profile *profile);

// The version from which on a profile stands for its line: a line for its first patch level and beta, a patch
// level for itself.
uint32_t release_profile_first_version(const struct release_profile *profile);

// Of the releases there are, the newest that is not newer than `name` says ("v5.3.9", "v7.0.1-dirty"); the
// oldest when all are newer. NULL: it is no version.
const struct release_profile *release_profile_nearest(const char *name);

#endif
