#include "machine_model.h"

#include <string.h>

extern const struct machine_model machine_esp32, machine_esp32c2, machine_esp32c3, machine_esp32c6,
    machine_esp32h2;

const struct machine_model *const machine_models[] = {&machine_esp32c3, &machine_esp32c6, &machine_esp32h2,
                                                      &machine_esp32c2, &machine_esp32,   NULL};

const struct machine_spi_layout machine_spi = {
    .command = 0x00, .address = 0x04, .user_command = 0x20, .in_length = 0x28, .status = 0x2C, .data = 0x58};

const struct machine_efuse_layout machine_efuse_layout = {.read = 0x2C,
                                                          .read_end = 0x160,
                                                          .configuration = 0x1CC,
                                                          .command = 0x1D4,
                                                          .data = {{0x00, 0x20}},
                                                          .data_distance = -0x2C,
                                                          .names_block = true};

const struct machine_model *machine_model_of(const struct chip_target *target) {
    for (const struct machine_model *const *model = machine_models; *model != NULL; model++)
        if (strcmp((*model)->target, target->name) == 0)
            return *model;
    return NULL;
}
