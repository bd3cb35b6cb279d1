# Build folders of PlatformIO (its sdkconfig is named after the environment), ESPHome (a folder nearer) and Arduino-CLI; the app
# that was built is the update.
# Not under Valgrind: it explores.
cat >parts.csv <<'TABLE'
nvs,     data, nvs,   0x9000, 0x4000
otadata, data, ota,   0xd000, 0x2000
ota_0,   app,  ota_0, ,       128K
ota_1,   app,  ota_1, ,       128K
TABLE
pio=pio/.pio/build/board arduino=sketch/build esphome=.esphome/build/lamp/.pioenvs/lamp
mkdir -p "$pio" "$arduino" "$esphome"
ota-sim partitions -q parts.csv "$pio/partitions.bin"
ota-sim image make --app-version 1.0.0 --size 20K "$pio/firmware.bin" >made
cp "$pio/partitions.bin" "$pio/firmware.bin" "$esphome"
cp "$pio/partitions.bin" "$arduino/blink.ino.partitions.bin"
cp "$pio/firmware.bin" "$arduino/blink.ino.bin"
config() {
    printf '# Espressif IoT Development Framework (ESP-IDF) 5.5.0 Project Configuration\nCONFIG_ESPTOOLPY_FLASHSIZE_%s=y\n' "$1"
}
config 2MB >pio/sdkconfig.board
config 8MB >.esphome/build/lamp/sdkconfig.lamp
config 16MB >"$arduino/sdkconfig"
told() { grep -E '^  (size|partitions|old|new|expect)|^    expect' "$1"; }
ota-sim new --from "$pio" pio.yaml && told pio.yaml
ota-sim new --from "$esphome" lamp.yaml && told lamp.yaml
ota-sim new --from "$arduino" - | told -
ota-sim run --no-explore pio.yaml | sed -e 's/ *[0-9]* expect.*//' -e 's/, in .*//'
#--- stdout
pio.yaml is written; next: ota-sim run pio.yaml
  size: 2M                           # of the flash
  partitions: pio/.pio/build/board/partitions.bin # as gen_esp32part reads it
  old: {version: 0.9.0, size: 32K, at_boot: confirm}
  new: {file: pio/.pio/build/board/firmware.bin, at_boot: confirm} # the app as it was built
    expect: {version: 0.9.0}
    expect: {version: 1.0.0}
lamp.yaml is written; next: ota-sim run lamp.yaml
  size: 8M                           # of the flash
  partitions: '.esphome/build/lamp/.pioenvs/lamp/partitions.bin' # as gen_esp32part reads it
  old: {version: 0.9.0, size: 32K, at_boot: confirm}
  new: {file: '.esphome/build/lamp/.pioenvs/lamp/firmware.bin', at_boot: confirm} # the app as it was built
    expect: {version: 0.9.0}
    expect: {version: 1.0.0}
  size: 16M                          # of the flash
  partitions: sketch/build/blink.ino.partitions.bin # as gen_esp32part reads it
  old: {version: 0.9.0, size: 32K, at_boot: confirm}
  new: {file: sketch/build/blink.ino.bin, at_boot: confirm} # the app as it was built
    expect: {version: 0.9.0}
    expect: {version: 1.0.0}
PASS  pio.yaml [v5.5.0]

1 scenario: 1 passed, 0 failed, 0 errors
