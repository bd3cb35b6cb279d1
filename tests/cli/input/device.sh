ota-sim run /dev/zero
