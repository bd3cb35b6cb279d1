#include "platform_hazards.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "../../ota/release_profile.h"

#define BOOTLOADER "bootloader"
#define CONFIRM    "esp_ota_mark_app_valid_cancel_rollback"
#define REJECT     "esp_ota_mark_app_invalid_rollback_and_reboot"
#define SELECT     "esp_ota_set_boot_partition"
#define BEGIN      "esp_ota_begin"
#define WRITE      "esp_ota_write"
#define ERASE_LAST "esp_ota_erase_last_boot_app_partition"
#define NVS_BLOB   "nvs_set_blob"
#define NVS_SET    "nvs_set_*"
#define NVS_ERASE  "nvs_flash_erase*"
#define NVS_ANY    "nvs_*"

// Of an erase that a program follows: everything from the first stage of the one to the last byte of the other.
#define TEARS_OF_AN_ERASE                                                                                    \
    (FAULT_CLEAN | FAULT_PARTIAL_ERASE | FAULT_EARLY_BITS | FAULT_UNSTABLE | FAULT_NEIGHBOUR)
#define TEARS_OF_A_REWRITE (TEARS_OF_AN_ERASE | FAULT_PREFIX | FAULT_LATE_BITS)
#define MISFIRES           (FAULT_IO_ERROR | FAULT_IO_DROPPED)

