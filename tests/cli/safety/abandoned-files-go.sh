# What a killed process left is taken away by the next one that writes there; a file that somebody is writing is not.
: >app.bin.tmp && printf 'x' >app.bin.1.tmp
exec 9>app.bin.2.tmp && flock 9
ota-sim image make app.bin
ls
#--- stdout
app.bin
app.bin.1.tmp
app.bin.2.tmp
