#include "report_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN_INVARIANT "invariant/own"

const struct report_rule report_rules[] = {
    {"invariant/boots", "Something valid runs in the end",
     "After this power cut the bootloader finds no image that it can start, boot after boot: the device is a "
     "brick. Replay the crash state to see which image it refuses and why."},
    {"invariant/settles", "The device comes to rest",
     "After this power cut the device resets again and again. Replay the crash state: either an app is "
     "started that never stays up, or the boots take more than the scenario allows (boots_max)."},
    {"invariant/old-or-new", "No third image ever runs",
     "An image ran that is neither the one before the update nor one that was selected, such as a factory "
     "app "
     "of years ago or a finished download. Look at the otadata after the cut: often both of its records are "
     "gone."},
    {"invariant/no-downgrade", "Nothing below the secure version runs",
     "An image was started whose secure version is below the one in eFuse. Anti-rollback has to be on in the "
     "bootloader as well as in the app."},
    {"invariant/confirmed-survives", "A confirmed version is what boots",
     "The app had confirmed itself, and the call had returned ESP_OK; after the cut another version boots."},
    {"invariant/pending-boots-once", "An unconfirmed image gets one try",
     "An image that had been started and had not confirmed itself was started a second time. Its state in "
     "otadata reads as neither PENDING_VERIFY nor ABORTED, so rollback does not see it."},
    {"invariant/rollback-lands", "A failed version gives way to the one before",
     "A new version crashed or failed its self-test, and the device did not come to rest on the version "
     "before it. Check that rollback is on in both builds and that the old image is still whole."},
    {"invariant/update-not-lost", "A selected version gets its try",
     "esp_ota_set_boot_partition had returned ESP_OK, or the new version had begun to confirm itself; after "
     "the cut the old version runs and nothing tells that there was an update. Rewriting a record in place "
     "erases it first."},
    {"invariant/record-is-true", "A VALID record tells the truth",
     "A record says VALID of a slot that was written to since, or whose app never confirmed itself. Only the "
     "hash keeps such an image from being started, and with anti-rollback its secure version is burned all "
     "the "
     "same."},
    {"invariant/running-has-record", "The confirmed app that runs has a record",
     "The app runs and had confirmed itself, but no record of otadata speaks of its slot, or its state is "
     "none "
     "that exists: the next loss or rollback passes it over."},
    {"invariant/efuse-not-ahead", "The eFuse follows confirmations",
     "The secure version in eFuse is above that of every image that was confirmed: it was burned for one "
     "that "
     "may not even start, and all others are locked out for good."},
    {"invariant/operations-closed", "Update operations are closed",
     "esp_ota_begin returned an error and left its operation open (call esp_ota_abort with the handle that "
     "it "
     "set), or two operations are open on one partition and overwrite each other."},
    {"invariant/retry-succeeds", "The update can be run again",
     "On the device that has come back, running the whole update once more fails or does not end in the new "
     "version: it will not heal by itself."},
    {"invariant/wear-bounded", "A recovery wears no sector out",
     "One recovery erased a sector more often than the scenario allows (erases_max)."},
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

const size_t report_rule_count = sizeof report_rules / sizeof report_rules[0];

static size_t find(const char *id) {
    size_t index = 0;
    while (index < report_rule_count && strcmp(report_rules[index].id, id) != 0)
        index++;
    return index;
}

size_t report_rule_index(const char *id) {
    size_t index = find(id);
    if (index == report_rule_count)
        abort();
    return index;
}

size_t report_rule_of_invariant(const char *name) {
    char id[64];
    snprintf(id, sizeof id, "invariant/%s", name);
    size_t index = find(id);
    return index < report_rule_count ? index : report_rule_index(OWN_INVARIANT);
}
