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
