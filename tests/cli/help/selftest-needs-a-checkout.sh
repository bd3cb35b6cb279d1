ota-sim selftest
