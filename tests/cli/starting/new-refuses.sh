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
#--- stdout
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
bad.csv
sdkconfig
zeros
#--- stderr
ota-sim new: no scenario can be made of this: partition table: Partitions tables occupies 2.1MB of flash (2162688 bytes) which does not fit in configured flash size 1MB. Change the flash size in menuconfig under the 'Serial Flasher Config' menu.
ota-sim new: sdkconfig: line 2: CONFIG_ESPTOOLPY_FLASHSIZE has a value that makes no sense here
ota-sim new: sdkconfig: line 1: CONFIG_IDF_TARGET has a value that makes no sense here
ota-sim new: sdkconfig: line 1: CONFIG_PARTITION_TABLE_OFFSET has a value that makes no sense here
ota-sim new: none.csv: the sdkconfig names this partition table, and it is neither in . nor in a folder above; give it with --from
ota-sim new: no scenario can be made of this: `size` must lie between 0x100000 and 0x2000000
ota-sim new: sdkconfig: there is an sdkconfig already
ota-sim new: bad.csv:1: Error at line 1: Field 'type' can't be left empty. Please check extra_partition_subtypes.inc file in build/config directory
ota-sim new: zeros: neither sdkconfig nor partition table, and as a flash dump it has no partition table at 0x8000
ota-sim new: /dev/null: the dump is empty
ota-sim new: no-such: cannot open: No such file or directory
ota-sim new: one scenario at a time: `two.yaml` is too much
`ota-sim new --help` shows what there is.
ota-sim new: option --from needs a value: --from FILE
`ota-sim new --help` shows what there is.
