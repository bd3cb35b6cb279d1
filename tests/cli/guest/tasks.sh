# Tasks of the user's own code: a producer and a consumer with a queue of one, a timer that confirms; the same without a memo.
cc -shared -fPIC -g -I "$TOP/ota/include" -I "$TOP/sim/guest/include" "$DATA/guest/tasks.c" -o tasks.so
cat >good.yaml <<END
name: two tasks update
board:
  size: 1M
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
    ota_1,   app,  ota_1, ,        64K
  config: {rollback: true}
  app: tasks.so
images:
  old: {version: 1.0.0, size: 1K}
  new: {version: 2.0.0, size: 1K}
flash: {ota_0: old}
steps:
  - boot
  - call: start_update
  - restart:
    expect: {booted: ota_1, version: 2.0.0, state: VALID}
explore: {faults: clean, depth: 1}
END
ota-sim run good.yaml >text || cat text
ota-sim run --no-memo --json no-memo.json good.yaml >text
ota-sim run --json memo.json good.yaml >text
for file in no-memo memo; do jq -S 'del(.scenarios[].exploration | (.elapsed_s, .recoveries, .recoveries_saved))' $file.json >$file; done
cmp no-memo memo || true
sed -e 's/call: start_update/call: deadlock/' -e '/restart/,$d' good.yaml >deadlock.yaml
ota-sim run deadlock.yaml | grep -o "\`deadlock\` has not returned" || true
#--- stdout
`deadlock` has not returned
