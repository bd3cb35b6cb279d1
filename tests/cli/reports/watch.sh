# Runs again when the scenario, or a file that it names, is saved by renaming as editors do; a file that is broken meanwhile does no
# harm; Ctrl-C ends it with the status of the last run.
mkdir folder
cat >folder/x.yaml <<'END'
name: Watched
board: {partitions: table.csv}
flash:
  ota_0: old
images:
  old: {version: 1.0.0}
steps:
  - boot
expect: {booted: ota_0}
END
printf '%s\n' 'nvs,data,nvs,,0x4000' 'otadata,data,ota,,0x2000' 'ota_0,app,ota_0,0x10000,64K' >folder/table.csv
: >out # it is looked at before the command has opened it
ota-sim run --watch folder >>out 2>&1 &
pid=$!
runs() { # N: until so many runs have ended
    for _ in $(seq 300); do
        [ "$(grep -c '^waiting for a change' out)" -lt "$1" ] || return 0
        sleep 0.1
    done
    cat out && exit 1
}
replace() { # FILE SED: as an editor saves
    sed "$2" "$1" >"$1.tmp" && mv "$1.tmp" "$1"
}
runs 1
replace folder/x.yaml 's/booted: ota_0/version: 9.9.9/'
runs 2
replace folder/table.csv 's/64K/128K/'
runs 3
echo 'name: [' >folder/x.yaml
runs 4
printf 'name: Another\nsteps: []\n' >folder/new.yaml
runs 5
touch folder/notes.txt
sleep 0.3
kill -INT $pid
status=0
wait $pid || status=$?
grep -E 'has changed$|^(PASS|FAIL|ERROR) +folder' out | sed -E 's/ +/ /g; s/ \[.*|:.*//' | uniq
exit $status
#--- exit 2
#--- stdout
PASS folder/x.yaml
folder/x.yaml has changed
FAIL folder/x.yaml
folder/table.csv has changed
FAIL folder/x.yaml
folder/x.yaml has changed
ERROR folder/x.yaml
folder/new.yaml has changed
ERROR folder/new.yaml
ERROR folder/x.yaml
