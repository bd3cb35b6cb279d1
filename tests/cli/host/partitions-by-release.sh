# What the generators of older releases do not know (RL-39), and a first row that stands twice.
row() { printf 'nvs, data, nvs, 0x9000, 0x6000\napp, app, factory, 0x10000, 1M\nfs, %s, , 1M\n' "$1" >t.csv; }
for_release() { ota-sim partitions --quiet --force --release "$1" t.csv t.bin "${@:2}" && echo "$1 takes it" || true; }
row 'data, littlefs'
for release in v4.4 v5.0.6 v5.0.7 v5.1.3 v5.1.4 v5.2.0; do for_release $release; done
row 'app, tee_0'
for release in v5.1 v5.4 v5.5.0; do for_release $release; done
row 'data, fat'
for_release v4.4.1 --flash-size 32MB
for_release v4.4.2 --flash-size 32MB
for_release v4.4.4 --secure v2
printf 'nvs, data, nvs, 0x9000, 0x6000\nnvs, data, nvs, 0x9000, 0x6000\n' >t.csv
for_release v5.5
#--- stdout
v5.0.7 takes it
v5.1.4 takes it
v5.2.0 takes it
v5.5.0 takes it
v4.4.2 takes it
#--- stderr
ota-sim partitions: t.csv: Error at line 3: Value 'littlefs' is not valid. Known keywords: ota, phy, nvs, coredump, nvs_keys, efuse, undefined, esphttpd, fat, spiffs Please check extra_partition_subtypes.inc file in build/config directory
ota-sim partitions: t.csv: Error at line 3: Value 'littlefs' is not valid. Known keywords: ota, phy, nvs, coredump, nvs_keys, efuse, undefined, esphttpd, fat, spiffs Please check extra_partition_subtypes.inc file in build/config directory
ota-sim partitions: t.csv: Error at line 3: Value 'littlefs' is not valid. Known keywords: ota, phy, nvs, coredump, nvs_keys, efuse, undefined, esphttpd, fat, spiffs Please check extra_partition_subtypes.inc file in build/config directory
ota-sim partitions: t.csv: Error at line 3: Value 'tee_0' is not valid. Known keywords: factory, test, ota_0, ota_1, ota_2, ota_3, ota_4, ota_5, ota_6, ota_7, ota_8, ota_9, ota_10, ota_11, ota_12, ota_13, ota_14, ota_15 Please check extra_partition_subtypes.inc file in build/config directory
ota-sim partitions: t.csv: Error at line 3: Value 'tee_0' is not valid. Known keywords: factory, test, ota_0, ota_1, ota_2, ota_3, ota_4, ota_5, ota_6, ota_7, ota_8, ota_9, ota_10, ota_11, ota_12, ota_13, ota_14, ota_15 Please check extra_partition_subtypes.inc file in build/config directory
ota-sim partitions: the generator of v4.4.1 takes --flash-size up to 16MB
`ota-sim partitions --help` shows what there is.
ota-sim partitions: the generator of v4.4.4 takes --secure without a version
`ota-sim partitions --help` shows what there is.
ota-sim partitions: t.csv: CSV Error at line 2: Partitions overlap. Partition sets offset 0x9000. But partition table occupies the whole sector 0x8000. Use a free offset 0xf000 or higher.
