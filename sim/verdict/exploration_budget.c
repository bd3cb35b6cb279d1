#include "exploration_budget.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_S 0.05

static double seconds_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// A file that holds one number; UINT64_MAX: it is not there, or says "max".
static uint64_t number_in(const char *path) {
    unsigned long long number;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return UINT64_MAX;
    bool found = fscanf(file, "%llu", &number) == 1;
    (void)fclose(file);
    return found ? number : UINT64_MAX;
}

// The least of the limits of the cgroups (version 2) that the process is in, from its own to the root's.
static uint64_t cgroup_limit(void) {
    char line[512], path[640];
    uint64_t least =
        number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"); // version 1, as containers see it
    uint64_t root = number_in("/sys/fs/cgroup/memory.max");
    least = root < least ? root : least;
    FILE *file = fopen("/proc/self/cgroup", "r");
    if (file == NULL)
        return least;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "0::/", 4) != 0)
            continue;
        line[strcspn(line, "\n")] = 0;
        for (char *end = line + strlen(line); end > line + 3; end = strrchr(line, '/')) {
            *end = 0;
            (void)snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", line + 3);
            uint64_t limit = number_in(path);
            least = limit < least ? limit : least;
        }
    }
    (void)fclose(file);
    return least;
}

static uint64_t memory_there(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t machine = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
    uint64_t limit = cgroup_limit();
    return limit < machine ? limit : machine;
}

static uint64_t memory_held(void) {
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    (void)fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void exploration_budget_start(struct exploration_budget *budget, uint64_t time_us, uint64_t memory) {
    uint64_t there = memory != 0 ? 0 : memory_there();
    *budget =
        (struct exploration_budget){.deadline_s = time_us == 0 ? 0 : seconds_now() + (double)time_us / 1e6,
                                    .memory_max = memory != 0           ? memory
                                                  : there == UINT64_MAX ? 0
                                                                        : there / 4 * 3};
}

enum budget exploration_budget_spent(void *context) {
    struct exploration_budget *budget = context;
    double now = seconds_now();
    if (budget->deadline_s != 0 && now >= budget->deadline_s)
        return BUDGET_TIME;
    if (budget->memory_max == 0 || now - budget->looked_s < LOOK_EVERY_S)
        return BUDGET_LEFT;
    budget->looked_s = now;
    return memory_held() > budget->memory_max ? BUDGET_MEMORY : BUDGET_LEFT;
}
