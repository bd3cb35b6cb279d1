mkdir empty
ota-sim run empty
