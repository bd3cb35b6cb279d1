ota-sim otadata make records --entry0 5:valid --entry1 6:pending_verify
ota-sim otadata show records
ota-sim otadata show records --slots 3
ota-sim otadata make blank
ota-sim otadata show blank
ota-sim otadata make x --entry0 5:strange || echo "status $?"
head -c 100 records >short.bin
ota-sim otadata show short.bin || echo "status $?"
