// Looks up names: of images, partitions, places, releases, error codes, files.
#ifndef SIM_LANGUAGE_READER_NAMES_H
#define SIM_LANGUAGE_READER_NAMES_H

#include "reading.h"

// The scenario's image of that name. False: reported.
bool find_image(struct reading *reading, const struct yaml_node *node, uint32_t *out);

// A partition by label, of the board's table or else of one that an image brings. NULL: reported, or not known because the table is wrong; `what` is for messages.
const struct partition_entry *find_partition(struct reading *reading, const struct yaml_node *node,
                                             const char *what);

// A place in flash: `ota_0`, `ota_0+0x1000` or an address. False: reported or not known. `size`: bytes from
// there to its end.
bool find_place(struct reading *reading, const struct yaml_node *node, uint32_t *address, uint32_t *size);

// Where a partition's row stands in the file; line 0: not in this file.
struct source_mark partition_mark(const struct reading *reading, const struct partition_entry *partition);

const struct release_profile *find_release(struct reading *reading, const struct yaml_node *node);

// Releases: one or a list of `v6.0`, `v6.0+` (and later), `until v5.5`. Appends names. False: reported.
bool read_releases(struct reading *reading, const struct yaml_node *node, char ***releases, size_t *count);

// An esp_err_t by name or number.
bool read_error_code(struct reading *reading, const struct yaml_node *node, const char *what, esp_err_t *out);

// The path of a file that the scenario names, relative to its folder; owned by the caller. NULL: reported,
// there is no such regular file.
char *find_file(struct reading *reading, const struct yaml_node *node);

#endif
