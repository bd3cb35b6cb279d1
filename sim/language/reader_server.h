// Reads `server`, the server of a scenario, and scripts of `ota-sim serve --https`.
#ifndef SIM_LANGUAGE_READER_SERVER_H
#define SIM_LANGUAGE_READER_SERVER_H

#include "reading.h"

void read_server(struct reading *reading, const struct yaml_node *node);

// Number of the image that is served at that URL in the end; NO_IMAGE: none of the scenario's.
uint32_t server_image_at(const struct reading *reading, const char *url);

#endif
