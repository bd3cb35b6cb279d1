# Several sources combine, in any order; an sdkconfig may name the table itself.
# Not under Valgrind: it explores, twice.
mkdir project
printf '%s\n' 'otadata,data,ota,,8K' 'factory,app,factory,,64K' 'only,app,ota_0,,64K' >project/parts.csv
printf '%s\n' 'CONFIG_PARTITION_TABLE_OFFSET=0x10000' 'CONFIG_PARTITION_TABLE_CUSTOM=y' \
    'CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="parts.csv"' >project/sdkconfig
ota-sim new --from project/parts.csv --from project/sdkconfig both.yaml
ota-sim new --from project/sdkconfig one.yaml
cmp both.yaml one.yaml
grep -E 'offset|partitions:|rollback:|: old$' one.yaml
ota-sim run --no-explore one.yaml | tail -n 1 | sed 's/, in .*//'
#--- stdout
both.yaml is written; next: ota-sim run both.yaml
one.yaml is written; next: ota-sim run one.yaml
  partition_table_offset: 0x10000    # CONFIG_PARTITION_TABLE_OFFSET
  partitions: project/parts.csv      # as gen_esp32part reads it
    rollback: false                  # CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
  factory: old
1 scenario: 1 passed, 0 failed, 0 errors
