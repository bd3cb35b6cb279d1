ota-sim run /dev/zero
#--- exit 2
#--- stderr
ota-sim run: /dev/zero: neither a file nor a folder
