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
