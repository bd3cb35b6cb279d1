#include "loader_memory.h"

#include "firmware.h"

// CH-10, its column "Built" for the ends: default builds of v5.1, v5.5 and v6.1. Where no build was read, the
// bound of the linker's segment stands. A release between two of them takes the earlier one's.

const struct loader_memory loader_memory_esp32[] = {
    {RELEASE(4, 4, 0), 0, 0x40078000, 0x4007BCD8, 0x3FFF0000, 0x3FFF1BF0, 0x3FFE3F20},
    {RELEASE(5, 5, 0), 0, 0x40078000, 0x4007BE2C, 0x3FFF0000, 0x3FFF1920, 0x3FFE3F20},
    {RELEASE_BETA(6, 1, 1), 0, 0x40078000, 0x4007BDCC, 0x3FFF0000, 0x3FFF18A0, 0x3FFE3F20},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32s2[] = {
    {RELEASE(4, 4, 0), 0, 0x40050000, 0x40056000, 0x3FFE6000, 0x3FFEAB00, 0x3FFFE70C},
    {RELEASE(5, 1, 0), 0, 0x4004F000, 0x40052160, 0x3FFE6000, 0x3FFE78E4, 0x3FFFE70C},
    {RELEASE(5, 3, 0), 0, 0x4004E000, 0x400513D0, 0x3FFE5000, 0x3FFE67A0, 0x3FFFE70C},
    {RELEASE_BETA(6, 1, 1), 0, 0x4004E000, 0x400513B0, 0x3FFE5000, 0x3FFE66A0, 0x3FFFE70C},
    {.since = 0},
};

// v4.4.0 to v4.4.2 had another (CH-11), of which only the top is known.
const struct loader_memory loader_memory_esp32s3[] = {
    {RELEASE(4, 4, 0), 0, 0x403CC700, 0x403D3700, 0x3FCE3700, 0x3FCE7700, 0x3FCEBF10},
    {RELEASE(4, 4, 3), 0, 0x403CC700, 0x403CF5B0, 0x3FCE3700, 0x3FCE4F10, 0x3FCEB710},
    {RELEASE(5, 3, 0), 0, 0x403CB700, 0x403CE634, 0x3FCE2700, 0x3FCE3DAC, 0x3FCEB710},
    {RELEASE_BETA(6, 1, 1), 0, 0x403CB700, 0x403CE654, 0x3FCE2700, 0x3FCE3CF0, 0x3FCEB710},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32c2[] = {
    {RELEASE(5, 0, 0), 0, 0x403AEB70, 0x403B14B0, 0x3FCD5B70, 0x3FCD7354, 0x3FCDEB70},
    {RELEASE(5, 5, 0), 0, 0x403AEB70, 0x403B1604, 0x3FCD5B70, 0x3FCD7288, 0x3FCDEB70},
    {RELEASE_BETA(6, 1, 1), 0, 0x403AEB70, 0x403B163C, 0x3FCD5B70, 0x3FCD7200, 0x3FCDEB70},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32c3[] = {
    {RELEASE(4, 4, 0), 0, 0x403CE710, 0x403D1620, 0x3FCD5710, 0x3FCDA710, 0x3FCDE710}, // HW-80
    {RELEASE(5, 1, 0), 0, 0x403CE710, 0x403D16AC, 0x3FCD5710, 0x3FCD6F34, 0x3FCDE710},
    {RELEASE(5, 5, 0), 0, 0x403CE710, 0x403D16E0, 0x3FCD5710, 0x3FCD6DE4, 0x3FCDE710},
    {RELEASE_BETA(6, 1, 1), 0, 0x403CE710, 0x403D16DC, 0x3FCD5710, 0x3FCD6D6C, 0x3FCDE710},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32c6[] = {
    {RELEASE(5, 1, 0), 0, 0x4086E610, 0x40871378, 0x40875610, 0x40876F20, 0x4087E610},
    {RELEASE(5, 5, 0), 0, 0x4086E610, 0x408717D4, 0x40875610, 0x40876E8C, 0x4087E610},
    {RELEASE_BETA(6, 1, 1), 0, 0x4086E610, 0x408717F0, 0x40875610, 0x40876D58, 0x4087E610},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32h2[] = {
    {RELEASE(5, 1, 0), 0, 0x4083EFD0, 0x40841CFC, 0x40845FD0, 0x40847870, 0x4084F380},
    {RELEASE(5, 5, 0), 0, 0x4083EFD0, 0x40841FA8, 0x40845FD0, 0x40847808, 0x4084F380},
    {RELEASE_BETA(6, 1, 1), 0, 0x4083EFD0, 0x40841F38, 0x40845FD0, 0x408476D8, 0x4084F380},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32c5[] = {
    {RELEASE(5, 3, 0), 0, 0x4084E9A0, 0x40851954, 0x408559A0, 0x4085718C, 0x4085E9A0},
    {RELEASE(5, 5, 0), 0, 0x4084E5A0, 0x40851738, 0x408555A0, 0x40856DD0, 0x4085E5A0},
    {RELEASE_BETA(6, 1, 1), 0, 0x4084E5A0, 0x40851808, 0x408555A0, 0x40856C60, 0x4085E5A0},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32c61[] = {
    {RELEASE(5, 3, 0), 0, 0x4083EA70, 0x40841C34, 0x40845A70, 0x4084732C, 0x4084EA70},
    {RELEASE(5, 5, 5), 0, 0x4083E670, 0x40841928, 0x40845670, 0x40846DC0, 0x4084E670},
    {RELEASE(6, 0, 0), 0, 0x4083EA70, 0x40841C34, 0x40845A70, 0x4084732C, 0x4084EA70},
    {RELEASE(6, 0, 1), 0, 0x4083E670, 0x40841928, 0x40845670, 0x40846DC0, 0x4084E670},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32h21[] = {
    {RELEASE(5, 5, 0), 0, 0x4083BA78, 0x4083F9BC, 0x40842A78, 0x40845494, 0x4084F380},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32h4[] = {
    {RELEASE(5, 5, 0), 0, 0x4084F350, 0x408533D8, 0x40856350, 0x40858E48, 0x4085D350},
    {.since = 0},
};

// Two families of builds: for chips below v3.0 and from there on (CH-3).
const struct loader_memory loader_memory_esp32p4[] = {
    {RELEASE(5, 2, 0), 0, 0x4FF2CBD0, 0x4FF30130, 0x4FF33BD0, 0x4FF352C4, 0x4FF3CFC0},
    {RELEASE(6, 0, 2), 0, 0x4FF2BBD0, 0x4FF2F164, 0x4FF33BD0, 0x4FF351E4, 0x4FF3CFC0},
    {RELEASE_BETA(6, 1, 1), 0, 0x4FF2CBD0, 0x4FF30130, 0x4FF33BD0, 0x4FF352C4, 0x4FF3CFC0},
    {RELEASE(6, 1, 0), 0, 0x4FF2BBD0, 0x4FF2F164, 0x4FF33BD0, 0x4FF351E4, 0x4FF3CFC0},
    {RELEASE(5, 4, 4), 300, 0x4FFAEFC0, 0x4FFB2564, 0x4FFB5FC0, 0x4FFB76B4, 0x4FFBCFC0},
    {RELEASE(6, 0, 2), 300, 0x4FFADFC0, 0x4FFB1688, 0x4FFB5FC0, 0x4FFB75D8, 0x4FFBCFC0},
    {RELEASE_BETA(6, 1, 1), 300, 0x4FFAEFC0, 0x4FFB2564, 0x4FFB5FC0, 0x4FFB76B4, 0x4FFBCFC0},
    {RELEASE(6, 1, 0), 300, 0x4FFADFC0, 0x4FFB1688, 0x4FFB5FC0, 0x4FFB75D8, 0x4FFBCFC0},
    {.since = 0},
};

const struct loader_memory loader_memory_esp32s31[] = {
    {RELEASE_BETA(6, 1, 1), 0, 0x2F06CFB0, 0x2F070288, 0x2F073FB0, 0x2F07572C, 0x2F07CFB0},
    {.since = 0},
};

struct loader_memory loader_memory_of(const struct chip_target *target, const struct firmware_build *build,
                                      uint32_t chip_revision) {
    struct loader_memory found = target->loader[0];
    for (const struct loader_memory *row = target->loader; row->since != 0; row++)
        if (row->since <= build->profile->version && row->chip_revision <= chip_revision)
            found = *row;
    if (build->loader_code_end != 0)
        found.code_end = build->loader_code_end;
    if (build->loader_data_end != 0)
        found.data_end = build->loader_data_end;
    return found;
}
