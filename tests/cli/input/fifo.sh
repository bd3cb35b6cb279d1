# Reading it could wait for ever.
mkfifo pipe.yaml
timeout 5 ota-sim run pipe.yaml
#--- exit 2
#--- stderr
ota-sim run: pipe.yaml: neither a file nor a folder
