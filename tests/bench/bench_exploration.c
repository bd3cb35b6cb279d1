// What exploring costs, beside what it would cost otherwise, in one run:
//
//   once    the whole update without a cut: begin, writes, end, set_boot, boot, confirm
//   memo    every crash state of it, closed over repeated cuts, recognising equal futures
//   afresh  the same, each crash state recovered by a run of its own (the memo off; on a smaller image)
//   naive   the update run anew for each cut, and the device booted afterwards: what a loop around a test
//   would do
//
// One thread, its processor time: other programs hardly count. The best of several rounds.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../sim/language/diagnostic_render.h"
#include "../../sim/language/reader.h"
#include "../../sim/play/provisioned_board.h"
#include "../../sim/play/step_cursor.h"
#include "../../sim/verdict/exploration.h"
#include "../../sim/verdict/recorded_run.h"

#define ROUNDS      5
#define NAIVE_CUTS  40u
#define FAULTS_FAST "clean, prefix"

static const char scenario_format[] = "name: benchmark\n"
                                      "board:\n"
                                      "  size: 16M\n"
                                      "  partitions: |\n"
                                      "    nvs, data, nvs, 0x9000, 16K\n"
                                      "    otadata, data, ota, 0xd000, 8K\n"
                                      "    ota_0, app, ota_0, 0x10000, %uK\n"
                                      "    ota_1, app, ota_1, , %uK\n"
                                      "  config: {rollback: true}\n"
                                      "images:\n"
                                      "  old: {version: 1.0.0, size: 64K, at_boot: confirm}\n"
                                      "  new: {version: 2.0.0, size: %uK, at_boot: confirm}\n"
                                      "flash:\n"
                                      "  ota_0: old\n"
                                      "  otadata: [{seq: 1, state: VALID}, blank]\n"
                                      "%s"
                                      "steps: [boot, %s{update: new}, %srestart]\n"
                                      "explore: {faults: [%s]}\n";

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void must(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "bench: %s\n", what);
        exit(3);
    }
}

// `commits`: a key of NVS is set before and after the update.
static void read_scenario(uint32_t image_kib, const char *faults, bool commits, struct scenario *out) {
    struct buffer text = {0};
    struct diagnostics diagnostics = {0};
    uint32_t slot_kib = image_kib < 64 ? 64 : image_kib;
    buffer_printf(&text, scenario_format, slot_kib, slot_kib, image_kib,
                  commits ? "  nvs: {entries: {ota: {state: {u32: 0}}}}\n" : "",
                  commits ? "{nvs_set: {namespace: ota, key: state, u32: 1}}, " : "",
                  commits ? "{nvs_set: {namespace: ota, key: state, u32: 2}}, " : "", faults);
    bool read = scenario_read_text("benchmark", buffer_string(&text), text.length, &diagnostics, out);
    text.length = 0;
    diagnostics_render(&diagnostics, false, &text);
    must(read, buffer_string(&text));
    diagnostics_free(&diagnostics);
    buffer_free(&text);
}

static const struct release_profile *release(void) {
    return release_profile_default();
}

// The update once, without a cut: what recording costs.
static double time_once(const struct scenario *scenario) {
    double least = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct recorded_run run;
        struct error error = {0};
        double start = seconds_now();
        must(recorded_run_make(scenario, release(), false, &run, &error), error.message);
        double seconds = seconds_now() - start;
        least = round == 0 || seconds < least ? seconds : least;
        recorded_run_free(&run);
    }
    return least;
}

struct explored {
    double seconds;
    uint64_t crash_states, recoveries;
};

static struct explored time_exploration(const struct scenario *scenario, bool no_memo, int rounds) {
    const struct explore_options options = {.threads = 1, .no_memo = no_memo};
    struct explored least = {0};
    for (int round = 0; round < rounds; round++) {
        struct result_scenario result = {.release = memory_text(release()->name)};
        double start = seconds_now();
        struct recorded_run run;
        struct error error = {0};
        must(recorded_run_make(scenario, release(), !no_memo, &run, &error), error.message);
        exploration_run(&run, &options, &result);
        recorded_run_free(&run);
        double seconds = seconds_now() - start;
        must(result.error == NULL && result.exploration.closed, "the exploration did not come to an end");
        least.seconds = round == 0 || seconds < least.seconds ? seconds : least.seconds;
        least.crash_states = result.exploration.crash_states;
        least.recoveries = result.exploration.recoveries;
        result_scenario_free(&result);
    }
    return least;
}

