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
change '.format = "ota-sim-report/1"'
#--- stdout
ota-sim merge: which reports? Name the JSON files of all shards
`ota-sim merge --help` shows what there is.
ota-sim merge: of 3 shards, 1 missing: 2
ota-sim merge: of 3 shards, 2 missing: 2, 3
ota-sim merge: 2.json and 2.json are both shard 2
ota-sim merge: no-such.json: cannot open: No such file or directory
ota-sim merge: folder: is a folder, a file is wanted
ota-sim merge: folder/first.yaml:1:4: '[' or '{' expected near 'name'
ota-sim merge: whole.json: the report of a whole run, not of a shard: there is nothing to merge
ota-sim merge: torn.json:17:2: string or '}' expected near end of file
ota-sim merge: other.json: not a JSON report of ota-sim run (format ota-sim-report/2)
ota-sim merge: 1.json and changed.json are not of one run: version `0.1.0` and `0.0.1`
ota-sim merge: 1.json and changed.json are not of one run: seed 0 and 7
ota-sim merge: 1.json and changed.json are not of one run: number of shards 3 and 4
ota-sim merge: changed.json: not as ota-sim run writes it: the numbers of its shard make no sense
ota-sim merge: changed.json: not as ota-sim run writes it: the numbers of its shard make no sense
ota-sim merge: 1.json and changed.json are not of one run: number of runs 4 and 5
ota-sim merge: changed.json: not as ota-sim run writes it: the numbers of its shard make no sense
ota-sim merge: 1.json and changed.json are not of one run: scenario files with digest `3629ba35e90aee2b` and `0000000000000000`
ota-sim merge: 1.json and changed.json are not of one run: command `--release v5.5,v6.0 folder` and `--release v5.5 folder`
ota-sim merge: changed.json: not as ota-sim run writes it: Object item not found: command
ota-sim merge: changed.json: holds 0 of its 1 runs
ota-sim merge: changed.json: scenario 1 has no verdict
ota-sim merge: changed.json: not as ota-sim run writes it: the numbers of its shard make no sense
ota-sim merge: changed.json: not as ota-sim run writes it: Expected object, got array
ota-sim merge: changed.json: its format is ota-sim-report/1, and ota-sim-report/2 is what is merged: a mixture would say two things with the same words; run that shard again with this version
