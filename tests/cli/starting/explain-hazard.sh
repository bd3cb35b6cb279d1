# A hazard of ESP-IDF by its number, in any case of letters.
ota-sim explain z4
#--- stdout
Z4: The running slot is selected again

Up to v5.5 this wrote the other sector, which is the defect of issue 14688; since v6.0
the active record is erased and rewritten. If it is the only one and there is no factory
app, a cut in between boots ota_0, whatever that holds.

What to do: Do not select the partition that esp_ota_get_boot_partition names already.

ESP-IDF: v6.0 and later
Reported: https://github.com/espressif/esp-idf/issues/14688
Shown by: ota-sim replay scenarios/power-loss/reselection.yaml set_boot/1/clean
