// The oldest names of esp_rom_crc.h's functions.
#ifndef ROM_CRC_H
#define ROM_CRC_H

#include "../esp_rom_crc.h"

#define crc32_le esp_rom_crc32_le
#define crc16_le esp_rom_crc16_le
#define crc8_le  esp_rom_crc8_le
#define crc32_be esp_rom_crc32_be
#define crc16_be esp_rom_crc16_be
#define crc8_be  esp_rom_crc8_be

#endif