// Numbers are kept: people cite them.
const struct platform_hazard platform_hazards[] = {
    {.id = "Z1",
     .title = "A record is rewritten in place",
     .text = "At the first boot of a new version (NEW becomes PENDING_VERIFY) and at its confirmation "
             "(PENDING_VERIFY becomes VALID) the sector that holds its only record is erased and programmed "
             "anew. A cut from the first stage of the erase to the end of the program loses the record: the "
             "old version boots, and nothing tells that there was an update. Nothing bricks.",
     .remedy =
         "Run the update again: whoever asks for it has to notice that the old version answers. Keep the "
         "old version able to update.",
     .replays = {{"scenarios/powerloss.yaml", "restart/0/zero-front:1"}},
     .causes = {{INVARIANT_UPDATE_NOT_LOST, BOOTLOADER, JOURNAL_ERASE, TEARS_OF_A_REWRITE, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_UPDATE_NOT_LOST, CONFIRM, JOURNAL_ERASE, TEARS_OF_A_REWRITE, HAZARD_REWRITES, NULL,
                 NULL, false, TEAR_CLEAN}}},
    {.id = "Z2",
     .title = "The state is not covered by the checksum",
     .text =
         "A program that is interrupted when all but one cell are down leaves a record whose number and "
         "checksum are right. When the late cell is in the state, PENDING_VERIFY (1) reads as 5, which no "
         "code knows and nothing gives up: the app is started again although it has not confirmed itself, "
         "and one that crashes is started for ever. Likewise NEW (0) reads as VALID (2), and the app never "
         "gets its probation. An erase that is cut when one cell is back at 1 does the same. One cell "
         "decides "
         "whether rollback works.",
     .remedy = "Confirm soon and always, so that a good app does not depend on its state. An app that finds "
               "its own state to be none that exists (esp_ota_get_state_partition) should treat itself as on "
               "probation. That an app which crashes may be started for ever cannot be mended from the app.",
     .replays = {{"scenarios/rollback/bad-update-cut-everywhere.yaml", "restart/1/late:194"},
                 {"scenarios/rollback/bad-update-cut-everywhere.yaml", "update/651/late:193"}},
     .causes = {{INVARIANT_PENDING_BOOTS_ONCE, BOOTLOADER, JOURNAL_PROGRAM, FAULT_LATE_BITS, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_PENDING_BOOTS_ONCE, CONFIRM, JOURNAL_PROGRAM, FAULT_LATE_BITS, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_PENDING_BOOTS_ONCE, REJECT, JOURNAL_PROGRAM, FAULT_LATE_BITS, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_PENDING_BOOTS_ONCE, BOOTLOADER, JOURNAL_ERASE, FAULT_EARLY_BITS, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_PENDING_BOOTS_ONCE, CONFIRM, JOURNAL_ERASE, FAULT_EARLY_BITS, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_PENDING_BOOTS_ONCE, REJECT, JOURNAL_ERASE, FAULT_EARLY_BITS, HAZARD_REWRITES, NULL,
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_RECORD_IS_TRUE, BOOTLOADER, JOURNAL_ERASE, FAULT_EARLY_BITS, HAZARD_REWRITES, NULL,
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_RECORD_IS_TRUE, SELECT, JOURNAL_PROGRAM, FAULT_LATE_BITS, HAZARD_REWRITES, NULL,
                 NULL, false, TEAR_CLEAN}}},
    {.id = "Z3",
     .title = "Z2 burns the eFuse",
     .text =
         "With anti-rollback, a NEW record that reads as VALID makes the bootloader burn the secure version "
         "of an app that has never run, before its image is looked at. When it crashes, the version before "
         "it is locked out for good.",
     .remedy = "Raise the secure version in a release of its own, after the version before it has proved "
               "itself in the field.",
     .replays = {{"scenarios/anti-rollback/bad-update-leaves-the-efuse-alone.yaml", "update/651/late:193"}},
     .causes = {{INVARIANT_EFUSE_NOT_AHEAD, SELECT, JOURNAL_PROGRAM, FAULT_LATE_BITS, HAZARD_REWRITES, NULL,
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_EFUSE_NOT_AHEAD, BOOTLOADER, JOURNAL_ERASE, FAULT_EARLY_BITS, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN}}},
    {.id = "Z4",
     .title = "The running slot is selected again",
     .text =
         "Up to v5.5 this wrote the other sector, which is the defect of issue 14688; since v6.0 the active "
         "record is erased and rewritten. If it is the only one and there is no factory app, a cut in "
         "between boots ota_0, whatever that holds.",
     .remedy = "Do not select the partition that esp_ota_get_boot_partition names already.",
     .first_release = "v6.0",
     .link = "https://github.com/espressif/esp-idf/issues/14688",
     .replays = {{"scenarios/power-loss/reselection.yaml", "set_boot/1/clean"}},
     .causes = {{INVARIANT_OLD_OR_NEW, SELECT, JOURNAL_ERASE, TEARS_OF_A_REWRITE, HAZARD_RESELECTS, NULL,
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_CONFIRMED_SURVIVES, SELECT, JOURNAL_ERASE, TEARS_OF_A_REWRITE, HAZARD_RESELECTS,
                 NULL, NULL, false, TEAR_CLEAN}}},
    {.id = "Z5",
     .title = "Both sectors of otadata are erased one after the other",
     .text =
         "By `esp_ota_set_boot_partition` with the factory app and by the factory reset pin alike, the "
         "first sector first. When the newer record is there, a cut in between makes the older one count: "
         "a version boots that nobody asked for.",
     .remedy =
         "Keep every version that may still be in a slot able to finish the way back to the factory app.",
     .replays = {{"scenarios/power-loss/back-to-factory.yaml", "set_boot/1/clean"},
                 {"scenarios/power-loss/factory-reset-pin.yaml", "restart/4/zero-front:1"}},
     .causes = {{INVARIANT_OLD_OR_NEW, SELECT, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_ERASES, NULL, NULL,
                 false, TEAR_CLEAN},
                {INVARIANT_CONFIRMED_SURVIVES, SELECT, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_ERASES, NULL,
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_OLD_OR_NEW, BOOTLOADER, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_ERASES, NULL,
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_CONFIRMED_SURVIVES, BOOTLOADER, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_ERASES,
                 NULL, NULL, false, TEAR_CLEAN}}},
    {.id = "Z6",
     .title = "A gap in the burned bits",
     .text =
         "The secure version is the *count* of burned bits, and the next burn takes the bits from that "
         "count on. When a cut in a burn of several bits leaves a gap, the count points at a bit that is "
         "down already; the eFuse layer refuses to burn it again, and that error is dropped. The secure "
         "version stays too low for ever, while confirming answers ESP_OK. That a cut can leave any subset "
         "of the bits is an assumption (see [fault models](fault-models.md)).",
     .remedy = "Raise the secure version by one at a time.",
     .replays = {{"scenarios/anti-rollback/burn-at-boot.yaml", "boot/0/efuse:508"},
                 {"scenarios/anti-rollback/bits-out-of-order.yaml", NULL}}},
    {.id = "Z7",
     .title = "A confirmation that confirms another version",
     .text =
         "`esp_ota_mark_app_valid_cancel_rollback` works on the active record, not on that of the app that "
         "runs. When the record could not be written at the first boot (an error of the chip, or Z1 with "
         "no restart in between), the active one is that of the old version: it is VALID, nothing is to be "
         "done, the answer is ESP_OK, and the next boot starts the old version.",
     .remedy = "Before confirming, look whether the running partition is the boot partition; when it is not, "
               "select it.",
     .replays = {{"scenarios/power-loss/operations-that-fail.yaml", "restart/1/io-error"},
                 {"scenarios/field/confirming-blesses-the-damaged-slot.yaml", NULL}},
     .causes = {{INVARIANT_CONFIRMED_SURVIVES, BOOTLOADER, JOURNAL_PROGRAM, MISFIRES, HAZARD_REWRITES, NULL,
                 NULL, false, TEAR_CLEAN}}},
    {.id = "Z8",
     .title = "One bit of the image header switches its hash off",
     .text = "Byte 23 says whether a hash is appended. With that bit flipped only the checksum is looked at, "
             "one byte that any two flipped bits of the same place pass.",
     .remedy = "Sign images: Secure Boot looks at all of them.",
     .replays = {{"scenarios/corruption/image-bits.yaml", "end/0/rot:1048760"}}},
    {.id = "Z9",
     .title = "There is one partition table",
     .text = "Any flipped bit of it, its checksum included, and nothing boots.",
     .remedy = "None in the field: protect its sector from writes.",
     .replays = {{"scenarios/corruption/partition-table-bits.yaml", "end/0/rot:262144"}}},
    {.id = "Z10",
     .title = "Slots with a gap",
     .text = "The app takes the number in a slot's name, the bootloader its place among the slots that are "
             "there. With ota_0 and ota_2 an update to ota_2 is written down as slot 2 of 2, and the "
             "bootloader starts ota_0.",
     .remedy = "Number the slots from 0 without a gap.",
     .replays = {{"scenarios/layout/slots-with-a-gap.yaml", NULL}}},
    {.id = "Z11",
     .title = "A slot is overwritten while its record says VALID",
     .text =
         "`esp_ota_begin` erases the slot first. Up to v5.4 the record of what stood there stays VALID until "
         "the next `esp_ota_set_boot_partition`; since v5.5 builds with rollback erase it after the slot, "
         "when it is the inactive one. `esp_ota_erase_last_boot_app_partition` does it in the same order. "
         "In between a record vouches for half an image: only the hash protects.",
     .remedy = "Keep the hash in every image (the default), and never build with a bootloader that skips "
               "validation at power-on.",
     .link = "https://github.com/espressif/esp-idf/issues/14808",
     .replays = {{"scenarios/power-loss/download-erased-first.yaml", "begin/0/zero-front:1"}},
     .causes = {{INVARIANT_RECORD_IS_TRUE, BEGIN, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_OF_SLOTS, "v5.5",
                 NULL, false, TEAR_CLEAN},
                {INVARIANT_RECORD_IS_TRUE, ERASE_LAST, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_OF_SLOTS,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_RECORD_IS_TRUE, BEGIN, JOURNAL_ERASE, TEARS_OF_A_REWRITE, HAZARD_OF_SLOTS,
                 .until = "v5.4", .spreads = true},
                {INVARIANT_RECORD_IS_TRUE, WRITE, JOURNAL_ERASE, TEARS_OF_A_REWRITE, HAZARD_OF_SLOTS,
                 .until = "v5.4", .spreads = true}}},
    {.id = "Z12",
     .title = "A torn erase makes sequence number 0",
     .text =
         "The checksum of sequence number 0 is FFFFFFFF, so an erase of a blank sector that has zeroed four "
         "bytes leaves a good record. It speaks of the last slot. The app that runs then confirms that "
         "record, not its own, and has none.",
     .remedy = "Before confirming, look whether the running partition is the boot partition; when it is not, "
               "select it.",
     .replays = {{"scenarios/power-loss/first-update-from-factory-app.yaml", "update/650/zero-front:4"}},
     .causes = {{INVARIANT_RUNNING_HAS_RECORD, SELECT, JOURNAL_ERASE, FAULT_PARTIAL_ERASE, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_RUNNING_HAS_RECORD, BOOTLOADER, JOURNAL_ERASE, FAULT_PARTIAL_ERASE,
                 HAZARD_REWRITES, NULL, NULL, false, TEAR_CLEAN},
                {INVARIANT_RUNNING_HAS_RECORD, BOOTLOADER, JOURNAL_PROGRAM, FAULT_PREFIX, HAZARD_REWRITES,
                 NULL, NULL, false, TEAR_CLEAN}}},
    {.id = "Z13",
     .title = "A small blob in NVS is gone, old and new",
     .text =
         "When a blob is overwritten and the power goes between its new data and its new index, on the page "
         "that holds the old one, start-up takes the old data for a duplicate of the new ones and erases "
         "them; then the old index has no data and the new data have no index, and both go (NV-100; "
         "v4.4.8, v5.0.7, v5.1.4, v5.2.2, v5.3 and later). Integers and strings survive.",
     .remedy = "Keep what must survive in integers or strings, or write each blob under two keys in turns.",
     .replays = {{"scenarios/nvs/overwritten-blob.yaml", "nvs_set#3/4/clean"}},
     .causes = {{INVARIANT_NVS_OLD_OR_NEW, NVS_BLOB, JOURNAL_PROGRAM, FAULT_CLEAN | FAULT_PREFIX,
                 HAZARD_OF_BLOBS, NULL, NULL, false, TEAR_CLEAN}}},
    {.id = "Z14",
     .title = "A torn erase makes NVS refuse to start",
     .text =
         "The checksum of zeros is FFFFFFFF here, too: an erase of a page that was never written, stopped "
         "when 28 to 31 bytes are zeroed, leaves a header of version 0 with a right checksum. Smaller "
         "versions are newer ones: `nvs_flash_init` ends in ESP_ERR_NVS_NEW_VERSION_FOUND from then on, and "
         "the usual answer to that is to erase everything. It takes a page that start-up erases, as after a "
         "cut in a header, and a second cut in that erase.",
     .remedy = "Do not answer ESP_ERR_NVS_NEW_VERSION_FOUND by erasing everything without asking.",
     .replays = {{"scenarios/nvs/torn-erase-of-a-page.yaml", "nvs_set/2/prefix:1+boot/0/zero-front:28"}},
     .causes = {{INVARIANT_NVS_STARTS, NVS_ANY, JOURNAL_ERASE, FAULT_PARTIAL_ERASE, HAZARD_OF_NVS,
                 .simplest = TEAR_ERASE_ZERO_FRONT}}},
    {.id = "Z15",
     .title = "A VALID record burns the eFuse before its image is looked at",
     .text =
         "With anti-rollback the bootloader takes the secure version from the descriptor in the slot of the "
         "active VALID record and burns it; only then it loads the image. When that one does not load, "
         "every other image is too old: nothing boots any more, for good. A descriptor is 288 bytes into a "
         "download. Three ways lead there: two downloads without a restart, the second one cut, and an app "
         "that confirms although it runs by fallback (Z7); a download over a slot whose record is VALID "
         "already (Z11); and without any cut an image that `esp_ota_end` takes and the bootloader refuses.",
     .remedy =
         "Confirm only what is PENDING_VERIFY itself: that closes the first and the third way. All three "
         "are closed by selecting the slot that runs, before anything else, when it is not the boot "
         "partition.",
     .replays = {{"scenarios/anti-rollback/brick-by-a-second-download.yaml", "update#2/2/clean"},
                 {"scenarios/anti-rollback/brick-by-a-download-over-a-valid-record.yaml", "download/2/clean"},
                 {"scenarios/anti-rollback/brick-without-a-cut.yaml", NULL}}},
    {.id = "Z16",
     .title = "An erase that has hardly begun makes a rejected record good",
     .text =
         "The state is not covered by the checksum, and an erase that is cut when one cell is back at 1 "
         "leaves a record with everything else in place: ABORTED (4) reads as 5, INVALID (3) as 7, which no "
         "code knows, and the app that was rejected is started again. It takes an erase of that record "
         "while its image is still there, such as that of `esp_ota_invalidate_inactive_ota_data_slot`, or of "
         "`esp_ota_begin`, which erases the record of the slot before the slot.",
     .remedy = "Erase the image before its record.",
     .first_release = "v5.5",
     .replays = {{"scenarios/power-loss/rejected-record-erased.yaml", "invalidate_inactive/0/early:192"}},
     .causes = {{INVARIANT_CONFIRMED_SURVIVES, BEGIN, JOURNAL_ERASE, FAULT_EARLY_BITS, HAZARD_ERASES, NULL,
                 NULL, false, TEAR_CLEAN}}},
    {.id = "Z17",
     .title = "A wake from deep sleep jumps into a damaged slot",
     .text = "With a bootloader that skips validation on a wake, and a chip that keeps no note of what runs, "
             "the wake takes what otadata names: the slot that the boot before it had refused, unchecked.",
     .remedy = "Do not skip validation on such chips, or select the slot that runs before going to sleep.",
     .link = "https://github.com/espressif/esp-idf/pull/3304",
     .replays = {{"scenarios/field/wake-jumps-into-damaged-slot.yaml", NULL}}},
    {.id = "Z18",
     .title = "A sequence number that means an erased record",
     .text = "FFFFFFFF is what an erased record has. From FFFFFFFE on the next number for the other slot is "
             "exactly that: `esp_ota_set_boot_partition` answers ESP_OK, and the old version boots. Four "
             "thousand million updates lead there, or one planted number.",
     .remedy = "Erase otadata at the factory; refuse records with numbers that no device of yours can have.",
     .replays = {{"scenarios/field/sequence-number-at-its-end.yaml", NULL}}},
    {.id = "Z19",
     .title = "Two updates without a restart forget the app that works",
     .text =
         "Selecting the slot that is selected already writes the *other* sector, which holds the record of "
         "the app that runs. Both records name the new version then: it is tried twice, and when it crashes "
         "both are ABORTED. Without a factory app the bad slot is started for ever, and the good one never.",
     .remedy = "Restart after each update, or refuse a second one until then.",
     .last_release = "v5.5",
     .link = "https://github.com/espressif/esp-idf/issues/14688",
     .replays = {{"scenarios/field/good-app-forgotten-by-second-update.yaml", NULL},
                 {"scenarios/field/good-app-forgotten-after-damaged-download.yaml", NULL}}},
    {.id = "Z20",
     .title = "Operations that stay open",
     .text = "`esp_ota_begin` does not look at the operations that are open: two of them write one slot by "
             "turns. "
             "And when its erase fails it returns the error, while its operation stays open (AU-14, in all "
             "releases).",
     .remedy = "Keep the handle in one place, and abort it also after an error of `esp_ota_begin`.",
     .last_release = "v6.0",
     .link = "https://github.com/espressif/esp-idf/issues/18127",
     .replays = {{"scenarios/field/two-updates-at-once.yaml", NULL}}},
    {.id = "Z21",
     .title = "A download that is resumed may overwrite the way back",
     .text =
         "`esp_ota_begin` refuses while the app that runs is on probation, since the other slot is what it "
         "would go back to; `esp_ota_resume` does not ask.",
     .remedy = "Confirm before resuming a download, or refuse it while on probation.",
     .first_release = "v5.3",
     .last_release = "v6.0",
     .link = "https://github.com/espressif/esp-idf/commit/b15caab8761",
     .replays = {{"scenarios/field/resume-overwrites-the-way-back.yaml", NULL}}},
    {.id = "Z22",
     .title = "Two keys of NVS with the same hash: the earlier one is gone",
     .text =
         "A page finds its keys by 24 bits of a CRC, and start-up takes the second of two keys that share "
         "them for a newer value of the first, which it erases (NV-102). No cut is needed, only a "
         "restart while both are on the page that is being filled, such as `key33` and `key109932` in "
         "the first namespace. Among n keys on a page the chance is about n squared in 33 million.",
     .remedy = "Try the keys that a product uses together once, in one namespace, over a restart.",
     .replays = {{"scenarios/nvs/two-keys-of-one-hash.yaml", NULL}}},
    {.id = "Z23",
     .title = "A value of NVS whose type was changed comes back when it is erased",
     .text =
         "A value of another type is written beside the old one, which is erased afterwards. A cut between "
         "the two leaves both under one key, and start-up repairs that only when both are on the page that "
         "is being filled. `nvs_erase_key` then takes the older one, and the other comes to light. "
         "Releases before v5.2 (and v5.1 up to v5.1.6) never erase the old one: there it takes no cut.",
     .remedy = "Give a value of another type another key.",
     .replays = {{"scenarios/nvs/value-of-another-type.yaml", "nvs_set#124/6/clean"}}},
    {.id = "Z24",
     .title = "A blob of NVS that does not fit takes the old value with it",
     .text =
         "A `nvs_set_blob` that ends in ESP_ERR_NVS_NOT_ENOUGH_SPACE cleans up the pieces that it has "
         "written, and counts them from 0 whatever their version: where the old value's pieces have these "
         "numbers, on the pages that were used, they go instead (NV-101). No cut is needed. With the "
         "other version the new pieces stay and fill the pages until the next start.",
     .remedy = "Ask `nvs_get_stats` before a blob is made longer, or erase the key first.",
     .last_release = "v6.1",
     .replays = {{"scenarios/nvs/blob-that-does-not-fit.yaml", NULL}}},
    {.id = "Z25",
     .title = "A blob of two pieces always counts as changed",
     .text =
         "A set of the value that is there does nothing. Since pieces are compared by their CRC first, each "
         "is held against the beginning of the data, so a blob of two or more pieces is written anew each "
         "time, beside itself (NV-105; also v5.5.2 and later, and the last patch levels of v5.1 to v5.4). "
         "Where that does not fit it answers ESP_ERR_NVS_NOT_ENOUGH_SPACE, and Z24 takes the value.",
     .remedy = "Compare with `nvs_get_blob` before setting, or keep blobs below what one page holds.",
     .first_release = "v5.1",
     .replays = {{"scenarios/nvs/same-blob-again.yaml", NULL}}},
    {.id = "Z26",
     .title = "nvs_flash_erase that is cut gives values to another namespace",
     .text =
         "Sectors are erased one by one, the first one first: the one with the names of namespaces. Values "
         "on later pages survive a cut without a name, and the namespace that is created next gets their "
         "number (NV-104): a key that one part of the firmware set appears in another part's namespace.",
     .remedy =
         "Keep a flag outside of NVS that says that the erase is under way, and erase again at the next "
         "start. Prefix keys that mean different things.",
     .replays = {{"scenarios/nvs/factory-reset-cut.yaml", "reset/1/clean"}},
     .causes = {{INVARIANT_NVS_STAYS_ERASED, NVS_ERASE, JOURNAL_ERASE, TEARS_OF_AN_ERASE, HAZARD_OF_NVS, NULL,
                 NULL, false, TEAR_CLEAN}}},
    {.id = "Z27",
     .title = "A torn erase after a compaction of NVS takes values that nobody was writing",
     .text =
         "A page is copied and then erased. An erase drives cells to 0 first, and may begin at the end: cut "
         "there, the header still says that the page is being copied away. Start-up throws the complete "
         "copy away and copies what the erase has left (NV-106).",
     .remedy = "Keep a second copy of what a device cannot do without in a partition that is never written.",
     .replays = {{"scenarios/nvs/torn-erase-after-compaction.yaml", "nvs_set#249/7/zero-back:4064"}},
     .causes = {{INVARIANT_NVS_OLD_OR_NEW, NVS_ANY, JOURNAL_ERASE, FAULT_PARTIAL_ERASE, HAZARD_OF_NVS,
                 .simplest = TEAR_ERASE_ZERO_BACK}}},
    {.id = "Z28",
     .title = "A damaged entry of NVS takes the value before it with it",
     .text =
         "A set writes the new entry and then marks the old one erased. When the power goes between the two "
         "and a bit of the new entry does not hold, start-up erases it as inconsistent, yet takes it for "
         "the newest entry, and erases its predecessor: both are gone (NV-107).",
     .remedy = "None in the app but a second copy under another key.",
     .replays = {{"scenarios/nvs/newest-entry-damaged.yaml", "end/0/rot:295936"}}},
    {.id = "Z29",
     .title = "An erase of NVS that silently does nothing takes what is set afterwards with it",
     .text =
         "Nothing checks that an erase has erased. When the chip ignores that of a page which has just been "
         "copied, NVS goes on; at the next start the page still says that it is being copied away, and the "
         "page with everything that was set since is thrown away (NV-108). `NVS_FLASH_VERIFY_ERASE` of "
         "v6.0.1 and later reads back, but notices a fault in the last 32 bytes of the sector only.",
     .remedy = "Set the brown-out threshold so that the chip is reset before the flash stops to obey.",
     .replays = {{"scenarios/nvs/erase-that-does-nothing.yaml", "compaction/5/io-dropped"}},
     .causes = {{INVARIANT_NVS_OLD_OR_NEW, NVS_SET, JOURNAL_ERASE, FAULT_IO_DROPPED, HAZARD_OF_NVS, NULL,
                 NULL, false, TEAR_CLEAN}}},
};

