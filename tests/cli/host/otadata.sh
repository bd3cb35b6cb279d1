ota-sim otadata make records --entry0 5:valid --entry1 6:pending_verify
ota-sim otadata show records
ota-sim otadata show records --slots 3
ota-sim otadata make blank
ota-sim otadata show blank
ota-sim otadata make x --entry0 5:strange || echo "status $?"
head -c 100 records >short.bin
ota-sim otadata show short.bin || echo "status $?"
#--- stdout
entry 0: seq 5, VALID, CRC right -> ota_0
         counts, but the other one is newer
entry 1: seq 6, PENDING_VERIFY, CRC right -> ota_1
         counts and is in force; a bootloader with rollback aborts it at the next boot, unless it is confirmed before
entry 0: seq 5, VALID, CRC right -> ota_1
         counts, but the other one is newer
entry 1: seq 6, PENDING_VERIFY, CRC right -> ota_2
         counts and is in force; a bootloader with rollback aborts it at the next boot, unless it is confirmed before
entry 0: blank
         blank: nothing was ever recorded here, or the sector was erased
entry 1: blank
         blank: nothing was ever recorded here, or the sector was erased
status 2
status 2
#--- stderr
ota-sim otadata: `5:strange` is no entry: blank, SEQ or SEQ:STATE is, with a state of new, pending_verify, valid, invalid, aborted, undefined or a number
`ota-sim otadata --help` shows what there is.
ota-sim otadata: short.bin: has 100 bytes, otadata has 8192; `ota-sim inspect` reads dumps
