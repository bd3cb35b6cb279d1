# A report never replaces what is none of the same kind: no input, no scenario, nobody's notes. What is refused is refused
# before anything runs.
cp "$DATA/passes.yaml" a.yaml && cp a.yaml b.yaml && cp a.yaml no-ending && echo mine >notes.json
refused() {
    status=0
    "$@" >out 2>&1 || status=$?
    [ "$status" -eq 2 ] && grep -c "stays as it is\|never written there\|one of the reports" out && ! grep -q "passed" out
}
refused ota-sim run --json a.yaml b.yaml
refused ota-sim run --json new.yml b.yaml
refused ota-sim run --junit NEW.YAML b.yaml
refused ota-sim run --json notes.json b.yaml
refused ota-sim run --html no-ending b.yaml
ln -s a.yaml report.json
refused ota-sim run -o report.json b.yaml
cmp a.yaml b.yaml && cmp a.yaml no-ending && [ "$(cat notes.json)" = mine ] && [ ! -e new.yml ] && [ ! -e NEW.YAML ]

# Each kind over itself, and over nothing; over another kind not.
: >empty
for kind in json html junit sarif tap trace markdown; do
    ota-sim run --no-explore "--$kind" "old.$kind" a.yaml >/dev/null
    ota-sim run --no-explore "--$kind" "old.$kind" a.yaml >/dev/null
done
ota-sim run --no-explore --json empty a.yaml >/dev/null
refused ota-sim run --json old.html a.yaml

# One meaning of --json in all commands: the file that comes next is written, and a dump is none.
ota-sim nvs make "$DATA/values.csv" nvs.bin --size 12K && cp nvs.bin dump.bin
refused ota-sim nvs show --json nvs.bin dump.bin
refused ota-sim inspect --json nvs.bin dump.bin
status=0
ota-sim inspect --json dump.bin || status=$?
[ "$status" -eq 2 ] && cmp nvs.bin dump.bin
ota-sim nvs show --json values.json nvs.bin >/dev/null
ota-sim nvs show --json values.json nvs.bin | head -n 1
jq -r .format values.json
ota-sim inspect --json - dump.bin | jq -r .format
ota-sim run --no-explore --shard 1/2 --json one.json a.yaml b.yaml >/dev/null
ota-sim run --no-explore --shard 2/2 --json two.json a.yaml b.yaml >/dev/null
cp one.json one.copy && ln one.json other-name.json
refused ota-sim merge --json one.json one.json two.json
refused ota-sim merge --json other-name.json one.json two.json
cmp one.json one.copy
#--- stdout
1
1
1
1
1
1
1
1
1
pages: 3
ota-sim-nvs/1
ota-sim-inspection/1
1
1
#--- stderr
ota-sim inspect: dump.bin: is there already and no such report of ota-sim; it stays as it is
`ota-sim inspect --help` shows what there is.
