# A release that is not among ours: the nearest older one, and the scenario says so.
printf "# Espressif IoT Development Framework (ESP-IDF) 5.5.9 Project Configuration\nCONFIG_IDF_TARGET=\"esp32\"\nCONFIG_ESPTOOLPY_FLASHSIZE=\"4MB\"\nCONFIG_PARTITION_TABLE_TWO_OTA=y\n" >sdkconfig
ota-sim new --from sdkconfig s.yaml >/dev/null
grep release: s.yaml
#--- stdout
  release: v5.5                      # for the project's ESP-IDF 5.5.9, which is not known: the nearest there is
