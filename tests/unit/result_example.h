// A result with something of everything, for the tests of the reports: nasty texts included.
#ifndef TESTS_UNIT_RESULT_EXAMPLE_H
#define TESTS_UNIT_RESULT_EXAMPLE_H

#include "sim/base/buffer.h"
#include "sim/report/result.h"

#define NASTY "a<b>&\"c\" \x01\x1b[31m \xff\xc3\x28 \xe2\x82\xac ]]>"

static inline struct result_scenario *example_scenario(struct result *result, const char *file,
                                                       const char *release, enum verdict verdict) {
    struct result_scenario *scenario = result_add(result);
    scenario->file = memory_text(file);
    scenario->name = memory_text("An update arrives");
    scenario->release = memory_text(release);
    scenario->verdict = verdict;
    scenario->seed = 7;
    scenario->expectations_met = 3;
    scenario->boots = 5;
    scenario->flash_size = 1u << 20;
    scenario->flash = (struct result_operation_counts){.reads = 11,
                                                       .programs = 20,
                                                       .program_bytes = 1280,
                                                       .sector_erases = 2,
                                                       .block_erases = 1,
                                                       .time_ns = 1234567};
    scenario->elapsed_s = 0.25;
    return scenario;
}

static inline void example_failure(struct result_scenario *scenario) {
    scenario->failures = memory_zeroed(1, sizeof scenario->failures[0]);
    scenario->failure_count = 1;
    scenario->expectations_failed = 1;
    scenario->failures[0] = (struct result_failure){
        .kind = "expect/booted",
        .message = memory_text("expected booted: ota_1, got ota_0"),
        .expected = memory_text("booted: ota_1"),
        .actual = memory_text("ota_0"),
        .line = 24,
        .column = 7,
        .length = 13,
        .source = memory_text("      booted: ota_1 # " NASTY),
        .step = memory_text("step 2: restart"),
        .said = memory_text("boot: power-on\n  W boot: ota_1 at 0x20000 does not load"),
        .otadata = memory_text("otadata[0]  seq 1  VALID  -> ota_0  (active)\notadata[1]  blank"),
    };
}

static inline void example_exploration(struct result_scenario *scenario) {
    struct result_exploration *exploration = &scenario->exploration;
    *exploration = (struct result_exploration){.ran = true,
                                               .closed = true,
                                               .crash_states = 1000,
                                               .distinct_states = 900,
                                               .recoveries = 40,
                                               .recoveries_saved = 960,
                                               .depth = 4,
                                               .elapsed_s = 0.5,
                                               .run_ns = 2000000000};
    exploration->faults = memory_zeroed(3, sizeof exploration->faults[0]);
    exploration->faults[0] = (struct result_fault_count){"clean", 100, true};
    exploration->faults[1] = (struct result_fault_count){"prefix", 0, true};
    exploration->faults[2] = (struct result_fault_count){"bit_rot", 0, false};
    exploration->fault_count = 3;
    scenario->violations = memory_zeroed(1, sizeof scenario->violations[0]);
    scenario->violations[0] = (struct result_violation){
        .invariant = memory_text("old-or-new"),
        .address = memory_text("confirm/2/prefix:12"),
        .story = memory_text("The power went. The device booted. It ended in ota_2."),
        .states = 12,
        .exposure_ns = 47300500,
        .per_million = -1,
        .cuts = 1,
    };
    scenario->violation_count = 1;
}

#endif
