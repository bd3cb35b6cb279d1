# kill -9 at random instants of every command that writes: the old file or the new one is left, nothing between.
# OTA_SIM_KILLS says how often.
# Not under Valgrind: the kill would fall into its start
. "$TOP/tests/cli/host/device"
kills=${OTA_SIM_KILLS:-100}
cp one.bin app-a && cp two.bin app-b

# work COMMAND FILE a|b: becomes the process that writes one of two contents.
work() {
    case $1.$3 in
    switch.a) exec ota-sim otatool -q -p "$2" switch_ota_partition --slot 0 --safe ;;
    switch.b) exec ota-sim otatool -q -p "$2" switch_ota_partition --slot 0 ;;
    write.*) exec ota-sim parttool -q -p "$2" write_partition -n ota_1 --input "app-$3" ;;
    flash.*) exec ota-sim flash "$2" --force --table two.csv --part "ota_0=app-$3" ;;
    image.a) exec ota-sim image make "$2" --force --size 1000000 ;;
    image.b) exec ota-sim image make "$2" --force --size 2000000 ;;
    table.a) exec ota-sim partitions two.csv "$2" --force ;;
    table.b) exec ota-sim partitions --disable-md5sum two.csv "$2" --force ;;
    otadata.*) exec ota-sim otadata make "$2" --force --entry0 "$((0x$3))" ;;
    esac
}

commands=(switch write flash image table otadata)
for command in "${commands[@]}"; do
    ota-sim otadata make "$command.records" --entry0 1:valid --entry1 2:valid
    cp device.bin "$command.file"
    ota-sim parttool -q -p "$command.file" write_partition -n otadata --input "$command.records"
    cp "$command.file" "$command.start"
    for content in a b; do
        cp "$command.start" "$command.$content"
        (work "$command" "$command.$content" "$content")
    done
    cp "$command.a" "$command.file"
done

landed=0
for ((i = 0; i < kills; i++)); do
    command=${commands[i % ${#commands[@]}]}
    [ $((i / ${#commands[@]} % 2)) -eq 0 ] && content=b || content=a
    # Switching depends on what is there.
    [ "$command" != switch ] || { content=b && cp "$command.start" "$command.file" && cp "$command.start" "$command.a"; }
    work "$command" "$command.file" "$content" &
    pid=$!
    sleep "0.0$(printf '%02d' $((RANDOM % 30)))"
    kill -9 "$pid" || true # it may have come to its end
    status=0
    wait "$pid" || status=$?
    [ "$status" -ne 137 ] || landed=$((landed + 1))
    cmp -s "$command.file" "$command.a" || cmp -s "$command.file" "$command.b" || {
        echo "$command left a file that is neither the old nor the new one"
        exit 1
    }
done 2>/dev/null
[ "$landed" -ge $((kills / 10)) ] # else nothing has been tested
