# The shards of a run, merged, are the whole run byte for byte, however many there are; so is the exit status.
cp -r "$DATA/folder" "$DATA/fails.yaml" .
{ cat folder/first.yaml && echo 'explore: {faults: [clean]}'; } >folder/explores.yaml
echo 'name: ""' >folder/is-none.yaml
report() { # NAME ARGUMENTS...: runs, and keeps the report without the only thing in it that a clock tells
    local name=$1 status=0
    shift
    ota-sim "$@" --json "$name.json" >text 2>errors || status=$?
    sed -E 's/("elapsed_s": )[0-9.]+/\10.0/' "$name.json" >"$name.bytes"
    echo "$name: exit status $status"
}
run="run --release v5.5,v6.0 folder fails.yaml"
report whole $run -j1
for count in 1 2 3 11; do
    for k in $(seq "$count"); do
        report "$count-$k" $run -j2 --shard "$k/$count" >statuses
    done
    report "merged-$count" merge $(seq -f "$count-%g.json" "$count" | shuf --random-source=folder/first.yaml)
    cmp whole.bytes "merged-$count.bytes"
done
#--- stdout
whole: exit status 2
merged-1: exit status 2
merged-2: exit status 2
merged-3: exit status 2
merged-11: exit status 2
