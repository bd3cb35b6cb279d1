# SIGTERM, SIGHUP and Ctrl-C: reports are written of what there was, then 128 and the signal's number.
# Not under Valgrind: it is a matter of time.
for signal in TERM HUP INT; do
    status=0
    timeout --preserve-status -s "$signal" 2 ota-sim run --no-memo --json report.json \
        "$TOP/scenarios/powerloss.yaml" >text || status=$?
    echo "$signal: $status"
    jq -r '.partial, .scenarios[0].verdict' report.json
done
#--- stdout
TERM: 143
true
incomplete
HUP: 129
true
incomplete
INT: 130
true
incomplete
