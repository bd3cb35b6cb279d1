#include "machine_model.h"

#include <string.h>

extern const struct machine_model machine_esp32c2, machine_esp32c3, machine_esp32c6, machine_esp32h2;

const struct machine_model *const machine_models[] = {&machine_esp32c3, &machine_esp32c6, &machine_esp32h2,
                                                      &machine_esp32c2, NULL};

const struct machine_model *machine_model_of(const struct chip_target *target) {
    for (const struct machine_model *const *model = machine_models; *model != NULL; model++)
        if (strcmp((*model)->target, target->name) == 0)
            return *model;
    return NULL;
}
