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
