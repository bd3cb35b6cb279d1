#include "report_rules.h"

#include <assert.h>
#include <string.h>

#include "../explore/invariant.h"

#define OWN_INVARIANT INVARIANT_RULES "own"

// Behind the invariants, which are the first ones.
static const struct report_rule others[] = {
    {OWN_INVARIANT, "The scenario's own invariant holds",
     "What the scenario asks for under `explore: custom:` is not so on a device that came back from a power "
     "cut. The message names the invariant."},
    {"expect/booted", "The expected partition is booted",
     "The bootloader started another partition than `booted` says, or none. With -v, `ota-sim run` tells the "
     "bootloader's reasons."},
    {"expect/running", "The expected partition runs",
     "The app that runs is in another partition than `running` says, or none runs."},
    {"expect/version", "The expected version runs", "The running app's descriptor has another version."},
    {"expect/state", "The slot has the expected state",
     "otadata records another state for that slot. The failure shows both records as they are."},
    {"expect/returned", "The call returned what is expected", "`returned` looks back on the last call."},
    {"expect/returns", "A step returns what it has to",
     "A firmware call returned another code than the step states (ESP_OK unless it has `returns`), or the "
     "app "
     "ended in it."},
    {"expect/result", "The call gives what is expected",
     "`result` is the partition, number or truth value that the step's call gave."},
    {"expect/otadata", "otadata holds what is expected",
     "A record of otadata has another sequence number or state, or is not blank."},
    {"expect/efuse_secure_version", "The eFuse has the expected secure version",
     "Another number of bits is burned. They cannot be taken back."},
    {"expect/operations", "The step takes the expected operations",
     "The step read, programmed, erased or burned more or less often than expected."},
    {"expect/boots", "The step takes the expected number of boots",
     "More or fewer boot attempts were made before the device came to rest."},
    {"expect/flash", "The flash holds what is expected", "Bytes in flash differ."},
    {"expect/nvs", "NVS holds what is expected",
     "Another value, or none, would be read at the next start-up."},
    {"expect/status", "The server's answer has the expected status", "It has another one, or none came."},
    {"expect/length", "The server's answer has the expected length", "Content-Length differs."},
    {"expect/requests", "The app sends the expected requests", "Others, or in another order."},
    {"expect/ranges", "Requests ask for the expected ranges", "The header Range differs."},
    {"expect/events", "esp_https_ota posts the expected events", "Others, or in another order."},
    {"expect/boot_partition", "The expected partition is selected",
     "esp_ota_get_boot_partition gives another partition."},
    {"expect/rollback_possible", "Rollback is as possible as expected",
     "esp_ota_check_rollback_is_possible says otherwise: it looks for another slot with a valid image."},
    {"expect/erase_count", "Sectors wear as expected", "A sector was erased more or less often."},
    {"expect/end", "The last boot ends as expected",
     "The device settles, loops or boots nothing, other than expected."},
    {"expect/app-runs", "An app runs when a step needs one",
     "The step calls firmware, and nothing runs: the last boot ended without an app."},
    {"expect/power-loss-comes", "A planned power loss comes",
     "A power loss that never comes proves nothing: the step is shorter than the plan says, or none "
     "follows."},
    {"expect/io-fault-comes", "A planned I/O fault comes",
     "The scenario plans more reads, programs or erases to fail than there are."},
    {"expect/faults-fire", "The exploration finds something to cut",
     "The recorded run has no flash operation within the steps that are explored."},
    {"expect/closure", "The exploration comes to an end",
     "More distinct crash states than fit into memory: limit `depth`, `faults` or the steps that are cut."},
    {"expect/known-bug", "A declared bug is there",
     "The scenario declares a bug for this release, and all its expectations are met: remove the "
     "declaration."},
    {"expect/known-violation", "A declared violation is there",
     "The scenario declares a violation that the exploration no longer finds: remove the declaration."},
    {REPORT_RULE_RUNS, "The scenario can be run",
     "The file is no valid scenario, or asks for what cannot be done. `ota-sim explain` tells more of a code "
     "such as E0103."},
};

#define OTHER_COUNT (sizeof others / sizeof others[0])

size_t report_rule_count(void) {
    return INVARIANT_COUNT + OTHER_COUNT;
}

struct report_rule report_rule(size_t index) {
    assert(index < report_rule_count());
    if (index >= INVARIANT_COUNT)
        return others[index - INVARIANT_COUNT];
    const struct invariant_row *row = invariant_row((uint32_t)index);
    return (struct report_rule){row->rule, row->title, row->help};
}

size_t report_rule_index(const char *id) {
    size_t index = 0;
    while (strcmp(report_rule(index).id, id) != 0)
        index++;
    return index;
}

size_t report_rule_of_invariant(const char *name) {
    size_t index = 0;
    while (index < INVARIANT_COUNT && strcmp(invariant_row((uint32_t)index)->name, name) != 0)
        index++;
    return index < INVARIANT_COUNT ? index : report_rule_index(OWN_INVARIANT);
}
