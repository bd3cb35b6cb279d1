ota-sim explain E0199 || echo "exit status $?"
ota-sim explain E101 || echo "exit status $?"
ota-sim explain nonsense || echo "exit status $?"
ota-sim explain || echo "exit status $?"
ota-sim explain E0101 E0102 || echo "exit status $?"
#--- stdout
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
#--- stderr
ota-sim explain: there is no code `E0199`; did you mean E0109 (a text of the wrong length)?
E0101  unknown key
E0102  duplicate key
E0103  something is missing
E0104  wrong type
E0105  not a number
E0106  a number out of range
E0107  not one of the words
E0108  keys that exclude each other
E0109  a text of the wrong length
E0110  a list of the wrong length
E0111  not hexadecimal bytes
E0112  not a time
E0113  not a share
E0114  not a chip revision
E0115  a setting that changes nothing
ota-sim explain: there is no code `E101`; did you mean E0101 (unknown key)?
`ota-sim explain --list` lists them.
ota-sim explain: there is no code `nonsense`
`ota-sim explain --list` lists them.
ota-sim explain: which code? Or --list for all of them
`ota-sim explain --help` shows what there is.
ota-sim explain: one code at a time: `E0102` is too much
`ota-sim explain --help` shows what there is.