// A cut a run, spread over the run's operations.
static double time_naive_cut(const struct scenario *scenario) {
    struct recorded_run run;
    struct error error = {0};
    must(recorded_run_make(scenario, release(), false, &run, &error), error.message);
    uint64_t operations = run.recording.journal->operations;
    recorded_run_free(&run);
    double start = seconds_now();
    for (uint32_t i = 0; i < NAIVE_CUTS; i++) {
        struct board *board = scenario_board_new(scenario, release(), &error);
        struct execution execution;
        must(board != NULL, error.message);
        execution_init(&execution, scenario, board);
        board_cut_at_operation(board, operations * i / NAIVE_CUTS, &(struct tear){.kind = TEAR_CLEAN});
        struct step_cursor cursor = step_cursor_start(scenario);
        const struct step *step;
        struct step_outcome outcome = {0};
        while (outcome.end != STEP_POWER_CUT && (step = step_next(&cursor)) != NULL)
            execution_step(&execution, cursor.position, step, &outcome);
        struct recovery recovered;
        recover(&execution, PORT_RESET_POWER_ON, &recovered);
        must(recovered.end == RECOVERY_SETTLED, "the device did not come back");
        board_free(board);
    }
    return (seconds_now() - start) / NAIVE_CUTS;
}

static void print_size(uint32_t image_kib, const char *faults, int rounds) {
    struct scenario scenario;
    read_scenario(image_kib, faults, false, &scenario);
    double once = time_once(&scenario);
    struct explored memo = time_exploration(&scenario, false, rounds);
    printf("  %5u KiB  %9.2f ms  %9.2f ms  %12llu  %10.3g/s  %7.2f x\n", image_kib, once * 1e3,
           memo.seconds * 1e3, (unsigned long long)memo.crash_states,
           (double)memo.crash_states / memo.seconds, memo.seconds / once);
    scenario_free(&scenario);
}

static void print_sizes(const char *title, const char *faults, int rounds) {
    static const uint32_t sizes[] = {64, 256, 1024, 4096};
    printf("%s\n      image          once      explored  crash states           rate  explored/once\n",
           title);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        print_size(sizes[i], faults, rounds);
}

static void print_commits(void) {
    struct scenario alone, between;
    read_scenario(1024, "default", false, &alone);
    read_scenario(1024, "default", true, &between);
    struct explored without = time_exploration(&alone, false, 1), with = time_exploration(&between, false, 1);
    printf("1 MiB between two commits to NVS, default fault models, beside the same update alone\n");
    printf("  recoveries  %llu, %llu alone: %.3f x\n", (unsigned long long)with.recoveries,
           (unsigned long long)without.recoveries, (double)with.recoveries / (double)without.recoveries);
    printf("  time        %.2f s, %.2f s alone: %.2f x\n", with.seconds, without.seconds,
           with.seconds / without.seconds);
    scenario_free(&alone);
    scenario_free(&between);
}

static void print_ways(void) {
    struct scenario small, large;
    read_scenario(4, FAULTS_FAST, false, &small);
    read_scenario(1024, FAULTS_FAST, false, &large);
    struct explored memo = time_exploration(&large, false, ROUNDS),
                    afresh = time_exploration(&small, true, 1);
    double naive = 1 / time_naive_cut(&large);
    double with = (double)memo.crash_states / memo.seconds,
           without = (double)afresh.crash_states / afresh.seconds;
    printf("crash states a second\n");
    printf("  naive, 1 MiB image       %12.0f/s\n", naive);
    printf("  memo off, 4 KiB image    %12.0f/s   %9.0f x naive\n", without, without / naive);
    printf("  memo on, 1 MiB image     %12.0f/s   %9.0f x naive, %.0f x memo off\n", with, with / naive,
           with / without);
    scenario_free(&small);
    scenario_free(&large);
}

int main(void) {
    print_sizes("clean and prefix cuts, unbounded", FAULTS_FAST, ROUNDS);
    print_sizes("default fault models, unbounded, with retry", "default", 1);
    print_commits();
    print_ways();
    return 0;
}
