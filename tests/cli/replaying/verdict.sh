# A replay ends with the verdict that the report gave: each violation's address shows its invariant, also when it takes two
# cuts, a start after the recovery, or none at all.
cat >two.yaml <<'YAML'
name: Two updates without a restart between them
board:
  size: 1M
  release: v5.5
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    factory, app,  factory, 0x10000, 64K
    ota_0,   app,  ota_0, ,        64K
    ota_1,   app,  ota_1, ,        64K
  config: {rollback: true}
images:
  line: {version: 1.0.0, size: 1K, at_boot: confirm}
  good: {version: 1.1.0, size: 1K, at_boot: confirm}
  next: {version: 1.2.0, size: 1K, at_boot: confirm}
  last: {version: 1.3.0, size: 1K, at_boot: confirm}
flash: {factory: line, ota_0: good, otadata: [{seq: 1, state: VALID}, blank]}
steps:
  - boot:
  - update: next
    name: one
  - update: last
    name: two
explore: {faults: [clean]}
YAML
for file in two.yaml "$TOP/scenarios/anti-rollback/brick-without-a-cut.yaml"; do
    ota-sim run --json report.json "$file" >/dev/null || true
    python3 -c '
import json
for scenario in json.load(open("report.json"))["scenarios"]:
    for violation in scenario["violations"]:
        print(violation["invariant"], violation["address"], sep="\t")' >addresses
    while IFS=$'\t' read -r invariant address; do
        ota-sim replay "$file" "$address" >told || echo "exit status $?"
        grep -q "^verdict: $invariant is violated" told && echo "$invariant: $address"
    done <addresses
    cut -f1 addresses | wc -l
done
#--- stdout
old-or-new: two/18/clean+boot/1/clean
pending-boots-once: end/0/clean+boot/2/clean
update-not-lost: two/0/clean+boot/1/clean
update-not-lost: two/0/clean+boot/3/clean
record-is-true: two/1/clean
5
boots: restart
boots: end
update-not-lost: restart/0/clean
update-not-lost: restart
record-is-true: restart
record-is-true: restart
record-is-true: end
efuse-not-ahead: restart
efuse-not-ahead: end
9
