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
