# An entry speaks of one cause; what does not fit it is new, and the report says why and prints the entry that would.
cat >planted.yaml <<'END'
name: The way back is erased before the confirmation
board:
  size: 1M
  partitions: |
    otadata, data, ota,   0x9000,  8K
    ota_0,   app,  ota_0, 0x20000, 64K
    ota_1,   app,  ota_1, 0x30000, 64K
  config: {rollback: true}
images:
  old: {version: 1.0.0, size: 1K, at_boot: nothing}
  new: {version: 2.0.0, size: 1K, at_boot: nothing}
flash: {ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}
steps:
  - boot:
  - update: new
  - restart:
  - erase_last_boot_app_partition:
    name: clean-up
  - mark_app_valid_cancel_rollback:
explore:
  retry: false
  depth: 1
  faults: clean
END
status=0
try() {
    { cat planted.yaml && printf '  known:\n    - {invariant: pending-boots-once, why: we know, %s}\n' "$1"; } >declared.yaml
    ota-sim run declared.yaml >text || status=$?
    echo "== $1: $status"
    grep -E 'does not cover|it allows|known violation|during|  - invariant' text || true
    status=0
}
ota-sim run planted.yaml >text || echo "== as it is: $?"
grep -A 8 'to declare' text
try 'during: esp_ota_erase_last_boot_app_partition'
try 'during: erase_last_boot_app_partition, in: ota_0, operation: erase, tear: clean, exposure_max: 90%'
try 'during: clean-up, exposure_max: 0%'
try 'during: boot'
try 'during: clean-up, in: otadata'
try 'during: clean-up, tear: prefix'
try 'during: clean-up, releases: v5.5'
try 'during: cleanup'
try 'link: "https://example.org"'
#--- stdout
== as it is: 1
  to declare it as known:
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
      in: ota_0
      operation: erase
      tear: [clean]
      exposure_max: 0.001%
      why: say why nothing is done about it; `ota-sim replay FILE clean-up/1/clean` shows it
      releases: v6.0
== during: esp_ota_erase_last_boot_app_partition: 0
      known violation: pending-boots-once, an erase in ota_0 during
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
== during: erase_last_boot_app_partition, in: ota_0, operation: erase, tear: clean, exposure_max: 90%: 0
      known violation: pending-boots-once, an erase in ota_0 during
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
== during: clean-up, exposure_max: 0%: 1
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
  pending-boots-once is violated by an erase in ota_0 during
  the entry in line 25 does not cover it: it allows for 0% of the run's time,
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
== during: boot: 1
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
  pending-boots-once is violated by an erase in ota_0 during
  the entry in line 25 does not cover it: it speaks of `boot`, this is
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
== during: clean-up, in: otadata: 1
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
  pending-boots-once is violated by an erase in ota_0 during
  the entry in line 25 does not cover it: it speaks of otadata, this is in ota_0
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
== during: clean-up, tear: prefix: 1
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
  pending-boots-once is violated by an erase in ota_0 during
  the entry in line 25 does not cover it: it does not allow for clean
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
== during: clean-up, releases: v5.5: 1
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
  pending-boots-once is violated by an erase in ota_0 during
  the entry in line 25 does not cover it: it is not for v6.0
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
== during: cleanup: 2
== link: "https://example.org": 2
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
      ESP-IDF Z11, not your code: record-is-true, an erase in ota_0 during
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
  pending-boots-once is violated by an erase in ota_0 during
    - invariant: pending-boots-once
      during: esp_ota_erase_last_boot_app_partition
ERROR declared.yaml:25:7: a known violation without `during` hides every cause
#--- stderr
declared.yaml:25:61: error[E0212]: `cleanup` is neither a firmware call, nor the name of a step, nor `boot` or `rest`
   |
25 |     - {invariant: pending-boots-once, why: we know, during: cleanup}
   |                                                             ^^^^^^^
   = help: did you mean `clean-up`?
