// What an application's start-up code does before app_main, as far as updates care.
#ifndef OTA_APP_STARTUP_H
#define OTA_APP_STARTUP_H

#include <stdbool.h>

// With anti-rollback, an app whose own secure version is below that of the eFuse aborts here (EF-21, RL-19). A
// build that confirms on startup then confirms itself when its record says PENDING_VERIFY or NEW (RL-2): true
// when that was done.
bool app_startup(void);

#endif
