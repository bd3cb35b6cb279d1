# A device's flash goes on from where it is.
# Not under Valgrind: it explores, twice.
cp "$DATA/passes.yaml" device.yaml
ota-sim run --save-flash . device.yaml >text
ota-sim new --from device.v6.0.bin next.yaml
grep -E 'dump:|version' next.yaml
ota-sim run --no-explore next.yaml | tail -n 1 | sed 's/, in .*//'
echo "-- with nothing in it that boots"
dd if=/dev/zero of=device.v6.0.bin bs=64K seek=1 count=8 conv=notrunc status=none
ota-sim new --from device.v6.0.bin dead.yaml
sed -n '/^steps/,$p' dead.yaml
ota-sim run dead.yaml | tail -n 1 | sed 's/, in .*//'
#--- stdout
next.yaml is written; next: ota-sim run next.yaml
  new: {version: 2.0.1, size: 32K, at_boot: confirm}
  dump: device.v6.0.bin
    expect: {version: 2.0.0}
    expect: {version: 2.0.1}
1 scenario: 1 passed, 0 failed, 0 errors
-- with nothing in it that boots
dead.yaml is written; next: ota-sim run dead.yaml
steps:
  - boot:                            # power-on, bootloader, app
    expect: {end: nothing bootable}
1 scenario: 1 passed, 0 failed, 0 errors