const size_t platform_hazard_count = sizeof platform_hazards / sizeof platform_hazards[0];

const struct platform_hazard *platform_hazard_find(const char *id) {
    for (size_t i = 0; i < platform_hazard_count; i++)
        if (strcasecmp(platform_hazards[i].id, id) == 0)
            return &platform_hazards[i];
    return NULL;
}

// ---- releases -----------------------------------------------------------------------------------

// Of its line: patch levels are alike in what the catalogue speaks of.
static ptrdiff_t place_of(const char *release) {
    return release_profile_line(release_profile_find(release)) - release_profiles;
}

bool platform_hazard_in(const struct platform_hazard *hazard, const char *release) {
    ptrdiff_t place = place_of(release);
    return (hazard->first_release == NULL || place >= place_of(hazard->first_release)) &&
           (hazard->last_release == NULL || place <= place_of(hazard->last_release));
}

bool hazard_cause_in(const struct hazard_cause *cause, const char *release) {
    ptrdiff_t place = place_of(release);
    return (cause->since == NULL || place >= place_of(cause->since)) &&
           (cause->until == NULL || place <= place_of(cause->until));
}

void platform_hazard_releases(const struct platform_hazard *hazard, struct buffer *out) {
    const char *first = hazard->first_release, *last = hazard->last_release;
    if (first == NULL && last == NULL)
        buffer_text(out, "all releases");
    else if (last == NULL)
        buffer_printf(out, "%s and later", first);
    else
        buffer_printf(out, "%s%sup to %s", first != NULL ? first : "", first != NULL ? " " : "", last);
}

