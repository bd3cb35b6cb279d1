# serve reads its command line as every other command does.
refused() {
    status=0
    ota-sim serve "$@" || status=$?
    [ "$status" -eq 2 ] || echo "exit status $status: $*"
}
refused
refused --flash x.bin --size 3MB
refused --flash x.bin --chip W25Q1
refused --flash x.bin --mac 24:0a
refused --flash x.bin --app sleep
refused --flash x.bin --cut-after soon
refused --flash x.bin --relase v6.0
refused --flash x.bin --release v1.0
refused --flash x.bin --target esp8266
refused --flash x.bin --pty link --tcp 127.0.0.1:0
refused --flash x.bin stray
refused --flash x.bin --boot=yes
ls
#--- stderr
ota-sim serve: --flash FILE is missing
`ota-sim serve --help` shows what there is.
ota-sim serve: `3MB` is no value for --size SIZE
`ota-sim serve --help` shows what there is.
ota-sim serve: --chip W25Q1: not known; there are W25Q32JV, W25Q64JV, W25Q128JV, GD25Q32, GD25Q64, GD25Q128, XM25QH64C, IS25LP064, BY25Q32, MT25Q128, P25Q32H
`ota-sim serve --help` shows what there is.
ota-sim serve: `24:0a` is no value for --mac ADDRESS
`ota-sim serve --help` shows what there is.
ota-sim serve: `sleep` is no value for --app BEHAVIOUR
`ota-sim serve --help` shows what there is.
ota-sim serve: --cut-after takes a whole number from 0 to 18446744073709551615, not `soon`
`ota-sim serve --help` shows what there is.
ota-sim serve: there is no option --relase; did you mean --release?
`ota-sim serve --help` shows what there is.
ota-sim serve: --release v1.0: not known
`ota-sim serve --help` shows what there is.
ota-sim serve: --target esp8266: not known; there are esp32, esp32s2, esp32s3, esp32c3, esp32c2, esp32c6, esp32h2, esp32h21, esp32p4, esp32c5, esp32c61, esp32h4, esp32s31
`ota-sim serve --help` shows what there is.
ota-sim serve: --pty and --tcp: one line, please
`ota-sim serve --help` shows what there is.
ota-sim serve: `stray` is not expected
`ota-sim serve --help` shows what there is.
ota-sim serve: option --boot takes no value
`ota-sim serve --help` shows what there is.
