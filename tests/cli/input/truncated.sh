# Not under Valgrind: many runs, and the sanitizers watch them.
# Every shorter version of a good scenario is either still a scenario or an error with the file's name.
size=$(stat -c %s "$DATA/passes.yaml")
for length in $(seq 0 16 "$size"); do
    head -c "$length" "$DATA/passes.yaml" >short.yaml
    status=0
    ota-sim run short.yaml >out 2>err || status=$?
    [ "$status" -le 2 ]
    [ "$status" -ne 2 ] || grep -q '^short.yaml' err
done
