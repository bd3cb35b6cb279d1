. "$TOP/tests/cli/host/device"
ota-sim image info one.bin
ota-sim image verify one.bin
ota-sim image verify --target esp32c3 --release v6.0 one.bin || echo "status $?"
head -c 10000 one.bin >short.bin
ota-sim image info short.bin || echo "status $?"
ota-sim image verify short.bin --release v5.5 || echo "status $?"
ota-sim image info two.csv || echo "status $?"
ota-sim image make c3.bin --target esp32c3 --project p --secure-version 5 --no-hash
ota-sim image info c3.bin | grep -E 'chip|secure|SHA'
#--- stdout
chip            ESP32 (chip id 0)
revisions       from 0.0 on
segments        3
project         app
version         1.0.0
ESP-IDF         v6.0
compile date    Jan  1 2026
compile time    12:00:00
secure version  0
size            20000 bytes
checksum        right
SHA-256         right
v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2: the app's check: ESP_OK, the bootloader's: ESP_OK
v6.0: the app's check: ESP_FAIL (the image is for another chip (ESP_FAIL)), the bootloader's: ESP_FAIL (the image is for another chip (ESP_FAIL))
status 1
chip            ESP32 (chip id 0)
revisions       from 0.0 on
segments        3
project         app
version         1.0.0
ESP-IDF         v6.0
compile date    Jan  1 2026
compile time    12:00:00
secure version  0
image           not whole
status 1
v5.5: the app's check: ESP_ERR_IMAGE_INVALID (a segment has an impossible length (ESP_ERR_IMAGE_INVALID)), the bootloader's: ESP_ERR_IMAGE_INVALID (a segment has an impossible length (ESP_ERR_IMAGE_INVALID))
status 1
status 2
chip            ESP32-C3 (chip id 5)
secure version  5
SHA-256         none appended
#--- stderr
ota-sim image: two.csv: not an app image: it does not begin with E9
