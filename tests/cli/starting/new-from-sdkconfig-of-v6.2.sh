# The options of rollback as v6.2 has them (RL-1).
printf '# Espressif IoT Development Framework (ESP-IDF) 6.2.0 Project Configuration\nCONFIG_PARTITION_TABLE_TWO_OTA=y\n' >sdkconfig
ota-sim new --from sdkconfig s.yaml >/dev/null
grep -E ' (rollback|confirm_on_startup|anti_rollback):|#  ' s.yaml
#--- stdout
    rollback: true                   # CONFIG_BOOTLOADER_APP_ROLLBACK
    confirm_on_startup: true         # CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP
