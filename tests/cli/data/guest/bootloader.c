// A bootloader with a policy of its own: the first byte of `select` says which slot runs, and each boot leaves a record in
// `journal`.
#include <stdio.h>
#include <string.h>

#include "esp_flash.h"
#include "ota_sim.h"

#define SELECT  0xe000
#define JOURNAL 0xf000

void bootloader_main(void) {
    unsigned char which, record[4];
    uint32_t at = 0;
    do
        esp_flash_read(NULL, record, JOURNAL + at, 4);
    while (record[0] != 0xff && (at += 4) < 4096);
    if (at == 4096) {
        esp_flash_erase_region(NULL, JOURNAL, 4096);
        at = 0;
    }
    esp_flash_read(NULL, &which, SELECT, 1);
    printf("boot number %u: slot %d\n", (unsigned)at / 4, which == 1);
    memset(record, which == 1, 4);
    esp_flash_write(NULL, record, JOURNAL + at, 4);
    ota_sim_start_app(which == 1 ? 0x20000 : 0x10000);
}
