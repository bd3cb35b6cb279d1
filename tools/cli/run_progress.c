#include "run_progress.h"
#include "../../sim/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL_S  0.1
#define HEARTBEAT_S 30.0

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void run_progress_scenario(struct run_progress *progress, const char *file, const char *release,
                           size_t number, size_t count) {
    const char *slash = strrchr(file, '/');
    snprintf(progress->scenario, sizeof progress->scenario, "[%zu/%zu] %s [%s]", number, count,
             slash ? slash + 1 : file, release);
    progress->began_s = seconds_now();
    progress->shown_s = 0;
    terminal_progress(progress->terminal, "%s", progress->scenario);
}

// "950", "12.3k", "4.56M": a number that changes ten times a second has to be short.
static void print_short(struct buffer *out, double number) {
    static const char *const units[] = {"", "k", "M", "G", "T"};
    size_t unit = 0;
    while (number >= 999.5 && unit + 1 < sizeof units / sizeof units[0]) {
        number /= 1000;
        unit++;
    }
    buffer_printf(out, "%.*f%s",
                  unit == 0 || number >= 99.95 ? 0
                  : number >= 9.995            ? 1
                                               : 2,
                  number, units[unit]);
}

// What the process holds in memory, in MB; 0: not known.
static uint64_t memory_held(void) {
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1000000;
}

static void describe(const struct explore_progress *now, double elapsed, struct buffer *line) {
    double states = (double)now->crash_states, recoveries = (double)now->recoveries;
    if (now->operations > 0)
        buffer_printf(line, " %" PRIu64 " %%", 100 * now->operation / now->operations);
    buffer_text(line, ", ");
    print_short(line, states);
    buffer_text(line, " states, ");
    print_short(line, (double)now->frontier);
    buffer_text(line, " to do");
    if (states > 0 && recoveries <= states)
        buffer_printf(line, ", %.1f %% saved", 100 * (1 - recoveries / states));
    buffer_text(line, ", ");
    print_short(line, elapsed > 0 ? states / elapsed : 0);
    buffer_printf(line, "/s, %" PRIu64 " MB", memory_held());
}

void run_progress_exploration(void *context, const struct explore_progress *now) {
    struct run_progress *progress = context;
    double time = seconds_now();
    if (time - progress->shown_s < INTERVAL_S)
        return;
    progress->shown_s = time;
    struct buffer line = {0};
    describe(now, time - progress->began_s, &line);
    terminal_progress(progress->terminal, "%s%s", progress->scenario, buffer_string(&line));
    buffer_free(&line);
}

void run_progress_heartbeat(void *context, const struct explore_progress *now) {
    struct run_progress *progress = context;
    double time = seconds_now();
    double last = progress->shown_s > progress->began_s ? progress->shown_s : progress->began_s;
    if (time - last < HEARTBEAT_S)
        return;
    progress->shown_s = time;
    struct buffer line = {0};
    describe(now, time - progress->began_s, &line);
    if (now->causes > 0)
        buffer_printf(&line, "; %zu cause%s of violations so far, the first of %s", now->causes,
                      now->causes == 1 ? "" : "s", invariant_name((enum invariant)now->first));
    struct buffer clean = {0};
    utf8_one_line(&clean, progress->scenario);
    utf8_one_line(&clean, buffer_string(&line));
    (void)fprintf(stderr, "%s\n", buffer_string(&clean));
    buffer_free(&clean);
    (void)fflush(stderr);
    buffer_free(&line);
}
