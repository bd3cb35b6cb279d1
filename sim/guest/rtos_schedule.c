#include "rtos.h"

// splitmix64's steps: a number for every point of a schedule.
static uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ull;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBull;
    return value ^ (value >> 31);
}

// Most races need one task to be held up at one place: those schedules come first and in order. What needs more than that
// is found by chance, one point in four differing.
uint32_t rtos_schedule_choice(uint32_t number, uint64_t ordinal, uint32_t count) {
    if (number == 0 || count < 2)
        return 0;
    if (number % 2 == 0)
        return ordinal == number / 2 - 1 ? 1 : 0;
    uint64_t chance = mix((uint64_t)number * 0x9E3779B97F4A7C15ull + ordinal);
    return chance % 4 != 0 ? 0 : 1 + (uint32_t)(chance / 4 % (count - 1));
}
