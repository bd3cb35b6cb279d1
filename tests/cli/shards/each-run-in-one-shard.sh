# Scenarios times releases are dealt out like cards; a file that is no scenario is one of them.
cp -r "$DATA/folder" .
echo 'name: ""' >folder/is-none.yaml
for k in 1 2 3; do
    echo "-- shard $k"
    ota-sim run --shard $k/3 --release v5.5,v6.0 --json $k.json folder >text 2>errors || echo "exit status $?"
    tail -n 1 text
    grep -c 'error\[' errors || true
    jq -r '.scenarios[] | "\(.file) \(.release) \(.verdict)"' $k.json
done
echo "-- listed by shard 1"
ota-sim run --shard 1/3 --release v5.5,v6.0 --list folder
#--- stdout
-- shard 1
shard 1/3 (--shard): 2 of 5 runs
0
folder/first.yaml v5.5 pass
folder/second.yaml v5.5 pass
-- shard 2
shard 2/3 (--shard): 2 of 5 runs
0
folder/first.yaml v6.0 pass
folder/second.yaml v6.0 pass
-- shard 3
exit status 2
shard 3/3 (--shard): 1 of 5 runs
2
folder/is-none.yaml  error
-- listed by shard 1
folder/first.yaml: First of two
folder/second.yaml: Second of two
