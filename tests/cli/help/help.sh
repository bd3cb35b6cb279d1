ota-sim --help
#--- stdout
usage: ota-sim COMMAND [arguments]

Simulates ESP32 over-the-air updates, cuts the power, and says what can go wrong.

commands:
  run         run scenarios
  replay      play one crash state, slowly
  merge       one report from those of all shards
  explain     what the code of a complaint means
  new         write a scenario to start from
  init        write a CI file that runs scenarios
  serve       a simulated device on a serial port
  inspect     what a flash dump tells
  diff        how two flash dumps differ
  otatool     ESP-IDF's otatool, on a flash file
  parttool    ESP-IDF's parttool, on a flash file
  partitions  partition tables: CSV to binary and back
  image       app images: make, info, verify
  otadata     otadata partitions: make, show
  nvs         NVS partitions: show, check, make, diff
  flash       a whole flash image from its parts
  update      a simulated device updates from a real server
  twin        a genuine bootloader beside ota-sim's own
  selftest    break the firmware on purpose: is it noticed?

`ota-sim COMMAND --help` tells more. `ota-sim --version` shows the version.
