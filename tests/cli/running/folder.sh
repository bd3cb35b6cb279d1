# Scenarios of a folder in the order of their names; other files are left alone.
cp -r "$DATA/folder" .
ota-sim run folder
#--- stdout glob
PASS  folder/first.yaml [v6.0]                    5 expectations, 2 boots
PASS  folder/second.yaml [v6.0]                   5 expectations, 2 boots

2 scenarios: 2 passed, 0 failed, 0 errors, in * s
