# Two updates without a restart between them: the second download goes into the slot that the bootloader tries first,
# and both records of otadata are written again and again. It comes to an end, also with the stages of interrupted
# erases, and a share of the states that stand for others is recovered beside them.
sed -E 's/size: 6K/size: 16K/; /^  (depth|faults):/d' "$TOP/tests/exactness/cases/second-update-into-the-same-slot.yaml" >two.yaml
status=0
ota-sim run -j1 --faults clean,prefix,partial-erase --verify-memo=0.005 --json report.json two.yaml >log 2>&1 || status=$?
echo "status $status"
jq -c '.scenarios[0].exploration | [.closed, .depth > 4, .distinct_states < 20000]' report.json
#--- stdout
status 1
[true,true,true]
