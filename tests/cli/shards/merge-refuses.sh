# Only all the shards of one run make a whole; everything else is told, with exit status 2.
cp -r "$DATA/folder" .
for k in 1 2 3; do
    ota-sim run --shard $k/3 --release v5.5,v6.0 --json $k.json folder >text
done
refused() {
    local status=0
    ota-sim merge "$@" 2>&1 || status=$?
    [ $status -eq 2 ] || echo "exit status $status"
}
change() { jq "$1" 2.json >changed.json && refused 1.json changed.json 3.json; }
refused
refused 1.json 3.json
refused 1.json
refused 1.json 2.json 3.json 2.json
refused 1.json 2.json no-such.json
refused folder 2.json 3.json
refused folder/first.yaml
ota-sim run --json whole.json folder >text
refused whole.json
head -c 300 2.json >torn.json
refused 1.json torn.json 3.json
echo '{"format": "something else"}' >other.json
refused other.json
change '.version = "0.0.1"'
change '.seed = 7'
change '.shard.of = 4'
change '.shard.index = 0'
change '.shard.units = -1'
change '.shard.units = 5'
change '.shard.status = 77'
change '.shard.inputs = "0000000000000000"'
change '.shard.command = "--release v5.5 folder"'
change 'del(.shard.command)'
change '.scenarios = []'
change '.scenarios[0].verdict = "perhaps"'
change '.scenarios = {}'
change '.shard = []'
