# The user's own code as app: its main function at each start, functions that steps call, what it does wrong.
cc -shared -fPIC -g -I "$TOP/ota/include" -I "$TOP/sim/guest/include" "$DATA/guest/updater.c" -o updater.so
cat >board.yaml <<END
board:
  size: 1M
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
    ota_1,   app,  ota_1, ,        64K
  config: {rollback: true}
  app: updater.so
images:
  old: {version: 1.0.0, size: 1K}
  new: {version: 2.0.0, size: 1K}
  plain: {version: 3.0.0, size: 1K, at_boot: nothing}
flash: {ota_0: old}
END
scenario() { { echo "name: $1" && cat board.yaml && cat; } >"$1.yaml"; }
scenario good <<END
steps:
  - boot
  - call: {function: set_channel, args: [3, beta]}
  - call: {function: set_channel, args: [-3, beta]}
    returns: ESP_ERR_INVALID_ARG
  - call: start_update
  - restart:
    expect: {booted: ota_1, version: 2.0.0, state: VALID}
explore: {faults: clean}
END
ota-sim run good.yaml
ota-sim run --no-memo --json no-memo.json good.yaml >text
ota-sim run -j3 --json memo.json good.yaml >text
ota-sim run -j1 --verify-memo=1 --json one.json good.yaml >text
for file in no-memo memo one; do jq -S 'del(.scenarios[].exploration.elapsed_s)' $file.json >$file; done
cmp no-memo memo
cmp memo one
scenario crashes <<END
steps:
  - boot
  - call: crash
END
ota-sim run -v crashes.yaml | grep -A4 'Guru Meditation' || true
scenario unknown <<END
steps:
  - boot
  - call: begin_update
  - call: {function: set_channel, args: [3]}
  - call: {function: set_channel, args: [three, beta]}
END
ota-sim run unknown.yaml 2>text || cat text
scenario half <<END
steps:
  - power_loss: {share: 50%}
  - call: start_update
END
ota-sim run half.yaml 2>text || head -n 7 text
scenario cut <<END
steps:
  - power_loss: {operation: 3}
  - call: start_update
    expect: {booted: ota_0}
END
ota-sim run cut.yaml
scenario other <<END
steps:
  - update: plain
  - restart
  - call: start_update
END
ota-sim run other.yaml || true
echo 'int fork(void); void app_main(void) { fork(); }' >forks.c
cc -shared -fPIC forks.c -o updater.so
ota-sim run good.yaml 2>text || head -n 8 text
#--- stdout glob
PASS  good.yaml [v6.0]                            4 expectations, 2 boots
      46 crash states, 12 distinct; 8 recoveries run, 38 saved; closed: nothing
        new after 3 cuts in a row; in * s
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
        boot: A record is rewritten in place
      ESP-IDF Z1, not your code: update-not-lost, an erase in otadata during
        esp_ota_mark_app_valid_cancel_rollback: A record is rewritten in place

1 scenario: 1 passed, 0 failed, 0 errors, in * s
    E panic: Guru Meditation Error: LoadStoreProhibited: a null pointer (0x04)
    E panic:   at crash (updater.c:44)
  LoadStoreProhibited: a null pointer (0x04)
  boot: panic reset
    I boot: otadata entry 0: seq 1, VALID
--
      E panic: Guru Meditation Error: LoadStoreProhibited: a null pointer (0x04)
      E panic:   at crash (updater.c:44)
    LoadStoreProhibited: a null pointer (0x04)
    boot: panic reset
      I boot: otadata entry 0: seq 1, VALID

ERROR unknown.yaml:17:11: no code on the board registers `begin_update`
1 scenario: 0 passed, 0 failed, 1 error, in * s
unknown.yaml:17:11: error[E0213]: no code on the board registers `begin_update`
   |
17 |   - call: begin_update
   |           ^^^^^^^^^^^^
   = help: registered with OTA_SIM_CALL: start_update, set_channel, crash

unknown.yaml:18:41: error[E0110]: `set_channel` takes 2 arguments, here are 1
   |
18 |   - call: {function: set_channel, args: [3]}
   |                                         ^^^

unknown.yaml:19:42: error[E0105]: an argument must be a number, not `three`
   |
19 |   - call: {function: set_channel, args: [three, beta]}
   |                                          ^^^^^
   = help: numbers are written 4096, 0x1000, 4K or 1M

ERROR half.yaml:16:5: how far a function of your own code comes cannot be told
      beforehand
1 scenario: 0 passed, 0 failed, 1 error, in * s
half.yaml:16:5: error[E0402]: how far a function of your own code comes cannot be told beforehand
   |
16 |   - power_loss: {share: 50%}
   |     ^^^^^^^^^^
17 |   - call: start_update
   |     ---- the function that is called
   = help: say which operation or when: power_loss: {operation: 12}; `explore` cuts at each
PASS  cut.yaml [v6.0]                             1 expectation, 2 boots

1 scenario: 1 passed, 0 failed, 0 errors, in * s
ERROR other.yaml [v6.0]

ERROR other.yaml:18: the app that runs is none of your own code: it has no
      `start_update`
1 scenario: 0 passed, 0 failed, 1 error, in * s

ERROR good.yaml:9:8: updater.so calls fork, which ota-sim does not have
1 scenario: 0 passed, 0 failed, 1 error, in * s
good.yaml:9:8: error[E0320]: updater.so calls fork, which ota-sim does not have
  |
9 |   app: updater.so
  |        ^^^^^^^^^^
  = help: `ota-sim inspect` of the file lists all that it calls
