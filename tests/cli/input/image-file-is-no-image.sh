# Some other file given as an app: the error says so before anything runs.
sed 's#  new: .*#  new: {file: app.bin}#' "$DATA/passes.yaml" >image.yaml
seq 1000 >app.bin
ota-sim run image.yaml
#--- exit 2
#--- stdout glob

ERROR image.yaml:12:15: `app.bin` is no app image, bootloader, partition table
      or NVS partition: it begins with 31
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
image.yaml:12:15: error[E0312]: `app.bin` is no app image, bootloader, partition table or NVS partition: it begins with 31
   |
12 |   new: {file: app.bin}
   |               ^^^^^^^
   = help: bytes of any kind are `{data: {file: app.bin}}`