// ---- matching -----------------------------------------------------------------------------------

static bool is_call(const char *call, const char *pattern) {
    size_t length = strlen(pattern);
    return length > 0 && pattern[length - 1] == '*' ? strncmp(call, pattern, length - 1) == 0
                                                    : strcmp(call, pattern) == 0;
}

// Of the representative, which is the simplest: a defect that breaks more shows in a simpler one.
static bool tore_so(const struct hazard_cause *cause, const struct found_violation *violation) {
    const struct crash_path *path = &violation->path;
    return cause->simplest == TEAR_CLEAN || path->cuts[path->count - 1].tear.kind == cause->simplest;
}

static bool matches(const struct hazard_cause *cause, const struct found_violation *violation,
                    const struct hazard_evidence *evidence) {
    const struct culprit *culprit = &violation->cause.culprit;
    return cause->call != NULL && violation->cause.invariant == (uint32_t)cause->invariant &&
           culprit->operated && culprit->kind == cause->kind && is_call(culprit->call, cause->call) &&
           (violation->tears & ~cause->tears) == 0 && cause->shape == evidence->shape &&
           (cause->spreads || !violation->spreads) && tore_so(cause, violation) &&
           hazard_cause_in(cause, evidence->release);
}

const struct platform_hazard *platform_hazard_of(const struct found_violation *violation,
                                                 const struct hazard_evidence *evidence) {
    if (violation->cause.gravity != GRAVITY_NONE || violation->tears == 0 ||
        violation->path.count == 0) // without a cut it is no matter of power
        return NULL;
    for (size_t i = 0; i < platform_hazard_count; i++)
        for (size_t k = 0; k < HAZARD_CAUSES_MAX; k++)
            if (platform_hazard_in(&platform_hazards[i], evidence->release) &&
                matches(&platform_hazards[i].causes[k], violation, evidence))
                return &platform_hazards[i];
    return NULL;
}
