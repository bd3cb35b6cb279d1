// Reads downloads by esp_https_ota: of steps, and of what an app does at its start.
#ifndef SIM_LANGUAGE_READER_HTTPS_H
#define SIM_LANGUAGE_READER_HTTPS_H

#include "reading.h"

// What `https_ota` is given. False: reported.
bool read_download_step(struct reading *reading, const struct yaml_node *node, const char *what,
                        struct update_step *update);

// What `progress` is given.
void read_progress(struct reading *reading, const struct yaml_node *node, struct update_step *update);

#endif
