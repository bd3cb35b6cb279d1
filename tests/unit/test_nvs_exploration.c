// What NVS costs an exploration: recoveries of an update between two commits, beside those of the update alone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/language/reader.h"
#include "sim/verdict/exploration.h"
#include "sim/verdict/runner.h"

// `first` and `second`: steps around the download.
#define UPDATE(first, second)                                                                                \
    "name: t\n"                                                                                              \
    "board:\n"                                                                                               \
    "  size: 4M\n"                                                                                           \
    "  partitions: |\n"                                                                                      \
    "    nvs,     data, nvs,   0x9000,  16K\n"                                                               \
    "    otadata, data, ota,   0xd000,  8K\n"                                                                \
    "    ota_0,   app,  ota_0, 0x10000, 1M\n"                                                                \
    "    ota_1,   app,  ota_1, ,        1M\n"                                                                \
    "  config: {rollback: true}\n"                                                                           \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 64K, at_boot: confirm}\n"                                                 \
    "  new: {version: 2.0.0, size: 1M, at_boot: confirm}\n"                                                  \
    "flash:\n"                                                                                               \
    "  ota_0: old\n"                                                                                         \
    "  otadata: [{seq: 1, state: VALID}, blank]\n"                                                           \
    "  nvs: {entries: {ota: {state: {u32: 0}}}}\n"                                                           \
    "steps: [boot, " first "begin: ota_1, write: new, " second "end, set_boot_partition: ota_1, restart]\n"  \
    "explore: {}\n"
#define COMMIT(value) "nvs_set: {namespace: ota, key: state, u32: " value "}, "

static uint64_t recoveries_of(const char *text, const char *release) {
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    assert_true(scenario_read_text("t.yaml", text, strlen(text), &diagnostics, &scenario));
    diagnostics_free(&diagnostics);
    struct explore_options exploration = {.threads = 1};
    struct run_options options = {
        .release = release_profile_find(release), .explore = true, .exploration = &exploration};
    struct result_scenario result;
    scenario_run(&scenario, &options, &result);
    assert_int_equal(result.verdict, VERDICT_PASS);
    assert_true(result.exploration.closed);
    uint64_t recoveries = result.exploration.recoveries;
    result_scenario_free(&result);
    scenario_free(&scenario);
    return recoveries;
}

// One MiB between two commits, all default models: at most a fifth more. v6.0 also writes zeros over what it gives up.
static void two_commits_cost_a_fifth_at_most(void **state) {
    (void)state;
    static const char *const releases[] = {"v5.5", "v6.0"};
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
        uint64_t alone = recoveries_of(UPDATE("", ""), releases[i]);
        uint64_t between = recoveries_of(UPDATE(COMMIT("1"), COMMIT("2")), releases[i]);
        print_message("%s: %llu recoveries alone, %llu between two commits\n", releases[i],
                      (unsigned long long)alone, (unsigned long long)between);
        assert_true(between > alone);
        assert_true(between * 10 <= alone * 12);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_commits_cost_a_fifth_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
