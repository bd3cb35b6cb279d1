# What an sdkconfig says about updates stands in the scenario.
# Not under Valgrind: it explores, twice.
cat >sdkconfig <<'END'
#
# Automatically generated file. DO NOT EDIT.
# Espressif IoT Development Framework (ESP-IDF) 5.3.1 Project Configuration
#
CONFIG_SOC_ADC_SUPPORTED=y
CONFIG_IDF_TARGET="esp32c3"
CONFIG_ESPTOOLPY_FLASHSIZE="8MB"
CONFIG_PARTITION_TABLE_TWO_OTA=y
CONFIG_PARTITION_TABLE_OFFSET=0x10000
CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y
CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK=y
CONFIG_BOOTLOADER_APP_SECURE_VERSION=3
CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD=16
# CONFIG_PARTITION_TABLE_MD5 is not set
END
ota-sim new --from sdkconfig >text
sed -n '/^board/,/^images/p' update.yaml
grep secure_version: update.yaml
ota-sim run update.yaml | tail -n 1 | sed 's/, in .*//'
#--- stdout
board:
  target: esp32c3                    # as idf.py set-target takes it
  size: 8M                           # of the flash
  release: v5.3.1                    # ESP-IDF; --release tries others
  partition_table_offset: 0x10000    # CONFIG_PARTITION_TABLE_OFFSET
  partitions: |                      # CONFIG_PARTITION_TABLE_TWO_OTA
    nvs,        data,   nvs,        0x11000,    16K
    otadata,    data,   ota,        0x15000,    8K
    phy_init,   data,   phy,        0x17000,    4K
    factory,    app,    factory,    0x20000,    1M
    ota_0,      app,    ota_0,      0x120000,   1M
    ota_1,      app,    ota_1,      0x220000,   1M
  config:                            # build options of bootloader and app
    rollback: true                   # CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
    anti_rollback: true              # CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK
    secure_version_bits: 16          # ..._APP_SEC_VER_SIZE_EFUSE_FIELD
    partition_table_md5: false       # CONFIG_PARTITION_TABLE_MD5

images:                              # apps, and what each does once it runs
  old: {version: 1.0.0, size: 32K, secure_version: 3, at_boot: confirm}
  new: {version: 2.0.0, size: 32K, secure_version: 3, at_boot: confirm}
1 scenario: 1 passed, 0 failed, 0 errors
