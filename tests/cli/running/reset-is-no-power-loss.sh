# A reset without loss of power does not stop the flash chip (NP-14): the erase that a cut leaves undone is done.
scenario() { # STEP
    cat <<YAML
name: An erase under way
board:
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
    ota_1,   app,  ota_1, ,        64K
images:
  old: {version: 1.0.0, size: 8K}
  new: {version: 2.0.0, size: 8K}
flash: {ota_0: old, ota_1: {fill: 0x5a}}
steps:
  - boot
  - $1
  - update: new
    expect: {booted: ota_0, flash: {ota_1: {at: 0, bytes: "$2"}}}
YAML
}
scenario 'power_loss: {operation: 0, tear: clean}' '5a 5a 5a 5a' >cut.yaml
scenario 'reset: {reason: watchdog, operation: 0}' 'ff ff ff ff' >reset.yaml
ota-sim run cut.yaml reset.yaml | tail -n 1 | sed 's/, in .*//'
#--- stdout
2 scenarios: 2 passed, 0 failed, 0 errors
