# As many processes as GNU parallel has places for; then one report of what all of them found.
cp -r "$DATA/folder" "$DATA/fails.yaml" .
status=0
parallel --will-cite --jobs 2 ota-sim run -j1 --shard {}/4 --json shard-{}.json folder fails.yaml ::: 1 2 3 4 >text 2>&1 || status=$?
echo "parallel: $status shard failed"
ota-sim run --json whole.json folder fails.yaml >text || status=$?
status=0
ota-sim merge shard-*.json --json merged.json || status=$?
cmp whole.json merged.json
exit $status
#--- exit 1
#--- stdout
parallel: 1 shard failed
FAIL   fails.yaml [v6.0]
3 scenarios from 4 shards: 2 passed, 1 failed, 0 errors
