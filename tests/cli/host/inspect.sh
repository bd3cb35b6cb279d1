. "$TOP/tests/cli/host/device"
ota-sim inspect device.bin
#--- stdout
dump       4 MiB
chip       ESP32 (says an app)
flash      4 MiB (taken from the dump's size)
eFuse      secure version 0: a flash dump does not tell, --secure-version does

partition table at 0x8000, 5 partitions, MD5 right
  nvs              data/nvs         0x00009000  16 KiB
  otadata          data/ota         0x0000d000  8 KiB
  phy_init         data/phy         0x0000f000  4 KiB
  ota_0            app/ota_0        0x00010000  1 MiB
  ota_1            app/ota_1        0x00110000  1 MiB

problems
  note: [no-factory] there is no factory app: when no slot holds a whole image, nothing boots

otadata at 0xd000
  entry 0: seq 1, VALID, CRC right -> ota_0
           counts and is in force
  entry 1: blank
           blank: nothing was ever recorded here, or the sector was erased

images
  bootloader       erased
  ota_0            app 1.0.0, whole, 20000 bytes, for ESP32, 3 segments
    ESP-IDF v6.0, secure version 0, built Jan  1 2026 12:00:00
    ELF SHA-256 202c651b7771d9e4c982f6db67f89fe9e98172b24cf82f38d282a9cb6cb31d6d
    SHA-256     a84f9fab0bd720749c414bb7291c0f7ad36d3a8d8b67bd95b626f91a558a498c
  ota_1            app 2.0.0, whole, 30000 bytes, for ESP32, 3 segments
    ESP-IDF v6.0, secure version 0, built Jan  1 2026 12:00:00
    ELF SHA-256 202c651b7771d9e4c982f6db67f89fe9e98172b24cf82f38d282a9cb6cb31d6d
    SHA-256     0621df7a538789b98bd65fc4d6c8b611a1259e1c4ec4f2145e9e47b21d4ea734

what the bootloader does at the next power-on
  [all releases, whatever the build]
    ota_0 boots
      otadata entry 0: seq 1, VALID
      otadata entry 1: blank
      entry 0 is active: seq 1 of 2 slots selects ota_0
      ota_0 at 0x10000 loads: 20000 bytes

what the update API answers the app that runs then
  [all releases, whatever the build]
    esp_ota_get_running_partition()                  ota_0 at 0x10000
    esp_ota_get_boot_partition()                     ota_0 at 0x10000
    esp_ota_get_next_update_partition(NULL)          ota_1 at 0x110000
    esp_ota_get_state_partition(running)             ESP_OK, VALID
    esp_ota_check_rollback_is_possible()             false
    esp_ota_get_last_invalid_partition()             NULL
    esp_ota_mark_app_valid_cancel_rollback()         ESP_OK
    esp_ota_mark_app_invalid_rollback_and_reboot()   ESP_ERR_OTA_ROLLBACK_FAILED
    esp_ota_begin(next, OTA_SIZE_UNKNOWN)            ESP_OK
    esp_ota_set_boot_partition(next), as it stands   ESP_OK
