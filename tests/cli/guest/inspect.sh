# What a shared object offers, calls and lacks; one that is not deterministic is refused with the first difference.
compile() { cc -shared -fPIC -g -w -I "$TOP/ota/include" -I "$TOP/sim/guest/include" "$1" -o "$2"; }
compile "$DATA/guest/updater.c" updater.so
ota-sim inspect updater.so | grep -v -e SHA-256 -e state
echo 'int nvs_commit2(int); void app_main(void) { nvs_commit2(1); }' >lacks.c
compile lacks.c lacks.so
ota-sim inspect --json lacks.json lacks.so >text || echo "status $?"
grep LACKS text
jq -c '[.format, .app, .bootloader, .missing]' lacks.json
ota-sim inspect --what-if updater.so || echo "status $?"
{ printf '\177ELF' && head -c 100 /dev/zero; } >damaged.so
ota-sim inspect damaged.so || echo "status $?"
cat >guesses.c <<END
#include <stdlib.h>
#include "esp_partition.h"
void app_main(void) {
    const esp_partition_t *own = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, 0x40, NULL);
    esp_partition_write(own, 0, malloc(8), 8);
}
END
compile guesses.c guesses.so
cat >guesses.yaml <<END
name: Memory that nobody set
board:
  size: 1M
  partitions: |
    own,     data, 0x40,  0xe000,  0x1000
    ota_0,   app,  ota_0, 0x10000, 64K
  app: guesses.so
images:
  only: {version: 1.0.0, size: 1K}
flash: {ota_0: only}
steps: [boot]
END
ota-sim run guesses.yaml || echo "status $?"
# A story names the line that issued the operation.
sed -e 's/guesses.so/careful.so/' guesses.yaml >careful.yaml
cat >>careful.yaml <<END
expect: {booted: ota_0}
explore: {invariants: [boots], faults: prefix}
END
sed 's/malloc(8), 8/"12345678", 8/' guesses.c >careful.c
compile careful.c careful.so
ota-sim replay careful.yaml boot/0/prefix:3 | head -n 1
#--- exit 3
#--- stdout glob
updater.so: code for the board
  runs as           app (app_main)
  counts its time   no: a loop without end is refused (-fsanitize-coverage=trace-pc)
  steps can call    start_update()
  steps can call    set_channel(number, text)
  steps can call    crash()
  calls             esp_ota_begin, esp_ota_end,
                    esp_ota_get_next_update_partition,
                    esp_ota_mark_app_valid_cancel_rollback,
                    esp_ota_set_boot_partition, esp_ota_write, free, malloc,
                    ota_sim_image_read, ota_sim_image_size, printf, puts
status 1
  LACKS             calls nvs_commit2, which ota-sim does not have
["ota-sim-inspection/guest-1",true,false,["nvs_commit2"]]
status 2
status 2
ERROR guesses.yaml [v6.0]

ERROR guesses.yaml [v6.0]: the code on the board is not deterministic. Played
      twice, operation 0 is first a program of 8 bytes at 0x0000e000 (own) in
      esp_partition_write, called by app_main (guesses.c:5) at 0.000230 s: a5 a5
      a5 a5 a5 a5 a5 a5, then a program of 8 bytes at 0x0000e000 (own) in
      esp_partition_write, called by app_main (guesses.c:5) at 0.000230 s: 5a 5a
      5a 5a 5a 5a 5a 5a: does it use memory that it never set, or an address as
      a number?
1 scenario: 0 passed, 0 failed, 1 error, in * s
status 2
The power goes at a program of 8 bytes at 0x0000e000 (own) in esp_partition_write, called by app_main (careful.c:5), when 3 of its 8 bytes had been written.
#--- stderr
ota-sim inspect: there is no option --what-if
`ota-sim inspect --help` shows what there is.
ota-sim inspect: damaged.so: this is no shared object
