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
#--- stdout
update.yaml is written; next: ota-sim run update.yaml
board:
  target: esp32c3                    # as idf.py set-target takes it
  size: 8M                           # of the flash
  release: v6.0                      # ESP-IDF; --release tries others
  partitions: boards/x/parts.csv     # as gen_esp32part reads it
  config:                            # build options of bootloader and app
    rollback: false                  # CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
    skip_validate: [deep_sleep]      # CONFIG_BOOTLOADER_SKIP_VALIDATE_...
    factory_reset: true              # CONFIG_BOOTLOADER_FACTORY_RESET
    factory_reset_erases_otadata: false # CONFIG_BOOTLOADER_OTA_DATA_ERASE
    factory_reset_labels: [nvs, cfg] # CONFIG_BOOTLOADER_DATA_FACTORY_RESET
    # Not taken over, since ota-sim does not model it or has no need of it:
    #   CONFIG_SECURE_BOOT=y
    #   CONFIG_SECURE_FLASH_ENC_ENABLED=y

images:                              # apps, and what each does once it runs
1 scenario: 1 passed, 0 failed, 0 errors
# TEE
  partitions: |                      # CONFIG_PARTITION_TABLE_TWO_OTA_TEE
    tee_0,      app,    tee_0,      0x10000,    256K
    tee_1,      app,    tee_1,      0x50000,    256K
    tee_otadata, data,   tee_ota,    0x90000,    8K
    secure_storage, data,   nvs,        0x92000,    56K
    ota_0,      app,    ota_0,      0xa0000,    1536K
    ota_1,      app,    ota_1,      0x220000,   1536K
    otadata,    data,   ota,        0x3a0000,   8K
    nvs,        data,   nvs,        0x3a2000,   24K
    phy_init,   data,   phy,        0x3a8000,   4K
  config:                            # build options of bootloader and app
#--- stderr
ota-sim new: 2 options of the sdkconfig are not taken over; the file lists them
