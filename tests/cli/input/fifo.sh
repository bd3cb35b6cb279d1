# Reading it could wait for ever.
mkfifo pipe.yaml
timeout 5 ota-sim run pipe.yaml
