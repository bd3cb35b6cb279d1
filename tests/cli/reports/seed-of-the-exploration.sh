# --seed chooses how the exploration tears erases, too; the same one gives the same report.
cp "$TOP/scenarios/selftest/factory.yaml" .
for run in 1 2 3; do
    ota-sim run --faults partial-erase --seed $((run / 2 + 1)) --json $run.json factory.yaml >text
done
cmp 2.json 3.json
jq -s 'map(.scenarios[0].exploration.distinct_states) | .[0] != .[1]' 1.json 2.json
