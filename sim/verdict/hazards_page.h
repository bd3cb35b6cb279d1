// docs/hazards.md, from the catalogue.
#ifndef SIM_VERDICT_HAZARDS_PAGE_H
#define SIM_VERDICT_HAZARDS_PAGE_H

#include "../base/buffer.h"

void platform_hazards_page(struct buffer *out);

#endif
