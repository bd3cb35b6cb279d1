# A build folder stands for the files in it: the table as it was built, the project's sdkconfig above it or where the build says,
# the bootloader. One that cannot be executed is told and ota-sim's own takes its place; --run runs what was written.
# Not under Valgrind: it explores.
mkdir -p project/build/bootloader project/build/partition_table elsewhere
cat >parts.csv <<'TABLE'
nvs,     data, nvs,   0x9000, 0x4000
otadata, data, ota,   0xd000, 0x2000
ota_0,   app,  ota_0, ,       128K
ota_1,   app,  ota_1, ,       128K
TABLE
ota-sim partitions -q parts.csv project/build/partition_table/partition-table.bin
cat >project/sdkconfig <<'CONFIG'
# Espressif IoT Development Framework (ESP-IDF) 5.5.0 Project Configuration
CONFIG_ESPTOOLPY_FLASHSIZE_2MB=y
CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y
CONFIG_BOOTLOADER_FACTORY_RESET=y
CONFIG_PARTITION_TABLE_CUSTOM=y
CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="not-needed.csv"
CONFIG
printf '\xe9\3\2\x20\0\0\0\0\xee\0\0\0\x12\0\0\0\0\0\0\0\0\0\0\0' >project/build/bootloader/bootloader.bin # ESP32-P4
ota-sim new --run --from project/build | sed -e 's/, in .*//' -e '/^  /d' -e 's/ *[0-9]* expect.*//'
sed -n '/^board/,/^images/p' update.yaml
mv project/sdkconfig elsewhere/config
printf '{"config_file": "%s/elsewhere/config"}' "$PWD" >project/build/project_description.json
ota-sim new --from project/build --from parts.csv - || echo "status $?"
rm project/build/partition_table/partition-table.bin
ota-sim new --from project/build - || echo "status $?"
printf 'nothing' >project/build/bootloader/bootloader.bin
ota-sim new --from parts.csv --from project/build - || echo "status $?"
ota-sim new --from elsewhere - || echo "status $?"
ota-sim new --run -
#--- exit 2
#--- stdout
PASS  update.yaml [v5.5.0]

1 scenario: 1 passed, 0 failed, 0 errors
board:
  target: esp32p4                    # as idf.py set-target takes it
  size: 2M                           # of the flash
  release: v5.5.0                    # ESP-IDF; --release tries others
  partitions: project/build/partition_table/partition-table.bin # as gen_esp32part reads it
  # project/build/bootloader/bootloader.bin is for a chip that cannot be executed here: ota-sim's own takes its place
  config:                            # build options of bootloader and app
    rollback: true                   # CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
    factory_reset: true              # CONFIG_BOOTLOADER_FACTORY_RESET
    factory_reset_erases_otadata: false # CONFIG_BOOTLOADER_OTA_DATA_ERASE

images:                              # apps, and what each does once it runs
status 2
status 2
status 2
status 2
#--- stderr glob
ota-sim new: parts.csv: there is a partition table already
ota-sim new: not-needed.csv: the sdkconfig names this partition table, and it is neither in */elsewhere nor in a folder above; give it with --from
ota-sim new: project/build/bootloader/bootloader.bin: this is no bootloader image
ota-sim new: elsewhere: no build folder: neither bootloader/bootloader.bin nor partition_table/partition-table.bin is in it, as `idf.py build` makes them, nor bootloader.bin and partitions.bin as of PlatformIO and Arduino-CLI
ota-sim new: --run needs a file to write the scenario to
`ota-sim new --help` shows what there is.
