// Scenarios that are valid and do what they like, each made from the input: they run to an end under a release and build of the
// input's choice, twice with the same result, and no defect of the simulator shows.
//
// The input is read from the front as a list of choices; at its end all choices are the first one.
//
// Slow: a device is provisioned and lives through all of its steps, twice.
#include <string.h>

#include "../../sim/language/reader.h"
#include "../../sim/verdict/runner.h"
#include "fuzz.h"

#define STEPS_MAX 12u

struct input {
    const uint8_t *bytes;
    size_t left;
};

static uint32_t take(struct input *input, uint32_t choices) {
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->bytes++ % choices;
}

static const char *pick(struct input *input, const char *const *words) {
    uint32_t count = 0;
    while (words[count] != NULL)
        count++;
    return words[take(input, count)];
}

static const char *const behaviours[] = {"confirm", "nothing", "crash", "hang", "self_test_fails", NULL};
static const char *const records[] = {"blank",
                                      "{seq: 1, state: VALID}",
                                      "{seq: 2, state: NEW}",
                                      "{seq: 3, state: PENDING_VERIFY}",
                                      "{seq: 4, state: ABORTED}",
                                      "{seq: 5, state: INVALID}",
                                      "{seq: 0xfffffffe, state: UNDEFINED}",
                                      NULL};
static const char *const slots[] = {"ota_0", "ota_1", NULL};
static const char *const images[] = {"one", "two", NULL};
static const char *const plain_steps[] = {"boot", "restart", "deep_sleep", "power_cycle", NULL};
static const char *const calls[] = {"mark_app_valid_cancel_rollback",
                                    "mark_app_invalid_rollback",
                                    "mark_app_invalid_rollback_and_reboot",
                                    "check_rollback_is_possible",
                                    "erase_last_boot_app_partition",
                                    "get_boot_partition",
                                    "get_running_partition",
                                    "get_last_invalid_partition",
                                    "end",
                                    "abort",
                                    NULL};

static void write_call(struct input *input, struct buffer *out) {
    switch (take(input, 5)) {
    case 0:
        buffer_printf(out, "  - begin: {partition: %s, size: %s}\n    returns: any\n", pick(input, slots),
                      take(input, 2) == 0 ? "unknown" : "sequential");
        break;
    case 1:
        buffer_printf(out, "  - write: {image: %s, length: %u}\n    returns: any\n", pick(input, images),
                      1 + take(input, 256) * 16);
        break;
    case 2:
        buffer_printf(out, "  - set_boot_partition: %s\n    returns: any\n", pick(input, slots));
        break;
    case 3:
        buffer_printf(out, "  - get_state_partition: %s\n    returns: any\n", pick(input, slots));
        break;
    default: {
        const char *call = pick(input, calls);
        buffer_printf(out, "  - %s:\n", call);
        if (strncmp(call, "get_", 4) != 0 && strncmp(call, "check", 5) != 0)
            buffer_text(out, "    returns: any\n");
    }
    }
}

static void write_step(struct input *input, struct buffer *out) {
    switch (take(input, 4)) {
    case 0:
        buffer_printf(out, "  - %s:\n", pick(input, plain_steps));
        break;
    case 1:
        buffer_printf(out, "  - update: %s\n    returns: any\n", pick(input, images));
        break;
    case 2:
        buffer_printf(out, "  - power_loss: {operation: %u}\n  - update: %s\n    returns: any\n",
                      take(input, 40), pick(input, images));
        break;
    default:
        write_call(input, out);
    }
}

static void write_scenario(struct input *input, struct buffer *out) {
    size_t release_count = 0;
    while (release_profiles[release_count].name != NULL)
        release_count++;
    buffer_printf(out,
                  "name: fuzz\nboard:\n  size: 1M\n  release: %s\n  config: {rollback: %s}\n"
                  "  partitions: |\n    otadata, data, ota, 0xd000, 8K\n    ota_0, app, ota_0, 0x10000, 64K\n"
                  "    ota_1, app, ota_1, , 64K\n",
                  release_profiles[take(input, (uint32_t)release_count)].name,
                  take(input, 2) == 0 ? "true" : "false");
    buffer_printf(out,
                  "images:\n  one: {version: 1.0.0, size: 4K, at_boot: %s}\n  two: {version: 2.0.0, size: "
                  "8K, at_boot: %s}\n",
                  pick(input, behaviours), pick(input, behaviours));
    buffer_printf(out, "flash:\n  ota_0: one\n  otadata: [%s, %s]\nsteps:\n  - boot:\n", pick(input, records),
                  pick(input, records));
    for (uint32_t steps = 1 + take(input, STEPS_MAX); steps > 0; steps--)
        write_step(input, out);
}

static void run(const struct scenario *scenario, struct result *result) {
    const struct run_options options = {0};
    scenario_run(scenario, &options, result_add(result));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, size};
    struct buffer text = {0};
    struct diagnostics diagnostics = {.path = "fuzz.yaml"};
    struct scenario scenario;
    write_scenario(&input, &text);
    if (scenario_read_text("fuzz.yaml", buffer_string(&text), text.length, &diagnostics, &scenario)) {
        struct result once = {0}, twice = {0};
        run(&scenario, &once);
        run(&scenario, &twice);
        const struct result_scenario *a = &once.scenarios[0], *b = &twice.scenarios[0];
        FUZZ_CHECK(!a->defect && a->verdict == b->verdict && a->boots == b->boots);
        FUZZ_CHECK(a->flash.programs == b->flash.programs && a->flash.time_ns == b->flash.time_ns);
        result_free(&once);
        result_free(&twice);
        scenario_free(&scenario);
    } else {
        fprintf(stderr, "%s\n", diagnostics.items[0].message);
        FUZZ_CHECK(false); // what is written here is a scenario
    }
    diagnostics_free(&diagnostics);
    buffer_free(&text);
    return 0;
}
