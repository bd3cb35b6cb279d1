// The factory reset that a held pin asks the bootloader for (BL-46).
#ifndef OTA_FACTORY_RESET_H
#define OTA_FACTORY_RESET_H

// Erases the data partitions that the build lists, and otadata when it says so. Errors are told only.
void factory_reset(void);

#endif
