# The flash size is a choice of options, the table is named from the project's folder and may have rows for the bootloader, what
# the bootloader does beside rollback is taken over, and what is not taken over is listed.
# Not under Valgrind: it explores.
mkdir -p project/boards/x
cd project
cat >boards/x/parts.csv <<'TABLE'
bootloader,      bootloader,      primary, N/A,  N/A,
partition_table, partition_table, primary, N/A,  N/A,
nvs,             data,            nvs,     ,     0x4000,
otadata,         data,            ota,     ,     0x2000,
ota_0,           app,             ota_0,   ,     1M,
ota_1,           app,             ota_1,   ,     1M,
TABLE
cat >boards/x/sdkconfig.defaults <<'CONFIG'
CONFIG_IDF_TARGET="esp32c3"
CONFIG_ESPTOOLPY_FLASHSIZE_8MB=y
CONFIG_PARTITION_TABLE_CUSTOM=y
CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="boards/x/parts.csv"
CONFIG_BOOTLOADER_FACTORY_RESET=y
CONFIG_BOOTLOADER_DATA_FACTORY_RESET="nvs, cfg"
CONFIG_BOOTLOADER_SKIP_VALIDATE_IN_DEEP_SLEEP=y
CONFIG_SECURE_BOOT=y
CONFIG_SECURE_FLASH_ENC_ENABLED=y
CONFIG_SECURE_BOOT_V2_PREFERRED=y
CONFIG
ota-sim new --from boards/x/sdkconfig.defaults
sed -n '/^board/,/^images/p' update.yaml
ota-sim run update.yaml | tail -n 1 | sed 's/, in .*//'
echo "# TEE"
printf 'CONFIG_IDF_TARGET="esp32c6"\nCONFIG_PARTITION_TABLE_TWO_OTA_TEE=y\n' >sdkconfig
ota-sim new --from sdkconfig - | sed -n '/partitions:/,/config:/p'
