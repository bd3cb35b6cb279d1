# What cannot be made sense of is told, and nothing is written.
wrong() { # TEXT...: as an sdkconfig
    printf '%s\n' "$@" >sdkconfig
    ota-sim new --from sdkconfig || echo "exit status $?"
}
wrong 'CONFIG_ESPTOOLPY_FLASHSIZE="1MB"'
wrong '# first line' 'CONFIG_ESPTOOLPY_FLASHSIZE="4XB"'
wrong 'CONFIG_IDF_TARGET="esp99"'
wrong 'CONFIG_PARTITION_TABLE_OFFSET=here'
wrong 'CONFIG_PARTITION_TABLE_CUSTOM=y' 'CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="none.csv"'
wrong 'CONFIG_ESPTOOLPY_FLASHSIZE="128MB"'
echo 'CONFIG_IDF_TARGET="esp32"' >sdkconfig
echo 'nonsense' >bad.csv
head -c 100000 /dev/zero >zeros
ota-sim new --from sdkconfig --from sdkconfig || echo "exit status $?"
ota-sim new --from bad.csv || echo "exit status $?"
ota-sim new --from zeros || echo "exit status $?"
ota-sim new --from /dev/null || echo "exit status $?"
ota-sim new --from no-such || echo "exit status $?"
ota-sim new one.yaml two.yaml || echo "exit status $?"
ota-sim new --from || echo "exit status $?"
ls
