# The scenario names the table, so it follows when the table changes.
# Not under Valgrind: it explores, twice.
mkdir project project/tests
printf '%s\n' 'nvs,data,nvs,,16K' 'otadata,data,ota,,8K' 'big,app,ota_0,,256K' 'small,app,ota_1,,64K' >project/partitions.csv
ota-sim new --from project/partitions.csv project/tests/update.yaml
grep -E 'partitions:|: old$' project/tests/update.yaml
(cd project/tests && ota-sim run --no-explore update.yaml | tail -n 1 | sed 's/, in .*//')
echo "-- the way to the table" # of one app: no update, so nothing that takes time
echo 'only,app,factory,,64K' >project/partitions.csv
mkdir project-b
ota-sim new --from project/partitions.csv yet/to/come.yaml >text
ota-sim run --list yet/to/come.yaml
ota-sim new --from project/partitions.csv project-b/update.yaml >text
ota-sim new --from project/partitions.csv project/update.yaml >text
(cd project/tests && ota-sim new --from ../partitions.csv ../../project-b/deep.yaml >text)
grep -h partitions: project-b/update.yaml project/update.yaml project-b/deep.yaml
#--- stdout
project/tests/update.yaml is written; next: ota-sim run project/tests/update.yaml
  partitions: '../partitions.csv'    # as gen_esp32part reads it
  big: old
1 scenario: 1 passed, 0 failed, 0 errors
-- the way to the table
yet/to/come.yaml: The device starts
  partitions: '../project/partitions.csv' # as gen_esp32part reads it
  partitions: partitions.csv         # as gen_esp32part reads it
  partitions: '../project/partitions.csv' # as gen_esp32part reads it
