// What an application's start-up code does before app_main, as far as updates care.
#ifndef OTA_APP_STARTUP_H
#define OTA_APP_STARTUP_H

// With anti-rollback, an app whose own secure version is below that of the eFuse aborts here (EF-21). Returns
// otherwise.
void app_startup(void);

#endif
