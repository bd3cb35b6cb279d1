# A share of what the explorer remembers is run again: the report is the same, and wrong shares are refused.
ota-sim run --json without.json "$DATA/known.yaml" >/dev/null
ota-sim run --verify-memo --json default.json "$DATA/known.yaml" >/dev/null
ota-sim run --verify-memo=1 --json all.json "$DATA/known.yaml" >/dev/null
cmp without.json default.json
cmp without.json all.json
for share in 0 1.5 -1 much ''; do
    status=0
    ota-sim run --verify-memo="$share" "$DATA/known.yaml" || status=$?
    echo "exit status $status"
done
#--- stdout
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
#--- stderr
ota-sim run: --verify-memo takes a share above 0 and at most 1, not `0`
`ota-sim run --help` shows what there is.
ota-sim run: --verify-memo takes a share above 0 and at most 1, not `1.5`
`ota-sim run --help` shows what there is.
ota-sim run: --verify-memo takes a share above 0 and at most 1, not `-1`
`ota-sim run --help` shows what there is.
ota-sim run: --verify-memo takes a share above 0 and at most 1, not `much`
`ota-sim run --help` shows what there is.
ota-sim run: --verify-memo takes a share above 0 and at most 1, not ``
`ota-sim run --help` shows what there is.
