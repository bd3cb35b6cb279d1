// Sizes of flash and of the pages in which it is mapped, in bytes.
#ifndef SPI_FLASH_MMAP_H
#define SPI_FLASH_MMAP_H

#include "esp_partition.h"

#define SPI_FLASH_SEC_SIZE      4096
#define SPI_FLASH_MMU_PAGE_SIZE 0x10000

#endif
