// What a shared object with the user's own code tells: what it offers to the board, what it calls, what it lacks.
#ifndef SIM_INSPECT_GUEST_VIEW_H
#define SIM_INSPECT_GUEST_VIEW_H

#include <stdbool.h>

#include "../base/buffer.h"
#include "../guest/guest_file.h"

bool guest_view_is_one(const char *path); // an ELF file, by its first bytes

void guest_view_text(const struct guest_file *file, struct buffer *out);
void guest_view_json(const struct guest_file *file, struct buffer *out);

#endif
