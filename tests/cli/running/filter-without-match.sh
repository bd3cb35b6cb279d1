# Nothing ran: that must not look like success.
cp -r "$DATA/folder" .
ota-sim run -k '*third*' folder
#--- exit 2
#--- stderr
ota-sim run: no scenario fits `*third*`; 2 looked at
`ota-sim run --help` shows what there is.
