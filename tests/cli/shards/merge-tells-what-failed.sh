cp "$DATA/fails.yaml" "$DATA/passes.yaml" .
echo 'name: ""' >is-none.yaml
for k in 1 2; do
    ota-sim run --shard $k/2 --json $k.json fails.yaml passes.yaml is-none.yaml >text 2>&1 || true
done
ota-sim merge 1.json 2.json
#--- exit 2
#--- stdout
FAIL   fails.yaml [v6.0]
ERROR  is-none.yaml
3 scenarios from 2 shards: 1 passed, 1 failed, 1 error
