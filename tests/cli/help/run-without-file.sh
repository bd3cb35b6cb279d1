ota-sim run
#--- exit 2
#--- stderr
ota-sim run: which scenarios? Name a file or a folder
`ota-sim run --help` shows what there is.
