# Not under Valgrind: 32 MiB several times over take it minutes; the sanitizers see this test
. "$TOP/tests/cli/host/device"
head -c 4194304 /dev/zero | tr '\0' '\377' >erased
head -c 33554432 /dev/zero | tr '\0' '\377' >huge
head -c 33554433 /dev/zero >beyond
head -c 3000000 /dev/urandom >random
head -c 33000 device.bin >cut-in-table
head -c 70001 device.bin >cut-in-image
head -c 1 device.bin >byte
: >empty
mkdir folder
for dump in erased huge random cut-in-table cut-in-image byte; do
    ota-sim inspect "$dump" >text
    ota-sim inspect --json - "$dump" | jq -e .boot >json
    ota-sim diff "$dump" "$dump"
done
for dump in beyond empty folder missing; do
    status=0
    ota-sim inspect "$dump" || status=$?
    [ "$status" -eq 2 ]
done
#--- stderr
ota-sim inspect: beyond: too large (33554433 bytes, at most 33554432 are read)
ota-sim inspect: empty: the dump is empty
ota-sim inspect: folder: is a folder, a file is wanted
ota-sim inspect: missing: cannot open: No such file or directory
