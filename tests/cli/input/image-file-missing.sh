sed 's#  new: .*#  new: {file: build/app.bin}#' "$DATA/passes.yaml" >image.yaml
ota-sim run image.yaml
#--- exit 2
#--- stdout glob

ERROR image.yaml:12:15: build/app.bin: there is no such file
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
image.yaml:12:15: error[E0302]: build/app.bin: there is no such file
   |
12 |   new: {file: build/app.bin}
   |               ^^^^^^^^^^^^^
   = help: names are relative to the folder of the scenario: ./build/app.bin
