// Where variables and functions live.
//
// RTC_NOINIT_ATTR: kept over every reset but a loss of power, after which it is not initialised. RTC_DATA_ATTR: initialised at
// each start but one that wakes from deep sleep. Everything else is as new at each start.
#ifndef ESP_ATTR_H
#define ESP_ATTR_H

#define RTC_NOINIT_ATTR   __attribute__((section(".rtc_noinit")))
#define RTC_DATA_ATTR     __attribute__((section(".rtc_data")))
#define RTC_SLOW_ATTR     RTC_DATA_ATTR
#define RTC_FAST_ATTR     RTC_DATA_ATTR
#define RTC_SLOW_MEM_ATTR RTC_DATA_ATTR
#define RTC_FAST_MEM_ATTR RTC_DATA_ATTR
#define RTC_RODATA_ATTR
#define RTC_IRAM_ATTR
#define __NOINIT_ATTR RTC_NOINIT_ATTR
#define EXT_RAM_NOINIT_ATTR

#define IRAM_ATTR
#define DRAM_ATTR
#define IRAM_DATA_ATTR
#define COREDUMP_DRAM_ATTR
#define EXT_RAM_BSS_ATTR
#define EXT_RAM_ATTR
#define WORD_ALIGNED_ATTR __attribute__((aligned(4)))
#define DMA_ATTR          WORD_ALIGNED_ATTR
#define FORCE_INLINE_ATTR static inline __attribute__((always_inline))
#define NOINLINE_ATTR     __attribute__((noinline))
#define DRAM_STR(text)    (text)
#define ESP_PACKED        __attribute__((packed))

#endif
