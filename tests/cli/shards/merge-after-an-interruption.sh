# A shard that was interrupted knows less of the run; the whole is then partial too, and says so.
cp -r "$DATA/folder" .
for k in 1 2; do
    ota-sim run --shard $k/2 --release v5.5,v6.0 --json $k.json folder >text
done
jq '.partial = true | .shard.status = 130 | .shard.units = 0 | .shard.inputs = "0000000000000000" | del(.scenarios[1])' \
    2.json >interrupted.json
status=0
ota-sim merge 1.json interrupted.json --json - >merged.json || status=$?
jq -c '.partial, .totals, [.scenarios[] | "\(.file) \(.release)"]' merged.json
exit $status
#--- exit 130
#--- stdout
true
{"scenarios":3,"passed":3,"failed":0,"incomplete":0,"errors":0}
["folder/first.yaml v5.5","folder/first.yaml v6.0","folder/second.yaml v5.5"]
#--- stderr
3 scenarios from 2 shards: 3 passed, 0 failed, 0 errors; interrupted
