ota-sim explain E0101
ota-sim explain w0902
