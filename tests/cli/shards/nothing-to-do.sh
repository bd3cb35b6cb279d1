# More shards than runs: those without one succeed, say so, and write a report all the same.
cp "$DATA/passes.yaml" .
ota-sim run --shard 3/4 --json 3.json passes.yaml
jq -c '.shard, .scenarios' 3.json
#--- stdout
shard 3/4 (--shard): nothing falls to it, 0 of 1 runs
{"index":3,"of":4,"units":1,"command":"passes.yaml","inputs":"c3917cfc5ec5b53d","status":0}
[]
