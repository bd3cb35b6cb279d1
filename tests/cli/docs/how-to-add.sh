# docs/how-to-add.md is true: the files that it names are there, and an example of each kind stands in no other places.
cd "$TOP"
grep -ohE '`[a-z]+/[A-Za-z0-9_./*-]+`' docs/how-to-add.md docs/architecture.md | tr -d '\140' | sort -u | while read -r path; do
    compgen -G "$(sed -E 's/NAME|GROUP/*/g' <<<"$path")" >/dev/null || echo "there is no $path"
done
places() {
    echo "$1: $(git grep -lwE "$2" -- sim tools ota ':!tools/completion' ':!tools/mutants' | sort | paste -sd' ')"
}
places "a fault model" 'FAULT_NEIGHBOUR|TEAR_NEIGHBOUR|NEIGHBOUR|fault_neighbour'
places "an invariant" 'INVARIANT_WEAR_BOUNDED|WEAR_BOUNDED|invariant_wear_bounded'
places "a step" 'STEP_HOLD_PIN|HOLD_PIN|step_hold_pin|play_hold_pin'
places "a call" 'CALL_SET_FINAL_PARTITION|SET_FINAL_PARTITION|call_set_final_partition'
places "a key of expect" 'SEE_ERASE_COUNT'
places "a report" 'report_tap'
places "a command" 'cmd_merge'
places "a flash chip" 'GD25Q64'
#--- stdout
a fault model: sim/hw/fault_list.h sim/hw/fault_neighbour.c sim/verdict/platform_hazards.c
an invariant: sim/explore/invariant.h sim/explore/invariants_boot.c
a step: sim/language/reader_bench.c sim/language/step_list.h sim/play/play_bench.c
a call: sim/language/call_row.c sim/language/step_list.h sim/play/play_calls.c
a key of expect: sim/language/reader_expect.c sim/language/scenario.h sim/play/expectation.c
a report: sim/report/report_output.c sim/report/report_tap.c sim/report/report_tap.h
a command: tools/cli/cmd_merge.c tools/cli/commands.h tools/cli/main.c
a flash chip: sim/hw/nor_chip.c
