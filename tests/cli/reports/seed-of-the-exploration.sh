# --seed chooses which neighbours an exploration disturbs, too; the same one gives the same report.
cp "$TOP/scenarios/selftest/factory.yaml" .
# Not under Valgrind: two runs of an exploration that others repeat
for run in 1 2 3; do
    ota-sim run --faults neighbour --seed $((run / 2 + 1)) --json $run.json factory.yaml >text || [ $? -eq 1 ]
done
cmp 2.json 3.json
jq -s 'map(.scenarios[0].exploration.distinct_states) | .[0] != .[1]' 1.json 2.json
#--- stdout
true
