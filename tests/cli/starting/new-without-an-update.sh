# One app, or none, leaves nothing to update: then the scenario is about what the device does when it is switched on.
# Not under Valgrind: it explores, twice.
for table in 'f,app,factory,,64K' 'otadata,data,ota,,8K;only,app,ota_0,,64K' 'nvs,data,nvs,,16K'; do
    tr ';' '\n' <<<"$table" >partitions.csv
    ota-sim new --force --from partitions.csv
    sed -n '/^steps/,$p' update.yaml
    ota-sim run update.yaml | tail -n 1 | sed 's/, in .*//'
done
#--- stdout
update.yaml is written; next: ota-sim run update.yaml
steps:
  - boot:                            # power-on, bootloader, app
    expect: {version: 1.0.0}
1 scenario: 1 passed, 0 failed, 0 errors
update.yaml is written; next: ota-sim run update.yaml
steps:
  - boot:                            # power-on, bootloader, app
    expect: {version: 1.0.0}
1 scenario: 1 passed, 0 failed, 0 errors
update.yaml is written; next: ota-sim run update.yaml
steps:
  - boot:                            # power-on, bootloader, app
    expect: {end: nothing bootable}
1 scenario: 1 passed, 0 failed, 0 errors
