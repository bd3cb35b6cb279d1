// What the guest's table of functions needs of esp_system_services.c beside ESP-IDF's names.
#ifndef SIM_GUEST_SYSTEM_SERVICES_H
#define SIM_GUEST_SYSTEM_SERVICES_H

// esp_restart, with the shutdown handlers before it.
_Noreturn void system_restart(void);

#endif
