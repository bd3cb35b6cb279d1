#include "release_profile.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LINE RELEASE_LINE

// Does version `v` have what came with this patch of its line?
#define PATCH(v, major, minor, patch)                                                                        \
    (LINE(v) == LINE(RELEASE(major, minor, patch)) && (v) >= RELEASE(major, minor, patch))
// ... what came with this release, and stayed?
#define FROM(v, major, minor, patch) ((v) >= RELEASE(major, minor, patch))

#define V6_1_BETA1 RELEASE_BETA(6, 1, 1)
#define MASTER     RELEASE_BETA(6, 2, 1) // commit 102122904ad, on the way to v6.2

#define HAS(the_name, rule, is_there, text) .the_name = (is_there),

#define PROFILE(the_name, the_tag, the_version)                                                              \
    { .name = (the_name), .tag = (the_tag), .version = (the_version), RELEASE_BEHAVIOURS(HAS, the_version) }

#define PATCH_LEVEL(major, minor, patch)                                                                     \
    PROFILE("v" #major "." #minor "." #patch, "v" #major "." #minor "." #patch, RELEASE(major, minor, patch))

const struct release_profile release_profiles[] = {
    PROFILE("v4.4", "v4.4.8", RELEASE(4, 4, 8)),
    PROFILE("v5.0", "v5.0.9", RELEASE(5, 0, 9)),
    PROFILE("v5.1", "v5.1.7", RELEASE(5, 1, 7)),
    PROFILE("v5.2", "v5.2.7", RELEASE(5, 2, 7)),
    PROFILE("v5.3", "v5.3.5", RELEASE(5, 3, 5)),
    PROFILE("v5.4", "v5.4.4", RELEASE(5, 4, 4)),
    PROFILE("v5.5", "v5.5.5", RELEASE(5, 5, 5)),
    PROFILE("v6.0", "v6.0.2", RELEASE(6, 0, 2)),
    PROFILE("v6.1", "release/v6.1, the branch of July 2026", RELEASE(6, 1, 0)), // RL-51
    PROFILE("master", "v6.1-dev-6734-g102122904ad", MASTER),
    PROFILE("v6.2", "master of November 2026", RELEASE(6, 2, 0)), // RL-1 to RL-8
    {.name = NULL},
};

// A line's first tag is called "v5.5" as the line is, and "v5.5.0" here.
const struct release_profile release_patches[] = {
    // clang-format off
    PATCH_LEVEL(4, 4, 0), PATCH_LEVEL(4, 4, 1), PATCH_LEVEL(4, 4, 2), PATCH_LEVEL(4, 4, 3), PATCH_LEVEL(4, 4, 4),
    PATCH_LEVEL(4, 4, 5), PATCH_LEVEL(4, 4, 6), PATCH_LEVEL(4, 4, 7), PATCH_LEVEL(4, 4, 8),
    PATCH_LEVEL(5, 0, 0), PATCH_LEVEL(5, 0, 1), PATCH_LEVEL(5, 0, 2), PATCH_LEVEL(5, 0, 3), PATCH_LEVEL(5, 0, 4),
    PATCH_LEVEL(5, 0, 5), PATCH_LEVEL(5, 0, 6), PATCH_LEVEL(5, 0, 7), PATCH_LEVEL(5, 0, 8), PATCH_LEVEL(5, 0, 9),
    PATCH_LEVEL(5, 1, 0), PATCH_LEVEL(5, 1, 1), PATCH_LEVEL(5, 1, 2), PATCH_LEVEL(5, 1, 3), PATCH_LEVEL(5, 1, 4),
    PATCH_LEVEL(5, 1, 5), PATCH_LEVEL(5, 1, 6), PATCH_LEVEL(5, 1, 7),
    PATCH_LEVEL(5, 2, 0), PATCH_LEVEL(5, 2, 1), PATCH_LEVEL(5, 2, 2), PATCH_LEVEL(5, 2, 3), PATCH_LEVEL(5, 2, 4),
    PATCH_LEVEL(5, 2, 5), PATCH_LEVEL(5, 2, 6), PATCH_LEVEL(5, 2, 7),
    PATCH_LEVEL(5, 3, 0), PATCH_LEVEL(5, 3, 1), PATCH_LEVEL(5, 3, 2), PATCH_LEVEL(5, 3, 3), PATCH_LEVEL(5, 3, 4),
    PATCH_LEVEL(5, 3, 5),
    PATCH_LEVEL(5, 4, 0), PATCH_LEVEL(5, 4, 1), PATCH_LEVEL(5, 4, 2), PATCH_LEVEL(5, 4, 3), PATCH_LEVEL(5, 4, 4),
    PATCH_LEVEL(5, 5, 0), PATCH_LEVEL(5, 5, 1), PATCH_LEVEL(5, 5, 2), PATCH_LEVEL(5, 5, 3), PATCH_LEVEL(5, 5, 4),
    PATCH_LEVEL(5, 5, 5),
    PATCH_LEVEL(6, 0, 0), PATCH_LEVEL(6, 0, 1), PATCH_LEVEL(6, 0, 2),
    PROFILE("v6.1-beta1", "v6.1-beta1", V6_1_BETA1),
    // clang-format on
    {.name = NULL},
};

#define FUNCTION(name, rule, has, ...)                                                                       \
    static bool has_##name(uint32_t version) {                                                               \
        return has;                                                                                          \
    }
