// The older name of esp_rom_sys.h.
#ifndef ROM_ETS_SYS_H
#define ROM_ETS_SYS_H

#include "../esp_rom_sys.h"

#endif
