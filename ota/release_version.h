// Versions of ESP-IDF as numbers, in the order in which they followed each other.
#ifndef OTA_RELEASE_VERSION_H
#define OTA_RELEASE_VERSION_H

#include <stdint.h>

// A beta comes before its line's first
#define RELEASE(major, minor, patch)     ((major)*100000u + (minor)*1000u + ((patch) + 1u) * 10u)
#define RELEASE_BETA(major, minor, beta) ((major)*100000u + (minor)*1000u + (beta))
#define RELEASE_LINE(version)            ((version) / 1000u)

static inline uint32_t release_version_line(uint32_t version) {
    return RELEASE_LINE(version);
}

#endif