RELEASE_BEHAVIOURS(FUNCTION, version)
RELEASE_CHANGES(FUNCTION, version)

#define BEHAVIOUR(name, rule, has, text)     {#name, rule, text, NULL, has_##name},
#define CHANGE(name, rule, has, text, needs) {#name, rule, text, needs, has_##name},
const struct release_change release_changes[] = {RELEASE_BEHAVIOURS(BEHAVIOUR, version)
                                                     RELEASE_CHANGES(CHANGE, version){.name = NULL}};

const struct release_profile *release_profile_default(void) {
    return release_profile_find("v6.0");
}

static const struct release_profile *find_in(const struct release_profile *profiles, const char *name) {
    while (profiles->name != NULL && strcmp(profiles->name, name) != 0)
        profiles++;
    return profiles->name != NULL ? profiles : NULL;
}

const struct release_profile *release_profile_find(const char *name) {
    const struct release_profile *found = find_in(release_profiles, name);
    if (found == NULL)
        found = find_in(release_patches, name);
    for (const struct release_profile *line = release_profiles; found == NULL && line->name != NULL; line++)
        if (strcmp(line->tag, name) == 0)
            found = line;
    return found;
}

const struct release_profile *release_profile_line(const struct release_profile *profile) {
    const struct release_profile *line = release_profiles;
    while (line->name != NULL && LINE(line->version) != LINE(profile->version))
        line++;
    const struct release_profile *itself = find_in(release_profiles, profile->name);
    return itself != NULL ? itself : line;
}

uint32_t release_profile_first_version(const struct release_profile *profile) {
    const struct release_profile *line = release_profile_line(profile);
    if (line != profile)
        return profile->version;
    uint32_t first =
        LINE(line->version) * 1000u; // before any beta; master has a line with the release after it
    bool shared = line > release_profiles && LINE(line[-1].version) == LINE(line->version);
    return shared ? line[-1].version + 1 : first;
}

// One number of a version, `*at` moved behind it and the point after it. False: there is none.
static bool take_number(const char **at, uint32_t *out) {
    if (!isdigit((unsigned char)**at))
        return false;
    char *end;
    unsigned long number = strtoul(*at, &end, 10);
    *out = number > 99 ? 99 : (uint32_t)number;
    *at = end + (*end == '.');
    return true;
}

const struct release_profile *release_profile_nearest(const char *name) {
    const struct release_profile *known = release_profile_find(name), *nearest = NULL;
    if (known != NULL)
        return known;
    const char *at = name + (*name == 'v');
    uint32_t major, minor, patch = 99;
    if (!take_number(&at, &major) || !take_number(&at, &minor))
        return NULL;
    (void)take_number(&at, &patch);
    uint32_t version = RELEASE(major, minor, patch > 98 ? 98 : patch);
    for (const struct release_profile *each = release_profiles; each->name != NULL; each++)
        if (each->version <= version && each->version != MASTER)
            nearest = each;
    for (const struct release_profile *each = release_patches; each->name != NULL; each++)
        if (each->version <= version && (nearest == NULL || each->version > nearest->version))
            nearest = each;
    return nearest != NULL ? nearest : release_patches;
}

_Static_assert(LINE(V6_1_BETA1) == LINE(RELEASE(6, 1, 0)) && V6_1_BETA1 < RELEASE(6, 1, 0),
               "a beta comes first");

const char *release_profile_remark(const struct release_profile *profile) {
    if (profile->version == RELEASE(6, 1, 0))
        return "v6.1 is no tag yet: the head of its branch in July 2026 (RL-51)";
    if (profile->version == MASTER)
        return "master is no release: commit 102122904ad";
    if (profile->version == RELEASE(6, 2, 0))
        return "v6.2 is no tag yet: what master had become by November 2026 (RL-1 to RL-8)";
    return NULL;
}
